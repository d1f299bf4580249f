// People and faces behind the mock server: those of the made-up library, and found groups that wait for a name.

import { randomFrom } from './scene.mjs';

const GROUPS = [31, 18, 12, 9, 6, 4, 3, 2, 2];

export function makePeople(library, empty) {
  const named = library.PEOPLE.map((name, i) => ({
    id: `p${i}`, name, count: 400 - i * 37, pet: name === 'Biscuit', hidden: false, favourite: i === 0, nickname: i === 3 ? 'Nana' : null,
    born: i === 1 ? '2014-05-20' : null, relation: i === 3 ? 'grandmother' : null, faces: name === 'Biscuit' ? 0 : 380 - i * 37,
  }));
  const groups = GROUPS.map((count, i) => ({
    id: `g${i}`, name: '', count, pet: false, hidden: i === GROUPS.length - 1, favourite: false, nickname: null, born: null, relation: null, faces: count,
  }));
  let all = empty ? [] : [...named, ...groups];
  const changes = [];
  const undo = new Map();

  const view = (person, card) => ({
    ...person, confirmed: person.name !== '', cover: card(300 + Number(person.id.slice(1)) * 17), face: person.faces ? `f${person.id}-0` : null,
    first: '2009-04-12T10:00:00', last: '2026-11-01T10:00:00',
  });
  const face = (person, i, media = 'm000001', box = [0.3, 0.3, 0.1, 0.15]) => ({
    id: `f${person?.id ?? 'x'}-${i}`, media, box, person: person?.id ?? null, name: person?.name ?? null,
    how: !person ? null : i % 5 === 0 ? 'confirmed' : 'automatic', likeness: 0.7, taken: '2019-06-09T12:51:01',
  });
  let pets = ['Pip'];
  const questions = () => [...pets.map(pet), ...aboutFaces()];
  const pet = (name) => ({
    faces: Array.from({ length: 3 }, (_, k) => face(null, k)), about: ['fx-0', 'fx-1', 'fx-2'], group: null, person: null,
    keyword: { name, media: 4, with_animal: 3, kind: 'dog' }, probability: 0.75, reasons: [],
  });
  const aboutFaces = () => {
    const open = all.filter((person) => person.name === '' && !person.hidden);
    return open.map((group, i) => {
      const person = i < 4 ? named[i] : null;
      return {
        faces: Array.from({ length: Math.min(group.faces, 12) }, (_, k) => face(group, k)), about: Array.from({ length: group.faces }, (_, k) => `f${group.id}-${k}`),
        group: group.id, person, keyword: null, probability: person ? 0.86 - i * 0.13 : 0, reasons: person ? ['likeness', 'company', 'event'].slice(0, 3 - (i % 2)) : [],
      };
    });
  };

  function change(action) {
    const before = structuredClone(all);
    const of = (id) => all.find((person) => person.id === id);
    let summary = action.action;
    let person = action.person ?? action.into ?? null;
    if (action.action === 'rename') {
      const same = all.find((each) => each.name.toLowerCase() === action.name.toLowerCase() && each.id !== action.person);
      if (same) return change({ action: 'merge', into: same.id, people: [action.person] });
      of(action.person).name = action.name;
      summary = `Named ${action.name}`;
    } else if (action.action === 'merge') {
      for (const id of action.people) {
        of(action.into).count += of(id).count;
        of(action.into).faces += of(id).faces;
      }
      summary = `${action.people.map((id) => of(id).name || 'somebody without a name').join(', ')} merged into ${of(action.into).name || 'somebody without a name'}`;
      all = all.filter((each) => !action.people.includes(each.id));
    } else if (action.action === 'describe') {
      const { action: _, person: id, ...more } = action;
      Object.assign(of(id), more);
      summary = `${of(id).name || 'Somebody without a name'} described`;
    } else if (action.action === 'apart') summary = `${of(action.one).name || 'Somebody without a name'} and ${of(action.other).name} kept apart`;
    else if (action.action === 'pet' || action.action === 'no_pet') {
      pets = pets.filter((name) => name !== action.name);
      summary = `${action.name} is ${action.action === 'pet' ? 'a' : 'no'} pet`;
    } else if (action.action === 'split') summary = `${action.faces.length} faces made ${action.name}`;
    const made = { id: `h${changes.length}`, made: new Date().toISOString(), action: action.action, summary, undoes: null, undone: null, person, kept: 0 };
    changes.unshift(made);
    undo.set(made.id, before);
    return made;
  }

  /** A round figure of a head, another for each. */
  function crop(id) {
    const random = randomFrom([...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) >>> 0);
    const who = randomFrom([...id.split('-')[0]].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 3) >>> 0);
    const [skin, hair] = [`hsl(${18 + who() * 14} ${38 + who() * 20}% ${42 + who() * 36}%)`, `hsl(${20 + who() * 30} ${20 + who() * 40}% ${14 + who() * 45}%)`];
    const tilt = (random() - 0.5) * 16;
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 192 192"><rect width="192" height="192" fill="hsl(${random() * 360} 22% ${58 + random() * 26}%)"/><g transform="rotate(${tilt} 96 110)"><path d="M18 192q6-56 78-56t78 56z" fill="hsl(${random() * 360} 40% 45%)"/><ellipse cx="96" cy="92" rx="54" ry="62" fill="${hair}"/><ellipse cx="96" cy="102" rx="43" ry="51" fill="${skin}"/><circle cx="79" cy="97" r="4.5" fill="#241a15"/><circle cx="113" cy="97" r="4.5" fill="#241a15"/><path d="M80 128q16 ${8 + random() * 10} 32 0" stroke="#5a2a24" stroke-width="4" fill="none" stroke-linecap="round"/></g></svg>`;
  }

  return {
    facesIn: (detail) => [
      ...detail.people.map((person, i) => face({ ...person }, i + 1, detail.id, person.box)),
      { ...face(null, 9, detail.id, [0.06, 0.44, 0.09, 0.14]), id: `fx-${detail.id}` },
    ],
    async route(request, response, { root, id, sub, extra, query, method, body, ok, fail, page, card }) {
      if (root === 'faces') {
        response.writeHead(200, { 'content-type': 'image/svg+xml' });
        return response.end(crop(id));
      }
      if (!id) {
        const shown = all.filter((person) => (query.get('unnamed') || person.name) && (query.get('hidden') || !person.hidden));
        return ok(response, shown.map((person) => view(person, card)), { total: shown.length, next_cursor: null });
      }
      if (id === 'questions') return ok(response, questions().map((question) => ({ ...question, person: question.person && view(question.person, card) })));
      if (id === 'placing') return ok(response, { running: false, progress: 1, waiting: 0 });
      if (id === 'changes') {
        if (extra === 'undo') {
          all = undo.get(sub) ?? all;
          const done = changes.find((each) => each.id === sub);
          return ok(response, { ...done, id: `h${changes.length}`, action: 'undo', summary: `Took back: ${done.summary}`, undoes: sub });
        }
        return ok(response, method === 'POST' ? change(await body(request)) : changes);
      }
      const person = all.find((each) => each.id === id);
      if (!person) return fail(response, 404, 'person_not_found', 'There is no such person.');
      if (sub === 'media') return page(response, Array.from({ length: Math.min(person.count, 900) }, (_, i) => (i * 41 + Number(id.slice(1)) * 7) % library.total).sort((a, b) => a - b), query, card);
      if (sub === 'faces') return ok(response, Array.from({ length: Math.min(person.faces, 60) }, (_, i) => face(person, i)), { total: person.faces, next_cursor: person.faces > 60 ? '60' : null });
      if (sub === 'forget') return ok(response, { before: { vectors: person.faces, names: 2, changes: 1 }, after: { vectors: 0, names: 0, changes: 0 }, crops_deleted: 12, conversations: 0, descriptions: 1 });
      return ok(response, view(person, card));
    },
  };
}

// Albums of the mock server: one by hand, one that keeps itself. Rules are only looked at, not followed.

const KEYS = ['people: ', 'place: ', 'event: ', 'tag: ', 'date: ', 'rating >= ', 'shows: ', 'photo', 'video', 'screenshot', 'not ', 'best 40'];
const VALUES = { people: ['Mira', 'Jonas', 'Ada', 'Grandma Ruth'], place: ['Lisbon', 'Norway', 'Kyoto'], tag: ['boat', '"rock & roll"'], date: ['2019', '2019-06..2019-08', 'last 30 days'] };

export function makeAlbums(library, card, empty) {
  const made = '2026-11-20T18:30:00Z';
  const albums = empty ? [] : [
    { id: 'a0', name: 'Best of the year', rule: null, at: 200, count: 84 },
    { id: 'a1', name: 'Mira in the north', rule: 'people: Mira; place: Norway; rating >= 3; not screenshot; best 40', at: 510, count: 40 },
  ];
  let deleted = null;
  const view = (album) => ({ id: album.id, name: album.name, rule: album.rule, count: album.count, cover: card(album.at), problem: null, created: made, edited: made });
  const done = (summary, album) => ({ change: 'ch1', summary, album: album && view(album) });

  function read({ text, cursor }) {
    const problems = [];
    let at = 0;
    for (const clause of text.split(';')) {
      const [, space, key] = clause.match(/^(\s*(?:not\s+)?)([^:<>=]*)/);
      if (clause.includes(':') && !(key.trim() in { ...VALUES, event: 1, shows: 1, text: 1, album: 1 })) {
        problems.push({ start: at + space.length, end: at + space.length + key.trimEnd().length, message: `there is no condition called \`${key.trim()}\`; did you mean \`people\`?` });
      }
      at += clause.length + 1;
    }
    const typed = text.slice(0, cursor ?? 0).match(/[^;|&]*$/)[0];
    const [, key, value] = typed.match(/^\s*(\w+):\s*(.*)$/) ?? [];
    const word = (value ?? typed).trimStart();
    const offered = (key ? VALUES[key] ?? [] : KEYS).filter((one) => one.toLowerCase().startsWith(word.toLowerCase()));
    const wrong = problems.length > 0 || !text.trim();
    return {
      rule: wrong ? null : text, count: wrong ? null : 47, media: wrong ? [] : [0, 1, 2, 3, 4, 5, 6, 7].map((k) => card(510 + k * 7)), problems,
      start: (cursor ?? 0) - word.length, end: cursor ?? 0,
      candidates: cursor === undefined ? [] : offered.map((one) => ({ text: one, hint: key ? '12 pictures' : 'a condition' })),
    };
  }

  async function route(response, { id, sub, extra, method, body, ok, fail, page, query }) {
    if (id === 'rules') return ok(response, read(await body()));
    if (id === 'changes') {
      if (deleted) albums.push(deleted);
      return ok(response, done('Took it back', deleted ?? albums[0]));
    }
    if (!id && method === 'POST') {
      const asked = await body();
      albums.unshift({ id: `a${albums.length}`, name: asked.name, rule: asked.rule ?? null, at: 70, count: asked.rule ? 47 : 0 });
      return ok(response, done(`Made the album “${asked.name}”`, albums[0]));
    }
    if (!id) return ok(response, albums.map(view), { total: albums.length, next_cursor: null });
    const album = albums.find((known) => known.id === id);
    if (!album) return fail(response, 404, 'album_not_found', 'There is no such album.');
    if (extra) return ok(response, { kept: true, clauses: [{ clause: 'people: Mira', met: true, by: ['Mira'] }, { clause: 'place: Norway', met: true, by: ['Bergen, Norway'] }, { clause: 'rating >= 3', met: true, by: ['4 stars'] }, { clause: 'not screenshot', met: true, by: ['photo'] }, { clause: 'best 40', met: true, by: ['one of 12 of Bergen trip; Mira; 4 stars'] }] });
    if (sub === 'media') return page(response, Array.from({ length: album.count }, (_, k) => album.at + k), query, card);
    if (method === 'DELETE') {
      deleted = album;
      albums.splice(albums.indexOf(album), 1);
      return ok(response, done(`Deleted the album “${album.name}”`, null));
    }
    if (method === 'PATCH') return ok(response, done('Changed the album', Object.assign(album, await body())));
    return ok(response, view(album));
  }
  return { route };
}

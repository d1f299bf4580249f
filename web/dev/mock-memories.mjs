// Memories of the mock server: a day, two pairs, a month, a year; and what is wanted less of.

export function makeMemories(library, card, empty) {
  const said = [];
  const names = { p0: 'Mira', e1: 'Reine trip' };
  const shown = (first, count) => Array.from({ length: count }, (_, k) => ({ media: card(first + k * 3), why: 'one of 41 of Reine; Mira; 5 stars', focus: k % 2 ? [0.4, 0.35] : null }));
  const pair = (then, now, area) => ({
    media: [then, now].map((at) => ({ media: card(at), why: 'faces of about the same size, turned alike', focus: null })),
    sides: [then, now].map((at, k) => ({ media: card(at).id, area: area && [0.3 + k * 0.1, 0.3, 0.14, 0.2], taken: `${2014 + k * 11}-05-03T11:20:00` })),
  });
  const make = (kind, key, title, subtitle, more) => ({
    id: `${kind}-${key}`, kind, title, subtitle, reason: 'Taken on November 22, 2020.', summary: null, years: 6, first: '2020-11-22', last: '2020-11-22',
    media: [], sides: null, people: [{ id: 'p0', name: 'Mira' }], event: { id: 'e1', name: 'Reine trip' }, ...more,
  });
  const all = empty ? [] : [
    make('on_this_day', '6', '6 years ago today', 'Reine trip', { media: shown(40, 9) }),
    make('person', 'p0', 'Mira, then and now', '2014 and 2025', pair(120, 170, true)),
    make('this_week', '3', 'This week, 3 years ago', 'Lisbon, Portugal', { media: shown(300, 6), first: '2023-11-20', last: '2023-11-24' }),
    make('year', '2022', '2022', 'A year in pictures', { media: shown(900, 24), summary: { text: '2022: 3,480 photos and 112 videos in Lisbon, Reine and Kyoto with Mira and Jonas, January 3 – December 28, 2022.', media: [] } }),
    make('place', 'm1', 'Reine, Norway, then and now', '2014 and 2025', pair(500, 560, false)),
  ];

  async function route(response, { id, sub, extra, method, query, body, ok }) {
    const told = () => said.map((one) => ({ ...one, name: names[one.subject] ?? one.subject }));
    if (id === 'feedback') {
      const subject = method === 'DELETE' ? { about: sub, subject: extra } : method === 'POST' ? await body() : null;
      const at = subject ? said.findIndex((one) => one.about === subject.about && one.subject === subject.subject) : -1;
      if (at >= 0) said.splice(at, 1);
      if (method === 'POST') said.unshift({ amount: 'less', ...subject });
      return ok(response, told());
    }
    const wanted = (memory) => !said.some((one) => one.about === 'kind' && one.subject === memory.kind);
    return ok(response, { date: query.get('date') ?? '2026-11-22', memories: all.filter(wanted) });
  }
  return { route };
}

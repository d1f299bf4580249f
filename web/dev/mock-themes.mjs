// Themes of the mock server: a feast, a place, alike pictures, a keyword; one is hidden. Names and hiding are kept.

export function makeThemes(library, card, empty) {
  const make = (at, id, kind, name, why, years, reasons) => ({ at, id, kind, name, own: name, hidden: false, named: false, why, years, reasons });
  const years = (first, counts) => counts.map((count, k) => ({ year: first + k, count }));
  const reason = (sort, text, inside, of, elsewhere) => ({ text, evidence: { sort, text, inside, of, elsewhere, others: 2000 } });
  const all = empty ? [] : [
    make(30, 'h0', 'feast', 'Christmas', 'The same days every year: 6 years.', years(2019, [6, 8, 5, 9, 7, 4]), [reason('what', 'Christmas tree', 21, 39, 4)]),
    make(500, 'h1', 'place', 'Reine', 'A place that you came back to: 7 visits in 5 years.', years(2015, [12, 30, 8, 22, 14]), [reason('country', 'Norway', 86, 86, 60), reason('what', 'boat', 40, 86, 120)]),
    make(900, 'h2', 'looks', 'Football on Saturdays', 'Pictures that look alike, of 19 occasions in 3 years.', years(2022, [14, 22, 9]), [reason('what', 'football', 38, 45, 2), reason('weekday', 'Saturday', 40, 45, 310), reason('who', 'Jonas', 30, 45, 95)]),
    make(1400, 'h3', 'word', 'Garden', 'The same keyword, on 12 occasions in 4 years.', years(2018, [3, 5, 4, 8]), [reason('season', 'summer', 15, 20, 480)]),
    Object.assign(make(2100, 'h4', 'looks', 'Screens', 'Pictures that look alike, of 8 occasions in 3 years.', years(2021, [4, 4, 3]), []), { hidden: true }),
  ];
  const undone = [];
  const media = (theme) => {
    let k = 0;
    return theme.years.flatMap(({ year, count }) => Array.from({ length: count }, () => ({ ...card((theme.at + k++ * 7) % library.total), taken: `${year}-06-${String(1 + (k % 28)).padStart(2, '0')}T11:00:00` })));
  };
  const view = ({ at: _at, own: _own, reasons: _reasons, ...theme }, cards) => ({
    ...theme, count: cards.length, first: cards[0].taken.slice(0, 10), last: cards.at(-1).taken.slice(0, 10),
    covers: [0, 1, 2, 3].map((k) => cards[Math.floor((k * (cards.length - 1)) / 3)]),
  });

  async function route(response, { id, sub, extra, method, body, ok, fail, page, query }) {
    const done = (action, summary) => ok(response, { id: `tc${undone.length - 1}`, made: '2026-11-22T09:00:00Z', action, summary, undoes: null, undone: null, kept: 0 });
    if (id === 'changes' && extra === 'undo') {
      const back = undone.pop();
      Object.assign(back.theme, back.before);
      return ok(response, { id: 'tcu', made: '2026-11-22T09:00:00Z', action: 'undo', summary: 'Took back', undoes: sub, undone: null, kept: 0 });
    }
    if (!id) return ok(response, { themes: all.filter((theme) => !theme.hidden || query.get('hidden') === 'true').map((theme) => view(theme, media(theme))), compared: !empty });
    const theme = all.find((known) => known.id === id);
    if (!theme) return fail(response, 404, 'theme_not_found', 'There is no such theme.');
    if (sub === 'media') return page(response, media(theme).reverse(), query, (each) => each);
    if (method === 'PATCH') {
      const { name, hidden } = await body();
      undone.push({ theme, before: { name: theme.name, named: theme.named, hidden: theme.hidden } });
      const was = theme.name;
      if (name !== undefined) Object.assign(theme, { name: name || theme.own, named: name !== '' });
      if (hidden !== undefined) theme.hidden = hidden;
      return done(name === undefined ? 'hide' : 'rename', name === undefined ? `${was} ${hidden ? 'hidden' : 'shown again'}` : `${was} renamed to ${theme.name}`);
    }
    const cards = media(theme);
    return ok(response, { ...view(theme, cards), reasons: theme.reasons, alike: theme.kind === 'looks' ? { average: 0.58, least: 0.32 } : null, media: cards.map((each) => each.id) });
  }
  return { route };
}

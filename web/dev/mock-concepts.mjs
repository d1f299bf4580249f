// Concepts of the mock server: two of the user's own and the built-in ones; answers are counted, nothing is learned.

export function makeConcepts(library) {
  const concepts = [
    { id: 'k0', name: 'our cabin', builtin: null, hides: false, threshold: 0.5, belonging: 6, others: 2, at: 40, count: 47, problem: null },
    { id: 'k1', name: 'not for guests', builtin: null, hides: true, threshold: 0.6, belonging: 4, others: 0, at: 400, count: 9, problem: null },
    { id: 'k2', name: 'Documents', builtin: 'documents', hides: false, threshold: 0.5, belonging: 0, others: 0, at: 0, count: 0, problem: 'it is learned from pictures labelled or tagged as documents, of which there are 2; it takes 8. You can also show it examples yourself' },
    { id: 'k3', name: 'Sharp and beautiful', builtin: 'quality', hides: false, threshold: 0.5, belonging: 0, others: 0, at: 900, count: 312, problem: null },
  ];
  let nextId = concepts.length;

  function view(concept, card) {
    const { at, ...known } = concept;
    return { ...known, ready: !concept.problem, best: concept.problem ? [] : [0, 1, 2, 3, 4, 5, 6, 7].map((k) => card((at + k * 13) % library.total)) };
  }

  async function route(response, { id, sub, extra, method, body, ok, fail, card }) {
    if (!id && method === 'POST') {
      const asked = await body();
      const made = { id: `k${nextId++}`, name: asked.name, builtin: null, hides: false, threshold: 0.5, belonging: asked.belonging?.length ?? 0, others: 0, at: 70, count: 21, problem: null };
      concepts.unshift(made);
      return ok(response, view(made, card));
    }
    if (!id) return ok(response, concepts.map((concept) => view(concept, card)));
    const concept = concepts.find((known) => known.id === id);
    if (!concept) return fail(response, 404, 'concept_not_found', 'There is no such concept.');
    if (sub === 'examples') {
      const said = await body();
      concept.belonging += said.belonging?.length ?? 0;
      concept.others += said.others?.length ?? 0;
      return ok(response, view(concept, card));
    }
    if (sub === 'questions') return ok(response, [0, 1, 2, 3, 4].map((k) => ({ media: card((concept.at + 7 + k * 31 + concept.belonging * 3) % library.total), certainty: 0.5 + k / 40 })));
    if (sub === 'media' && extra) return ok(response, { certainty: 0.91, said: null, like: [0, 1, 2].map((k) => ({ media: card(concept.at + k * 13), alike: 0.9 - k / 20 })), unlike: [{ media: card(concept.at + 5), alike: 0.6 }] });
    if (sub === 'media') return ok(response, Array.from({ length: 24 }, (_, k) => ({ media: card((concept.at + k * 13) % library.total), certainty: 1 - k / 60 })), { total: concept.count, next_cursor: null });
    if (sub) return ok(response, view(concept, card));
    if (method === 'PATCH') return ok(response, view(Object.assign(concept, await body()), card));
    const examples = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => ({ media: card(concept.at + k * 13), belongs: k < 6 }));
    const versions = [2, 1, 0].map((version) => ({ version, made: `2026-11-2${version}T18:30:00Z`, summary: ['Made', '5 belong', '1 belong, 2 do not'][version], current: version === 2 }));
    return ok(response, { ...view(concept, card), examples: concept.builtin ? [] : examples, versions: concept.builtin ? versions.slice(2) : versions, quality: concept.problem ? null : { recognised: 0.83, kept_out: 1, among_others: 0.02 } });
  }

  const of = () => [{ id: 'k0', name: 'our cabin', builtin: false, certainty: 0.91 }];
  return { route, of };
}

// Questions to the mock server: read by the crudest means, answered in streams; and recordings, heard as ever the same one.

import { cardOf } from './mock-library.mjs';

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** `slow`: milliseconds a word takes. */
export function makeAnswers(library, card, { slow, fail }) {
  const toolCalls = new Map();
  let nextId = 1;

  /** A reading by the crudest means: known names, places and years in the words. */
  function read(question) {
    const chips = [];
    const add = (role, text, label) => chips.push({ id: String(chips.length), role, text, label });
    for (const name of library.PEOPLE) if (new RegExp(`\\b${name}\\b`, 'i').test(question)) add('person', question.match(new RegExp(`\\b${name}\\b`, 'i'))[0], name);
    for (const place of ['Lisbon', 'Reine', 'Kyoto', 'Zermatt', 'Norway', 'Japan', 'Siena', 'Banff']) {
      const match = question.match(new RegExp(`(in )?${place}`, 'i'));
      if (match) add('place', match[0], place);
    }
    const time = question.match(/last summer|last year|(in )?(20\d\d)|in winter|this year/i);
    if (time) add('time', time[0], /summer/i.test(time[0]) ? 'Jun – Aug 2026' : time[2] ?? time[0]);
    const kind = question.match(/videos?|photos?|pictures/i);
    if (kind && !/pictures/i.test(kind[0])) add('kind', kind[0], /video/i.test(kind[0]) ? 'Videos' : 'Photos');
    const content = question.match(/sunsets?|beach|snow|birthday|boats?|dog|mountains?|departures/i);
    if (content) add('content', content[0], content[0].toLowerCase());
    return { language: 'en', intent: /how many/i.test(question) ? 'count' : 'find', chips, certainty: 0.92, filter: {}, content: content?.[0] ?? null };
  }
  function findIndexes(reading) {
    const chips = reading.chips;
    if (chips.length === 0) return [];
    let seed = 7;
    for (const chip of chips) for (const c of chip.label) seed = (seed * 31 + c.charCodeAt(0)) % 65521;
    const count = Math.max(3, 340 - chips.length * 97);
    const videos = chips.some((c) => c.label === 'Videos');
    const out = [];
    for (let i = 0; out.length < count && i < 40_000; i++) {
      const index = (seed * 17 + i * 13) % library.total;
      if (!videos || cardOf(library, index).kind === 'video') out.push(index);
    }
    return out;
  }
  // Of a clip of four seconds: who was asked for is there twice, and better the second time.
  const momentsOf = (media, why) => (media.kind === 'video'
    ? [{ start_ms: 500, end_ms: 1200, frame_ms: 500, score: 0.7, why }, { start_ms: 2400, end_ms: 3600, frame_ms: 2400, score: 0.9, why }]
    : undefined);
  const hitOf = (reading) => (index, rank) => {
    const why = reading.chips.map((c) => (c.role === 'content' ? (/departures/i.test(c.label) ? 'text in picture: Gate B42 Departures' : `caption: ${c.label}`) : `${c.role}: ${c.label}`));
    const moments = momentsOf(card(index), why);
    return { media: card(index), score: Math.max(0.3, 0.97 - rank * 0.01), why, ...(moments && { moments, moment_s: 2 }) };
  };

  async function answer(request, response, conversation, { question, mode, replaces }) {
    const gone = { is: false };
    response.on('close', () => (gone.is = true));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const send = (event, data) => gone.is || response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    const reading = read(question);
    const started = Date.now();
    await sleep(slow * 3);
    send('understanding', reading);
    if (/broken|fail/i.test(question)) {
      send('error', { code: 'index_unavailable', message: 'The word index is being rebuilt.', hint: 'Ask again in about a minute.', request_id: 'mock' });
      return response.end();
    }
    const write = /album/i.test(question);
    const indexes = library.total === 0 || /unicorn/i.test(question) ? [] : findIndexes(reading.chips.length ? reading : read('Mira'));
    const search = { id: `t${nextId++}`, name: /how many/i.test(question) ? 'count_media' : 'search_media', arguments: { filter: Object.fromEntries(reading.chips.map((c) => [c.role, c.label])), query: reading.content }, status: 'running', result: null, elapsed_ms: null };
    const calls = [search];
    const agent = mode === 'agent' || (mode === 'auto' && /why/i.test(question));
    if (agent) {
      for (const delta of 'They want to know about people and a place. I look for both, and count them by year.'.match(/\S+\s*/g)) {
        send('thinking', { delta });
        await sleep(slow);
      }
      const people = { id: `t${nextId++}`, name: 'list_people', arguments: { pets: false }, status: 'done', result: { total: library.PEOPLE.length }, elapsed_ms: 1 };
      calls.unshift(people);
      send('tool_call', people);
    }
    send('tool_call', search);
    await sleep(slow * 4);
    Object.assign(search, { status: 'done', result: { total: indexes.length }, elapsed_ms: 9 });
    send('tool_call', search);
    const hits = indexes.map(hitOf(reading));
    send('media', { hits: hits.slice(0, 40), total: hits.length });
    if (write) {
      const name = question.match(/album (?:called |named )?["“]?([\w ]+?)["”]?(?: of| with| from|$)/i)?.[1] ?? 'Summer';
      const call = { id: `t${nextId++}`, name: 'create_album', arguments: { name, media: indexes.slice(0, 24).map((i) => card(i).id) }, status: 'needs_confirmation', result: { total: Math.min(24, indexes.length) }, elapsed_ms: 2 };
      toolCalls.set(call.id, call);
      calls.push(call);
      send('tool_call', call);
    }
    const id = (i) => hits[i]?.media.id;
    const text = hits.length === 0
      ? 'I found **nothing** in your library that matches. It holds no picture that mentions this, and none of your people, places or albums is called so.'
      : write
        ? `I can put these **${Math.min(24, hits.length)} pictures** into a new album. Nothing changes until you confirm.`
        : `There are **${hits.length}** of them. The earliest is from ${hits.at(-1).media.taken?.slice(0, 4)} [[media:${hits.at(-1).media.id}]], most were taken around **${hits[0].media.place?.split(',')[0]}** [[media:${id(0)}]] [[media:${id(1)}]].\n\nThree that stand out:\n\n- the light on the water in the evening [[media:${id(2)}]]\n- everybody together [[media:${id(3)}]]\n- and the walk back [[media:${id(0)}]]`;
    for (const delta of text.match(/\S+\s*/g) ?? []) {
      if (gone.is) return;
      send('text', { delta });
      await sleep(slow);
    }
    if (replaces) conversation.turns.splice(conversation.turns.findIndex((known) => known.id === replaces));
    const turn = { id: `u${nextId++}`, question, created: new Date().toISOString(), answer: text, hits: hits.slice(0, 40), total: hits.length, count: /how many/i.test(question) ? hits.length : null, reading, tool_calls: calls, mode: agent ? 'agent' : 'direct', elapsed_ms: Date.now() - started };
    conversation.turns.push(turn);
    conversation._all.set(turn.id, indexes);
    conversation.title ??= question;
    conversation.updated = new Date().toISOString();
    send('done', turn);
    response.end();
  }

  /** Hears the same question in every recording, a word for each so many bytes. */
  async function hear(request, response) {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    if (bytes < 200) return fail(response, 400, 'empty_file', 'the recording is empty; record it again');
    const words = 'photos of Mira at the lake in winter'.split(' ').slice(0, 1 + Math.floor(bytes / 4000));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const send = (event, data) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    for (const [at, word] of words.entries()) {
      send('progress', { progress: at / words.length });
      send('text', { delta: at ? ` ${word}` : word });
      await sleep(slow);
    }
    const text = words.join(' ');
    send('done', { text, language: 'english', duration_s: bytes / 4000, segments: [{ start: 0, end: bytes / 4000, text }] });
    response.end();
  }

  return { read, findIndexes, momentsOf, hitOf, answer, hear, toolCalls };
}

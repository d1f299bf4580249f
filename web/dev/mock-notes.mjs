// Voice notes of the mock server: some that are there, and those that are recorded, which are written down a little later.

const SAID = [
  [0, 4.2, 'This is grandpa’s boat, the wooden one.'],
  [4.2, 9.6, 'He painted it red every spring before Easter, and we were allowed to help with the oars.'],
  [9.6, 12, 'Listen, you can hear the gulls.'],
];

/** A quiet tone, as a WAV file of so many seconds. */
function tone(seconds) {
  const rate = 8000;
  const data = Buffer.alloc(seconds * rate);
  for (let i = 0; i < data.length; i++) data[i] = 128 + Math.round(24 * Math.sin(i / 9));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

export function makeNotes() {
  const notes = [];
  const kinds = { media: 'medium', events: 'event', albums: 'album' };
  let nextId = 1;

  function add(kind, id, change = {}) {
    const now = new Date().toISOString();
    const note = { id: `n${nextId++}`, about: { kind: kinds[kind], id, name: null }, mime: 'audio/wav', duration_s: 12, language: '', text: '', segments: [], state: 'working', progress: 0.4, problem: null, created: now, updated: now, deleted: null, ...change };
    notes.push(note);
    return note;
  }
  function writeDown(note) {
    const segments = SAID.map(([start, end, text]) => ({ start, end, text }));
    Object.assign(note, { state: 'done', progress: null, language: 'english', segments, text: segments.map((part) => part.text).join(' ') });
  }
  /** The fifth picture of a trip has been talked about before. */
  function seed(kind, id) {
    if (notes.some((note) => note.about.id === id)) return;
    if (kind === 'events' || Number(id.slice(1)) % 5 === 0) writeDown(add(kind, id, { created: '2026-11-02T18:20:00Z' }));
  }

  return {
    /** Notes about `kind` and `id`. */
    async about(request, response, kind, id, { ok }) {
      if (request.method === 'POST') {
        for await (const _ of request);
        const note = add(kind, id);
        setTimeout(() => note.state === 'working' && writeDown(note), 900);
        return ok(response, note);
      }
      seed(kind, id);
      return ok(response, notes.filter((note) => note.about.id === id && !note.deleted));
    },
    async route(request, response, { id, sub, body, ok, fail }) {
      const note = notes.find((each) => each.id === id);
      if (!note) return fail(response, 404, 'note_not_found', 'There is no such note.');
      if (sub === 'audio') {
        const sound = tone(12);
        const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
        const start = match ? Number(match[1]) : 0;
        const end = match?.[2] ? Math.min(sound.length - 1, Number(match[2])) : sound.length - 1;
        response.writeHead(match ? 206 : 200, { 'content-type': 'audio/wav', 'accept-ranges': 'bytes', 'content-length': end - start + 1, ...(match ? { 'content-range': `bytes ${start}-${end}/${sound.length}` } : {}) });
        return response.end(sound.subarray(start, end + 1));
      }
      if (request.method === 'DELETE') note.deleted = new Date().toISOString();
      if (sub === 'restore') note.deleted = null;
      if (sub === 'transcribe') writeDown(note);
      if (request.method === 'PATCH') {
        const { segments } = await body(request);
        Object.assign(note, { segments, state: 'edited', text: segments.map((part) => part.text).join(' ') });
      }
      return ok(response, note);
    },
  };
}

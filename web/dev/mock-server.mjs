// A stand-in for the Recollect server: the HTTP contract over a made-up library, streamed answers included, so that
// the app can be developed, seen and tested without the real one. It serves web/dist like the real server does, with
// the same content security policy. Plain Node; listens on loopback only.
//   node dev/mock-server.mjs [--port 4173] [--media 100000] [--empty] [--slow MS]

import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cardOf, detailOf, indexOf, makeLibrary } from './mock-library.mjs';
import { makeAnswers } from './mock-answers.mjs';
import { makeMap } from './mock-map.mjs';
import { makeModels } from './mock-models.mjs';
import { makeFilms } from './mock-films.mjs';
import { makeNotes } from './mock-notes.mjs';
import { makeAlbums } from './mock-albums.mjs';
import { makeMemories } from './mock-memories.mjs';
import { makeThemes } from './mock-themes.mjs';
import { makeConcepts } from './mock-concepts.mjs';
import { makePeople } from './mock-people.mjs';
import { drawScene } from './scene.mjs';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function startMock({ port = 0, media = 100_000, empty = false, slow = 28 } = {}) {
  const library = makeLibrary(empty ? 0 : media);
  if (empty) {
    library.days = [];
    library.total = 0;
  }
  const card = (index) => {
    const { _place, ...rest } = cardOf(library, index);
    return rest;
  };
  const conversations = new Map();
  const failed = [
    { id: 'j1', kind: 'ingest_file', path: '/photos/2014/broken/IMG_0311.JPG', code: 'truncated', message: 'The file ends in the middle of the picture (12 of 340 kB). Copy it again from where it came from.', attempts: 3 },
    { id: 'j2', kind: 'ingest_file', path: '/photos/scans/poster.tif', code: 'too_many_pixels', message: 'The picture would have 2,100 megapixels; the limit is 500. Raise limits.pixels if you trust it.', attempts: 1 },
    { id: 'j3', kind: 'find_faces', path: '/photos/2019/Lisbon/IMG_2044.JPG', code: 'engine_crashed', message: 'The engine `seeing` ended while it worked on this request (signal 11). Try again: the engine is started anew.', attempts: 4 },
  ];
  const folders = empty ? [] : [{ path: '/home/mira/Pictures', media: library.total - 1200, watched: true }, { path: '/mnt/archive/scans', media: 1200, watched: false }];
  const kind = (kind, queued, running, done, more = {}) => ({ kind, queued, running, done, failed: failed.filter((job) => job.kind === kind).length, cancelled: 0, paused: false, steerable: true, obstacle: null, rate_per_s: null, eta_s: null, ...more });
  const kinds = empty ? [] : [
    kind('ingest_file', 0, 0, 98_160),
    kind('find_faces', 61_840, 2, 36_320, { rate_per_s: 21.4, eta_s: 2890 }),
    kind('find_objects', 98_160, 0, 0, { paused: true }),
    kind('caption', 98_160, 0, 0, { obstacle: { code: 'engine_unavailable', message: 'The engine `vision` did not start: not enough memory.' } }),
    kind('index_text', 120, 0, 98_040, { steerable: false }),
  ];
  const activity = { paused: false, held: null };
  const queue = () => {
    const counts = { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
    for (const each of kinds) {
      each.failed = failed.filter((job) => job.kind === each.kind).length;
      for (const state of Object.keys(counts)) counts[state] += each[state];
    }
    const shown = kinds.map((each) => ({ ...each, paused: each.paused || (activity.paused && each.steerable) }));
    return { ...activity, counts, by_kind: shown, rate_per_s: empty ? null : 21.4, eta_s: null };
  };
  const models = makeModels(empty);
  const notes = makeNotes();
  const films = makeFilms(card, empty);
  const people = makePeople(library, empty);
  const concepts = makeConcepts(library);
  const map = makeMap(library, card);
  let nextId = 1;

  const ok = (response, data, meta = {}) => json(response, 200, { api_version: '1', data, meta, error: null });
  const fail = (response, status, code, message, hint = null) => json(response, status, { api_version: '1', data: null, meta: {}, error: { code, message, hint, request_id: 'mock' } });
  function json(response, status, body) {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }
  function page(response, indexes, query, make) {
    const limit = Math.min(200, Number(query.get('limit') ?? 50));
    const from = Number(query.get('cursor') ?? 0);
    const items = indexes.slice(from, from + limit).map(make);
    ok(response, items, { total: indexes.length, next_cursor: from + limit < indexes.length ? String(from + limit) : null });
  }
  const answers = makeAnswers(library, card, { slow, fail });

  const body = async (request) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    return text ? JSON.parse(text) : {};
  };

  function daysBetween(from, to) {
    const indexes = [];
    library.days.forEach((day, i) => {
      if (day.day && (!from || day.day >= from) && (!to || day.day <= to)) for (let k = 0; k < day.count; k++) indexes.push(library.starts[i] + k);
    });
    return indexes;
  }
  const range = (start, count) => Array.from({ length: Math.max(0, count) }, (_, i) => start + i);
  const albums = makeAlbums(library, card, empty);
  const memories = makeMemories(library, card, empty);
  const themes = makeThemes(library, card, empty);

  async function route(request, response, url) {
    const path = url.pathname.slice('/api/v1'.length);
    const query = url.searchParams;
    const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
    const [root, id, sub, extra] = parts;
    const method = request.method;
    const theirs = ['albums', 'events', 'faces', 'keyframes', 'map', 'media', 'people', 'search', 'tags', 'themes', 'timeline', 'status', 'session'];
    const guest = /(^|; *)recollect_token=guest(;|$)/.test(request.headers.cookie ?? '');
    if (guest && root !== 'session' && (method !== 'GET' || !theirs.includes(root) || parts.includes('notes') || parts.includes('changes'))) {
      return fail(response, 403, 'guests_only_look', 'guests can look and search, and nothing else', 'sign in with the owner’s token');
    }
    if (root === 'status') {
      const videos = Math.round(library.total * 0.05);
      return ok(response, { version: '0.1.0', media: library.total, photos: library.total - videos, videos, people: empty ? 0 : library.PEOPLE.length, events: library.trips.length, indexing: !empty, jobs: queue().counts, models: [{ role: 'text_embedding', name: 'all-MiniLM-L6-v2', state: 'ready', hint: null }, { role: 'chat', name: 'Qwen3 4B', state: empty ? 'missing' : 'ready', hint: empty ? 'recollect models pull qwen3-4b' : null }, { role: 'image_embedding', name: 'SigLIP 2 base', state: 'missing', hint: 'recollect models pull --tier laptop' }, { role: 'speech', name: 'whisper-base', state: 'ready', hint: null }], demo: false, audience: guest ? 'guest' : 'owner' });
    }
    if (root === 'suggestions') {
      return ok(response, empty ? [] : [
        { question: 'Show me Mira in Lisbon', why: '214 pictures of Mira, 96 of them in Portugal' },
        { question: 'How many photos did we take last summer?', why: 'June to August 2026' },
        { question: 'Sunsets in Norway', why: 'Your trip to Reine has 412 pictures' },
        { question: 'Videos of Biscuit', why: 'Biscuit is in 61 videos' },
        { question: 'Make an album called Kyoto of the best pictures in Kyoto', why: 'Kyoto trip, 9 days' },
        { question: 'Grandma Ruth in 2019', why: 'She is in 38 pictures of that year' },
      ]);
    }
    if (root === 'timeline') return ok(response, { days: library.days.map(({ day, count }) => ({ day, count })), total: library.total });
    if (root === 'ask' && method === 'POST') {
      await sleep(slow * 10);
      const { question } = await body(request);
      return ok(response, { answer: `You asked “${question}”: it shows the harbour in the evening, with **three** boats at the quay. [1]`, media: [], count: null, tool_calls: [], mode: 'direct', conversation: 'c0', elapsed_ms: 280 });
    }
    if (sub === 'notes') return notes.about(request, response, root, id, { ok });
    if (root === 'music') return films.music(request, response, { id, query, ok });
    if (root === 'films') return films.route(request, response, { id, sub, query, body, ok, fail });
    if (root === 'notes') return notes.route(request, response, { id, sub, body, ok, fail });
    if (root === 'media' && !id) {
      if (query.get('undated')) return page(response, range(library.total - 37, Math.min(37, library.total)), query, card);
      const indexes = query.get('day_from') || query.get('day_to') ? daysBetween(query.get('day_from'), query.get('day_to')) : range(0, library.total);
      return page(response, indexes, query, card);
    }
    if (root === 'media') {
      const index = indexOf(id);
      if (index < 0 || index >= library.total) return fail(response, 404, 'media_not_found', `No medium has the id ${id}.`, 'It may have been removed from the library.');
      const it = cardOf(library, index);
      if (!sub) return ok(response, detailOf(library, index));
      if (sub === 'concepts') return ok(response, concepts.of());
      if (sub === 'description') {
        const { description } = await body(request);
        return ok(response, { ...detailOf(library, index), description, described_by_user: description !== null, captions: [] });
      }
      if (sub === 'caption') return ok(response, detailOf(library, index));
      if (sub === 'captions') return ok(response, { ...detailOf(library, index), captions: [] });
      if (sub === 'faces') return ok(response, people.facesIn(detailOf(library, index)));
      if (sub === 'moments') return ok(response, answers.momentsOf(it, ['seen: dog']) ?? []);
      if (sub === 'similar') return ok(response, range(1, 12).map((k) => ({ media: card((index + k * 37) % library.total), score: 0.8, why: ['looks alike'] })));
      if (sub === 'motion' || (sub === 'original' && it.kind === 'video')) return sendFile(request, response, clipFile(), 'video/mp4');
      const size = Number(query.get('size') ?? 0);
      const scale = size ? Math.min(1, size / Math.max(it.width, it.height)) : 1;
      response.writeHead(200, { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=31536000, immutable' });
      return response.end(drawScene(index, Math.round(it.width * scale), Math.round(it.height * scale)));
    }
    if (root === 'search' && id === 'pictures') {
      const wanted = await body(request);
      const index = indexOf(wanted.id);
      if (index < 0) return fail(response, 404, 'media_not_found', `No medium has the id ${wanted.id}.`);
      const why = ['looks: alike', ...(wanted.but ? [`looks like: ${wanted.but}`] : [])];
      return ok(response, { hits: range(1, wanted.but ? 9 : 40).map((k) => ({ media: card((index + k * 53) % library.total), score: 0.9 - k * 0.01, why })) });
    }
    if (root === 'search') {
      const reading = answers.read(query.get('q') ?? '');
      const without = (query.get('without') ?? '').split(',').filter(Boolean);
      reading.chips = reading.chips.filter((c) => !without.includes(c.id));
      const indexes = answers.findIndexes(reading);
      const limit = Number(query.get('limit') ?? 60);
      const from = Number(query.get('cursor') ?? 0);
      const hits = indexes.slice(from, from + limit).map(answers.hitOf(reading));
      return ok(response, { reading, hits, total: indexes.length }, { total: indexes.length, next_cursor: from + limit < indexes.length ? String(from + limit) : null });
    }
    if (root === 'concepts') return concepts.route(response, { id, sub, extra, method, body: () => body(request), ok, fail, card });
    if (root === 'people' || root === 'faces') return people.route(request, response, { root, id, sub, extra, query, method, body, ok, fail, page, card });
    if (root === 'events') {
      const view = (t, i) => ({ id: `e${i}`, name: `${t.place[0]} trip`, count: library.starts[t.last] + library.days[t.last].count - library.starts[t.first], cover: card(library.starts[t.first] + 3), start: library.days[t.last].day, end: library.days[t.first].day, place: `${t.place[0]}, ${t.place[2]}`, kind: 'trip', parent: null, named: false });
      if (id === 'changes') return ok(response, { id: 'ec1', made: '2026-11-02T18:20:00Z', action: sub ? 'undo' : body.action, summary: sub ? 'Took back' : 'Renamed', undoes: null, undone: null, event: body?.event ?? null, kept: 0 });
      if (id === 'clocks') return ok(response, [{ camera: 'Canon EOS 70D', start: library.days[library.trips[1].last].day + 'T09:00:00', media: ['m1', 'm2', 'm3'], shift_s: 6 * 3600, compared_with: ['iPhone 11'], fits: [11, 2, 12] }]);
      if (id) {
        const trip = library.trips[Number(id.slice(1))];
        if (!trip) return fail(response, 404, 'event_not_found', 'There is no such event.');
        if (!sub) {
          const days = [];
          for (let day = trip.last; day >= trip.first; day--) {
            const media = range(library.starts[day], library.days[day].count).map((at) => card(at).id);
            const half = Math.ceil(media.length / 2);
            const moment = (of, hour) => ({ start: `${library.days[day].day}T${hour}:10:00`, end: `${library.days[day].day}T${hour}:40:00`, media: of });
            days.push({ date: library.days[day].day, place: `${trip.place[0]}, ${trip.place[2]}`, count: media.length, moments: [moment(media.slice(0, half), '09'), moment(media.slice(half), '15')].filter((each) => each.media.length > 0) });
          }
          return ok(response, { ...view(trip, Number(id.slice(1))), days, stops: map.stops(Number(id.slice(1))), parts: [] });
        }
        return page(response, range(library.starts[trip.first], library.starts[trip.last] + library.days[trip.last].count - library.starts[trip.first]), query, card);
      }
      const events = library.trips.slice(0, 60).map(view);
      return ok(response, events, { total: events.length, next_cursor: null });
    }
    if (root === 'summaries') return ok(response, { name: 'Lofoten', text: body?.text ?? '', sentences: body?.text ? [{ text: body.text, media: [] }] : [{ text: 'Lofoten, July 2019: 41 photos and 2 videos over 6 days, July 3, 2019 – July 9, 2019.', media: ['m1'] }, { text: 'The pictures come from Svolvær, Reine and Oslo.', media: ['m2', 'm3'] }, { text: 'Anna and Ben are in them, Anna most often.', media: ['m4'] }], by: body?.text ? 'user' : '', outdated: false });
    if (root === 'albums') return albums.route(response, { id, sub, extra, method, body: () => body(request), ok, fail, page, query });
    if (root === 'memories') return memories.route(response, { id, sub, extra, method, query, body: () => body(request), ok });
    if (root === 'themes') return themes.route(response, { id, sub, extra, method, body: () => body(request), ok, fail, page, query });
    if (root === 'tags') return ok(response, []);
    if (root === 'conversations') {
      if (!id) {
        if (method === 'POST') {
          const conversation = { id: `c${nextId++}`, title: null, created: new Date().toISOString(), updated: new Date().toISOString(), turns: [], _all: new Map() };
          conversations.set(conversation.id, conversation);
          return ok(response, { id: conversation.id });
        }
        const heads = [...conversations.values()].filter((c) => c.turns.length).sort((a, b) => b.updated.localeCompare(a.updated)).map(({ id, title, created, updated }) => ({ id, title, created, updated }));
        return ok(response, heads, { total: heads.length, next_cursor: null });
      }
      const conversation = conversations.get(id);
      if (!conversation) return fail(response, 404, 'conversation_not_found', 'This conversation does not exist any more.', 'Start a new one.');
      if (method === 'DELETE') {
        conversations.delete(id);
        response.writeHead(204);
        return response.end();
      }
      if (sub === 'turns' && method === 'POST') return answers.answer(request, response, conversation, await body(request));
      if (sub === 'turns' && parts[4] === 'media') {
        const turn = conversation.turns.find((t) => t.id === extra);
        return page(response, conversation._all.get(extra) ?? [], query, answers.hitOf(turn.reading));
      }
      return ok(response, { id: conversation.id, title: conversation.title, turns: conversation.turns });
    }
    if (root === 'tool-calls') {
      const call = answers.toolCalls.get(id);
      if (!call) return fail(response, 404, 'tool_call_not_found', 'This step does not exist any more.');
      call.status = { confirm: 'done', reject: 'rejected', undo: 'undone' }[sub];
      return ok(response, call);
    }
    if (root === 'jobs') {
      const wanted = method === 'POST' ? ((await body(request)).kind ?? null) : null;
      if (sub === 'retry') {
        failed.splice(failed.findIndex((j) => j.id === id), 1);
        return ok(response, { jobs: 1 });
      }
      if (id === 'retry') {
        for (let at = failed.length - 1; at >= 0; at -= 1) if (!wanted || failed[at].kind === wanted) failed.splice(at, 1);
        return ok(response, {});
      }
      if (id === 'pause' || id === 'resume') {
        const paused = id === 'pause';
        if (wanted) for (const each of kinds) { if (each.kind === wanted) each.paused = paused; }
        else {
          activity.paused = paused;
          if (!paused) for (const each of kinds) each.paused = false;
        }
        return ok(response, {});
      }
      if (id === 'cancel') {
        for (const each of kinds) if (!wanted || each.kind === wanted) Object.assign(each, { cancelled: each.cancelled + each.queued, queued: 0 });
        return ok(response, {});
      }
      const running = empty ? [] : [{ id: 'r1', kind: 'find_faces', path: '/photos/2021/Reine/IMG_8812.JPG', progress: 0 }, { id: 'r2', kind: 'find_faces', path: '/photos/2021/Reine/IMG_8813.JPG', progress: 0 }];
      return ok(response, { ...queue(), running, failed: empty ? [] : failed });
    }
    if (root === 'folders') {
      if (method === 'POST') {
        const { path: folder } = await body(request);
        if (!folder?.startsWith('/')) return fail(response, 422, 'folder_not_found', `There is no folder ${folder}.`, 'Give the whole path, starting with a slash.');
        folders.push({ path: folder, media: 0, watched: true });
        return ok(response, {});
      }
      return ok(response, folders, { total: folders.length, next_cursor: null });
    }
    if (root === 'map') return map.route(response, { id, query, ok, page });
    if (root === 'models') return models.route(request, response, { id, sub, extra, method, body, ok, fail });
    if (root === 'transcriptions' && method === 'POST') return answers.hear(request, response);
    if (root === 'session') {
      if (method === 'DELETE') response.setHeader('set-cookie', 'recollect_token=; Path=/; Max-Age=0');
      return ok(response, {});
    }
    if (root === 'events-stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const timer = setInterval(() => {
        const faces = kinds.find((each) => each.kind === 'find_faces');
        if (faces && faces.queued > 0 && !faces.paused && !activity.paused) {
          faces.queued -= 15;
          faces.done += 15;
        }
        response.write(`event: jobs\ndata: ${JSON.stringify(queue())}\n\n`);
      }, 700);
      response.on('close', () => clearInterval(timer));
      return;
    }
    return fail(response, 404, 'not_found', `There is no ${path}.`);
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    response.setHeader('content-security-policy', CSP);
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('x-content-type-options', 'nosniff');
    const work = url.pathname.startsWith('/api/v1/') ? route(request, response, url) : serveApp(request, response, url);
    Promise.resolve(work).catch((reason) => {
      console.error(reason);
      if (!response.headersSent) fail(response, 500, 'mock_failed', String(reason));
      else response.end();
    });
  });
  return new Promise((ready) => {
    server.listen(port, '127.0.0.1', () => ready({
      url: `http://127.0.0.1:${server.address().port}`,
      close: () => new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections?.();
      }),
    }));
  });
}

function serveApp(request, response, url) {
  const wanted = normalize(join(DIST, decodeURIComponent(url.pathname)));
  const file = wanted.startsWith(DIST) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(DIST, 'index.html');
  if (!existsSync(file)) {
    response.writeHead(503, { 'content-type': 'text/plain' });
    return response.end('Run `npm run build` first.');
  }
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': file.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache' });
  response.end(readFileSync(file));
}

let clip = null;
/** A short clip to play, drawn by ffmpeg on first use. */
function clipFile() {
  if (clip) return clip;
  const file = join(tmpdir(), `recollect-mock-${process.getuid?.() ?? 0}.mp4`);
  if (!existsSync(file)) {
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'gradients=s=1280x720:d=4:speed=0.05:c0=0x14507f:c1=0xf2b44f', '-pix_fmt', 'yuv420p', '-y', file]);
  }
  return (clip = file);
}

function sendFile(request, response, file, type) {
  const size = statSync(file).size;
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = match ? Number(match[1]) : 0;
  const end = match?.[2] ? Math.min(size - 1, Number(match[2])) : size - 1;
  response.writeHead(match ? 206 : 200, { 'content-type': type, 'accept-ranges': 'bytes', 'content-length': end - start + 1, ...(match ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}) });
  createReadStream(file, { start, end }).pipe(response);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, otherwise) => {
    const at = process.argv.indexOf(`--${name}`);
    return at > 0 ? Number(process.argv[at + 1]) : otherwise;
  };
  const { url } = await startMock({ port: option('port', 4173), media: option('media', 100_000), empty: process.argv.includes('--empty'), slow: option('slow', 28) });
  console.log(`mock server: ${url}`);
}

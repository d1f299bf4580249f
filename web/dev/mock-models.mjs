// The models of the mock server: a few of the catalogue, one of them on its way, with downloads that take some seconds.

const MB = 1_000_000;
const ABILITIES = [
  ['chat', 'Questions in your own words, beyond what rules can read.'],
  ['vision', 'Captions for pictures, and questions about a single one; not used by this version yet.'],
  ['text-embedding', 'Finding pictures by the meaning of what is written about them.'],
  ['image-embedding', 'Finding pictures by what is seen in them, without a word written; not used by this version yet.'],
  ['speech', 'Asking by voice.'],
  ['faces', 'Finding faces, and which of them are the same person; not used by this version yet.'],
  ['text-in-pictures', 'Finding signs, tickets and letters in pictures; tesseract, a program of the system, reads where no model does.'],
];
const pack = (name, language, more = {}) => ({ name, language, script: null, package: `tesseract-ocr-${name.replace('_', '-')}`, installed: false, used: false, wanted: false, ...more });
const PACKS = [
  pack('Latin', null, { script: 'Latn', package: 'tesseract-ocr-script-latn', installed: true, used: true }),
  ...[['deu', 'de'], ['eng', 'en'], ['fra', 'fr']].map(([name, language]) => pack(name, language, { installed: true })),
  pack('jpn', 'ja', { wanted: true }),
  ...[['ara', 'ar'], ['bul', 'bg'], ['ell', 'el'], ['heb', 'he'], ['hin', 'hi'], ['kor', 'ko'], ['rus', 'ru'], ['tha', 'th'], ['ukr', 'uk'], ['chi_sim', 'zh-Hans']].map(([name, language]) => pack(name, language)),
];
const TIERS = [
  ['nas', 'A small machine that is always on: 4 GB of memory, no graphics card.'],
  ['laptop', 'A laptop or desktop with 16 GB of memory.'],
  ['gpu', 'A machine with a graphics card of 12 GB or more.'],
];
const MANY = ['multilingual'];

function list() {
  const model = (id, ability, role, mb, memory_mb, tiers, description, more = {}) => ({
    id, ability, role, description, licence: 'Apache-2.0', restriction: null, home: 'https://example.org', languages: [], memory_mb,
    size: mb * MB, tiers, installed: false, outdated: false, known: true, source: null, partial: 0, pull: null, ...more,
  });
  return [
    model('Qwen3-0.6B', 'chat', 'language', 640, 1200, ['nas'], 'The smallest that calls tools; for machines with little memory.', { languages: MANY }),
    model('Qwen3-4B', 'chat', 'language', 2500, 4200, ['laptop'], 'Reliable with tools and long questions.', { languages: MANY }),
    model('Qwen3-8B', 'chat', 'language', 5030, 7200, ['gpu'], 'For an accelerator with 8 GB or more.', { languages: MANY }),
    model('SmolVLM-500M-Instruct', 'vision', 'vision', 546, 1400, ['nas'], 'Short captions in English on any CPU.', { languages: ['en'] }),
    model('Qwen3-VL-2B-Instruct', 'vision', 'vision', 1552, 3000, ['laptop'], 'Captions, questions about one picture, text in pictures.', { languages: MANY, partial: 400 * MB }),
    model('all-MiniLM-L6-v2', 'text-embedding', 'text-encoder', 91, 200, ['nas', 'laptop', 'gpu'], 'Meaning of short texts as vectors of 384 numbers; English first.', { installed: true, languages: ['en'], source: 'hub' }),
    model('siglip2-base-patch16-224', 'image-embedding', 'image-encoder', 689, 1200, ['laptop', 'gpu'], 'Finds pictures by what is seen in them, asked in any of 100 languages.', { languages: MANY }),
    model('whisper-base', 'speech', 'speech', 148, 400, ['nas'], 'Clear speech in 99 languages, on any CPU.', { licence: 'MIT', languages: MANY }),
    model('whisper-small', 'speech', 'speech', 488, 900, ['laptop'], 'Surer with accents and noise; 99 languages.', { licence: 'MIT', languages: MANY }),
    model('yunet-2023mar', 'faces', 'face-detector', 1, 30, ['nas', 'laptop', 'gpu'], 'Finds faces and their eyes, nose and mouth.', { licence: 'MIT', installed: true, source: 'hub' }),
    model('sface-2021dec', 'faces', 'face-encoder', 39, 120, ['nas', 'laptop', 'gpu'], 'Tells which faces are the same person.'),
    model('buffalo_l-recognition', 'faces', 'face-encoder', 174, 400, [], 'InsightFace ArcFace R50: surer with children and side views.', { licence: 'LicenseRef-InsightFace-non-commercial', restriction: 'non-commercial research purposes only' }),
    model('ppocrv3-text-detection', 'text-in-pictures', 'text-detector', 2, 150, ['nas', 'laptop', 'gpu'], 'Finds lines of text in any script.', { installed: true, source: 'hub' }),
    model('my-own', null, 'classifier', 14, null, [], '', { installed: true, known: false, licence: null, home: null, source: 'imported from /home/mira/my-own.onnx' }),
  ];
}

export function makeModels(empty) {
  const models = list();
  const listeners = new Set();
  const timers = new Map();
  const tell = (pull) => listeners.forEach((response) => response.write(`event: pull\ndata: ${JSON.stringify(pull)}\n\n`));
  const named = (id) => models.find((model) => model.id === id);

  function stop(model) {
    clearInterval(timers.get(model.id));
    timers.delete(model.id);
  }
  function start(model, step = 0.004) {
    if (timers.has(model.id)) return model.pull;
    const done = model.pull?.done ?? model.partial;
    model.pull = { model: model.id, phase: 'download', file: 'model.gguf', source: 'https://hub.example/', done, total: model.size, bytes_per_s: null, error: null, hint: null };
    timers.set(model.id, setInterval(() => {
      const pull = model.pull;
      pull.done = Math.min(pull.total, pull.done + Math.round(pull.total * step));
      pull.bytes_per_s = pull.total * step * 4;
      if (pull.done === pull.total) {
        stop(model);
        Object.assign(model, { installed: true, pull: null, partial: 0, source: pull.source });
        return tell({ ...pull, phase: 'done' });
      }
      tell(pull);
    }, 250).unref());
    return model.pull;
  }

  if (!empty) {
    start(Object.assign(named('Qwen3-4B'), { partial: 900 * MB }));
    named('whisper-small').pull = { model: 'whisper-small', phase: 'failed', file: null, source: null, done: 0, total: 488 * MB, bytes_per_s: null, error: 'the model `whisper-small` cannot be fetched from any source:\n  - https://huggingface.co/ggerganov/whisper.cpp/resolve/main/: the server answers 503 Service Unavailable', hint: 'Check the network and try again, or fetch the files elsewhere and use `recollect models import`.' };
  }

  function describe() {
    const of = (tier) => models.filter((model) => model.tiers.includes(tier));
    const sum = (list) => list.reduce((total, model) => total + model.size, 0);
    const ready = (ability) => {
      const roles = new Set(models.filter((model) => model.ability === ability).map((model) => model.role));
      return [...roles].every((role) => models.some((model) => model.role === role && model.installed));
    };
    return {
      folder: '/home/mira/.local/share/recollect/models', free: 61_400 * MB, offline: false,
      abilities: ABILITIES.map(([id, purpose]) => ({ id, purpose, ready: ready(id), at_once: ['chat', 'vision', 'speech'].includes(id), packs: id === 'text-in-pictures' ? PACKS : [] })),
      tiers: TIERS.map(([id, machine]) => ({ id, machine, models: of(id).map((model) => model.id), abilities: ABILITIES.map(([ability]) => ability).filter((ability) => of(id).some((model) => model.ability === ability)), size: sum(of(id)), missing: sum(of(id).filter((model) => !model.installed)), memory_mb: Math.max(...of(id).map((model) => model.memory_mb)) })),
      models,
    };
  }

  async function route(request, response, { id, sub, extra, method, body, ok, fail }) {
    if (!id) return ok(response, describe());
    if (id === 'events-stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(': here\n\n');
      listeners.add(response);
      return response.on('close', () => listeners.delete(response));
    }
    const model = named(id);
    if (!model) return fail(response, 404, 'model_not_found', `there is no model \`${id}\` in the catalogue`);
    if (sub === 'pull' && extra === 'pause') {
      stop(model);
      if (model.pull) Object.assign(model.pull, { phase: 'paused', bytes_per_s: null });
      return ok(response, {});
    }
    if (sub === 'pull' && method === 'POST') {
      const { accept_licence: accepted } = await body(request);
      if (model.restriction && !accepted) return fail(response, 409, 'licence_not_accepted', `the licence of \`${id}\` allows ${model.restriction}`);
      return ok(response, start(model, 0.05));
    }
    if (method === 'DELETE') {
      stop(model);
      Object.assign(model, { pull: null, partial: 0, installed: sub === 'pull' && model.installed });
      tell({ model: id, phase: 'gone' });
      return ok(response, { freed: model.size });
    }
    return fail(response, 405, 'method_not_allowed', 'this address has other methods');
  }
  return { route };
}

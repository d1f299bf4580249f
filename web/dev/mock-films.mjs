// Films of the mock server: one that is there, and what is done with it.

const WHOLE = { x: 0, y: 0, w: 1, h: 1 };

export function makeFilms(card, empty) {
  const films = [];

  function shot(index, at) {
    const media = card(index);
    const landscape = media.width > media.height;
    const inner = { x: 0.07, y: 0.16, w: 0.86, h: (0.86 * media.width * 9) / (media.height * 16) };
    const path = { from: landscape ? { x: 0, y: (1 - inner.h / 0.86) / 2, w: 1, h: inner.h / 0.86 } : WHOLE, to: landscape ? inner : WHOLE, easing: 'gentle' };
    const place = at === 0 || at === 4 ? { caption: { text: at === 0 ? 'Reine' : 'Svolvær', small: at === 0 ? '9 July 2019' : '12 July 2019', place: 'corner' } } : {};
    return {
      media: media.id, show: { kind: 'still', path, fit: !landscape }, duration_ms: 3100 + (at % 3) * 800,
      transition: { kind: 'dissolve', ms: 900 }, section: at < 4 ? 0 : 1, reason: 'one of 41 of Reine; Mira; 5 stars', score: 0.8, ...place,
    };
  }

  /** A shot of the first video there is. */
  function clip(at) {
    let index = 70;
    while (card(index).kind !== 'video') index += 1;
    return { ...shot(index, at), show: { kind: 'clip', in_ms: 1200, out_ms: 3600, area: WHOLE, fit: false, sound: true }, duration_ms: 2400 };
  }

  function make(prompt) {
    const shots = [...[4, 11, 19, 26, 33, 41, 52].map((index, at) => shot(index, at)), clip(7)];
    const card0 = { ...shots[0], show: { kind: 'card' }, duration_ms: 3400, transition: { kind: 'cut', ms: 0 }, caption: { text: 'Norway', small: 'July 2019', place: 'middle' }, reason: 'the title' };
    const film = {
      id: `f${films.length + 1}`, prompt, version: 1, said: 'planned', renders: [], deleted: null, updated: new Date().toISOString(),
      storyboard: {
        schema: 1, title: 'Norway', subtitle: 'July 2019', format: '16:9', pace: 'even', mood: 'gentle', captions: true, wished_ms: 0, seed: 1, beat_ms: 789,
        sections: [{ title: 'Reine', subtitle: '9 July 2019' }, { title: 'Svolvær', subtitle: '12 July 2019' }],
        shots: [card0, ...shots], music: { kind: 'made' }, ending: { fade_ms: 2000 },
      },
    };
    films.push(film);
    return film;
  }

  const codecs = [
    { codec: 'h264', title: 'H.264', encoder: 'libx264', hardware: false, missing: null },
    { codec: 'hevc', title: 'HEVC', encoder: 'hevc_nvenc', hardware: true, missing: null },
    { codec: 'av1', title: 'AV1', encoder: null, hardware: false, missing: 'the ffmpeg that was found cannot make AV1: it has none of libsvtav1, libaom-av1, librav1e; install a whole one (apt-get install ffmpeg, brew install ffmpeg) or choose another format' },
  ];

  const tunes = [{ id: 't1', title: 'Grandpa’s waltz', path: '/music/Grandpa’s waltz.flac', given: false }, { id: 't2', title: 'Summer rain', path: '/music/Summer rain.mp3', given: false }];

  /** Two seconds of a tone, whatever was asked for. */
  function tone(response) {
    const samples = 2 * 8000;
    const file = Buffer.alloc(44 + samples);
    file.write('RIFF', 0);
    file.writeUInt32LE(36 + samples, 4);
    file.write('WAVEfmt ', 8);
    [[16, 16, 4], [20, 1, 2], [22, 1, 2], [24, 8000, 4], [28, 8000, 4], [32, 1, 2], [34, 8, 2]].forEach(([at, value, bytes]) => file.writeUIntLE(value, at, bytes));
    file.write('data', 36);
    file.writeUInt32LE(samples, 40);
    for (let at = 0; at < samples; at++) file[44 + at] = 128 + Math.round(40 * Math.sin(at * 0.3));
    response.writeHead(200, { 'content-type': 'audio/wav' });
    response.end(file);
  }

  async function music(request, response, { id, query, ok }) {
    if (id) return tone(response);
    if (request.method !== 'POST') return ok(response, tunes);
    for await (const chunk of request) void chunk;
    const name = query.get('name');
    tunes.push({ id: `t${tunes.length + 1}`, title: name.replace(/\.[^.]+$/, ''), path: `/data/music/${name}`, given: true });
    return ok(response, tunes[tunes.length - 1]);
  }

  function view(film) {
    const { storyboard: board } = film;
    const media = Object.fromEntries(board.shots.map((one) => [one.media, card(Number(one.media.replace(/\D/g, '')))]));
    const seconds = board.shots.reduce((sum, one) => sum + one.duration_ms, 0) / 1000;
    return { ...film, title: board.title, seconds, shots: board.shots.length - 1, cover: media[board.shots[0].media], media };
  }

  async function route(request, response, { id, sub, query, body, ok, fail }) {
    const { method } = request;
    if (sub === 'music') return tone(response);
    if (!id && method === 'GET') return ok(response, films.filter((film) => !film.deleted).map(view));
    if (!id) return ok(response, view(make((await body(request)).prompt)));
    if (id === 'codecs') return ok(response, codecs);
    if (id === 'plan') {
      const { storyboard, media } = view(films[0]);
      return ok(response, { storyboard, media });
    }
    const film = films.find((one) => one.id === id);
    if (!film) return fail(response, 404, 'film_not_found', `There is no film ${id}.`);
    if (method === 'DELETE') film.deleted = new Date().toISOString();
    if (sub === 'restore') film.deleted = null;
    if (sub === 'storyboard') Object.assign(film, { storyboard: (await body(request)).storyboard, version: film.version + 1 });
    if (sub === 'changes') {
      const { text } = await body(request);
      if (text !== 'shorter') return fail(response, 400, 'bad_request', 'that is no change of a film; say “shorter”');
      film.storyboard.shots.splice(3, 2);
      Object.assign(film, { version: film.version + 1, said: '21 s instead of 31 s, 6 shots' });
    }
    if (sub === 'shots') return ok(response, [70, 77, 84, 91].map(card));
    if (sub === 'render') film.renders = [{ quality: query.get('quality'), codec: query.get('codec') ?? 'h264', notice: null, state: 'running', progress: 0.42, current: true, error: null }];
    if (sub === 'cancel') film.renders = [];
    return ok(response, view(film));
  }

  if (!empty) make('a gentle film of Norway');
  return { route, music };
}

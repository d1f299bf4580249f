// The made-up library behind the mock server: 100,000 media over many years, with people, trips and places.
// Everything follows from one seed, so screenshots and tests see the same library every time.

import { rgbaToThumbHash } from 'thumbhash';
import { randomFrom, tinyPixels } from './scene.mjs';

const PLACES = [
  ['Lisbon', 'Lisbon', 'Portugal', 'PT', 38.72, -9.14], ['Reine', 'Nordland', 'Norway', 'NO', 67.93, 13.09],
  ['Kyoto', 'Kyoto', 'Japan', 'JP', 35.01, 135.77], ['Zermatt', 'Valais', 'Switzerland', 'CH', 46.02, 7.75],
  ['Hamburg', 'Hamburg', 'Germany', 'DE', 53.55, 9.99], ['Siena', 'Tuscany', 'Italy', 'IT', 43.32, 11.33],
  ['Banff', 'Alberta', 'Canada', 'CA', 51.18, -115.57], ['Cape Town', 'Western Cape', 'South Africa', 'ZA', -33.92, 18.42],
];
const PEOPLE = ['Mira', 'Jonas', 'Tilda', 'Grandma Ruth', 'Theo', 'Samir', 'Ingrid', 'Biscuit'];
const SHAPES = [[4032, 3024], [3024, 4032], [6000, 4000], [4000, 6000], [3000, 3000], [1920, 1080], [9000, 3000]];

export function makeLibrary(total) {
  const random = randomFrom(20261121);
  const days = [];
  const trips = [];
  const date = new Date(Date.UTC(2026, 10, 20));
  let left = total - 37;
  while (left > 0) {
    const isTrip = random() < 0.04;
    const place = PLACES[isTrip ? Math.floor(random() * PLACES.length) : 4];
    const length = isTrip ? 4 + Math.floor(random() * 10) : 1;
    const first = days.length;
    for (let i = 0; i < length && left > 0; i++) {
      const count = Math.min(left, isTrip ? 25 + Math.floor(random() * 110) : random() < 0.55 ? 1 + Math.floor(random() * 4) : 5 + Math.floor(random() * 40));
      days.push({ day: date.toISOString().slice(0, 10), count, place });
      left -= count;
      date.setUTCDate(date.getUTCDate() - 1);
    }
    if (isTrip && days.length > first) trips.push({ first, last: days.length - 1, place });
    date.setUTCDate(date.getUTCDate() - Math.floor(random() * 3));
  }
  days.push({ day: null, count: 37, place: null });
  const starts = [];
  let start = 0;
  for (const day of days) {
    starts.push(start);
    start += day.count;
  }
  return { days, starts, total: start, trips, PEOPLE };
}

export function cardOf(library, index) {
  let low = 0;
  let high = library.days.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (library.starts[middle] <= index) low = middle;
    else high = middle - 1;
  }
  const day = library.days[low];
  const within = index - library.starts[low];
  const random = randomFrom(index + 99);
  const pick = random();
  const [width, height] = SHAPES[pick < 0.45 ? 0 : pick < 0.62 ? 1 : pick < 0.8 ? 2 : pick < 0.88 ? 3 : pick < 0.92 ? 4 : pick < 0.985 ? 5 : 6];
  const video = random() < 0.05;
  const minute = Math.floor((1 - (within + 0.5) / day.count) * 13 * 60);
  const pad = (n) => String(n).padStart(2, '0');
  const { w, h, rgba } = tinyPixels(index, width, height);
  return {
    id: `m${String(index).padStart(6, '0')}`,
    kind: video ? 'video' : 'photo',
    name: video ? `MVI_${1000 + (index % 9000)}.MP4` : `IMG_${1000 + (index % 9000)}.JPG`,
    width: video ? 1280 : width,
    height: video ? 720 : height,
    taken: day.day ? `${day.day}T${pad(7 + Math.floor(minute / 60))}:${pad(minute % 60)}:${pad(index % 60)}` : null,
    duration_s: video ? 3 + random() * 90 : null,
    live: !video && random() < 0.06,
    favorite: random() < 0.05,
    rating: random() < 0.1 ? 3 + Math.floor(random() * 3) : null,
    place: day.place ? `${day.place[0]}, ${day.place[2]}` : null,
    thumbhash: Buffer.from(rgbaToThumbHash(w, h, rgba)).toString('base64'),
    version: '1',
    _place: day.place,
  };
}

export const indexOf = (id) => (/^m\d{6}$/.test(id) ? Number(id.slice(1)) : -1);

export function detailOf(library, index) {
  const card = cardOf(library, index);
  const random = randomFrom(index + 5);
  const place = card._place;
  const people = random() < 0.6 ? PEOPLE.slice(index % 5, (index % 5) + 1 + (index % 2)) : [];
  const trip = library.trips.find((t) => {
    const end = library.starts[t.last] + library.days[t.last].count;
    return index >= library.starts[t.first] && index < end;
  });
  return {
    ...card,
    paths: [`/photos/${card.taken?.slice(0, 7) ?? 'scans'}/${card.name}`],
    bytes: 2_400_000 + (index % 77) * 31_000,
    mime: card.kind === 'video' ? 'video/mp4' : 'image/jpeg',
    title: random() < 0.3 ? 'The long way home' : null,
    description: random() < 0.7 ? 'Late light over the water, everybody tired and happy after the walk.' : null,
    described_by_user: false,
    captions: index % 2 ? [{ title: 'Evening at the water', sentence: 'Three people sit on a low wall above the water while the sun goes down.', tags: ['sunset', 'water', 'wall', 'people'], language: 'en', model: 'qwen3-vl-4b', version: 'q4', written: '2026-11-20T18:00:00Z', current: true }] : [],
    keywords: ['walk', 'evening', 'family'].slice(0, index % 4),
    people: people.map((name, i) => ({ id: `p${PEOPLE.indexOf(name)}`, name, box: [0.26 + i * 0.33, 0.38, 0.14, 0.2] })),
    position: place ? { lat: place[4] + random() / 50, lon: place[5] + random() / 50, altitude: 42 } : null,
    place_parts: place ? { locality: null, city: place[0], region: place[1], country: place[2], country_code: place[3] } : null,
    camera: index % 3 ? 'Fujifilm X-T30' : 'Pixel 8', lens: index % 3 ? 'XF 23mm F2 R WR' : null,
    exposure: { iso: 200, f_number: 5.6, exposure_s: 0.004, focal_mm: 23 },
    events: trip ? [{ id: `e${library.trips.indexOf(trip)}`, name: `${trip.place[0]} trip` }] : [],
    albums: index % 11 === 0 ? [{ id: 'a0', name: 'Best of the year' }] : [],
    utc_offset: '+01:00',
    values: [
      { name: 'taken', value: card.taken ?? '—', source: 'exif' },
      { name: 'position', value: place ? `${place[4]}, ${place[5]}` : '—', source: 'exif gps' },
      { name: 'description', value: 'Late light over the water, everybody tired and happy after the walk.', source: 'xmp sidecar' },
      { name: 'camera', value: index % 3 ? 'Fujifilm X-T30' : 'Pixel 8', source: 'exif' },
      { name: 'people', value: people.join(', ') || '—', source: 'xmp face regions' },
    ],
    transcript: card.kind === 'video' ? { language: 'english', segments: [{ start: 0.4, end: 1.6, text: 'Come here, come here!' }, { start: 1.9, end: 3.6, text: 'Look at the pelican on the roof.' }] } : null,
    text: card.kind === 'video' ? [] : [textLine('Gate B42 Departures', 0.58, 0.18, 0.3, 0.07, -4), textLine('Please keep this door closed', 0.6, 0.27, 0.25, 0.045, -4)],
    copies: index % 9 === 0 ? [cardOf(library, (index + 1) % library.total)] : [],
    status: 'ready',
    problems: [],
  };
}

/** A line of text at a place in the picture, turned by some degrees. */
function textLine(text, x, y, w, h, degrees) {
  const [a, b] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const at = (along, down) => [x + along * w * a - down * h * b, y + along * w * b + down * h * a];
  const cornersOf = (from, to) => [at(from, 0), at(to, 0), at(to, 1), at(from, 1)];
  let from = 0;
  const words = text.split(' ').map((word) => {
    const [begin, end] = [from / text.length, (from + word.length) / text.length];
    from += word.length + 1;
    return { text: word, certainty: 0.94, corners: cornersOf(begin, end) };
  });
  return { text, certainty: 0.93, language: 'en', at: null, box: [x, y, w, h], corners: cornersOf(0, 1), words, model: 'ppocrv3-text-detection+tesseract', version: '03f5+5.3.0' };
}

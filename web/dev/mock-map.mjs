// The map of the mock server: the pictures of its trips, scattered around their places, counted in cells as the real one
// does it.

import { cardOf } from './mock-library.mjs';
import { randomFrom } from './scene.mjs';

/** So many pictures of a trip have a position. */
const OF_A_TRIP = 60;

export function makeMap(library, card) {
  const points = [];
  library.trips.slice(0, 60).forEach((trip, number) => {
    const random = randomFrom(number + 31);
    const [from, days] = [library.starts[trip.first], trip.last - trip.first + 1];
    const end = library.starts[trip.last] + library.days[trip.last].count;
    const [, , , , lat, lon] = trip.place;
    for (let at = 0; at < OF_A_TRIP; at++) {
      const index = from + Math.floor(((end - from) * at) / OF_A_TRIP);
      // Each day somewhere else around the place.
      const day = Math.floor((at / OF_A_TRIP) * days);
      const [angle, far] = [day * 1.9 + number, day === 0 ? 0 : 0.12 + (day % 4) * 0.16];
      points.push({ index, lat: lat + Math.sin(angle) * far + random() * 0.008, lon: lon + (Math.cos(angle) * far) / Math.cos((lat * Math.PI) / 180) + random() * 0.012 });
    }
  });
  const across = (lon) => ((lon + 180) / 360) * 256;
  const down = (lat) => ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 256;
  const inside = ({ lat, lon }, [west, south, east, north]) => lat >= south && lat <= north && (west <= east ? lon >= west && lon <= east : lon >= west || lon <= east);

  function clusters(area, zoom) {
    const scale = 2 ** zoom / 62;
    const cells = new Map();
    for (const point of points.filter((each) => inside(each, area))) {
      const key = `${Math.floor(across(point.lon) * scale)}/${Math.floor(down(point.lat) * scale)}`;
      cells.set(key, [...(cells.get(key) ?? []), point]);
    }
    const seats = [];
    for (const group of [...cells.values()].sort((a, b) => b.length - a.length)) {
      const at = [across(group[0].lon) * scale * 62, down(group[0].lat) * scale * 62];
      const near = seats.find((seat) => Math.hypot(seat.at[0] - at[0], seat.at[1] - at[1]) < 62);
      if (near) near.group.push(...group);
      else seats.push({ at, group });
    }
    return seats.map(({ group }) => {
      const mean = (of) => group.reduce((sum, each) => sum + of(each), 0) / group.length;
      const places = new Set(group.map(({ index }) => cardOf(library, index).place));
      const [lats, lons] = [group.map(({ lat }) => lat), group.map(({ lon }) => lon)];
      const areas = [[Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]];
      return { lat: mean(({ lat }) => lat), lon: mean(({ lon }) => lon), count: group.length, place: places.size === 1 ? [...places][0].split(',')[0] : null, cover: card(group[0].index), areas };
    }).sort((a, b) => b.count - a.count);
  }

  /** The stops of a trip: a day each. */
  function stops(number) {
    const found = [];
    for (const { index, lat, lon } of points.slice(number * OF_A_TRIP, (number + 1) * OF_A_TRIP)) {
      const { id, taken, place } = card(index);
      const last = found[found.length - 1];
      if (last && last.start.slice(0, 10) === taken.slice(0, 10)) Object.assign(last, { end: taken, media: [...last.media, id] });
      else found.push({ lat, lon, place, start: taken, end: taken, media: [id] });
    }
    // The library lists the latest first.
    return found.reverse().map((stop) => ({ ...stop, start: stop.end < stop.start ? stop.end : stop.start, end: stop.end < stop.start ? stop.start : stop.end }));
  }

  function route(response, { id, query, ok, page }) {
    if (id === 'clusters') return ok(response, clusters(['west', 'south', 'east', 'north'].map((edge) => Number(query.get(edge))), Number(query.get('zoom'))));
    if (id === 'media') {
      const areas = (query.get('areas') ?? '').split(';').map((area) => area.split(',').map(Number));
      const indexes = points.filter((point) => areas.some((area) => inside(point, area))).map(({ index }) => index).sort((a, b) => a - b);
      return page(response, indexes, query, card);
    }
    const [lats, lons] = [points.map(({ lat }) => lat), points.map(({ lon }) => lon)];
    const bounds = points.length ? [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)] : null;
    return ok(response, { located: points.length, bounds, tiles: { url: 'https://tiles.example/{z}/{x}/{y}.png', credit: '© Somebody', host: 'tiles.example' } });
  }

  return { route, stops };
}

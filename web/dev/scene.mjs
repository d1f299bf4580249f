// Draws the mock library's pictures: small landscapes as SVG, each decided by its number alone, so that the app
// can be seen with something photograph-like on its pages. Used in development and tests only.

/** A seeded random number generator (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const PALETTES = [
  { name: 'dawn', sky: ['#fbd9b5', '#e58e73', '#6b5b95'], land: ['#7d5a7a', '#4e3a5f', '#2b2340'], light: '#fff1d6' },
  { name: 'noon', sky: ['#cfe8f7', '#8fc3e8', '#4b8fc9'], land: ['#7fae6b', '#4f8a55', '#2d5f45'], light: '#ffffff' },
  { name: 'dusk', sky: ['#f6b26b', '#c2528b', '#3b2a6b'], land: ['#51366e', '#352350', '#1d1433'], light: '#ffd9a0' },
  { name: 'mist', sky: ['#eef0ee', '#cfd8d8', '#a9bbc0'], land: ['#93a8a8', '#6c8587', '#48605f'], light: '#ffffff' },
  { name: 'night', sky: ['#31456e', '#1b2748', '#0b1024'], land: ['#121a33', '#0d1327', '#070b18'], light: '#f4f1d0' },
  { name: 'autumn', sky: ['#f9e7c4', '#efc37b', '#d68a4c'], land: ['#b5672f', '#8a4a25', '#57301f'], light: '#fff6dd' },
  { name: 'snow', sky: ['#f4f8fc', '#d3e3f2', '#9fbfdc'], land: ['#ffffff', '#e4eef6', '#b9cfe2'], light: '#fffbe8' },
  { name: 'sea', sky: ['#fdf3dc', '#a9dbe0', '#5fb0c8'], land: ['#2f8fa6', '#1e6f8c', '#e9d8a6'], light: '#fffaf0' },
];
export const SCENES = ['hills', 'sea', 'peaks', 'city', 'forest', 'portrait'];

export function lookOf(number) {
  const random = randomFrom(number * 7919 + 13);
  return { palette: PALETTES[Math.floor(random() * PALETTES.length)], scene: SCENES[Math.floor(random() * SCENES.length)], random };
}

export function drawScene(number, width, height) {
  const { palette, scene, random } = lookOf(number);
  const W = 1200;
  const H = Math.max(1, Math.round((1200 * height) / width));
  const out = [];
  const n = (value) => value.toFixed(0);
  out.push(`<defs><linearGradient id="s" x1="0" y1="1" x2="0" y2="0"><stop offset="0" stop-color="${palette.sky[0]}"/><stop offset=".5" stop-color="${palette.sky[1]}"/><stop offset="1" stop-color="${palette.sky[2]}"/></linearGradient><radialGradient id="g"><stop offset="0" stop-color="${palette.light}"/><stop offset="1" stop-color="${palette.light}" stop-opacity="0"/></radialGradient></defs>`);
  out.push(`<rect width="${W}" height="${H}" fill="url(#s)"/>`);
  const sunX = W * (0.15 + random() * 0.7);
  const sunY = H * (0.15 + random() * 0.3);
  const sunR = H * (0.04 + random() * 0.06);
  out.push(`<circle cx="${n(sunX)}" cy="${n(sunY)}" r="${n(sunR * 5)}" fill="url(#g)" opacity=".55"/><circle cx="${n(sunX)}" cy="${n(sunY)}" r="${n(sunR)}" fill="${palette.light}"/>`);
  if (palette.name === 'night') for (let i = 0; i < 60; i++) out.push(`<circle cx="${n(random() * W)}" cy="${n(random() * H * 0.6)}" r="${(0.8 + random() * 2).toFixed(1)}" fill="#fff" opacity="${(0.3 + random() * 0.6).toFixed(2)}"/>`);
  const ridge = (base, rough, color, steps) => {
    let d = `M0 ${H}`;
    for (let i = 0; i <= steps; i++) d += ` L${n((i / steps) * W)} ${n(base + (random() - 0.5) * rough)}`;
    out.push(`<path d="${d} L${W} ${H}Z" fill="${color}"/>`);
  };
  const hill = (base, wave, color) => {
    const a = base + (random() - 0.5) * wave, b = base + (random() - 0.5) * wave, c = base + (random() - 0.5) * wave;
    out.push(`<path d="M0 ${n(a)} C${n(W * 0.25)} ${n(a - wave)} ${n(W * 0.4)} ${n(b + wave)} ${n(W * 0.6)} ${n(b)} S${n(W * 0.9)} ${n(c + wave * 0.5)} ${W} ${n(c)} V${H} H0Z" fill="${color}"/>`);
  };
  if (scene === 'peaks') {
    ridge(H * 0.5, H * 0.3, palette.land[0], 9);
    ridge(H * 0.64, H * 0.22, palette.land[1], 12);
    hill(H * 0.82, H * 0.06, palette.land[2]);
  } else if (scene === 'sea') {
    const horizon = H * (0.5 + random() * 0.12);
    out.push(`<rect y="${n(horizon)}" width="${W}" height="${n(H)}" fill="${palette.land[0]}"/>`);
    for (let i = 0; i < 14; i++) out.push(`<rect x="${n(random() * W)}" y="${n(horizon + random() * (H - horizon))}" width="${n(60 + random() * 260)}" height="4" rx="2" fill="${palette.light}" opacity="${(0.08 + random() * 0.25).toFixed(2)}"/>`);
    hill(H * 0.9, H * 0.08, palette.land[2]);
    out.push(`<path d="M${n(W * 0.3)} ${n(horizon + H * 0.06)} l120 0 l-24 26 l-72 0Z M${n(W * 0.3 + 58)} ${n(horizon - H * 0.12)} l0 ${n(H * 0.17)} l60 0Z" fill="#fff" opacity=".9"/>`);
  } else if (scene === 'city') {
    hill(H * 0.62, H * 0.05, palette.land[0]);
    for (let x = -20; x < W; ) {
      const w = 50 + random() * 90, h = H * (0.15 + random() * 0.4);
      out.push(`<rect x="${n(x)}" y="${n(H * 0.88 - h)}" width="${n(w)}" height="${n(h + H * 0.2)}" fill="${palette.land[random() > 0.5 ? 1 : 2]}"/>`);
      for (let i = 0; i < 9; i++) out.push(`<rect x="${n(x + 8 + random() * (w - 22))}" y="${n(H * 0.9 - h + random() * h * 0.8)}" width="8" height="12" fill="${palette.light}" opacity="${(0.3 + random() * 0.6).toFixed(2)}"/>`);
      x += w + 4;
    }
    hill(H * 0.95, H * 0.02, palette.land[2]);
  } else if (scene === 'forest') {
    hill(H * 0.6, H * 0.14, palette.land[0]);
    for (let i = 0; i < 34; i++) {
      const x = random() * W, base = H * (0.68 + random() * 0.26), h = H * (0.16 + random() * 0.24), w = h * 0.32;
      out.push(`<path d="M${n(x)} ${n(base - h)} l${n(w / 2)} ${n(h)} l${n(-w)} 0Z" fill="${palette.land[i % 3]}"/>`);
    }
    hill(H * 0.93, H * 0.05, palette.land[2]);
  } else if (scene === 'portrait') {
    hill(H * 0.66, H * 0.1, palette.land[0]);
    hill(H * 0.8, H * 0.08, palette.land[1]);
    const shirts = ['#c8553d', '#2f6690', '#588157', '#e0a458', '#6d597a'];
    const skins = ['#f1c9a5', '#c68642', '#8d5524', '#e0ac69'];
    const people = 1 + Math.floor(random() * 3);
    for (let i = 0; i < people; i++) {
      const r = H * 0.09, x = W * ((i + 1) / (people + 1)), y = H * (0.5 + random() * 0.06);
      const hair = ['#2b1d14', '#6b4226', '#d9b26f', '#3a3a3a'][Math.floor(random() * 4)];
      out.push(`<path d="M${n(x - r * 1.9)} ${H} q0 ${n(-(H - y) * 0.75)} ${n(r * 1.9)} ${n(-(H - y) * 0.75)} t${n(r * 1.9)} ${n((H - y) * 0.75)}Z" fill="${shirts[Math.floor(random() * 5)]}"/><circle cx="${n(x)}" cy="${n(y - r * 0.18)}" r="${n(r * 1.1)}" fill="${hair}"/><circle cx="${n(x)}" cy="${n(y + r * 0.08)}" r="${n(r)}" fill="${skins[Math.floor(random() * 4)]}"/>`);
    }
  } else {
    hill(H * 0.55, H * 0.18, palette.land[0]);
    hill(H * 0.7, H * 0.16, palette.land[1]);
    hill(H * 0.86, H * 0.1, palette.land[2]);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${W} ${H}" width="${width}" height="${height}" preserveAspectRatio="xMidYMid slice">${out.join('')}</svg>`;
}

/** A few pixels of the picture's colours, for its ThumbHash. */
export function tinyPixels(number, width, height) {
  const { palette } = lookOf(number);
  const w = width >= height ? 24 : Math.max(1, Math.round((24 * width) / height));
  const h = width >= height ? Math.max(1, Math.round((24 * height) / width)) : 24;
  const stops = [palette.sky[2], palette.sky[1], palette.sky[0], palette.land[0], palette.land[1], palette.land[2]];
  const rgba = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y++) {
    const color = stops[Math.min(5, Math.floor((y / h) * 6))];
    for (let x = 0; x < w; x++) {
      for (let c = 0; c < 3; c++) rgba[(y * w + x) * 4 + c] = parseInt(color.slice(1 + c * 2, 3 + c * 2), 16);
      rgba[(y * w + x) * 4 + 3] = 255;
    }
  }
  return { w, h, rgba };
}

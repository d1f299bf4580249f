// Where one looks in a picture, as the studio changes it: boxes in 0–1 of the picture that have the shape of the frame.
// Plain functions of values.

import type { Area, Shot, Storyboard } from '../api/types';

/** No box is narrower. */
const LEAST = 0.12;

/** Width by height of the frame. */
export function frameOf(format: Storyboard['format']): number {
  const [wide, high] = format.split(':').map(Number);
  return (wide ?? 1) / (high ?? 1);
}

/** The largest box with the shape of the frame in a picture `picture` times as wide as high, in its middle. */
export function widest(picture: number, frame: number): Area {
  const w = Math.min(1, frame / picture);
  const h = Math.min(1, picture / frame);
  return { x: (1 - w) / 2, y: (1 - h) / 2, w, h };
}

/** The same box elsewhere, as far as the picture goes. */
export function shifted(area: Area, dx: number, dy: number): Area {
  return { ...area, x: within(area.x + dx, 1 - area.w), y: within(area.y + dy, 1 - area.h) };
}

/** A box as wide as asked around the middle of another, with the shape of the frame and within the picture. */
export function sized(area: Area, wide: number, picture: number, frame: number): Area {
  const most = widest(picture, frame);
  const w = Math.min(most.w, Math.max(Math.min(LEAST, most.w), wide));
  const h = Math.min(1, (w * picture) / frame);
  return { w, h, x: within(area.x + area.w / 2 - w / 2, 1 - w), y: within(area.y + area.h / 2 - h / 2, 1 - h) };
}

const within = (value: number, most: number) => Math.min(Math.max(0, most), Math.max(0, value));

/** A still that is looked at along another path, set by hand. */
export function looked(shot: Shot, from: Area, to: Area): Shot {
  if (shot.show.kind !== 'still') return shot;
  return { ...shot, show: { ...shot.show, fit: false, path: { ...shot.show.path, from, to } }, fixed: true };
}

/** A clip of which another part is seen. */
export function framed(shot: Shot, area: Area): Shot {
  return shot.show.kind === 'clip' ? { ...shot, show: { ...shot.show, fit: false, area }, fixed: true } : shot;
}

/** A shot that is shown whole on its own image out of focus, or fills the frame. */
export function fitted(shot: Shot, fit: boolean, picture: number, frame: number): Shot {
  const { show } = shot;
  if (show.kind === 'card') return shot;
  const area = widest(picture, frame);
  if (show.kind === 'clip') return { ...shot, show: { ...show, fit, area: fit ? { x: 0, y: 0, w: 1, h: 1 } : area }, fixed: true };
  const to = fit ? area : sized(area, area.w * 0.88, picture, frame);
  return { ...shot, show: { ...show, fit, path: { ...show.path, from: area, to } }, fixed: true };
}

/** A clip from one moment of its video to another, `mediaMs` being how long the video is. */
export function cut(shot: Shot, inMs: number, outMs: number, mediaMs: number): Shot {
  if (shot.show.kind !== 'clip') return shot;
  const in_ms = Math.round(Math.min(Math.max(0, inMs), Math.max(0, mediaMs - 500)));
  const out_ms = Math.round(Math.min(mediaMs, Math.max(in_ms + 500, outMs), in_ms + 60_000));
  return { ...shot, show: { ...shot.show, in_ms, out_ms }, duration_ms: out_ms - in_ms, fixed: true };
}

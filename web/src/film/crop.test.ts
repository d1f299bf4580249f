import { describe, expect, it } from 'vitest';
import type { Shot } from '../api/types';
import { cut, fitted, frameOf, looked, shifted, sized, widest } from './crop';

const still: Shot = {
  media: 'm', duration_ms: 3000, transition: { kind: 'cut', ms: 0 }, section: 0, reason: '', score: 1,
  show: { kind: 'still', fit: true, path: { from: { x: 0, y: 0, w: 1, h: 1 }, to: { x: 0, y: 0, w: 1, h: 1 }, easing: 'gentle' } },
};
const clip: Shot = { ...still, show: { kind: 'clip', in_ms: 1000, out_ms: 4000, area: { x: 0, y: 0, w: 1, h: 1 }, fit: false, sound: true } };
/** Width by height on the screen of a box in a picture. */
const shape = ({ w, h }: { w: number; h: number }, picture: number) => (w * picture) / h;

describe('boxes of a picture', () => {
  it('have the shape of the frame and stay inside', () => {
    for (const [picture, format] of [[4 / 3, '16:9'], [3 / 4, '16:9'], [3, '9:16'], [1, '1:1']] as const) {
      const frame = frameOf(format);
      const all = widest(picture, frame);
      expect(Math.max(all.w, all.h)).toBeCloseTo(1);
      for (const wide of [0, 0.3, 0.7, 2]) {
        const box = shifted(sized(all, wide, picture, frame), 0.9, -0.9);
        expect(shape(box, picture)).toBeCloseTo(frame);
        expect(box.x >= 0 && box.y >= 0 && box.x + box.w <= 1 + 1e-9 && box.y + box.h <= 1 + 1e-9).toBe(true);
      }
    }
  });

  it('grow and shrink around their middle', () => {
    const box = { x: 0.4, y: 0.4, w: 0.2, h: 0.15 };
    const larger = sized(box, 0.4, 4 / 3, 16 / 9);
    expect(larger.x + larger.w / 2).toBeCloseTo(0.5);
    expect(larger.y + larger.h / 2).toBeCloseTo(0.475);
  });
});

describe('shots set by hand', () => {
  it('keep what was set when the film is arranged anew', () => {
    const box = { x: 0.1, y: 0.1, w: 0.5, h: 0.375 };
    const now = looked(still, box, box);
    expect([now.fixed, now.show]).toEqual([true, { kind: 'still', fit: false, path: { from: box, to: box, easing: 'gentle' } }]);
    const filled = fitted(still, false, 4 / 3, 16 / 9);
    expect(filled.show.kind === 'still' && !filled.show.fit && filled.show.path.to.w < filled.show.path.from.w).toBe(true);
  });

  it('of a video begin and end within it', () => {
    expect(cut(clip, 2000, 9000, 5000)).toMatchObject({ duration_ms: 3000, fixed: true, show: { in_ms: 2000, out_ms: 5000 } });
    expect(cut(clip, 4900, 4950, 5000)).toMatchObject({ duration_ms: 500, show: { in_ms: 4500, out_ms: 5000 } });
    expect(cut(clip, -50, 300, 5000)).toMatchObject({ duration_ms: 500, show: { in_ms: 0, out_ms: 500 } });
  });
});

import { describe, expect, it } from 'vitest';
import type { Shot, Storyboard } from '../api/types';
import { areaAt, beatOf, clockOf, eased, moved, seenAt, shown, trimmed, withShots } from './board';

const whole = { x: 0, y: 0, w: 1, h: 1 };
const shot = (media: string, ms = 2000, transition = 0): Shot => ({
  media, duration_ms: ms, transition: { kind: transition ? 'dissolve' : 'cut', ms: transition }, section: 0, reason: '', score: 1,
  show: { kind: 'still', fit: false, path: { from: whole, to: { x: 0.2, y: 0.1, w: 0.5, h: 0.5 }, easing: 'gentle' } },
});
const board = (shots: Shot[]): Storyboard => ({
  schema: 1, title: 'T', format: '16:9', pace: 'even', mood: 'gentle', captions: true, wished_ms: 0, sections: [], shots,
  music: { kind: 'made' }, ending: { fade_ms: 500 },
});

describe('a storyboard', () => {
  it('moves softly from one end of a path to the other', () => {
    expect([eased(0), eased(0.5), eased(1)]).toEqual([0, 0.5, 1]);
    expect(eased(0.1)).toBeLessThan(0.1);
    expect(areaAt(shot('a'), 1)).toEqual({ x: 0.2, y: 0.1, w: 0.5, h: 0.5 });
  });

  it('shows two shots while one gives way to the other', () => {
    const film = board([shot('a'), shot('b', 2000, 400)]);
    expect(seenAt(film, 1000).map((one) => one.index)).toEqual([0]);
    expect(seenAt(film, 2000)).toMatchObject([{ index: 0, share: 1 }, { index: 1, share: 0.5 }]);
    expect(seenAt(film, 2300).map((one) => one.index)).toEqual([1]);
    expect(seenAt(film, 4000)).toEqual([]);
  });

  it('keeps the title over whichever shot comes first, and transitions within their shots', () => {
    const card: Shot = { ...shot('a'), show: { kind: 'card' } };
    const film = board([card, shot('a'), shot('b', 600, 800)]);
    const turned = withShots(film, moved(shown(film), 1, 0));
    expect(turned.shots.map((one) => one.media)).toEqual(['b', 'b', 'a']);
    expect(turned.shots[1]!.transition.ms).toBeLessThanOrEqual(240);
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  });

  it('trims within what there is', () => {
    expect(trimmed(shot('a'), -5000, null)).toMatchObject({ duration_ms: 500, fixed: true });
    const clip: Shot = { ...shot('a'), show: { kind: 'clip', in_ms: 1000, out_ms: 3000, area: whole, fit: false, sound: true } };
    expect(trimmed(clip, 9000, 5000)).toMatchObject({ duration_ms: 4000, show: { in_ms: 1000, out_ms: 5000 } });
    expect(clockOf(80_400)).toBe('1:20');
  });

  it('says whether cuts lie on the beats of the music', () => {
    const music = (confidence: number) => ({ kind: 'file' as const, path: 'a.mp3', beats: { of: '1', tempo: 96.2, confidence, at_ms: [] } });
    expect(beatOf(music(0.6))).toBe('cut on its beats, 96 a minute');
    expect(beatOf(music(0.1))).toBe('no clear beat to cut on');
    expect(beatOf({ kind: 'file', path: 'a.mp3' })).toBe('');
  });
});

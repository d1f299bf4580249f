// Places pictures of different shapes in rows of equal width, the way a print layout does: nothing is cropped,
// every full row fills the width exactly. A pure function of the shapes and the width.

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Justified {
  boxes: Box[];
  height: number;
}

export interface JustifiedOptions {
  width: number;
  /** The height rows aim at; full rows end up between about 0.7 and 1.4 times it. */
  rowHeight: number;
  gap: number;
}

/** Panoramas and strips are laid out as if they were no more extreme than this, and cropped by the tile. */
const WIDEST = 3.2;
const NARROWEST = 0.5;

export function aspectOf(media: { width: number; height: number }): number {
  const ratio = media.width > 0 && media.height > 0 ? media.width / media.height : 4 / 3;
  return Math.min(WIDEST, Math.max(NARROWEST, ratio));
}

/** Boxes in the order of `aspects` (width divided by height, each above 0). The last row keeps the target height. */
export function justify(aspects: readonly number[], options: JustifiedOptions): Justified {
  const { width, rowHeight, gap } = options;
  const boxes: Box[] = [];
  if (width <= 0) return { boxes: aspects.map(() => ({ left: 0, top: 0, width: 0, height: 0 })), height: 0 };
  let top = 0;
  let start = 0;
  let sum = 0;
  const heightOf = (ratios: number, count: number) => (width - gap * (count - 1)) / ratios;
  const place = (end: number, height: number) => {
    let left = 0;
    for (let index = start; index < end; index++) {
      const boxWidth = (aspects[index] ?? 1) * height;
      boxes.push({ left, top, width: boxWidth, height });
      left += boxWidth + gap;
    }
    top += height + gap;
    start = end;
    sum = 0;
  };
  for (let index = 0; index < aspects.length; index++) {
    const aspect = aspects[index] ?? 1;
    const count = index - start;
    const without = count > 0 ? heightOf(sum, count) : Infinity;
    const within = heightOf(sum + aspect, count + 1);
    // Break before this picture when that leaves the row nearer to the target than taking it in.
    if (count > 0 && within < rowHeight && Math.abs(without - rowHeight) < Math.abs(rowHeight - within)) place(index, without);
    sum += aspect;
    const height = heightOf(sum, index - start + 1);
    if (height <= rowHeight) place(index + 1, height);
  }
  if (start < aspects.length) place(aspects.length, Math.min(rowHeight, heightOf(sum, aspects.length - start)));
  return { boxes, height: Math.max(0, top - gap) };
}

/** How many pictures fill the first `rows` rows: what to show before "show all". */
export function countInRows(layout: Justified, rows: number): number {
  let seen = 0;
  let last = -1;
  for (const [index, box] of layout.boxes.entries()) {
    if (box.top !== last) {
      seen += 1;
      last = box.top;
      if (seen > rows) return index;
    }
  }
  return layout.boxes.length;
}

/** The picture one row up (-1) or down (+1) whose middle is nearest: where an arrow key leads. */
export function neighbourInRow(boxes: readonly Box[], index: number, step: -1 | 1): number {
  const from = boxes[index];
  if (!from) return index;
  const middle = from.left + from.width / 2;
  let best = index;
  let rowTop: number | null = null;
  let distance = Infinity;
  for (let at = index + step; at >= 0 && at < boxes.length; at += step) {
    const box = boxes[at];
    if (!box || box.top === from.top) continue;
    rowTop ??= box.top;
    if (box.top !== rowTop) break;
    const away = Math.abs(box.left + box.width / 2 - middle);
    if (away < distance) {
      distance = away;
      best = at;
    }
  }
  return best;
}

/** The stored thumbnail that is sharp enough for a box of CSS pixels that it covers. */
export function thumbnailSize(
  media: { width: number; height: number },
  box: { width: number; height: number },
  pixelRatio: number,
): 256 | 1024 {
  const aspect = media.width > 0 && media.height > 0 ? media.width / media.height : 1;
  const shownWidth = Math.max(box.width, box.height * aspect);
  const longest = Math.max(shownWidth, shownWidth / aspect) * pixelRatio;
  return longest <= 256 * 1.2 ? 256 : 1024;
}

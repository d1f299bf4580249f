// What is written about a picture, and whose words they are: pure functions over what the server knows.

import type { MediaDetail, PictureCaption } from '../api/types';

type Written = Pick<MediaDetail, 'description' | 'captions'>;

/** The model's words that are shown: those of the model in use, unless the user wrote something. */
export const shownCaption = (detail: Pick<MediaDetail, 'captions'>): PictureCaption | null =>
  detail.captions?.find((caption) => caption.current) ?? null;

/** What models wrote beside what is shown: others' captions, and all of them where the user's own words stand. */
export const otherCaptions = (detail: Pick<MediaDetail, 'captions'>): PictureCaption[] =>
  (detail.captions ?? []).filter((caption) => !caption.current);

/** What the user begins with who describes a picture: what stands there now. */
export const editable = (detail: Written): string => detail.description ?? shownCaption(detail)?.sentence ?? '';

/** Whether a model has written about the picture since `before`. */
export function isRewritten(before: Pick<MediaDetail, 'captions'>, now: Pick<MediaDetail, 'captions'>): boolean {
  const at = (detail: Pick<MediaDetail, 'captions'>) => (detail.captions ?? []).map((each) => each.written).sort().at(-1) ?? '';
  const words = (detail: Pick<MediaDetail, 'captions'>) => JSON.stringify(shownCaption(detail));
  return at(now) > at(before) || words(now) !== words(before);
}

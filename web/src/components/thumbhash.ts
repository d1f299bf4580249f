// Paints the few colours of a picture while the picture itself is on its way (ThumbHash, decoded on a canvas:
// the content security policy allows no data: pictures).

import { thumbHashToAverageRGBA, thumbHashToRGBA } from 'thumbhash';

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

export function paintThumbHash(base64: string | null): (canvas: HTMLCanvasElement) => void {
  return (canvas) => {
    if (!base64) return;
    try {
      const { w, h, rgba } = thumbHashToRGBA(bytesOf(base64));
      canvas.width = w;
      canvas.height = h;
      canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
    } catch {
      // A damaged hash costs the placeholder, nothing else.
    }
  };
}

/** The one colour that stands for a picture; cheaper than a canvas where hundreds of pictures fly past. */
export function averageColor(base64: string | null): string | null {
  if (!base64) return null;
  try {
    const { r, g, b } = thumbHashToAverageRGBA(bytesOf(base64));
    const part = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 255);
    return `rgb(${part(r)} ${part(g)} ${part(b)})`;
  } catch {
    return null;
  }
}

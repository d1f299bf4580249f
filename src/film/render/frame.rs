//! Frames in the colour space in which they are encoded: a plane of light and two of colour at half the size (4:2:0,
//! BT.709, studio range). Everything is composed in it, so that a frame is never converted.

use image::RgbImage;

/// Samples beyond the edges of a plane that repeat the edge, so that no filter has to look where it is.
pub const BORDER: usize = 3;

/// Light as it is when nothing is shown.
pub const BLACK: u8 = 16;
/// Colour as it is when there is none.
pub const GREY: u8 = 128;

/// Samples of one sort, with a border around them.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// Width without the border.
    pub w: usize,
    /// Height without the border.
    pub h: usize,
    /// Samples from one row to the next.
    pub stride: usize,
    /// All of them, the border included.
    pub data: Vec<u8>,
}

impl Plane {
    /// A plane of `w` × `h` of these samples, row by row.
    pub fn of(w: usize, h: usize, samples: &[u8]) -> Self {
        let stride = w + 2 * BORDER;
        let mut data = vec![0; stride * (h + 2 * BORDER)];
        for row in 0..h + 2 * BORDER {
            let from = row.saturating_sub(BORDER).min(h - 1);
            let source = &samples[from * w..(from + 1) * w];
            let target = &mut data[row * stride..(row + 1) * stride];
            target[..BORDER].fill(source[0]);
            target[BORDER..BORDER + w].copy_from_slice(source);
            target[BORDER + w..].fill(source[w - 1]);
        }
        Self { w, h, stride, data }
    }
}

/// A picture as it is sampled from.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Light, blue and red.
    pub planes: [Plane; 3],
}

impl Source {
    /// A picture in sRGB.
    pub fn of(image: &RgbImage) -> Self {
        let (w, h) = (image.width() as usize & !1, image.height() as usize & !1);
        let (w, h) = (w.max(2), h.max(2));
        let at = |x: usize, y: usize| {
            let x = x.min(image.width() as usize - 1) as u32;
            image.get_pixel(x, y.min(image.height() as usize - 1) as u32).0
        };
        let mut light = Vec::with_capacity(w * h);
        for y in 0..h {
            light.extend((0..w).map(|x| luma(at(x, y))));
        }
        let (mut blue, mut red) = (Vec::with_capacity(w * h / 4), Vec::with_capacity(w * h / 4));
        for y in (0..h).step_by(2) {
            for x in (0..w).step_by(2) {
                let four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
                let mean = |c: usize| four.iter().map(|pixel| i32::from(pixel[c])).sum::<i32>();
                let (u, v) = chroma([mean(0), mean(1), mean(2)]);
                blue.push(u);
                red.push(v);
            }
        }
        Self { planes: [Plane::of(w, h, &light), Plane::of(w / 2, h / 2, &blue), Plane::of(w / 2, h / 2, &red)] }
    }
}

/// Light of a pixel (BT.709, 16–235).
pub fn luma([r, g, b]: [u8; 3]) -> u8 {
    let sum = 11_966 * i32::from(r) + 40_254 * i32::from(g) + 4064 * i32::from(b);
    (16 + ((sum + (1 << 15)) >> 16)).clamp(16, 235) as u8
}

/// Colour of the sum of four pixels (BT.709, 16–240).
pub fn chroma([r, g, b]: [i32; 3]) -> (u8, u8) {
    let u = (-6596 * r - 22_189 * g + 28_784 * b + (1 << 17)) >> 18;
    let v = (28_784 * r - 26_145 * g - 2639 * b + (1 << 17)) >> 18;
    ((128 + u).clamp(16, 240) as u8, (128 + v).clamp(16, 240) as u8)
}

/// A picture of the film, as it goes to the encoder: planes one behind the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Width, even.
    pub w: usize,
    /// Height, even.
    pub h: usize,
    /// Light, blue, red.
    pub data: Vec<u8>,
}

impl Frame {
    /// Nothing but black.
    pub fn black(w: usize, h: usize) -> Self {
        let mut data = vec![BLACK; w * h];
        data.resize(w * h * 3 / 2, GREY);
        Self { w, h, data }
    }

    /// Its planes.
    pub fn planes(&self) -> [&[u8]; 3] {
        let (light, colour) = self.data.split_at(self.w * self.h);
        let (blue, red) = colour.split_at(self.w * self.h / 4);
        [light, blue, red]
    }

    /// Its planes, to be written.
    pub fn planes_mut(&mut self) -> [&mut [u8]; 3] {
        let (light, colour) = self.data.split_at_mut(self.w * self.h);
        let (blue, red) = colour.split_at_mut(self.w * self.h / 4);
        [light, blue, red]
    }

    /// Mixes `other` in: of it `share` of 256.
    pub fn mix(&mut self, other: &Self, share: u16) {
        mix(&mut self.data, &other.data, share);
    }

    /// Darkens it: `share` of 256 is left.
    pub fn dim(&mut self, share: u16) {
        let [light, blue, red] = self.planes_mut();
        let towards = |samples: &mut [u8], rest: u8| {
            for sample in samples {
                *sample = blend(rest, *sample, share);
            }
        };
        towards(light, BLACK);
        towards(blue, GREY);
        towards(red, GREY);
    }
}

/// Of `b` `share` of 256, the rest of `a`.
#[inline]
pub fn blend(a: u8, b: u8, share: u16) -> u8 {
    ((u16::from(a) * (256 - share) + u16::from(b) * share + 128) >> 8) as u8
}

/// Mixes samples into others: of them `share` of 256.
pub fn mix(to: &mut [u8], from: &[u8], share: u16) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = blend(*to, *from, share);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_standard() {
        let flat = |colour: [u8; 3]| Source::of(&RgbImage::from_pixel(4, 4, image::Rgb(colour)));
        let value = |source: &Source| source.planes.clone().map(|plane| plane.data[0]);
        assert_eq!(value(&flat([0, 0, 0])), [16, 128, 128]);
        assert_eq!(value(&flat([255, 255, 255])), [235, 128, 128]);
        // ITU-R BT.709: full red.
        assert_eq!(value(&flat([255, 0, 0])), [63, 102, 240]);
        assert_eq!(value(&flat([0, 0, 255])), [32, 240, 118]);
    }

    #[test]
    fn mixing_gives_both_ends_exactly() {
        let (white, mut frame) = (Frame { w: 2, h: 2, data: vec![235, 235, 235, 235, 128, 128] }, Frame::black(2, 2));
        frame.mix(&white, 0);
        assert_eq!(frame, Frame::black(2, 2));
        frame.mix(&white, 256);
        assert_eq!(frame, white);
        frame.dim(0);
        assert_eq!(frame, Frame::black(2, 2));
    }
}

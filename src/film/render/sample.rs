//! Samples a box of a picture, placed anywhere between its pixels, into a frame.
//!
//! Two passes of a cubic filter with four taps (Mitchell & Netravali 1988, B = C = 1/3): it blurs alike wherever a sample
//! falls between pixels, so that slow movements neither jump from pixel to pixel nor shimmer. Sources are scaled before, so
//! that a sample is about a pixel.

use super::frame::{BORDER, Plane, Source};
use crate::film::storyboard::Area;

/// Bits of a weight.
const BITS: u32 = 14;
/// Bits kept between the two passes.
const KEPT: u32 = 6;

/// Where samples are taken: the first of four taps, and their weights.
struct Taps {
    first: Vec<usize>,
    weights: Vec<[i16; 4]>,
}

impl Taps {
    /// `count` samples of the stretch from `from`, `length` long, of a row of `size` samples.
    fn new(from: f64, length: f64, size: usize, count: usize) -> Self {
        let step = length / count as f64;
        let (mut first, mut weights) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for at in 0..count {
            // Samples lie in the middle of their pixels.
            let place = (from + (at as f64 + 0.5) * step - 0.5).clamp(-1.0, size as f64);
            let whole = place.floor();
            let tap = (whole as isize - 1 + BORDER as isize).clamp(0, (size + 2 * BORDER - 4) as isize);
            first.push(tap as usize);
            weights.push(fixed(place - whole));
        }
        Self { first, weights }
    }
}

/// The taps of a row as they are used for every row.
enum Across {
    /// Where neighbouring samples have neighbouring taps, which is nearly everywhere unless a picture is enlarged, a stretch
    /// of them is computed at once, four times as fast as one after the other: first tap and number of samples of each
    /// stretch, and of each of the four taps the weights of all samples.
    Stretches(Vec<(usize, usize)>, [Vec<i16>; 4]),
    /// First tap and weights of each sample.
    Single(Vec<(usize, [i16; 4])>),
}

impl Across {
    fn new(columns: &Taps, left: usize) -> Self {
        let firsts = columns.first.iter().map(|first| first - left);
        let mut stretches: Vec<(usize, usize)> = Vec::new();
        for first in firsts.clone() {
            match stretches.last_mut() {
                Some((from, count)) if *from + *count == first => *count += 1,
                _ => stretches.push((first, 1)),
            }
        }
        if stretches.len() * 4 > columns.first.len() {
            return Self::Single(firsts.zip(columns.weights.iter().copied()).collect());
        }
        let of = |tap: usize| columns.weights.iter().map(|weights| weights[tap]).collect();
        Self::Stretches(stretches, [of(0), of(1), of(2), of(3)])
    }

    /// Four samples of a row into one, for each column.
    fn run(&self, target: &mut [u8], line: &[i16]) {
        let product = |sample: i16, weight: i16| i32::from(sample) * i32::from(weight);
        let rounded = |sum: i32| ((sum + (1 << (BITS + KEPT - 1))) >> (BITS + KEPT)).clamp(0, 255) as u8;
        match self {
            Self::Single(taps) => {
                for (target, (first, weights)) in target.iter_mut().zip(taps) {
                    let Some(taps) = line.get(*first..*first + 4) else { continue };
                    *target = rounded((0..4).map(|at| product(taps[at], weights[at])).sum());
                }
            }
            Self::Stretches(stretches, weights) => {
                let mut done = 0;
                for (from, count) in stretches.iter().copied() {
                    let [wa, wb, wc, wd] = weights.each_ref().map(|weights| &weights[done..done + count]);
                    let [a, b, c, d] = [0, 1, 2, 3].map(|tap| &line[from + tap..from + tap + count]);
                    for (at, target) in target[done..done + count].iter_mut().enumerate() {
                        let outer = product(a[at], wa[at]) + product(d[at], wd[at]);
                        *target = rounded(outer + product(b[at], wb[at]) + product(c[at], wc[at]));
                    }
                    done += count;
                }
            }
        }
    }
}

/// Weights of the four samples around a place `t` past the second, in fixed point; they add up to one exactly.
fn fixed(t: f64) -> [i16; 4] {
    let one = f64::from(1 << BITS);
    let [a, c, d] = [1.0 + t, 1.0 - t, 2.0 - t].map(|distance| (mitchell(distance) * one).round() as i16);
    [a, (1 << BITS) - a - c - d, c, d]
}

fn mitchell(x: f64) -> f64 {
    let x = x.abs();
    match x {
        x if x < 1.0 => (7.0 * x * x * x - 12.0 * x * x + 16.0 / 3.0) / 6.0,
        x if x < 2.0 => (-7.0 / 3.0 * x * x * x + 12.0 * x * x - 20.0 * x + 32.0 / 3.0) / 6.0,
        _ => 0.0,
    }
}

/// Where samples go: a part of a plane.
pub struct Target<'t> {
    /// The plane.
    pub data: &'t mut [u8],
    /// Samples from one row to the next.
    pub stride: usize,
    /// Left edge.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// Width.
    pub w: usize,
    /// Height.
    pub h: usize,
}

/// Samples `area` of all planes of a picture into the box `[x, y, w, h]` (even numbers) of a frame `stride` wide.
pub fn sample(source: &Source, area: &Area, planes: [&mut [u8]; 3], stride: usize, [x, y, w, h]: [usize; 4]) {
    for (number, (plane, data)) in source.planes.iter().zip(planes).enumerate() {
        let half = if number == 0 { 1 } else { 2 };
        let target = Target { data, stride: stride / half, x: x / half, y: y / half, w: w / half, h: h / half };
        sample_plane(plane, area, target);
    }
}

fn sample_plane(plane: &Plane, area: &Area, target: Target<'_>) {
    let (pw, ph) = (plane.w as f64, plane.h as f64);
    let columns = Taps::new(area.x * pw, area.w * pw, plane.w, target.w);
    let rows = Taps::new(area.y * ph, area.h * ph, plane.h, target.h);
    let (Some(&left), Some(&right)) = (columns.first.first(), columns.first.last()) else { return };
    let width = right + 4 - left;
    let mut line = vec![0i16; width];
    let across = Across::new(&columns, left);
    for (row, (tap, weights)) in rows.first.iter().zip(&rows.weights).enumerate() {
        let source = |number: usize| {
            let start = (tap + number) * plane.stride + left;
            &plane.data[start..start + width]
        };
        down(&mut line, [source(0), source(1), source(2), source(3)], *weights);
        let start = (target.y + row) * target.stride + target.x;
        across.run(&mut target.data[start..start + target.w], &line);
    }
}

/// Four rows into one.
fn down(line: &mut [i16], [a, b, c, d]: [&[u8]; 4], weights: [i16; 4]) {
    let [wa, wb, wc, wd] = weights.map(i32::from);
    let (a, b, c, d) = (&a[..line.len()], &b[..line.len()], &c[..line.len()], &d[..line.len()]);
    for at in 0..line.len() {
        let sum = i32::from(a[at]) * wa + i32::from(b[at]) * wb + i32::from(c[at]) * wc + i32::from(d[at]) * wd;
        line[at] = (sum >> (BITS - KEPT)) as i16;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(w: usize, h: usize, value: impl Fn(usize, usize) -> u8) -> Plane {
        let samples: Vec<u8> = (0..h).flat_map(|y| (0..w).map(move |x| (x, y))).map(|(x, y)| value(x, y)).collect();
        Plane::of(w, h, &samples)
    }

    fn sampled(plane: &Plane, area: Area, w: usize, h: usize) -> Vec<u8> {
        let mut data = vec![0; w * h];
        sample_plane(plane, &area, Target { data: &mut data, stride: w, x: 0, y: 0, w, h });
        data
    }

    #[test]
    fn what_is_flat_stays_flat() {
        let plane = plane(40, 30, |_, _| 201);
        let area = Area { x: 0.1234, y: 0.317, w: 0.5, h: 0.5 };
        assert!(sampled(&plane, area, 33, 21).iter().all(|value| *value == 201));
    }

    #[test]
    fn a_movement_of_a_tenth_of_a_pixel_moves_a_slope_by_a_tenth_of_its_step() {
        let plane = plane(64, 8, |x, _| (x * 3) as u8);
        let at = |shift: f64| {
            let area = Area { x: (20.0 + shift) / 64.0, y: 0.0, w: 16.0 / 64.0, h: 1.0 };
            sampled(&plane, area, 16, 8)[5]
        };
        let values: Vec<u8> = (0..=10).map(|tenths| at(f64::from(tenths) / 10.0)).collect();
        assert_eq!(values[10] - values[0], 3);
        assert!(values.windows(2).all(|two| two[1] >= two[0] && two[1] - two[0] <= 1), "{values:?}");
    }

    #[test]
    fn stretches_give_what_single_samples_give() {
        let plane = plane(300, 4, |x, y| (x * 7 + y * 31) as u8);
        let columns = Taps::new(3.3, 260.0, 300, 250);
        let line: Vec<i16> = plane.data[..plane.stride].iter().map(|sample| i16::from(*sample) << KEPT).collect();
        let single = Across::Single(columns.first.iter().copied().zip(columns.weights.iter().copied()).collect());
        let stretches = Across::new(&columns, 0);
        assert!(matches!(stretches, Across::Stretches(..)));
        let run = |across: &Across| {
            let mut target = vec![0; 250];
            across.run(&mut target, &line);
            target
        };
        assert_eq!(run(&stretches), run(&single));
    }

    #[test]
    fn the_edges_of_a_picture_are_sampled_without_looking_beyond() {
        let plane = plane(5, 5, |x, y| (x * 20 + y * 10) as u8);
        let all = sampled(&plane, Area::WHOLE, 50, 50);
        assert!(all[0] <= 8 && all[50 * 50 - 1] >= 112, "{} {}", all[0], all[2499]);
    }
}

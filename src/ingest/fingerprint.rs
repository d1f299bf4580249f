//! What identifies a medium: the hash of its bytes, and a hash of what it looks like.
//!
//! The content hash is the identity of a medium; the perceptual hash is a hint that two media may show the same
//! picture, which `duplicates` judges. Files are read in pieces, never mapped, so that one that shrinks meanwhile is an
//! error and not a crash.

use std::fs::File;
use std::path::Path;

use image::RgbImage;

use super::picture::scale;

/// The BLAKE3 hash of a file's contents; `to_hex()` gives its 64 digits. Reads the whole file; call it from a worker thread.
///
/// # Errors
/// When the file cannot be opened or read.
pub fn content_hash(path: &Path) -> std::io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize())
}

/// Side of the square of luminance that is transformed, in pixels.
const SIDE: usize = 32;
/// Side of the square of frequencies that give the bits.
const FREQUENCIES: usize = 8;
/// Mean magnitude of those frequencies, on a scale of 0 to 255, below which a picture is too flat for its hash to mean
/// anything.
const FLAT: f32 = 0.35;

/// The perceptual hash of an upright picture: 64 bits, of which near-duplicates share nearly all.
///
/// The picture is reduced to 32 × 32 luminance values and transformed (DCT-II); each bit says whether one of the 8 × 8
/// lowest frequencies, the constant one aside, lies above their median. After C. Zauner, "Implementation and
/// Benchmarking of Perceptual Image Hash Functions" (2010), 3.2.1, without its smoothing, which the reduction does
/// already.
///
/// `None` for pictures without structure, such as a black frame or an empty page: all of them would be alike.
pub fn perceptual_hash(picture: &RgbImage) -> Option<u64> {
    if picture.width() == 0 || picture.height() == 0 {
        return None;
    }
    let small = scale::resample(picture, SIDE as u32, SIDE as u32);
    let luminance: Vec<f32> = small
        .pixels()
        .map(|pixel| {
            let [r, g, b] = pixel.0.map(f32::from);
            0.299 * r + 0.587 * g + 0.114 * b
        })
        .collect();
    let waves = lowest_frequencies(&luminance);
    let strength = waves.iter().map(|wave| wave.abs()).sum::<f32>() / waves.len() as f32;
    if strength < FLAT {
        return None;
    }
    let mut sorted = waves.clone();
    sorted.sort_by(f32::total_cmp);
    let median = (sorted[sorted.len() / 2 - 1] + sorted[sorted.len() / 2]) / 2.0;
    Some(waves.iter().fold(0, |bits, wave| bits << 1 | u64::from(*wave > median)))
}

/// The 64 lowest frequencies but the constant: the 8 × 8 square with its corner replaced by the next frequency across.
fn lowest_frequencies(luminance: &[f32]) -> Vec<f32> {
    let cosine = |frequency: usize, at: usize| {
        (std::f32::consts::PI * frequency as f32 * (2 * at + 1) as f32 / (2 * SIDE) as f32).cos()
    };
    let coefficient = |u: usize, v: usize| -> f32 {
        let rows = luminance.chunks_exact(SIDE).enumerate();
        let sum: f32 = rows
            .map(|(y, row)| cosine(v, y) * row.iter().enumerate().map(|(x, l)| l * cosine(u, x)).sum::<f32>())
            .sum();
        sum / (SIDE * SIDE) as f32
    };
    (0..FREQUENCIES)
        .flat_map(|v| (0..FREQUENCIES).map(move |u| (u, v)))
        .map(|(u, v)| if (u, v) == (0, 0) { coefficient(FREQUENCIES, 0) } else { coefficient(u, v) })
        .collect()
}

//! Which media show the same picture, and which were shot in one burst: functions of values, without files or database.
//!
//! What must stay true: different scenes are never called near-duplicates for the sake of finding more, and a medium is
//! in at most one near group and one burst. Frames of a burst are not near-duplicates of each other; a copy in another
//! size of one of them is. Exact copies need no judgement (same content hash) and are not looked at here. [`NEAR_BITS`]
//! was chosen by measuring (see there); the other limits are choices, which the family library's truth holds to.

mod burst;
mod nearest;

use jiff::civil::DateTime;

pub use burst::burst_name;
pub use nearest::HashIndex;

/// What is known of one medium that may repeat another. Media of the same content come once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look<'a> {
    /// Perceptual hash; `None` for pictures without structure, which are near nothing.
    pub hash: Option<u64>,
    /// Width and height in pixels as displayed.
    pub size: (u32, u32),
    /// Local time it was taken.
    pub taken: Option<DateTime>,
    /// Camera.
    pub camera: Option<&'a str>,
    /// Folder of its file, in any form that is equal for equal folders.
    pub folder: &'a str,
    /// Name of its file, with extension.
    pub name: &'a str,
}

/// Groups of indexes into the media that were given, each of two or more, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repeats {
    /// The same picture in another encoding or size. The first index is that of the largest picture, the rest ascend.
    pub near: Vec<Vec<usize>>,
    /// Shots of one burst, in the order in which they were taken.
    pub bursts: Vec<Vec<usize>>,
}

/// Most bits by which near-duplicates differ.
///
/// Measured on the family library: its copies differ in 0 bits, its different scenes in 10 or more (48,000 pairs). Of
/// altered copies (half and quarter size, JPEG quality 20, brighter, more contrast, grey), 97 to 100 % lie within 6
/// bits; of copies cropped by 2 % on each side, 87 %.
pub const NEAR_BITS: u32 = 6;
/// Most relative difference of the aspect ratios of near-duplicates: reducing rounds to whole pixels, and no more.
const ASPECT_TOLERANCE: f64 = 0.02;

/// Finds near-duplicates and bursts. Takes about N·log N time: see [`HashIndex`].
pub fn find_repeats(media: &[Look<'_>]) -> Repeats {
    let bursts = burst::find(media);
    let near = find_near(media, &bursts);
    Repeats { near, bursts }
}

/// Groups near-duplicates around the largest picture of each, so that likeness does not wander from one picture to the next.
fn find_near(media: &[Look<'_>], bursts: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut burst_of = vec![None; media.len()];
    for (number, members) in bursts.iter().enumerate() {
        members.iter().for_each(|&member| burst_of[member] = Some(number));
    }
    let index = HashIndex::new(media.iter().map(|look| look.hash));
    let pixels = |at: usize| u64::from(media[at].size.0) * u64::from(media[at].size.1);
    let mut order: Vec<usize> = (0..media.len()).filter(|&at| media[at].hash.is_some()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(pixels(at)), at));
    let mut taken = vec![false; media.len()];
    let mut groups = Vec::new();
    for leader in order {
        let Some(hash) = media[leader].hash.filter(|_| !taken[leader]) else { continue };
        let mut members: Vec<usize> = index
            .within(hash, NEAR_BITS)
            .filter(|&other| other != leader && !taken[other])
            .filter(|&other| burst_of[leader].is_none() || burst_of[leader] != burst_of[other])
            .filter(|&other| same_shape(media[leader].size, media[other].size))
            .collect();
        if members.is_empty() {
            continue;
        }
        members.sort_unstable();
        members.insert(0, leader);
        members.iter().for_each(|&member| taken[member] = true);
        groups.push(members);
    }
    groups.sort();
    groups
}

/// Whether two sizes can be those of one picture: their aspect ratios agree to within rounding.
fn same_shape(a: (u32, u32), b: (u32, u32)) -> bool {
    let ratio = |(width, height): (u32, u32)| f64::from(width.max(1)) / f64::from(height.max(1));
    // Rounding to whole pixels moves the ratio of a small picture further than two percent.
    let rounding = |(width, height): (u32, u32)| 1.0 / f64::from(width.min(height).max(1));
    let (a_ratio, b_ratio) = (ratio(a), ratio(b));
    (a_ratio / b_ratio).ln().abs() <= ASPECT_TOLERANCE + rounding(a).max(rounding(b))
}

#[cfg(test)]
mod tests;

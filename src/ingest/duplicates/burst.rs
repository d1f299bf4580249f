//! Finds the shots of one burst: by the names that cameras give them, and by what was shot within moments on one camera
//! and looks alike.
//!
//! Burst frames lie in one folder and have one size. A file that is named as a copy of another ("IMG_1 (2)",
//! "IMG_1-edited") is a copy, not a shot.

use std::collections::HashMap;

use jiff::civil::DateTime;

use super::Look;

/// Longest time between two shots of a burst, in seconds; many cameras write whole seconds.
const GAP_S: i64 = 2;
/// Most bits by which shots of a burst that only time suggests differ from the one before. Shots of different scenes
/// differ in 32 on average.
const ALIKE_BITS: u32 = 14;
/// The same for shots that a name suggests: people and animals may have moved a lot.
const NAMED_ALIKE_BITS: u32 = 26;

/// Finds bursts of two or more shots. Each medium is in at most one.
pub fn find(media: &[Look<'_>]) -> Vec<Vec<usize>> {
    let mut groups = Groups::new(media.len());
    join_by_name(media, &mut groups);
    join_by_time(media, &mut groups);
    let mut bursts = groups.collect();
    for burst in &mut bursts {
        burst.sort_by_key(|&at| (media[at].taken, media[at].name, at));
    }
    bursts
}

/// The name that all shots of a burst share, if `stem` (a file name without extension) is that of such a shot:
/// `IMG_1292_BURST002` → `IMG_1292`, `00000IMG_00000_BURST20180704153012345_COVER` → `BURST20180704153012345`.
pub fn burst_name(stem: &str) -> Option<&str> {
    let at = stem.to_ascii_uppercase().rfind("BURST")?;
    let digits = stem[at + 5..].bytes().take_while(u8::is_ascii_digit).count();
    match digits {
        0 => None,
        // A long number is the time at which the burst began, which its shots share; a short one counts them.
        10.. => stem.get(at..at + 5 + digits),
        _ => stem.get(..at).map(|base| base.trim_end_matches(['_', '-', ' '])).filter(|base| !base.is_empty()),
    }
}

/// Joins shots of one folder that are named as those of one burst, and the shot whose plain name they share.
fn join_by_name(media: &[Look<'_>], groups: &mut Groups) {
    let mut by_name: HashMap<(&str, String), Vec<usize>> = HashMap::new();
    for (at, look) in media.iter().enumerate() {
        if let Some(name) = burst_name(stem(look.name)) {
            by_name.entry((look.folder, name.to_ascii_lowercase())).or_default().push(at);
        }
    }
    for (at, look) in media.iter().enumerate() {
        if burst_name(stem(look.name)).is_none()
            && let Some(members) = by_name.get_mut(&(look.folder, stem(look.name).to_ascii_lowercase()))
        {
            members.push(at);
        }
    }
    for members in by_name.values() {
        for pair in members.windows(2) {
            let (a, b) = (&media[pair[0]], &media[pair[1]]);
            // Camera counters start again: the same name may come back years later.
            let same_time = a.taken.zip(b.taken).is_none_or(|(x, y)| seconds_between(x, y) <= 60);
            if same_time && alike(a, b, NAMED_ALIKE_BITS).unwrap_or(true) {
                groups.join(pair[0], pair[1]);
            }
        }
    }
}

/// Joins shots of one camera, folder and size that follow each other within moments and look alike.
fn join_by_time(media: &[Look<'_>], groups: &mut Groups) {
    let mut timed: Vec<usize> =
        (0..media.len()).filter(|&at| media[at].taken.is_some() && media[at].camera.is_some()).collect();
    timed.sort_by_key(|&at| {
        let look = &media[at];
        (look.folder, look.camera, look.size, look.taken, look.name, at)
    });
    for pair in timed.windows(2) {
        let (a, b) = (&media[pair[0]], &media[pair[1]]);
        let of_one_camera = (a.folder, a.camera, a.size) == (b.folder, b.camera, b.size);
        let in_moments = a.taken.zip(b.taken).is_some_and(|(x, y)| seconds_between(x, y) <= GAP_S);
        if of_one_camera && in_moments && !is_named_as_copy(a.name, b.name) && alike(a, b, ALIKE_BITS) == Some(true) {
            groups.join(pair[0], pair[1]);
        }
    }
}

/// Whether two pictures look alike to within `bits`; `None` when one has no hash.
fn alike(a: &Look<'_>, b: &Look<'_>, bits: u32) -> Option<bool> {
    Some((a.hash? ^ b.hash?).count_ones() <= bits)
}

/// Seconds between two local times, whichever is first.
fn seconds_between(a: DateTime, b: DateTime) -> i64 {
    a.duration_since(b).as_secs().abs()
}

/// A file name without its extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether one name is the other with something added, and that is not the number of a shot.
fn is_named_as_copy(a: &str, b: &str) -> bool {
    let (a, b) = (stem(a), stem(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let Some(added) = long.strip_prefix(short) else { return false };
    // `_001`, `-2` count shots; nothing, ` (1)`, `~2`, ` copy`, `-edited` mark copies.
    let counts = added.strip_prefix(['_', '-']).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    !counts
}

/// Sets of positions that are joined pair by pair (union-find with path halving).
struct Groups {
    parents: Vec<usize>,
}

impl Groups {
    fn new(count: usize) -> Self {
        Self { parents: (0..count).collect() }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }

    /// Sets of two or more, in the order of their first members.
    fn collect(mut self) -> Vec<Vec<usize>> {
        let mut sets: HashMap<usize, Vec<usize>> = HashMap::new();
        for at in 0..self.parents.len() {
            sets.entry(self.root(at)).or_default().push(at);
        }
        let mut sets: Vec<Vec<usize>> = sets.into_values().filter(|set| set.len() > 1).collect();
        sets.sort();
        sets
    }
}

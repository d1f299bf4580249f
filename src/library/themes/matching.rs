//! Which stored theme a found one is: a pure function of which media are in which.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::library::MediaId;

/// A theme as it is known or was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// What it is by its making, `feast:christmas`; empty: its media alone say.
    pub origin: String,
    /// Its media.
    pub media: BTreeSet<MediaId>,
}

/// The known theme that each found one is. One of the same origin is the same; the others are those with which they share
/// the most, if that is most of the smaller of the two.
pub(super) fn known_of(known: &[Known], found: &[Known]) -> Vec<Option<usize>> {
    let mut same: Vec<Option<usize>> = found
        .iter()
        .map(|found| known.iter().position(|known| !found.origin.is_empty() && known.origin == found.origin))
        .collect();
    let mut of_medium: BTreeMap<MediaId, Vec<usize>> = BTreeMap::new();
    for (at, theme) in known.iter().enumerate().filter(|(at, _)| !same.contains(&Some(*at))) {
        for medium in &theme.media {
            of_medium.entry(*medium).or_default().push(at);
        }
    }
    let mut pairs: Vec<(Reverse<u64>, usize, usize)> = Vec::new();
    for (at, theme) in found.iter().enumerate().filter(|(at, _)| same[*at].is_none()) {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for other in theme.media.iter().filter_map(|medium| of_medium.get(medium)).flatten() {
            *shared.entry(*other).or_default() += 1;
        }
        for (other, shared) in shared {
            let (one, two) = (theme.media.len(), known[other].media.len());
            if shared * 2 > one.min(two) {
                // Jaccard's index in millionths, so that it can be ordered.
                pairs.push((Reverse(shared as u64 * 1_000_000 / (one + two - shared) as u64), at, other));
            }
        }
    }
    pairs.sort_unstable();
    for (_, at, other) in pairs {
        if same[at].is_none() && !same.contains(&Some(other)) {
            same[at] = Some(other);
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(origin: &str, media: &[MediaId]) -> Known {
        Known { origin: origin.into(), media: media.iter().copied().collect() }
    }

    #[test]
    fn a_theme_that_grows_or_loses_a_little_is_the_same() {
        let m: Vec<MediaId> = (0..20).map(|_| MediaId::new()).collect();
        let known = [theme("", &m[..8]), theme("", &m[10..14])];
        assert_eq!(known_of(&known, &[theme("", &m[9..16]), theme("", &m[1..9])]), [Some(1), Some(0)]);
        assert_eq!(
            known_of(&known, &[theme("", &m[..3]), theme("", &m[3..8])]),
            [None, Some(0)],
            "the larger part keeps it"
        );
        assert_eq!(known_of(&known, &[theme("", &m[7..10])]), [None], "a shared medium is not enough");
    }

    #[test]
    fn an_origin_says_more_than_media() {
        let m: Vec<MediaId> = (0..9).map(|_| MediaId::new()).collect();
        let known = [theme("", &m[..6]), theme("feast:christmas", &m[6..])];
        let found = [theme("feast:christmas", &m[..6]), theme("", &m[..6])];
        assert_eq!(known_of(&known, &found), [Some(1), Some(0)]);
    }
}

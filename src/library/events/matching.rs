//! Which stored event a found one is: a pure function of which media are in which.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::NewEvent;
use crate::library::MediaId;

/// An event as it is known.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// What it was made from.
    pub origin: String,
    /// The user merged or split it: its media are theirs.
    pub shaped: bool,
    /// It is part of a trip.
    pub part: bool,
    /// Local times of its first and last medium.
    pub span: Option<(String, String)>,
    /// Its media.
    pub media: BTreeSet<MediaId>,
}

/// What is to be done with found events.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Plan {
    /// The known event that each found one is.
    pub known_of: Vec<Option<usize>>,
    /// The media of each found one; `None`: it is not to be stored.
    pub media: Vec<Option<BTreeSet<MediaId>>>,
    /// Media to be added to events that the user shaped.
    pub grown: BTreeMap<usize, BTreeSet<MediaId>>,
}

impl Plan {
    pub(super) fn of(known: &[Known], events: &[NewEvent]) -> Self {
        let mut plan = Self { known_of: vec![None; events.len()], ..Self::default() };
        plan.media = events.iter().map(|event| Some(event.media.iter().copied().collect())).collect();
        for (at, event) in events.iter().enumerate() {
            plan.respect(known, at, event);
        }
        plan.by_origin(known, events);
        plan.by_overlap(known);
        plan
    }

    /// Leaves media to the events that the user shaped. What is left lies among theirs and joins them, or is an event
    /// of its own if it is the larger part.
    fn respect(&mut self, known: &[Known], at: usize, event: &NewEvent) {
        let part = event.within.is_some();
        let Some(media) = self.media[at].clone() else { return };
        let mut left = media.clone();
        let mut nearest: Option<(usize, usize)> = None;
        for (other, shaped) in known.iter().enumerate().filter(|(_, known)| known.shaped && known.part == part) {
            let shared = media.intersection(&shaped.media).count();
            left.retain(|medium| !shaped.media.contains(medium));
            if shared > 0 && nearest.is_none_or(|(most, _)| shared > most) {
                nearest = Some((shared, other));
            }
        }
        let Some((_, shaped)) = nearest else { return };
        let among = known[shaped].span.as_ref().zip(event.starts.as_ref().zip(event.ends.as_ref()));
        let within = among.is_some_and(|((from, to), (starts, ends))| starts >= from && ends <= to);
        if left.len() * 2 > media.len() && !within {
            self.media[at] = Some(left);
            return;
        }
        self.media[at] = None;
        if within && !left.is_empty() {
            self.grown.entry(shaped).or_default().extend(left);
        }
    }

    fn by_origin(&mut self, known: &[Known], events: &[NewEvent]) {
        for (at, event) in events.iter().enumerate() {
            let same = |known: &Known| !known.shaped && Some(&known.origin) == event.origin.as_ref();
            self.known_of[at] = known.iter().position(same).filter(|_| self.media[at].is_some());
        }
    }

    /// The others are those with which they share the most media, if that is most of what was known.
    fn by_overlap(&mut self, known: &[Known]) {
        let mut of_medium: BTreeMap<MediaId, Vec<usize>> = BTreeMap::new();
        for (at, event) in known.iter().enumerate().filter(|(_, event)| !event.shaped) {
            for medium in &event.media {
                of_medium.entry(*medium).or_default().push(at);
            }
        }
        let mut pairs: Vec<(Reverse<usize>, usize, usize, usize)> = Vec::new();
        for (at, media) in self.media.iter().enumerate() {
            let Some(media) = media.as_ref().filter(|_| self.known_of[at].is_none()) else { continue };
            let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
            for other in media.iter().filter_map(|medium| of_medium.get(medium)).flatten() {
                *shared.entry(*other).or_default() += 1;
            }
            let most = shared.into_iter().filter(|(other, count)| count * 2 > known[*other].media.len());
            // Of two that hold the same media, the trip and what is within it, the one of more alike size.
            pairs.extend(
                most.map(|(other, count)| {
                    (Reverse(count), media.len() + known[other].media.len() - 2 * count, at, other)
                }),
            );
        }
        pairs.sort_unstable();
        for (.., at, other) in pairs {
            if self.known_of[at].is_none() && !self.known_of.contains(&Some(other)) {
                self.known_of[at] = Some(other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(media: &[MediaId], within: Option<usize>) -> NewEvent {
        NewEvent {
            origin: None,
            name: String::new(),
            kind: "event",
            starts: Some("2020-01-02".into()),
            ends: Some("2020-01-03".into()),
            place: None,
            media: media.to_vec(),
            within,
        }
    }

    fn known(media: &[MediaId], shaped: bool) -> Known {
        let span = Some(("2020-01-01".to_owned(), "2020-01-09".to_owned()));
        Known { origin: "found:x".into(), shaped, part: false, span, media: media.iter().copied().collect() }
    }

    #[test]
    fn an_event_that_grows_or_loses_a_little_is_the_same() {
        let m: Vec<MediaId> = (0..10).map(|_| MediaId::new()).collect();
        let stored = [known(&m[..4], false), known(&m[6..], false)];
        let grown = Plan::of(&stored, &[found(&m[5..], None), found(&m[..5], None)]);
        assert_eq!(grown.known_of, [Some(1), Some(0)]);
        let split = Plan::of(&stored[..1], &[found(&m[..1], None), found(&m[1..4], None)]);
        assert_eq!(split.known_of, [None, Some(0)], "the larger part keeps the identity");
        let other = Plan::of(&stored[..1], &[found(&m[3..], None)]);
        assert_eq!(other.known_of, [None], "a shared medium is not enough");
    }

    #[test]
    fn what_the_user_shaped_keeps_its_media_and_takes_in_what_lies_among_them() {
        let m: Vec<MediaId> = (0..10).map(|_| MediaId::new()).collect();
        let plan = Plan::of(&[known(&m[..5], true)], &[found(&m[..6], None), found(&m[7..], None)]);
        assert_eq!(plan.media[0], None);
        assert_eq!(plan.grown[&0].iter().copied().collect::<Vec<_>>(), [m[5]]);
        assert!(plan.media[1].is_some());
    }
}

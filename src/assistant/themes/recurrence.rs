//! What comes back: occasions of pictures, and whether there are enough of them for a theme. Pure.
//!
//! Pictures of one event or trip are one occasion, and so are those of days that follow each other closely. A theme has
//! several occasions, in several years, none of which is most of it: it is neither one trip nor one burst.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use crate::ingest::events::Position;
use crate::library::{EventId, MediaId};

/// Days without a picture that do not part one occasion from the next.
const QUIET_DAYS: i32 = 3;
/// Occasions of a theme, at least.
const LEAST_OCCASIONS: usize = 3;
/// Years of a theme, at least …
const LEAST_YEARS: usize = 2;
/// … or so many occasions: a season of training is a theme, too.
const MANY_OCCASIONS: usize = 6;
/// The largest occasion has at most this share of a theme's pictures, in hundredths.
const LARGEST: usize = 60;

/// A medium as themes see it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    /// The medium.
    pub id: MediaId,
    /// Local time.
    pub taken: DateTime,
    /// Where, if that is known.
    pub position: Option<Position>,
    /// City or village.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// The event, or the trip that it is part of.
    pub event: Option<EventId>,
}

/// Pictures as occasions. `members` are places in `pictures`, in order of time; so are those of each occasion.
pub(super) fn occasions(pictures: &[Picture], members: &[usize]) -> Vec<Vec<usize>> {
    let mut occasions: Vec<Vec<usize>> = Vec::new();
    for &member in members {
        let same = |before: &usize| {
            let (before, after) = (&pictures[*before], &pictures[member]);
            let quiet = (after.taken.date() - before.taken.date()).get_days();
            quiet <= QUIET_DAYS || before.event.is_some() && before.event == after.event
        };
        match occasions.last_mut() {
            Some(occasion) if occasion.last().is_some_and(same) => occasion.push(member),
            _ => occasions.push(vec![member]),
        }
    }
    occasions
}

/// The years of pictures.
pub(super) fn years(pictures: &[Picture], members: &[usize]) -> BTreeSet<i16> {
    members.iter().map(|&member| pictures[member].taken.year()).collect()
}

/// Whether pictures come back often enough, and evenly enough, to be a theme.
pub(super) fn recurs(pictures: &[Picture], members: &[usize]) -> bool {
    let occasions = occasions(pictures, members);
    let largest = occasions.iter().map(Vec::len).max().unwrap_or(0);
    occasions.len() >= LEAST_OCCASIONS
        && (years(pictures, members).len() >= LEAST_YEARS || occasions.len() >= MANY_OCCASIONS)
        && largest * 100 <= members.len() * LARGEST
}

#[cfg(test)]
pub(super) mod samples {
    use jiff::civil::Date;

    use super::*;

    /// A picture of a day at noon.
    pub fn on(day: Date) -> Picture {
        let taken = day.at(12, 0, 0, 0);
        Picture { id: MediaId::new(), taken, position: None, city: None, country: None, event: None }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::samples::on;
    use super::*;

    fn all(pictures: &[Picture]) -> Vec<usize> {
        (0..pictures.len()).collect()
    }

    #[test]
    fn days_in_a_row_and_one_event_are_one_occasion() {
        let mut pictures = [on(date(2020, 5, 1)), on(date(2020, 5, 4)), on(date(2020, 5, 20)), on(date(2021, 5, 1))];
        assert_eq!(occasions(&pictures, &all(&pictures)), [vec![0, 1], vec![2], vec![3]]);
        let trip = Some(EventId::new());
        (pictures[1].event, pictures[2].event) = (trip, trip);
        assert_eq!(occasions(&pictures, &all(&pictures)), [vec![0, 1, 2], vec![3]]);
    }

    #[test]
    fn neither_one_trip_nor_one_burst_is_a_theme() {
        let years = |years: &[i16]| years.iter().map(|year| on(date(*year, 6, 1))).collect::<Vec<_>>();
        let yearly = years(&[2018, 2019, 2020]);
        assert!(recurs(&yearly, &all(&yearly)));
        let twice = years(&[2018, 2018, 2019]);
        assert!(!recurs(&twice, &all(&twice)), "two occasions");
        let burst = years(&[2018, 2018, 2018, 2018, 2019, 2020]);
        assert!(!recurs(&burst, &all(&burst)), "most of it is one occasion");
        let season: Vec<Picture> = (1..=6).map(|month| on(date(2020, month, 1))).collect();
        assert!(recurs(&season, &all(&season)));
        assert!(!recurs(&season, &[0, 1, 2]), "three days of one year");
        assert!(!recurs(&season, &[]));
    }
}

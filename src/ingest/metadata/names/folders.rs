//! Dates that the folders of a file hint at: days, months and years, in one name or across folders. Pure.

use std::path::{Component, Path};

use super::{Found, Piece, date_at, number, pieces};
use crate::ingest::metadata::model::{Precision, Taken};
use crate::ingest::metadata::when;

/// The date that the folders of a file hint at, innermost first: `2018-09-15 Wedding` a day, `2019-07 Lofoten` a month,
/// `2019` or `2019 Norway` or `Photos from 2022` a year; `2019/07/04` is read across folders, a span of days as its
/// month or year.
pub fn folder_date(folder: &Path) -> Option<Taken> {
    let names: Vec<String> = folder
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().chars().take(200).collect()),
            _ => None,
        })
        .collect();
    let (year, month, day) = (0..names.len()).rev().find_map(|at| folder_at(&names, at))?;
    let (precision, month, day) = match (month, day) {
        (Some(month), Some(day)) => (Precision::Day, month, day),
        (Some(month), None) => (Precision::Month, month, 1),
        (None, _) => (Precision::Year, 1, 1),
    };
    Some(Taken::local(when::day(year, month, day)?, precision, None))
}

type FolderDate = (i16, Option<i8>, Option<i8>);

fn folder_at(names: &[String], at: usize) -> Option<FolderDate> {
    let name = names.get(at)?.trim();
    let pieces = pieces(name);
    let first_digits = pieces.iter().position(|piece| piece.digits)?;
    if let Some((found, next)) = date_at(&pieces, first_digits, true) {
        return Some(span(&pieces, &found, next));
    }
    let plain = |name: &str, range: std::ops::RangeInclusive<i8>| {
        (name.len() <= 2).then(|| number(name).filter(|value| range.contains(value))).flatten()
    };
    let year_of = |name: &str| {
        (name.len() == 4).then(|| name.parse::<i16>().ok().filter(|year| (1826..=2099).contains(year))).flatten()
    };
    // Folders in folders: a day in a month in a year.
    if let Some(parent) = at.checked_sub(1).and_then(|parent| names.get(parent)) {
        if let Some(year) = year_of(parent.trim())
            && let Some(month) = plain(name, 1..=12)
        {
            return Some((year, Some(month), None));
        }
        if let Some(day) = plain(name, 1..=31)
            && let Some((year, Some(month), None)) = folder_at(names, at - 1)
            && when::day(year, month, day).is_some()
        {
            return Some((year, Some(month), Some(day)));
        }
    }
    // A year at the start or the end of a name: "2019 Norway", "Photos from 2022", "Summer 1987".
    let (first, last) = (pieces.first()?, pieces.last()?);
    let edge = [first, last].into_iter().find(|piece| piece.digits && piece.text.len() == 4)?;
    let lone = pieces.iter().filter(|piece| piece.digits).count() == 1;
    year_of(edge.text).filter(|_| lone).map(|year| (year, None, None))
}

/// A folder's date, made vaguer when the name goes on to another date or day: a trip is not its first day.
fn span(pieces: &[Piece<'_>], found: &Found<'_>, next: usize) -> FolderDate {
    let one = (found.year, found.month, found.day);
    if found.day.is_none() {
        return one;
    }
    if let Some((other, _)) = (next..pieces.len()).find_map(|at| date_at(pieces, at, true)) {
        return match (other.year == found.year, other.month == found.month) {
            (true, true) => (found.year, found.month, None),
            _ => (found.year, None, None),
        };
    }
    let dash = pieces.get(next).is_some_and(|piece| matches!(piece.text.trim(), "-" | "–" | "to" | "bis"));
    let day =
        pieces.get(next + 1).filter(|piece| piece.digits && piece.text.len() == 2).and_then(|piece| number(piece.text));
    if dash && day.is_some_and(|day| (1..=31).contains(&day)) { (found.year, found.month, None) } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::metadata::names::tests::shown;

    #[test]
    fn folders_hint_at_a_day_a_month_or_a_year() {
        for (folder, expected) in [
            ("2018/2018-09-15 Wedding", "2018-09-15T00:00:00 Day"),
            ("2019/2019-07 Lofoten", "2019-07-01T00:00:00 Month"),
            ("2019/2019-07 Lofoten/best", "2019-07-01T00:00:00 Month"),
            ("Pictures/2019/07/04", "2019-07-04T00:00:00 Day"),
            ("Pictures/2019/07", "2019-07-01T00:00:00 Month"),
            ("Takeout/Photos from 2022", "2022-01-01T00:00:00 Year"),
            ("2019 Norway", "2019-01-01T00:00:00 Year"),
            ("2018-10-03 - 2018-10-09 Nice", "2018-10-01T00:00:00 Month"),
            ("2018-10-03 to 09 Nice", "2018-10-01T00:00:00 Month"),
            ("20180915_Wedding", "2018-09-15T00:00:00 Day"),
            ("DCIM/100APPLE", "none"),
            ("Scans", "none"),
            ("", "none"),
        ] {
            assert_eq!(shown(folder_date(Path::new(folder))), expected, "{folder}");
        }
    }
}

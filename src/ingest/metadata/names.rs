//! Dates that people and devices write into the names of files and folders; folders are in [`folders`].
//!
//! Pure functions of names. Only readings with one meaning count: the year comes first or the number is one that a known
//! program writes; `04-07-2021` could be two days and is left alone. Names of phones show local time, except Google's
//! `PXL_` names and names that count milliseconds, which are UTC.

mod folders;

use jiff::civil::DateTime;
use jiff::tz::Offset;

pub use self::folders::folder_date;
use super::model::{Precision, Taken};
use super::when;

/// A piece of a name: digits, or what stands between them.
struct Piece<'n> {
    text: &'n str,
    digits: bool,
}

fn pieces(name: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in name.char_indices() {
        let digit = c.is_ascii_digit();
        if let Some(digits) = last.filter(|last| *last != digit) {
            pieces.push(Piece { text: &name[start..at], digits });
            start = at;
        }
        last = Some(digit);
    }
    if let Some(digits) = last {
        pieces.push(Piece { text: &name[start..], digits });
    }
    pieces
}

fn number(text: &str) -> Option<i8> {
    text.parse().ok()
}

/// The date that a file's name carries, if any: `IMG_20210704_153012`, `2019-06-09 12.51.01`, `IMG-20200215-WA0003`, ….
pub fn file_date(name: &str) -> Option<Taken> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem });
    let stem: String = stem.chars().take(200).collect();
    if let Some(taken) = epoch_name(&stem) {
        return Some(taken);
    }
    let pieces = pieces(&stem);
    let (date, next) = (0..pieces.len()).find_map(|at| date_at(&pieces, at, true))?;
    let day = date.day()?;
    let day_only = || Some(Taken::local(day, Precision::Day, None));
    // WhatsApp counts within a day: what follows is no time.
    if pieces.get(next).is_some_and(|piece| piece.text.starts_with("-WA")) {
        return day_only();
    }
    let (local, precision) = match clock_at(&pieces, &date, next) {
        Some(((hour, minute, second, nanos), precision)) => {
            (day.with().hour(hour).minute(minute).second(second).subsec_nanosecond(nanos).build().ok()?, precision)
        }
        None => return day_only(),
    };
    if stem.starts_with("PXL_") {
        return Offset::UTC.to_timestamp(local).ok().map(Taken::utc);
    }
    Some(Taken::local(local, precision, None))
}

/// Names that are a count of milliseconds since 1970: `FB_IMG_1594827364857`, `mmexport1594827364857`, the bare number.
fn epoch_name(stem: &str) -> Option<Taken> {
    let digits =
        ["FB_IMG_", "mmexport", "wx_camera_", "VID_", ""].iter().find_map(|prefix| stem.strip_prefix(prefix))?;
    let digits = digits.split_once(['(', ' ', '_', '-']).map_or(digits, |(digits, _)| digits);
    if digits.len() != 13 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let milliseconds: i64 = digits.parse().ok()?;
    let taken = when::unix_seconds(milliseconds / 1000)?;
    (2005..=2050).contains(&taken.local.year()).then_some(taken)
}

/// A date found in a name, with the digits of a time that stood in the same run.
struct Found<'n> {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
    attached_clock: Option<&'n str>,
}

impl Found<'_> {
    fn day(&self) -> Option<DateTime> {
        when::day(self.year, self.month?, self.day?)
    }
}

/// The date that starts with the piece `at`, and the first piece behind it.
fn date_at<'n>(pieces: &[Piece<'n>], at: usize, compact: bool) -> Option<(Found<'n>, usize)> {
    let piece = pieces.get(at).filter(|piece| piece.digits)?;
    let digits = piece.text;
    if compact && matches!(digits.len(), 8 | 14..=17) {
        let year: i16 = digits[..4].parse().ok().filter(|year| (1970..=2099).contains(year))?;
        let (month, day) = (number(&digits[4..6])?, number(&digits[6..8])?);
        when::day(year, month, day)?;
        let attached_clock = Some(&digits[8..]).filter(|clock| !clock.is_empty());
        return Some((Found { year, month: Some(month), day: Some(day), attached_clock }, at + 1));
    }
    if digits.len() != 4 {
        return None;
    }
    let year: i16 = digits.parse().ok().filter(|year| (1826..=2099).contains(year))?;
    let separator = pieces.get(at + 1).filter(|piece| matches!(piece.text, "-" | "_" | "." | ":" | " "))?.text;
    let month =
        pieces.get(at + 2).filter(|piece| piece.digits && piece.text.len() == 2).and_then(|piece| number(piece.text));
    let month = month.filter(|month| (1..=12).contains(month))?;
    let day = pieces.get(at + 3).filter(|piece| piece.text == separator).and_then(|_| pieces.get(at + 4));
    let day = day.filter(|piece| piece.text.len() == 2).and_then(|piece| number(piece.text));
    match day.filter(|&day| when::day(year, month, day).is_some()) {
        Some(day) => Some((Found { year, month: Some(month), day: Some(day), attached_clock: None }, at + 5)),
        None => Some((Found { year, month: Some(month), day: None, attached_clock: None }, at + 3)),
    }
}

type Clock = (i8, i8, i8, i32);

/// The time of day behind a date.
fn clock_at(pieces: &[Piece<'_>], date: &Found<'_>, at: usize) -> Option<(Clock, Precision)> {
    if let Some(digits) = date.attached_clock {
        return compact_clock(digits);
    }
    let between = pieces.get(at).filter(|piece| !piece.digits)?.text;
    let word = between.trim_matches(['_', '-', ' ', ',', '.', 'T', '(']);
    // "Screenshot 2023-01-05 at 15.04.05", "Bildschirmfoto 2023-01-05 um 15.04.05".
    if !(word.is_empty() || (word.len() <= 4 && word.chars().all(char::is_alphabetic))) {
        return None;
    }
    let digits = pieces.get(at + 1)?.text;
    if matches!(digits.len(), 6 | 8 | 9) {
        return compact_clock(digits);
    }
    if digits.len() > 2 {
        return None;
    }
    let separator = pieces.get(at + 2)?.text;
    if !matches!(separator, "." | "-" | "_" | ":" | "h" | "꞉" | " ") {
        return None;
    }
    let two = |at: usize| {
        pieces.get(at).filter(|piece| piece.digits && piece.text.len() == 2).and_then(|piece| number(piece.text))
    };
    let (hour, minute) = (number(digits)?, two(at + 3)?);
    let seconds = pieces
        .get(at + 4)
        .filter(|piece| matches!(piece.text, "." | "-" | "_" | ":" | "m" | "꞉" | " "))
        .and_then(|_| two(at + 5));
    let behind = pieces.get(if seconds.is_some() { at + 6 } else { at + 4 }).map_or("", |piece| piece.text);
    let hour = twelve_hours(hour, behind)?;
    if hour > 23 || minute > 59 || seconds.is_some_and(|second| second > 59) {
        return None;
    }
    let precision = if seconds.is_some() { Precision::Second } else { Precision::Minute };
    Some(((hour, minute, seconds.unwrap_or(0), 0), precision))
}

/// An hour with the "AM" or "PM" that may stand behind the time.
fn twelve_hours(hour: i8, behind: &str) -> Option<i8> {
    let letters: String =
        behind.chars().filter(char::is_ascii_alphabetic).take(2).collect::<String>().to_ascii_uppercase();
    match letters.as_str() {
        "AM" if hour <= 12 => Some(hour % 12),
        "PM" if hour <= 12 => Some(hour % 12 + 12),
        _ => Some(hour),
    }
}

/// `HHMMSS`, perhaps with milliseconds or hundredths.
fn compact_clock(digits: &str) -> Option<(Clock, Precision)> {
    let (hour, minute, second) = (number(digits.get(..2)?)?, number(digits.get(2..4)?)?, number(digits.get(4..6)?)?);
    let valid = hour <= 23 && minute <= 59 && second <= 59;
    valid.then(|| ((hour, minute, second, when::fraction(&digits[6..])), Precision::Second))
}

/// The year that a title names, if it names one and no other number: "School class of 1934". A number that counts or
/// measures something is no year.
pub fn title_year(title: &str) -> Option<Taken> {
    let pieces = pieces(title);
    let mut numbers = pieces.iter().enumerate().filter(|(_, piece)| piece.digits);
    let (at, only) = numbers.next()?;
    if numbers.next().is_some() || only.text.len() != 4 {
        return None;
    }
    let before = at.checked_sub(1).map_or("", |at| pieces[at].text);
    let after = pieces.get(at + 1).map_or("", |piece| piece.text);
    let alone = !before.ends_with(|c: char| c.is_alphanumeric() || ".,#$€£№".contains(c))
        && !after.starts_with(|c: char| c.is_alphanumeric() || "%€$£°".contains(c));
    let next = after.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let measures = MEASURED.contains(&next.to_lowercase().as_str());
    let year: i16 = only.text.parse().ok().filter(|year| (1826..=2099).contains(year))?;
    if !alone || measures {
        return None;
    }
    Some(Taken::local(when::day(year, 1, 1)?, Precision::Year, None))
}

/// What follows a number that is no year.
const MEASURED: [&str; 22] = [
    "m", "km", "cm", "mm", "ft", "feet", "miles", "meter", "meters", "metres", "kg", "lb", "pieces", "people",
    "photos", "steps", "stairs", "euro", "euros", "dollars", "hp", "years",
];

/// Whether a file's name says that it is a picture of a screen.
pub fn is_screenshot(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        "screenshot",
        "screen shot",
        "screen_shot",
        "bildschirmfoto",
        "capture d’écran",
        "capture d'écran",
        "captura de pantalla",
        "schermata",
        "截屏",
        "屏幕截图",
        "スクリーンショット",
    ]
    .iter()
    .any(|word| name.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn shown(taken: Option<Taken>) -> String {
        taken.map_or("none".into(), |taken| {
            format!("{} {:?}{}", taken.local, taken.precision, if taken.needs_zone() { " UTC" } else { "" })
        })
    }

    #[test]
    fn names_of_devices_and_programs_carry_their_date() {
        for (name, expected) in [
            ("IMG_20210704_153012.jpg", "2021-07-04T15:30:12 Second"),
            ("IMG-20200215-WA0003.jpg", "2020-02-15T00:00:00 Day"),
            ("VID-20200215-WA0003.mp4", "2020-02-15T00:00:00 Day"),
            ("PXL_20210704_153012345.MP.jpg", "2021-07-04T15:30:12.345 Second UTC"),
            ("Screenshot_20230105-150405_Chrome.png", "2023-01-05T15:04:05 Second"),
            ("Screenshot 2023-01-05 at 3.04.05 PM.png", "2023-01-05T15:04:05 Second"),
            ("Bildschirmfoto 2023-01-05 um 15.04.05.png", "2023-01-05T15:04:05 Second"),
            ("2019-06-09 12.51.01.jpg", "2019-06-09T12:51:01 Second"),
            ("2019-06-09 12.51.01-1.jpg", "2019-06-09T12:51:01 Second"),
            ("2018-04-12 19_24_49.mov", "2018-04-12T19:24:49 Second"),
            ("signal-2021-07-04-153012.jpg", "2021-07-04T15:30:12 Second"),
            ("signal-2021-07-04-15-30-12-123.jpg", "2021-07-04T15:30:12 Second"),
            ("WhatsApp Image 2020-02-15 at 15.30.12.jpeg", "2020-02-15T15:30:12 Second"),
            ("VID_20190215_161320.mp4", "2019-02-15T16:13:20 Second"),
            ("20240128_105420.mp4", "2024-01-28T10:54:20 Second"),
            ("20240128105420.jpg", "2024-01-28T10:54:20 Second"),
            ("2021-07-04.jpg", "2021-07-04T00:00:00 Day"),
            ("2021-07-04 Beach 3.jpg", "2021-07-04T00:00:00 Day"),
            ("FB_IMG_1594827364857.jpg", "2020-07-15T15:36:04 Second UTC"),
            ("photo_2021-07-04_15-30.jpg", "2021-07-04T15:30:00 Minute"),
            ("burst_20210704_153012_002.jpg", "2021-07-04T15:30:12 Second"),
        ] {
            assert_eq!(shown(file_date(name)), expected, "{name}");
        }
    }

    #[test]
    fn names_without_a_date_carry_none() {
        for name in [
            "IMG_1215.JPG",
            "P6099065.JPG",
            "DSC03261.JPG",
            "scan0001.jpg",
            "04-07-2021.jpg",
            "20211304_101010.jpg",
            "IMG_12345678.jpg",
            "1920x1080.png",
            "",
            ".jpg",
            "2021-13-40.jpg",
            "2019.jpg",
            "äöü.jpg",
            "123456789012345678901234.jpg",
        ] {
            assert_eq!(shown(file_date(name)), "none", "{name}");
        }
    }

    #[test]
    fn a_title_may_name_a_year() {
        for (title, year) in [
            ("School class of 1934", Some(1934)),
            ("1987, at the lake", Some(1987)),
            ("Summer '1999'", Some(1999)),
            ("Trolltunga at 1180 m", None),
            ("The 2000 steps to the temple", None),
            ("From 1934 to 1938", None),
            ("IMG2019", None),
            ("Nr. 4711", None),
            ("$2000 later", None),
            ("Grandpa", None),
        ] {
            let found = title_year(title).map(|taken| (taken.local.year(), taken.precision));
            assert_eq!(found, year.map(|year| (year, Precision::Year)), "{title}");
        }
    }
}

//! Dates and times as files write them: EXIF, ISO 8601 in its XMP cut, IPTC, QuickTime, RIFF.
//!
//! Pure functions of text. A date that is no date gives `None`, never a neighbour of it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::model::{Precision, Taken};

/// The digits of `text` as a number, if it is nothing but digits.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) { None } else { text.parse().ok() }
}

/// A wall time from its numbers; a leap second becomes the second before.
pub(super) fn civil(year: i16, month: i8, day: i8, hour: i8, minute: i8, second: i8, nanos: i32) -> Option<DateTime> {
    let second = if second == 60 { 59 } else { second };
    DateTime::new(year, month, day, hour, minute, second, nanos).ok()
}

/// Midnight of a day, for times known to the day or less.
pub(super) fn day(year: i16, month: i8, day: i8) -> Option<DateTime> {
    civil(year, month, day, 0, 0, 0, 0)
}

/// `2019:06:09 14:59:29`, also with other separators, with a fraction, with an offset, or without seconds;
/// `2019-06-09T14:59:29.45+10:00`, `2019-06-09`, `2019-06`, `2019` (EXIF 2.32 section 4.6.5, XMP part 1 section 8.2.1.4).
pub(super) fn parse(text: &str) -> Option<Taken> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let (date, rest) = split_date(text)?;
    let (year, month, day_of_month) = date;
    let rest = rest.trim_start_matches(['T', 't', ' ', '_']);
    if rest.is_empty() {
        let (month, precision) = match (month, day_of_month) {
            (Some(month), Some(_)) => (month, Precision::Day),
            (Some(month), None) => (month, Precision::Month),
            (None, _) => (1, Precision::Year),
        };
        return Some(Taken::local(day(year, month, day_of_month.unwrap_or(1))?, precision, None));
    }
    let (clock, zone) = split_zone(rest);
    let (hour, minute, second, nanos) = clock_of(clock)?;
    let local = civil(year, month?, day_of_month?, hour, minute, second.unwrap_or(0), nanos)?;
    let precision = if second.is_some() { Precision::Second } else { Precision::Minute };
    Some(Taken::local(local, precision, zone.and_then(offset)))
}

type Date = (i16, Option<i8>, Option<i8>);

/// The date at the start of `text`, and what follows it.
fn split_date(text: &str) -> Option<(Date, &str)> {
    let year = number(text.get(..4)?)?;
    let rest = &text[4..];
    let Some(rest) = rest.strip_prefix([':', '-', '/', '.']) else {
        return if rest.is_empty() { Some(((year, None, None), rest)) } else { None };
    };
    let (month, rest) = leading(rest)?;
    let Some(rest) = rest.strip_prefix([':', '-', '/', '.']) else {
        return if rest.is_empty() { Some(((year, Some(month), None), rest)) } else { None };
    };
    let (day, rest) = leading(rest)?;
    Some(((year, Some(month), Some(day)), rest))
}

/// One or two digits at the start of `text`.
fn leading(text: &str) -> Option<(i8, &str)> {
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    Some((number(text.get(..digits)?)?, &text[digits..]))
}

/// Divides a time of day from the zone behind it.
fn split_zone(text: &str) -> (&str, Option<&str>) {
    match text.find(['Z', 'z', '+', '-', '−']) {
        Some(at) => (text[..at].trim_end(), Some(&text[at..])),
        None => (text, None),
    }
}

/// Hour, minute, second if given, nanoseconds.
fn clock_of(text: &str) -> Option<(i8, i8, Option<i8>, i32)> {
    let (hour, rest) = leading(text)?;
    let (minute, rest) = leading(rest.strip_prefix([':', '.', ' '])?)?;
    let Some(rest) = rest.strip_prefix([':', '.', ' ']) else {
        return if rest.trim().is_empty() { Some((hour, minute, None, 0)) } else { None };
    };
    let (second, rest) = leading(rest)?;
    let nanos = rest.strip_prefix(['.', ',']).map_or(0, fraction);
    Some((hour, minute, Some(second), nanos))
}

/// Nanoseconds from the decimals of a second, as sub-second fields hold them too.
pub(super) fn fraction(text: &str) -> i32 {
    let digits: Vec<u8> = text.trim().bytes().take_while(u8::is_ascii_digit).take(9).collect();
    let value = digits.iter().fold(0_i32, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    (digits.len()..9).fold(value, |value, _| value * 10)
}

/// An offset from UTC: `Z`, `+10:00`, `-0500`, `+1`.
pub(super) fn offset(text: &str) -> Option<Offset> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if matches!(text, "Z" | "z") {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let (hours, rest) = leading(rest)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let minutes: i8 = if rest.is_empty() { 0 } else { leading(rest)?.0 };
    let seconds = sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60);
    if hours > 15 || minutes > 59 { None } else { Offset::from_seconds(seconds).ok() }
}

/// IPTC's date `CCYYMMDD` and time `HHMMSS±HHMM`; an unknown month or day is 00 (IIM 4.2, datasets 2:55 and 2:60).
pub(super) fn iptc(date: &str, time: Option<&str>) -> Option<Taken> {
    let date = date.trim().replace(['-', ':'], "");
    let year = number(date.get(..4)?)?;
    let month: i8 = date.get(4..6).and_then(number).unwrap_or(0);
    let day_of_month: i8 = date.get(6..8).and_then(number).unwrap_or(0);
    if month == 0 {
        return Some(Taken::local(day(year, 1, 1)?, Precision::Year, None));
    }
    if day_of_month == 0 {
        return Some(Taken::local(day(year, month, 1)?, Precision::Month, None));
    }
    let clock = time.map(|time| time.trim().replace(':', "")).and_then(|time| {
        let parts = (number(time.get(..2)?)?, number(time.get(2..4)?)?, number(time.get(4..6)?)?);
        Some((parts, time.get(6..).and_then(offset)))
    });
    match clock {
        Some(((hour, minute, second), offset)) => {
            let local = civil(year, month, day_of_month, hour, minute, second, 0)?;
            Some(Taken::local(local, Precision::Second, offset))
        }
        None => Some(Taken::local(day(year, month, day_of_month)?, Precision::Day, None)),
    }
}

/// Seconds since 1904 (QuickTime); files of careless writers count from 1970, which shows by the value being too small.
pub(super) fn quicktime(seconds: u64) -> Option<Taken> {
    const EPOCHS_APART: i64 = 2_082_844_800;
    let seconds = i64::try_from(seconds).ok().filter(|&seconds| seconds > 0)?;
    let unix = if seconds >= EPOCHS_APART { seconds - EPOCHS_APART } else { seconds };
    if unix == 0 { None } else { unix_seconds(unix) }
}

/// Seconds since 1970.
pub(super) fn unix_seconds(seconds: i64) -> Option<Taken> {
    Timestamp::from_second(seconds).ok().map(Taken::utc)
}

/// `Mon Mar 10 15:04:43 2003` (RIFF `IDIT`), or what [`parse`] reads.
pub(super) fn riff(text: &str) -> Option<Taken> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if let Some(taken) = parse(text) {
        return Some(taken);
    }
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let at = words.iter().position(|word| MONTHS.iter().any(|month| word.to_ascii_lowercase().starts_with(month)))?;
    let month = MONTHS.iter().position(|month| words[at].to_ascii_lowercase().starts_with(month))?;
    let day_of_month = number(words.get(at + 1)?)?;
    let (hour, minute, second, _) = clock_of(words.get(at + 2)?)?;
    let year = number(words.get(at + 3)?)?;
    let local = civil(year, i8::try_from(month).ok()? + 1, day_of_month, hour, minute, second?, 0)?;
    Some(Taken::local(local, Precision::Second, None))
}

/// The offset that wall clocks show when `local` there is `instant`, if such an offset is in use anywhere.
///
/// Clocks and satellites are minutes apart at most, hence up to `slack_s` seconds from a quarter of an hour are forgiven.
pub(super) fn offset_between(local: DateTime, instant: Timestamp, slack_s: i64) -> Option<Offset> {
    let as_utc = Offset::UTC.to_timestamp(local).ok()?;
    let difference = as_utc.as_second().checked_sub(instant.as_second())?;
    let quarters = (difference + 450).div_euclid(900);
    if (difference - quarters * 900).abs() > slack_s || !IN_USE.contains(&quarters) {
        return None;
    }
    Offset::from_seconds(i32::try_from(quarters * 900).ok()?).ok()
}

/// Offsets in use since 1970, in quarters of an hour (IANA time zone database).
const IN_USE: [i64; 40] = [
    -48, -44, -40, -38, -36, -32, -28, -24, -20, -16, -14, -12, -10, -8, -4, 0, 4, 8, 12, 14, 16, 18, 20, 22, 23, 24,
    26, 28, 32, 34, 35, 36, 38, 40, 42, 44, 48, 51, 52, 56,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(taken: Option<Taken>) -> String {
        taken.map_or("none".into(), |taken| {
            let offset = taken.offset.map_or(String::new(), |offset| offset.to_string());
            format!("{}{offset} {:?}", taken.local, taken.precision)
        })
    }

    #[test]
    fn dates_of_every_format_are_read() {
        assert_eq!(shown(parse("2019:06:09 14:59:29")), "2019-06-09T14:59:29 Second");
        assert_eq!(shown(parse("2019-06-09T14:59:29.45+10:00")), "2019-06-09T14:59:29.45+10 Second");
        assert_eq!(shown(parse("2019-06-09T14:59Z")), "2019-06-09T14:59:00+00 Minute");
        assert_eq!(shown(parse("2019-06")), "2019-06-01T00:00:00 Month");
        assert_eq!(shown(parse("2019")), "2019-01-01T00:00:00 Year");
        assert_eq!(shown(parse("2020-04-05T14:05:00-0500")), "2020-04-05T14:05:00-05 Second");
        assert_eq!(shown(iptc("20190609", Some("145929+1000"))), "2019-06-09T14:59:29+10 Second");
        assert_eq!(shown(iptc("19670000", None)), "1967-01-01T00:00:00 Year");
        assert_eq!(shown(riff("Mon Mar 10 15:04:43 2003\n\0")), "2003-03-10T15:04:43 Second");
        assert_eq!(shown(quicktime(3_669_080_400)), "2020-04-07T05:00:00 Second");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "0000:00:00 00:00:00",
            "    :  :     :  :  ",
            "2019:13:01 00:00:00",
            "2019:02:30 10:00:00",
            "x",
            "äöüß",
        ] {
            assert_eq!(shown(parse(text)), "none", "{text:?}");
        }
        assert!(quicktime(0).is_none());
    }

    #[test]
    fn the_offset_follows_from_wall_time_and_instant() {
        let local = parse("2019:06:09 20:57:31").unwrap().local;
        let instant = parse("2019-06-09T10:57:29Z").unwrap().instant.unwrap();
        assert_eq!(offset_between(local, instant, 300).unwrap().to_string(), "+10");
        let stale = parse("2019-06-09T10:50:29Z").unwrap().instant.unwrap();
        assert!(offset_between(local, stale, 300).is_none(), "seven minutes off a quarter");
        let nowhere = parse("2019-06-09T11:42:29Z").unwrap().instant.unwrap();
        assert!(offset_between(local, nowhere, 300).is_none(), "no place is at +09:15");
    }
}

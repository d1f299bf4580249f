//! Times as rules write them: years, months and days, spans of them, the last so many, times of the day.

use std::fmt;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Span, ToSpan as _};

use crate::library::filter::TimeSpan;

/// A year, a month or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// 2019
    Year(i16),
    /// 2019-06
    Month(i16, i8),
    /// 2019-06-09
    Day(Date),
}

impl Day {
    /// Reads `2019`, `2019-06` or `2019-06-09`.
    pub fn read(text: &str) -> Option<Self> {
        let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        let lengths = [4, 2, 2];
        if parts.len() > 3 || !parts.iter().zip(lengths).all(|(part, length)| digits(part, length)) {
            return None;
        }
        let year: i16 = parts[0].parse().ok().filter(|year| *year > 0)?;
        match parts.as_slice() {
            [_] => Some(Self::Year(year)),
            [_, month] => Date::new(year, month.parse().ok()?, 1).ok().map(|date| Self::Month(year, date.month())),
            _ => text.parse().ok().map(Self::Day),
        }
    }

    /// Its first day.
    pub fn first(self) -> Date {
        match self {
            Self::Year(year) => Date::new(year, 1, 1).unwrap_or(Date::MIN),
            Self::Month(year, month) => Date::new(year, month, 1).unwrap_or(Date::MIN),
            Self::Day(date) => date,
        }
    }

    /// The day after its last.
    pub fn after(self) -> Date {
        let length: Span = match self {
            Self::Year(_) => 1.year(),
            Self::Month(..) => 1.month(),
            Self::Day(_) => 1.day(),
        };
        self.first().checked_add(length).unwrap_or(Date::MAX)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) => date.fmt(f),
        }
    }
}

/// When media were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// Nobody knows when.
    Unknown,
    /// Within this year, month or day.
    On(Day),
    /// From the one to the other, both within.
    Between(Day, Day),
    /// From this on.
    From(Day),
    /// Up to this.
    Until(Day),
    /// In so many days, weeks, months or years up to now.
    Last(u16, Unit),
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Unit {
    /// Every one of them.
    pub const ALL: &[Self] = &[Self::Day, Self::Week, Self::Month, Self::Year];

    fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

impl Dates {
    /// Reads one span of time in lower case.
    ///
    /// # Errors
    /// What is wrong with it, for the person who wrote it.
    pub fn read(text: &str) -> Result<Self, String> {
        if text == super::rule::UNKNOWN {
            return Ok(Self::Unknown);
        }
        if let Some(rest) = text.strip_prefix("last ") {
            return last(rest).ok_or_else(|| format!("`{text}` is no time; write `last 30 days` or `last 2 years`"));
        }
        let day = |text: &str| {
            let hint =
                format!("`{text}` is no date; write 2019, 2019-06, 2019-06-30, 2019-06..2019-08 or last 30 days");
            Day::read(text.trim()).ok_or(hint)
        };
        match text.split_once("..") {
            None => Ok(Self::On(day(text)?)),
            Some((from, "")) => Ok(Self::From(day(from)?)),
            Some(("", to)) => Ok(Self::Until(day(to)?)),
            Some((from, to)) => {
                let (first, last) = (day(from)?, day(to)?);
                match first.first() < last.after() {
                    true => Ok(Self::Between(first, last)),
                    false => Err(format!("{} comes before {}", to.trim(), from.trim())),
                }
            }
        }
    }

    /// The span of local time that it is at `now`; `None` for what has no date.
    pub fn span(self, now: DateTime) -> Option<TimeSpan> {
        let at = |date: Date| date.to_datetime(Time::midnight());
        let (start, end) = match self {
            Self::Unknown => return None,
            Self::On(day) => (at(day.first()), at(day.after())),
            Self::Between(from, to) => (at(from.first()), at(to.after())),
            Self::From(day) => (at(day.first()), at(Date::constant(9999, 12, 31))),
            Self::Until(day) => (at(Date::constant(1, 1, 1)), at(day.after())),
            Self::Last(number, unit) => {
                let number = i64::from(number);
                let length = match unit {
                    Unit::Day => number.days(),
                    Unit::Week => number.weeks(),
                    Unit::Month => number.months(),
                    Unit::Year => number.years(),
                };
                let first = now.date().checked_sub(length).unwrap_or(Date::constant(1, 1, 1));
                (at(first), at(now.date().tomorrow().unwrap_or(Date::MAX)))
            }
        };
        Some(TimeSpan { start, end })
    }
}

fn last(text: &str) -> Option<Dates> {
    let (number, unit) = text.trim().split_once(' ').unwrap_or(("1", text.trim()));
    let unit = unit.trim();
    let unit = Unit::ALL.iter().find(|one| unit.strip_suffix('s').unwrap_or(unit) == one.word())?;
    number.parse().ok().filter(|number| (1..=9999).contains(number)).map(|number| Dates::Last(number, *unit))
}

impl fmt::Display for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str(super::rule::UNKNOWN),
            Self::On(day) => day.fmt(f),
            Self::Between(from, to) => write!(f, "{from}..{to}"),
            Self::From(day) => write!(f, "{day}.."),
            Self::Until(day) => write!(f, "..{day}"),
            Self::Last(number, unit) => {
                write!(f, "last {number} {}{}", unit.word(), if *number == 1 { "" } else { "s" })
            }
        }
    }
}

/// A minute of the day as `18:00`; 24:00 is its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutes(pub u16);

impl Minutes {
    /// Reads `18:00` or `18`.
    pub fn read(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok().filter(|_| minute.len() == 2)?);
        let all = hour.checked_mul(60)?.checked_add(minute)?;
        (minute < 60 && all <= 24 * 60).then_some(Self(all))
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// The name of a month, 1–12.
pub fn month_name(month: i8) -> String {
    Date::new(2000, month, 1).map(|date| date.strftime("%B").to_string()).unwrap_or_default()
}

/// The month that is called so, shortened to three letters or not, or its number.
pub fn month(text: &str) -> Option<i8> {
    let number = text.parse().ok().filter(|month| (1..=12).contains(month));
    number.or_else(|| (1..=12).find(|month| is_called(text, &month_name(*month))))
}

/// The name of a weekday, 1 = Monday.
pub fn weekday_name(day: i8) -> String {
    let weekday = Weekday::from_monday_one_offset(day).ok();
    // The third of January 2000 was a Monday.
    let date = weekday.and_then(|_| Date::new(2000, 1, 2 + day).ok());
    date.map(|date| date.strftime("%A").to_string()).unwrap_or_default()
}

/// The weekday that is called so, shortened to three letters or not; 1 = Monday.
pub fn weekday(text: &str) -> Option<i8> {
    (1..=7).find(|day| is_called(text, &weekday_name(*day)))
}

fn is_called(text: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    text == name || (text.len() >= 3 && name.starts_with(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> (String, String) {
        let span = Dates::read(text).unwrap().span("2026-11-21T12:00:00".parse().unwrap()).unwrap();
        (span.start.date().to_string(), span.end.date().to_string())
    }

    #[test]
    fn spans_hold_both_their_ends() {
        assert_eq!(days("2019-06..2019-08"), ("2019-06-01".into(), "2019-09-01".into()));
        assert_eq!(days("2019"), ("2019-01-01".into(), "2020-01-01".into()));
        assert_eq!(days("2019-12-31"), ("2019-12-31".into(), "2020-01-01".into()));
        assert_eq!(days("..2019-02").1, "2019-03-01");
        assert_eq!(days("2019-02..").0, "2019-02-01");
        assert_eq!(days("last 7 days"), ("2026-11-14".into(), "2026-11-22".into()));
        assert_eq!(days("last year").0, "2025-11-21");
        assert_eq!(Dates::read("unknown").unwrap().span(DateTime::MIN), None);
    }

    #[test]
    fn what_is_no_time_is_told() {
        for wrong in
            ["2019-13", "2019-6", "19", "summer", "2019-02-30", "2020..2019", "last days ago", "last 0 days", ".."]
        {
            assert!(Dates::read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Minutes::read("24:00"), Some(Minutes(1440)));
        assert!(["24:01", "7:5", "noon", "12:60"].iter().all(|wrong| Minutes::read(wrong).is_none()));
        assert_eq!((month("jun"), month("June"), weekday("saturday")), (Some(6), None, Some(6)));
    }
}

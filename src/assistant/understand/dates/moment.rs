//! A point of the calendar, as far as a question names it: with its year or without.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::calendar::{Season, day, month};
use super::holidays::Holiday;
use crate::library::filter::TimeSpan;

/// A point of the calendar. Without a year it stands for every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// With its year.
    Span(TimeSpan),
    /// A month of any year.
    Month(i8),
    /// A month and day of any year.
    Day(i8, i8),
    /// A season of any year.
    Season(Season),
    /// A holiday of any year.
    Holiday(Holiday),
}

impl Moment {
    /// The moment of that year; a span stays what it is.
    pub fn in_year(self, year: i16) -> Option<TimeSpan> {
        match self {
            Self::Span(span) => Some(span),
            Self::Month(number) => month(year, number),
            Self::Day(month, number) => Date::new(year, month, number).ok().map(day),
            Self::Season(season) => season.span(year),
            Self::Holiday(holiday) => holiday.span(year),
        }
    }

    /// Whether its year is known.
    pub fn has_year(self) -> bool {
        matches!(self, Self::Span(_))
    }

    /// The latest one that has begun at `now`.
    pub fn last_begun(self, now: DateTime) -> Option<TimeSpan> {
        (0..12).filter_map(|back| self.in_year(now.year() - back)).find(|span| span.start <= now)
    }

    /// The moment and some days around it.
    pub fn around(self, margin: i32) -> Self {
        let widen = |span: TimeSpan| {
            let start = span.start.checked_sub(margin.days()).ok()?;
            Some(Self::Span(TimeSpan { start, end: span.end.checked_add(margin.days()).ok()? }))
        };
        match self {
            Self::Span(span) if span.start.checked_add(45.days()).is_ok_and(|limit| span.end < limit) => {
                widen(span).unwrap_or(self)
            }
            other => other,
        }
    }
}

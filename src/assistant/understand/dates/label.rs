//! Says a date in few words, for the chip that stands for it.

use jiff::ToSpan;

use super::Found;
use super::calendar::{forever, years};
use crate::calendar::ENGLISH;
use crate::library::filter::TimeSpan;

/// The label of what was found.
pub fn of(found: &Found) -> String {
    match found {
        Found::Spans(spans) if spans.len() > 3 => format!("{} and {} other years", span(&spans[0]), spans.len() - 1),
        Found::Spans(spans) => join(spans.iter().map(span)),
        Found::Months(months) => join(months.iter().map(|number| month(*number).to_owned())),
        Found::MonthDays(days) => match (days.first(), days.last()) {
            (Some(first), Some(last)) if days.len() > 1 => {
                format!("{} {} – {} {}", first.1, month(first.0), last.1, month(last.0))
            }
            (Some(only), _) => format!("{} {}", only.1, month(only.0)),
            _ => String::new(),
        },
        Found::Weekdays(days) => join(days.iter().map(|day| ENGLISH.weekday(*day).to_owned())),
        Found::Time(time, _) => format!("{} – {}", clock(time.from), clock(time.to)),
        Found::Dated(true) => "with a date".to_owned(),
        Found::Dated(false) => "without a date".to_owned(),
    }
}

fn join(labels: impl Iterator<Item = String>) -> String {
    labels.collect::<Vec<_>>().join(" or ")
}

fn month(number: i8) -> &'static str {
    ENGLISH.month(number)
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// "2019", "June 2019", "14 February 2016", "since 2021", "1 May 2015 – 31 July 2015".
pub fn span(span: &TimeSpan) -> String {
    let all = forever();
    let (start, end) = (span.start, span.end);
    if end == all.end {
        return format!("since {}", point(start, true));
    }
    if start == all.start {
        return format!("before {}", point(end, true));
    }
    if years(start.year(), start.year()) == Some(*span) {
        return start.year().to_string();
    }
    let last = end.checked_sub(1.second()).unwrap_or(end);
    let whole_months = start.day() == 1 && end.day() == 1 && is_midnight(start) && is_midnight(end);
    if whole_months && start.month() == 1 && end.month() == 1 {
        return format!("{} – {}", start.year(), last.year());
    }
    if whole_months && (start.year(), start.month()) == (last.year(), last.month()) {
        return format!("{} {}", month(start.month()), start.year());
    }
    if whole_months {
        return format!("{} {} – {} {}", month(start.month()), start.year(), month(last.month()), last.year());
    }
    if start.date() == last.date() {
        return point(start, false);
    }
    format!("{} – {}", point(start, false), point(last, false))
}

fn is_midnight(at: jiff::civil::DateTime) -> bool {
    at.time() == jiff::civil::Time::midnight()
}

/// A day, or, if `short`, the month or year that begins with it.
fn point(at: jiff::civil::DateTime, short: bool) -> String {
    match (at.month(), at.day()) {
        (1, 1) if short => at.year().to_string(),
        (number, 1) if short => format!("{} {}", month(number), at.year()),
        (number, day) => format!("{day} {} {}", month(number), at.year()),
    }
}

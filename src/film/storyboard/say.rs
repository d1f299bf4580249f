//! Days, months and spans in the words of headings, English and German.

use jiff::civil::{Date, DateTime};

use crate::calendar;

fn month(date: Date, german: bool) -> &'static str {
    let names = if german { calendar::GERMAN } else { calendar::ENGLISH };
    names.month(date.month())
}

/// "July 2019".
pub fn month_of(date: Date, german: bool) -> String {
    format!("{} {}", month(date, german), date.year())
}

/// "9 July 2019", "9. Juli 2019".
pub fn day(date: Date, german: bool) -> String {
    let dot = if german { "." } else { "" };
    format!("{}{dot} {}", date.day(), month_of(date, german))
}

/// The time from the first to the last of these, as exactly as they all are: "9 July 2019", "July 2019", "2012 – 2019".
pub fn span(times: &[(DateTime, bool)], german: bool) -> Option<String> {
    let from = times.iter().map(|(time, _)| time.date()).min()?;
    let to = times.iter().map(|(time, _)| time.date()).max()?;
    let exact = times.iter().all(|(_, day_known)| *day_known);
    Some(match () {
        () if from == to && exact => day(from, german),
        () if (from.year(), from.month()) == (to.year(), to.month()) => month_of(from, german),
        () if from.year() == to.year() && to.month() - from.month() <= 4 => {
            format!("{} – {}", month(from, german), month_of(to, german))
        }
        () if from.year() == to.year() => from.year().to_string(),
        () => format!("{} – {}", from.year(), to.year()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_as_exactly_as_they_are_known() {
        let at = |text: &str| (text.parse::<DateTime>().unwrap(), true);
        let said =
            |texts: &[&str], german| span(&texts.iter().map(|text| at(text)).collect::<Vec<_>>(), german).unwrap();
        assert_eq!(said(&["2019-07-09T10:00:00", "2019-07-09T18:00:00"], false), "9 July 2019");
        assert_eq!(said(&["2019-03-09T10:00:00"], true), "9. März 2019");
        assert_eq!(said(&["2019-07-09T10:00:00", "2019-07-19T18:00:00"], false), "July 2019");
        assert_eq!(said(&["2019-06-09T10:00:00", "2019-08-19T18:00:00"], false), "June – August 2019");
        assert_eq!(said(&["2012-06-09T10:00:00", "2019-08-19T18:00:00"], true), "2012 – 2019");
        assert_eq!(span(&[], false), None);
    }
}

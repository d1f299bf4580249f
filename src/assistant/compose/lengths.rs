//! How long things lasted and how old people were, in words.

use jiff::civil::Date;

use super::dates;
use super::phrases::{say, say_number};
use super::{Aged, DatedClaim, Tally, bold, cite, list, what};
use crate::assistant::understand::{Language, Unit};
use crate::library::MediaId;

/// Months up to which an age is said in months.
const IN_MONTHS: u32 = 23;

/// "**9 days**: August 5, 2017 – August 13, 2017."
pub(super) fn stays(stays: &[(DatedClaim, DatedClaim)], language: Language) -> String {
    let written = |stay: &(DatedClaim, DatedClaim)| {
        let ((from, _, first), (to, _, last)) = *stay;
        let evidence = if first == last { cite(&[first]) } else { cite(&[first, last]) };
        let (length, span) = (bold(&length(stay, language)), dates::span(from, to, language));
        format!("{}{evidence}", say(language, "lasted", &[("length", &length), ("span", &span)]))
    };
    match stays {
        [] => say(language, "undated", &[]),
        [one] => format!("{}.", written(one)),
        many => {
            let dates = list(many.iter().map(written), language);
            say(language, "when_many", &[("n", &many.len().to_string()), ("dates", &dates)])
        }
    }
}

/// From the first to the last picture: in days, within a day in hours or minutes.
fn length(((from, ..), (to, ..)): &(DatedClaim, DatedClaim), language: Language) -> String {
    let days = to.date().since(from.date()).map_or(0, |span| span.get_days());
    let minutes = to.duration_since(*from).as_mins().max(0) as u64;
    match (days, minutes) {
        (1.., _) => say_number(language, "days_long", days as u64 + 1),
        (_, 0..2) => say_number(language, "days_long", 1),
        (_, 2..60) => say_number(language, "minutes_long", minutes),
        (_, minutes) => say_number(language, "hours_long", (minutes + 30) / 60),
    }
}

/// Whole units of time from one day to a later one.
pub fn time_between(from: Date, to: Date, unit: Unit) -> u64 {
    let largest = match unit {
        Unit::Day | Unit::Week => jiff::Unit::Day,
        Unit::Month => jiff::Unit::Month,
        Unit::Year => jiff::Unit::Year,
    };
    let whole = from.until((largest, to)).map_or(0, |span| match unit {
        Unit::Day => span.get_days(),
        Unit::Week => span.get_days() / 7,
        Unit::Month => span.get_months(),
        Unit::Year => i32::from(span.get_years()),
    });
    u64::try_from(whole).unwrap_or(0)
}

/// "**6 weeks** (42 days): from September 5, 2020 to October 17, 2020."
pub(super) fn between(
    unit: Unit,
    from: (Date, Option<MediaId>),
    to: (Date, Option<MediaId>),
    language: Language,
) -> String {
    let days = say_number(language, "days_long", time_between(from.0, to.0, Unit::Day));
    let number = time_between(from.0, to.0, unit);
    let length = match unit {
        Unit::Day => bold(&days),
        Unit::Week => format!("{} ({days})", bold(&say_number(language, "weeks_long", number))),
        Unit::Month => format!("{} ({days})", bold(&say_number(language, "months_old", number))),
        Unit::Year => format!("{} ({days})", bold(&say_number(language, "years_old", number))),
    };
    let written = |(day, shown): (Date, Option<MediaId>)| {
        format!("{}{}", dates::date(day, dates::Exact::Day, language), shown.map_or_else(String::new, |id| cite(&[id])))
    };
    say(language, "between", &[("length", &length), ("from", &written(from)), ("to", &written(to))])
}

/// "2 videos, 3:05 altogether."
pub(super) fn plays(tally: &Tally, seconds: u64, language: Language) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let length = if hours > 0 { format!("{hours}:{minutes:02}:{rest:02}") } else { format!("{minutes}:{rest:02}") };
    say(language, "plays", &[("what", &what(tally, language)), ("length", &bold(&length))])
}

/// "**Anna** was **3 years** to **4 years** old."
pub(super) fn ages(aged: &[Aged], language: Language) -> String {
    let age = |months: u32| match months {
        ..=IN_MONTHS => say_number(language, "months_old", u64::from(months)),
        _ => say_number(language, "years_old", u64::from(months / 12)),
    };
    let sentence = |aged: &Aged| {
        let (from, to) = (age(aged.from.0), age(aged.to.0));
        let name = bold(&aged.name);
        let mut shown: Vec<MediaId> = [aged.from.1, aged.to.1].into_iter().flatten().collect();
        shown.dedup();
        let text = match (shown.is_empty(), from == to) {
            (true, _) => say(language, "is_old", &[("name", &name), ("age", &bold(&from))]),
            (false, true) => say(language, "was_old", &[("name", &name), ("age", &bold(&from))]),
            (false, false) => {
                say(language, "was_from_to", &[("name", &name), ("from", &bold(&from)), ("to", &bold(&to))])
            }
        };
        format!("{text}{}", cite(&shown))
    };
    aged.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::dates::Exact;
    use super::*;

    fn stay(from: &str, to: &str) -> (DatedClaim, DatedClaim) {
        let id = MediaId::new();
        ((from.parse().unwrap(), Exact::Day, id), (to.parse().unwrap(), Exact::Day, id))
    }

    fn said(from: &str, to: &str) -> String {
        let text = stays(&[stay(from, to)], Language::English);
        super::super::without_citations(&text)
    }

    #[test]
    fn days_are_counted_from_the_first_to_the_last() {
        assert_eq!(
            said("2017-08-05T10:00:00", "2017-08-13T09:00:00"),
            "**9 days**: August 5, 2017 – August 13, 2017 ."
        );
        assert!(said("2017-08-05T10:00:00", "2017-08-05T13:10:00").starts_with("**about 3 hours**"));
        assert!(said("2017-08-05T10:00:00", "2017-08-05T10:12:00").starts_with("**about 12 minutes**"));
        assert!(said("2017-08-05T23:50:00", "2017-08-06T00:10:00").starts_with("**2 days**"));
    }

    #[test]
    fn small_children_are_months_old() {
        let aged = |from, to| vec![Aged { name: "Ida".into(), from: (from, Some(MediaId::new())), to: (to, None) }];
        let text = |from, to| super::super::without_citations(&ages(&aged(from, to), Language::English));
        assert!(text(1, 1).starts_with("**Ida** was **1 month** old."));
        assert!(text(5, 30).starts_with("**Ida** was **5 months** to **2 years** old."));
        let now = vec![Aged { name: "Ida".into(), from: (40, None), to: (40, None) }];
        assert_eq!(ages(&now, Language::English), "**Ida** is **3 years** old.");
    }

    #[test]
    fn time_lies_between_two_days() {
        let day = |text: &str| (text.parse().unwrap(), None);
        let said = |unit, language| between(unit, day("2020-09-05"), day("2020-10-17"), language);
        let english = "**42 days**: from September 5, 2020 to October 17, 2020.";
        assert_eq!(said(Unit::Day, Language::English), english);
        let german = "**6 Wochen** (42 Tage): vom 5. September 2020 bis zum 17. Oktober 2020.";
        assert_eq!(said(Unit::Week, Language::German), german);
        assert!(said(Unit::Month, Language::French).starts_with("**1 mois** (42 jours) : du 5 septembre 2020"));
    }

    #[test]
    fn videos_add_up() {
        let tally = Tally { videos: 2, ..Tally::default() };
        assert_eq!(plays(&tally, 185, Language::English), "2 videos, **3:05** altogether.");
    }
}

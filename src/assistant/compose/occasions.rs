//! When it was and how often, in words.

use super::dates::{self, Exact};
use super::phrases::{say, say_number};
use super::{DatedClaim, Tally, cite, list, what};
use crate::assistant::understand::Language;

/// "That was on **September 15, 2018**."
pub(super) fn when(occasions: &[(DatedClaim, DatedClaim)], language: Language) -> String {
    let written = |occasion: &(DatedClaim, DatedClaim)| {
        let ((from, exact, _), (to, ..)) = occasion;
        let text = match *exact {
            Exact::Day => dates::span(*from, *to, language),
            exact => dates::date(from.date(), exact, language),
        };
        format!("**{text}**{}", evidence(occasion))
    };
    match occasions {
        [] => say(language, "undated", &[]),
        [one] => {
            let day = one.0.1 == Exact::Day && one.0.0.date() == one.1.0.date();
            say(language, if day { "when_day" } else { "when_span" }, &[("date", &written(one))])
        }
        many => {
            let dates = list(many.iter().map(written), language);
            say(language, "when_many", &[("n", &many.len().to_string()), ("dates", &dates)])
        }
    }
}

/// "**2 times**: June 7 – 11, 2019, January 19 – 20, 2023 (73 photos and 1 video)."
pub(super) fn how_often(times: &[(DatedClaim, DatedClaim)], tally: &Tally, language: Language) -> String {
    let written = |occasion: &(DatedClaim, DatedClaim)| {
        let ((from, exact, _), (to, ..)) = occasion;
        let text = match *exact {
            Exact::Day => dates::stretch(from.date(), to.date(), language),
            exact => dates::date(from.date(), exact, language),
        };
        format!("{text}{}", evidence(occasion))
    };
    if times.is_empty() {
        return say(language, "undated", &[]);
    }
    let (number, dates) =
        (say_number(language, "times", times.len() as u64), list(times.iter().map(written), language));
    say(language, "how_often", &[("times", &number), ("dates", &dates), ("what", &what(tally, language))])
}

/// "That is home: there are pictures of **512 days**, from March 9, 2014 to July 5, 2026 (1,204 photos)."
pub(super) fn at_home(days: u64, from: &DatedClaim, to: &DatedClaim, tally: &Tally, language: Language) -> String {
    let day = |claim: &DatedClaim| format!("{}{}", dates::date(claim.0.date(), Exact::Day, language), cite(&[claim.2]));
    let values = [
        ("days", &*say_number(language, "days_at_home", days)),
        ("from", &day(from)),
        ("to", &day(to)),
        ("what", &what(tally, language)),
    ];
    say(language, "at_home", &values)
}

/// The first and the last picture of an occasion.
fn evidence((from, to): &(DatedClaim, DatedClaim)) -> String {
    if from.2 == to.2 { cite(&[from.2]) } else { cite(&[from.2, to.2]) }
}

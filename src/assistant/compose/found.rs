//! How many media were found and what they have in common, in words.

use jiff::civil::DateTime;

use super::bold;
use super::dates::{self, Exact};
use super::phrases::{say, say_counted, say_number};
use crate::assistant::understand::Language;
use crate::search::{Quoted, quoted};

/// How many photos and videos, and what they have in common.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// Photos.
    pub photos: u64,
    /// Videos.
    pub videos: u64,
    /// Local time of the first and the last one.
    pub span: Option<(DateTime, DateTime)>,
    /// How exactly both of these are known.
    pub exact: Option<Exact>,
    /// The place, if all are at one.
    pub place: Option<String>,
}

impl Tally {
    /// Photos and videos together.
    pub fn total(&self) -> u64 {
        self.photos + self.videos
    }
}

/// "21 photos and 1 video".
pub fn what(tally: &Tally, language: Language) -> String {
    let photos = say_number(language, "photo", tally.photos);
    let videos = say_number(language, "video", tally.videos);
    match (tally.photos, tally.videos) {
        (_, 0) => photos,
        (0, _) => videos,
        _ => format!("{photos}{}{videos}", say(language, "and", &[])),
    }
}

/// "I found **2 photos**, taken on September 15, 2018, all in Rome, Italy."
pub(super) fn found(tally: &Tally, language: Language) -> String {
    let what = bold(&what(tally, language));
    let mut facts = Vec::new();
    facts.extend(taken(tally, language));
    if let Some(place) = &tally.place {
        facts.push(say_counted(language, "all_at", tally.total(), &[("place", place)]));
    }
    match facts.is_empty() {
        true => say(language, "found", &[("what", &what)]),
        false => say(language, "found_where", &[("what", &what), ("facts", &facts.join(", "))]),
    }
}

/// "taken on September 15, 2018", "taken from May 1, 2015 to July 3, 2016", "taken in 1934".
fn taken(tally: &Tally, language: Language) -> Option<String> {
    let (from, to) = tally.span?;
    let exact = tally.exact.unwrap_or(Exact::Day);
    let (from, to) = (dates::date(from.date(), exact, language), dates::date(to.date(), exact, language));
    let say = |key: &str, values: &[(&str, &str)]| say_counted(language, key, tally.total(), values);
    Some(match (from == to, exact) {
        (true, Exact::Day) => say("taken_on", &[("date", &from)]),
        (true, _) => say("taken_in", &[("date", &from)]),
        (false, Exact::Day) => say("taken_span", &[("from", &from), ("to", &to)]),
        (false, _) => say("taken_in", &[("date", &format!("{from} – {to}"))]),
    })
}

/// What was said, as a quotation. It is somebody's speech: it may look like a citation or like markdown and is neither.
pub(super) fn said(reason: &str, language: Language) -> String {
    let plain = |text: &str| text.replace("[[", "[ [").replace(['*', '`', '<', '>'], "");
    match quoted(reason) {
        Some(Quoted::Spoken { at, text }) => say(language, "said_at", &[("time", at), ("text", &plain(text))]),
        Some(Quoted::Note { of: Some(of), text }) => {
            say(language, "said_about", &[("name", &plain(of)), ("text", &plain(text))])
        }
        Some(Quoted::Note { of: None, text }) => say(language, "said", &[("text", &plain(text))]),
        None => String::new(),
    }
}

/// "**10 photos**.", and where there are both kinds first the number of all.
pub(super) fn count(tally: &Tally, language: Language) -> String {
    let what = what(tally, language);
    match (tally.photos, tally.videos) {
        (0, 0) => say(language, "count_none", &[]),
        (_, 0) | (0, _) => say(language, "count", &[("what", &bold(&what))]),
        _ => say(language, "count_both", &[("n", &bold(&tally.total().to_string())), ("what", &what)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(photos: u64, from: &str, to: &str) -> Tally {
        let at = |day: &str| format!("{day}T12:00:00").parse().unwrap();
        Tally { photos, span: Some((at(from), at(to))), place: Some("Rome".into()), ..Tally::default() }
    }

    #[test]
    fn days_stand_with_their_prepositions() {
        let one = tally(1, "2026-03-14", "2026-03-14");
        assert_eq!(found(&one, Language::English), "I found **1 photo**, taken on March 14, 2026, in Rome.");
        assert_eq!(
            found(&one, Language::German),
            "Ich habe **1 Foto** gefunden, aufgenommen am 14. März 2026, in Rome."
        );
        assert!(found(&one, Language::French).contains("prise le 14 mars 2026, à Rome"));
        assert!(found(&one, Language::Spanish).contains("tomada el 14 de marzo de 2026, en Rome"));
        let many = tally(3, "2014-08-30", "2026-07-12");
        assert!(found(&many, Language::English).contains("taken from August 30, 2014 to July 12, 2026, all in Rome"));
        assert!(found(&many, Language::French).contains("prises du 30 août 2014 au 12 juillet 2026, toutes à Rome"));
        assert!(found(&many, Language::Spanish).contains("tomadas del 30 de agosto de 2014 al 12 de julio de 2026"));
    }

    #[test]
    fn a_year_is_no_day() {
        let old = Tally { exact: Some(Exact::Year), ..tally(1, "1934-01-01", "1934-01-01") };
        assert_eq!(found(&old, Language::English), "I found **1 photo**, taken in 1934, in Rome.");
    }
}

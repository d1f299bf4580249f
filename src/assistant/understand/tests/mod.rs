//! What questions must mean: a table of questions about an invented family's library, in five languages.

mod concepts;
mod family;
mod summary;

use std::sync::LazyLock;

use jiff::civil::DateTime;
use proptest::prelude::*;

use self::family::{Family, SmallWorld};
use super::{Lexicon, Reading};

const NOW: &str = "2026-11-21T12:00:00";

fn now() -> DateTime {
    NOW.parse().unwrap()
}

static FAMILY: LazyLock<(Family, Lexicon)> = LazyLock::new(|| {
    let family = Family::new();
    let lexicon = Lexicon::new(&family.vocabulary);
    (family, lexicon)
});

/// Reads every row of a table; a row that begins with ">" follows up on the row before.
fn check(table: &str) {
    let (family, lexicon) = &*FAMILY;
    let mut previous: Option<Reading> = None;
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (question, expected) = line.split_once('\t').unwrap_or((line, ""));
        let follows = question.strip_prefix("> ");
        let before = if follows.is_some() { previous.as_ref() } else { None };
        let reading = lexicon.understand(follows.unwrap_or(question), &SmallWorld, now(), before);
        let got = summary::of(&reading, &family.names);
        rows += 1;
        if got != expected {
            wrong.push(format!("{question}\n  expected {expected}\n  got      {got}"));
        }
        previous = Some(reading);
    }
    assert!(wrong.is_empty(), "{} of {rows} readings differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn people_are_read() {
    check(include_str!("people.tsv"));
}

#[test]
fn dates_are_read() {
    check(include_str!("dates.tsv"));
}

#[test]
fn places_and_events_are_read() {
    check(include_str!("places_events.tsv"));
}

#[test]
fn kinds_counts_and_questions_are_read() {
    check(include_str!("questions.tsv"));
}

#[test]
fn what_can_be_measured_is_read() {
    check(include_str!("measures.tsv"));
}

#[test]
fn actions_and_follow_ups_are_read() {
    check(include_str!("conversations.tsv"));
}

#[test]
fn content_is_read() {
    check(include_str!("content.tsv"));
}

#[test]
fn other_languages_are_read() {
    check(include_str!("languages.tsv"));
}

#[test]
fn parts_point_at_their_words() {
    let (_, lexicon) = &*FAMILY;
    let question = "Photos of Lena without Tom in Zakopane, October 2015";
    let reading = lexicon.understand(question, &SmallWorld, now(), None);
    let texts: Vec<&str> = reading.parts.iter().map(|part| &question[part.range.clone().unwrap()]).collect();
    assert_eq!(texts, ["Lena", "without Tom", "Zakopane", "October 2015"]);
    assert!(reading.certainty > 0.9);
}

#[test]
fn a_puzzling_question_is_uncertain() {
    let (_, lexicon) = &*FAMILY;
    let of = |question: &str| lexicon.understand(question, &SmallWorld, now(), None).certainty;
    assert!(of("why was the sky so weird that day we drove home from the fjord thing") < 0.6);
    assert!(of("Tom in Iceland") > 0.9);
}

#[test]
fn readings_survive_storage() {
    let (_, lexicon) = &*FAMILY;
    let reading = lexicon.understand("make an album called X of Lena since 2020", &SmallWorld, now(), None);
    let stored = serde_json::to_string(&reading).unwrap();
    assert_eq!(serde_json::from_str::<Reading>(&stored).unwrap(), reading);
}

#[test]
fn a_large_library_is_read_fast() {
    use crate::library::ids::{EventId, PersonId};
    use crate::library::vocabulary::{EventEntry, PersonEntry};
    let mut family = Family::new();
    let first = ["Al", "Be", "Ca", "Do", "Ed", "Fa", "Gu", "Ho", "In", "Ju"];
    let last = ["mon", "ric", "sel", "tan", "ver", "wald", "xim", "yar", "zon", "bert"];
    for index in 0..1000_usize {
        let name = format!("{}{} {}{}", first[index % 10], last[index / 10 % 10], first[index / 100], last[index % 7]);
        family.vocabulary.people.push(PersonEntry {
            id: PersonId::new(),
            name,
            aliases: Vec::new(),
            pet: false,
            media: 1,
        });
    }
    for index in 0..5000_usize {
        let name = format!("{} {} trip {index}", last[index % 10], first[index / 10 % 10]);
        family.vocabulary.events.push(EventEntry {
            id: EventId::new(),
            name,
            hints: vec!["summer".into()],
            start: None,
            end: None,
            media: 1,
        });
    }
    let lexicon = Lexicon::new(&family.vocabulary);
    let questions =
        ["photos of Lena and Tom at the wedding in september 2020", "our ski trip", "dogs on the beach last summer"];
    let started = std::time::Instant::now();
    for question in questions.iter().cycle().take(30) {
        lexicon.understand(question, &SmallWorld, now(), None);
    }
    let each = started.elapsed() / 30;
    // A hundred times what it takes in a release build: this catches a search through everything, not a busy machine.
    assert!(each.as_millis() < 100, "{each:?} a question");
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(question in "\\PC{0,80}") {
        let (_, lexicon) = &*FAMILY;
        let reading = lexicon.understand(&question, &SmallWorld, now(), None);
        prop_assert!((0.0..=1.0).contains(&reading.certainty));
        for part in &reading.parts {
            let range = part.range.clone().unwrap();
            prop_assert_eq!(question.get(range), Some(part.text.as_str()));
        }
    }

    #[test]
    fn words_in_any_order_are_read_without_harm(words in proptest::collection::vec(
        "(without|and|or|only|Lena|Tom|the|of|in|2019|may|last|summer|photos|wedding|Iceland|'x'|album|called|tag|with|no|not|from|to|between|nur|ohne|et|的|雪|5|star|first|when|how many)", 0..12)) {
        let (_, lexicon) = &*FAMILY;
        let question = words.join(" ");
        let first = lexicon.understand(&question, &SmallWorld, now(), None);
        let second = lexicon.understand(&question, &SmallWorld, now(), Some(&first));
        prop_assert!(second.certainty <= 1.0);
    }
}

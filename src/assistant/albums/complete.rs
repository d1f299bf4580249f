//! What could come next in a rule while it is typed: keys, then what the library has.

use std::ops::Range;

use super::parse::{PLAIN_KEYS, Quotes, negation, split};
use super::rule::{COPIES, GENERATED, KINDS, Key, Measure, NOBODY, SHAPES, SOMEBODY, UNKNOWN, Which, quoted};
use super::spans::{month_name, weekday_name};
use crate::library::fold;
use crate::library::vocabulary::Vocabulary;

/// No more are offered.
const OFFERED: usize = 12;

/// What could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// What they replace, in bytes of the text.
    pub range: Range<usize>,
    /// The most fitting first.
    pub candidates: Vec<Candidate>,
}

/// Something that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is written.
    pub text: String,
    /// What it is, in a few words: "12 photos", "a date".
    pub hint: String,
}

/// What could stand at `cursor`, a byte of the text.
pub fn complete(text: &str, cursor: usize, library: &Vocabulary) -> Completion {
    let mut cursor = cursor.min(text.len());
    while !text.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let Some((clause, _)) = split(text, 0..cursor, &[';']).pop() else { return Completion::default() };
    let (not, rest) = negation(text, clause);
    let written = &text[rest.clone()];
    let mut quotes = Quotes::default();
    let mark = written.char_indices().find(|(_, c)| !quotes.inside(*c) && ":<>=".contains(*c));
    let (from, candidates) = match mark {
        None => (rest.start, openings(not)),
        Some((at, ':')) => {
            let (value, _) =
                split(text, rest.start + at + 1..cursor, &['|', '&']).pop().unwrap_or((cursor..cursor, None));
            (value.start, values(&written[..at].trim().to_lowercase(), library))
        }
        Some((at, _)) => {
            let number = written[at..].find(|c: char| !"<>= ".contains(c)).map_or(cursor, |to| rest.start + at + to);
            (number, numbers(written[..at].trim()))
        }
    };
    let from = from.min(cursor);
    let typed = fold(text[from..cursor].trim_matches(['"', ' ']));
    let mut fitting: Vec<(usize, Candidate)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((rank(&fold(&candidate.text), &typed)?, candidate)))
        .collect();
    fitting.sort_by_key(|(rank, _)| *rank);
    let candidates = fitting.into_iter().map(|(_, candidate)| candidate).take(OFFERED).collect();
    Completion { range: from..cursor, candidates }
}

/// How well a candidate goes on from what was typed: its beginning, that of one of its words, or not at all.
fn rank(candidate: &str, typed: &str) -> Option<usize> {
    let candidate = candidate.trim_matches('"');
    if candidate.starts_with(typed) {
        return Some(0);
    }
    candidate.split_whitespace().any(|word| word.starts_with(typed)).then_some(1)
}

fn candidate(text: impl Into<String>, hint: &str) -> Candidate {
    Candidate { text: text.into(), hint: hint.to_owned() }
}

/// What a clause can begin with.
fn openings(not: bool) -> Vec<Candidate> {
    let hint = |key: &str| match key {
        "people" => "who is there",
        "only" => "who is there, and nobody else",
        "place" => "where it was taken",
        "event" => "an event or trip",
        "album" => "another album",
        "tag" => "a keyword",
        "concept" => "what you taught",
        "camera" => "what it was taken with",
        "shows" => "what is to be seen",
        "text" => "words in its texts",
        "date" => "2019-06..2019-08, last 30 days",
        "month" => "June, of any year",
        "day" => "12-24, of any year",
        "weekday" => "Saturday",
        "time" => "18:00..22:00",
        "kind" => "photo or video",
        "shape" => "portrait or landscape",
        _ => "duplicates and bursts",
    };
    let keys = Key::ALL.iter().map(|key| key.word()).chain(PLAIN_KEYS.iter().copied());
    let mut all: Vec<Candidate> = keys.map(|key| candidate(format!("{key}: "), hint(key))).collect();
    all.extend(Measure::ALL.iter().map(|measure| {
        let hint = match measure {
            Measure::Rating => "stars",
            Measure::People => "how many are in the picture",
            Measure::Length => "seconds of a video",
        };
        candidate(format!("{} >= ", measure.word()), hint)
    }));
    all.extend(KINDS.iter().map(|(_, words)| candidate(words[0], "a kind")));
    all.push(candidate(GENERATED, "made by a machine"));
    if !not {
        all.push(candidate("not ", "the opposite"));
        all.extend(Which::ALL.iter().map(|which| candidate(format!("{} 40", which.word()), "no more than so many")));
    }
    all
}

/// What can come after a key.
fn values(key: &str, library: &Vocabulary) -> Vec<Candidate> {
    let Some(named) = Key::read(key) else { return plain_values(key) };
    let mut counted: Vec<(String, u32)> = match named {
        Key::People | Key::Only => library.people.iter().map(|one| (one.name.clone(), one.media)).collect(),
        Key::Place => {
            let name =
                |place: &crate::library::vocabulary::PlaceEntry| Some((place.names.first()?.clone(), place.media));
            library.places.iter().filter_map(name).collect()
        }
        Key::Event => library.events.iter().map(|one| (one.name.clone(), one.media)).collect(),
        Key::Album => library.albums.iter().map(|one| (one.name.clone(), one.media)).collect(),
        Key::Tag => library.tags.iter().map(|one| (one.name.clone(), one.media)).collect(),
        Key::Concept => library.concepts.iter().map(|one| (one.name.clone(), 0)).collect(),
        Key::Camera => library.cameras.iter().map(|one| (one.label.clone(), one.media)).collect(),
        Key::Shows | Key::Text => Vec::new(),
    };
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counted.dedup_by(|a, b| a.0 == b.0);
    let hint = |count: u32| match count {
        0 => String::new(),
        1 => "1 picture".to_owned(),
        count => format!("{count} pictures"),
    };
    let mut all: Vec<Candidate> =
        counted.into_iter().map(|(name, count)| candidate(quoted(named, &name), &hint(count))).collect();
    match named {
        Key::People => {
            all.extend([candidate(SOMEBODY, "who has a name"), candidate(NOBODY, "who has a name")]);
        }
        Key::Place => all.push(candidate(UNKNOWN, "nothing says where")),
        _ => {}
    }
    all
}

fn plain_values(key: &str) -> Vec<Candidate> {
    match key {
        "date" => {
            let examples = ["2019", "2019-06", "2019-06..2019-08", "2019..", "last 30 days", "last 2 years", UNKNOWN];
            examples.into_iter().map(|example| candidate(example, "for example")).collect()
        }
        "month" => (1..=12).map(|month| candidate(month_name(month), "")).collect(),
        "weekday" => (1..=7).map(|day| candidate(weekday_name(day), "")).collect(),
        "day" => vec![candidate("12-24", "month and day")],
        "time" => vec![candidate("18:00..22:00", "for example"), candidate("22:00..05:00", "over midnight")],
        "kind" => KINDS.iter().map(|(_, words)| candidate(words[0], "")).collect(),
        "shape" => SHAPES.iter().map(|(_, words)| candidate(words[0], "")).collect(),
        "copies" => COPIES.iter().map(|(_, words)| candidate(words[0], "")).collect(),
        _ => Vec::new(),
    }
}

fn numbers(measure: &str) -> Vec<Candidate> {
    match Measure::read(measure) {
        Some(Measure::Rating) => (1..=5).rev().map(|stars| candidate(stars.to_string(), "stars")).collect(),
        Some(Measure::People) => (1..=5).map(|people| candidate(people.to_string(), "people")).collect(),
        Some(Measure::Length) => ["10 s", "60 s"].into_iter().map(|length| candidate(length, "")).collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::PersonId;
    use crate::library::vocabulary::{PersonEntry, TagEntry};

    fn offered(text: &str) -> (String, Vec<String>) {
        let person = |name: &str, media| PersonEntry {
            id: PersonId::new(),
            name: name.into(),
            aliases: vec![],
            pet: false,
            media,
        };
        let library = Vocabulary {
            people: vec![person("Anna", 3), person("Ben", 9), person("Uncle Benno", 1)],
            tags: vec![TagEntry { name: "rock & roll".into(), media: 2 }],
            ..Vocabulary::default()
        };
        let completion = complete(text, text.len(), &library);
        let replaced = text[completion.range].to_owned();
        (replaced, completion.candidates.into_iter().map(|candidate| candidate.text).collect())
    }

    #[test]
    fn keys_come_first_and_then_what_the_library_has() {
        assert_eq!(offered("video; peo"), ("peo".into(), vec!["people: ".into(), "people >= ".into()]));
        assert_eq!(offered("people: ").1[..3], ["Ben", "Anna", "Uncle Benno"].map(String::from));
        assert_eq!(offered("people: Anna & be"), ("be".into(), vec!["Ben".into(), "Uncle Benno".into()]));
        assert_eq!(offered("not scr").1, ["screenshot"]);
        assert_eq!(offered("rating >= ").1, ["5", "4", "3", "2", "1"]);
        assert_eq!(offered("month: ju").1, ["June", "July"]);
        assert!(offered("").1.len() == OFFERED && offered("not be").1.is_empty());
    }

    #[test]
    fn names_with_marks_are_offered_in_quotation_marks() {
        assert_eq!(offered("tag: ro"), ("ro".into(), vec!["\"rock & roll\"".into()]));
        assert_eq!(offered("tag: \"rock & ro"), ("\"rock & ro".into(), vec!["\"rock & roll\"".into()]));
    }

    #[test]
    fn a_cursor_within_a_letter_or_past_the_end_is_borne() {
        assert_eq!(complete("people: Jö", 10, &Vocabulary::default()).candidates, []);
        assert_eq!(complete("people: Jö", 99, &Vocabulary::default()).range, 8..11);
    }
}

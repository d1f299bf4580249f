//! Tells facts without any model: sentences with variety, each with the media that bear it out.
//!
//! A pure function. Which of several ways a thing is said depends on what it is called and on the place in the text, so
//! the same summary is always the same and two summaries are not alike.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::evidence::{Chapter, Evidence, Named};
use super::{Length, Sentence, Tone};
use crate::assistant::compose::dates::{self, Exact};
use crate::assistant::compose::phrases::{fill, say, say_number};
use crate::assistant::compose::{Tally, what};
use crate::assistant::understand::Language;
use crate::library::MediaId;

/// Names that a sentence lists.
const LISTED: usize = 5;
/// Chapters of a page; of more, those with the most media.
const CHAPTERS: usize = 24;
/// Longer captions are cut, characters.
const CAPTION: usize = 160;

#[derive(Deserialize)]
#[serde(untagged)]
enum Phrase {
    Ways(Vec<String>),
    One(String),
}

static PHRASES: LazyLock<HashMap<String, HashMap<String, Phrase>>> = LazyLock::new(|| {
    toml::from_str(include_str!("phrases.toml")).unwrap_or_else(|error| unreachable!("phrases.toml: {error}"))
});

/// Tells it.
pub fn tell(evidence: &Evidence, length: Length, tone: Tone, language: Language) -> Vec<Sentence> {
    let mut voice = Voice { language, tone, turn: seed(&evidence.name), sentences: Vec::new() };
    if evidence.total() == 0 {
        return Vec::new();
    }
    match length {
        Length::Line => voice.line(evidence),
        Length::Paragraph => voice.paragraph(evidence),
        Length::Page => {
            voice.paragraph(evidence);
            voice.chapters(evidence);
        }
    }
    voice.sentences
}

/// A number that depends on a name alone (FNV-1a).
fn seed(name: &str) -> usize {
    name.bytes()
        .fold(0x811c_9dc5_usize, |hash, byte| (hash ^ usize::from(byte)).wrapping_mul(0x0100_0193) & 0xffff_ffff)
}

struct Voice {
    language: Language,
    tone: Tone,
    /// Which way is next.
    turn: usize,
    sentences: Vec<Sentence>,
}

impl Voice {
    fn say(&mut self, key: &str, values: &[(&str, &str)], media: Vec<MediaId>) {
        let text = self.phrase(key, values);
        self.sentences.push(Sentence::new(text, media));
    }

    fn phrase(&mut self, key: &str, values: &[(&str, &str)]) -> String {
        let language = self.language.code();
        let toned = PHRASES.get(&format!("{language}_{}", self.tone.name())).and_then(|phrases| phrases.get(key));
        let pattern = match toned.or_else(|| PHRASES.get(language).and_then(|phrases| phrases.get(key))) {
            Some(Phrase::Ways(ways)) => {
                self.turn = self.turn.wrapping_add(1);
                ways.get(self.turn % ways.len().max(1)).map_or("", String::as_str)
            }
            Some(Phrase::One(pattern)) => pattern,
            None => unreachable!("no phrase {key}"),
        };
        fill(pattern, values)
    }

    fn what(&self, photos: usize, videos: usize) -> String {
        what(&Tally { photos: photos as u64, videos: videos as u64, ..Tally::default() }, self.language)
    }

    fn pictures(&self, count: usize) -> String {
        say_number(self.language, "picture", count as u64)
    }

    fn day(&self, day: Date) -> String {
        dates::date(day, Exact::Day, self.language)
    }

    fn names(&self, named: &[Named]) -> String {
        let names: Vec<&str> = named.iter().take(LISTED).map(|named| named.name.as_str()).collect();
        let and = say(self.language, "and", &[]);
        match names.split_last() {
            Some((last, before)) if !before.is_empty() => format!("{}{and}{last}", before.join(", ")),
            _ => names.join(""),
        }
    }

    fn span(&self, evidence: &Evidence) -> Option<String> {
        evidence.span.map(|(from, to)| dates::stretch(from.date(), to.date(), self.language))
    }

    /// " in Svolvær", " with Anna and Ben", as far as there is something to name.
    fn beside(&mut self, key: &str, name: &str, named: &[Named]) -> String {
        let names = self.names(&named[..named.len().min(3)]);
        if names.is_empty() { names } else { self.phrase(key, &[(name, names.as_str())]) }
    }

    fn place_and_people(&mut self, places: &[Named], people: &[Named]) -> (String, String) {
        let place = self.beside("chapter_place", "place", places);
        (place, self.beside("chapter_people", "people", people))
    }

    fn line(&mut self, evidence: &Evidence) {
        let what = self.what(evidence.photos, evidence.videos);
        let (place, people) = self.place_and_people(&evidence.places, &evidence.people);
        let values = [
            ("name", evidence.name.as_str()),
            ("what", what.as_str()),
            ("place", place.as_str()),
            ("people", people.as_str()),
        ];
        let media = shown(evidence);
        match self.span(evidence) {
            Some(span) => self.say("line", &[&values[..], &[("span", span.as_str())]].concat(), media),
            None => self.say("line_undated", &values, media),
        }
    }

    fn paragraph(&mut self, evidence: &Evidence) {
        self.opening(evidence);
        match evidence.places.as_slice() {
            [] => {}
            [place] => {
                let key = if place.count == evidence.total() { "where_one" } else { "where_some" };
                self.say(key, &[("place", &place.name)], place.media.clone());
            }
            places => {
                let media = places.iter().take(LISTED).filter_map(|place| place.media.first().copied()).collect();
                let names = self.names(places);
                self.say("where_many", &[("places", &names)], media);
            }
        }
        self.route(evidence);
        match evidence.people.as_slice() {
            [] => {}
            [person] => {
                let what = self.pictures(person.count);
                self.say("who_one", &[("people", &person.name), ("what", &what)], person.media.clone());
            }
            people => {
                let media = people.iter().take(LISTED).filter_map(|person| person.media.first().copied()).collect();
                let names = self.names(people);
                let key = match people {
                    _ if people.len() > LISTED => "who_among",
                    [first, second, ..] if first.count == second.count => "who_even",
                    _ => "who_many",
                };
                self.say(key, &[("people", &names), ("most", &people[0].name)], media);
            }
        }
        self.fullest(evidence);
        if let Some((caption, id)) = best_caption(evidence) {
            self.say("caption", &[("caption", &quoted(caption))], vec![*id]);
        }
        if (2..evidence.total()).contains(&evidence.starred) {
            let what = self.pictures(evidence.starred);
            self.say("stars", &[("what", &what)], evidence.highlights.clone());
        }
    }

    fn opening(&mut self, evidence: &Evidence) {
        let what = self.what(evidence.photos, evidence.videos);
        let media = shown(evidence);
        let values = [("name", evidence.name.as_str()), ("what", what.as_str())];
        let Some(span) = self.span(evidence) else { return self.say("open_undated", &values, media) };
        let days = say_number(self.language, "unit_day", evidence.days.len() as u64);
        let days =
            if evidence.days.len() == 1 { format!("1 {days}") } else { format!("{} {days}", evidence.days.len()) };
        match evidence.days.len() {
            0 | 1 => self.say("open_day", &[&values[..], &[("span", span.as_str())]].concat(), media),
            _ => self.say(
                "open_span",
                &[&values[..], &[("span", span.as_str()), ("days", days.as_str())]].concat(),
                media,
            ),
        }
    }

    /// Where it began and where it ended, when that is not one place.
    fn route(&mut self, evidence: &Evidence) {
        let placed = || evidence.chapters.iter().filter_map(|chapter| chapter.places.first());
        if let (Some(first), Some(last)) = (placed().next(), placed().next_back())
            && first.name != last.name
            && evidence.places.len() > 2
        {
            let media = first.media.iter().take(1).chain(last.media.iter().take(1)).copied().collect();
            self.say("route", &[("first", &first.name), ("last", &last.name)], media);
        }
    }

    /// The chapter that stands out by its size.
    fn fullest(&mut self, evidence: &Evidence) {
        if evidence.chapters.len() < 3 {
            return;
        }
        let Some(most) = evidence.chapters.iter().max_by_key(|chapter| chapter.count) else { return };
        let alone = evidence.chapters.iter().filter(|chapter| chapter.count == most.count).count() == 1;
        if !alone || most.count * evidence.chapters.len() < evidence.total() * 2 {
            return;
        }
        let what = self.pictures(most.count);
        match &most.event {
            Some(event) => self.say("biggest", &[("event", event), ("what", &what)], most.media.clone()),
            None if most.days.0 == most.days.1 => {
                let day = self.day(most.days.0);
                self.say("busiest", &[("day", &day), ("what", &what)], most.media.clone());
            }
            None => {}
        }
    }

    fn chapters(&mut self, evidence: &Evidence) {
        let mut least: Vec<usize> = evidence.chapters.iter().map(|chapter| chapter.count).collect();
        least.sort_unstable_by(|a, b| b.cmp(a));
        let least = least.get(CHAPTERS - 1).copied().unwrap_or(0);
        let told = best_caption(evidence).map(|(_, id)| *id);
        for chapter in evidence.chapters.iter().filter(|chapter| chapter.count >= least).take(CHAPTERS) {
            let when = self.when(chapter);
            let what = self.pictures(chapter.count);
            let (place, people) = self.place_and_people(&chapter.places, &chapter.people);
            let values = [
                ("when", when.as_str()),
                ("what", what.as_str()),
                ("place", place.as_str()),
                ("people", people.as_str()),
            ];
            self.say("chapter", &values, chapter.media.clone());
            if let Some(sentence) = self.sentences.last_mut() {
                sentence.opens = true;
            }
            let caption = chapter.captions.iter().find(|(_, id)| Some(*id) != told);
            if let Some((caption, id)) = caption.filter(|_| chapter.count > 2) {
                self.say("caption", &[("caption", &quoted(caption))], vec![*id]);
            }
        }
    }

    fn when(&self, chapter: &Chapter) -> String {
        match &chapter.event {
            Some(event) => event.clone(),
            None if chapter.days.0 == chapter.days.1 => self.day(chapter.days.0),
            None => dates::date(chapter.days.0, Exact::Month, self.language),
        }
    }
}

/// Media that stand for the whole.
fn shown(evidence: &Evidence) -> Vec<MediaId> {
    let best = evidence.highlights.iter().take(3).copied().collect::<Vec<_>>();
    if !best.is_empty() {
        return best;
    }
    let of_chapters: Vec<MediaId> =
        evidence.chapters.iter().filter_map(|chapter| chapter.media.first().copied()).take(3).collect();
    let of_places = evidence.places.iter().chain(&evidence.people).flat_map(|named| named.media.iter().copied());
    if of_chapters.is_empty() { of_places.take(3).collect() } else { of_chapters }
}

/// The caption that stands for the whole: of a picture that stands out, if one has any.
fn best_caption(evidence: &Evidence) -> Option<&(String, MediaId)> {
    let captions = || evidence.chapters.iter().flat_map(|chapter| &chapter.captions);
    captions().find(|(_, id)| evidence.highlights.contains(id)).or_else(|| captions().next())
}

/// A caption as a quotation: it may look like a citation or like markdown and is neither.
fn quoted(caption: &str) -> String {
    let plain = caption.replace("[[", "[ [").replace(['*', '`', '<', '>', '\n'], " ");
    match plain.char_indices().nth(CAPTION) {
        Some((end, _)) => format!("{}…", plain[..end].trim_end()),
        // The sentence around it has its own full stop.
        None => plain.trim().trim_end_matches(['.', '。']).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::tests::norway;
    use super::*;

    #[test]
    fn a_trip_is_told_with_what_bears_it_out() {
        let evidence = norway();
        for language in [Language::English, Language::German, Language::French, Language::Spanish, Language::Chinese] {
            let lengths = [Length::Line, Length::Paragraph, Length::Page];
            for (length, tone) in lengths.into_iter().flat_map(|length| Tone::ALL.map(|tone| (length, tone))) {
                let told = tell(&evidence, length, tone, language);
                assert!(!told.is_empty());
                for sentence in &told {
                    assert!(!sentence.media.is_empty(), "{sentence:?}");
                    assert!(!sentence.text.contains(['{', '}']), "{sentence:?}");
                }
                assert_eq!(told, tell(&evidence, length, tone, language), "the same whenever it is told");
            }
        }
        let line = tell(&evidence, Length::Line, Tone::Plain, Language::English);
        assert_eq!(line.len(), 1);
        assert_eq!(
            line[0].text,
            "Lofoten, July 2019: 11 photos and 1 video in Svolvær, Reine and Oslo with Anna and Ben, July 3 – 6, 2019."
        );
    }

    #[test]
    fn what_is_told_without_a_model_stands_the_check_of_models() {
        let evidence = norway();
        for language in [Language::English, Language::German, Language::French, Language::Spanish] {
            let grounds = super::super::check::Grounds::of(&evidence, language);
            let told = Tone::ALL.into_iter().flat_map(|tone| {
                [Length::Line, Length::Page]
                    .into_iter()
                    .flat_map(move |length| (0..4).map(move |turn| (tone, length, turn)))
            });
            for (tone, length, turn) in told {
                // Each way of saying it has its turn.
                let mut voice = Voice { language, tone, turn, sentences: Vec::new() };
                match length {
                    Length::Line => voice.line(&evidence),
                    _ => voice.paragraph(&evidence),
                }
                for sentence in voice.sentences {
                    assert_eq!(grounds.fault(&sentence.text), None, "{tone:?}: {}", sentence.text);
                }
                for sentence in tell(&evidence, length, tone, language) {
                    assert_eq!(grounds.fault(&sentence.text), None, "{tone:?}: {}", sentence.text);
                }
            }
        }
    }

    #[test]
    fn every_language_has_every_phrase() {
        let english = &PHRASES["en"];
        for (language, phrases) in PHRASES.iter() {
            match language.split_once('_') {
                None => assert!(english.keys().all(|key| phrases.contains_key(key)), "{language} lacks a phrase"),
                Some((plain, tone)) => {
                    assert!(
                        PHRASES.contains_key(plain) && Tone::ALL.iter().any(|known| known.name() == tone),
                        "{language}"
                    );
                    assert!(phrases.keys().all(|key| english.contains_key(key)), "{language} has a phrase too many");
                }
            }
        }
    }

    #[test]
    fn a_caption_is_a_quotation() {
        assert_eq!(quoted("see [[media:x]] *now*"), "see [ [media:x]]  now");
        assert!(quoted(&"long ".repeat(100)).ends_with('…'));
    }
}

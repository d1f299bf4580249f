//! Whether facts bear out what a language model says of them: its names, dates, places, numbers and quotations.
//!
//! A pure function. Every name must be in the facts, every date must be a day (month, year) with media, every number must
//! be one of what it counts, a quotation must be a caption's words; and a person, a place and a date of one sentence must
//! belong together on some day. What cannot be compared (that somebody smiled) passes: it is no name, date, place or
//! number. In doubt a sentence is dropped: a summary can be shorter, but not wrong.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use self::words::{Word, is_said, number, plain, words, year};
use super::evidence::{Chapter, Evidence, OnDay};
use crate::assistant::agent::numbers::{self, Numbers};
use crate::assistant::compose::dates::{month_of, weekday_of};
use crate::assistant::understand::{General, Language};
use crate::ingest::places;

/// Why a sentence is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A name that is not in the facts.
    Name(String),
    /// A number that counts nothing of the facts.
    Number(String),
    /// A date without media.
    Date(String),
    /// Words in quotation marks that no caption has.
    Quotation(String),
    /// Two that did not meet: a person and a place, either and a date.
    Apart(String, String),
}

/// What is counted, by the words for it in each language, folded beginnings.
const COUNTED: [(&str, &[&str]); 8] = [
    ("picture", &["photo", "picture", "image", "foto", "bild", "aufnahme", "imagen", "imagenes", "item", "shot"]),
    ("video", &["video", "clip", "film"]),
    ("day", &["day", "tag", "jour", "dia"]),
    ("night", &["night", "nacht", "nachte", "nuit", "noche"]),
    ("person", &["people", "person", "persona", "personne", "leute", "friend"]),
    ("place", &["place", "town", "cit", "ort", "stadt", "lieu", "ville", "lugar", "ciudad"]),
    ("country", &["countr", "land", "lander", "pays", "pais"]),
    ("star", &["stars", "stern", "etoile", "estrella"]),
];

/// Words that begin sentences in English, and such in French that a town is called like, and are in no list of everyday
/// words.
const OPENERS: &str = "among together somebody everybody everyone somewhere afterwards later finally meanwhile once both \
    with without each several many much overall throughout within across although because even whether while whoever cela";
/// A town of so many people is known by its name alone.
const NOTABLE: u64 = 50_000;

/// Words that join the days of a span.
const JOINS: [&str; 13] = ["to", "and", "until", "bis", "und", "au", "et", "de", "al", "a", "y", "of", "the"];
/// Words around a month that may belong to its date.
const REACH: usize = 4;

/// What may be said.
pub struct Grounds<'e> {
    evidence: &'e Evidence,
    language: Language,
    /// Folded names, longest first, that stand for themselves: the title, events.
    titles: Vec<String>,
    /// Folded names of people and places.
    named: Vec<String>,
    words: BTreeSet<String>,
    captions: Vec<String>,
    counts: BTreeMap<&'static str, BTreeSet<usize>>,
    text_numbers: Numbers,
}

impl<'e> Grounds<'e> {
    /// The grounds that facts give.
    pub fn of(evidence: &'e Evidence, language: Language) -> Self {
        let captions: Vec<String> =
            evidence.chapters.iter().flat_map(|chapter| &chapter.captions).map(|(text, _)| plain(text)).collect();
        let mut titles: Vec<String> = std::iter::once(&evidence.name)
            .chain(evidence.chapters.iter().filter_map(|chapter| chapter.event.as_ref()))
            .map(|name| plain(name))
            .filter(|name| !name.is_empty())
            .collect();
        titles.sort_by_key(|title| std::cmp::Reverse(title.len()));
        let of_days = evidence.days.values().flat_map(|day| day.places.iter().chain(&day.people));
        let mut words: BTreeSet<String> = BTreeSet::new();
        let named = evidence.people.iter().chain(&evidence.places).chain(&evidence.countries);
        let named: Vec<String> = named.map(|named| plain(&named.name)).filter(|name| !name.is_empty()).collect();
        for name in titles.iter().chain(&captions).chain(&named).cloned().chain(of_days.map(|name| plain(name))) {
            words.extend(name.split(' ').map(str::to_owned));
        }
        let mut text_numbers = Numbers::new();
        for text in titles.iter().chain(&captions) {
            numbers::given(text, &mut text_numbers);
        }
        Self { evidence, language, titles, named, words, captions, counts: counts(evidence), text_numbers }
    }

    /// Whether a sentence speaks of the facts at all: of a name in them, or of a number.
    pub fn touches(&self, sentence: &str) -> bool {
        let said = format!(" {} ", plain(sentence));
        // Languages without spaces have names within words.
        let names = |name: &String| said.contains(&format!(" {name} ")) || !name.is_ascii() && said.contains(name);
        said.contains(|c: char| c.is_ascii_digit()) || self.titles.iter().chain(&self.named).any(names)
    }

    /// The first thing in a sentence that the facts do not bear out.
    pub fn fault(&self, sentence: &str) -> Option<Fault> {
        let text = match self.without_quotations(sentence) {
            Ok(text) => text,
            Err(fault) => return Some(fault),
        };
        // A title may hold numbers and months that are no statement.
        let mut words = words(&text);
        let told_of = self.take_out_titles(&mut words);
        let mut days: Vec<Vec<Date>> = Vec::new();
        if let Err(fault) = self.dates(&mut words, &mut days) {
            return Some(fault);
        }
        let pictures = self.pictures(&words, &days, &told_of);
        self.name(&words).or_else(|| self.number(&words, &pictures)).or_else(|| self.apart(&words, &days))
    }

    /// Takes out what is quoted; it must be a caption's words.
    fn without_quotations(&self, sentence: &str) -> Result<String, Fault> {
        let (mut text, mut quoted): (String, Option<String>) = (String::new(), None);
        for character in sentence.chars() {
            match (&mut quoted, character) {
                (None, '“' | '„' | '«' | '"') => quoted = Some(String::new()),
                (Some(inside), '”' | '“' | '»' | '"') => {
                    let said = plain(inside.trim().trim_end_matches(['…', '.', ',', '!', '?']));
                    let known = |text: &String| text.contains(&said);
                    if !said.is_empty() && !self.captions.iter().any(known) && !self.titles.iter().any(known) {
                        return Err(Fault::Quotation(inside.clone()));
                    }
                    quoted = None;
                    text.push(' ');
                }
                (Some(inside), character) => inside.push(character),
                (None, character) => text.push(character),
            }
        }
        text.push_str(&quoted.unwrap_or_default());
        Ok(text)
    }

    /// Takes titles out of the words and returns them.
    fn take_out_titles(&self, words: &mut Vec<Word>) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for title in &self.titles {
            let parts: Vec<&str> = title.split(' ').collect();
            let mut at = 0;
            while at + parts.len() <= words.len() {
                if words[at..at + parts.len()].iter().map(|word| word.folded.as_str()).eq(parts.iter().copied()) {
                    words.drain(at..at + parts.len());
                    found.insert(title.as_str());
                } else {
                    at += 1;
                }
            }
        }
        found
    }

    /// Takes dates out of the words; each must be a day with media, or hold one.
    fn dates(&self, words: &mut Vec<Word>, days: &mut Vec<Vec<Date>>) -> Result<(), Fault> {
        let mut used = BTreeSet::new();
        for at in 0..words.len() {
            if let Some(month) = month_of(&words[at].text, self.language) {
                days.push(self.of_month(words, at, month, &mut used)?);
            }
        }
        let known = &self.evidence.days;
        for (at, word) in words.iter().enumerate() {
            let wrong = || Err(Fault::Date(word.text.clone()));
            if let Some(year) = year(word).filter(|_| !used.contains(&at)) {
                if !known.keys().any(|date| date.year() == year) {
                    return wrong();
                }
                used.insert(at);
            }
            if let Some(weekday) = weekday_of(&word.text, self.language) {
                let is = |date: &Date| date.weekday().to_monday_one_offset() == weekday;
                if !(if days.is_empty() { known.keys().any(is) } else { days.iter().flatten().any(is) }) {
                    return wrong();
                }
                used.insert(at);
            }
        }
        let mut at = 0;
        words.retain(|_| {
            at += 1;
            !used.contains(&(at - 1))
        });
        Ok(())
    }

    /// The days that a month and the numbers around it state: "July 3 to 6, 2019", "3. bis 6. Juli 2019".
    fn of_month(&self, words: &[Word], at: usize, month: i8, used: &mut BTreeSet<usize>) -> Result<Vec<Date>, Fault> {
        let mut numbers: Vec<i16> = Vec::new();
        let mut stated_year = None;
        used.insert(at);
        let before: Vec<usize> = (0..at).rev().take(REACH).collect();
        let behind: Vec<usize> = (at + 1..words.len()).take(REACH).collect();
        for (side, is_behind) in [(before, false), (behind, true)] {
            for next in side {
                let word = &words[next];
                if let Some(found) = year(word).filter(|_| is_behind) {
                    stated_year = Some(found);
                    used.insert(next);
                    break;
                }
                match number(word).filter(|day| (1..=31).contains(day)) {
                    Some(day) => {
                        numbers.push(day);
                        used.insert(next);
                    }
                    None if JOINS.contains(&word.folded.as_str()) => {}
                    None => break,
                }
            }
        }
        let fits = |date: &&Date| date.month() == month && stated_year.is_none_or(|year| date.year() == year);
        let all: Vec<Date> = self.evidence.days.keys().filter(fits).copied().collect();
        let day = |date: &Date| i16::from(date.day());
        if all.is_empty() || numbers.iter().any(|number| !all.iter().any(|date| day(date) == *number)) {
            return Err(Fault::Date(words[at].text.clone()));
        }
        let stated: Vec<Date> = all.iter().copied().filter(|date| numbers.contains(&day(date))).collect();
        Ok(if stated.is_empty() { all } else { stated })
    }

    fn name(&self, words: &[Word]) -> Option<Fault> {
        let general = General::get();
        words.iter().find_map(|word| {
            let capital = word.text.chars().next().is_some_and(char::is_uppercase);
            if !capital || self.words.contains(&word.folded) {
                return None;
            }
            let is_name = general.is_given_name(&word.folded) && !general.is_common(&word.folded);
            let is_place = || places::find(&word.text).iter().any(|p| !p.ambiguous && p.population >= NOTABLE);
            let plain_word = || {
                general.is_word(&word.folded) || inflected(&word.folded) || OPENERS.split(' ').any(|o| o == word.folded)
            };
            let is_new = match (self.language, word.first) {
                (Language::German, _) => is_name || !plain_word() && is_place(),
                (Language::English, true) => is_name || !plain_word(),
                (_, true) => is_name || !plain_word() && is_place(),
                (_, false) => word.folded != "i",
            };
            is_new.then(|| Fault::Name(word.text.clone()))
        })
    }

    /// How many pictures there are of what a sentence speaks of, and of the whole.
    fn pictures(&self, words: &[Word], stated: &[Vec<Date>], told_of: &BTreeSet<&str>) -> BTreeSet<usize> {
        let evidence = self.evidence;
        let mut counts: BTreeSet<usize> = [evidence.total(), evidence.photos, evidence.starred].into();
        let named = evidence.people.iter().chain(&evidence.places).chain(&evidence.countries);
        counts.extend(named.filter(|named| is_said(words, &plain(&named.name))).map(|named| named.count));
        let parts: Vec<&Chapter> = evidence
            .chapters
            .iter()
            .filter(|chapter| {
                let titled = chapter.event.as_ref().is_some_and(|event| told_of.contains(plain(event).as_str()));
                let dated = !stated.is_empty() && between(stated, chapter.days.0) && between(stated, chapter.days.1);
                titled || dated || chapter.places.iter().any(|place| is_said(words, &plain(&place.name)))
            })
            .collect();
        counts.insert(parts.iter().map(|chapter| chapter.count).sum());
        counts.extend(parts.iter().map(|chapter| chapter.count));
        counts
    }

    fn number(&self, words: &[Word], pictures: &BTreeSet<usize>) -> Option<Fault> {
        let of = |kind: &str| if kind == "picture" { Some(pictures) } else { self.counts.get(kind) };
        words.iter().enumerate().find_map(|(at, word)| {
            let value = numbers::value_of(&word.text, self.language)?;
            let kind = words[at + 1..].iter().take(3).find_map(|next| counted(&next.folded));
            let founded = match kind {
                Some(kind) => value.parse().is_ok_and(|value| of(kind).is_some_and(|counts| counts.contains(&value))),
                // "80th birthday" is a caption's number; "all 12" may be any count.
                None => {
                    let next = words.get(at + 1).map(|next| next.folded.as_str());
                    let ends = next.is_none_or(|next| General::get().is_word(next) && next.len() <= 3);
                    let any = || self.counts.values().flatten().chain(pictures).any(|count| count.to_string() == value);
                    self.text_numbers.contains(&value) || ends && any()
                }
            };
            (!founded).then(|| Fault::Number(word.text.clone()))
        })
    }

    /// People, places and dates that the sentence brings together, and no day does.
    fn apart(&self, words: &[Word], stated: &[Vec<Date>]) -> Option<Fault> {
        let days = &self.evidence.days;
        let people = said(words, days.values().flat_map(people_of));
        let places = said(words, days.values().flat_map(places_of));
        let within: Vec<&OnDay> = days.iter().filter(|(date, _)| between(stated, **date)).map(|(_, day)| day).collect();
        let sometime = |of: Of, name: &str| within.iter().any(|day| has(of(day), name));
        let person = people.iter().find(|person| !sometime(people_of, person));
        if let Some(name) = person.or_else(|| places.iter().find(|place| !sometime(places_of, place))) {
            return Some(Fault::Apart(name.clone(), "date".into()));
        }
        if people.is_empty() || places.is_empty() {
            return None;
        }
        let meet = |person: &str, place: &str| {
            within.iter().any(|day| has(people_of(day), person) && has(places_of(day), place))
        };
        let alone = people.iter().find(|person| !places.iter().any(|place| meet(person, place)));
        alone.map(|person| Fault::Apart(person.clone(), places.join(", ")))
    }
}

type Of = fn(&OnDay) -> &BTreeSet<String>;

fn people_of(day: &OnDay) -> &BTreeSet<String> {
    &day.people
}

fn places_of(day: &OnDay) -> &BTreeSet<String> {
    &day.places
}

fn has(names: &BTreeSet<String>, name: &str) -> bool {
    names.iter().any(|known| plain(known) == name)
}

/// The names that words say; a name within a longer one that they say does not count.
fn said<'n>(words: &[Word], names: impl Iterator<Item = &'n String>) -> Vec<String> {
    let found: BTreeSet<String> = names.map(|name| plain(name)).filter(|name| is_said(words, name)).collect();
    let longer =
        |name: &String| found.iter().any(|other| other != name && format!(" {other} ").contains(&format!(" {name} ")));
    found.iter().filter(|name| !longer(name)).cloned().collect()
}

/// Whether a day is one that is stated; two statements are the ends of a span.
fn between(stated: &[Vec<Date>], date: Date) -> bool {
    let all = || stated.iter().flatten().copied();
    all().min().zip(all().max()).is_none_or(|(first, last)| first <= date && date <= last)
}

/// Everything that is counted but pictures, which are counted by what a sentence speaks of.
fn counts(evidence: &Evidence) -> BTreeMap<&'static str, BTreeSet<usize>> {
    let span = evidence.span.map_or(0, |(from, to)| (to.date() - from.date()).get_days().max(0) as usize);
    BTreeMap::from([
        ("video", BTreeSet::from([evidence.videos])),
        ("day", BTreeSet::from([evidence.days.len(), span + 1])),
        ("night", BTreeSet::from([span])),
        ("person", BTreeSet::from([evidence.people.len()])),
        ("place", BTreeSet::from([evidence.places.len()])),
        ("country", BTreeSet::from([evidence.countries.len()])),
        // Media stand out from four stars on.
        ("star", (evidence.starred > 0).then_some(4).into_iter().collect()),
    ])
}

/// What a word counts.
fn counted(folded: &str) -> Option<&'static str> {
    let begins = |stem: &&str| folded.strip_prefix(*stem).is_some_and(|rest| rest.chars().count() <= 4);
    COUNTED.iter().find(|(_, stems)| stems.iter().any(begins)).map(|(kind, _)| *kind)
}

/// An inflected word is no name.
fn inflected(folded: &str) -> bool {
    ["ing", "ly", "ed", "tion", "tions", "ness", "ful", "lights", "ment", "ments", "ich", "isch", "ung"]
        .iter()
        .any(|ending| folded.len() > ending.len() + 2 && folded.ends_with(ending))
}

#[cfg(test)]
pub(super) mod tests;
mod words;

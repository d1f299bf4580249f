//! Finds the places that a question names: those of the library first, then groups of countries, then the rest of the world.
//!
//! A place of the world that the library has no picture of is still a place: it gives a condition that nothing meets, so that
//! the answer is "nothing", not something else. A name that is also an everyday word needs a cue: a preposition, a capital.
//! "Paris, Texas" is one place; "Rome or Paris" are alternatives.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use super::gazetteer::{Gazetteer, GazetteerHit};
use super::general::General;
use super::names::introduces_name;
use super::phrases::Phrases;
use super::place_cues::{cued, has_place_preposition, is_parted, matches};
use super::sentence::Sentence;
use super::spelling;
use super::tokens::{Token, fold_umlauts, words};
use super::words::is_stop_word;
use crate::library::filter::PlaceRef;
use crate::library::vocabulary::{PlaceLevel, Vocabulary};

/// A place named in the question.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// First word.
    pub at: usize,
    /// Number of words.
    pub length: usize,
    /// What to filter by; any of them is meant.
    pub places: Vec<PlaceRef>,
    /// Its name, for the chip.
    pub label: String,
    /// Whether the library has media from there.
    pub in_library: bool,
}

#[derive(Debug, Clone)]
struct Entry {
    place: PlaceRef,
    level: PlaceLevel,
    label: String,
}

/// The places of a library, ready for lookup.
#[derive(Debug, Clone, Default)]
pub struct Places {
    entries: Vec<Entry>,
    by_first: HashMap<String, Vec<(Vec<String>, usize)>>,
    countries: BTreeSet<String>,
    home: Option<PlaceRef>,
    spellings: spelling::Index,
    by_word: HashMap<String, Vec<usize>>,
}

/// Longest name that is looked up, in words.
const LONGEST: usize = 5;

static ALIASES: LazyLock<Phrases<&'static str>> = LazyLock::new(|| {
    Phrases::new(
        include_str!("data/place_aliases.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t')),
    )
});

static CONTINENTS: LazyLock<Phrases<(&'static str, &'static str)>> = LazyLock::new(|| {
    let rows = include_str!("data/continents.tsv").lines().filter(|line| !line.starts_with('#'));
    Phrases::new(rows.filter_map(|line| line.split_once('\t')).map(|(names, codes)| {
        let label = names.split('|').next().unwrap_or(names);
        (names, (label, codes))
    }))
});

static HOME: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "at home|from home|near home|around home|at our home|at our place|at our house|at my place|at my house|in our home|\
         back home|in my hometown|in our hometown|my home town|our home town|hometown|home town|\
         zu hause|zuhause|daheim|bei uns zu hause|bei uns daheim|in unserer heimat|\
         à la maison|chez nous|chez moi|en casa|en nuestra casa|在家|家里",
        (),
    )])
});

/// "home" after a negation: "away from home", "outside home".
static HOME_NOUN: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::new([("home|zuhause|maison|casa|家", ())]));

impl Places {
    /// Indexes the places of a library.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let mut places = Self { home: vocabulary.home.clone(), ..Self::default() };
        for entry in &vocabulary.places {
            let index = places.entries.len();
            let label = entry.names.first().cloned().unwrap_or_default();
            places.entries.push(Entry { place: entry.place.clone(), level: entry.level, label });
            places.countries.extend(entry.place.country_code.clone());
            for name in &entry.names {
                let spelt = fold_umlauts(name);
                for words in std::iter::once(words(name)).chain(spelt.as_deref().map(words)) {
                    let Some(first) = words.first() else { continue };
                    if let [word] = words.as_slice() {
                        places.spellings.add(word);
                        places.by_word.entry(word.clone()).or_default().push(index);
                    }
                    let names = places.by_first.entry(first.clone()).or_default();
                    if !names.iter().any(|(known, of)| *known == words && *of == index) {
                        names.push((words.clone(), index));
                    }
                }
            }
        }
        places
    }

    /// Whether the word alone is the name of a place of the library.
    pub fn knows(&self, word: &str) -> bool {
        self.by_word.contains_key(word)
    }

    /// Names of the places of one level, folded.
    pub fn names_of(&self, level: PlaceLevel) -> BTreeSet<String> {
        let of_level = |(_, entry): &&(Vec<String>, usize)| self.entries[*entry].level == level;
        self.by_first.values().flatten().filter(of_level).map(|(words, _)| words.join(" ")).collect()
    }

    /// The folded names of the places that the mention covers, at its own level.
    pub fn names_for(&self, mention: &Mention) -> BTreeSet<String> {
        let covered = |entry: &Entry| mention.places.contains(&entry.place);
        self.by_first
            .values()
            .flatten()
            .filter(|(_, index)| covered(&self.entries[*index]))
            .map(|(words, _)| words.join(" "))
            .collect()
    }

    /// The level of the widest place of a mention.
    pub fn level_of(&self, mention: &Mention) -> Option<PlaceLevel> {
        self.entries.iter().filter(|entry| mention.places.contains(&entry.place)).map(|entry| entry.level).min()
    }

    /// "at home" at word `at`: the place and its number of words; `negated` where "home" alone says it.
    pub fn home_at(&self, s: &Sentence, at: usize, negated: bool) -> Option<Mention> {
        let home = self.home.clone()?;
        let phrase = HOME
            .at(s.tokens(), at)
            .or_else(|| HOME_NOUN.at(s.tokens(), at).filter(|(length, ())| negated || s.len() == *length));
        let length = phrase?.0;
        if matches!(s.word_before(at), "away" | "far") {
            return None;
        }
        let label = home.city.clone().unwrap_or_else(|| "home".to_owned());
        Some(Mention { at, length, places: vec![home], label: format!("home ({label})"), in_library: true })
    }

    /// The place named at word `at`.
    pub fn at(&self, s: &Sentence, at: usize, gazetteer: &dyn Gazetteer, general: &General) -> Option<Mention> {
        let candidates = [
            self.in_library(s, at, general),
            self.group(s, at),
            self.alias(s, at, gazetteer),
            self.in_world(s, at, gazetteer, general),
        ];
        let mut best: Option<Mention> = None;
        for candidate in candidates.into_iter().flatten() {
            if best.as_ref().is_none_or(|best| candidate.length > best.length) {
                best = Some(candidate);
            }
        }
        best.or_else(|| self.mended(s, at, general))
    }

    fn mention(&self, at: usize, length: usize, entries: &[usize]) -> Mention {
        let mut places: Vec<PlaceRef> = Vec::new();
        for entry in entries {
            let place = &self.entries[*entry].place;
            if !places.contains(place) {
                places.push(place.clone());
            }
        }
        let label = entries.first().map(|entry| self.entries[*entry].label.clone()).unwrap_or_default();
        Mention { at, length, places, label, in_library: true }
    }

    /// The places of the library with this name.
    fn named(&self, name: &[String]) -> Vec<usize> {
        let Some(names) = name.first().and_then(|first| self.by_first.get(first)) else { return Vec::new() };
        names.iter().filter(|(words, _)| words == name).map(|(_, index)| *index).collect()
    }

    fn in_library(&self, s: &Sentence, at: usize, general: &General) -> Option<Mention> {
        let names = self.by_first.get(s.word(at))?;
        let length =
            names.iter().filter(|(words, _)| matches(s.tokens(), at, words)).map(|(words, _)| words.len()).max()?;
        let name: Vec<String> = (at..at + length).map(|index| s.word(index).to_owned()).collect();
        let entries = self.named(&name);
        let everyday = length == 1 && (is_stop_word(s.word(at)) || general.is_word(s.word(at)));
        let short = length == 1 && s.word(at).len() <= 2 && !s.tokens()[at].cjk;
        let shouted = s.written(at..at + 1).chars().all(char::is_uppercase) && at > 0;
        let everyday = everyday || short && !shouted;
        let meant = if name == ["us"] { self.means_country(s, at) } else { !everyday || cued(s, at) };
        meant.then(|| self.with_kind(s, self.mention(at, length, &entries)))
    }

    /// "New York City", "Washington State": the word for what it is picks among places of the same name.
    fn with_kind(&self, s: &Sentence, mention: Mention) -> Mention {
        let next = mention.at + mention.length;
        let level = match s.word(next) {
            "city" | "stadt" | "市" => PlaceLevel::City,
            "state" | "province" | "county" | "region" | "州" | "省" => PlaceLevel::Region,
            _ => return mention,
        };
        let closes = next + 1 == s.len() || s.tokens()[next].capital || s.tokens()[next].cjk;
        let of_level =
            |place: &PlaceRef| self.entries.iter().any(|entry| entry.place == *place && entry.level == level);
        if !closes || s.tokens()[next].mark.is_some() || !mention.places.iter().any(of_level) {
            return mention;
        }
        let places = mention.places.into_iter().filter(of_level).collect();
        Mention { length: mention.length + 1, places, ..mention }
    }

    /// Number of words of the longest name of the library's places that begins at `tokens[at]`.
    pub fn name_length(&self, tokens: &[Token], at: usize) -> usize {
        if let Some((length, _)) = CONTINENTS.at(tokens, at) {
            return length;
        }
        let names = tokens.get(at).and_then(|token| self.by_first.get(&token.fold));
        names
            .into_iter()
            .flatten()
            .filter(|(words, _)| matches(tokens, at, words))
            .map(|(words, _)| words.len())
            .max()
            .unwrap_or(0)
    }

    /// Continents and other groups of countries: those countries that the library has pictures of, or else all of them.
    fn group(&self, s: &Sentence, at: usize) -> Option<Mention> {
        let (length, (label, codes)) = CONTINENTS.at(s.tokens(), at)?;
        let all: Vec<&str> = codes.split_whitespace().collect();
        let known: Vec<&str> = all.iter().copied().filter(|code| self.countries.contains(*code)).collect();
        let in_library = !known.is_empty();
        let country = |code: &&str| PlaceRef { country_code: Some((*code).to_owned()), ..PlaceRef::default() };
        let places = if in_library { known } else { all }.iter().map(country).collect();
        Some(Mention { at, length, places, label: (*label).to_owned(), in_library })
    }

    fn alias(&self, s: &Sentence, at: usize, gazetteer: &dyn Gazetteer) -> Option<Mention> {
        let (length, name) = ALIASES.at(s.tokens(), at)?;
        let word = s.word(at);
        if length == 1 && is_stop_word(word) && !self.means_country(s, at) {
            return None;
        }
        if length == 1 && matches!(word, "states" | "sf" | "la" | "gb" | "emirates") && !cued(s, at) {
            return None;
        }
        let entries = self.named(&words(name));
        if !entries.is_empty() {
            return Some(self.mention(at, length, &entries));
        }
        let hit = gazetteer.find(name).into_iter().next()?;
        Some(self.of_world(at, length, hit))
    }

    /// Whether "us" is the country: "the US", "in the us", "U.S."; "photos of us" and "with us" are people.
    fn means_country(&self, s: &Sentence, at: usize) -> bool {
        let token = &s.tokens()[at];
        let written = s.written(at..at + 1);
        let upper = written.len() >= 2 && written.chars().all(|c| c.is_uppercase() || c == '.');
        // "US Open": the first word of a longer proper name.
        let longer = s.tokens().get(at + 1).is_some_and(|next| next.capital && next.mark.is_none());
        let article = s.word_before(at) == "the";
        let shouted = s.text.source.chars().filter(|c| c.is_lowercase()).count() == 0;
        !longer && !shouted && (upper || article || token.fold.len() > 2)
    }

    fn of_world(&self, at: usize, length: usize, hit: GazetteerHit) -> Mention {
        let in_library = hit.places.iter().any(|place| self.entries.iter().any(|entry| entry.place == *place));
        Mention { at, length, places: hit.places, label: hit.name, in_library }
    }

    /// The rest of the world: the longest name that the gazetteer knows, if it is likely to be meant.
    fn in_world(&self, s: &Sentence, at: usize, gazetteer: &dyn Gazetteer, general: &General) -> Option<Mention> {
        if is_stop_word(s.word(at)) && !matches!(s.word(at), "la" | "los" | "las" | "el" | "le" | "san") {
            return None;
        }
        if s.word(at).starts_with(|c: char| c.is_ascii_digit()) || s.tokens()[at].quote.is_some() {
            return None;
        }
        for length in (1..=LONGEST).rev() {
            if !s.is_free(at..(at + length).min(s.len())) || at + length > s.len() || is_parted(s.tokens(), at, length)
            {
                continue;
            }
            if is_stop_word(s.word(at + length - 1)) {
                continue;
            }
            let written = s.written(at..at + length).trim_end_matches("'s").trim_end_matches("’s");
            let hits = gazetteer.find(written);
            let cjk = s.tokens()[at].cjk;
            if cjk && length < 2 {
                continue;
            }
            let Some(hit) = hits.into_iter().find(|hit| self.believable(s, at, length, hit, general)) else { continue };
            return Some(self.of_world(at, length, hit));
        }
        None
    }

    fn believable(&self, s: &Sentence, at: usize, length: usize, hit: &GazetteerHit, general: &General) -> bool {
        let tokens = &s.tokens()[at..at + length];
        let word = tokens[0].fold.as_str();
        let capital = tokens.iter().filter(|token| !is_stop_word(&token.fold)).all(|token| token.capital);
        let preposition = has_place_preposition(s, at);
        let everyday = length == 1 && (general.is_word(word) || super::words::EVENT_NOUNS.is_at(s.tokens(), at));
        let name = length == 1 && general.is_given_name(word);
        if s.len() == length && capital && !everyday {
            return true;
        }
        if name && !preposition && (introduces_name(s.word_before(at)) || hit.level == PlaceLevel::City) {
            return false;
        }
        if length == 1 && word.chars().count() < 3 && !tokens[0].cjk {
            return false;
        }
        if everyday {
            let article = matches!(s.word_before(at), "the" | "a" | "an" | "my" | "our");
            return capital && preposition && !article && at > 0 && hit.level != PlaceLevel::City
                || capital && preposition && !article && hit.population >= 50_000;
        }
        match hit.level {
            PlaceLevel::Country => !hit.ambiguous || capital || preposition,
            _ if hit.ambiguous => capital && preposition,
            _ if capital => at > 0 || hit.population >= 20_000 || preposition || s.len() == length,
            _ => preposition && hit.population >= 10_000 || hit.population >= 100_000,
        }
    }

    /// The name of a place of the library with a typing error.
    fn mended(&self, s: &Sentence, at: usize, general: &General) -> Option<Mention> {
        let token = &s.tokens()[at];
        if token.cjk || general.is_word(&token.fold) || general.is_given_name(&token.fold) {
            return None;
        }
        let cue = token.capital && at > 0 || has_place_preposition(s, at);
        let name = self.spellings.nearest(&token.fold, if cue { 4 } else { 5 })?;
        let entries = self.by_word.get(name)?;
        Some(self.mention(at, 1, entries))
    }

    /// Makes one place of two that follow each other, the second holding the first: "Paris, Texas".
    pub fn nest(&self, inner: &Mention, outer: &Mention) -> Option<Mention> {
        let mut places = Vec::new();
        for small in &inner.places {
            for large in &outer.places {
                let agrees = |a: &Option<String>, b: &Option<String>| a.is_none() || b.is_none() || a == b;
                let narrower = small.city.is_some() && large.city.is_none()
                    || small.region.is_some() && large.region.is_none() && large.city.is_none();
                if narrower && agrees(&small.region, &large.region) && agrees(&small.country_code, &large.country_code)
                {
                    places.push(PlaceRef {
                        city: small.city.clone(),
                        region: small.region.clone().or_else(|| large.region.clone()),
                        country_code: small.country_code.clone().or_else(|| large.country_code.clone()),
                    });
                }
            }
        }
        places.dedup();
        (!places.is_empty()).then(|| Mention {
            at: inner.at,
            length: outer.at + outer.length - inner.at,
            places,
            label: format!("{}, {}", inner.label, outer.label),
            in_library: inner.in_library && outer.in_library,
        })
    }
}

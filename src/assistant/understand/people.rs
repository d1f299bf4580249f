//! Finds the people and pets that a question names.
//!
//! The longest name wins, so "Anna Maria" is never "Anna". "Anna" alone is the person of exactly that name; only where
//! nobody has it, those of whose name it is part. Words for relatives are compared by class, in five languages.
//! Small typing errors are forgiven for words that are no words otherwise.

use std::collections::HashMap;

use super::general::General;
use super::kinship;
use super::names::introduces_name;
use super::phrases::Phrases;
use super::sentence::Sentence;
use super::spelling;
use super::tokens::{Token, fold_umlauts, tokenize};
use crate::library::ids::PersonId;
use crate::library::vocabulary::Vocabulary;

/// Whom a mention stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// People of the library, any of whom is meant.
    People(Vec<PersonId>),
    /// A keyword that is a name, as the library spells it.
    Tag(String),
}

/// People named at a place of the question.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// First word.
    pub at: usize,
    /// Number of words.
    pub length: usize,
    /// Whom it stands for.
    pub who: Who,
    /// The names in full, for the chip.
    pub label: String,
    /// Whether a typing error was forgiven.
    pub mended: bool,
}

#[derive(Debug, Clone)]
struct Name {
    words: Vec<String>,
    entry: usize,
}

/// A name of several words as one, as it is spoken: "annamaria".
fn joined(words: &[String]) -> Option<Vec<String>> {
    let plain = words.len() > 1 && words.iter().all(|word| !word.starts_with("kin:"));
    plain.then(|| vec![words.concat()])
}

/// The names of a library's people, ready for lookup.
#[derive(Debug, Clone, Default)]
pub struct People {
    entries: Vec<(Who, String)>,
    names: Vec<Name>,
    /// Names by each of their words.
    by_word: HashMap<String, Vec<usize>>,
    /// Words to which typing errors are mended.
    spellings: spelling::Index,
}

impl People {
    /// Indexes people, pets, and the keywords that look like names.
    pub fn new(vocabulary: &Vocabulary, general: &General) -> Self {
        let mut people = Self::default();
        for person in &vocabulary.people {
            let who = Who::People(vec![person.id]);
            people.add(who, &person.name, std::iter::once(&person.name).chain(&person.aliases));
        }
        let lower = vocabulary.tags.iter().filter(|tag| tag.name.starts_with(char::is_lowercase)).count();
        let mostly_lower = lower * 2 >= vocabulary.tags.len();
        for tag in &vocabulary.tags {
            let words = tokenize(&tag.name).tokens;
            let capital = words.iter().all(|token| token.capital) && words.len() <= 2 && !words.is_empty();
            let common = words.iter().any(|token| general.is_common(&token.fold));
            let taken = words.first().is_some_and(|token| people.by_word.contains_key(&token.fold));
            let cjk = tag.name.chars().any(super::tokens::is_cjk);
            if capital && !taken && !cjk && (!common || mostly_lower) && !is_elsewhere(vocabulary, &tag.name) {
                people.add(Who::Tag(tag.name.clone()), &tag.name, std::iter::once(&tag.name));
            }
        }
        people
    }

    /// The keywords that look like names and are nobody's so far.
    pub fn keywords(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|(who, _)| match who {
            Who::Tag(name) => Some(name.as_str()),
            Who::People(_) => None,
        })
    }

    fn add<'a>(&mut self, who: Who, label: &str, names: impl Iterator<Item = &'a String>) {
        let entry = self.entries.len();
        self.entries.push((who, label.to_owned()));
        for name in names {
            let spelt = fold_umlauts(name).map(|umlauts| kinship::compared(&tokenize(&umlauts).tokens));
            let spelt: Vec<Vec<String>> =
                std::iter::once(kinship::compared(&tokenize(name).tokens)).chain(spelt).collect();
            let joined: Vec<Vec<String>> = spelt.iter().filter_map(|words| joined(words)).collect();
            for words in spelt.into_iter().chain(joined) {
                if words.is_empty() {
                    continue;
                }
                let index = self.names.len();
                for word in &words {
                    let names = self.by_word.entry(word.clone()).or_default();
                    if !names.contains(&index) {
                        names.push(index);
                    }
                    if !word.starts_with("kin:") {
                        self.spellings.add(word);
                    }
                }
                self.names.push(Name { words, entry });
            }
        }
    }

    /// Whether the word is part of somebody's name.
    pub fn knows(&self, word: &str) -> bool {
        self.by_word.contains_key(word)
    }

    /// "Annas Geburtstag", "toms birthday": a possessive without an apostrophe is made one.
    pub fn mark_possessives(&self, s: &mut Sentence, general: &General) {
        for at in 0..s.len() {
            let family = matches!(s.word_before(at), "the" | "die" | "les" | "los" | "den" | "der");
            let next = s.tokens().get(at + 1);
            let german = s.language == super::language::Language::German;
            let german_noun_follows = german && next.is_some_and(|next| next.capital && next.mark.is_none());
            let token = &mut s.text.tokens[at];
            let Some(name) = token.fold.strip_suffix('s').filter(|name| name.len() > 2) else { continue };
            let relative = german_noun_follows && kinship::is_relative(name);
            let named = self.knows(name) && !general.is_word(&token.fold);
            if !family && !token.possessive && !self.knows(&token.fold) && (named || relative) {
                token.fold = name.to_owned();
                token.possessive = true;
            }
        }
    }

    /// Everybody who is named, in order; mentions do not overlap. Whether a common word is a name is left to `accept`.
    pub fn find(&self, s: &Sentence, general: &General) -> Vec<Mention> {
        let mut mentions = Vec::new();
        let mut at = 0;
        while at < s.len() {
            let found = s
                .free_at(at)
                .then(|| self.at(s, at, general))
                .flatten()
                .filter(|mention| s.is_free(at..at + mention.length) && accept(s, mention, general));
            at += found.as_ref().map_or(1, |mention| mention.length);
            mentions.extend(found);
        }
        mentions
    }

    fn at(&self, s: &Sentence, at: usize, general: &General) -> Option<Mention> {
        let tokens = s.tokens();
        if let Some((length, classes)) = kinship::group_at(tokens, at) {
            let words: Vec<String> = classes.iter().map(|kin| kinship::class(kin)).collect();
            let entries = self.entries_with(&words);
            return (!entries.is_empty()).then(|| self.mention(at, length, &entries, false));
        }
        let full = self.longest(tokens, at, true);
        if let Some((length, entries)) = full {
            return Some(self.mention(at, length, &entries, false));
        }
        if let Some((length, entries)) = self.longest(tokens, at, false) {
            return Some(self.mention(at, length, &entries, false));
        }
        self.family(s, at).or_else(|| self.mended(s, at, general))
    }

    fn entries_with(&self, words: &[String]) -> Vec<usize> {
        let mut entries: Vec<usize> = words
            .iter()
            .filter_map(|word| self.by_word.get(word))
            .flatten()
            .map(|name| self.names[*name].entry)
            .collect();
        entries.sort_unstable();
        entries.dedup();
        entries
    }

    /// The longest name that begins at word `at`; `whole` asks for complete names, otherwise parts of names do.
    fn longest(&self, tokens: &[Token], at: usize, whole: bool) -> Option<(usize, Vec<usize>)> {
        let first = compared_at(tokens, at)?;
        let mut best: (usize, usize, Vec<usize>) = (0, 0, Vec::new());
        for index in self.by_word.get(&first.1)? {
            let name = &self.names[*index];
            let Some(start) = name.words.iter().position(|word| *word == first.1) else { continue };
            if whole && start > 0 {
                continue;
            }
            let (words, length) = common_length(tokens, at, &name.words[start..]);
            if words == 0 || (whole && words < name.words.len()) {
                continue;
            }
            // "Grandma" of "Ruth Grandma Miller" is fine; a family name alone stands for all who have it.
            match words.cmp(&best.1) {
                std::cmp::Ordering::Greater => best = (length, words, vec![name.entry]),
                std::cmp::Ordering::Equal if !best.2.contains(&name.entry) => best.2.push(name.entry),
                _ => {}
            }
        }
        (best.1 > 0).then(|| (best.0, self.prefer_first_names(&first.1, best.2)))
    }

    /// Where a word is the first name of some and a later name of others, the first are meant.
    fn prefer_first_names(&self, word: &str, entries: Vec<usize>) -> Vec<usize> {
        let begins = |entry: &usize| {
            self.by_word.get(word).into_iter().flatten().map(|index| &self.names[*index]).any(|name| {
                name.entry == *entry
                    && name.words.iter().find(|part| !part.starts_with("kin:")).is_some_and(|first| first == word)
            })
        };
        let firsts: Vec<usize> = entries.iter().copied().filter(begins).collect();
        if firsts.is_empty() { entries } else { firsts }
    }

    /// "the Millers": all of that family name.
    fn family(&self, s: &Sentence, at: usize) -> Option<Mention> {
        let word = s.word(at);
        let name = word.strip_suffix('s').filter(|name| name.len() > 2 && s.tokens()[at].capital)?;
        let entries: Vec<usize> = self
            .by_word
            .get(name)?
            .iter()
            .map(|index| &self.names[*index])
            .filter(|name_of| name_of.words.len() > 1 && name_of.words.last().is_some_and(|last| last == name))
            .map(|name| name.entry)
            .collect();
        (!entries.is_empty()).then(|| self.mention(at, 1, &entries, false))
    }

    /// A name with a typing error.
    fn mended(&self, s: &Sentence, at: usize, general: &General) -> Option<Mention> {
        let token = &s.tokens()[at];
        let word = token.fold.as_str();
        let other_name = general.is_given_name(word) && word.len() < 6;
        if token.cjk || s.placed[at] || general.is_word(word) || other_name {
            return None;
        }
        let cue = token.capital && at > 0 || introduces_name(s.word_before(at));
        let mended = self.spellings.nearest(word, if cue { 4 } else { 5 })?;
        if let Some((length, entries)) = self.goes_on(s, at, mended) {
            return Some(self.mention(at, length, &entries, true));
        }
        let entries = self.prefer_exact(mended);
        Some(self.mention(at, 1, &entries, true))
    }

    /// A longer name of which the mended word is the first and the rest follows: number of words and whose it is.
    fn goes_on(&self, s: &Sentence, at: usize, mended: &str) -> Option<(usize, Vec<usize>)> {
        let names = self.by_word.get(mended)?.iter().map(|index| &self.names[*index]);
        let name = names.filter(|name| name.words.len() > 1 && name.words[0] == mended).find(|name| {
            let (words, _) = common_length(s.tokens(), at + 1, &name.words[1..]);
            words + 1 == name.words.len() && s.tokens().get(at + 1).is_some_and(|token| token.mark.is_none())
        })?;
        let (_, length) = common_length(s.tokens(), at + 1, &name.words[1..]);
        Some((length + 1, vec![name.entry]))
    }

    fn prefer_exact(&self, word: &str) -> Vec<usize> {
        let names = self.by_word.get(word).into_iter().flatten().map(|index| &self.names[*index]);
        let exact: Vec<usize> = names.clone().filter(|name| name.words.len() == 1).map(|name| name.entry).collect();
        if exact.is_empty() { self.prefer_first_names(word, names.map(|name| name.entry).collect()) } else { exact }
    }

    fn mention(&self, at: usize, length: usize, entries: &[usize], mended: bool) -> Mention {
        let mut people = Vec::new();
        let mut tag = None;
        for (who, _) in entries.iter().filter_map(|entry| self.entries.get(*entry)) {
            match who {
                Who::People(ids) => {
                    people.extend(ids.iter().filter(|id| !people.contains(*id)).copied().collect::<Vec<_>>())
                }
                Who::Tag(name) => tag = Some(name.clone()),
            }
        }
        let who = match tag {
            Some(name) if people.is_empty() => Who::Tag(name),
            _ => Who::People(people),
        };
        let mut labels: Vec<&str> =
            entries.iter().filter_map(|entry| self.entries.get(*entry)).map(|(_, label)| label.as_str()).collect();
        labels.dedup();
        Mention { at, length, who, label: labels.join(" or "), mended }
    }
}

/// The compared form of the word or kinship phrase at `at`, with its number of words.
fn compared_at(tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let token = tokens.get(at)?;
    Some(kinship::at(tokens, at).map_or_else(|| (1, token.fold.clone()), |(length, kin)| (length, kinship::class(kin))))
}

/// How many words of a name follow one another from word `at`, and how many words of the question they take.
fn common_length(tokens: &[Token], at: usize, name: &[String]) -> (usize, usize) {
    let mut length = 0;
    let mut words = 0;
    for word in name {
        let parted = words > 0 && tokens.get(at + length).is_none_or(|token| token.mark.is_some());
        let possessive = words > 0 && tokens[at + length - 1].possessive;
        match compared_at(tokens, at + length) {
            Some((count, compared)) if compared == *word && !parted && !possessive => {
                length += count;
                words += 1;
            }
            _ => break,
        }
    }
    (words, length)
}

fn is_elsewhere(vocabulary: &Vocabulary, name: &str) -> bool {
    let same = |other: &String| super::tokens::fold(other) == super::tokens::fold(name);
    vocabulary.places.iter().any(|place| place.names.iter().any(same))
        || vocabulary.cameras.iter().any(|camera| camera.make.iter().chain(&camera.model).any(same))
}

/// Whether a name that is also an everyday word is meant as a name here.
fn accept(s: &Sentence, mention: &Mention, general: &General) -> bool {
    static ARTICLES: std::sync::LazyLock<Phrases<()>> = std::sync::LazyLock::new(|| {
        Phrases::new([(
            "a|an|the|some|any|many|two|three|several|this|that|these|those|ein|eine|einen|der|die|das|un|une|le|la|el|los|las|les|des|wild|big|small|little|white|black|red|stuffed|toy",
            (),
        )])
    });
    let token = &s.tokens()[mention.at];
    let word = token.fold.as_str();
    let before = s.word_before(mention.at);
    let kin = kinship::at(s.tokens(), mention.at).is_some();
    if kin {
        // "a mother with her child" is anybody; "my mother" and "mom" are somebody.
        return mention.length > 1
            || !matches!(before, "a" | "an" | "any" | "some" | "ein" | "eine" | "une" | "un" | "una");
    }
    if mention.length > 1 || token.cjk || (!super::words::is_stop_word(word) && !general.is_common(word)) {
        return true;
    }
    let inside = token.capital && mention.at > 0 && token.quote.is_none();
    if super::words::is_stop_word(word) {
        let plain_start = mention.at == 0 && s.len() == 1;
        return inside && !ARTICLES.is_at(s.tokens(), mention.at.saturating_sub(1)) || plain_start;
    }
    if inside {
        return true;
    }
    let after_content =
        mention.at > 0 && s.free_at(mention.at - 1) && !before.is_empty() && !super::words::is_stop_word(before);
    !ARTICLES.exact(&[before.to_owned()]).is_some_and(|()| true)
        && !after_content
        && (mention.at == 0 || introduces_name(before))
        && !general.continues(s, mention.at)
}

//! The names of countries, regions, parts of the world and cities, and an index from folded names to what they name.
//!
//! Decoded on first use and kept (about 6 MB). Every entry knows its names in order: English, then those it is well known
//! by, then other spellings. The index holds hashes only, so whoever looks a name up compares it again.
//! Ranking and meaning are left to `gazetteer`.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::LazyLock;

use super::data::{Container, DataError};
use super::fold::{fold, fold_spelled_out};
use super::settlements::World;

/// A city well known by so many names is hardly typed in another Latin spelling.
const ENOUGH_NAMES: usize = 3;
/// At most so many other spellings are worth a look.
const MOST_NAMES: usize = 12;

/// What an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A country, by its place in [`Names::countries`].
    Country(u16),
    /// A region, by its number in [`World::regions`].
    Region(u16),
    /// A settlement, by its number.
    Settlement(u32),
    /// A part of the world, by its place in [`Names::groups`].
    Group(u16),
}

/// A subject and its names beside the English one.
pub(super) struct Entry {
    /// What is named.
    pub(super) subject: Subject,
    well_known: Range<u32>,
    others: Range<u32>,
}

/// A country and its names.
pub(super) struct Country {
    /// ISO code.
    pub(super) code: String,
    /// Names in English, German, French, Spanish and Chinese, then others.
    pub(super) names: Vec<String>,
}

/// A part of the world.
pub(super) struct Group {
    /// Names, English first.
    pub(super) names: Vec<String>,
    /// Codes of countries, or `CC/Region`.
    pub(super) members: Vec<String>,
}

/// All names.
pub(super) struct Names {
    /// Countries sorted by code.
    pub(super) countries: Vec<Country>,
    /// Parts of the world.
    pub(super) groups: Vec<Group>,
    entries: Vec<Entry>,
    text: String,
    everyday: HashSet<String>,
    /// Hash of a folded name and number of an entry, sorted.
    index: Vec<(u32, u32)>,
}

impl Names {
    /// The names, decoded on first use.
    pub(super) fn get() -> &'static Self {
        static NAMES: LazyLock<Names> = LazyLock::new(|| {
            let packed = include_bytes!("../../../data/places/names.txt.br");
            // The data are part of the program, and the tests read them: they cannot be broken where it runs.
            Container::open(packed)
                .and_then(|data| Names::read(&data, World::get()))
                .unwrap_or_else(|error| panic!("{error}"))
        });
        &NAMES
    }

    fn read(data: &Container, world: &World) -> Result<Self, DataError> {
        let mut names = Self {
            countries: lines(data.text(0)?)
                .map(|(code, names)| Country { code: code.into(), names: owned(names) })
                .collect(),
            groups: lines(data.text(1)?)
                .map(|(names, members)| Group { names: owned(names), members: owned(members) })
                .collect(),
            entries: Vec::new(),
            text: String::new(),
            everyday: data.text(4)?.split(' ').map(fold).collect(),
            index: Vec::new(),
        };
        for number in 0..names.countries.len() {
            names.add(Subject::Country(number as u16), "", "");
        }
        for number in 0..names.groups.len() {
            names.add(Subject::Group(number as u16), "", "");
        }
        names.read_regions(data.text(2)?, world)?;
        names.read_cities(data.text(3)?, world)?;
        names.build_index(world);
        Ok(names)
    }

    fn read_regions(&mut self, text: &str, world: &World) -> Result<(), DataError> {
        let mut named = lines(text).map(|(number, rest)| (number.parse::<u16>(), rest)).peekable();
        for (number, region) in (0u16..).zip(world.regions()) {
            let rest = named.next_if(|(named, _)| *named == Ok(number)).map_or("", |(_, rest)| rest);
            let (well_known, short) = rest.split_once('\t').unwrap_or((rest, ""));
            if !region.name.is_empty() {
                self.add(Subject::Region(number), well_known, short);
            }
        }
        if named.next().is_some() { Err(DataError::Broken("the names of regions")) } else { Ok(()) }
    }

    fn read_cities(&mut self, text: &str, world: &World) -> Result<(), DataError> {
        let mut number = 0u32;
        for (step, rest) in lines(text) {
            let step: u32 = step.parse().map_err(|_| DataError::Broken("the names of a city"))?;
            number =
                number.checked_add(step).filter(|number| *number < world.len()).ok_or(DataError::Broken("a city"))?;
            let (well_known, others) = rest.split_once('\t').unwrap_or((rest, ""));
            self.add(Subject::Settlement(number), well_known, others);
        }
        Ok(())
    }

    fn add(&mut self, subject: Subject, well_known: &str, others: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(well_known);
        let middle = self.text.len() as u32;
        self.text.push_str(others);
        self.entries.push(Entry { subject, well_known: start..middle, others: middle..self.text.len() as u32 });
    }

    fn build_index(&mut self, world: &World) {
        let mut index = Vec::new();
        for (number, entry) in (0u32..).zip(&self.entries) {
            let start = index.len();
            for name in self.names(entry, world) {
                index.push((hash(&fold(name)), number));
                index.extend(fold_spelled_out(name).map(|folded| (hash(&folded), number)));
            }
            index[start..].sort_unstable();
        }
        index.sort_unstable();
        index.dedup();
        self.index = index;
    }

    /// The entries that have a name folding to `folded`.
    pub(super) fn lookup<'a>(&'a self, folded: &'a str, world: &'a World) -> impl Iterator<Item = &'a Entry> {
        let key = hash(folded);
        let start = self.index.partition_point(|(hash, _)| *hash < key);
        let hits = self.index[start..].iter().take_while(move |(hash, _)| *hash == key);
        hits.map(|(_, number)| &self.entries[*number as usize])
            .filter(move |entry| self.names(entry, world).any(|name| matches(name, folded)))
    }

    /// All names of an entry, the English one first.
    pub(super) fn names<'a>(&'a self, entry: &Entry, world: &'a World) -> impl Iterator<Item = &'a str> {
        self.well_known(entry, world).chain(parts(&self.text, &entry.others))
    }

    /// The names an entry is well known by, the English one first.
    pub(super) fn well_known<'a>(&'a self, entry: &Entry, world: &'a World) -> impl Iterator<Item = &'a str> {
        let (first, listed): (Option<&str>, &[String]) = match entry.subject {
            Subject::Country(number) => (None, &self.countries[usize::from(number)].names),
            Subject::Group(number) => (None, &self.groups[usize::from(number)].names),
            Subject::Region(number) => (Some(&world.regions()[usize::from(number)].name), &[]),
            Subject::Settlement(number) => (Some(world.name(number)), &[]),
        };
        first.into_iter().chain(listed.iter().map(String::as_str)).chain(parts(&self.text, &entry.well_known))
    }

    /// The names of an entry that people type: without abbreviations, and without foreign spellings where the common
    /// ones are known.
    pub(super) fn typed<'a>(&'a self, entry: &Entry, world: &'a World) -> Vec<&'a str> {
        let mut typed: Vec<&str> = self.well_known(entry, world).collect();
        let common = typed.len() >= ENOUGH_NAMES;
        if !matches!(entry.subject, Subject::Region(_)) {
            let others = parts(&self.text, &entry.others);
            typed.extend(
                others.filter(|name| !common || !name.starts_with(|letter: char| letter.is_ascii())).take(MOST_NAMES),
            );
        }
        typed
    }

    /// Whether a folded name is also an everyday word or a given name, or a single character.
    pub(super) fn is_everyday(&self, folded: &str) -> bool {
        folded.chars().count() <= 1 || self.everyday.contains(folded)
    }

    /// The country with an ISO code.
    pub(super) fn country(&self, code: &str) -> Option<&Country> {
        let found = self.countries.binary_search_by(|country| country.code.as_str().cmp(code)).ok()?;
        Some(&self.countries[found])
    }
}

/// Whether a name folds to `folded`, with or without its umlauts spelled out.
pub(super) fn matches(name: &str, folded: &str) -> bool {
    fold(name) == folded || fold_spelled_out(name).is_some_and(|spelled| spelled == folded)
}

fn hash(folded: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    folded.hash(&mut hasher);
    (hasher.finish() >> 32) as u32
}

fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('\n').map(|line| line.split_once('\t').unwrap_or((line, "")))
}

fn owned(list: &str) -> Vec<String> {
    list.split(';').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn parts<'a>(text: &'a str, range: &Range<u32>) -> impl Iterator<Item = &'a str> + use<'a> {
    text[range.start as usize..range.end as usize].split(';').filter(|part| !part.is_empty())
}

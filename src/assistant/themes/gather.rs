//! Asks the library what themes could be made of: pictures, vectors of a part of them, words.
//!
//! Of a large library the vectors of [`MOST_VECTORS`] pictures are in memory at once, evenly spread over the years; the words
//! are read of as many pictures as tell enough.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::cluster::MOST_VECTORS;
use super::feasts::Born;
use super::keywords::Keyword;
use super::recurrence::Picture;
use super::telling::{Sort, Word};
use crate::assistant::understand::{General, holiday_in};
use crate::ingest::events::Position;
use crate::library::documents::Document;
use crate::library::events::EventSummary;
use crate::library::seen::Model;
use crate::library::{EventId, Library, LibraryError, MediaId, fold};
use crate::search::sights;

/// Documents read at once.
const BATCH: usize = 200;
/// Vectors read at once.
const VECTORS: usize = 1000;
/// Shorter words of sentences say little.
const SHORTEST: usize = 4;

/// Everything that themes are made of but vectors and words.
pub(super) struct Material {
    /// What is fit to be remembered, in order of time.
    pub pictures: Vec<Picture>,
    /// The holiday that words of each picture name.
    pub named: Vec<Option<&'static str>>,
    /// Who was born when.
    pub born: Vec<Born>,
    /// Keywords, without names of people and places.
    pub keywords: Vec<Keyword>,
    /// Where the family lives, upper case.
    pub country: Option<String>,
    /// Names that are said otherwise: of people and of places.
    pub names: Names,
}

/// Names of the library's people, pets and places.
pub(super) struct Names {
    /// Pets, folded.
    pets: HashSet<String>,
    /// People and places, folded.
    others: HashSet<String>,
    /// The country in which the family lives, as it is called.
    home: Option<String>,
}

/// Reads what themes are made of.
pub(super) async fn material(library: &Library) -> Result<Material, LibraryError> {
    let sources = library.theme_sources().await?;
    let picture = |source: &crate::library::themes::ThemeSource| {
        let position = source.lat.zip(source.lon).map(|(lat, lon)| Position { lat, lon });
        let (city, country, event) = (source.city.clone(), source.country.clone(), source.event);
        Some(Picture { id: source.id, taken: source.taken()?, position, city, country, event })
    };
    let pictures: Vec<Picture> = sources.iter().filter_map(picture).collect();
    let places: HashMap<MediaId, usize> = pictures.iter().enumerate().map(|(at, picture)| (picture.id, at)).collect();
    let vocabulary = library.vocabulary().await?;
    let named = |pets: bool| vocabulary.people.iter().filter(move |person| person.pet == pets);
    let home = vocabulary.home_country.as_deref();
    let home = vocabulary.places.iter().find(|entry| {
        entry.place.city.is_none() && entry.place.region.is_none() && entry.place.country_code.as_deref() == home
    });
    let mut names = Names {
        pets: named(true).map(|pet| fold(&pet.name)).collect(),
        others: named(false)
            .flat_map(|person| person.aliases.iter().chain([&person.name]))
            .map(|name| fold(name))
            .collect(),
        home: home.filter(|_| vocabulary.home_country.is_some()).and_then(|entry| entry.names.first().cloned()),
    };
    names.others.extend(vocabulary.places.iter().flat_map(|entry| &entry.names).map(|name| fold(name)));
    let born = born(library, &places).await?;
    let country = vocabulary.home_country.clone();
    let (events, written) = (library.events().await?, library.words_of_media().await?);
    beside(move || {
        let (named, keywords) = words(&pictures, &places, &names, &events, written);
        Material { named, born, keywords, country, names, pictures }
    })
    .await
}

/// Runs what takes long beside the async threads.
pub(super) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LibraryError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| LibraryError::Stored(error.to_string()))
}

/// The holidays that words name, by the pictures' places, and the keywords that are no names.
fn words(
    pictures: &[Picture],
    places: &HashMap<MediaId, usize>,
    names: &Names,
    events: &[EventSummary],
    written: Vec<(MediaId, String, bool)>,
) -> (Vec<Option<&'static str>>, Vec<Keyword>) {
    let events: HashMap<EventId, &'static str> =
        events.iter().filter_map(|event| Some((event.id, holiday_in(&event.name)?.name))).collect();
    let mut named: Vec<Option<&'static str>> =
        pictures.iter().map(|picture| events.get(&picture.event?).copied()).collect();
    let mut keywords: BTreeMap<String, Keyword> = BTreeMap::new();
    for (id, text, is_keyword) in written {
        let Some(&at) = places.get(&id) else { continue };
        named[at] = named[at].or_else(|| holiday_in(&text).map(|holiday| holiday.name));
        if is_keyword && !names.pets.contains(&fold(&text)) && !names.others.contains(&fold(&text)) {
            let key = key(&text);
            let keyword = keywords.entry(key.clone()).or_insert_with(|| Keyword { key, ..Keyword::default() });
            *keyword.written.entry(text).or_default() += 1;
            keyword.pictures.push(at);
        }
    }
    let mut keywords: Vec<Keyword> = keywords.into_values().collect();
    for keyword in &mut keywords {
        keyword.pictures.sort_unstable();
        keyword.pictures.dedup();
    }
    (named, keywords)
}

/// Those whose day of birth is known and who are not hidden, with the pictures that show them.
async fn born(library: &Library, places: &HashMap<MediaId, usize>) -> Result<Vec<Born>, LibraryError> {
    let everybody = library.everybody().await?;
    let mut born: Vec<Born> = everybody
        .iter()
        .filter(|person| !person.hidden && !person.name.is_empty())
        .filter_map(|person| {
            let name = person.nickname.clone().unwrap_or_else(|| person.name.clone());
            let day = person.born.as_deref()?.parse().ok()?;
            Some(Born { id: person.id, name, day, pictures: Default::default() })
        })
        .collect();
    if born.is_empty() {
        return Ok(born);
    }
    for (id, people) in library.people_of_media().await? {
        let Some(&at) = places.get(&id) else { continue };
        for somebody in born.iter_mut().filter(|somebody| people.contains(&somebody.id)) {
            somebody.pictures.insert(at);
        }
    }
    Ok(born)
}

/// So many places of a list, evenly spread; all when there are no more.
pub(super) fn spread(count: usize, most: usize) -> Vec<usize> {
    if count <= most { (0..count).collect() } else { (0..most).map(|at| at * count / most).collect() }
}

/// Vectors of pictures, of not too many: the pictures by their places, and a vector for each.
pub(super) async fn vectors(
    library: &Library,
    model: &Model,
    pictures: &[Picture],
) -> Result<(Vec<usize>, Vec<Vec<f32>>), LibraryError> {
    let with: HashSet<MediaId> = library.media_with_vectors(model).await?.into_iter().collect();
    let all: Vec<usize> = (0..pictures.len()).filter(|&at| with.contains(&pictures[at].id)).collect();
    let some: Vec<usize> = spread(all.len(), MOST_VECTORS).into_iter().map(|at| all[at]).collect();
    let (mut places, mut vectors) = (Vec::with_capacity(some.len()), Vec::with_capacity(some.len()));
    for some in some.chunks(VECTORS) {
        let mut found = vectors_of(library, model, pictures, some).await?;
        for &at in some {
            if let Some(vector) = found.remove(&at) {
                places.push(at);
                vectors.push(vector);
            }
        }
    }
    Ok((places, vectors))
}

/// Vectors of pictures that are given by their places; the caller asks for [`VECTORS`] at once at the most.
pub(super) async fn vectors_of(
    library: &Library,
    model: &Model,
    pictures: &[Picture],
    places: &[usize],
) -> Result<HashMap<usize, Vec<f32>>, LibraryError> {
    let ids: Vec<MediaId> = places.iter().map(|&at| pictures[at].id).collect();
    let mut found = library.picture_vectors_of(model, &ids).await?;
    Ok(places.iter().filter_map(|&at| Some((at, found.remove(&pictures[at].id)?))).collect())
}

/// What is said of pictures, by their places.
pub(super) async fn said(
    library: &Library,
    pictures: &[Picture],
    places: &[usize],
    names: &Names,
) -> Result<HashMap<usize, Vec<Word>>, LibraryError> {
    let mut said = HashMap::with_capacity(places.len());
    for places in places.chunks(BATCH) {
        let at: HashMap<MediaId, usize> = places.iter().map(|&at| (pictures[at].id, at)).collect();
        let ids: Vec<MediaId> = places.iter().map(|&at| pictures[at].id).collect();
        for document in library.documents(&ids).await? {
            if let Some(&at) = at.get(&document.medium.id) {
                said.insert(at, words_of(&document, &pictures[at], names));
            }
        }
    }
    Ok(said)
}

fn words_of(document: &Document, picture: &Picture, names: &Names) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut add = |sort: Sort, key: String, text: &str| words.push(Word { sort, key, text: text.to_owned() });
    let caption = document.caption.as_ref();
    let concepts = document.concepts.iter().map(|(name, _)| name);
    let listed = document.tags.iter().chain(caption.into_iter().flat_map(|caption| &caption.tags)).chain(concepts);
    for word in listed.filter(|word| !names.others.contains(&fold(word))) {
        add(Sort::What, key(word), word);
    }
    for sight in sights::of(&document.seen, &document.frames).iter().filter(|sight| sight.own) {
        add(Sort::What, key(&sight.word), &sight.word);
    }
    let sentences = [document.medium.description.as_deref(), document.medium.title.as_deref()];
    let sentences = sentences.into_iter().chain([caption.map(|caption| caption.sentence.as_str())]).flatten();
    for word in sentences.flat_map(|sentence| sentence.split(|c: char| !c.is_alphabetic())) {
        let folded = fold(word);
        if word.chars().count() >= SHORTEST && General::get().is_concept(&folded) && !names.others.contains(&folded) {
            add(Sort::What, key(word), &word.to_lowercase());
        }
    }
    for name in &document.people {
        let pet = names.pets.contains(&fold(name));
        add(if pet { Sort::What } else { Sort::Who }, fold(name), name);
    }
    if let Some(city) = &picture.city {
        add(Sort::Where, fold(city), city);
    }
    if let Some(country) = picture.country.as_ref().filter(|country| Some(*country) != names.home.as_ref()) {
        add(Sort::Country, fold(country), country);
    }
    let south = picture.position.is_some_and(|position| position.lat < 0.0);
    let season = (i32::from(picture.taken.month()) / 3 + if south { 2 } else { 0 }) % 4;
    add(Sort::Season, season.to_string(), &season.to_string());
    let weekday = picture.taken.date().weekday().to_monday_one_offset();
    add(Sort::Weekday, weekday.to_string(), &weekday.to_string());
    words
}

/// A form in which a word, its inflections and its translations are equal.
fn key(text: &str) -> String {
    fold(text).split_whitespace().map(|word| General::get().concept(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_equal_whatever_their_form_and_language() {
        assert_eq!(key("Dogs"), key("dog"));
        assert_eq!(key("Hund"), key("dog"));
        assert_ne!(key("cat"), key("dog"));
    }

    #[test]
    fn a_part_of_a_list_is_spread_over_it() {
        assert_eq!(spread(3, 9), [0, 1, 2]);
        assert_eq!(spread(10, 4), [0, 2, 5, 7]);
    }
}

//! Conditions on media as a language model writes them: names and dates, turned into identifiers and spans here.
//!
//! A name that the library does not have is an error that says so, and never a condition that is left out.

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::ToolError;
use super::search_media::SearchMedia;
use crate::assistant::albums::Day;
use crate::assistant::understand::{Lexicon, Order, Reading};
use crate::assistant::{gazetteer, named};
use crate::library::filter::{MediaFilter, MediaKind, TimeSpan};
use crate::library::vocabulary::Vocabulary;

/// Which media are meant. Conditions of different kinds must all hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// What is to be seen or written in the media, in a few words: "red boat", "birthday cake". Leave out when the other conditions say everything.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// Names of people or pets who are all in the picture.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub people: Vec<String>,
    /// Names of people or pets who are not in the picture.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub without_people: Vec<String>,
    /// Cities, regions or countries: taken at any of them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub places: Vec<String>,
    /// Names of events or trips: part of any of them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub events: Vec<String>,
    /// Names of albums: in any of them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub albums: Vec<String>,
    /// Keywords, and concepts that the user taught: carrying all of them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub tags: Vec<String>,
    /// Cameras: taken with any of them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub cameras: Vec<String>,
    /// First day: 2023-07-01.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// Last day, included: 2023-07-31.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// Of any of these kinds.
    #[schema(inline)]
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub kinds: Vec<MediaKind>,
    /// Rated at least so many stars, 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_rating: Option<u8>,
}

/// Models write one name where a list of names is asked for.
pub(super) fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given<T> {
        Many(Vec<T>),
        One(T),
        None(()),
    }
    Ok(match Given::deserialize(deserializer)? {
        Given::Many(many) => many,
        Given::One(one) => vec![one],
        Given::None(()) => Vec::new(),
    })
}

impl Conditions {
    /// The search that these conditions mean in this library.
    ///
    /// # Errors
    /// [`ToolError::Argument`] when a name is not known or a date is none.
    pub fn resolve(&self, library: &Vocabulary, lexicon: &Lexicon, now: DateTime) -> Result<SearchMedia, ToolError> {
        let reading = lexicon.understand(&self.query, &gazetteer::World, now, None);
        if let Some(name) = reading.unknown_names.first() {
            return Err(unknown("person", name, library.people.iter().map(|person| &person.name)));
        }
        let mut filter = reading.filter.clone();
        self.add_people(library, &mut filter)?;
        self.add_places(library, &mut filter)?;
        self.add_collections(library, &mut filter)?;
        if let Some(span) = self.span()? {
            filter.taken = vec![span];
        }
        if !self.kinds.is_empty() {
            filter.kinds.clone_from(&self.kinds);
        }
        filter.min_rating = self.min_rating.map(|stars| stars.clamp(1, 5)).or(filter.min_rating);
        Ok(self.search(filter, reading))
    }

    fn search(&self, filter: MediaFilter, reading: Reading) -> SearchMedia {
        let language = serde_json::to_value(reading.language).ok();
        SearchMedia {
            content: reading.content,
            without: reading.without_content,
            filter,
            likely_events: if self.query.is_empty() { Vec::new() } else { reading.likely_events },
            order: Order::Relevance,
            limit: None,
            language: language.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default(),
        }
    }

    fn add_people(&self, library: &Vocabulary, filter: &mut MediaFilter) -> Result<(), ToolError> {
        let person = |name: &String| {
            let people = library.people.iter().map(|person| &person.name);
            named::person(library, name).ok_or_else(|| unknown("person", name, people))
        };
        for name in &self.people {
            let id = person(name)?;
            if !filter.people.contains(&vec![id]) {
                filter.people.push(vec![id]);
            }
        }
        for name in &self.without_people {
            filter.without_people.push(person(name)?);
        }
        Ok(())
    }

    /// Places that are named stand for those in the text: they would widen each other.
    fn add_places(&self, library: &Vocabulary, filter: &mut MediaFilter) -> Result<(), ToolError> {
        if !self.places.is_empty() {
            filter.places.clear();
        }
        for name in &self.places {
            let Some(place) = named::place(library, name) else {
                return Err(unknown("place", name, library.places.iter().filter_map(|place| place.names.first())));
            };
            filter.places.push(place);
        }
        Ok(())
    }

    /// Events, albums, keywords, cameras. Events that are named stand for those in the text.
    fn add_collections(&self, library: &Vocabulary, filter: &mut MediaFilter) -> Result<(), ToolError> {
        if !self.events.is_empty() {
            filter.events.clear();
        }
        for name in &self.events {
            let ids = named::events(library, name);
            if ids.is_empty() {
                return Err(unknown("event", name, library.events.iter().map(|event| &event.name)));
            }
            filter.events.extend(ids);
        }
        for name in &self.albums {
            let ids = named::albums(library, name);
            if ids.is_empty() {
                return Err(unknown("album", name, library.albums.iter().map(|album| &album.name)));
            }
            filter.albums.extend(ids);
        }
        for name in &self.cameras {
            let labels = named::cameras(library, name);
            if labels.is_empty() {
                return Err(unknown("camera", name, library.cameras.iter().map(|camera| &camera.label)));
            }
            filter.cameras.extend(labels);
        }
        for name in &self.tags {
            // To a model what the user taught and what they wrote on pictures are words alike.
            if let Some(concept) = named::concept(library, name) {
                filter.concepts.push(concept);
                continue;
            }
            let known = named::tag(library, name);
            filter.tags.push(known.ok_or_else(|| unknown("keyword", name, library.tags.iter().map(|tag| &tag.name)))?);
        }
        Ok(())
    }

    fn span(&self) -> Result<Option<TimeSpan>, ToolError> {
        if self.from.is_empty() && self.to.is_empty() {
            return Ok(None);
        }
        let start = if self.from.is_empty() { Date::constant(1, 1, 1) } else { day(&self.from)?.first() };
        let end = if self.to.is_empty() { Date::constant(9999, 1, 1) } else { day(&self.to)?.after() };
        if start >= end {
            return Err(ToolError::Argument(format!(
                "the last day {} comes before the first day {}",
                self.to, self.from
            )));
        }
        Ok(Some(TimeSpan { start: start.to_datetime(Time::midnight()), end: end.to_datetime(Time::midnight()) }))
    }
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a String>) -> ToolError {
    ToolError::Argument(named::unknown(what, name, known))
}

/// A year, a month or a day; models add the time now and then.
fn day(text: &str) -> Result<Day, ToolError> {
    let date = text.trim().split('T').next().unwrap_or_default();
    Day::read(date).ok_or_else(|| ToolError::Argument(format!("`{text}` is no date; write it as 2023-07-31")))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::library::PersonId;
    use crate::library::vocabulary::PersonEntry;

    fn resolve(conditions: Value) -> Result<SearchMedia, String> {
        let person =
            |name: &str| PersonEntry { id: PersonId::new(), name: name.into(), aliases: vec![], pet: false, media: 3 };
        let library = Vocabulary { people: vec![person("Ida"), person("Jonas")], ..Vocabulary::default() };
        let lexicon = gazetteer::lexicon(&library);
        let conditions: Conditions = serde_json::from_value(conditions).map_err(|error| error.to_string())?;
        let now = "2026-11-21T12:00:00".parse().unwrap();
        conditions.resolve(&library, &lexicon, now).map_err(|error| error.to_string())
    }

    #[test]
    fn names_become_conditions_however_they_are_listed() {
        let search = resolve(json!({ "people": ["ida", "Jonas"], "without_people": null })).unwrap();
        assert_eq!(search.filter.people.len(), 2);
        assert_eq!(resolve(json!({ "people": "Ida" })).unwrap().filter.people.len(), 1);
        assert_eq!(resolve(json!({ "people": "Ida", "query": "Ida" })).unwrap().filter.people.len(), 1);
    }

    #[test]
    fn what_is_unknown_is_told_and_not_left_out() {
        let error = resolve(json!({ "people": ["Kurt"] })).unwrap_err();
        assert!(error.contains("Kurt") && error.contains("Ida, Jonas"), "{error}");
        assert!(resolve(json!({ "places": ["Atlantis"] })).unwrap_err().contains("Atlantis"));
        assert!(resolve(json!({ "colour": "red" })).unwrap_err().contains("colour"));
    }

    #[test]
    fn days_months_and_years_are_spans() {
        let span = |from: &str, to: &str| {
            let span = resolve(json!({ "from": from, "to": to })).unwrap().filter.taken[0];
            (span.start.date().to_string(), span.end.date().to_string())
        };
        assert_eq!(span("2023-07-10", "2023-07-12"), ("2023-07-10".into(), "2023-07-13".into()));
        assert_eq!(span("2023-12", "2023-12"), ("2023-12-01".into(), "2024-01-01".into()));
        assert_eq!(span("2023", "2024").1, "2025-01-01");
        assert!(resolve(json!({ "from": "last summer" })).unwrap_err().contains("no date"));
        assert!(resolve(json!({ "from": "2024", "to": "2023" })).unwrap_err().contains("before"));
    }
}

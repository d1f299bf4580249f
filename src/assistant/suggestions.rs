//! Questions to begin with, made from the names of this very library, so that each of them has an answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::library::vocabulary::{PlaceEntry, PlaceLevel};
use crate::library::{Vocabulary, fold};

/// A question that the library can answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suggestion {
    /// The question.
    pub question: String,
    /// What it is made from.
    pub why: String,
}

/// At most eight questions, each of another kind.
pub fn suggest(vocabulary: &Vocabulary) -> Vec<Suggestion> {
    let mut suggestions = Vec::new();
    let mut add = |question: String, why: String| suggestions.push(Suggestion { question, why });
    let mut people: Vec<_> = vocabulary.people.iter().filter(|person| !person.pet).collect();
    people.sort_by_key(|person| std::cmp::Reverse(person.media));
    let mut events: Vec<_> = vocabulary.events.iter().filter(|event| event.start.is_some()).collect();
    events.sort_by_key(|event| std::cmp::Reverse((event.media.min(12), event.start)));
    let place = vocabulary
        .places
        .iter()
        .filter(|place| place.level == PlaceLevel::City && Some(&place.place) != vocabulary.home.as_ref())
        .max_by_key(|place| place.media);

    // An event that is called like a place is a stay there.
    let is_place = |name: &str| {
        let named = |place: &PlaceEntry| place.names.iter().any(|known| fold(known) == fold(name));
        vocabulary.places.iter().any(named)
    };

    if let Some(person) = people.first() {
        add(format!("Show me photos of {}", person.name), format!("{} is in {} pictures", person.name, person.media));
    }
    if let Some(event) = events.first() {
        let question = match is_place(&event.name) {
            true => format!("When were we in {}?", event.name),
            false => format!("When was {}?", event.name),
        };
        add(question, format!("{} holds {} pictures", event.name, event.media));
    }
    if let Some(place) = place {
        add(
            format!("How many photos did we take in {}?", place.names[0]),
            format!("{} pictures are from there", place.media),
        );
    }
    if let Some(event) = events.get(1) {
        let at = if is_place(&event.name) { "in" } else { "at" };
        add(format!("Who was with us {at} {}?", event.name), format!("{} holds {} pictures", event.name, event.media));
    }
    if let (Some(person), Some((first, last))) = (people.get(1), vocabulary.dated)
        && first.year() != last.year()
    {
        add(
            format!("{} since {}", person.name, last.year() - 1),
            format!("{} is in {} pictures", person.name, person.media),
        );
    }
    if let Some(pet) = vocabulary.people.iter().filter(|person| person.pet).max_by_key(|pet| pet.media) {
        add(format!("All pictures of {}", pet.name), format!("{} is in {} pictures", pet.name, pet.media));
    }
    if let Some(tag) = vocabulary.tags.iter().filter(|tag| tag.media >= 3).max_by_key(|tag| tag.media) {
        add(format!("Pictures with the keyword {}", tag.name), format!("{} pictures carry this keyword", tag.media));
    }
    if vocabulary.dated.is_some() {
        add("Which month has the most pictures?".to_owned(), "your pictures carry dates".to_owned());
    }
    suggestions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::filter::PlaceRef;
    use crate::library::vocabulary::{EventEntry, PersonEntry};
    use crate::library::{EventId, PersonId};

    #[test]
    fn an_empty_library_suggests_nothing() {
        assert!(suggest(&Vocabulary::default()).is_empty());
    }

    #[test]
    fn an_event_that_is_called_like_a_place_is_a_stay() {
        let event = |name: &str, media| EventEntry {
            id: EventId::new(),
            name: name.into(),
            hints: vec![],
            start: "2019-05-01T10:00:00".parse().ok(),
            end: None,
            media,
        };
        let place = PlaceRef { city: Some("Rome".into()), ..PlaceRef::default() };
        let rome = PlaceEntry { place, level: PlaceLevel::City, names: vec!["Rome".into()], media: 1 };
        let vocabulary = Vocabulary {
            events: vec![event("Rome", 9), event("Carnival", 3)],
            places: vec![rome],
            ..Vocabulary::default()
        };
        let questions: Vec<String> = suggest(&vocabulary).into_iter().map(|suggestion| suggestion.question).collect();
        assert!(questions.contains(&"When were we in Rome?".to_owned()), "{questions:?}");
        assert!(questions.contains(&"Who was with us at Carnival?".to_owned()), "{questions:?}");
    }

    #[test]
    fn the_most_pictured_person_comes_first() {
        let person = |name: &str, media| PersonEntry {
            id: PersonId::new(),
            name: name.into(),
            aliases: vec![],
            pet: false,
            media,
        };
        let vocabulary = Vocabulary { people: vec![person("Ida", 2), person("Lene", 9)], ..Vocabulary::default() };
        assert_eq!(suggest(&vocabulary)[0].question, "Show me photos of Lene");
    }
}

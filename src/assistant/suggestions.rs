//! Questions to begin with, made from the names of this very library, so that each of them has an answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::library::Vocabulary;
use crate::library::vocabulary::PlaceLevel;

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

    if let Some(person) = people.first() {
        add(format!("Show me photos of {}", person.name), format!("{} is in {} pictures", person.name, person.media));
    }
    if let Some(event) = events.first() {
        add(format!("When was {}?", event.name), format!("{} holds {} pictures", event.name, event.media));
    }
    if let Some(place) = place {
        add(
            format!("How many photos did we take in {}?", place.names[0]),
            format!("{} pictures are from there", place.media),
        );
    }
    if let Some(event) = events.get(1) {
        add(format!("Who was with us at {}?", event.name), format!("{} holds {} pictures", event.name, event.media));
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
        add(format!("Pictures of {}", tag.name), format!("{} pictures carry this keyword", tag.media));
    }
    if vocabulary.dated.is_some() {
        add("Which month has the most pictures?".to_owned(), "your pictures carry dates".to_owned());
    }
    suggestions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::PersonId;
    use crate::library::vocabulary::PersonEntry;

    #[test]
    fn an_empty_library_suggests_nothing() {
        assert!(suggest(&Vocabulary::default()).is_empty());
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

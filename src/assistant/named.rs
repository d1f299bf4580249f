//! What a name stands for in a library: people, places, events, albums, keywords, concepts, cameras.
//!
//! Names are compared without case and diacritics. Who asks says what an unknown name means; nothing is guessed here.

use super::gazetteer;
use super::understand::Gazetteer as _;
use crate::library::filter::PlaceRef;
use crate::library::fold;
use crate::library::ids::{AlbumId, ConceptId, EventId, PersonId};
use crate::library::vocabulary::{PlaceEntry, PlaceLevel, Vocabulary};

/// Names that are told when one is not known.
const OFFERED: usize = 12;

/// The person or pet that is called so.
pub(super) fn person(library: &Vocabulary, name: &str) -> Option<PersonId> {
    let wanted = fold(name);
    let is_called = |known: &String| fold(known) == wanted;
    let mut people = library.people.iter();
    people.find(|person| is_called(&person.name) || person.aliases.iter().any(is_called)).map(|person| person.id)
}

/// The place of the library that is called so in any language, a country before a city; "Paris, France" says which one.
pub(super) fn place(library: &Vocabulary, name: &str) -> Option<PlaceRef> {
    let called = |place: &PlaceEntry, wanted: &str| {
        let mut all = place.names.iter().cloned().chain(crate::ingest::places::names_of(&place.place));
        all.any(|name| fold(&name) == wanted)
    };
    let whole = fold(name);
    let mut known: Vec<_> = library.places.iter().filter(|place| called(place, &whole)).collect();
    if let Some((near, far)) = name.rsplit_once(',').filter(|_| known.is_empty()) {
        let (near, far) = (fold(near), fold(far));
        let around = |place: &&PlaceEntry, wider: &PlaceEntry| {
            let same_region = wider.place.region.is_none() || wider.place.region == place.place.region;
            wider.level < place.level && same_region && wider.place.country_code == place.place.country_code
        };
        let wider: Vec<_> = library.places.iter().filter(|place| called(place, &far)).collect();
        let within = |place: &&PlaceEntry| wider.iter().any(|wider| around(place, wider));
        known = library.places.iter().filter(|place| called(place, &near)).filter(within).collect();
    }
    known.sort_by_key(|place| place.level != PlaceLevel::Country);
    known.first().map(|place| place.place.clone())
}

/// What the world calls so, where the library has no pictures yet.
pub(super) fn place_of_the_world(name: &str) -> Vec<PlaceRef> {
    gazetteer::World.find(name).into_iter().next().map(|hit| hit.places).unwrap_or_default()
}

/// The events that are called so, else those whose names contain it.
pub(super) fn events(library: &Vocabulary, name: &str) -> Vec<EventId> {
    matching(name, library.events.iter().map(|event| (&event.name, event.id)))
}

/// The albums that are called so, else those whose names contain it.
pub(super) fn albums(library: &Vocabulary, name: &str) -> Vec<AlbumId> {
    matching(name, library.albums.iter().map(|album| (&album.name, album.id)))
}

/// The labels of the cameras that are called so, else of those whose names contain it.
pub(super) fn cameras(library: &Vocabulary, name: &str) -> Vec<String> {
    let labels = matching(name, library.cameras.iter().map(|camera| (&camera.label, &camera.label)));
    labels.into_iter().cloned().collect()
}

/// The keyword as the library writes it.
pub(super) fn tag(library: &Vocabulary, name: &str) -> Option<String> {
    let wanted = fold(name);
    library.tags.iter().find(|tag| fold(&tag.name) == wanted).map(|tag| tag.name.clone())
}

/// The concept that is called so.
pub(super) fn concept(library: &Vocabulary, name: &str) -> Option<ConceptId> {
    let wanted = fold(name);
    library.concepts.iter().find(|concept| fold(&concept.name) == wanted).map(|concept| concept.id)
}

/// Says that a name is not known, and which are: those written almost like it, else the first.
pub(super) fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a String>) -> String {
    let known: Vec<&String> = known.collect();
    let wanted = fold(name);
    let most = if wanted.chars().count() < 6 { 1 } else { 2 };
    let near = known.iter().filter(|known| strsim::osa_distance(&fold(known), &wanted) <= most);
    let near: Vec<&str> = near.take(3).map(|known| known.as_str()).collect();
    if !near.is_empty() {
        return format!("the library has no {what} called {name}; did you mean {}?", near.join(" or "));
    }
    let known: Vec<&str> = known.into_iter().take(OFFERED).map(String::as_str).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    format!("the library has no {what} called {name}; among those it has: {known}")
}

/// The entries of this name, else those whose names contain it.
fn matching<'a, T: Copy>(name: &str, entries: impl Iterator<Item = (&'a String, T)> + Clone) -> Vec<T> {
    let wanted = fold(name);
    let exact: Vec<T> = entries.clone().filter(|(known, _)| fold(known) == wanted).map(|(_, id)| id).collect();
    if !exact.is_empty() || wanted.is_empty() {
        return exact;
    }
    entries.filter(|(known, _)| fold(known).contains(&wanted)).map(|(_, id)| id).collect()
}

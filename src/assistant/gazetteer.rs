//! The world's places, as the reading of questions asks for them, and the library's places with all their names.

use super::understand::{Gazetteer, GazetteerHit, Lexicon};
use crate::ingest::places::{self, KnownLevel};
use crate::library::Vocabulary;
use crate::library::vocabulary::PlaceLevel;

/// The offline gazetteer.
#[derive(Debug, Clone, Copy)]
pub struct World;

impl Gazetteer for World {
    fn find(&self, name: &str) -> Vec<GazetteerHit> {
        let hit = |place: places::KnownPlace| GazetteerHit {
            level: match place.level {
                KnownLevel::Group | KnownLevel::Country => PlaceLevel::Country,
                KnownLevel::Region => PlaceLevel::Region,
                KnownLevel::City => PlaceLevel::City,
            },
            places: place.places,
            name: place.name,
            population: place.population,
            ambiguous: place.ambiguous,
        };
        places::find(name).into_iter().map(hit).collect()
    }
}

/// Indexes a library's names, its places under the names of every language.
pub fn lexicon(vocabulary: &Vocabulary) -> Lexicon {
    let mut vocabulary = vocabulary.clone();
    for entry in &mut vocabulary.places {
        for name in places::names_of(&entry.place) {
            if !entry.names.contains(&name) {
                entry.names.push(name);
            }
        }
    }
    Lexicon::new(&vocabulary)
}

//! Concepts that the user taught, and pictures that machines made, as questions name them.

use crate::assistant::understand::{Gazetteer, GazetteerHit, Reading, Role, understand};
use crate::library::ConceptId;
use crate::library::vocabulary::{ConceptEntry, Vocabulary};

struct Nowhere;

impl Gazetteer for Nowhere {
    fn find(&self, _: &str) -> Vec<GazetteerHit> {
        Vec::new()
    }
}

const NAMES: [&str; 5] = ["our cabin", "receipts", "my bike", "not for guests", "sharp and beautiful"];

fn library() -> Vocabulary {
    let concepts = NAMES.map(|name| ConceptEntry { id: ConceptId::new(), name: name.to_owned() });
    Vocabulary { concepts: concepts.into(), ..Vocabulary::default() }
}

fn read(library: &Vocabulary, question: &str) -> Reading {
    understand(question, library, &Nowhere, "2026-11-21T12:00:00".parse().unwrap(), None)
}

/// Names of the concepts that a question asks for, those left out behind them.
fn named(question: &str) -> (Vec<String>, Vec<String>) {
    let library = library();
    let reading = read(&library, question);
    let names = |ids: &[ConceptId]| {
        let name = |id: &ConceptId| library.concepts.iter().find(|concept| concept.id == *id).unwrap().name.clone();
        ids.iter().map(name).collect()
    };
    (names(&reading.filter.concepts), names(&reading.filter.without_concepts))
}

#[test]
fn a_concept_is_named_as_the_user_named_it_or_nearly() {
    for (question, expected) in [
        ("pictures of our cabin", "our cabin"),
        ("show me the cabin in 2021", "our cabin"),
        ("Our cabins", "our cabin"),
        ("receipts from May", "receipts"),
        ("a receipt of last week", "receipts"),
        ("how many photos of my bike do we have?", "my bike"),
        ("sharp and beautiful pictures of 2020", "sharp and beautiful"),
        ("everything not for guests", "not for guests"),
    ] {
        assert_eq!(named(question), (vec![expected.to_owned()], vec![]), "{question}");
    }
    assert_eq!(named("photos without receipts"), (vec![], vec!["receipts".to_owned()]));
    for question in ["a bike on the road", "cabin crew", "guests at the table", "beautiful flowers"] {
        assert_eq!(named(question), (vec![], vec![]), "{question}");
    }
}

#[test]
fn what_is_said_beside_a_concept_still_counts() {
    let reading = read(&library(), "receipts from May 2021");
    assert_eq!((reading.filter.concepts.len(), reading.filter.taken.len(), reading.content), (1, 1, None));
    assert!(reading.parts.iter().any(|part| part.role == Role::Concept && part.label == "receipts"));
    let reading = read(&library(), "snow at our cabin");
    assert_eq!(reading.filter.concepts.len(), 1);
    assert_eq!(reading.content.unwrap().wording.english, "snow");
}

#[test]
fn pictures_that_machines_made_are_asked_for_and_left_out() {
    let library = library();
    for (question, expected) in [
        ("AI-generated pictures", Some(true)),
        ("show me all AI images from 2024", Some(true)),
        ("KI-generierte Bilder", Some(true)),
        ("photos générées par IA", Some(true)),
        ("pictures of cats without AI pictures", Some(false)),
        ("Hunde ohne KI-Bilder", Some(false)),
        ("real photos only", Some(false)),
        ("generations of our family", None),
        ("Kai at the lake", None),
    ] {
        assert_eq!(read(&library, question).filter.generated, expected, "{question}");
    }
    assert_eq!(read(&library, "AI-generated pictures").content, None);
}

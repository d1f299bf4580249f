//! What a reading comes to once every reader has had its turn: an intent that the conditions make another, a name that they
//! give.

use super::reading::{Action, Content, Intent, Reading, Role};
use super::sentence::Sentence;
use crate::library::filter::Grouping;

/// Settles what no reader can settle alone.
pub(super) fn settle(s: &Sentence, reading: &mut Reading) {
    complete_action(reading);
    count_people(reading);
    count_journeys(s, reading);
}

/// "How many trips to Italy": the visits there. What is filed as one event may be several, or part of one.
fn count_journeys(s: &Sentence, reading: &mut Reading) {
    const JOURNEYS: &str = " trip trips journey journeys reise reisen voyage voyages viaje viajes ";
    let noun = (0..s.len()).any(|at| JOURNEYS.contains(&format!(" {} ", s.word(at)))) || s.text.source.contains("旅行");
    let somewhere = !reading.filter.places.is_empty() || !reading.filter.without_places.is_empty();
    if reading.intent == (Intent::Count { distinct: Some(Grouping::Event) }) && noun && somewhere {
        reading.intent = Intent::HowOften;
    }
}

/// "How many people are in the wedding photos": nothing else is said of the pictures, so those who are in them count.
fn count_people(reading: &mut Reading) {
    let nobody_else_is_meant = |content: &Content| {
        matches!(content.wording.english.as_str(), "people" | "persons" | "different people" | "people there")
    };
    let counts = reading.intent == Intent::Count { distinct: None } && !reading.filter.is_empty();
    if counts && reading.content.as_ref().is_some_and(nobody_else_is_meant) {
        reading.intent = Intent::Count { distinct: Some(Grouping::Person) };
        reading.content = None;
        reading.parts.retain(|part| part.role != Role::Content);
    }
}

/// An album without a name takes that of what it is made of.
fn complete_action(reading: &mut Reading) {
    let Intent::Act { action: Action::CreateAlbum { name } | Action::KeepAlbum { name, .. } } = &mut reading.intent
    else {
        return;
    };
    if name.is_some() {
        return;
    }
    let labels: Vec<String> = reading
        .parts
        .iter()
        .filter(|part| {
            matches!(
                part.role,
                Role::Person
                    | Role::Place
                    | Role::Event
                    | Role::Time
                    | Role::Content
                    | Role::Tag
                    | Role::Concept
                    | Role::Theme
            )
        })
        .map(|part| part.label.clone())
        .collect();
    if !labels.is_empty() {
        *name = Some(labels.join(", "));
    }
}

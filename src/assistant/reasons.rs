//! What was asked for, said back: why each medium passed, and the conditions that nothing meets.

use std::collections::HashSet;

use super::tools::{Scored, ToolContext, ToolError};
use super::understand::{Reading, Role};

/// Adds why the conditions let each medium pass.
pub(super) async fn say_why(context: &ToolContext, reading: &Reading, found: &mut [Scored]) -> Result<(), ToolError> {
    let reasons = reasons(reading);
    let asked: Vec<_> = reading.filter.people.iter().flatten().copied().collect();
    let by_face = context.library.known_by_face(&asked).await?;
    for scored in found {
        let faces = by_face.get(&scored.id).map(Vec::as_slice).unwrap_or_default();
        scored.why.extend(reasons.iter().map(|reason| match reason.strip_prefix("person: ") {
            Some(name) if faces.iter().any(|face| face == name) => format!("{reason} (face)"),
            _ => reason.clone(),
        }));
    }
    Ok(())
}

/// "person: Anna", "place: Rome": the conditions that every result meets.
fn reasons(reading: &Reading) -> Vec<String> {
    let mut seen = HashSet::new();
    let told = reading.parts.iter().filter_map(|part| {
        let role = match part.role {
            Role::Person => "person",
            Role::Place => "place",
            Role::Time => "time",
            Role::Kind => "kind",
            Role::Camera => "camera",
            Role::Rating => "rating",
            Role::Shape => "shape",
            Role::Event => "event",
            Role::Album => "album",
            Role::Tag => "keyword",
            Role::Copies => "copies",
            // The search says of each medium how certain it is that it belongs.
            Role::Concept => return None,
            Role::UnknownPerson | Role::Content | Role::Without | Role::Order | Role::Action => return None,
        };
        Some(format!("{role}: {}", part.label))
    });
    told.filter(|reason| seen.insert(reason.clone())).collect()
}

/// What the user asked for, in their words: said back when nothing fits.
pub(super) fn conditions(reading: &Reading) -> Vec<String> {
    let mut seen = HashSet::new();
    reading
        .parts
        .iter()
        .filter(|part| !matches!(part.role, Role::Order | Role::Action))
        .map(|part| part.label.clone())
        .filter(|label| seen.insert(label.clone()))
        .collect()
}

//! What was asked for, said back: why each medium passed, and the conditions that nothing meets.

use std::collections::HashSet;

use super::tools::{Scored, ToolContext, ToolError};
use super::understand::{Language, Part, Reading, Role};

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
            Role::Theme => "theme",
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

/// What the user asked for: said back when nothing fits. In another language than English in their own words, save where
/// what was understood says more than they do: a date, the name of an event.
pub(super) fn conditions(reading: &Reading) -> Vec<String> {
    let mut seen = HashSet::new();
    let said = |part: &Part| {
        let understood = reading.language == Language::English
            || part.text.is_empty()
            || matches!(part.role, Role::Time | Role::Event | Role::Album | Role::Theme | Role::Camera);
        if understood { part.label.clone() } else { part.text.clone() }
    };
    reading
        .parts
        .iter()
        .filter(|part| !matches!(part.role, Role::Order | Role::Action))
        .map(said)
        .filter(|label| seen.insert(label.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_said_back_in_the_language_of_the_question() {
        let part = |role, text: &str, label: &str| Part { role, range: None, text: text.into(), label: label.into() };
        let parts = vec![
            part(Role::Kind, "vidéos", "videos"),
            part(Role::Time, "en juin 2019", "juin 2019"),
            part(Role::Without, "sans Tom", "sans Tom"),
            part(Role::Order, "la première", "the earliest"),
        ];
        let said = |language| conditions(&Reading { language, parts: parts.clone(), ..Reading::default() });
        assert_eq!(said(Language::French), ["vidéos", "juin 2019", "sans Tom"]);
        assert_eq!(said(Language::English), ["videos", "juin 2019", "sans Tom"]);
    }
}

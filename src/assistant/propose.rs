//! Turns what the user wants done into a call that waits for their word. Nothing is changed here.

use super::direct::tally;
use super::tools::{ToolCall, add_tags, annotate, create_album, create_film};
use super::understand::Action;
use crate::film::storyboard::plan::About;
use crate::library::MediaId;
use crate::library::media::Medium;

/// The call that waits for the user's word, and the action with everything that the user left open; `None` for what no
/// tool does. `about`: who and what a film would be of.
pub(super) fn proposed(
    action: &Action,
    ids: Vec<MediaId>,
    media: &[Medium],
    about: &About,
) -> Option<(ToolCall, Action)> {
    let call = match action {
        Action::CreateAlbum { name } => {
            let name = name.clone().unwrap_or_else(|| album_name(media));
            ToolCall::proposed(create_album::NAME, &create_album::CreateAlbum { name }, ids)
        }
        Action::AddTags { tags } => ToolCall::proposed(add_tags::NAME, &add_tags::AddTags { tags: tags.clone() }, ids),
        Action::Annotate { description } => {
            let description = description.clone();
            ToolCall::proposed(annotate::NAME, &annotate::Annotate { description }, ids)
        }
        Action::CreateFilm { title, seconds, prompt } => {
            let (title, seconds) = (title.clone(), *seconds);
            let call = create_film::CreateFilm { title, seconds, prompt: prompt.clone(), about: about.clone() };
            ToolCall::proposed(create_film::NAME, &call, ids)
        }
        Action::Unsupported { .. } => return None,
    };
    let action = match (action, &call.arguments["name"]) {
        (Action::CreateAlbum { .. }, name) => Action::CreateAlbum { name: name.as_str().map(str::to_owned) },
        (other, _) => other.clone(),
    };
    Some((call, action))
}

/// A name for an album whose user gave none: where and when it was.
fn album_name(media: &[Medium]) -> String {
    let tally = tally(media);
    let year = tally.span.map(|(from, to)| match from.year() == to.year() {
        true => from.year().to_string(),
        false => format!("{}–{}", from.year(), to.year()),
    });
    match (tally.place, year) {
        (Some(place), Some(year)) => format!("{place} {year}"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => "Album".to_owned(),
    }
}

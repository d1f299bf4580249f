//! Turns what the user wants done into a call that waits for their word. Nothing is changed here.

use std::collections::HashMap;

use jiff::civil::DateTime;

use super::albums;
use super::compose::Finding;
use super::direct::{Outcome, media, tally};
use super::tools::{Scored, ToolCall, ToolContext, ToolError, add_tags, annotate, create_album, create_film};
use super::understand::{Action, Reading};
use crate::film::storyboard::plan::About;
use crate::library::MediaId;
use crate::library::media::Medium;

/// An album that keeps itself is proposed with its rule and what that finds now. What no rule can say is proposed as an
/// album of what was found.
pub(super) async fn ruled(
    context: &ToolContext,
    reading: &Reading,
    action: &Action,
    found: Vec<Scored>,
    now: DateTime,
) -> Result<(Action, Vec<Scored>), ToolError> {
    let Action::KeepAlbum { name, .. } = action else { return Ok((action.clone(), found)) };
    let rule = albums::written(reading, &*context.library.vocabulary().await?).map(|rule| rule.to_string());
    let Some((rule, Ok(parsed))) = rule.map(|rule| (rule.clone(), albums::parse(&rule))) else {
        return Ok((action.clone(), found));
    };
    let ids = albums::media(context, &parsed, None, now).await?;
    let mut known: HashMap<MediaId, Scored> = found.into_iter().map(|scored| (scored.id, scored)).collect();
    let found = ids.into_iter().map(|id| known.remove(&id).unwrap_or_else(|| Scored::listed(id)));
    Ok((Action::KeepAlbum { name: name.clone(), rule: Some(rule) }, found.collect()))
}

/// Proposes a write; it is carried out once the user confirms.
pub(super) async fn propose(
    context: &ToolContext,
    reading: &Reading,
    action: &Action,
    found: Vec<Scored>,
    search: ToolCall,
) -> Result<Outcome, ToolError> {
    let media = &media(context, &found).await?;
    let ids: Vec<MediaId> = found.iter().map(|scored| scored.id).collect();
    let about = create_film::about(reading);
    let Some((mut call, action)) = proposed(action, ids, media, &about) else {
        let Action::Unsupported { verb } = action else { return Ok(Outcome::of(Finding::Chat)) };
        return Ok(Outcome::of(Finding::Unsupported(verb.clone())));
    };
    create_film::sketch(context, &mut call).await;
    let finding = Finding::Proposal(action, tally(media));
    Ok(Outcome { finding, media: found, count: None, calls: vec![search, call] })
}

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
            ToolCall::proposed(create_album::NAME, &create_album::CreateAlbum { name, rule: None }, ids)
        }
        Action::KeepAlbum { name, rule } => {
            let (name, rule) = (name.clone().unwrap_or_else(|| album_name(media)), rule.clone());
            ToolCall::proposed(create_album::NAME, &create_album::CreateAlbum { name, rule }, ids)
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
        (Action::KeepAlbum { rule: rule @ Some(_), .. }, name) => {
            Action::KeepAlbum { name: name.as_str().map(str::to_owned), rule: rule.clone() }
        }
        (Action::CreateAlbum { .. } | Action::KeepAlbum { .. }, name) => {
            Action::CreateAlbum { name: name.as_str().map(str::to_owned) }
        }
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

//! `create_film`: plans a film of media, once the user confirms. What it would look like is shown before.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::search_media::{self, SearchMedia};
use super::{Applied, Scored, ToolCall, ToolContext, ToolError, ToolSpecification, arguments, schema};
use crate::assistant::understand::{Reading, Role};
use crate::film::storyboard::Storyboard;
use crate::film::storyboard::plan::About;
use crate::film::studio::FilmError;
use crate::film::wish::{self, Wish};
use crate::library::{FilmId, LibraryError, MediaId};

/// Name of the tool.
pub const NAME: &str = "create_film";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CreateFilm {
    /// Title of the film.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its length in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// The user's own words, which say how it is to look and sound.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(ignore)]
    pub prompt: String,
    /// Who and what it is of.
    #[serde(default, skip_serializing_if = "is_empty")]
    #[schema(ignore)]
    pub about: About,
}

fn is_empty(about: &About) -> bool {
    *about == About::default()
}

/// The tool as a language model sees it.
pub fn specification() -> ToolSpecification {
    let description = "Make a film of the media found before. Needs the user's confirmation.";
    ToolSpecification { name: NAME, description, parameters: schema::<CreateFilm>() }
}

/// Who and what a film is of, as a sentence was read.
pub fn about(reading: &Reading) -> About {
    let labels = |role: Role| {
        let mut labels: Vec<String> =
            reading.parts.iter().filter(|part| part.role == role).map(|part| part.label.clone()).collect();
        labels.dedup();
        labels
    };
    let told = [Role::Event, Role::Album, Role::Theme, Role::Tag, Role::Place, Role::Content];
    let name = told.into_iter().find_map(|role| labels(role).into_iter().next());
    About { people: labels(Role::Person), name: name.map(capital) }
}

/// A title begins with a capital.
fn capital(label: String) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl CreateFilm {
    /// What is wished of the film.
    fn wish(&self) -> Wish {
        let wish = wish::read(&self.prompt).wish;
        let (title, seconds) = (self.title.clone().or(wish.title), self.seconds.or(wish.seconds));
        Wish { title, seconds, ..wish }
    }
}

/// All media of a call fit alike: they were found by conditions.
fn alike(media: &[MediaId]) -> Vec<(MediaId, f64)> {
    media.iter().map(|id| (*id, 0.5)).collect()
}

/// A film of several people, or of several keywords, shows them together, and where that was seldom each of them, too.
///
/// # Errors
/// As every search.
pub async fn with_each(
    context: &ToolContext,
    call: &SearchMedia,
    mut together: Vec<Scored>,
) -> Result<Vec<Scored>, ToolError> {
    /// A film of a minute has about so many shots.
    const ENOUGH: usize = 16;
    let (people, tags) = (&call.filter.people, &call.filter.tags);
    if together.len() >= ENOUGH || (people.len() < 2 && tags.len() < 2) || call.filter.only_these_people {
        return Ok(together);
    }
    let mut each = call.clone();
    each.filter.people = if people.is_empty() { Vec::new() } else { vec![people.concat()] };
    let single = |tag: &String| {
        let mut one = each.clone();
        one.filter.tags = vec![tag.clone()];
        one
    };
    let calls = if tags.len() > 1 { tags.iter().map(single).collect() } else { vec![each.clone()] };
    let mut known: HashSet<MediaId> = together.iter().map(|scored| scored.id).collect();
    for call in calls {
        let found = search_media::run(context, &call).await?;
        together.extend(found.into_iter().filter(|scored| known.insert(scored.id)));
    }
    Ok(together)
}

fn told(board: &Storyboard) -> Value {
    let mut shown: Vec<MediaId> = Vec::new();
    for shot in &board.shots {
        if !shown.contains(&shot.media) {
            shown.push(shot.media);
        }
    }
    json!({ "title": board.title, "seconds": (board.length_ms() + 500) / 1000, "shots": shown })
}

/// Shows in a proposed call what the film would be: its title, its length and its shots. A film that cannot be planned is
/// proposed all the same, and says why when it is confirmed.
pub async fn sketch(context: &ToolContext, call: &mut ToolCall) {
    let Ok(film) = serde_json::from_value::<CreateFilm>(call.arguments.clone()) else { return };
    if call.name != NAME {
        return;
    }
    if let Ok(board) = context.studio.plan(&film.wish(), &alike(&call.media), &film.about).await {
        call.result["film"] = told(&board);
    }
}

#[derive(Serialize, Deserialize)]
struct Undo {
    film: FilmId,
}

/// Plans the film and keeps it.
pub async fn apply(context: &ToolContext, call: &str, media: &[MediaId]) -> Result<Applied, ToolError> {
    let film: CreateFilm = arguments(call)?;
    let made = context.studio.create(&film.wish(), &alike(media), &film.about).await.map_err(failed)?;
    let mut result = told(&made.board);
    result["film"] = json!(made.film);
    result["media"] = json!(media.len());
    Ok(Applied { result, undo: json!({ "film": made.film }) })
}

/// Deletes the film again.
pub async fn undo(context: &ToolContext, undo: &str) -> Result<(), ToolError> {
    let Undo { film } = arguments(undo)?;
    context.studio.delete(film).await.map_err(failed)
}

/// A film's failure as a tool's.
pub fn failed(error: FilmError) -> ToolError {
    match error {
        FilmError::Library(error) => error.into(),
        other => LibraryError::Refused(other.to_string()).into(),
    }
}

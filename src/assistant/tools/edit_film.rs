//! `edit_film`: changes the film that was last talked about. The version before stays and can be taken up again.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ToolCall, ToolContext, ToolError, create_film};
use crate::film::storyboard::edit::{self, Edit};
use crate::film::studio::FilmError;
use crate::library::conversations::StoredCall;
use crate::library::{FilmId, MediaId};

/// Name of the tool.
pub const NAME: &str = "edit_film";

/// Arguments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditFilm {
    /// The film.
    pub film: FilmId,
    /// The change in words.
    pub text: String,
}

/// The film that calls made or changed, if that was the last thing they did.
pub fn film_of(calls: &[StoredCall]) -> Option<FilmId> {
    let call = calls.iter().rev().find(|call| matches!(call.name.as_str(), NAME | create_film::NAME))?;
    let result: serde_json::Value = serde_json::from_str(&call.result).ok()?;
    (call.status == "done").then(|| result["film"].as_str()?.parse().ok()).flatten()
}

/// The changes of a film that a sentence asks for.
pub fn asked(text: &str) -> Vec<Edit> {
    edit::read(text)
}

/// Makes the changes; one that cannot be made is a call that failed.
pub async fn run(
    context: &ToolContext,
    call: &EditFilm,
    edits: Vec<Edit>,
) -> Result<(ToolCall, Vec<String>), ToolError> {
    let started = Instant::now();
    match context.studio.edit(call.film, edits).await {
        Ok(made) => {
            let mut media: Vec<MediaId> = made.board.shots.iter().map(|shot| shot.media).collect();
            media.dedup();
            let seconds = made.board.length_ms() / 1000;
            let result = json!({ "film": made.film, "version": made.version, "seconds": seconds, "shots": media, "said": made.said });
            Ok((ToolCall::done(NAME, call, result, media, started), made.said))
        }
        Err(FilmError::Refused(reason)) => Err(ToolError::Argument(reason)),
        Err(other) => Err(create_film::failed(other)),
    }
}

//! `edit_film`: changes the film that was last talked about. The version before stays and can be taken up again.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ToolCall, ToolContext, ToolError, create_film};
use crate::assistant::understand::{General, Language};
use crate::film::storyboard::edit::{self, Edit};
use crate::film::studio::FilmError;
use crate::library::conversations::StoredCall;
use crate::library::{FilmId, MediaId, fold};

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

/// Makes the changes; one that cannot be made is a call that failed. What the library does not have in the words of
/// `language` is looked for in English, too.
pub async fn run(
    context: &ToolContext,
    call: &EditFilm,
    edits: Vec<Edit>,
    language: Language,
) -> Result<(ToolCall, Vec<String>), ToolError> {
    let started = Instant::now();
    let english = in_english(&edits, language);
    let mut made = context.studio.edit(call.film, edits).await;
    if let (Err(FilmError::Refused(_)), Some(english)) = (&made, english) {
        made = context.studio.edit(call.film, english).await;
    }
    match made {
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

/// The changes with what is to be seen in English; `None` where that is the same.
fn in_english(edits: &[Edit], language: Language) -> Option<Vec<Edit>> {
    let word = |words: &str| {
        let folded = fold(words);
        let parts: Vec<&str> = folded.split_whitespace().collect();
        let (length, english) = General::get().translate_at(language, &parts)?;
        (length == parts.len()).then_some(english)
    };
    let reworded: Vec<Option<Edit>> = edits.iter().map(|edit| edit.reworded(word)).collect();
    let any = reworded.iter().any(Option::is_some);
    any.then(|| reworded.into_iter().zip(edits).map(|(new, old)| new.unwrap_or_else(|| old.clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_seen_is_said_in_english_too() {
        let edits = [Edit::First("Boot".into()), Edit::Shorter];
        let english = vec![Edit::First("boat".into()), Edit::Shorter];
        assert_eq!(in_english(&edits, Language::German), Some(english));
        assert_eq!(in_english(&[Edit::More("Rex".into())], Language::German), None);
    }
}

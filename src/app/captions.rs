//! Who may describe pictures, and in which language.

use std::path::Path;
use std::sync::Arc;

use super::ModelState;
use super::chat::ChatPart;
use super::sight::SightPart;
use crate::config::{CaptionsConfig, Config, WriteCaption};
use crate::engine::FindChat;
use crate::library::{Library, LibraryError};
use crate::perception::captions::language::{self, Hints};

/// Questions whose language is looked at.
const ASKED: u32 = 100;

/// The model that may write captions at the time, or why there is none.
pub(super) fn writer(config: &Config, sight: &SightPart) -> FindChat {
    let (write, sight) = (config.captions.write, sight.clone());
    let elsewhere = config.vision.url.clone();
    Arc::new(move || match write {
        WriteCaption::Never => Err("captions are switched off by `captions.write`".to_owned()),
        WriteCaption::Auto if !elsewhere.is_empty() => Err(format!(
            "every picture would go to {elsewhere}; set `captions.write = \"always\"` if that is what you want"
        )),
        WriteCaption::Auto | WriteCaption::Always => sight.get(),
    })
}

/// The name of the model that would write captions.
///
/// # Errors
/// Why there is none, and what to do about it.
pub fn captions_writer(config: &Config, data: &Path) -> Result<String, String> {
    let sight = SightPart::new(config, data, &ChatPart::new(config, data));
    writer(config, &sight)().map(|model| model.name().to_owned())
}

/// The language of captions in this library.
pub(super) async fn language(config: &CaptionsConfig, library: &Library) -> Result<String, LibraryError> {
    let so_far = library.language_of_captions().await?;
    let asked = library.recent_readings(ASKED).await?;
    let asked: Vec<String> = asked.iter().filter_map(|reading| language_of(reading)).collect();
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(named).unwrap_or_default();
    let hints = Hints { set: &config.language, so_far: so_far.as_deref(), asked: &asked, locale: &locale };
    Ok(language::choose(&hints))
}

/// The language of a stored reading of a question.
fn language_of(reading: &str) -> Option<String> {
    let reading: serde_json::Value = serde_json::from_str(reading).ok()?;
    reading["language"].as_str().map(str::to_owned)
}

/// What there is for captions; `None` when they are switched off, or when what is missing is said of the model already.
pub(super) fn state(config: &Config, find: &FindChat, sight: &SightPart) -> Option<ModelState> {
    let seen = sight.get();
    if config.captions.write == WriteCaption::Never || seen.is_err() {
        return None;
    }
    let name = seen.map(|model| model.name().to_owned()).unwrap_or_default();
    Some(ModelState::of("captions", &name, find().err().as_ref(), sight.supervisor().as_ref()))
}

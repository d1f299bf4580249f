//! What reads text in pictures: a network of the engine, or tesseract on the lines that a network finds.
//!
//! Tesseract alone is used only where the configuration asks for it: on photographs it takes seconds, and finds letters in
//! leaves (see [`crate::perception::reading`]).

use std::sync::Arc;
use std::time::Duration;

use super::seeing::{NONE, SeeingPart};
use super::{App, ModelState};
use crate::config::Config;
use crate::engine::Supervisor;
use crate::engine::protocol::vision::Feature;
use crate::perception::reading::{Network, Pack, Tesseract, TextReader};

/// The reader, or what is missing for one.
pub(super) struct ReadingPart {
    pub reader: Result<Arc<dyn TextReader>, String>,
    supervisor: Option<Supervisor>,
}

impl ReadingPart {
    /// Chooses the reader. Asks tesseract for its version and its languages, if it is to be used.
    pub fn new(config: &Config, seeing: &SeeingPart) -> Self {
        Self { reader: choose(config, seeing), supervisor: seeing.supervisor.clone() }
    }

    /// Whether tesseract reads, or would if what it lacks were there.
    pub fn is_tesseract(&self, config: &Config) -> bool {
        match &self.reader {
            Ok(reader) => reader.key().name.ends_with("tesseract"),
            Err(_) => matches!(config.reading.reader.as_str(), "" | "tesseract"),
        }
    }

    /// The state of reading; `None` where it is switched off.
    pub fn state(&self) -> Option<ModelState> {
        match &self.reader {
            Ok(reader) => Some(ModelState::of("text_in_pictures", &reader.key().name, None, self.supervisor.as_ref())),
            Err(hint) if hint == NONE => None,
            Err(hint) => Some(ModelState::of("text_in_pictures", "", Some(hint), None)),
        }
    }
}

fn choose(config: &Config, seeing: &SeeingPart) -> Result<Arc<dyn TextReader>, String> {
    let tesseract = || tesseract(config, Some(seeing)).map(|tesseract| Arc::new(tesseract) as Arc<dyn TextReader>);
    let network = || seeing.annotator.as_ref().and_then(Network::new).map(|network| Arc::new(network) as _);
    match config.reading.reader.as_str() {
        NONE => Err(NONE.to_owned()),
        "network" => network().ok_or_else(|| {
            seeing.missing(Feature::Text).unwrap_or_else(|| "recollect models pull PP-OCRv5-latin".to_owned())
        }),
        "tesseract" => tesseract(),
        "" => match (network(), seeing.missing(Feature::Text)) {
            (Some(network), _) => Ok(network),
            (None, None) => tesseract(),
            (None, Some(hint)) => Err(hint),
        },
        other => Err(format!("`reading.reader` is `{other}`; it can be tesseract, network or none")),
    }
}

fn tesseract(config: &Config, seeing: Option<&SeeingPart>) -> Result<Tesseract, String> {
    let reading = &config.reading;
    let wanted: Vec<String> = reading.languages.split(['+', ',', ' ']).map(str::to_owned).collect();
    let wanted: Vec<String> = wanted.into_iter().filter(|language| !language.is_empty()).collect();
    // What is said of languages elsewhere is what the user speaks.
    let spoken = [&config.captions.language, &config.speech.language, &config.indexing.language].map(String::as_str);
    let time = Duration::from_secs(reading.picture_s.max(1));
    let finder = seeing.and_then(|seeing| seeing.annotator.as_ref());
    Tesseract::find(&wanted, &spoken, time, finder).map_err(|error| error.to_string())
}

/// What tesseract reads here and what could be added, by the languages that the configuration names. Blocks for some
/// milliseconds.
///
/// # Errors
/// Why it reads nothing, and what to do.
pub fn text_packs(config: &Config) -> Result<Vec<Pack>, String> {
    Ok(tesseract(config, None)?.packs())
}

impl App {
    /// What tesseract reads here and what could be added; nothing where something else reads text in pictures, or tesseract
    /// is absent. Blocks for some milliseconds.
    pub fn text_packs(&self) -> Vec<Pack> {
        let config = &self.configured.config;
        if self.reading.is_tesseract(config) { text_packs(config).unwrap_or_default() } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn hint(reader: &str) -> Option<String> {
        let models = tempfile::tempdir().unwrap();
        let mut config = Config { models: models.path().display().to_string(), ..Config::default() };
        config.reading.reader = reader.to_owned();
        let seeing = SeeingPart::new(&config, models.path()).await;
        ReadingPart::new(&config, &seeing).state().map(|state| state.hint.unwrap_or_default())
    }

    #[tokio::test]
    async fn without_a_model_that_finds_lines_it_is_said_how_to_get_one() {
        assert_eq!(hint("").await.as_deref(), Some("recollect models pull ppocrv3-text-detection"));
        assert_eq!(hint("network").await.as_deref(), Some("recollect models pull ppocrv3-text-detection"));
        assert_eq!(hint("none").await, None);
        assert!(hint("eyes").await.unwrap().contains("it can be tesseract"));
    }
}

//! What reads text in pictures: a network of the engine, or tesseract on the lines that a network finds.
//!
//! Tesseract alone is used only where the configuration asks for it: on photographs it takes seconds, and finds letters in
//! leaves (see [`crate::perception::reading`]).

use std::sync::Arc;
use std::time::Duration;

use super::ModelState;
use super::seeing::{NONE, SeeingPart};
use crate::config::{Config, ReadingConfig};
use crate::engine::Supervisor;
use crate::engine::protocol::vision::Feature;
use crate::perception::reading::{Network, Tesseract, TextReader};

/// The reader, or what is missing for one.
pub(super) struct ReadingPart {
    pub reader: Result<Arc<dyn TextReader>, String>,
    supervisor: Option<Supervisor>,
}

impl ReadingPart {
    /// Chooses the reader. Asks tesseract for its version and its languages, if it is to be used.
    pub fn new(config: &Config, seeing: &SeeingPart) -> Self {
        Self { reader: choose(&config.reading, seeing), supervisor: seeing.supervisor.clone() }
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

fn choose(config: &ReadingConfig, seeing: &SeeingPart) -> Result<Arc<dyn TextReader>, String> {
    let network = || seeing.annotator.as_ref().and_then(Network::new).map(|network| Arc::new(network) as _);
    match config.reader.as_str() {
        NONE => Err(NONE.to_owned()),
        "network" => network().ok_or_else(|| {
            seeing.missing(Feature::Text).unwrap_or_else(|| "recollect models pull PP-OCRv5-latin".to_owned())
        }),
        "tesseract" => tesseract(config, seeing),
        "" => match (network(), seeing.missing(Feature::Text)) {
            (Some(network), _) => Ok(network),
            (None, None) => tesseract(config, seeing),
            (None, Some(hint)) => Err(hint),
        },
        other => Err(format!("`reading.reader` is `{other}`; it can be tesseract, network or none")),
    }
}

fn tesseract(config: &ReadingConfig, seeing: &SeeingPart) -> Result<Arc<dyn TextReader>, String> {
    let languages: Vec<String> = config.languages.split(['+', ',', ' ']).map(str::to_owned).collect();
    let languages: Vec<String> = languages.into_iter().filter(|language| !language.is_empty()).collect();
    let time = Duration::from_secs(config.picture_s.max(1));
    let found = Tesseract::find(&languages, time, seeing.annotator.as_ref());
    found.map(|tesseract| Arc::new(tesseract) as Arc<dyn TextReader>).map_err(|error| error.to_string())
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

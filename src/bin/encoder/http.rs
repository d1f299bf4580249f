//! The engine's HTTP routes: `/v1/embeddings`, `/v1/images/annotations`, `/v1/models`, `/health`.
//!
//! Nothing of a text or a picture reaches the log.

mod annotations;
mod embeddings;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use recollect::engine::host;
use recollect::engine::protocol::vision::{Feature, SeeingModel};
use recollect::engine::protocol::{ModelCard, ModelList};

use crate::{text, vision};

const LARGEST_TEXTS: usize = 16 << 20;
/// Sixteen megapixels of a camera's JPEG, or some dozens of small pictures, in base64.
const LARGEST_PICTURES: usize = 64 << 20;
/// When to ask again if the queue is full: some batches take about so long.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What the text encoder is.
#[derive(Debug, Clone)]
pub struct Info {
    /// What requests call the model.
    pub name: String,
    /// Which weights.
    pub version: String,
    /// Length of its vectors.
    pub dimensions: usize,
    /// Tokens of a text that it reads.
    pub max_tokens: usize,
}

/// Turns a text into tokens; a tokenizer, or a simple stand-in in tests.
pub type Tokenize = Arc<dyn Fn(&str) -> anyhow::Result<Vec<u32>> + Send + Sync>;

/// A text encoder at work.
#[derive(Clone)]
pub struct Text {
    /// What it is.
    pub info: Arc<Info>,
    /// Cuts texts into tokens.
    pub tokenize: Tokenize,
    /// The way to its thread.
    pub queue: text::worker::Queue,
}

/// Models that see, at work.
#[derive(Clone)]
pub struct Vision {
    /// Which sees what.
    pub models: Arc<BTreeMap<Feature, SeeingModel>>,
    /// The way to their threads.
    pub queue: vision::worker::Queue,
}

#[derive(Clone)]
struct Engine {
    texts: Vec<Text>,
    vision: Option<Vision>,
    started: u64,
}

/// The routes. `texts` are the encoders of texts, that of texts alone before that of pictures and texts.
pub fn router(texts: Vec<Text>, vision: Option<Vision>, token: Option<&str>) -> Router {
    let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let engine = Engine { texts, vision, started };
    let models = cards(&engine).into_iter().map(|card| card.id).collect();
    let own = Router::new()
        .route("/v1/embeddings", post(embeddings::create_embeddings).layer(DefaultBodyLimit::max(LARGEST_TEXTS)))
        .route("/v1/images/annotations", post(annotations::create_annotations))
        .route("/v1/models", get(list_models))
        .with_state(engine);
    host::routes_with_models(own, token, LARGEST_PICTURES, models)
}

async fn list_models(State(engine): State<Engine>) -> Json<ModelList> {
    Json(ModelList { object: "list".to_owned(), data: cards(&engine) })
}

fn cards(engine: &Engine) -> Vec<ModelCard> {
    let card = |id: &str, version: &str| ModelCard::ours(id, Some(version.to_owned()), engine.started);
    let seeing = || engine.vision.iter().flat_map(|vision| vision.models.iter());
    // A model of pictures and texts has one card.
    let features_of = |name: &str| -> Vec<Feature> {
        seeing().filter(|(_, model)| model.name == name).map(|(feature, _)| *feature).collect()
    };
    let reads = |name: &str| engine.texts.iter().any(|text| text.info.name == name);
    let texts = engine.texts.iter().map(|text| ModelCard {
        dimensions: Some(text.info.dimensions),
        max_input_tokens: Some(text.info.max_tokens),
        features: features_of(&text.info.name),
        ..card(&text.info.name, &text.info.version)
    });
    let blind = seeing().filter(|(_, model)| !reads(&model.name));
    let blind =
        blind.map(|(feature, model)| ModelCard { features: vec![*feature], ..card(&model.name, &model.version) });
    texts.chain(blind).collect()
}

#[cfg(test)]
mod tests;

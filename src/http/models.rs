//! Models: which there are, what each is for, getting them with progress, removing them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data};
use super::{Api, Reply};
use crate::app::ModelState;
use crate::models::catalogue::{CatalogueEntry, Role};
use crate::models::pulls::PullState;
use crate::models::{Ability, InstalledModel, ModelError, PullOptions, Pulls, Tier, space};
use crate::perception::reading::Pack;

/// Progress is told this often at the most.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_models))
        .routes(routes!(remove_model))
        .routes(routes!(start_pull, cancel_pull))
        .routes(routes!(pause_pull))
        .routes(routes!(stream_pulls))
}

/// Models, and what is said about all of them.
#[derive(Debug, Serialize, ToSchema)]
struct Models {
    /// Where they lie.
    folder: String,
    /// Bytes that are free there, if the file system says.
    free: Option<u64>,
    /// Nothing may be fetched.
    offline: bool,
    /// What models are for, in the order in which to show it.
    abilities: Vec<AbilityView>,
    tiers: Vec<TierView>,
    models: Vec<ModelView>,
}

/// Something that models add.
#[derive(Debug, Serialize, ToSchema)]
struct AbilityView {
    id: &'static str,
    /// What one can do then, in one sentence.
    purpose: &'static str,
    /// Every role of it has an installed model, or what else does it is there.
    ready: bool,
    /// The command that adds what is missing, where that is more than a model.
    needs: Option<String>,
    /// Data of tesseract, where it reads text in pictures: what is here, what it reads with first, and what could be added.
    packs: Vec<Pack>,
    /// Models for it are used as soon as they are there, and no more when they are removed; the others from the next start.
    at_once: bool,
}

/// A set of models for a kind of machine.
#[derive(Debug, Serialize, ToSchema)]
struct TierView {
    /// `nas`, `laptop` or `gpu`.
    id: &'static str,
    /// The machine that it suits.
    machine: &'static str,
    /// Identifiers of its models.
    models: Vec<String>,
    /// Identifiers of the abilities that they give.
    abilities: Vec<&'static str>,
    /// Bytes of all its models, about.
    size: u64,
    /// Bytes of those that are not installed, about.
    missing: u64,
    /// Memory of the largest of them at work, megabytes.
    memory_mb: u64,
}

/// A model of the catalogue or the folder.
#[derive(Debug, Serialize, ToSchema)]
struct ModelView {
    id: String,
    /// Identifier of what it is for; null for a model that only the user knows a use for.
    ability: Option<&'static str>,
    /// What it does: `language`, `face-detector` and so on.
    role: Value,
    description: String,
    licence: Option<String>,
    /// What the licence forbids; to get the model is to accept it.
    restriction: Option<String>,
    /// Where its makers describe it.
    home: Option<String>,
    languages: Vec<String>,
    memory_mb: Option<u64>,
    /// Bytes; about, for one that is not installed.
    size: u64,
    tiers: Vec<&'static str>,
    installed: bool,
    /// The catalogue has another version than the one that is installed.
    outdated: bool,
    /// It can be got again: it is in the catalogue.
    known: bool,
    /// Where an installed one came from.
    source: Option<String>,
    /// Bytes of an unfinished pull.
    partial: u64,
    /// The pull that is under way, paused or failed.
    pull: Option<PullState>,
}

/// The models there are, the sets for kinds of machines, and what each adds.
#[utoipa::path(get, path = "/models", responses((status = 200, body = Envelope<Models>)))]
async fn list_models(State(api): State<Api>) -> Reply<Models> {
    let pulls = api.app.pulls.clone();
    let reading = api.app.model_states().into_iter().find(|state| state.role == "text_in_pictures");
    let app = api.app.clone();
    let models = tokio::task::spawn_blocking(move || describe(&pulls, reading.as_ref(), app.text_packs())).await;
    Ok(data(models.map_err(|error| ApiError::internal(&error))??))
}

/// `reading` says what reads text in pictures: a program of the system can be part of it, with `packs` for languages.
fn describe(pulls: &Pulls, reading: Option<&ModelState>, packs: Vec<Pack>) -> Result<Models, ModelError> {
    let mut installed: BTreeMap<String, InstalledModel> =
        pulls.folder().installed()?.into_iter().map(|model| (model.manifest.id.clone(), model)).collect();
    let mut states: BTreeMap<String, PullState> =
        pulls.states().into_iter().filter(|s| s.phase != "done").map(|s| (s.model.clone(), s)).collect();
    let has = |role: Role| installed.values().any(|model| model.manifest.role == role);
    let roles_of = |ability| {
        let roles = pulls.catalogue().models.iter().map(|entry| entry.role);
        roles.filter(move |role| Ability::of(*role) == Some(ability))
    };
    let mut abilities = Ability::ALL.map(|ability| AbilityView {
        id: ability.name(),
        purpose: ability.purpose(),
        ready: match (ability, reading) {
            (Ability::TextInPictures, Some(state)) => state.state == "ready",
            _ => roles_of(ability).all(has),
        },
        needs: reading.filter(|_| ability == Ability::TextInPictures).and_then(|state| state.hint.clone()),
        packs: Vec::new(),
        at_once: ability.is_used_at_once(),
    });
    if let Some(text) = abilities.iter_mut().find(|view| view.id == Ability::TextInPictures.name()) {
        text.packs = packs;
    }
    let tiers = Tier::ALL.map(|tier| tier_view(pulls, tier, &|id| installed.contains_key(id)));
    let mut models = Vec::new();
    for entry in &pulls.catalogue().models {
        let mut view = of_catalogue(entry, installed.remove(&entry.id));
        view.partial = if view.installed { 0 } else { pulls.folder().partial(&entry.id) };
        view.pull = states.remove(&entry.id);
        models.push(view);
    }
    models.extend(installed.into_values().map(of_folder));
    Ok(Models {
        folder: pulls.folder().root().display().to_string(),
        free: free(pulls),
        offline: pulls.is_offline(),
        abilities: abilities.into(),
        tiers: tiers.into(),
        models,
    })
}

/// Free bytes of the models folder, or of the nearest folder above it that is there.
fn free(pulls: &Pulls) -> Option<u64> {
    pulls.folder().root().ancestors().find_map(|folder| space::free(folder).ok())
}

fn tier_view(pulls: &Pulls, tier: Tier, is_installed: &dyn Fn(&str) -> bool) -> TierView {
    let entries: Vec<&CatalogueEntry> = pulls.catalogue().tier(tier).collect();
    let gives = |ability: &Ability| entries.iter().any(|entry| Ability::of(entry.role) == Some(*ability));
    TierView {
        id: tier.name(),
        machine: tier.machine(),
        models: entries.iter().map(|entry| entry.id.clone()).collect(),
        abilities: Ability::ALL.iter().filter(|ability| gives(ability)).map(|ability| ability.name()).collect(),
        size: entries.iter().map(|entry| entry.size()).sum(),
        missing: entries.iter().filter(|entry| !is_installed(&entry.id)).map(|entry| entry.size()).sum(),
        memory_mb: entries.iter().filter_map(|entry| entry.memory_mb).max().unwrap_or(0),
    }
}

fn of_catalogue(entry: &CatalogueEntry, installed: Option<InstalledModel>) -> ModelView {
    let manifest = installed.map(|model| model.manifest);
    let other = |version: &str| manifest.as_ref().is_some_and(|manifest| manifest.version != version);
    ModelView {
        id: entry.id.clone(),
        ability: Ability::of(entry.role).map(Ability::name),
        role: json!(entry.role),
        description: entry.description.clone(),
        licence: Some(entry.licence.clone()),
        restriction: entry.restriction.clone(),
        home: Some(entry.home.clone()),
        languages: entry.languages.clone(),
        memory_mb: entry.memory_mb,
        size: manifest.as_ref().map_or(entry.size(), |manifest| manifest.size()),
        tiers: entry.tiers.iter().map(|tier| tier.name()).collect(),
        installed: manifest.is_some(),
        outdated: entry.version().is_some_and(other),
        known: true,
        source: manifest.map(|manifest| manifest.source),
        partial: 0,
        pull: None,
    }
}

fn of_folder(model: InstalledModel) -> ModelView {
    ModelView {
        ability: Ability::of(model.manifest.role).map(Ability::name),
        role: json!(model.manifest.role),
        description: String::new(),
        restriction: None,
        home: None,
        languages: Vec::new(),
        memory_mb: None,
        size: model.manifest.size(),
        tiers: Vec::new(),
        installed: true,
        outdated: false,
        known: false,
        partial: 0,
        pull: None,
        id: model.manifest.id,
        licence: model.manifest.licence,
        source: Some(model.manifest.source),
    }
}

/// What the user allows a pull.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct PullRequest {
    /// The restriction in the model's licence is accepted.
    accept_licence: bool,
    /// Files are taken as they are now, whatever they were at the first download.
    repin: bool,
}

/// Gets a model, or goes on with a pull that was paused or failed.
#[utoipa::path(post, path = "/models/{id}/pull", request_body = PullRequest, responses((status = 200, body = Envelope<PullState>)))]
async fn start_pull(
    State(api): State<Api>,
    Path(id): Path<String>,
    Json(request): Json<PullRequest>,
) -> Reply<PullState> {
    let options = PullOptions { accept_licence: request.accept_licence, repin: request.repin };
    Ok(data(api.app.pulls.start(&id, options)?))
}

/// Stops a pull and keeps what has come.
#[utoipa::path(post, path = "/models/{id}/pull/pause", responses((status = 200, body = Envelope<Value>)))]
async fn pause_pull(State(api): State<Api>, Path(id): Path<String>) -> Reply<Value> {
    api.app.pulls.pause(&id).await;
    Ok(data(json!({})))
}

/// Gives a pull up and deletes what has come.
#[utoipa::path(delete, path = "/models/{id}/pull", responses((status = 200, body = Envelope<Value>)))]
async fn cancel_pull(State(api): State<Api>, Path(id): Path<String>) -> Reply<Value> {
    api.app.pulls.cancel(&id).await?;
    Ok(data(json!({})))
}

/// Deletes an installed model.
#[utoipa::path(delete, path = "/models/{id}", responses((status = 200, body = Envelope<Value>)))]
async fn remove_model(State(api): State<Api>, Path(id): Path<String>) -> Reply<Value> {
    let freed = api.app.pulls.remove(&id).await?;
    Ok(data(json!({ "freed": freed })))
}

/// How far pulls are: an event `pull` for each that has changed, at most four times a second.
#[utoipa::path(get, path = "/models/events-stream", responses((status = 200, content_type = "text/event-stream", body = String)))]
async fn stream_pulls(State(api): State<Api>) -> impl IntoResponse {
    let pulls = api.app.pulls.clone();
    let stream = async_stream::stream! {
        let mut changes = pulls.changes();
        let mut told: BTreeMap<String, PullState> = BTreeMap::new();
        loop {
            changes.mark_unchanged();
            let states = pulls.states();
            for gone in told.keys().filter(|id| states.iter().all(|state| state.model != **id)) {
                yield Ok::<_, Infallible>(event(&json!({ "model": gone, "phase": "gone" })));
            }
            told.retain(|id, _| states.iter().any(|state| state.model == *id));
            for state in states {
                if told.get(&state.model) != Some(&state) {
                    yield Ok(event(&json!(state)));
                    told.insert(state.model.clone(), state);
                }
            }
            tokio::time::sleep(TELL_EVERY).await;
            if changes.changed().await.is_err() {
                return;
            }
        }
    };
    Sse::new(stream).keep_alive(KeepAlive::default())
}

fn event(value: &Value) -> Event {
    Event::default().event("pull").data(value.to_string())
}

impl From<ModelError> for ApiError {
    fn from(error: ModelError) -> Self {
        let (status, code) = match &error {
            ModelError::Unknown { .. } | ModelError::NotInstalled { .. } => (StatusCode::NOT_FOUND, "model_not_found"),
            ModelError::Name { .. } => (StatusCode::BAD_REQUEST, "bad_request"),
            ModelError::Licence { .. } => (StatusCode::CONFLICT, "licence_not_accepted"),
            ModelError::Locked { .. } => (StatusCode::CONFLICT, "models_busy"),
            ModelError::Offline { .. } => (StatusCode::CONFLICT, "offline"),
            ModelError::NoSpace { .. } => (StatusCode::INSUFFICIENT_STORAGE, "no_space"),
            _ => return Self::internal(&error),
        };
        Self::new(status, code, error.to_string()).hint(error.hint())
    }
}

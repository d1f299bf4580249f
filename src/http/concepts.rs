//! Concepts: made from a few pictures, refined by yes and no, gone back on. What belongs to them is in [`members`].
//!
//! Whatever changes the examples has the concept learned again before it is answered, which takes milliseconds, so that
//! every answer is about the concept as it is.

mod members;

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::members::member_views;
use super::collections::cards;
use super::error::{ApiError, Envelope, data};
use super::views::{MediaCard, instant};
use super::{Api, Reply};
use crate::library::concepts::ConceptSummary;
use crate::library::concepts::examples::Said;
use crate::library::{ConceptId, MediaId};
use crate::perception::concepts::train::Quality;

/// The best pictures of a concept that a list shows.
const BEST: u32 = 8;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_concepts, create_concept))
        .routes(routes!(get_concept, update_concept, delete_concept))
        .routes(routes!(say_of_concept))
        .routes(routes!(undo_concept))
        .routes(routes!(restore_concept))
        .routes(routes!(train_concept))
        .merge(members::routes())
}

/// A concept.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ConceptView {
    id: ConceptId,
    name: String,
    /// `quality`, `screenshots`, `documents` or `nudity`; null for the user's own.
    builtin: Option<String>,
    /// What belongs to it is kept from others.
    hides: bool,
    /// Certainty from which a medium belongs, 0–1.
    threshold: f64,
    /// Number of media that belong.
    count: i64,
    /// Number of examples.
    belonging: i64,
    /// Number of counter-examples.
    others: i64,
    /// Whether it has been learned.
    ready: bool,
    /// Why it has not.
    problem: Option<String>,
    /// Those of which it is most certain.
    best: Vec<MediaCard>,
}

/// What the user said of a medium.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ExampleView {
    media: MediaCard,
    belongs: bool,
}

/// The examples as they were after a change.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct VersionView {
    version: i64,
    /// ISO 8601.
    made: String,
    /// What was changed.
    summary: String,
    /// Whether it is in force.
    current: bool,
}

/// Everything about a concept.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ConceptDetail {
    #[serde(flatten)]
    concept: ConceptView,
    examples: Vec<ExampleView>,
    /// The last made first.
    versions: Vec<VersionView>,
    /// How good it is, judged on examples that were left out; null when nothing was learned from examples.
    quality: Option<Quality>,
}

async fn view(api: &Api, summary: ConceptSummary) -> Result<ConceptView, ApiError> {
    let ConceptSummary { concept, belonging, others, .. } = summary;
    let (best, count) = api.library().concept_members(concept.id, 0, BEST).await?;
    Ok(ConceptView {
        best: member_views(api, best).await?.into_iter().map(|member| member.media).collect(),
        id: concept.id,
        name: concept.name,
        builtin: concept.builtin,
        hides: concept.hides,
        threshold: concept.threshold,
        count: count as i64,
        belonging,
        others,
        ready: concept.probe.is_some(),
        problem: concept.problem,
    })
}

async fn one(api: &Api, id: ConceptId) -> Result<ConceptView, ApiError> {
    api.library().concept(id).await?;
    let all = api.library().concepts().await?;
    let summary = all.into_iter().find(|summary| summary.concept.id == id);
    view(api, summary.ok_or_else(|| ApiError::not_found("concept_not_found", format!("there is no concept {id}")))?)
        .await
}

/// Learns a concept and has what follows from it done.
async fn learned(api: &Api, id: ConceptId) -> Reply<ConceptView> {
    api.app.concepts.learn(id).await?;
    api.app.indexer.wake();
    Ok(data(one(api, id).await?))
}

/// Concepts, the user's own first.
#[utoipa::path(get, path = "/concepts", responses((status = 200, body = Envelope<Vec<ConceptView>>)))]
async fn list_concepts(State(api): State<Api>) -> Reply<Vec<ConceptView>> {
    let mut views = Vec::new();
    for summary in api.library().concepts().await? {
        views.push(view(&api, summary).await?);
    }
    Ok(data(views))
}

/// A concept to be made.
#[derive(Debug, Deserialize, ToSchema)]
struct NewConcept {
    name: String,
    /// Pictures that belong.
    #[serde(default)]
    belonging: Vec<MediaId>,
    /// Pictures that do not.
    #[serde(default)]
    others: Vec<MediaId>,
}

/// Makes a concept from pictures, and learns it.
#[utoipa::path(post, path = "/concepts", request_body = NewConcept, responses((status = 200, body = Envelope<ConceptView>)))]
async fn create_concept(State(api): State<Api>, Json(new): Json<NewConcept>) -> Reply<ConceptView> {
    let said = Said { belonging: new.belonging, others: new.others, neither: Vec::new() };
    let id = api.library().create_concept(&new.name, &said).await?;
    learned(&api, id).await
}

/// Everything about a concept.
#[utoipa::path(get, path = "/concepts/{id}", responses((status = 200, body = Envelope<ConceptDetail>)))]
async fn get_concept(State(api): State<Api>, Path(id): Path<ConceptId>) -> Reply<ConceptDetail> {
    let concept = api.library().concept(id).await?;
    let said = api.library().concept_examples(id).await?;
    let mut cards = cards(&api, &said.iter().map(|example| example.id).collect::<Vec<_>>()).await?;
    let examples = said
        .iter()
        .filter_map(|example| Some(ExampleView { media: cards.remove(&example.id)?, belongs: example.belongs }));
    let versions = api.library().concept_versions(id).await?.into_iter().map(|version| VersionView {
        current: version.version == concept.version,
        version: version.version,
        made: instant(version.made),
        summary: version.summary,
    });
    let (examples, versions) = (examples.collect(), versions.collect());
    let quality = api.app.concepts.quality(&concept).await?;
    Ok(data(ConceptDetail { concept: one(&api, id).await?, examples, versions, quality }))
}

/// What is to be changed of a concept; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
struct ConceptPatch {
    name: Option<String>,
    /// Whether what belongs is kept from others.
    hides: Option<bool>,
    /// Certainty from which a medium belongs, 0.01–0.99.
    threshold: Option<f64>,
}

/// Renames a concept, hides what belongs, moves its threshold.
#[utoipa::path(patch, path = "/concepts/{id}", request_body = ConceptPatch, responses((status = 200, body = Envelope<ConceptView>)))]
async fn update_concept(
    State(api): State<Api>,
    Path(id): Path<ConceptId>,
    Json(patch): Json<ConceptPatch>,
) -> Reply<ConceptView> {
    if let Some(name) = &patch.name {
        api.library().rename_concept(id, name).await?;
    }
    if let Some(hides) = patch.hides {
        api.library().hide_concept(id, hides).await?;
    }
    if let Some(threshold) = patch.threshold {
        api.library().move_concept_threshold(id, threshold).await?;
    }
    api.app.indexer.wake();
    Ok(data(one(&api, id).await?))
}

/// Deletes a concept of the user's; its pictures stay.
#[utoipa::path(delete, path = "/concepts/{id}", responses((status = 200, body = Envelope<Value>)))]
async fn delete_concept(State(api): State<Api>, Path(id): Path<ConceptId>) -> Reply<Value> {
    api.library().delete_concept(id).await?;
    api.app.indexer.wake();
    Ok(data(json!({})))
}

/// What is said of pictures.
#[derive(Debug, Deserialize, ToSchema)]
struct SaidRequest {
    /// They belong.
    #[serde(default)]
    belonging: Vec<MediaId>,
    /// They do not.
    #[serde(default)]
    others: Vec<MediaId>,
    /// Nothing is said of them any more.
    #[serde(default)]
    neither: Vec<MediaId>,
}

/// Says of pictures whether they belong, and learns from that.
#[utoipa::path(post, path = "/concepts/{id}/examples", request_body = SaidRequest, responses((status = 200, body = Envelope<ConceptView>)))]
async fn say_of_concept(
    State(api): State<Api>,
    Path(id): Path<ConceptId>,
    Json(said): Json<SaidRequest>,
) -> Reply<ConceptView> {
    let said = Said { belonging: said.belonging, others: said.others, neither: said.neither };
    api.library().say_of_concept(id, &said).await?;
    learned(&api, id).await
}

/// Takes the last change of a concept's examples back.
#[utoipa::path(post, path = "/concepts/{id}/undo", responses((status = 200, body = Envelope<ConceptView>)))]
async fn undo_concept(State(api): State<Api>, Path(id): Path<ConceptId>) -> Reply<ConceptView> {
    api.library().undo_concept(id).await?;
    learned(&api, id).await
}

/// Which version is to be in force.
#[derive(Debug, Deserialize, ToSchema)]
struct RestoreRequest {
    version: i64,
}

/// Goes back, or forth, to a version of a concept's examples.
#[utoipa::path(post, path = "/concepts/{id}/restore", request_body = RestoreRequest, responses((status = 200, body = Envelope<ConceptView>)))]
async fn restore_concept(
    State(api): State<Api>,
    Path(id): Path<ConceptId>,
    Json(request): Json<RestoreRequest>,
) -> Reply<ConceptView> {
    api.library().restore_concept(id, request.version).await?;
    learned(&api, id).await
}

/// Learns a concept anew, from the examples and what the library says by now.
#[utoipa::path(post, path = "/concepts/{id}/train", responses((status = 200, body = Envelope<ConceptView>)))]
async fn train_concept(State(api): State<Api>, Path(id): Path<ConceptId>) -> Reply<ConceptView> {
    learned(&api, id).await
}

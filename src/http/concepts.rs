//! Concepts: made from a few pictures, refined by yes and no, explained by examples, gone back on.
//!
//! Whatever changes the examples has the concept learned again before it is answered, which takes milliseconds, so that
//! every answer is about the concept as it is.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::collections::PageQuery;
use super::error::{ApiError, Envelope, data, page};
use super::media::window;
use super::views::{MediaCard, instant};
use super::{Api, Reply};
use crate::library::concepts::examples::Said;
use crate::library::concepts::{ConceptSummary, Member};
use crate::library::{ConceptId, MediaId};
use crate::perception::concepts::Likeness;
use crate::perception::concepts::train::Quality;

/// The best pictures of a concept that a list shows.
const BEST: u32 = 8;
/// Examples that a picture is explained by, of each side.
const ALIKE: usize = 3;
/// Questions asked at once, unless said otherwise.
const QUESTIONS: usize = 12;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_concepts, create_concept))
        .routes(routes!(get_concept, update_concept, delete_concept))
        .routes(routes!(list_concept_media))
        .routes(routes!(list_concept_questions))
        .routes(routes!(say_of_concept))
        .routes(routes!(undo_concept))
        .routes(routes!(restore_concept))
        .routes(routes!(train_concept))
        .routes(routes!(explain_concept))
        .routes(routes!(list_media_concepts))
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

/// A medium with how certain it is that it belongs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct MemberView {
    media: MediaCard,
    /// 0–1.
    certainty: f64,
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

async fn cards(api: &Api, ids: &[MediaId]) -> Result<HashMap<MediaId, MediaCard>, ApiError> {
    let media = api.library().media_by_ids(ids).await?;
    Ok(media.iter().map(|medium| (medium.id, MediaCard::from(medium))).collect())
}

async fn members(api: &Api, members: Vec<Member>) -> Result<Vec<MemberView>, ApiError> {
    let ids: Vec<MediaId> = members.iter().map(|member| member.id).collect();
    let mut cards = cards(api, &ids).await?;
    let view = |member: Member| Some(MemberView { media: cards.remove(&member.id)?, certainty: member.certainty });
    Ok(members.into_iter().filter_map(view).collect())
}

async fn view(api: &Api, summary: ConceptSummary) -> Result<ConceptView, ApiError> {
    let ConceptSummary { concept, belonging, others, .. } = summary;
    let (best, count) = api.library().concept_members(concept.id, 0, BEST).await?;
    Ok(ConceptView {
        best: members(api, best).await?.into_iter().map(|member| member.media).collect(),
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
    view(api, summary.ok_or_else(|| ApiError::not_found("concept_not_found", format!("there is no concept {id}")))?).await
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
    let examples = said.iter().filter_map(|example| {
        Some(ExampleView { media: cards.remove(&example.id)?, belongs: example.belongs })
    });
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

/// Media that belong to a concept, the most certain first.
#[utoipa::path(get, path = "/concepts/{id}/media", params(PageQuery), responses((status = 200, body = Envelope<Vec<MemberView>>)))]
async fn list_concept_media(
    State(api): State<Api>,
    Path(id): Path<ConceptId>,
    Query(query): Query<PageQuery>,
) -> Reply<Vec<MemberView>> {
    api.library().concept(id).await?;
    let (offset, limit) = window(query.cursor.as_deref(), query.limit)?;
    let (found, total) = api.library().concept_members(id, offset, limit).await?;
    let end = offset + found.len() as u32;
    let next = (u64::from(end) < total).then(|| end.to_string());
    Ok(page(members(&api, found).await?, total, next))
}

/// How many questions are wanted.
#[derive(Debug, Deserialize, IntoParams)]
struct QuestionsQuery {
    /// At the most, 100.
    limit: Option<usize>,
}

/// Pictures to ask about, those first whose answer helps most.
#[utoipa::path(get, path = "/concepts/{id}/questions", params(QuestionsQuery), responses((status = 200, body = Envelope<Vec<MemberView>>)))]
async fn list_concept_questions(
    State(api): State<Api>,
    Path(id): Path<ConceptId>,
    Query(query): Query<QuestionsQuery>,
) -> Reply<Vec<MemberView>> {
    let limit = query.limit.unwrap_or(QUESTIONS).clamp(1, 100);
    let asked = api.app.concepts.questions(api.library(), id, limit).await?;
    Ok(data(members(&api, asked).await?))
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

/// An example that a picture is like.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct LikenessView {
    media: MediaCard,
    /// Cosine of the angle between the pictures' vectors, at most 1.
    alike: f32,
}

/// Why a picture belongs, or does not.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ExplanationView {
    /// How certain it is that it belongs, 0–1; null when its picture has not been looked at.
    certainty: Option<f64>,
    /// What the user said of it.
    said: Option<bool>,
    /// The examples that it is most like.
    like: Vec<LikenessView>,
    /// The counter-examples that it is most like.
    unlike: Vec<LikenessView>,
}

/// Why a picture belongs to a concept, or does not.
#[utoipa::path(get, path = "/concepts/{id}/media/{media}", responses((status = 200, body = Envelope<ExplanationView>)))]
async fn explain_concept(
    State(api): State<Api>,
    Path((id, medium)): Path<(ConceptId, MediaId)>,
) -> Reply<ExplanationView> {
    api.library().concept(id).await?;
    api.library().medium(medium).await?;
    let explanation = api.app.concepts.explain(id, medium, ALIKE).await?;
    let shown: Vec<MediaId> = explanation.like.iter().chain(&explanation.unlike).map(|likeness| likeness.id).collect();
    let cards = cards(&api, &shown).await?;
    let views = |list: &[Likeness]| {
        let view = |one: &Likeness| Some(LikenessView { media: cards.get(&one.id)?.clone(), alike: one.alike });
        list.iter().filter_map(view).collect()
    };
    Ok(data(ExplanationView {
        certainty: explanation.certainty,
        said: explanation.said,
        like: views(&explanation.like),
        unlike: views(&explanation.unlike),
    }))
}

/// A concept that a medium belongs to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct MembershipView {
    id: ConceptId,
    name: String,
    builtin: bool,
    /// 0–1.
    certainty: f64,
}

/// The concepts that a medium belongs to, the most certain first.
#[utoipa::path(get, path = "/media/{id}/concepts", responses((status = 200, body = Envelope<Vec<MembershipView>>)))]
async fn list_media_concepts(State(api): State<Api>, Path(id): Path<MediaId>) -> Reply<Vec<MembershipView>> {
    api.library().medium(id).await?;
    let found = api.library().concepts_of(&[id]).await?.remove(&id).unwrap_or_default();
    let view = |one: crate::library::concepts::scores::Membership| MembershipView {
        id: one.id,
        name: one.name,
        builtin: one.builtin,
        certainty: one.certainty,
    };
    Ok(data(found.into_iter().map(view).collect()))
}

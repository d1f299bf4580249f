//! Which media belong to concepts, how certain that is and why, and which to ask about.

use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::collections::{PageQuery, cards, next};
use crate::http::error::{ApiError, Envelope, data, page};
use crate::http::media::window;
use crate::http::views::MediaCard;
use crate::http::{Api, Reply};
use crate::library::concepts::Member;
use crate::library::concepts::scores::Membership;
use crate::library::{ConceptId, MediaId};
use crate::perception::concepts::Likeness;

/// Examples that a picture is explained by, of each side.
const ALIKE: usize = 3;
/// Questions asked at once, unless said otherwise.
const QUESTIONS: usize = 12;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_concept_media))
        .routes(routes!(list_concept_questions))
        .routes(routes!(explain_concept))
        .routes(routes!(list_media_concepts))
}

/// A medium with how certain it is that it belongs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct MemberView {
    pub media: MediaCard,
    /// 0–1.
    certainty: f64,
}

/// Members with what a list shows of each.
pub(super) async fn member_views(api: &Api, members: Vec<Member>) -> Result<Vec<MemberView>, ApiError> {
    let ids: Vec<MediaId> = members.iter().map(|member| member.id).collect();
    let mut cards = cards(api, &ids).await?;
    let view = |member: Member| Some(MemberView { media: cards.remove(&member.id)?, certainty: member.certainty });
    Ok(members.into_iter().filter_map(view).collect())
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
    let next = next(offset, found.len(), total);
    Ok(page(member_views(&api, found).await?, total, next))
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
    Ok(data(member_views(&api, asked).await?))
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
    let view =
        |one: Membership| MembershipView { id: one.id, name: one.name, builtin: one.builtin, certainty: one.certainty };
    Ok(data(found.into_iter().map(view).collect()))
}

//! What the user is asked about who is in the pictures: whose a face is, and whether a keyword is the name of a pet.
//!
//! An answer is a change to people like any other ([`super::people`]) and is posted there.

use std::collections::HashMap;

use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::collections::PageQuery;
use super::error::{ApiError, Envelope, data};
use super::people::{FaceView, PersonView};
use super::{Api, Reply};
use crate::library::people::keywords::{KeywordAnimals, KeywordExamples};
use crate::library::{FaceId, PersonId};
use crate::perception::faces::identify::Suggestion;

/// Faces of a question that are shown.
const SHOWN: usize = 12;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_questions))
}

/// A question.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct QuestionView {
    /// Some of the faces, those that show it best first.
    faces: Vec<FaceView>,
    /// All of them: what the answer is about.
    about: Vec<FaceId>,
    /// The found group that they are.
    group: Option<PersonId>,
    /// Who it may be; null: who is this?
    person: Option<PersonView>,
    /// The keyword that may be the name of a pet, which the animals may be; null: the question is about faces.
    keyword: Option<KeywordView>,
    /// How likely that is, 0–1.
    probability: f32,
    /// What speaks for it, the weightiest first: `likeness`, `lead`, `company`, `event`, `time`, `clothes`, `written`.
    reasons: Vec<String>,
}

/// A keyword that may be the name of a pet.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct KeywordView {
    name: String,
    /// Media that have the keyword.
    media: i64,
    /// Those of them that show an animal.
    with_animal: i64,
    /// What the animals look like: `dog`, `cat`, `bird` or `horse`.
    kind: Option<String>,
}

/// Questions about who is in the pictures: keywords that may be pets first, then faces, those first whose answer settles the
/// most.
#[utoipa::path(get, path = "/people/questions", params(PageQuery), responses((status = 200, body = Envelope<Vec<QuestionView>>)))]
async fn list_questions(State(api): State<Api>, Query(query): Query<PageQuery>) -> Reply<Vec<QuestionView>> {
    let limit = query.limit.unwrap_or(20).clamp(1, 100) as usize;
    let mut views = Vec::new();
    for (keyword, examples) in api.app.pet_questions().await?.into_iter().take(limit) {
        views.push(about_keyword(&api, keyword, examples).await?);
    }
    for suggestion in api.app.identifier.suggestions(limit - views.len()).await? {
        views.push(about_faces(&api, suggestion).await?);
    }
    Ok(data(views))
}

async fn shown(api: &Api, faces: &[FaceId]) -> Result<Vec<FaceView>, ApiError> {
    let some: Vec<FaceId> = faces.iter().copied().take(SHOWN).collect();
    Ok(api.library().faces_by_ids(&some).await?.into_iter().map(FaceView::from).collect())
}

async fn about_keyword(api: &Api, of: KeywordAnimals, examples: KeywordExamples) -> Result<QuestionView, ApiError> {
    Ok(QuestionView {
        faces: shown(api, &examples.animals).await?,
        about: examples.animals,
        group: None,
        person: None,
        probability: of.with_animal as f32 / of.media.max(1) as f32,
        keyword: Some(KeywordView { name: of.name, media: of.media, with_animal: of.with_animal, kind: examples.kind }),
        reasons: Vec::new(),
    })
}

async fn about_faces(api: &Api, suggestion: Suggestion) -> Result<QuestionView, ApiError> {
    let person = match suggestion.person {
        Some(id) => Some(PersonView::new(api.library().person(id).await?, &HashMap::new())),
        None => None,
    };
    Ok(QuestionView {
        faces: shown(api, &suggestion.faces).await?,
        about: suggestion.faces,
        group: suggestion.group,
        person,
        keyword: None,
        probability: suggestion.probability,
        reasons: suggestion.reasons.into_iter().map(|reason| reason.name().to_owned()).collect(),
    })
}

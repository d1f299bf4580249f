//! Conversations: asking, streamed turns, and the user's word on what the assistant proposes.

use std::convert::Infallible;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::collections::{PageQuery, next};
use super::error::{ApiError, Envelope, data, page};
use super::media::window;
use super::views::{HitView, ReadingView, ToolCallView, TurnView, found, hits, instant};
use super::{Api, Reply};
use crate::assistant::ask::{self, Answer};
use crate::assistant::pictured::Pictured;
use crate::assistant::sight::GivenPicture;
use crate::assistant::tools::{self, ToolStatus};
use crate::assistant::{FIRST_PAGE, Mode, Question, Turn, TurnEvent};
use crate::library::conversations::StoredTurn;
use crate::library::{ConversationId, MediaId, TurnId};

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(ask_question))
        .routes(routes!(list_conversations, create_conversation))
        .routes(routes!(get_conversation, delete_conversation))
        .routes(routes!(create_turn))
        .routes(routes!(list_turn_media))
        .routes(routes!(confirm_call))
        .routes(routes!(reject_call))
        .routes(routes!(undo_call))
}

/// A conversation in a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ConversationView {
    id: ConversationId,
    /// Its first question.
    title: String,
    /// ISO 8601.
    created: String,
    /// ISO 8601.
    updated: String,
}

/// A conversation with its turns.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ConversationDetail {
    id: ConversationId,
    title: String,
    turns: Vec<TurnView>,
}

/// A fresh conversation.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct CreatedConversation {
    id: ConversationId,
}

/// Conversations, latest first.
#[utoipa::path(get, path = "/conversations", responses((status = 200, body = Envelope<Vec<ConversationView>>)))]
async fn list_conversations(State(api): State<Api>) -> Reply<Vec<ConversationView>> {
    let conversations = api.library().conversations().await?;
    let views = conversations.into_iter().map(|conversation| ConversationView {
        id: conversation.id,
        title: conversation.title,
        created: instant(conversation.created),
        updated: instant(conversation.updated),
    });
    Ok(data(views.collect()))
}

/// Starts a conversation.
#[utoipa::path(post, path = "/conversations", responses((status = 200, body = Envelope<CreatedConversation>)))]
async fn create_conversation(State(api): State<Api>) -> Reply<CreatedConversation> {
    Ok(data(CreatedConversation { id: api.library().create_conversation("").await? }))
}

/// A conversation with its turns.
#[utoipa::path(get, path = "/conversations/{id}", responses((status = 200, body = Envelope<ConversationDetail>)))]
async fn get_conversation(State(api): State<Api>, Path(id): Path<ConversationId>) -> Reply<ConversationDetail> {
    let conversation = api.library().conversation(id).await?;
    let mut turns = Vec::new();
    for turn in api.library().turns(id).await? {
        turns.push(stored_turn(&api, &turn).await?);
    }
    Ok(data(ConversationDetail { id, title: conversation.title, turns }))
}

async fn stored_turn(api: &Api, turn: &StoredTurn) -> Result<TurnView, ApiError> {
    let media = api.library().turn_media(turn.id, 0, FIRST_PAGE as u32).await?;
    let reading: Option<crate::assistant::understand::Reading> = serde_json::from_str(&turn.reading).ok();
    let calls = api.library().tool_calls(turn.id).await?;
    Ok(TurnView {
        id: turn.id.to_string(),
        question: turn.question.clone(),
        created: instant(turn.created),
        answer: turn.answer.clone(),
        hits: hits(api.library(), &media).await?,
        total: turn.total,
        count: turn.count,
        reading: reading.as_ref().map(ReadingView::from),
        tool_calls: calls.iter().map(ToolCallView::from).collect(),
        mode: turn.mode.clone(),
        elapsed_ms: turn.elapsed_ms,
    })
}

/// Deletes a conversation.
#[utoipa::path(delete, path = "/conversations/{id}", responses((status = 200, body = Envelope<Value>)))]
async fn delete_conversation(State(api): State<Api>, Path(id): Path<ConversationId>) -> Reply<Value> {
    api.library().delete_conversation(id).await?;
    Ok(data(json!({})))
}

/// A question.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct NewTurn {
    /// As typed.
    question: String,
    /// What "today" is: local time, ISO 8601 without offset.
    now: Option<String>,
    /// How to answer.
    #[serde(default)]
    mode: Mode,
    /// The turn that this question replaces, with those after it: an edited question.
    #[serde(default)]
    replaces: Option<TurnId>,
    /// The picture that the question is about.
    #[serde(default)]
    picture: Option<AskedPicture>,
}

/// The picture that a question is about: one of the library, or one that is sent.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct AskedPicture {
    /// A medium of the library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MediaId>,
    /// A picture as a `data:image/…;base64,` URL; a longest edge of 1024 pixels is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// BLAKE3 of the file that it was made from, in hexadecimal, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

impl AskedPicture {
    /// The picture itself.
    pub(super) async fn read(self) -> Result<Pictured, ApiError> {
        match (self.id, self.url) {
            (Some(id), None) => Ok(Pictured::Medium(id)),
            (None, Some(url)) => {
                let read = tokio::task::spawn_blocking(move || GivenPicture::from_data_url(&url, self.hash)).await;
                let read = read.map_err(|error| ApiError::internal(&error))?;
                let given = read.map_err(|error| ApiError::bad_request(error.to_string()))?;
                Ok(Pictured::Given(Box::new(given)))
            }
            _ => Err(ApiError::bad_request("a picture has either an `id` or a `url`")),
        }
    }
}

/// Reads the picture of a question, if there is one.
async fn pictured(picture: Option<AskedPicture>) -> Result<Option<Pictured>, ApiError> {
    match picture {
        Some(picture) => Ok(Some(picture.read().await?)),
        None => Ok(None),
    }
}

impl NewTurn {
    async fn question(self) -> Result<Question, ApiError> {
        let now = moment(self.now.as_deref())?;
        let picture = pictured(self.picture).await?;
        Ok(Question { text: self.question, now, mode: self.mode, replaces: self.replaces, picture })
    }
}

fn moment(text: Option<&str>) -> Result<Option<DateTime>, ApiError> {
    let parse = |text: &str| {
        text.parse()
            .map_err(|_| ApiError::bad_request(format!("`now` must look like 2026-11-21T12:00:00, and not {text}")))
    };
    text.map(parse).transpose()
}

/// Asks a question and streams what happens: `understanding`, `tool_call`, `thinking`, `media`, `text`, `take_back` (the
/// text so far was not the answer), then `done` or `error`. A client that goes away stops an agent.
#[utoipa::path(post, path = "/conversations/{id}/turns", request_body = NewTurn,
    responses((status = 200, content_type = "text/event-stream", body = String)))]
async fn create_turn(
    State(api): State<Api>,
    Path(id): Path<ConversationId>,
    Json(turn): Json<NewTurn>,
) -> Result<impl IntoResponse, ApiError> {
    api.library().conversation(id).await?;
    let question = turn.question().await?;
    Ok(Sse::new(stream(api, id, question)).keep_alive(KeepAlive::default()))
}

fn stream(api: Api, id: ConversationId, question: Question) -> impl Stream<Item = Result<Event, Infallible>> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let assistant = api.app.assistant.clone();
    let asking = api.app.indexer.queue().asking();
    // The turn is stored even if the client goes away: what it has by then, in agent mode.
    let answer = tokio::spawn(async move {
        let _asking = asking;
        assistant.answer(id, question, &sender).await
    });
    async_stream::stream! {
        while let Some(event) = receiver.recv().await {
            match event_of(&api, event).await {
                Ok(event) => yield Ok(event),
                Err(error) => yield Ok(failed(&error)),
            }
        }
        match answer.await {
            Ok(Ok(turn)) => match finished(&api, &turn).await {
                Ok(view) => yield Ok(sse("done", &view)),
                Err(error) => yield Ok(failed(&error)),
            },
            Ok(Err(error)) => yield Ok(failed(&error.into())),
            Err(error) => yield Ok(failed(&ApiError::internal(&error))),
        }
    }
}

fn sse(name: &str, value: &impl Serialize) -> Event {
    let text = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
    Event::default().event(name).data(text)
}

fn failed(error: &ApiError) -> Event {
    sse("error", &error.body(""))
}

async fn event_of(api: &Api, event: TurnEvent) -> Result<Event, ApiError> {
    Ok(match event {
        TurnEvent::Understanding(reading) => sse("understanding", &ReadingView::from(&*reading)),
        TurnEvent::ToolCall(call) => sse("tool_call", &ToolCallView::from(&*call)),
        TurnEvent::Media(media, total) => {
            let hits = hits(api.library(), &found(&media)).await?;
            sse("media", &json!({ "hits": hits, "total": total }))
        }
        TurnEvent::Text(delta) => sse("text", &json!({ "delta": delta })),
        TurnEvent::Thinking(delta) => sse("thinking", &json!({ "delta": delta })),
        TurnEvent::TakeBack => sse("take_back", &json!({})),
    })
}

async fn finished(api: &Api, turn: &Turn) -> Result<TurnView, ApiError> {
    let first = turn.media.iter().take(FIRST_PAGE).cloned().collect::<Vec<_>>();
    Ok(TurnView {
        id: turn.id.to_string(),
        question: turn.question.clone(),
        created: instant(turn.created),
        answer: turn.answer.clone(),
        hits: hits(api.library(), &found(&first)).await?,
        total: turn.media.len() as i64,
        count: turn.count.map(|count| count as i64),
        reading: Some((&turn.reading).into()),
        tool_calls: turn.tool_calls.iter().map(ToolCallView::from).collect(),
        mode: turn.mode.name().into(),
        elapsed_ms: turn.elapsed_ms as i64,
    })
}

/// The media that an answer rests on, page by page.
#[utoipa::path(get, path = "/conversations/{id}/turns/{turn}/media", params(PageQuery),
    responses((status = 200, body = Envelope<Vec<HitView>>)))]
async fn list_turn_media(
    State(api): State<Api>,
    Path((id, turn)): Path<(ConversationId, TurnId)>,
    Query(query): Query<PageQuery>,
) -> Reply<Vec<HitView>> {
    let turns = api.library().turns(id).await?;
    let stored = turns
        .iter()
        .find(|stored| stored.id == turn)
        .ok_or_else(|| ApiError::not_found("turn_not_found", format!("the conversation has no turn {turn}")))?;
    let (offset, limit) = window(query.cursor.as_deref(), query.limit)?;
    let media = api.library().turn_media(turn, offset, limit).await?;
    let total = stored.total.max(0) as u64;
    Ok(page(hits(api.library(), &media).await?, total, next(offset, media.len(), total)))
}

/// A question to be answered as one value.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AskRequest {
    /// As typed.
    pub question: String,
    /// The conversation that it goes on with.
    pub conversation: Option<ConversationId>,
    /// What "today" is: local time, ISO 8601 without offset.
    pub now: Option<String>,
    /// How to answer.
    #[serde(default)]
    pub mode: Mode,
    /// The picture that the question is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<AskedPicture>,
}

/// Asks a question and answers it whole: what `recollect ask --json` prints.
#[utoipa::path(post, path = "/ask", request_body = AskRequest, responses((status = 200, body = Envelope<Answer>)))]
async fn ask_question(State(api): State<Api>, Json(request): Json<AskRequest>) -> Reply<Answer> {
    let now = moment(request.now.as_deref())?;
    let picture = pictured(request.picture).await?;
    let question = Question { text: request.question, now, mode: request.mode, replaces: None, picture };
    let _asking = api.app.indexer.queue().asking();
    Ok(data(ask::ask(&api.app.assistant, request.conversation, question).await?))
}

/// Carries out what a tool call proposed.
#[utoipa::path(post, path = "/tool-calls/{id}/confirm", responses((status = 200, body = Envelope<ToolCallView>)))]
async fn confirm_call(State(api): State<Api>, Path(id): Path<String>) -> Reply<ToolCallView> {
    let call = tools::confirm(api.app.assistant.context(), &id).await?;
    api.app.indexer.wake();
    if call.status == ToolStatus::Failed.name() {
        tracing::warn!(call = %call.id, "a confirmed tool call failed: {}", call.result);
    }
    Ok(data((&call).into()))
}

/// Drops what a tool call proposed.
#[utoipa::path(post, path = "/tool-calls/{id}/reject", responses((status = 200, body = Envelope<ToolCallView>)))]
async fn reject_call(State(api): State<Api>, Path(id): Path<String>) -> Reply<ToolCallView> {
    Ok(data((&tools::reject(api.app.assistant.context(), &id).await?).into()))
}

/// Takes back what a tool call did.
#[utoipa::path(post, path = "/tool-calls/{id}/undo", responses((status = 200, body = Envelope<ToolCallView>)))]
async fn undo_call(State(api): State<Api>, Path(id): Path<String>) -> Reply<ToolCallView> {
    let call = tools::undo(api.app.assistant.context(), &id).await?;
    api.app.indexer.wake();
    Ok(data((&call).into()))
}

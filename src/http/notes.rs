//! Voice notes: recorded or uploaded, played, their words put right, deleted and taken back.

use axum::Json;
use axum::extract::{DefaultBodyLimit, Multipart, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data};
use super::media::serve;
use super::transcriptions::{MAX_RECORDING, NewTranscription, SegmentView, failure, no_speech_model, read};
use super::views::instant;
use super::{Api, Reply};
use crate::library::notes::{About, Note};
use crate::library::transcripts::Segment;
use crate::library::{AlbumId, EventId, MediaId, NoteId};
use crate::voice::audio::AudioLimits;
use crate::voice::notes::NoteError;

/// No transcript has more parts: hours of talk.
const MOST_SEGMENTS: usize = 10_000;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_media_notes))
        .routes(routes!(list_event_notes))
        .routes(routes!(list_album_notes))
        .routes(routes!(list_notes))
        .routes(routes!(get_note, update_note, delete_note))
        .routes(routes!(get_recording))
        .routes(routes!(restore_note))
        .routes(routes!(transcribe_note))
}

/// Routes that take recordings, with their own limit on the size of a request.
pub(super) fn uploads() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create_media_note))
        .routes(routes!(create_event_note))
        .routes(routes!(create_album_note))
        .layer(DefaultBodyLimit::max(MAX_RECORDING + (1 << 16)))
}

/// A voice note.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct NoteView {
    id: NoteId,
    about: SubjectView,
    /// Media type of the recording.
    mime: String,
    /// Length of the recording in seconds; null when the server cannot decode it.
    duration_s: Option<f64>,
    /// English name of the language, as it was heard.
    language: String,
    /// All that was said; empty until it is written down.
    text: String,
    /// Its parts with their times.
    segments: Vec<SegmentView>,
    /// `waiting`, `working`, `done`, `edited` (the user has put the words right), `failed`, or `no_model`: it is written
    /// down when a speech model is there.
    state: String,
    /// How far writing it down is, 0–1, while the state is `working`.
    progress: Option<f64>,
    /// Why it failed, or what adds the model.
    problem: Option<NoteProblem>,
    /// ISO 8601.
    created: String,
    /// ISO 8601.
    updated: String,
    /// When it was deleted, ISO 8601; until it is purged it can be taken back.
    deleted: Option<String>,
}

/// What a note is about.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct SubjectView {
    /// `medium`, `event` or `album`.
    kind: String,
    /// Null while it is not in the library.
    id: Option<String>,
    name: Option<String>,
}

/// Why a note has no words.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct NoteProblem {
    code: String,
    message: String,
}

/// The state of a note: what became of its words.
fn state(note: &Note, missing: Option<String>) -> (&'static str, Option<NoteProblem>) {
    let failed = || {
        let code = note.error_code.clone()?;
        Some(NoteProblem { code, message: note.error.clone().unwrap_or_default() })
    };
    match note.job.as_deref() {
        Some("running") => ("working", None),
        _ if note.edited => ("edited", None),
        Some("queued") if missing.is_none() => ("waiting", failed()),
        _ if note.heard => ("done", None),
        Some("failed") => ("failed", failed()),
        _ if missing.is_some() => {
            ("no_model", missing.map(|message| NoteProblem { code: "no_speech_model".into(), message }))
        }
        // It may wait for another try.
        _ => ("waiting", failed()),
    }
}

async fn view(api: &Api, note: Note) -> Result<NoteView, ApiError> {
    let segments = api.library().note_segments(note.id).await?;
    let (state, problem) = state(&note, api.app.speech().err());
    let text: Vec<&str> = segments.iter().map(|segment| segment.text.as_str()).collect();
    Ok(NoteView {
        id: note.id,
        text: text.join(" "),
        segments: segments.iter().map(SegmentView::from).collect(),
        state: state.to_owned(),
        progress: note.progress.filter(|_| state == "working"),
        problem,
        about: SubjectView { kind: note.about, id: note.subject, name: note.subject_name },
        mime: note.mime,
        duration_s: note.duration_ms.map(|ms| ms as f64 / 1000.0),
        language: note.language,
        created: instant(note.created),
        updated: instant(note.updated),
        deleted: note.deleted.map(instant),
    })
}

async fn views(api: &Api, notes: Vec<Note>) -> Reply<Vec<NoteView>> {
    let mut views = Vec::with_capacity(notes.len());
    for note in notes {
        views.push(view(api, note).await?);
    }
    Ok(data(views))
}

/// The notes about a photo or video, earliest first.
#[utoipa::path(get, path = "/media/{id}/notes", responses((status = 200, body = Envelope<Vec<NoteView>>)))]
async fn list_media_notes(State(api): State<Api>, Path(id): Path<MediaId>) -> Reply<Vec<NoteView>> {
    views(&api, api.library().notes_about(About::Medium(id)).await?).await
}

/// The notes about an event, earliest first.
#[utoipa::path(get, path = "/events/{id}/notes", responses((status = 200, body = Envelope<Vec<NoteView>>)))]
async fn list_event_notes(State(api): State<Api>, Path(id): Path<EventId>) -> Reply<Vec<NoteView>> {
    views(&api, api.library().notes_about(About::Event(id)).await?).await
}

/// The notes about an album, earliest first.
#[utoipa::path(get, path = "/albums/{id}/notes", responses((status = 200, body = Envelope<Vec<NoteView>>)))]
async fn list_album_notes(State(api): State<Api>, Path(id): Path<AlbumId>) -> Reply<Vec<NoteView>> {
    views(&api, api.library().notes_about(About::Album(id)).await?).await
}

/// Every note, latest first, also those about what is not in the library now.
#[utoipa::path(get, path = "/notes", responses((status = 200, body = Envelope<Vec<NoteView>>)))]
async fn list_notes(State(api): State<Api>) -> Reply<Vec<NoteView>> {
    views(&api, api.library().notes().await?).await
}

/// Keeps a recording as a note about a photo or video.
#[utoipa::path(post, path = "/media/{id}/notes", request_body(content = NewTranscription, content_type = "multipart/form-data"),
    responses((status = 200, body = Envelope<NoteView>)))]
async fn create_media_note(State(api): State<Api>, Path(id): Path<MediaId>, form: Multipart) -> Reply<NoteView> {
    create(&api, About::Medium(id), form).await
}

/// Keeps a recording as a note about an event.
#[utoipa::path(post, path = "/events/{id}/notes", request_body(content = NewTranscription, content_type = "multipart/form-data"),
    responses((status = 200, body = Envelope<NoteView>)))]
async fn create_event_note(State(api): State<Api>, Path(id): Path<EventId>, form: Multipart) -> Reply<NoteView> {
    create(&api, About::Event(id), form).await
}

/// Keeps a recording as a note about an album.
#[utoipa::path(post, path = "/albums/{id}/notes", request_body(content = NewTranscription, content_type = "multipart/form-data"),
    responses((status = 200, body = Envelope<NoteView>)))]
async fn create_album_note(State(api): State<Api>, Path(id): Path<AlbumId>, form: Multipart) -> Reply<NoteView> {
    create(&api, About::Album(id), form).await
}

async fn create(api: &Api, about: About, form: Multipart) -> Reply<NoteView> {
    let (file, _) = read(form).await?;
    let limits = AudioLimits { max_bytes: MAX_RECORDING as u64, ..AudioLimits::default() };
    let id = api.app.notes.add(about, file, limits).await.map_err(|error| match error {
        NoteError::Voice(error) => failure(&error),
        NoteError::Library(error) => error.into(),
    })?;
    api.app.indexer.wake();
    Ok(data(view(api, api.library().note(id).await?).await?))
}

/// A note with its words.
#[utoipa::path(get, path = "/notes/{id}", responses((status = 200, body = Envelope<NoteView>)))]
async fn get_note(State(api): State<Api>, Path(id): Path<NoteId>) -> Reply<NoteView> {
    Ok(data(view(&api, api.library().note(id).await?).await?))
}

/// The words of a note as the user wants them.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct NoteUpdate {
    /// In order of time; empty when nothing is said.
    segments: Vec<SegmentView>,
}

/// Puts the words of a note, and their times, right. No model writes over them.
#[utoipa::path(patch, path = "/notes/{id}", request_body = NoteUpdate, responses((status = 200, body = Envelope<NoteView>)))]
async fn update_note(
    State(api): State<Api>,
    Path(id): Path<NoteId>,
    Json(update): Json<NoteUpdate>,
) -> Reply<NoteView> {
    let segments = checked(update.segments)?;
    api.library().edit_note(id, &segments).await?;
    api.app.indexer.wake();
    Ok(data(view(&api, api.library().note(id).await?).await?))
}

fn checked(segments: Vec<SegmentView>) -> Result<Vec<Segment>, ApiError> {
    if segments.len() > MOST_SEGMENTS {
        return Err(ApiError::bad_request(format!("a note has at most {MOST_SEGMENTS} parts")));
    }
    let ordered = segments.windows(2).all(|pair| pair[0].start <= pair[1].start);
    let proper = |part: &SegmentView| (0.0..=1e7).contains(&part.start) && (part.start..=1e7).contains(&part.end);
    if !ordered || !segments.iter().all(proper) {
        let error = ApiError::bad_request("the parts are not in order of time");
        return Err(error.hint("each part ends after it starts, and starts after the one before it, in seconds"));
    }
    let ms = |seconds: f64| (seconds * 1000.0).round() as i64;
    let segments = segments.into_iter().map(|part| Segment {
        start_ms: ms(part.start),
        end_ms: ms(part.end),
        text: part.text.trim().to_owned(),
    });
    Ok(segments.filter(|segment| !segment.text.is_empty()).collect())
}

/// Deletes a note. It can be taken back for some days, and its recording is kept so long.
#[utoipa::path(delete, path = "/notes/{id}", responses((status = 200, body = Envelope<NoteView>)))]
async fn delete_note(State(api): State<Api>, Path(id): Path<NoteId>) -> Reply<NoteView> {
    api.library().set_note_deleted(id, true).await?;
    api.app.indexer.wake();
    Ok(data(view(&api, api.library().note(id).await?).await?))
}

/// Takes the deletion of a note back.
#[utoipa::path(post, path = "/notes/{id}/restore", responses((status = 200, body = Envelope<NoteView>)))]
async fn restore_note(State(api): State<Api>, Path(id): Path<NoteId>) -> Reply<NoteView> {
    api.library().set_note_deleted(id, false).await?;
    api.app.indexer.wake();
    Ok(data(view(&api, api.library().note(id).await?).await?))
}

/// Has the speech model write a note down again; its words take the place of the user's.
#[utoipa::path(post, path = "/notes/{id}/transcribe", responses((status = 200, body = Envelope<NoteView>)))]
async fn transcribe_note(State(api): State<Api>, Path(id): Path<NoteId>) -> Reply<NoteView> {
    if !api.app.notes.hear_again(id).await? {
        return Err(no_speech_model(api.app.speech().err().unwrap_or_default()));
    }
    api.app.indexer.wake();
    Ok(data(view(&api, api.library().note(id).await?).await?))
}

/// The recording of a note, whole or in ranges.
#[utoipa::path(get, path = "/notes/{id}/audio", responses((status = 200, body = Vec<u8>), (status = 206, body = Vec<u8>)))]
async fn get_recording(State(api): State<Api>, Path(id): Path<NoteId>, request: Request) -> Result<Response, ApiError> {
    let note = api.library().note(id).await?;
    let path = api.app.notes.recording(&note);
    if !path.is_file() {
        let error = ApiError::new(StatusCode::NOT_FOUND, "file_missing", "the recording of this note is gone");
        return Err(error.hint("it lay in the folder `notes` of the data folder; take it from a backup"));
    }
    let mut response = serve(&path, &note.mime, request).await?;
    let sandbox = HeaderValue::from_static("default-src 'none'; sandbox");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, sandbox);
    Ok(response)
}

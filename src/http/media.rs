//! Media: the timeline, lists, thumbnails, originals, and everything known about one.

use std::path::{Path as FilePath, PathBuf};

use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tower::ServiceExt;
use tower_http::services::ServeFile;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::captions::CaptionView;
use super::error::{ApiError, Envelope, data, page};
use super::lines::LineView;
use super::transcriptions::SegmentView;
use super::views::{HitView, MediaCard, found, hits};
use super::{Api, Reply};
use crate::assistant::albums;
use crate::assistant::tools::find_similar::{self, FindSimilar};
use crate::library::filter::{MediaFilter, TimeSpan};
use crate::library::media::Medium;
use crate::library::seen::{Model, SeenLabel, SeenObject};
use crate::library::{AlbumId, EventId, MediaId, PersonId};
use crate::search::{paperwork, sights};

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_timeline))
        .routes(routes!(list_media))
        .routes(routes!(get_media))
        .routes(routes!(get_thumbnail))
        .routes(routes!(get_original))
        .routes(routes!(get_preview))
        .routes(routes!(get_motion))
        .routes(routes!(list_similar))
}

/// A day of the timeline.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct DayCount {
    /// ISO 8601 day; null for the undated.
    day: Option<String>,
    /// Number of media.
    count: i64,
}

/// The days of the library.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Timeline {
    /// Latest first, the undated last.
    days: Vec<DayCount>,
    /// Number of media.
    total: i64,
}

/// The days that have media, with how many: all that is needed to lay out the whole library.
#[utoipa::path(get, path = "/timeline", responses((status = 200, body = Envelope<Timeline>)))]
async fn get_timeline(State(api): State<Api>) -> Reply<Timeline> {
    let days: Vec<DayCount> =
        api.library().days().await?.into_iter().map(|(day, count)| DayCount { day, count }).collect();
    let total = days.iter().map(|day| day.count).sum();
    Ok(data(Timeline { days, total }))
}

/// Which media are listed.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct ListQuery {
    /// First day, ISO 8601.
    day_from: Option<String>,
    /// Last day, ISO 8601.
    day_to: Option<String>,
    /// Only media without a date.
    #[serde(default)]
    undated: bool,
    /// Of a person.
    person: Option<PersonId>,
    /// Of an event.
    event: Option<EventId>,
    /// Of an album.
    album: Option<AlbumId>,
    /// Carrying a keyword.
    tag: Option<String>,
    /// Where to go on: `meta.next_cursor` of the page before.
    cursor: Option<String>,
    /// Number of media, 500 at the most.
    limit: Option<u32>,
}

/// Media, latest first, in the order of the timeline.
#[utoipa::path(get, path = "/media", params(ListQuery), responses((status = 200, body = Envelope<Vec<MediaCard>>)))]
async fn list_media(State(api): State<Api>, Query(query): Query<ListQuery>) -> Reply<Vec<MediaCard>> {
    let by_day = query.day_from.is_some() || query.day_to.is_some();
    let filter = MediaFilter {
        taken: days(query.day_from.as_deref(), query.day_to.as_deref())?,
        // Days are those of the timeline, which knows no day of a year that only a title names.
        dated: if query.undated { Some(false) } else { by_day.then_some(true) },
        people: query.person.map(|person| vec![vec![person]]).unwrap_or_default(),
        events: query.event.into_iter().collect(),
        albums: query.album.into_iter().collect(),
        tags: query.tag.into_iter().collect(),
        ..MediaFilter::default()
    };
    let filter = albums::expanded(api.app.assistant.context(), &filter).await?;
    let (offset, limit) = window(query.cursor.as_deref(), query.limit)?;
    let total = api.library().count(&filter).await?;
    let media = api.library().page(&filter, offset, limit).await?;
    let end = offset + media.len() as u32;
    let next = (u64::from(end) < total).then(|| end.to_string());
    Ok(page(media.iter().map(MediaCard::from).collect(), total, next))
}

/// Offset and size of a page.
pub(super) fn window(cursor: Option<&str>, limit: Option<u32>) -> Result<(u32, u32), ApiError> {
    let offset = cursor.map_or(Ok(0), str::parse).map_err(|_| ApiError::bad_request("`cursor` is not one of ours"))?;
    Ok((offset, limit.unwrap_or(100).clamp(1, 500)))
}

fn days(from: Option<&str>, to: Option<&str>) -> Result<Vec<TimeSpan>, ApiError> {
    if from.is_none() && to.is_none() {
        return Ok(Vec::new());
    }
    let day = |text: &str| {
        text.parse::<jiff::civil::Date>()
            .map_err(|_| ApiError::bad_request(format!("`{text}` is not a day such as 2019-06-09")))
    };
    let start = from.map(day).transpose()?.unwrap_or(jiff::civil::Date::MIN);
    let end = to.map(day).transpose()?.unwrap_or(jiff::civil::Date::MAX);
    let end = end.tomorrow().unwrap_or(jiff::civil::Date::MAX);
    Ok(vec![TimeSpan { start: start.at(0, 0, 0, 0), end: end.at(0, 0, 0, 0) }])
}

/// Everything known about a medium.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct MediaDetail {
    #[serde(flatten)]
    card: MediaCard,
    /// Every file that holds it.
    paths: Vec<String>,
    /// Size of the file.
    bytes: i64,
    /// Media type by content.
    mime: String,
    title: Option<String>,
    /// The user's own, else that of the file.
    description: Option<String>,
    /// Whether the description is the user's own.
    described_by_user: bool,
    /// What models wrote about it, the one that is shown first.
    captions: Vec<CaptionView>,
    keywords: Vec<String>,
    people: Vec<PersonBox>,
    position: Option<PositionView>,
    place_parts: Option<PlaceParts>,
    camera: Option<String>,
    lens: Option<String>,
    exposure: Option<ExposureView>,
    events: Vec<Named>,
    albums: Vec<Named>,
    /// What is said in it, with times; null when no speech model has listened to it.
    transcript: Option<TranscriptView>,
    /// "+10:00".
    utc_offset: Option<String>,
    /// Every stored value with its source.
    values: Vec<ValueView>,
    /// Lines of text in it, in the order in which a person reads them.
    text: Vec<LineView>,
    /// What models are believed to have seen, in words, the surest first.
    seen: Vec<SightView>,
    /// Things that models saw in the picture; of a video, in its poster.
    objects: Vec<ObjectView>,
    /// Labels that models gave the picture.
    labels: Vec<LabelView>,
    /// Whether the picture is fit for everybody: the certainty of each class.
    safety: Vec<LabelView>,
    /// `made` by a machine, or `partly`, as its file says; null when nothing says so.
    generated: Option<String>,
    /// Media that look the same, and the rest of its burst.
    copies: Vec<MediaCard>,
    /// `ready`, or `failed` when there is no picture of it.
    status: String,
    problems: Vec<ProblemView>,
}

/// What is said in a video.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct TranscriptView {
    /// English name of the language; empty when nobody speaks.
    language: String,
    /// In order of time.
    segments: Vec<SegmentView>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct PersonBox {
    id: PersonId,
    name: String,
    /// `[x, y, w, h]` in 0–1 of the upright picture.
    #[serde(rename = "box")]
    area: Option<[f64; 4]>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct PositionView {
    lat: f64,
    lon: f64,
    altitude: Option<f64>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct PlaceParts {
    locality: Option<String>,
    city: Option<String>,
    region: Option<String>,
    country: Option<String>,
    country_code: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ExposureView {
    iso: Option<i64>,
    f_number: Option<f64>,
    exposure_s: Option<f64>,
    focal_mm: Option<f64>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Named {
    id: String,
    name: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ValueView {
    name: String,
    value: String,
    source: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct SightView {
    word: String,
    /// 0–1.
    certainty: f32,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ObjectView {
    label: String,
    /// 0–1.
    score: f64,
    /// `[x, y, w, h]` in 0–1 of the upright picture.
    #[serde(rename = "box")]
    area: [f64; 4],
    model: String,
    version: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct LabelView {
    label: String,
    /// 0–1.
    score: f64,
    model: String,
    version: String,
}

impl LabelView {
    fn of((label, by): &(SeenLabel, Model)) -> Self {
        let (model, version) = (by.model.clone(), by.version.clone());
        Self { label: label.label.clone(), score: label.score, model, version }
    }
}

impl ObjectView {
    fn of((object, by): &(SeenObject, Model)) -> Self {
        let area = [object.x, object.y, object.w, object.h];
        let (model, version) = (by.model.clone(), by.version.clone());
        Self { label: object.label.clone(), score: object.score, area, model, version }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ProblemView {
    stage: String,
    code: String,
    message: String,
}

/// Everything known about one medium, each value with its source.
#[utoipa::path(get, path = "/media/{id}", responses((status = 200, body = Envelope<MediaDetail>)))]
async fn get_media(State(api): State<Api>, Path(id): Path<MediaId>) -> Reply<MediaDetail> {
    Ok(data(detail(&api, id).await?))
}

/// Everything known about one medium.
pub(super) async fn detail(api: &Api, id: MediaId) -> Result<MediaDetail, ApiError> {
    let library = api.library();
    let document = library
        .documents(&[id])
        .await?
        .pop()
        .ok_or_else(|| ApiError::not_found("media_not_found", format!("there is no medium {id}")))?;
    let medium = &document.medium;
    let people = library.people_in(id).await?;
    let copies = library.media_by_ids(&library.copies_of(id).await?).await?;
    let values = library.values(id).await?;
    let has_exposure = medium.iso.is_some() || medium.f_number.is_some() || medium.exposure_s.is_some();
    Ok(MediaDetail {
        card: medium.into(),
        paths: document.paths.clone(),
        bytes: medium.bytes,
        mime: medium.mime.clone(),
        title: medium.title.clone(),
        description: medium.description.clone(),
        described_by_user: !library.annotations(&[id]).await?.is_empty(),
        captions: library.captions(id).await?.into_iter().map(CaptionView::from).collect(),
        keywords: document.tags.clone(),
        people: people
            .into_iter()
            .map(|person| PersonBox { id: person.person_id, area: person.area(), name: person.name })
            .collect(),
        position: medium.lat.zip(medium.lon).map(|(lat, lon)| PositionView { lat, lon, altitude: medium.altitude }),
        place_parts: medium.place().map(|_| PlaceParts {
            locality: medium.locality.clone(),
            city: medium.city.clone(),
            region: medium.region.clone(),
            country: medium.country.clone(),
            country_code: medium.country_code.clone(),
        }),
        camera: medium.camera.clone(),
        lens: medium.lens.clone(),
        exposure: has_exposure.then_some(ExposureView {
            iso: medium.iso,
            f_number: medium.f_number,
            exposure_s: medium.exposure_s,
            focal_mm: medium.focal_mm,
        }),
        events: library.events_of(id).await?.into_iter().map(|(id, name)| Named { id: id.to_string(), name }).collect(),
        albums: library.albums_of(id).await?.into_iter().map(|(id, name)| Named { id: id.to_string(), name }).collect(),
        transcript: library.transcript(id).await?.map(|said| TranscriptView {
            language: said.language,
            segments: said.segments.iter().map(SegmentView::from).collect(),
        }),
        utc_offset: medium.taken_offset.map(|minutes| {
            format!("{}{:02}:{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60)
        }),
        values: values.into_iter().map(|(name, value, source)| ValueView { name, value, source }).collect(),
        text: document.lines.iter().map(LineView::from).collect(),
        seen: sights::of(&document.seen, &document.frames)
            .into_iter()
            .chain(paperwork::of(&document.lines))
            .filter(|sight| sight.own)
            .map(|sight| SightView { word: sight.word, certainty: sight.certainty })
            .collect(),
        objects: document.seen.objects.iter().filter(|(seen, _)| seen.frame_ms.is_none()).map(ObjectView::of).collect(),
        labels: document.seen.labels.iter().filter(|(seen, _)| seen.frame_ms.is_none()).map(LabelView::of).collect(),
        safety: document.seen.safety.iter().filter(|(seen, _)| seen.frame_ms.is_none()).map(LabelView::of).collect(),
        generated: medium.generated.clone(),
        copies: copies.iter().map(MediaCard::from).collect(),
        status: if medium.problem_code.is_some() { "failed".into() } else { "ready".into() },
        problems: problems(medium),
    })
}

fn problems(medium: &Medium) -> Vec<ProblemView> {
    let picture = medium.problem_code.clone().map(|code| ProblemView {
        stage: "picture".into(),
        code,
        message: medium.problem.clone().unwrap_or_default(),
    });
    let warnings: Vec<String> = serde_json::from_str(&medium.warnings).unwrap_or_default();
    let warnings = warnings.into_iter().map(|message| ProblemView {
        stage: "metadata".into(),
        code: "damaged_metadata".into(),
        message,
    });
    picture.into_iter().chain(warnings).collect()
}

/// Size of a thumbnail.
#[derive(Debug, Deserialize, IntoParams)]
struct ThumbnailQuery {
    /// Longest edge in pixels: 256 or 1024.
    size: Option<u32>,
}

/// A small picture of a medium, JPEG.
#[utoipa::path(get, path = "/media/{id}/thumbnail", params(ThumbnailQuery),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
async fn get_thumbnail(
    State(api): State<Api>,
    Path(id): Path<MediaId>,
    Query(query): Query<ThumbnailQuery>,
    request: Request,
) -> Result<Response, ApiError> {
    let medium = api.library().medium(id).await?;
    let path = api.app.thumbnail(&medium.hash, query.size.unwrap_or(256));
    if !path.exists() {
        let error = ApiError::not_found("no_thumbnail", format!("there is no picture of {}", medium.name));
        return Err(match medium.problem {
            Some(problem) => error.hint(problem),
            None => error,
        });
    }
    let mut response = serve(&path, "image/jpeg", request).await?;
    // The address carries the version, so what it names never changes.
    let forever = HeaderValue::from_static("private, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, forever);
    Ok(response)
}

/// How the original is wanted.
#[derive(Debug, Deserialize, IntoParams)]
struct OriginalQuery {
    /// `1`: to be saved rather than shown.
    #[serde(default)]
    download: Option<u8>,
}

/// The original file, whole or in ranges.
#[utoipa::path(get, path = "/media/{id}/original", params(OriginalQuery),
    responses((status = 200, body = Vec<u8>), (status = 206, body = Vec<u8>)))]
async fn get_original(
    State(api): State<Api>,
    Path(id): Path<MediaId>,
    Query(query): Query<OriginalQuery>,
    request: Request,
) -> Result<Response, ApiError> {
    let medium = api.library().medium(id).await?;
    let path = present(&api, &medium).await?;
    let mut response = serve(&path, &medium.mime, request).await?;
    let encoded = percent_encoding::utf8_percent_encode(&medium.name, percent_encoding::NON_ALPHANUMERIC);
    let how = if query.download.unwrap_or(0) == 1 { "attachment" } else { "inline" };
    if let Ok(value) = HeaderValue::from_str(&format!("{how}; filename*=UTF-8''{encoded}")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    // A picture can be an SVG or HTML in disguise; it must not run as a page of ours.
    let sandbox = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, sandbox);
    Ok(response)
}

/// A large picture that every browser can show: the original where it can, else a JPEG of it.
#[utoipa::path(get, path = "/media/{id}/preview", responses((status = 200, body = Vec<u8>)))]
async fn get_preview(State(api): State<Api>, Path(id): Path<MediaId>, request: Request) -> Result<Response, ApiError> {
    let medium = api.library().medium(id).await?;
    let shown_by_browsers = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"];
    if shown_by_browsers.contains(&medium.mime.as_str()) {
        let path = present(&api, &medium).await?;
        return serve(&path, &medium.mime, request).await;
    }
    let path = api.app.thumbnail(&medium.hash, 1024);
    if !path.exists() {
        return Err(ApiError::not_found("no_thumbnail", format!("there is no picture of {}", medium.name)));
    }
    serve(&path, "image/jpeg", request).await
}

/// The moving part of a live or motion photo, MP4 or MOV.
#[utoipa::path(get, path = "/media/{id}/motion", responses((status = 200, body = Vec<u8>)))]
async fn get_motion(State(api): State<Api>, Path(id): Path<MediaId>, request: Request) -> Result<Response, ApiError> {
    let library = api.library();
    if let Some(video) = library.motion_of(id).await? {
        let video = library.medium(video).await?;
        let path = present(&api, &video).await?;
        return serve(&path, &video.mime, request).await;
    }
    let medium = library.medium(id).await?;
    let (Some(offset), Some(length)) = (medium.motion_offset, medium.motion_length) else {
        return Err(ApiError::not_found("no_motion", format!("{} has no moving part", medium.name)));
    };
    let path = present(&api, &medium).await?;
    let bytes = tokio::task::spawn_blocking(move || read_part(&path, offset, length)).await;
    let bytes = bytes.map_err(|error| ApiError::internal(&error))?.map_err(|error| ApiError::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "video/mp4")], Body::from(bytes)).into_response())
}

fn read_part(path: &FilePath, offset: i64, length: i64) -> std::io::Result<Vec<u8>> {
    use std::io::{Read, Seek, SeekFrom};
    /// A moment of video is a few megabytes.
    const MOST: i64 = 256 << 20;
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(offset.max(0) as u64))?;
    let mut bytes = Vec::new();
    file.take(length.clamp(0, MOST) as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Media like this one.
#[utoipa::path(get, path = "/media/{id}/similar", responses((status = 200, body = Envelope<Vec<HitView>>)))]
async fn list_similar(State(api): State<Api>, Path(id): Path<MediaId>) -> Reply<Vec<HitView>> {
    api.library().medium(id).await?;
    let similar = find_similar::run(api.app.assistant.context(), &FindSimilar { id, limit: 24 }).await?;
    Ok(data(hits(api.library(), &found(&similar)).await?))
}

/// A file of the medium that is there now; the one it was read from may have been moved a moment ago.
async fn present(api: &Api, medium: &Medium) -> Result<PathBuf, ApiError> {
    let paths = api.library().paths(medium.id).await?;
    std::iter::once(medium.path.clone()).chain(paths).map(PathBuf::from).find(|path| path.is_file()).ok_or_else(|| {
        ApiError::not_found("file_missing", format!("{} is not there any more", medium.path))
            .hint("if it lies on a drive or network folder, connect it; if it was moved, index the new folder")
    })
}

/// Serves a file with ranges and conditional requests.
pub(super) async fn serve(path: &FilePath, mime: &str, request: Request) -> Result<Response, ApiError> {
    let Ok(response) = ServeFile::new(path).oneshot(request).await;
    let mut response = response.map(Body::new);
    if let Ok(mime) = HeaderValue::from_str(mime) {
        response.headers_mut().insert(header::CONTENT_TYPE, mime);
    }
    Ok(response)
}

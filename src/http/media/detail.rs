//! Everything known about a medium, each value with its source.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::captions::CaptionView;
use crate::http::error::{ApiError, Envelope, data};
use crate::http::lines::LineView;
use crate::http::transcriptions::SegmentView;
use crate::http::views::MediaCard;
use crate::http::{Api, Reply};
use crate::library::media::Medium;
use crate::library::seen::{Model, SeenLabel, SeenObject};
use crate::library::{MediaId, PersonId};
use crate::search::{paperwork, sights};

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_media))
}

/// Everything known about a medium.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct MediaDetail {
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
pub(in crate::http) async fn detail(api: &Api, id: MediaId) -> Result<MediaDetail, ApiError> {
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

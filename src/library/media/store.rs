//! Storing what was read from a file: the medium, its side tables, and the end of the file's job, in one transaction.

use jiff::civil::DateTime;

use crate::library::jobs::{self, Job, JobKind};
use crate::library::{Library, MediaId, Part, Result, Tx, clocks, files, fold, people, touch, unix_now};

/// What was read from one file, to be stored as its medium.
#[derive(Debug, Clone, Default)]
pub struct NewMedium {
    /// BLAKE3 of the content, hex.
    pub hash: String,
    /// `photo` or `video`.
    pub kind: &'static str,
    /// Media type by content.
    pub mime: String,
    /// Width and height as displayed, pixels.
    pub size: Option<(u32, u32)>,
    /// Length of a video, milliseconds.
    pub duration_ms: Option<i64>,
    /// When it was taken.
    pub taken: Option<NewTaken>,
    /// Degrees north and east, metres above sea level.
    pub position: Option<(f64, f64, Option<f64>)>,
    /// Where it was taken.
    pub place: Option<NewPlace>,
    /// Title.
    pub title: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// 0–5 stars.
    pub rating: Option<u8>,
    /// Camera label, make and model.
    pub camera: Option<(String, Option<String>, Option<String>)>,
    /// Lens.
    pub lens: Option<String>,
    /// Sensitivity.
    pub iso: Option<u32>,
    /// Aperture.
    pub f_number: Option<f64>,
    /// Exposure time, seconds.
    pub exposure_s: Option<f64>,
    /// Focal length, millimetres.
    pub focal_mm: Option<f64>,
    /// A picture of a screen.
    pub screenshot: bool,
    /// `made` by a machine, or `partly`, as its file says.
    pub generated: Option<&'static str>,
    /// A panorama.
    pub panorama: bool,
    /// A camera's raw file.
    pub raw: bool,
    /// Offset and length of the video within a motion photo.
    pub motion: Option<(u64, u64)>,
    /// Apple's live photo identifier.
    pub content_id: Option<String>,
    /// 64-bit perceptual hash.
    pub phash: Option<u64>,
    /// ThumbHash, base64.
    pub placeholder: Option<String>,
    /// Code and words of why there is no picture of it.
    pub problem: Option<(String, String)>,
    /// What was wrong with its metadata.
    pub warnings: Vec<String>,
    /// Keywords with their sources.
    pub tags: Vec<(String, String)>,
    /// People and pets.
    pub people: Vec<NewPerson>,
    /// Every value with its source: name, value, source.
    pub values: Vec<(String, String, String)>,
}

/// When a medium was taken.
#[derive(Debug, Clone)]
pub struct NewTaken {
    /// Local time at the place.
    pub local: DateTime,
    /// `second`, `minute`, `day`, `month` or `year`.
    pub precision: &'static str,
    /// Minutes east of UTC.
    pub offset_minutes: Option<i32>,
    /// Unix seconds.
    pub instant: Option<i64>,
    /// Where the date came from.
    pub source: String,
}

/// Where a medium was taken.
#[derive(Debug, Clone, Default)]
pub struct NewPlace {
    /// Nearest settlement.
    pub locality: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State, province, Land.
    pub region: Option<String>,
    /// Country, English.
    pub country: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country_code: Option<String>,
    /// `gps`, `written` or `folder`.
    pub source: &'static str,
}

/// A person or pet named in a medium.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Name as written.
    pub name: String,
    /// A pet.
    pub pet: bool,
    /// `[x, y, w, h]` in 0–1 of the upright picture.
    pub area: Option<[f64; 4]>,
    /// Where the name came from.
    pub source: String,
}

/// A file on disk as the scan saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenFile {
    /// Absolute path.
    pub path: String,
    /// Its folder.
    pub folder: String,
    /// Its name.
    pub name: String,
    /// Size.
    pub bytes: i64,
    /// Last modification, nanoseconds since 1970.
    pub modified_ns: i64,
    /// Fingerprint of the sidecar files beside it.
    pub sidecars: String,
}

impl Library {
    /// Stores what was read from `file` for `job` and ends the job, all in one transaction.
    ///
    /// A second file with the same content adds a copy; the copy that says more becomes the one that is shown.
    ///
    /// # Errors
    /// [`LibraryError::Superseded`](super::super::LibraryError::Superseded) when the job is no longer the caller's.
    pub async fn store_read(&self, job: &Job, file: &SeenFile, new: &NewMedium) -> Result<MediaId> {
        let mut tx = self.begin().await?;
        jobs::finish(&mut tx, job, None).await?;
        let id = store(&mut tx, file, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Stores a medium that no job asked for; if the file waits to be read, it need not be any more.
    pub async fn store_medium(&self, file: &SeenFile, new: &NewMedium) -> Result<MediaId> {
        let mut tx = self.begin().await?;
        jobs::forget(&mut tx, JobKind::IngestFile, &file.path).await?;
        let id = store(&mut tx, file, new).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// Stores what was read from `file` and marks the file indexed.
pub(in crate::library) async fn store(tx: &mut Tx<'_>, file: &SeenFile, new: &NewMedium) -> Result<MediaId> {
    let known: Option<(MediaId, i64, String)> = sqlx::query_as("SELECT id, richness, path FROM media WHERE hash = $1")
        .bind(&new.hash)
        .fetch_optional(&mut **tx)
        .await?;
    let richness = new.values.len() as i64;
    let id = match known {
        None => {
            let id = MediaId::new();
            sqlx::query(
                "INSERT INTO media (id, hash, kind, mime, bytes, path, folder, name, richness, version, added) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)",
            )
            .bind(id)
            .bind(&new.hash)
            .bind(new.kind)
            .bind(&new.mime)
            .bind(file.bytes)
            .bind(&file.path)
            .bind(&file.folder)
            .bind(&file.name)
            .bind(richness)
            .bind(unix_now())
            .execute(&mut **tx)
            .await?;
            write_details(tx, id, file, new).await?;
            id
        }
        Some((id, had, path)) => {
            let shown_is_gone: bool =
                sqlx::query_scalar("SELECT NOT EXISTS (SELECT 1 FROM files WHERE path = $1 AND media_id = $2)")
                    .bind(&path)
                    .bind(id)
                    .fetch_one(&mut **tx)
                    .await?;
            let better = (richness, std::cmp::Reverse(&file.path)) > (had, std::cmp::Reverse(&path));
            if better || shown_is_gone || path == file.path {
                write_details(tx, id, file, new).await?;
            } else {
                // Another copy: its folder and name are words to find the medium by.
                sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut **tx).await?;
            }
            id
        }
    };
    files::mark_indexed(tx, file, id).await?;
    touch(tx, Part::Media).await?;
    Ok(id)
}

/// Writes every column and side table that comes from reading a file.
async fn write_details(tx: &mut Tx<'_>, id: MediaId, file: &SeenFile, new: &NewMedium) -> Result<()> {
    let taken = new.taken.as_ref();
    // Where the user put the camera's clock right, that holds.
    let shift = clocks::shift(tx, id).await?.unwrap_or(0);
    let timed = taken.is_some_and(|t| matches!(t.precision, "second" | "minute"));
    let shift = if timed { shift } else { 0 };
    let local = taken.map(|t| clocks::shifted(t.local, shift).unwrap_or(t.local));
    let dayed = taken.is_some_and(|t| matches!(t.precision, "second" | "minute" | "day"));
    let place = new.place.clone().unwrap_or_default();
    let has_place = new.place.is_some();
    let (camera, make, model) = new.camera.clone().map_or((None, None, None), |(l, a, o)| (Some(l), a, o));
    sqlx::query(
        "UPDATE media SET path = $2, folder = $3, name = $4, richness = $5, width = $6, height = $7, duration_ms = $8, \
         taken = $9, taken_precision = $10, taken_offset = $11, taken_instant = $12, taken_source = $13, taken_year = $14, \
         taken_month = $15, taken_day = $16, taken_weekday = $17, taken_minute = $18, lat = $19, lon = $20, altitude = $21, \
         locality = $22, city = $23, region = $24, country = $25, country_code = $26, place_source = $27, title = $28, \
         description = $29, rating = $30, camera = $31, camera_make = $32, camera_model = $33, lens = $34, iso = $35, \
         f_number = $36, exposure_s = $37, focal_mm = $38, screenshot = $39, panorama = $40, live = $41, raw = $42, \
         motion_offset = $43, motion_length = $44, content_id = $45, phash = $46, placeholder = $47, problem_code = $48, \
         problem = $49, warnings = $50, mime = $51, generated = $52, colourless = NULL, version = version + 1 WHERE id = $1",
    )
    .bind(id)
    .bind(&file.path)
    .bind(&file.folder)
    .bind(&file.name)
    .bind(new.values.len() as i64)
    .bind(new.size.map(|s| i64::from(s.0)))
    .bind(new.size.map(|s| i64::from(s.1)))
    .bind(new.duration_ms)
    .bind(local.map(|t| t.strftime("%Y-%m-%dT%H:%M:%S").to_string()))
    .bind(taken.map(|t| t.precision))
    .bind(taken.and_then(|t| t.offset_minutes))
    .bind(taken.and_then(|t| t.instant).map(|instant| instant + shift))
    .bind(taken.map(|t| t.source.clone()))
    .bind(local.map(|t| i64::from(t.year())))
    .bind(local.filter(|_| taken.is_some_and(|t| t.precision != "year")).map(|t| i64::from(t.month())))
    .bind(local.filter(|_| dayed).map(|t| i64::from(t.day())))
    .bind(local.filter(|_| dayed).map(|t| i64::from(t.date().weekday().to_monday_one_offset())))
    .bind(local.filter(|_| timed).map(|t| i64::from(t.hour()) * 60 + i64::from(t.minute())))
    .bind(new.position.map(|p| p.0))
    .bind(new.position.map(|p| p.1))
    .bind(new.position.and_then(|p| p.2))
    .bind(place.locality)
    .bind(place.city)
    .bind(place.region)
    .bind(place.country)
    .bind(place.country_code)
    .bind(has_place.then_some(place.source))
    .bind(&new.title)
    .bind(&new.description)
    .bind(new.rating.map(i64::from))
    .bind(camera)
    .bind(make)
    .bind(model)
    .bind(&new.lens)
    .bind(new.iso.map(i64::from))
    .bind(new.f_number)
    .bind(new.exposure_s)
    .bind(new.focal_mm)
    .bind(i64::from(new.screenshot))
    .bind(i64::from(new.panorama))
    .bind(i64::from(new.motion.is_some()))
    .bind(i64::from(new.raw))
    .bind(new.motion.map(|m| m.0 as i64))
    .bind(new.motion.map(|m| m.1 as i64))
    .bind(&new.content_id)
    .bind(new.phash.map(|hash| hash as i64))
    .bind(&new.placeholder)
    .bind(new.problem.as_ref().map(|p| p.0.clone()))
    .bind(new.problem.as_ref().map(|p| p.1.clone()))
    .bind(serde_json::to_string(&new.warnings)?)
    .bind(&new.mime)
    .bind(new.generated)
    .execute(&mut **tx)
    .await?;
    write_values(tx, id, &new.values).await?;
    write_tags(tx, id, &new.tags).await?;
    people::write(tx, id, &new.people).await
}

async fn write_values(tx: &mut Tx<'_>, id: MediaId, values: &[(String, String, String)]) -> Result<()> {
    sqlx::query("DELETE FROM media_values WHERE media_id = $1").bind(id).execute(&mut **tx).await?;
    for (position, (name, value, source)) in values.iter().enumerate() {
        sqlx::query("INSERT INTO media_values (media_id, position, name, value, source) VALUES ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(position as i64)
            .bind(name)
            .bind(value)
            .bind(source)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

async fn write_tags(tx: &mut Tx<'_>, id: MediaId, tags: &[(String, String)]) -> Result<()> {
    sqlx::query("DELETE FROM media_tags WHERE media_id = $1 AND source <> 'user'").bind(id).execute(&mut **tx).await?;
    for (tag, source) in tags {
        sqlx::query(
            "INSERT INTO media_tags (media_id, tag, folded, source) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(tag)
        .bind(fold(tag))
        .bind(source)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

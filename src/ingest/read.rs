//! Reads one file completely: content hash, metadata with sidecars, place, one decode for thumbnails and hashes.
//!
//! Blocking; called from worker threads. A file ends as a medium or with a reason; what is damaged within a medium is a
//! warning of that medium. Storing the result is left to `library`.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;

use super::fingerprint::{content_hash, perceptual_hash};
use super::metadata::{self, Limits, Metadata, PlaceNames, Precision, Siblings, SubjectKind, Taken};
use super::picture::{self, DecodeLimits, Picture, PictureError, thumbhash_base64, write_thumbnails};
use super::places::{self, KnownLevel};
use super::video::{self, VideoError, VideoLimits};
use crate::library::media::{NewMedium, NewPerson, NewPlace, NewTaken, SeenFile};

/// How long the listing of a folder may be used for the files in it.
const LISTING_FRESH: Duration = Duration::from_secs(5);

/// A panorama is at least so many times as wide as high.
const PANORAMA_ASPECT: u32 = 2;

/// Settings of reading.
#[derive(Debug, Clone)]
pub struct ReadSettings {
    /// Folder of the thumbnails.
    pub thumbnails: PathBuf,
    /// Limits of decoding pictures.
    pub pictures: DecodeLimits,
    /// Limits of looking at videos.
    pub videos: VideoLimits,
}

/// Decodes the picture in `path` and turns it upright by its own metadata. Blocks.
///
/// # Errors
/// Every [`PictureError`].
pub fn upright(path: &Path, limits: &DecodeLimits) -> Result<Picture, PictureError> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    // A file without metadata is upright.
    let metadata = metadata::read_all(path, folder, None, &Limits::default()).ok();
    let orientation = metadata.and_then(|read| read.orientation).map_or(1, |orientation| orientation.value);
    picture::decode(path, orientation, limits)
}

/// Why a file is not a medium.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// Stable code.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
    /// Whether trying again later may help.
    pub retryable: bool,
}

impl ReadError {
    fn new(code: &str, message: impl ToString, retryable: bool) -> Self {
        Self { code: code.to_owned(), message: message.to_string(), retryable }
    }
}

/// Reads files one after another; it remembers the listing of the folder last looked at.
#[derive(Debug)]
pub struct Reader {
    settings: ReadSettings,
    listing: Mutex<Option<(PathBuf, Instant, Siblings)>>,
}

impl Reader {
    /// A reader with these settings.
    pub fn new(settings: ReadSettings) -> Self {
        Self { settings, listing: Mutex::new(None) }
    }

    /// Reads a file. `root` is the folder that the user added: names of folders above it say nothing.
    pub fn read(&self, file: &SeenFile, root: &Path) -> Result<NewMedium, ReadError> {
        let path = Path::new(&file.path);
        let hash = content_hash(path).map_err(|error| ReadError::new("unreadable", error, true))?;
        let hash = hash.to_hex().to_string();
        let siblings = self.siblings(Path::new(&file.folder));
        let metadata = metadata::read_all(path, root, siblings.as_ref(), &Limits::default())
            .map_err(|error| ReadError::new(error.code(), &error, error.code() == "file_unreadable"))?;
        let mut medium = describe(&metadata);
        medium.hash.clone_from(&hash);
        let picture = if metadata.video {
            self.look_at_video(path, &mut medium)
        } else {
            let orientation = metadata.orientation.as_ref().map_or(1, |orientation| orientation.value);
            picture::decode(path, orientation, &self.settings.pictures)
                .map_err(|error| ReadError::new(error.code(), &error, error.is_retryable()))
        };
        match picture {
            Ok(picture) => self.keep_picture(&picture, &hash, &mut medium)?,
            // What only lacks a decoder is a medium all the same: its date, place and people are known.
            Err(error) if is_worth_keeping(&error, &medium) => medium.problem = Some((error.code, error.message)),
            Err(error) => return Err(error),
        }
        locate(&metadata, &mut medium);
        Ok(medium)
    }

    fn keep_picture(&self, picture: &Picture, hash: &str, medium: &mut NewMedium) -> Result<(), ReadError> {
        write_thumbnails(picture, &self.settings.thumbnails, hash)
            .map_err(|error| ReadError::new(error.code(), &error, true))?;
        medium.size = Some((picture.width, picture.height));
        medium.phash = perceptual_hash(&picture.image);
        medium.placeholder = Some(thumbhash_base64(&picture.image));
        if picture.incomplete {
            medium.warnings.push("the file is cut off; the rest of the picture is missing".to_owned());
        }
        let (width, height) = (picture.width, picture.height);
        medium.panorama |= medium.kind == "photo" && width >= PANORAMA_ASPECT * height && width >= 2000;
        Ok(())
    }

    fn look_at_video(&self, path: &Path, medium: &mut NewMedium) -> Result<Picture, ReadError> {
        let failed = |error: VideoError| ReadError::new(error.code(), told(&error, path), error.is_retryable());
        let info = video::probe(path, &self.settings.videos).map_err(failed)?;
        medium.duration_ms = info.duration_s.map(|seconds| (seconds * 1000.0).round() as i64).or(medium.duration_ms);
        if medium.position.is_none() {
            medium.position = info.position.map(|p| (p.latitude, p.longitude, p.altitude));
        }
        if medium.taken.is_none() {
            let local = info.created_local.map(|(local, offset)| Taken::local(local, Precision::Second, Some(offset)));
            medium.taken = local.or_else(|| info.created.map(Taken::utc)).map(|taken| new_taken(&taken, "container"));
        }
        video::poster_frame(path, &info, &self.settings.videos).map_err(failed)
    }

    fn siblings(&self, folder: &Path) -> Option<Siblings> {
        let mut listing = self.listing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((of, at, siblings)) = listing.as_ref()
            && of == folder
            && at.elapsed() < LISTING_FRESH
        {
            return Some(siblings.clone());
        }
        let siblings = Siblings::list(folder).ok()?;
        *listing = Some((folder.to_owned(), Instant::now(), siblings.clone()));
        Some(siblings)
    }
}

/// Why a file cannot be read whose content is that of a video. Whoever sees the name of a picture expects none.
fn told(error: &VideoError, path: &Path) -> String {
    const PICTURES: [&str; 11] = ["avif", "bmp", "dng", "gif", "heic", "heif", "jpeg", "jpg", "png", "tif", "webp"];
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    match error {
        VideoError::Damaged(reason) | VideoError::NoFrame(reason) if PICTURES.contains(&ending.as_str()) => {
            format!("the file is not a picture that can be read: its content is like that of a video, and {reason}")
        }
        VideoError::NoVideo if PICTURES.contains(&ending.as_str()) => {
            "the file is not a picture that can be read: its content is that of a video without pictures".to_owned()
        }
        other => other.to_string(),
    }
}

/// Whether a file without a picture is still a medium: its format is known and only the means to decode it are missing.
fn is_worth_keeping(error: &ReadError, medium: &NewMedium) -> bool {
    let undecodable = matches!(error.code.as_str(), "decoder_missing" | "unsupported_format" | "no_preview");
    undecodable && (medium.raw || error.code == "decoder_missing" || medium.taken.is_some())
}

/// The metadata as the library stores them; place and local time of a bare instant are filled in by [`locate`].
fn describe(metadata: &Metadata) -> NewMedium {
    let camera = metadata.camera.as_ref().map(|camera| {
        let camera = &camera.value;
        (camera.label.clone(), camera.make.clone(), camera.model.clone())
    });
    NewMedium {
        kind: if metadata.video { "video" } else { "photo" },
        mime: metadata.mime.clone(),
        size: metadata.displayed_size.map(|size| (size.width, size.height)),
        duration_ms: metadata.duration_s.filter(|_| metadata.video).map(|seconds| (seconds * 1000.0).round() as i64),
        taken: metadata.taken.as_ref().map(|taken| new_taken(&taken.value, taken.source.as_str())),
        position: metadata.position.as_ref().map(|p| (p.value.lat, p.value.lon, p.value.altitude)),
        title: metadata.title.as_ref().map(|title| title.value.clone()),
        description: metadata.description.as_ref().map(|description| description.value.clone()),
        rating: metadata.rating.as_ref().and_then(|rating| u8::try_from(rating.value).ok()),
        camera,
        lens: metadata.lens.as_ref().map(|lens| lens.value.clone()),
        iso: metadata.exposure.iso,
        f_number: metadata.exposure.f_number,
        exposure_s: metadata.exposure.exposure_s,
        focal_mm: metadata.exposure.focal_mm,
        screenshot: metadata.screenshot,
        generated: metadata.generated.as_ref().map(|said| said.value.name()),
        panorama: metadata.projection.is_some(),
        raw: metadata.raw,
        motion: metadata.motion.as_ref().map(|motion| (motion.value.offset, motion.value.length)),
        content_id: metadata.live_id.as_ref().map(|id| id.value.clone()),
        warnings: metadata.warnings.clone(),
        tags: metadata.keywords.iter().map(|k| (k.name.clone(), k.source.as_str().to_owned())).collect(),
        people: metadata
            .people
            .iter()
            .filter_map(|person| {
                Some(NewPerson {
                    name: person.name.clone().filter(|name| !name.trim().is_empty())?,
                    pet: person.kind == SubjectKind::Pet,
                    area: person.region.map(|region| [region.x, region.y, region.w, region.h]),
                    source: person.source.as_str().to_owned(),
                })
            })
            .collect(),
        values: metadata
            .values
            .iter()
            .map(|value| (value.name.clone(), value.value.clone(), value.source.as_str().to_owned()))
            .collect(),
        ..NewMedium::default()
    }
}

fn new_taken(taken: &Taken, source: &str) -> NewTaken {
    NewTaken {
        local: taken.local,
        precision: match taken.precision {
            Precision::Year => "year",
            Precision::Month => "month",
            Precision::Day => "day",
            Precision::Minute => "minute",
            Precision::Second => "second",
        },
        offset_minutes: taken.offset.map(|offset| offset.seconds() / 60),
        instant: taken.instant.map(|instant| instant.as_second()),
        source: source.to_owned(),
    }
}

/// Fills in the place, from the position or from the names written in the file, and with it the local time.
fn locate(metadata: &Metadata, medium: &mut NewMedium) {
    let place = medium.position.and_then(|(lat, lon, _)| places::locate(lat, lon));
    medium.place = match (&place, &metadata.place) {
        (Some(place), _) => Some(NewPlace {
            locality: place.locality.map(str::to_owned),
            city: place.city.map(str::to_owned),
            region: place.region.map(str::to_owned),
            country: Some(place.country.to_owned()),
            country_code: Some(place.country_code.to_owned()),
            source: "gps",
        }),
        (None, Some(written)) => written_place(&written.value),
        (None, None) => None,
    };
    // A time that is only known as an instant is shown as the clocks at the place showed it; without a place, as the
    // clocks of this machine would.
    let zone = place.and_then(|place| TimeZone::get(place.timezone).ok());
    if let Some(taken) = &mut medium.taken
        && taken.offset_minutes.is_none()
    {
        let bare = taken.instant.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let zone = zone.or_else(|| bare.map(|_| TimeZone::system()));
        let precision = match taken.precision {
            "second" => Precision::Second,
            "minute" => Precision::Minute,
            _ => return,
        };
        if let Some(zone) = zone {
            let known = Taken { local: taken.local, precision, offset: None, instant: bare };
            *taken = new_taken(&known.at_zone(&zone), &taken.source);
        }
    }
}

/// The place as somebody wrote it into the file, with the country's code where its name is known.
fn written_place(written: &PlaceNames) -> Option<NewPlace> {
    let country = written.country.as_deref().or(written.country_code.as_deref()).and_then(|name| {
        let known = places::find(name).into_iter().find(|place| place.level == KnownLevel::Country)?;
        let code = known.places.first()?.country_code.clone()?;
        Some((places::country_name(&code, "en")?.to_owned(), code))
    });
    let place = NewPlace {
        locality: written.city.clone(),
        city: written.city.clone(),
        region: written.state.clone(),
        country: country.as_ref().map(|(name, _)| name.clone()).or_else(|| written.country.clone()),
        country_code: country.map(|(_, code)| code),
        source: "written",
    };
    (place.city.is_some() || place.region.is_some() || place.country.is_some()).then_some(place)
}

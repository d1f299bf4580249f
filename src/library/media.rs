//! Media: reading back what is known of them. How it is stored is in [`mod@store`].

mod store;

use std::collections::HashMap;

use jiff::civil::DateTime;
use sqlx::{FromRow, QueryBuilder, Row, Sqlite};

pub(super) use store::store;
pub use store::{NewMedium, NewPerson, NewPlace, NewTaken, SeenFile};

use super::filter::{Grouping, MediaFilter};
use super::{Library, LibraryError, MediaId, Part, Result, select, touch};

/// A medium as it is listed: what a grid, a result or a citation needs.
#[derive(Debug, Clone, FromRow)]
pub struct Medium {
    /// Identifier.
    pub id: MediaId,
    /// BLAKE3 of the content, hex.
    pub hash: String,
    /// `photo` or `video`.
    pub kind: String,
    /// Media type by content.
    pub mime: String,
    /// Size of the file.
    pub bytes: i64,
    /// The file shown for it.
    pub path: String,
    /// Its folder.
    pub folder: String,
    /// Its file name.
    pub name: String,
    /// Width as displayed, pixels.
    pub width: Option<i64>,
    /// Height as displayed, pixels.
    pub height: Option<i64>,
    /// Length of a video, milliseconds.
    pub duration_ms: Option<i64>,
    /// Local time at the place, ISO 8601 without offset.
    pub taken: Option<String>,
    /// `second`, `minute`, `day`, `month` or `year`.
    pub taken_precision: Option<String>,
    /// Minutes east of UTC.
    pub taken_offset: Option<i64>,
    /// Where the date came from.
    pub taken_source: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// Metres above sea level.
    pub altitude: Option<f64>,
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
    /// Title.
    pub title: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// 0–5 stars.
    pub rating: Option<i64>,
    /// Camera label.
    pub camera: Option<String>,
    /// Lens.
    pub lens: Option<String>,
    /// Sensitivity.
    pub iso: Option<i64>,
    /// Aperture.
    pub f_number: Option<f64>,
    /// Exposure time, seconds.
    pub exposure_s: Option<f64>,
    /// Focal length, millimetres.
    pub focal_mm: Option<f64>,
    /// Has a moment of video.
    pub live: bool,
    /// Where the video of a motion photo starts within the file.
    pub motion_offset: Option<i64>,
    /// How long it is, bytes.
    pub motion_length: Option<i64>,
    /// 64-bit perceptual hash.
    pub phash: Option<i64>,
    /// ThumbHash, base64.
    pub placeholder: Option<String>,
    /// Why there is no picture of it.
    pub problem_code: Option<String>,
    /// The same in words.
    pub problem: Option<String>,
    /// What was wrong with its metadata, JSON array of strings.
    pub warnings: String,
    /// `made` by a machine, or `partly`, as its file says.
    pub generated: Option<String>,
    /// In black and white, as far as it has been looked at.
    pub colourless: bool,
    /// Rises with every change.
    pub version: i64,
}

impl Medium {
    /// Local time at the place.
    pub fn taken(&self) -> Option<DateTime> {
        self.taken.as_deref().and_then(|text| text.parse().ok())
    }

    /// "Rome, Italy", as far as it is known.
    pub fn place(&self) -> Option<String> {
        let near = self.locality.as_ref().or(self.city.as_ref()).or(self.region.as_ref());
        match (near, &self.country) {
            (Some(near), Some(country)) => Some(format!("{near}, {country}")),
            (Some(only), None) | (None, Some(only)) => Some(only.clone()),
            (None, None) => None,
        }
    }
}

/// The columns of [`Medium`].
pub(super) const COLUMNS: &str = "m.id, m.hash, m.kind, m.mime, m.bytes, m.path, m.folder, m.name, m.width, m.height, \
     m.duration_ms, m.taken, m.taken_precision, m.taken_offset, m.taken_source, m.lat, m.lon, m.altitude, m.locality, \
     m.city, m.region, m.country, m.country_code, m.title, \
     COALESCE((SELECT a.value FROM annotations a WHERE a.media_id = m.id AND a.field = 'description'), m.description) AS description, \
     m.rating, m.camera, m.lens, m.iso, m.f_number, m.exposure_s, m.focal_mm, m.live <> 0 AS live, m.motion_offset, \
     m.motion_length, m.phash, m.placeholder, m.problem_code, m.problem, m.warnings, m.generated, \
     COALESCE(m.colourless, 0) <> 0 AS colourless, m.version";

/// One value of a grouping and how many media fall under it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct GroupCount {
    /// Key: "2019-06", a country, a camera label …
    pub key: String,
    /// Number of media.
    pub count: i64,
}

/// Order of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordering {
    /// Latest first, undated last.
    Newest,
    /// Earliest first, undated last.
    Oldest,
}

impl Library {
    /// The media with these identifiers, in their order; unknown ones are left out.
    pub async fn media_by_ids(&self, ids: &[MediaId]) -> Result<Vec<Medium>> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            let mut query = QueryBuilder::<Sqlite>::new(format!("SELECT {COLUMNS} FROM media m WHERE m.id IN ("));
            select::push_ids(&mut query, chunk);
            query.push(")");
            self.view.push(&mut query);
            for medium in query.build_query_as::<Medium>().fetch_all(&self.read).await? {
                found.insert(medium.id, medium);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Appends the conditions of a filter and of the view on a row `m` of `media`; at least one is written.
    pub(super) fn push_filter(&self, query: &mut QueryBuilder<Sqlite>, filter: &MediaFilter) {
        select::push_filter(query, filter);
        self.view.push(query);
    }

    /// One medium.
    pub async fn medium(&self, id: MediaId) -> Result<Medium> {
        self.media_by_ids(&[id])
            .await?
            .pop()
            .ok_or_else(|| LibraryError::NotFound { what: "medium", key: id.to_string() })
    }

    /// The medium that the file at `path` holds.
    pub async fn medium_at(&self, path: &str) -> Result<Option<MediaId>> {
        let id = sqlx::query_scalar("SELECT media_id FROM files WHERE path = $1 AND media_id IS NOT NULL");
        Ok(id.bind(path).fetch_optional(&self.read).await?)
    }

    /// The medium with this content, BLAKE3 in hexadecimal.
    pub async fn medium_of_content(&self, hash: &str) -> Result<Option<MediaId>> {
        let id = sqlx::query_scalar("SELECT id FROM media WHERE hash = $1");
        Ok(id.bind(hash).fetch_optional(&self.read).await?)
    }

    /// The perceptual hashes of all media that have one.
    pub async fn looks(&self) -> Result<Vec<(MediaId, u64)>> {
        let sql = "SELECT id, phash FROM media WHERE phash IS NOT NULL AND live_of IS NULL";
        let rows: Vec<(MediaId, i64)> = sqlx::query_as(sql).fetch_all(&self.read).await?;
        Ok(rows.into_iter().map(|(id, hash)| (id, hash as u64)).collect())
    }

    /// Identifiers of all media that pass `filter`, in order.
    pub async fn select(&self, filter: &MediaFilter, order: Ordering, limit: Option<u32>) -> Result<Vec<MediaId>> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT m.id FROM media m WHERE ");
        self.push_filter(&mut query, filter);
        select::push_order(&mut query, order, limit);
        Ok(query.build_query_scalar().fetch_all(&self.read).await?)
    }

    /// A page of media that pass `filter`, latest first.
    pub async fn page(&self, filter: &MediaFilter, offset: u32, limit: u32) -> Result<Vec<Medium>> {
        let mut query = QueryBuilder::<Sqlite>::new(format!("SELECT {COLUMNS} FROM media m WHERE "));
        self.push_filter(&mut query, filter);
        query.push(" ORDER BY m.taken IS NULL, m.taken DESC, m.name DESC, m.id LIMIT ").push_bind(i64::from(limit));
        query.push(" OFFSET ").push_bind(i64::from(offset));
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// How many media pass `filter`.
    pub async fn count(&self, filter: &MediaFilter) -> Result<u64> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT COUNT(*) FROM media m WHERE ");
        self.push_filter(&mut query, filter);
        let count: i64 = query.build_query_scalar().fetch_one(&self.read).await?;
        Ok(count.max(0) as u64)
    }

    /// How many media that pass `filter` fall under each value of `grouping`, most first.
    pub async fn count_by(&self, filter: &MediaFilter, grouping: Grouping) -> Result<Vec<GroupCount>> {
        let (key, join) = select::grouping(grouping);
        let mut query = QueryBuilder::<Sqlite>::new(format!(
            "SELECT CAST({key} AS TEXT) AS key, COUNT(DISTINCT m.id) AS count FROM media m {join} WHERE {key} IS NOT NULL AND "
        ));
        self.push_filter(&mut query, filter);
        query.push(" GROUP BY 1 ORDER BY 2 DESC, 1");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// Days that have media, with how many, latest first; the undated come last under `None`.
    pub async fn days(&self) -> Result<Vec<(Option<String>, i64)>> {
        // The same are undated as for [`MediaFilter::dated`], so that days and media agree.
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT CASE WHEN m.taken_source = 'title' THEN NULL ELSE SUBSTR(m.taken, 1, 10) END AS day, COUNT(*) \
             FROM media m WHERE ",
        );
        self.push_filter(&mut query, &MediaFilter::default());
        query.push(" GROUP BY 1 ORDER BY day IS NULL, day DESC");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// Every file of each medium, in order of their paths.
    pub async fn paths(&self, id: MediaId) -> Result<Vec<String>> {
        let sql = "SELECT path FROM files WHERE media_id = $1 AND state = 'indexed' ORDER BY path";
        Ok(sqlx::query_scalar(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// Every value read for a medium: name, value, source.
    pub async fn values(&self, id: MediaId) -> Result<Vec<(String, String, String)>> {
        let sql = "SELECT name, value, source FROM media_values WHERE media_id = $1 ORDER BY position";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// How many descriptions hold any word of `text`: a plain scan, which benchmarks compare the indexes with.
    pub async fn scan_descriptions(&self, text: &str) -> Result<i64> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT COUNT(*) FROM media WHERE FALSE");
        for word in text.split_whitespace() {
            query.push(" OR description LIKE ").push_bind(format!("%{word}%"));
        }
        Ok(query.build_query_scalar().fetch_one(&self.read).await?)
    }

    /// Writes the user's own description of media.
    pub async fn annotate(&self, ids: &[MediaId], description: Option<&str>) -> Result<()> {
        let mut tx = self.begin().await?;
        for id in ids {
            sqlx::query("DELETE FROM annotations WHERE media_id = $1 AND field = 'description'")
                .bind(id)
                .execute(&mut *tx)
                .await?;
            if let Some(text) = description {
                sqlx::query("INSERT INTO annotations (media_id, field, value) VALUES ($1, 'description', $2)")
                    .bind(id)
                    .bind(text)
                    .execute(&mut *tx)
                    .await?;
            }
            sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut *tx).await?;
        }
        touch(&mut tx, Part::Contents).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The user's own descriptions of media, where there are any.
    pub async fn annotations(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, String>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT media_id, value FROM annotations WHERE field = 'description' AND media_id IN (",
        );
        select::push_ids(&mut query, ids);
        query.push(")");
        let rows = query.build().fetch_all(&self.read).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }
}

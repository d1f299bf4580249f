//! What is fit to be remembered: read from the library for `assistant::memories`, which makes memories of it.
//!
//! Fit is what shows something on a day that is known and is nothing to hide: no screenshot, no page of text, nothing that a
//! machine made, nobody whom the user hid. What the view keeps away is not there at all. What the user wants less of is in
//! [`feedback`].

pub mod feedback;

use std::collections::HashMap;

use jiff::civil::DateTime;
use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::concepts::weak::Builtin;
use super::{EventId, Library, MediaFilter, MediaId, PersonId, Result, select};

/// Identifiers of one statement.
const BATCH: usize = 500;
/// A picture with so many lines of text is a page rather than a scene.
const PAGE_OF_TEXT: i64 = 12;
/// Faces of a person that are looked at for one year.
const FACES_A_YEAR: i64 = 6;
/// Pictures of a spot, some hundred metres across, that are looked at for one year.
const SPOTS_A_YEAR: i64 = 3;

/// Somebody's face, or where the file says that they are.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Portrait {
    /// Whose.
    pub person_id: PersonId,
    /// In which photo.
    pub media_id: MediaId,
    /// When, local time.
    pub taken: String,
    /// Left edge, 0–1 of the upright picture.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
    /// −1…1, 0 is frontal; `None` where nothing has looked at the face.
    pub yaw: Option<f64>,
}

impl Portrait {
    /// When, local time.
    pub fn taken(&self) -> Option<DateTime> {
        self.taken.parse().ok()
    }
}

/// A photo with a position.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Spot {
    /// The photo.
    pub media_id: MediaId,
    /// When, local time.
    pub taken: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

impl Spot {
    /// When, local time.
    pub fn taken(&self) -> Option<DateTime> {
        self.taken.parse().ok()
    }
}

/// Who and what a medium shows, by identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subjects {
    /// People and pets with a name.
    pub people: Vec<PersonId>,
    /// Events and trips.
    pub events: Vec<EventId>,
}

impl Library {
    /// Media that pass `filter` and are fit to be remembered, earliest first.
    pub async fn rememberable(&self, filter: &MediaFilter) -> Result<Vec<MediaId>> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT m.id FROM media m WHERE ");
        self.push_filter(&mut query, filter);
        push_fit(&mut query);
        query.push(" ORDER BY m.taken, m.name, m.id");
        Ok(query.build_query_scalar().fetch_all(&self.read).await?)
    }

    /// The same, but of more than `most` only those that promise most, from as many hours as possible; earliest first.
    pub async fn most_rememberable(&self, filter: &MediaFilter, most: usize) -> Result<Vec<MediaId>> {
        // Of each hour first its best, then the second best of each. Which hours come first when there are too many of
        // them is a matter of chance, and of the same every time.
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT id FROM (SELECT id, taken, name FROM ( \
               SELECT m.id, m.taken, m.name, m.rating, m.phash, ROW_NUMBER() OVER (PARTITION BY SUBSTR(m.taken, 1, 13) \
                 ORDER BY COALESCE(m.rating, 0) DESC, \
                   EXISTS (SELECT 1 FROM media_people w WHERE w.media_id = m.id) DESC, m.width * m.height DESC, m.id) AS place \
               FROM media m WHERE ",
        );
        self.push_filter(&mut query, filter);
        push_fit(&mut query);
        query.push(") ORDER BY place, COALESCE(rating, 0) DESC, phash, id LIMIT ");
        query.push_bind(i64::try_from(most).unwrap_or(i64::MAX)).push(") ORDER BY taken, name, id");
        Ok(query.build_query_scalar().fetch_all(&self.read).await?)
    }

    /// The best faces of everybody who has a name and is not hidden, some for each year. Whether their photos are fit to be
    /// remembered is for [`Self::rememberable`] to say.
    pub async fn portraits(&self) -> Result<Vec<Portrait>> {
        // A face tells more than a box that a file has for somebody; that one counts where no face was found.
        let sql = "SELECT person_id, media_id, taken, x, y, w, h, yaw FROM ( \
              SELECT s.*, ROW_NUMBER() OVER (PARTITION BY person_id, taken_year ORDER BY worth DESC, media_id) AS place FROM ( \
                SELECT f.person_id, f.media_id, m.taken, m.taken_year, f.x, f.y, f.w, f.h, f.yaw, \
                  f.score * (CASE WHEN f.pixels < 160 THEN f.pixels / 160.0 ELSE 1 END) * (1.2 - ABS(f.yaw)) \
                  * (1 + 0.1 * COALESCE(m.rating, 0)) AS worth \
                FROM people p JOIN faces f ON f.person_id = p.id JOIN media m ON m.id = f.media_id \
                WHERE p.hidden = 0 AND p.name <> '' AND f.state = 'face' AND f.subject = 'person' AND f.frame_ms IS NULL AND m.kind = 'photo' \
                UNION ALL \
                SELECT a.person_id, a.media_id, m.taken, m.taken_year, a.x, a.y, a.w, a.h, NULL, \
                  a.h * (1 + 0.1 * COALESCE(m.rating, 0)) \
                FROM people p JOIN media_people a ON a.person_id = p.id JOIN media m ON m.id = a.media_id \
                WHERE p.hidden = 0 AND p.name <> '' AND a.w > 0 AND a.h > 0 AND m.kind = 'photo' AND NOT EXISTS ( \
                  SELECT 1 FROM faces f WHERE f.media_id = a.media_id AND f.person_id = a.person_id AND f.state = 'face') \
              ) s WHERE taken IS NOT NULL \
            ) r WHERE place <= $1 ORDER BY person_id, taken, media_id";
        Ok(sqlx::query_as(sql).bind(FACES_A_YEAR).fetch_all(&self.read).await?)
    }

    /// Photos with a position, the best of each spot and year, earliest first. Whether they are fit to be remembered is for
    /// [`Self::rememberable`] to say.
    pub async fn spots(&self) -> Result<Vec<Spot>> {
        let sql = "SELECT media_id, taken, lat, lon FROM ( \
              SELECT m.id AS media_id, m.taken, m.lat, m.lon, ROW_NUMBER() OVER (PARTITION BY \
                CAST(m.lat * 1000 AS INTEGER), CAST(m.lon * 1000 AS INTEGER), m.taken_year \
                ORDER BY COALESCE(m.rating, 0) DESC, m.taken, m.id) AS place \
              FROM media m WHERE m.lat IS NOT NULL AND m.lon IS NOT NULL AND m.taken_day IS NOT NULL AND m.kind = 'photo' \
                AND m.screenshot = 0 AND m.live_of IS NULL \
            ) r WHERE place <= $1 ORDER BY taken, media_id";
        Ok(sqlx::query_as(sql).bind(SPOTS_A_YEAR).fetch_all(&self.read).await?)
    }

    /// Who and what these media show.
    pub async fn subjects_of(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, Subjects>> {
        let mut subjects: HashMap<MediaId, Subjects> = HashMap::new();
        for some in ids.chunks(BATCH) {
            let mut query =
                QueryBuilder::<Sqlite>::new("SELECT media_id, person_id FROM media_people WHERE media_id IN (");
            select::push_ids(&mut query, some);
            query.push(") ORDER BY media_id, person_id");
            for (id, person) in query.build_query_as::<(MediaId, PersonId)>().fetch_all(&self.read).await? {
                subjects.entry(id).or_default().people.push(person);
            }
            let mut query =
                QueryBuilder::<Sqlite>::new("SELECT media_id, event_id FROM event_media WHERE media_id IN (");
            select::push_ids(&mut query, some);
            query.push(") ORDER BY media_id, event_id");
            for (id, event) in query.build_query_as::<(MediaId, EventId)>().fetch_all(&self.read).await? {
                subjects.entry(id).or_default().events.push(event);
            }
        }
        Ok(subjects)
    }
}

/// Appends the conditions on a row `m` of `media` that is fit to be remembered, beginning with ` AND`.
pub(super) fn push_fit(query: &mut QueryBuilder<Sqlite>) {
    query.push(
        " AND m.problem_code IS NULL AND m.generated IS NULL AND m.screenshot = 0 AND m.taken_day IS NOT NULL \
         AND m.taken_source <> 'title' \
         AND NOT EXISTS (SELECT 1 FROM concept_scores s JOIN concepts c ON c.id = s.concept_id \
           AND c.builtin IN ('screenshots', 'documents') AND s.certainty >= c.threshold WHERE s.media_id = m.id) \
         AND NOT EXISTS (SELECT 1 FROM media_people h JOIN people p ON p.id = h.person_id AND p.hidden <> 0 \
           WHERE h.media_id = m.id) \
         AND NOT EXISTS (SELECT 1 FROM faces h JOIN people p ON p.id = h.person_id AND p.hidden <> 0 \
           WHERE h.media_id = m.id AND h.state = 'face') AND (",
    );
    query.push("SELECT COUNT(*) FROM media_text t WHERE t.media_id = m.id AND t.frame_ms IS NULL) < ");
    query.push_bind(PAGE_OF_TEXT);
    query.push(" AND NOT (").push(Builtin::Documents.belongs()).push(")");
}

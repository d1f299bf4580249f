//! [`MediaFilter`] as SQL: conditions on a row `m` of `media`.
//!
//! Values are bound; only identifiers, which are UUIDs, are written into the text, because a follow-up may carry
//! more of them than a statement has parameters.

use std::fmt::Display;

use sqlx::{QueryBuilder, Sqlite};

use super::filter::{Copies, CountSpan, Grouping, MediaFilter, MediaKind, PlaceRef, Shape};
use super::fold;
use super::media::Ordering;

type Query = QueryBuilder<Sqlite>;

// What belongs somewhere is listed once and looked up; asked of each medium, all media of the library would be gone through.
const IN_EVENT: &str = "m.id IN (SELECT em.media_id FROM event_media em WHERE em.event_id IN (";

/// Appends the conditions of `filter`; at least one condition is always written.
pub(super) fn push_filter(query: &mut Query, filter: &MediaFilter) {
    // The video half of a live photo is part of the still.
    query.push("m.live_of IS NULL");
    people(query, filter);
    places(query, filter);
    time(query, filter);
    attributes(query, filter);
    groups(query, filter);
    copies(query, filter);
    if let Some(among) = &filter.among {
        query.push(" AND m.id IN (");
        push_ids(query, among);
        query.push(")");
    }
    if !filter.except.is_empty() {
        query.push(" AND m.id NOT IN (");
        push_ids(query, &filter.except);
        query.push(")");
    }
}

/// Appends identifiers as a comma-separated list of literals; nothing fits an empty list.
pub(super) fn push_ids<I: Display>(query: &mut Query, ids: &[I]) {
    if ids.is_empty() {
        query.push("NULL");
    }
    for (position, id) in ids.iter().enumerate() {
        query.push(if position == 0 { "'" } else { ",'" }).push(id).push("'");
    }
}

/// Appends the order of media by time, the undated last, and how many are wanted.
pub(super) fn push_order(query: &mut Query, order: Ordering, limit: Option<u32>) {
    query.push(match order {
        Ordering::Newest => " ORDER BY m.taken IS NULL, m.taken DESC, m.name DESC, m.id",
        Ordering::Oldest => " ORDER BY m.taken IS NULL, m.taken, m.name, m.id",
    });
    if let Some(limit) = limit {
        query.push(" LIMIT ").push_bind(i64::from(limit));
    }
}

/// The key expression and the joins that count media by `grouping`.
pub(super) fn grouping(grouping: Grouping) -> (&'static str, &'static str) {
    match grouping {
        Grouping::Year => ("m.taken_year", ""),
        Grouping::Month => ("CASE WHEN m.taken_month IS NULL THEN NULL ELSE SUBSTR(m.taken, 1, 7) END", ""),
        Grouping::Day => ("CASE WHEN m.taken_day IS NULL THEN NULL ELSE SUBSTR(m.taken, 1, 10) END", ""),
        Grouping::Weekday => ("m.taken_weekday", ""),
        Grouping::Person => {
            ("p.name", "LEFT JOIN media_people mp ON mp.media_id = m.id LEFT JOIN people p ON p.id = mp.person_id")
        }
        Grouping::Country => ("m.country", ""),
        Grouping::Region => ("m.region", ""),
        Grouping::City => ("COALESCE(m.city, m.locality)", ""),
        Grouping::Camera => ("m.camera", ""),
        Grouping::Kind => ("m.kind", ""),
        Grouping::Event => {
            ("e.name", "LEFT JOIN event_media em ON em.media_id = m.id LEFT JOIN events e ON e.id = em.event_id")
        }
        Grouping::Tag => ("t.tag", "LEFT JOIN media_tags t ON t.media_id = m.id"),
    }
}

fn people(query: &mut Query, filter: &MediaFilter) {
    const NAMED: &str = "m.id IN (SELECT mp.media_id FROM media_people mp WHERE TRUE";
    for group in &filter.people {
        query.push(" AND ").push(NAMED).push(" AND mp.person_id IN (");
        push_ids(query, group);
        query.push("))");
    }
    if !filter.without_people.is_empty() {
        query.push(" AND NOT ").push(NAMED).push(" AND mp.person_id IN (");
        push_ids(query, &filter.without_people);
        query.push("))");
    }
    if filter.only_these_people {
        let asked: Vec<_> = filter.people.iter().flatten().collect();
        query.push(" AND NOT ").push(NAMED).push(" AND mp.person_id NOT IN (");
        push_ids(query, &asked);
        query.push("))");
    }
    if let Some(has) = filter.has_people {
        query.push(if has { " AND " } else { " AND NOT " }).push(NAMED).push(")");
    }
    if filter.somebody_unnamed {
        // A found group of faces is a person with an empty name.
        query.push(
            " AND EXISTS (SELECT 1 FROM faces f LEFT JOIN people p ON p.id = f.person_id WHERE f.media_id = m.id \
             AND f.state = 'face' AND f.subject = 'person' AND (p.id IS NULL OR p.name = ''))",
        );
    }
    if let Some(span) = filter.people_count {
        people_count(query, span);
    }
}

/// People turn away from cameras and detectors miss some: who is known to be there counts, too.
fn people_count(query: &mut Query, span: CountSpan) {
    const FACES: &str =
        "(SELECT COUNT(*) FROM faces f WHERE f.media_id = m.id AND f.frame_ms IS NULL AND f.state <> 'not_a_face')";
    const KNOWN: &str = "(SELECT COUNT(*) FROM media_people mp JOIN people p ON p.id = mp.person_id WHERE mp.media_id = m.id AND p.pet = 0)";
    if span.least > 0 {
        query.push(" AND (").push(FACES).push(" >= ").push_bind(i64::from(span.least));
        query.push(" OR ").push(KNOWN).push(" >= ").push_bind(i64::from(span.least)).push(")");
    }
    if let Some(most) = span.most {
        query.push(" AND ").push(FACES).push(" <= ").push_bind(i64::from(most));
        query.push(" AND ").push(KNOWN).push(" <= ").push_bind(i64::from(most));
    }
}

fn places(query: &mut Query, filter: &MediaFilter) {
    if !filter.places.is_empty() {
        query.push(" AND (");
        any_place(query, &filter.places);
        if !filter.place_events.is_empty() {
            // A picture without a position is where its event is.
            query.push(" OR ((m.place_source IS NULL OR m.place_source = 'folder') AND ").push(IN_EVENT);
            push_ids(query, &filter.place_events);
            query.push(")))");
        }
        query.push(")");
    }
    if let Some(located) = filter.located {
        query.push(if located { " AND m.place_source IS NOT NULL" } else { " AND m.place_source IS NULL" });
    }
    if !filter.without_places.is_empty() {
        query.push(" AND NOT COALESCE((");
        any_place(query, &filter.without_places);
        query.push("), FALSE)");
    }
}

fn any_place(query: &mut Query, places: &[PlaceRef]) {
    for (position, place) in places.iter().enumerate() {
        query.push(if position == 0 { "(1 = 1" } else { " OR (1 = 1" });
        if let Some(code) = &place.country_code {
            query.push(" AND m.country_code = ").push_bind(code.clone());
        }
        if let Some(region) = &place.region {
            query.push(" AND m.region = ").push_bind(region.clone());
        }
        if let Some(city) = &place.city {
            query.push(" AND (m.city = ").push_bind(city.clone());
            query.push(" OR m.locality = ").push_bind(city.clone()).push(")");
        }
        query.push(")");
    }
}

fn time(query: &mut Query, filter: &MediaFilter) {
    let written = |time: jiff::civil::DateTime| time.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    alternatives(query, &filter.taken, |query, span| {
        query.push("(m.taken >= ").push_bind(written(span.start));
        query.push(" AND m.taken < ").push_bind(written(span.end)).push(")");
    });
    alternatives(query, &filter.months, |query, month| {
        query.push("m.taken_month = ").push_bind(i64::from(*month));
    });
    alternatives(query, &filter.month_days, |query, (month, day)| {
        query.push("(m.taken_month = ").push_bind(i64::from(*month));
        query.push(" AND m.taken_day = ").push_bind(i64::from(*day)).push(")");
    });
    alternatives(query, &filter.weekdays, |query, day| {
        query.push("m.taken_weekday = ").push_bind(i64::from(*day));
    });
    alternatives(query, &filter.times_of_day, |query, span| {
        query.push("(m.taken_minute >= ").push_bind(i64::from(span.from));
        query.push(if span.from <= span.to { " AND m.taken_minute < " } else { " OR m.taken_minute < " });
        query.push_bind(i64::from(span.to)).push(")");
    });
    if let Some(dated) = filter.dated {
        query.push(if dated {
            " AND m.taken IS NOT NULL AND m.taken_source <> 'title'"
        } else {
            " AND (m.taken IS NULL OR m.taken_source = 'title')"
        });
    }
}

fn attributes(query: &mut Query, filter: &MediaFilter) {
    alternatives(query, &filter.kinds, |query, kind| {
        query.push(match kind {
            MediaKind::Photo => "m.kind = 'photo'",
            MediaKind::Video => "m.kind = 'video'",
            MediaKind::Screenshot => "m.screenshot = 1",
            MediaKind::Panorama => "m.panorama = 1",
            MediaKind::LivePhoto => "m.live = 1",
            MediaKind::Raw => "m.raw = 1",
        });
    });
    alternatives(query, &filter.cameras, |query, camera| {
        query.push("m.camera = ").push_bind(camera.clone());
    });
    if let Some(seconds) = filter.min_seconds {
        query.push(" AND m.duration_ms >= ").push_bind(i64::from(seconds) * 1000);
    }
    if let Some(seconds) = filter.max_seconds {
        // "At most a minute" takes a video of 60.4 seconds.
        query.push(" AND m.duration_ms < ").push_bind((i64::from(seconds) + 1) * 1000);
    }
    if let Some(stars) = filter.min_rating {
        query.push(" AND m.rating >= ").push_bind(i64::from(stars));
    }
    if let Some(stars) = filter.max_rating {
        query.push(" AND m.rating <= ").push_bind(i64::from(stars)).push(" AND m.rating > 0");
    }
    if let Some(generated) = filter.generated {
        query.push(if generated { " AND m.generated IS NOT NULL" } else { " AND m.generated IS NULL" });
    }
    alternatives(query, &filter.shapes, |query, shape| {
        query.push(match shape {
            Shape::Portrait => "m.height > m.width",
            Shape::Landscape => "m.width > m.height",
            Shape::Square => "m.width = m.height",
        });
    });
}

fn groups(query: &mut Query, filter: &MediaFilter) {
    const IN_ALBUM: &str = "m.id IN (SELECT am.media_id FROM album_media am WHERE am.album_id IN (";
    const IN_THEME: &str = "m.id IN (SELECT tm.media_id FROM theme_media tm WHERE tm.theme_id IN (";
    const TAGGED: &str = "m.id IN (SELECT t.media_id FROM media_tags t WHERE t.folded = ";
    const BELONGS: &str = "m.id IN (SELECT s.media_id FROM concept_scores s JOIN concepts c ON c.id = s.concept_id \
                           AND s.certainty >= c.threshold WHERE s.concept_id = ";
    if !filter.events.is_empty() {
        query.push(" AND ").push(IN_EVENT);
        push_ids(query, &filter.events);
        query.push("))");
    }
    if !filter.without_events.is_empty() {
        query.push(" AND NOT ").push(IN_EVENT);
        push_ids(query, &filter.without_events);
        query.push("))");
    }
    if !filter.albums.is_empty() {
        query.push(" AND ").push(IN_ALBUM);
        push_ids(query, &filter.albums);
        query.push("))");
    }
    if !filter.themes.is_empty() {
        query.push(" AND ").push(IN_THEME);
        push_ids(query, &filter.themes);
        query.push("))");
    }
    for concept in &filter.concepts {
        query.push(" AND ").push(BELONGS).push_bind(*concept).push(")");
    }
    for concept in &filter.without_concepts {
        query.push(" AND NOT ").push(BELONGS).push_bind(*concept).push(")");
    }
    for tag in &filter.tags {
        query.push(" AND ").push(TAGGED).push_bind(fold(tag)).push(")");
    }
    for tag in &filter.without_tags {
        query.push(" AND NOT ").push(TAGGED).push_bind(fold(tag)).push(")");
    }
}

fn copies(query: &mut Query, filter: &MediaFilter) {
    match filter.copies {
        None => {}
        Some(Copies::Exact) => {
            query.push(" AND (SELECT COUNT(*) FROM files f WHERE f.media_id = m.id AND f.state = 'indexed') > 1");
        }
        Some(Copies::Near) => {
            query.push(" AND EXISTS (SELECT 1 FROM media_copies c WHERE c.media_id = m.id AND c.kind = 'near')");
        }
        Some(Copies::Burst) => {
            query.push(" AND EXISTS (SELECT 1 FROM media_copies c WHERE c.media_id = m.id AND c.kind = 'burst')");
        }
    }
}

/// Appends ` AND (a OR b …)`, or nothing when there are no alternatives.
fn alternatives<T>(query: &mut Query, values: &[T], mut push: impl FnMut(&mut Query, &T)) {
    for (position, value) in values.iter().enumerate() {
        query.push(if position == 0 { " AND (" } else { " OR " });
        push(query, value);
    }
    if !values.is_empty() {
        query.push(")");
    }
}

//! Reads the [`Vocabulary`] of a library.

use std::collections::HashMap;

use sqlx::SqlitePool;

use super::filter::PlaceRef;
use super::vocabulary::{
    AlbumEntry, CameraEntry, ConceptEntry, EventEntry, PersonEntry, PlaceEntry, PlaceLevel, TagEntry,
    ThemeEntry, Vocabulary,
};
use super::{AlbumId, ConceptId, EventId, PersonId, Result, ThemeId};

/// How many words mark an event at the most.
const HINTS: usize = 12;

/// Reads every name. Place names are those stored, in English; the assistant adds those of other languages.
pub(super) async fn read(pool: &SqlitePool) -> Result<Vocabulary> {
    let mut vocabulary = Vocabulary {
        people: people(pool).await?,
        places: places(pool).await?,
        events: events(pool).await?,
        albums: albums(pool).await?,
        tags: tags(pool).await?,
        concepts: concepts(pool).await?,
        themes: themes(pool).await?,
        cameras: cameras(pool).await?,
        ..Vocabulary::default()
    };
    let (first, last, media): (Option<String>, Option<String>, i64) =
        sqlx::query_as("SELECT MIN(taken), MAX(taken), COUNT(*) FROM media WHERE live_of IS NULL")
            .fetch_one(pool)
            .await?;
    vocabulary.dated = first.and_then(|t| t.parse().ok()).zip(last.and_then(|t| t.parse().ok()));
    vocabulary.media = small(media);
    vocabulary.home = home(pool).await?;
    vocabulary.home_country = match vocabulary.home.as_ref().and_then(|home| home.country_code.clone()) {
        Some(country) => Some(country),
        None => home_country(pool).await?,
    };
    Ok(vocabulary)
}

fn small(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(if count < 0 { 0 } else { u32::MAX })
}

/// The city with media on the most distinct days, if it leads clearly: people live where they are most often.
async fn home(pool: &SqlitePool) -> Result<Option<PlaceRef>> {
    let sql = "SELECT country_code, region, city, COUNT(DISTINCT SUBSTR(taken, 1, 10)) AS days FROM media \
               WHERE city IS NOT NULL AND taken IS NOT NULL GROUP BY country_code, region, city ORDER BY days DESC, city LIMIT 2";
    type Row = (Option<String>, Option<String>, Option<String>, i64);
    let rows: Vec<Row> = sqlx::query_as(sql).fetch_all(pool).await?;
    let second = rows.get(1).map_or(0, |row| row.3);
    let leading = rows.into_iter().next().filter(|first| leads(first.3, second));
    Ok(leading.map(|(country_code, region, city, _)| PlaceRef { city, region, country_code }))
}

/// The country with media on the most distinct days, if it leads clearly.
async fn home_country(pool: &SqlitePool) -> Result<Option<String>> {
    let sql = "SELECT country_code, COUNT(DISTINCT SUBSTR(taken, 1, 10)) AS days FROM media \
               WHERE country_code IS NOT NULL AND taken IS NOT NULL GROUP BY country_code ORDER BY days DESC, country_code LIMIT 2";
    let rows: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(pool).await?;
    let second = rows.get(1).map_or(0, |row| row.1);
    Ok(rows.into_iter().next().filter(|first| leads(first.1, second)).map(|(country, _)| country))
}

/// Whether somebody who was on so many days in one place and on so many in the next lives in the first.
fn leads(days: i64, next: i64) -> bool {
    days >= 3 && days * 2 >= next * 3
}

async fn people(pool: &SqlitePool) -> Result<Vec<PersonEntry>> {
    // Read anew after every change, so the media that are shown are not looked up one by one.
    let sql = "SELECT p.id, p.name, p.aliases, p.pet <> 0, c.media FROM people p JOIN \
               (SELECT person_id, COUNT(*) AS media FROM media_people \
                WHERE media_id NOT IN (SELECT id FROM media WHERE live_of IS NOT NULL) GROUP BY person_id) c \
               ON c.person_id = p.id ORDER BY p.name";
    let rows: Vec<(PersonId, String, String, bool, i64)> = sqlx::query_as(sql).fetch_all(pool).await?;
    rows.into_iter()
        .map(|(id, name, aliases, pet, media)| {
            Ok(PersonEntry { id, name, aliases: serde_json::from_str(&aliases)?, pet, media: small(media) })
        })
        .collect()
}

async fn places(pool: &SqlitePool) -> Result<Vec<PlaceEntry>> {
    type Row = (Option<String>, Option<String>, Option<String>, Option<String>, Option<String>, i64);
    let sql = "SELECT country_code, country, region, city, locality, COUNT(*) FROM media \
               WHERE live_of IS NULL AND (country_code IS NOT NULL OR city IS NOT NULL OR locality IS NOT NULL OR region IS NOT NULL) \
               GROUP BY country_code, region, city, country, locality";
    let rows: Vec<Row> = sqlx::query_as(sql).fetch_all(pool).await?;
    let mut entries: HashMap<PlaceRef, PlaceEntry> = HashMap::new();
    let mut add = |place: PlaceRef, level: PlaceLevel, name: String, count: i64| {
        let entry = entries.entry(place.clone()).or_insert(PlaceEntry { place, level, names: vec![name], media: 0 });
        entry.media = entry.media.saturating_add(small(count));
    };
    for (country_code, country, region, city, locality, count) in rows {
        if let Some(name) = country {
            let place = PlaceRef { country_code: country_code.clone(), ..PlaceRef::default() };
            if country_code.is_some() {
                add(place, PlaceLevel::Country, name, count);
            }
        }
        if let Some(name) = &region {
            let place = PlaceRef { country_code: country_code.clone(), region: region.clone(), city: None };
            add(place, PlaceLevel::Region, name.clone(), count);
        }
        let same = city == locality;
        for name in [city, locality.filter(|_| !same)].into_iter().flatten() {
            let place =
                PlaceRef { country_code: country_code.clone(), region: region.clone(), city: Some(name.clone()) };
            add(place, PlaceLevel::City, name, count);
        }
    }
    let mut entries: Vec<_> = entries.into_values().collect();
    entries.sort_by(|a, b| (a.level, &a.names, &a.place.region).cmp(&(b.level, &b.names, &b.place.region)));
    Ok(entries)
}

async fn events(pool: &SqlitePool) -> Result<Vec<EventEntry>> {
    type Row = (EventId, String, Option<String>, Option<String>, i64);
    let sql = "SELECT e.id, e.name, e.starts, e.ends, COUNT(m.id) FROM events e \
               JOIN event_media em ON em.event_id = e.id JOIN media m ON m.id = em.media_id AND m.live_of IS NULL \
               GROUP BY e.id, e.name, e.starts, e.ends ORDER BY e.starts, e.name";
    let rows: Vec<Row> = sqlx::query_as(sql).fetch_all(pool).await?;
    let mut hints = hints(pool).await?;
    Ok(rows
        .into_iter()
        .map(|(id, name, starts, ends, media)| EventEntry {
            id,
            name,
            hints: hints.remove(&id).unwrap_or_default(),
            start: starts.and_then(|t| t.parse().ok()),
            end: ends.and_then(|t| t.parse().ok()),
            media: small(media),
        })
        .collect())
}

/// The keywords and places that most of an event's media share, most frequent first.
async fn hints(pool: &SqlitePool) -> Result<HashMap<EventId, Vec<String>>> {
    let tags = "SELECT em.event_id, MIN(t.tag), COUNT(*) FROM event_media em JOIN media_tags t ON t.media_id = em.media_id \
                GROUP BY em.event_id, t.folded";
    let places = "SELECT em.event_id, w.name, COUNT(*) FROM event_media em JOIN \
                  (SELECT id, city AS name FROM media UNION SELECT id, locality FROM media UNION SELECT id, region FROM media \
                   UNION SELECT id, country FROM media) w ON w.id = em.media_id WHERE w.name IS NOT NULL \
                  GROUP BY em.event_id, w.name";
    let mut counted: Vec<(EventId, String, i64)> = sqlx::query_as(tags).fetch_all(pool).await?;
    counted.extend(sqlx::query_as::<_, (EventId, String, i64)>(places).fetch_all(pool).await?);
    counted.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
    let mut hints: HashMap<EventId, Vec<String>> = HashMap::new();
    for (event, word, _) in counted {
        let words = hints.entry(event).or_default();
        if words.len() < HINTS && !words.contains(&word) {
            words.push(word);
        }
    }
    Ok(hints)
}

async fn albums(pool: &SqlitePool) -> Result<Vec<AlbumEntry>> {
    let sql = "SELECT a.id, a.name, COUNT(am.media_id) FROM albums a LEFT JOIN album_media am ON am.album_id = a.id \
               GROUP BY a.id, a.name ORDER BY a.name";
    let rows: Vec<(AlbumId, String, i64)> = sqlx::query_as(sql).fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(id, name, media)| AlbumEntry { id, name, media: small(media) }).collect())
}

/// The user's own: what the built-in ones are called is everyday words, which mean more than a concept.
async fn concepts(pool: &SqlitePool) -> Result<Vec<ConceptEntry>> {
    let sql = "SELECT id, name FROM concepts WHERE builtin IS NULL ORDER BY folded";
    let rows: Vec<(ConceptId, String)> = sqlx::query_as(sql).fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(id, name)| ConceptEntry { id, name }).collect())
}

/// Those that the user named and did not hide; what others are called is left to the language of who asks.
async fn themes(pool: &SqlitePool) -> Result<Vec<ThemeEntry>> {
    let sql = "SELECT id, name FROM themes WHERE name IS NOT NULL AND hidden = 0 ORDER BY name, id";
    let rows: Vec<(ThemeId, String)> = sqlx::query_as(sql).fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(id, name)| ThemeEntry { id, name }).collect())
}

async fn tags(pool: &SqlitePool) -> Result<Vec<TagEntry>> {
    let sql = "SELECT MIN(t.tag), COUNT(*) FROM media_tags t JOIN media m ON m.id = t.media_id AND m.live_of IS NULL \
               GROUP BY t.folded ORDER BY t.folded";
    let rows: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(name, media)| TagEntry { name, media: small(media) }).collect())
}

async fn cameras(pool: &SqlitePool) -> Result<Vec<CameraEntry>> {
    let sql = "SELECT camera, MIN(camera_make), MIN(camera_model), COUNT(*) FROM media \
               WHERE camera IS NOT NULL AND live_of IS NULL GROUP BY camera ORDER BY camera";
    let rows: Vec<(String, Option<String>, Option<String>, i64)> = sqlx::query_as(sql).fetch_all(pool).await?;
    Ok(rows
        .into_iter()
        .map(|(label, make, model, media)| CameraEntry { label, make, model, media: small(media) })
        .collect())
}

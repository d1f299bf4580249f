//! Reads the [`Vocabulary`] of a library.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::DateTime;
use sqlx::SqlitePool;

use super::filter::PlaceRef;
use super::revision::{Made, Part, Revisions};
use super::vocabulary::{
    AlbumEntry, CameraEntry, ConceptEntry, EventEntry, PersonEntry, PlaceEntry, PlaceLevel, TagEntry, ThemeEntry,
    Vocabulary,
};
use super::{AlbumId, ConceptId, EventId, PersonId, Result, ThemeId};

/// How many words mark an event at the most.
const HINTS: usize = 12;

/// Media whose numbers change say all of these anew; each also rests on what is named with it.
const PEOPLE: &[Part] = &[Part::Media, Part::Faces, Part::People, Part::Tags];
const PLACES: &[Part] = &[Part::Media];
const EVENTS: &[Part] = &[Part::Media, Part::Tags, Part::Events];
const ALBUMS: &[Part] = &[Part::Media, Part::Albums];
const TAGS: &[Part] = &[Part::Media, Part::Tags];
const CONCEPTS: &[Part] = &[Part::Concepts];
const THEMES: &[Part] = &[Part::Themes];
/// Clocks that were set right move the time of media.
const TIMES: &[Part] = &[Part::Media, Part::Events];

/// The words of the library, with what they were read at.
#[derive(Clone)]
pub(super) struct KeptVocabulary {
    pub vocabulary: Arc<Vocabulary>,
    of: Revisions,
    /// How media were read last.
    media: Made,
}

impl KeptVocabulary {
    /// What is kept, with what has changed by `now` read again.
    pub async fn brought_up(kept: Option<Self>, pool: &SqlitePool, now: Revisions) -> Result<Self> {
        let began = Instant::now();
        let Some(kept) = kept else {
            let vocabulary = Arc::new(read(pool, None, &now).await?);
            return Ok(Self { vocabulary, of: now, media: Made::since(began) });
        };
        // Whoever asks while pictures arrive does not wait for all of them each time; what people say counts at once.
        let now = if kept.media.rests() { now.with(Part::Media, &kept.of) } else { now };
        if is_same(&kept.of, &now) {
            return Ok(kept);
        }
        let same_media = kept.of.of(PLACES) == now.of(PLACES);
        let vocabulary = read(pool, Some((&kept.of, &kept.vocabulary)), &now).await?;
        // What was made of the words holds as long as they are the same ones.
        let vocabulary = if vocabulary == *kept.vocabulary { kept.vocabulary } else { Arc::new(vocabulary) };
        Ok(Self { vocabulary, of: now, media: if same_media { kept.media } else { Made::since(began) } })
    }
}

/// Whether a vocabulary that was read at `before` is still what the library says.
fn is_same(before: &Revisions, now: &Revisions) -> bool {
    [PEOPLE, PLACES, EVENTS, ALBUMS, TAGS, CONCEPTS, THEMES, TIMES]
        .iter()
        .all(|parts| before.of(parts) == now.of(parts))
}

/// Reads every name; what has not changed since an earlier vocabulary is taken from there. Place names are those stored, in
/// English; the assistant adds those of other languages.
async fn read(pool: &SqlitePool, before: Option<(&Revisions, &Vocabulary)>, now: &Revisions) -> Result<Vocabulary> {
    let kept = |parts| before.filter(|(of, _)| of.of(parts) == now.of(parts)).map(|(_, vocabulary)| vocabulary);
    let (people, places, events, albums, tags, concepts, themes, cameras, times, homes) = tokio::try_join!(
        unless(kept(PEOPLE).map(|kept| kept.people.clone()), people(pool)),
        unless(kept(PLACES).map(|kept| kept.places.clone()), places(pool)),
        unless(kept(EVENTS).map(|kept| kept.events.clone()), events(pool)),
        unless(kept(ALBUMS).map(|kept| kept.albums.clone()), albums(pool)),
        unless(kept(TAGS).map(|kept| kept.tags.clone()), tags(pool)),
        unless(kept(CONCEPTS).map(|kept| kept.concepts.clone()), concepts(pool)),
        unless(kept(THEMES).map(|kept| kept.themes.clone()), themes(pool)),
        unless(kept(PLACES).map(|kept| kept.cameras.clone()), cameras(pool)),
        unless(kept(TIMES).map(|kept| (kept.dated, kept.media)), times(pool)),
        unless(kept(TIMES).map(|kept| (kept.home.clone(), kept.home_country.clone())), homes(pool)),
    )?;
    let ((dated, media), (home, home_country)) = (times, homes);
    Ok(Vocabulary { people, places, events, albums, tags, concepts, themes, cameras, dated, media, home, home_country })
}

/// What is kept, or what is read.
async fn unless<T>(kept: Option<T>, read: impl Future<Output = Result<T>>) -> Result<T> {
    match kept {
        Some(kept) => Ok(kept),
        None => read.await,
    }
}

/// Local time of the first and the last dated medium, and the number of media.
async fn times(pool: &SqlitePool) -> Result<(Option<(DateTime, DateTime)>, u32)> {
    let sql = "SELECT MIN(taken), MAX(taken), COUNT(*) FROM media WHERE live_of IS NULL";
    let (first, last, media): (Option<String>, Option<String>, i64) = sqlx::query_as(sql).fetch_one(pool).await?;
    Ok((first.and_then(|t| t.parse().ok()).zip(last.and_then(|t| t.parse().ok())), small(media)))
}

/// Where most days were spent: the city, and the country.
async fn homes(pool: &SqlitePool) -> Result<(Option<PlaceRef>, Option<String>)> {
    let home = home(pool).await?;
    let country = match home.as_ref().and_then(|home| home.country_code.clone()) {
        Some(country) => Some(country),
        None => home_country(pool).await?,
    };
    Ok((home, country))
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
    // Asked while pictures arrive: the media that are shown are not looked up one by one.
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
    type Row = (EventId, Option<String>, Option<String>, Option<String>, Option<String>, i64);
    let tags = "SELECT em.event_id, MIN(t.tag), COUNT(*) FROM event_media em JOIN media_tags t ON t.media_id = em.media_id \
                GROUP BY em.event_id, t.folded";
    let places = "SELECT em.event_id, m.city, m.locality, m.region, m.country, COUNT(*) FROM event_media em \
                  JOIN media m ON m.id = em.media_id GROUP BY em.event_id, m.city, m.locality, m.region, m.country";
    let mut counted: Vec<(EventId, String, i64)> = sqlx::query_as(tags).fetch_all(pool).await?;
    let mut named: HashMap<(EventId, String), i64> = HashMap::new();
    for (event, city, locality, region, country, count) in sqlx::query_as::<_, Row>(places).fetch_all(pool).await? {
        // A city that lies in a region of its name is one word.
        let words: BTreeSet<String> = [city, locality, region, country].into_iter().flatten().collect();
        for word in words {
            *named.entry((event, word)).or_default() += count;
        }
    }
    counted.extend(named.into_iter().map(|((event, word), count)| (event, word, count)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::concepts::examples::Said;
    use crate::library::events::NewEvent;
    use crate::library::events::change::Action as EventAction;
    use crate::library::filter::MediaFilter;
    use crate::library::media::Ordering;
    use crate::library::people::change::Action;
    use crate::library::tests::filled;
    use crate::library::{Library, MediaId};

    /// What is kept says what is stored.
    async fn agrees(library: &Library, after: &str) -> Vocabulary {
        let kept = library.vocabulary().await.unwrap();
        let stored = read(&library.read, None, &Revisions::default()).await.unwrap();
        assert_eq!(format!("{kept:?}"), format!("{stored:?}"), "{after}");
        stored
    }

    #[tokio::test]
    async fn every_change_is_seen_by_what_is_kept() {
        let (_dir, library) = filled().await;
        let all: Vec<MediaId> = library.select(&MediaFilter::default(), Ordering::Oldest, None).await.unwrap();
        agrees(&library, "nothing").await;
        library.add_tags(&all[..1], &["Summer".into()]).await.unwrap();
        assert_eq!(agrees(&library, "a keyword").await.tags.len(), 2);
        library.remove_tag(&all[..1], "summer").await.unwrap();
        agrees(&library, "no keyword").await;
        let album = library.create_album("Best", None, &all).await.unwrap().album;
        assert_eq!(agrees(&library, "an album").await.albums[0].media, 3);
        library.remove_from_album(album, &all[..1]).await.unwrap();
        assert_eq!(agrees(&library, "less in an album").await.albums[0].media, 2);
        let concept = library.create_concept("our cabin", &Said::default()).await.unwrap();
        agrees(&library, "a concept").await;
        library.rename_concept(concept, "our hut").await.unwrap();
        assert_eq!(agrees(&library, "a concept's name").await.concepts[0].name, "our hut");
        let event = NewEvent {
            origin: None,
            name: "Sailing".into(),
            kind: "occasion",
            starts: None,
            ends: None,
            place: None,
            media: all[..2].to_vec(),
            within: None,
        };
        library.replace_events(&[event]).await.unwrap();
        let event = agrees(&library, "an event").await.events[0].id;
        library.change_events(&EventAction::Rename { event, name: "The regatta".into() }).await.unwrap();
        assert_eq!(agrees(&library, "an event's name").await.events[0].name, "The regatta");
        library.change_events(&EventAction::SetClock { media: all[..1].to_vec(), shift_s: -86_400 }).await.unwrap();
        agrees(&library, "a clock").await;
        let ida = library.person_called("ida").await.unwrap().unwrap();
        library.change_people(&Action::Rename { person: ida, name: "Ida Marie".into() }).await.unwrap();
        assert!(agrees(&library, "a name").await.people.iter().any(|person| person.name == "Ida Marie"));
        library.forget_files(&["/p/b.jpg".into()]).await.unwrap();
        library.drop_orphans().await.unwrap();
        let left = agrees(&library, "a medium that is gone").await;
        assert_eq!((left.media, left.places.len(), left.tags.len()), (2, 2, 0));
    }
}

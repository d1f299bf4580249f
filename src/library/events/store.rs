//! What was found is stored under identities that stay.
//!
//! An event keeps its identifier while its folder stays, or while most of its media are found together again; so a name, a
//! cover and notes stay with it as pictures arrive. What the user merged or split is theirs: found events do not take its
//! media, and pictures that are found among its own are added to it. Running it again writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::NewEvent;
use super::matching::{Known, Plan};
use crate::library::{EventId, Library, MediaId, Part, Result, Tx, touch};

/// An event as it is stored.
#[derive(Debug, Clone, FromRow)]
struct Row {
    id: EventId,
    origin: String,
    name: String,
    kind: String,
    starts: Option<String>,
    ends: Option<String>,
    place: Option<String>,
    parent: Option<EventId>,
    named: bool,
    shaped: bool,
    covered: bool,
}

impl Library {
    /// Brings the events up to date with what was found.
    ///
    /// Writes only what differs, so that running it again changes nothing; returns whether anything did.
    pub async fn replace_events(&self, events: &[NewEvent]) -> Result<bool> {
        let mut tx = self.begin().await?;
        let (rows, known) = stored(&mut tx).await?;
        let plan = Plan::of(&known, events);
        let ids: Vec<EventId> =
            plan.known_of.iter().map(|known| known.map_or_else(EventId::new, |known| rows[known].id)).collect();
        let mut changed = false;
        for (at, row) in rows.iter().enumerate() {
            let theirs = (row.named || row.shaped || row.covered) && !known[at].media.is_empty();
            if !theirs && !plan.known_of.contains(&Some(at)) {
                remove(&mut tx, row.id, &known[at].media).await?;
                changed = true;
            }
        }
        // Events before those within them, which point at them.
        let mut order: Vec<usize> = (0..events.len()).filter(|&at| plan.media[at].is_some()).collect();
        order.sort_by_key(|&at| depth(events, at));
        for at in order {
            let Some(media) = &plan.media[at] else { continue };
            let parent = events[at].within.filter(|&outer| plan.media[outer].is_some()).map(|outer| ids[outer]);
            let before = plan.known_of[at].map(|known_at| (&rows[known_at], &known[known_at].media));
            // A folder whose event the user merged or split names no other.
            let taken = |origin: &&String| !rows.iter().any(|row| row.shaped && row.origin == **origin);
            let origin = events[at].origin.as_ref().filter(taken).cloned();
            let origin = origin.unwrap_or_else(|| format!("found:{}", ids[at]));
            changed |= store(&mut tx, ids[at], (&events[at], origin), parent, media, before).await?;
        }
        for (&at, added) in &plan.grown {
            for id in added {
                add_medium(&mut tx, rows[at].id, *id).await?;
            }
            respan(&mut tx, rows[at].id).await?;
            changed = true;
        }
        if changed {
            touch(&mut tx, Part::Events).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }
}

fn depth(events: &[NewEvent], at: usize) -> usize {
    events[at].within.map_or(0, |outer| depth(events, outer) + 1)
}

/// Every event with its media.
async fn stored(tx: &mut Tx<'_>) -> Result<(Vec<Row>, Vec<Known>)> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, origin, name, kind, starts, ends, place, parent_id AS parent, named <> 0 AS named, \
         shaped <> 0 AS shaped, cover_id IS NOT NULL AS covered FROM events ORDER BY id",
    )
    .fetch_all(&mut **tx)
    .await?;
    let members: Vec<(EventId, MediaId)> =
        sqlx::query_as("SELECT event_id, media_id FROM event_media").fetch_all(&mut **tx).await?;
    let mut media: BTreeMap<EventId, BTreeSet<MediaId>> = BTreeMap::new();
    for (event, medium) in members {
        media.entry(event).or_default().insert(medium);
    }
    let known = rows
        .iter()
        .map(|row| Known {
            origin: row.origin.clone(),
            shaped: row.shaped,
            part: row.parent.is_some(),
            span: row.starts.clone().zip(row.ends.clone()),
            media: media.remove(&row.id).unwrap_or_default(),
        })
        .collect();
    Ok((rows, known))
}

/// Removes an event; its media stay.
async fn remove(tx: &mut Tx<'_>, id: EventId, media: &BTreeSet<MediaId>) -> Result<()> {
    for medium in media {
        found_by_other_words(tx, *medium).await?;
    }
    sqlx::query("DELETE FROM events WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// A medium that is part of other events is found by other words.
async fn found_by_other_words(tx: &mut Tx<'_>, id: MediaId) -> Result<()> {
    sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub(super) async fn add_medium(tx: &mut Tx<'_>, event: EventId, medium: MediaId) -> Result<()> {
    sqlx::query("INSERT INTO event_media (event_id, media_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(event)
        .bind(medium)
        .execute(&mut **tx)
        .await?;
    found_by_other_words(tx, medium).await
}

pub(super) async fn remove_medium(tx: &mut Tx<'_>, event: EventId, medium: MediaId) -> Result<()> {
    sqlx::query("DELETE FROM event_media WHERE event_id = $1 AND media_id = $2")
        .bind(event)
        .bind(medium)
        .execute(&mut **tx)
        .await?;
    found_by_other_words(tx, medium).await
}

/// An event lasts from its first medium to its last.
pub(super) async fn respan(tx: &mut Tx<'_>, id: EventId) -> Result<()> {
    sqlx::query(
        "UPDATE events SET starts = (SELECT MIN(m.taken) FROM event_media em JOIN media m ON m.id = em.media_id WHERE em.event_id = $1), \
         ends = (SELECT MAX(m.taken) FROM event_media em JOIN media m ON m.id = em.media_id WHERE em.event_id = $1) WHERE id = $1",
    )
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Stores one event; returns whether anything differed.
async fn store(
    tx: &mut Tx<'_>,
    id: EventId,
    (event, origin): (&NewEvent, String),
    parent: Option<EventId>,
    media: &BTreeSet<MediaId>,
    before: Option<(&Row, &BTreeSet<MediaId>)>,
) -> Result<bool> {
    let name = before.filter(|(row, _)| row.named).map_or(&event.name, |(row, _)| &row.name);
    let none = BTreeSet::new();
    let had = before.map_or(&none, |(_, media)| media);
    let same = before.is_some_and(|(row, _)| {
        (&row.origin, &row.name, row.kind.as_str(), row.parent) == (&origin, name, event.kind, parent)
            && (&row.starts, &row.ends, &row.place) == (&event.starts, &event.ends, &event.place)
    });
    if same && had == media {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO events (id, origin, name, kind, starts, ends, place, parent_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (id) DO UPDATE SET origin = excluded.origin, name = excluded.name, kind = excluded.kind, \
         starts = excluded.starts, ends = excluded.ends, place = excluded.place, parent_id = excluded.parent_id",
    )
    .bind(id)
    .bind(&origin)
    .bind(name)
    .bind(event.kind)
    .bind(&event.starts)
    .bind(&event.ends)
    .bind(&event.place)
    .bind(parent)
    .execute(&mut **tx)
    .await?;
    if let Some((row, _)) = before.filter(|(row, _)| row.origin != origin) {
        sqlx::query("UPDATE notes SET subject = $2 WHERE about = 'event' AND subject = $1")
            .bind(&row.origin)
            .bind(&origin)
            .execute(&mut **tx)
            .await?;
    }
    for gone in had.difference(media) {
        remove_medium(tx, id, *gone).await?;
    }
    for new in media.difference(had) {
        add_medium(tx, id, *new).await?;
    }
    if before.is_some_and(|(row, _)| row.name != *name) {
        for stayed in had.intersection(media) {
            found_by_other_words(tx, *stayed).await?;
        }
    }
    Ok(true)
}

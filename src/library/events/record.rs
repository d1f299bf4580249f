//! Every row that a change of events touches, as it was before and after: what makes it possible to take it back for ever.
//!
//! Taking back writes what the change wrote, the last first, as far as it still is as the change left it; media that
//! arrived meanwhile stay. Taking back is a change itself, so it can be taken back too.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::store::{add_medium, remove_medium, respan};
use crate::library::changes::carried;
use crate::library::{EventId, LibraryError, MediaId, Result, Tx, clocks};

/// What is said of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub(super) struct EventState {
    pub origin: String,
    pub name: String,
    pub kind: String,
    pub place: Option<String>,
    pub parent_id: Option<EventId>,
    pub named: i64,
    pub shaped: i64,
    pub cover_id: Option<MediaId>,
}

impl EventState {
    /// This one with what differs between two others, as far as it still is as in the first.
    fn with_changes(self, before: &Self, after: Self) -> Self {
        Self {
            origin: carried(self.origin, &before.origin, after.origin),
            name: carried(self.name, &before.name, after.name),
            kind: carried(self.kind, &before.kind, after.kind),
            place: carried(self.place, &before.place, after.place),
            parent_id: carried(self.parent_id, &before.parent_id, after.parent_id),
            named: carried(self.named, &before.named, after.named),
            shaped: carried(self.shaped, &before.shaped, after.shaped),
            cover_id: carried(self.cover_id, &before.cover_id, after.cover_id),
        }
    }
}

/// A row before and after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "snake_case")]
pub(super) enum Delta {
    Event { id: EventId, before: Box<Option<EventState>>, after: Box<Option<EventState>> },
    Member { event: EventId, media: MediaId, added: bool },
    Clock { media: MediaId, before: i64, after: i64 },
}

impl Delta {
    fn reversed(self) -> Self {
        match self {
            Self::Event { id, before, after } => Self::Event { id, before: after, after: before },
            Self::Member { event, media, added } => Self::Member { event, media, added: !added },
            Self::Clock { media, before, after } => Self::Clock { media, before: after, after: before },
        }
    }
}

/// Writes rows and remembers how they were.
pub(super) struct Recorder<'r, 't> {
    pub tx: &'r mut Tx<'t>,
    pub deltas: Vec<Delta>,
}

impl<'r, 't> Recorder<'r, 't> {
    pub fn new(tx: &'r mut Tx<'t>) -> Self {
        Self { tx, deltas: Vec::new() }
    }

    /// What is said of an event, if there is such an event.
    pub async fn event(&mut self, id: EventId) -> Result<Option<EventState>> {
        let sql = "SELECT origin, name, kind, place, parent_id, named, shaped, cover_id FROM events WHERE id = $1";
        Ok(sqlx::query_as(sql).bind(id).fetch_optional(&mut **self.tx).await?)
    }

    /// What is said of an event.
    pub async fn known(&mut self, id: EventId) -> Result<EventState> {
        let event = self.event(id).await?;
        event.ok_or_else(|| LibraryError::NotFound { what: "event", key: id.to_string() })
    }

    /// Says something else of an event, makes one, or with `None` removes one.
    pub async fn set(&mut self, id: EventId, after: Option<EventState>) -> Result<()> {
        let before = self.event(id).await?;
        if before == after {
            return Ok(());
        }
        match &after {
            None => {
                for media in self.media(id).await? {
                    self.member(id, media, false).await?;
                }
                sqlx::query("DELETE FROM events WHERE id = $1").bind(id).execute(&mut **self.tx).await?;
            }
            Some(state) => {
                sqlx::query(
                    "INSERT INTO events (id, origin, name, kind, place, parent_id, named, shaped, cover_id) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET origin = excluded.origin, \
                     name = excluded.name, kind = excluded.kind, place = excluded.place, parent_id = excluded.parent_id, \
                     named = excluded.named, shaped = excluded.shaped, cover_id = excluded.cover_id",
                )
                .bind(id)
                .bind(&state.origin)
                .bind(&state.name)
                .bind(&state.kind)
                .bind(&state.place)
                .bind(state.parent_id)
                .bind(state.named)
                .bind(state.shaped)
                .bind(state.cover_id)
                .execute(&mut **self.tx)
                .await?;
            }
        }
        self.deltas.push(Delta::Event { id, before: Box::new(before), after: Box::new(after) });
        Ok(())
    }

    /// The media of an event, by time.
    pub async fn media(&mut self, id: EventId) -> Result<Vec<MediaId>> {
        let sql = "SELECT m.id FROM event_media em JOIN media m ON m.id = em.media_id WHERE em.event_id = $1 \
                   ORDER BY m.taken IS NULL, m.taken, m.name, m.id";
        Ok(sqlx::query_scalar(sql).bind(id).fetch_all(&mut **self.tx).await?)
    }

    /// Puts a medium into an event or takes it out.
    pub async fn member(&mut self, event: EventId, media: MediaId, added: bool) -> Result<()> {
        let sql = "SELECT EXISTS (SELECT 1 FROM event_media WHERE event_id = $1 AND media_id = $2)";
        let is: bool = sqlx::query_scalar(sql).bind(event).bind(media).fetch_one(&mut **self.tx).await?;
        if is == added {
            return Ok(());
        }
        match added {
            true => add_medium(self.tx, event, media).await?,
            false => remove_medium(self.tx, event, media).await?,
        }
        self.deltas.push(Delta::Member { event, media, added });
        Ok(())
    }

    /// Puts the clock of a medium right by so many seconds from what its file says.
    pub async fn clock(&mut self, media: MediaId, after: i64) -> Result<()> {
        let before = clocks::set(self.tx, media, after).await?;
        if before != after {
            self.deltas.push(Delta::Clock { media, before, after });
        }
        Ok(())
    }

    /// Writes the rows as they were before a change, and says how many were kept because they were changed since.
    pub async fn take_back(&mut self, deltas: Vec<Delta>) -> Result<usize> {
        let mut kept = 0;
        for delta in deltas.into_iter().rev().map(Delta::reversed) {
            if !self.restore(delta).await? {
                kept += 1;
            }
        }
        Ok(kept)
    }

    async fn restore(&mut self, delta: Delta) -> Result<bool> {
        match delta {
            Delta::Event { id, before, after } => {
                let after = match (self.event(id).await?, *before, *after) {
                    (Some(now), Some(before), Some(after)) => Some(now.with_changes(&before, after)),
                    (None, None, Some(after)) => Some(after),
                    (Some(_), Some(_), None) => None,
                    _ => return Ok(false),
                };
                // What has its origin by now is that event; and a trip that is gone holds nothing.
                let Some(mut state) = after else {
                    self.set(id, None).await?;
                    return Ok(true);
                };
                let sql = "SELECT EXISTS (SELECT 1 FROM events WHERE origin = $1 AND id <> $2)";
                if sqlx::query_scalar(sql).bind(&state.origin).bind(id).fetch_one(&mut **self.tx).await? {
                    return Ok(false);
                }
                if let Some(parent) = state.parent_id
                    && self.event(parent).await?.is_none()
                {
                    state.parent_id = None;
                }
                self.set(id, Some(state)).await?;
            }
            Delta::Member { event, media, added } => {
                let sql = "SELECT EXISTS (SELECT 1 FROM media WHERE id = $1)";
                let there: bool = sqlx::query_scalar(sql).bind(media).fetch_one(&mut **self.tx).await?;
                if !there || self.event(event).await?.is_none() {
                    return Ok(false);
                }
                self.member(event, media, added).await?;
            }
            Delta::Clock { media, before, after } => {
                if clocks::shift(self.tx, media).await? != Some(before) {
                    return Ok(false);
                }
                self.clock(media, after).await?;
            }
        }
        Ok(true)
    }

    /// Brings the times of the events that were changed up to date; returns whether anything was changed.
    pub async fn settle(&mut self) -> Result<bool> {
        let mut events: std::collections::BTreeSet<EventId> = std::collections::BTreeSet::new();
        for delta in &self.deltas {
            match delta {
                Delta::Event { id, .. } | Delta::Member { event: id, .. } => {
                    events.insert(*id);
                }
                Delta::Clock { media, .. } => {
                    let sql = "SELECT event_id FROM event_media WHERE media_id = $1";
                    let of: Vec<EventId> = sqlx::query_scalar(sql).bind(media).fetch_all(&mut **self.tx).await?;
                    events.extend(of);
                }
            }
        }
        for id in events {
            respan(self.tx, id).await?;
        }
        Ok(!self.deltas.is_empty())
    }
}

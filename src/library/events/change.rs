//! What the user does to events: each an [`Action`], recorded as a [`Change`] that can be undone for ever.
//!
//! A name that the user gave and media that they merged or split are theirs: finding events anew leaves them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::record::{Delta, EventState, Recorder};
use crate::library::changes::{Change, EVENTS};
use crate::library::{ChangeId, EventId, Library, LibraryError, MediaId, Part, Result, touch};

/// Something to do to events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Give an event a name; an empty one gives it back the name that it was found with.
    Rename {
        /// Which.
        event: EventId,
        /// The name.
        name: String,
    },
    /// Several are one.
    Merge {
        /// Which stays.
        into: EventId,
        /// What it is, too.
        events: Vec<EventId>,
    },
    /// What begins with a medium is an event of its own.
    Split {
        /// Which.
        event: EventId,
        /// The first medium of the second part.
        at: MediaId,
        /// Its name.
        #[serde(default)]
        name: Option<String>,
    },
    /// A medium stands for the event.
    Cover {
        /// Which.
        event: EventId,
        /// The medium; absent: the best-rated.
        #[serde(default)]
        media: Option<MediaId>,
    },
    /// The clock of a camera was off: its media were taken so much later, or with a negative number earlier.
    SetClock {
        /// The media.
        media: Vec<MediaId>,
        /// Seconds to add to what their files say.
        shift_s: i64,
    },
}

impl Action {
    /// Its stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rename { .. } => "rename",
            Self::Merge { .. } => "merge",
            Self::Split { .. } => "split",
            Self::Cover { .. } => "cover",
            Self::SetClock { .. } => "set_clock",
        }
    }
}

impl Library {
    /// Does something to events; returns the change, and the event that it made or was about.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] for what is not there, [`LibraryError::Refused`] for what makes no sense; then nothing
    /// was done.
    pub async fn change_events(&self, action: &Action) -> Result<(Change, Option<EventId>)> {
        let mut tx = self.begin().await?;
        let mut rows = Recorder::new(&mut tx);
        let (summary, event) = apply(&mut rows, action).await?;
        let change = finish(rows, action.name(), summary, None).await?;
        tx.commit().await?;
        Ok((change, event))
    }

    /// Takes a change back; also one that took another back. Returns the new change and how many rows were kept because
    /// they were changed since.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`], or [`LibraryError::Refused`] when it was taken back already.
    pub async fn undo_event_change(&self, id: ChangeId) -> Result<(Change, usize)> {
        let mut tx = self.begin().await?;
        let (summary, deltas): (_, Vec<Delta>) = EVENTS.to_take_back(&mut tx, id).await?;
        let mut rows = Recorder::new(&mut tx);
        let kept = rows.take_back(deltas).await?;
        let change = finish(rows, "undo", format!("Took back: {summary}"), Some(id)).await?;
        tx.commit().await?;
        Ok((change, kept))
    }

    /// The latest changes, the last first.
    pub async fn event_changes(&self, limit: u32) -> Result<Vec<Change>> {
        EVENTS.latest(self, limit).await
    }
}

/// Brings what follows up to date and writes the change down.
async fn finish(mut rows: Recorder<'_, '_>, action: &str, summary: String, undoes: Option<ChangeId>) -> Result<Change> {
    rows.settle().await?;
    let renamed = rows.deltas.iter().filter_map(|delta| match delta {
        Delta::Event { id, before, after } => {
            let (before, after) = before.as_ref().as_ref().zip(after.as_ref().as_ref())?;
            (before.name != after.name).then_some(*id)
        }
        _ => None,
    });
    for id in renamed.collect::<Vec<_>>() {
        let sql =
            "UPDATE media SET version = version + 1 WHERE id IN (SELECT media_id FROM event_media WHERE event_id = $1)";
        sqlx::query(sql).bind(id).execute(&mut **rows.tx).await?;
    }
    touch(rows.tx, Part::Events).await?;
    EVENTS.write(rows.tx, (action, summary), &rows.deltas, undoes).await
}

/// Does it; returns what was done in words, and the event that it made or was about.
async fn apply(rows: &mut Recorder<'_, '_>, action: &Action) -> Result<(String, Option<EventId>)> {
    match action {
        Action::Rename { event, name } => {
            let before = rows.known(*event).await?;
            let name = name.trim().to_owned();
            let summary = match name.is_empty() {
                true => format!("Gave {} back its own name", before.name),
                false => format!("{} renamed to {name}", before.name),
            };
            let named = i64::from(!name.is_empty());
            let name = if name.is_empty() { before.name.clone() } else { name };
            rows.set(*event, Some(EventState { name, named, ..before })).await?;
            Ok((summary, Some(*event)))
        }
        Action::Merge { into, events } => merge(rows, *into, events).await,
        Action::Split { event, at, name } => split(rows, *event, *at, name.as_deref()).await,
        Action::Cover { event, media } => {
            let before = rows.known(*event).await?;
            if let Some(media) = media
                && !rows.media(*event).await?.contains(media)
            {
                return Err(LibraryError::Refused("only a picture of the event can stand for it".into()));
            }
            let summary = format!("Another picture for {}", before.name);
            rows.set(*event, Some(EventState { cover_id: *media, ..before })).await?;
            Ok((summary, Some(*event)))
        }
        Action::SetClock { media, shift_s } => {
            if media.is_empty() {
                return Err(LibraryError::Refused("no picture is named".into()));
            }
            if shift_s.abs() > 366 * 86400 {
                return Err(LibraryError::Refused("a clock is not put right by more than a year".into()));
            }
            for &media in media {
                rows.clock(media, *shift_s).await?;
            }
            let minutes = shift_s / 60;
            Ok((format!("Clock of {} pictures put right by {minutes} minutes", media.len()), None))
        }
    }
}

async fn merge(rows: &mut Recorder<'_, '_>, into: EventId, events: &[EventId]) -> Result<(String, Option<EventId>)> {
    let whole = rows.known(into).await?;
    if events.is_empty() || events.contains(&into) {
        return Err(LibraryError::Refused("an event is merged with others, not with itself".into()));
    }
    let mut names = Vec::new();
    for &event in events {
        let other = rows.known(event).await?;
        if whole.parent_id == Some(event) {
            return Err(LibraryError::Refused("what is part of a trip cannot take the trip in".into()));
        }
        for media in rows.media(event).await? {
            rows.member(into, media, true).await?;
        }
        names.push(other.name);
        rows.set(event, None).await?;
    }
    let summary = format!("{} merged into {}", names.join(", "), whole.name);
    let kind = if whole.kind == "trip" { whole.kind.clone() } else { span_kind(rows, into, &whole) };
    rows.set(into, Some(EventState { kind, shaped: 1, named: 1, ..whole })).await?;
    Ok((summary, Some(into)))
}

/// Merged events of one kind stay of that kind: a festival at home over three days is no trip.
fn span_kind(rows: &Recorder<'_, '_>, id: EventId, state: &EventState) -> String {
    let trip = rows.deltas.iter().any(|delta| match delta {
        Delta::Event { id: other, before, after } => {
            let gone = before.as_ref().as_ref().filter(|_| after.is_none() && *other != id);
            gone.is_some_and(|gone| gone.kind == "trip")
        }
        _ => false,
    });
    if trip { "trip".to_owned() } else { state.kind.clone() }
}

async fn split(
    rows: &mut Recorder<'_, '_>,
    event: EventId,
    at: MediaId,
    name: Option<&str>,
) -> Result<(String, Option<EventId>)> {
    let whole = rows.known(event).await?;
    let media = rows.media(event).await?;
    let first = media.iter().position(|medium| *medium == at);
    let Some(first) = first.filter(|first| *first > 0) else {
        return Err(LibraryError::Refused("an event is split at one of its pictures that is not the first".into()));
    };
    let id = EventId::new();
    let given = name.map(str::trim).filter(|name| !name.is_empty());
    let state = EventState {
        origin: format!("split:{id}"),
        name: given.map_or_else(|| format!("{} (2)", whole.name), str::to_owned),
        named: 1,
        shaped: 1,
        cover_id: None,
        ..whole.clone()
    };
    let summary = format!("{} split off {}", state.name, whole.name);
    rows.set(id, Some(state)).await?;
    for &medium in &media[first..] {
        rows.member(id, medium, true).await?;
        rows.member(event, medium, false).await?;
    }
    rows.set(event, Some(EventState { shaped: 1, ..whole })).await?;
    Ok((summary, Some(id)))
}

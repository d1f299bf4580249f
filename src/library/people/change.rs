//! What the user does to people: each an [`Action`], recorded as a [`Change`] that can be undone for ever.
//!
//! What the user says of a face is theirs (`confirmed`) and is never changed by placing faces. Naming or joining found
//! groups confirms one face a year of each, the surest: enough for the group to be found again around it, and the
//! others can still be corrected when more is known.

mod apply;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::record::{Delta, Recorder};
use super::written::derive;
use crate::library::changes::{Change, PEOPLE};
use crate::library::{ChangeId, FaceId, Library, Part, PersonId, Result, captions, touch};

/// Something to do to people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Give a person a name. A found group that gets the name of somebody is them.
    Rename {
        /// Who.
        person: PersonId,
        /// The name.
        name: String,
    },
    /// Say more of a person; what is absent stays, an empty text takes it away.
    Describe {
        /// Who.
        person: PersonId,
        /// What the family calls them.
        #[serde(default)]
        nickname: Option<String>,
        /// Day of birth, ISO 8601.
        #[serde(default)]
        born: Option<String>,
        /// "grandmother".
        #[serde(default)]
        relation: Option<String>,
        /// Not shown among the people.
        #[serde(default)]
        hidden: Option<bool>,
        /// A favourite.
        #[serde(default)]
        favourite: Option<bool>,
        /// A pet.
        #[serde(default)]
        pet: Option<bool>,
    },
    /// Several are one.
    Merge {
        /// Who stays.
        into: PersonId,
        /// Who they are, too.
        people: Vec<PersonId>,
    },
    /// Some faces of a person are somebody else, who has no name yet or this one.
    Split {
        /// The faces.
        faces: Vec<FaceId>,
        /// The name.
        #[serde(default)]
        name: Option<String>,
    },
    /// Faces are this person's.
    Move {
        /// The faces.
        faces: Vec<FaceId>,
        /// Whose they are.
        person: PersonId,
    },
    /// Faces are whose they are said to be.
    Confirm {
        /// The faces.
        faces: Vec<FaceId>,
    },
    /// Faces are not this person's.
    Reject {
        /// The faces.
        faces: Vec<FaceId>,
        /// Whose they are not; absent: whose they are said to be.
        #[serde(default)]
        person: Option<PersonId>,
    },
    /// These are no faces.
    NotAFace {
        /// What are not.
        faces: Vec<FaceId>,
    },
    /// Two are never one.
    Apart {
        /// One.
        one: PersonId,
        /// The other.
        other: PersonId,
    },
    /// A keyword is the name of a pet: it is in all pictures that have the keyword.
    Pet {
        /// The keyword.
        name: String,
        /// Animals that are this pet, to know others by.
        #[serde(default)]
        faces: Vec<FaceId>,
    },
    /// A keyword is no pet's name.
    NoPet {
        /// The keyword.
        name: String,
    },
}

impl Action {
    /// Its stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rename { .. } => "rename",
            Self::Describe { .. } => "describe",
            Self::Merge { .. } => "merge",
            Self::Split { .. } => "split",
            Self::Move { .. } => "move",
            Self::Confirm { .. } => "confirm",
            Self::Reject { .. } => "reject",
            Self::NotAFace { .. } => "not_a_face",
            Self::Apart { .. } => "apart",
            Self::Pet { .. } => "pet",
            Self::NoPet { .. } => "no_pet",
        }
    }
}

impl Library {
    /// Does something to people; returns the change, and the person that it made or was about.
    ///
    /// # Errors
    /// [`NotFound`](crate::library::LibraryError::NotFound) for people and faces that are not there, [`Refused`](crate::library::LibraryError::Refused) for what makes no
    /// sense; then nothing was done.
    pub async fn change_people(&self, action: &Action) -> Result<(Change, Option<PersonId>)> {
        let mut tx = self.begin().await?;
        let mut rows = Recorder::new(&mut tx);
        let (summary, person) = apply::apply(&mut rows, action).await?;
        let summary = sentence(&summary);
        let change = finish(rows, action.name(), summary, None).await?;
        tx.commit().await?;
        if !matches!(action, Action::Describe { .. }) {
            self.counts.outdate();
        }
        Ok((change, person))
    }

    /// Takes a change back; also one that took another back. Returns the new change and how many rows were kept because
    /// they were changed since.
    ///
    /// # Errors
    /// [`NotFound`](crate::library::LibraryError::NotFound), or [`Refused`](crate::library::LibraryError::Refused) when it was taken back already.
    pub async fn undo_people_change(&self, id: ChangeId) -> Result<(Change, usize)> {
        let mut tx = self.begin().await?;
        let (summary, deltas): (_, Vec<Delta>) = PEOPLE.to_take_back(&mut tx, id).await?;
        let mut rows = Recorder::new(&mut tx);
        let kept = rows.take_back(deltas).await?;
        let change = finish(rows, "undo", format!("Took back: {summary}"), Some(id)).await?;
        tx.commit().await?;
        self.counts.outdate();
        Ok((change, kept))
    }

    /// The latest changes, the last first.
    pub async fn people_changes(&self, limit: u32) -> Result<Vec<Change>> {
        PEOPLE.latest(self, limit).await
    }
}

/// Brings what follows up to date and writes the change down.
async fn finish(mut rows: Recorder<'_, '_>, action: &str, summary: String, undoes: Option<ChangeId>) -> Result<Change> {
    sweep(&mut rows).await?;
    let names = rows.names_before().await?;
    let touched = rows.touched().await?;
    // A favourite is in the same media as before.
    let part = if touched.is_empty() { Part::People } else { Part::Faces };
    for id in touched {
        if !derive(rows.tx, id).await? && rows.deltas.iter().any(|delta| matches!(delta, Delta::Person { .. })) {
            // The name alone changed: the medium is found by another word.
            let sql = "UPDATE media SET version = version + 1 WHERE id = $1";
            sqlx::query(sql).bind(id).execute(&mut **rows.tx).await?;
        }
        captions::set_aside_wrong(rows.tx, id, &names).await?;
    }
    replace_animals(&mut rows).await?;
    touch(rows.tx, part).await?;
    PEOPLE.write(rows.tx, (action, summary), &rows.deltas, undoes).await
}

/// Animals are told by the examples that the user gave; with another example all of them are looked at again.
async fn replace_animals(rows: &mut Recorder<'_, '_>) -> Result<()> {
    for delta in &rows.deltas {
        let Delta::Face { id, .. } = delta else { continue };
        let sql = "SELECT EXISTS (SELECT 1 FROM faces WHERE id = $1 AND subject = 'animal')";
        if sqlx::query_scalar(sql).bind(id).fetch_one(&mut **rows.tx).await? {
            let sql = "UPDATE faces SET placed = 0 WHERE subject = 'animal' AND (how IS NULL OR how = 'automatic')";
            sqlx::query(sql).execute(&mut **rows.tx).await?;
            return Ok(());
        }
    }
    Ok(())
}

/// With a capital at the beginning.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Removes found groups that the change left without a face.
async fn sweep(rows: &mut Recorder<'_, '_>) -> Result<()> {
    let left: Vec<PersonId> = rows
        .deltas
        .iter()
        .filter_map(|delta| match delta {
            Delta::Face { before, after, .. } if before.person_id != after.person_id => before.person_id,
            _ => None,
        })
        .collect();
    for id in left {
        let sql = "SELECT EXISTS (SELECT 1 FROM people p WHERE p.id = $1 AND p.name = '' \
                   AND NOT EXISTS (SELECT 1 FROM faces f WHERE f.person_id = p.id))";
        if sqlx::query_scalar(sql).bind(id).fetch_one(&mut **rows.tx).await? {
            apply::remove(rows, id, None).await?;
        }
    }
    Ok(())
}

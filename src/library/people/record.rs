//! Every row that a change touches, as it was before and after: what makes it possible to take a change back for ever.
//!
//! Taking back writes the rows as they were before, the last first, but only those that still are as the change left
//! them; what was changed again since is kept. Taking back is a change itself, so it can be taken back too.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::library::changes::carried;
use crate::library::{FaceId, LibraryError, PersonId, Result, Tx};

/// What is said of a face.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub(super) struct FaceState {
    /// Whose it is.
    pub person_id: Option<PersonId>,
    /// `metadata`, `confirmed` or `automatic`.
    pub how: Option<String>,
    /// `face` or `not_a_face`.
    pub state: String,
}

/// What is said of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub(super) struct PersonState {
    pub name: String,
    pub folded: String,
    pub pet: i64,
    pub nickname: Option<String>,
    pub born: Option<String>,
    pub relation: Option<String>,
    pub hidden: i64,
    pub favourite: i64,
    pub aliases: String,
}

impl PersonState {
    /// What of it bears on the media that show the person and on what these are found by.
    pub fn in_media(&self) -> impl PartialEq + '_ {
        (&self.name, &self.folded, self.pet, &self.nickname, self.hidden, &self.aliases)
    }

    /// This one with what differs between two others, as far as it still is as in the first.
    fn with_changes(self, before: &Self, after: Self) -> Self {
        Self {
            name: carried(self.name, &before.name, after.name),
            folded: carried(self.folded, &before.folded, after.folded),
            pet: carried(self.pet, &before.pet, after.pet),
            nickname: carried(self.nickname, &before.nickname, after.nickname),
            born: carried(self.born, &before.born, after.born),
            relation: carried(self.relation, &before.relation, after.relation),
            hidden: carried(self.hidden, &before.hidden, after.hidden),
            favourite: carried(self.favourite, &before.favourite, after.favourite),
            aliases: carried(self.aliases, &before.aliases, after.aliases),
        }
    }
}

/// Whose name a keyword is, as the user said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "keyword", rename_all = "snake_case")]
pub(super) enum KeywordState {
    Pet { person: PersonId },
    NoPet,
}

impl KeywordState {
    pub fn pet(self) -> Option<PersonId> {
        match self {
            Self::Pet { person } => Some(person),
            Self::NoPet => None,
        }
    }
}

/// A row before and after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "snake_case")]
pub(super) enum Delta {
    Face { id: FaceId, before: FaceState, after: FaceState },
    Person { id: PersonId, before: Option<PersonState>, after: Option<PersonState> },
    Name { folded: String, name: String, before: Option<PersonId>, after: Option<PersonId> },
    Not { face: FaceId, person: PersonId, added: bool },
    Apart { a: PersonId, b: PersonId, added: bool },
    Keyword { folded: String, name: String, before: Option<KeywordState>, after: Option<KeywordState> },
}

impl Delta {
    fn reversed(self) -> Self {
        match self {
            Self::Face { id, before, after } => Self::Face { id, before: after, after: before },
            Self::Person { id, before, after } => Self::Person { id, before: after, after: before },
            Self::Name { folded, name, before, after } => Self::Name { folded, name, before: after, after: before },
            Self::Not { face, person, added } => Self::Not { face, person, added: !added },
            Self::Apart { a, b, added } => Self::Apart { a, b, added: !added },
            Self::Keyword { folded, name, before, after } => {
                Self::Keyword { folded, name, before: after, after: before }
            }
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

    /// What is said of a face.
    pub async fn face(&mut self, id: FaceId) -> Result<FaceState> {
        let sql = "SELECT person_id, how, state FROM faces WHERE id = $1 AND state <> 'forgotten'";
        let face = sqlx::query_as(sql).bind(id).fetch_optional(&mut **self.tx).await?;
        face.ok_or_else(|| LibraryError::NotFound { what: "face", key: id.to_string() })
    }

    /// Says something else of a face.
    pub async fn set_face(&mut self, id: FaceId, after: FaceState) -> Result<()> {
        let before = self.face(id).await?;
        if before == after {
            return Ok(());
        }
        // A face that nobody claims any more is to be placed again.
        let placed = i64::from(after.person_id.is_some());
        sqlx::query("UPDATE faces SET person_id = $2, how = $3, state = $4, placed = $5 WHERE id = $1")
            .bind(id)
            .bind(after.person_id)
            .bind(&after.how)
            .bind(&after.state)
            .bind(placed)
            .execute(&mut **self.tx)
            .await?;
        self.deltas.push(Delta::Face { id, before, after });
        Ok(())
    }

    /// What is said of a person, if there is such a person.
    pub async fn person(&mut self, id: PersonId) -> Result<Option<PersonState>> {
        let sql =
            "SELECT name, folded, pet, nickname, born, relation, hidden, favourite, aliases FROM people WHERE id = $1";
        Ok(sqlx::query_as(sql).bind(id).fetch_optional(&mut **self.tx).await?)
    }

    /// Says something else of a person, makes one, or with `None` removes one whom nothing points at any more.
    pub async fn set_person(&mut self, id: PersonId, after: Option<PersonState>) -> Result<()> {
        let before = self.person(id).await?;
        if before == after {
            return Ok(());
        }
        let Some(state) = &after else {
            sqlx::query("DELETE FROM people WHERE id = $1").bind(id).execute(&mut **self.tx).await?;
            self.deltas.push(Delta::Person { id, before, after });
            return Ok(());
        };
        sqlx::query(
            "INSERT INTO people (id, name, folded, pet, nickname, born, relation, hidden, favourite, aliases) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
             folded = excluded.folded, pet = excluded.pet, nickname = excluded.nickname, born = excluded.born, \
             relation = excluded.relation, hidden = excluded.hidden, favourite = excluded.favourite, aliases = excluded.aliases",
        )
        .bind(id)
        .bind(&state.name)
        .bind(&state.folded)
        .bind(state.pet)
        .bind(&state.nickname)
        .bind(&state.born)
        .bind(&state.relation)
        .bind(state.hidden)
        .bind(state.favourite)
        .bind(&state.aliases)
        .execute(&mut **self.tx)
        .await?;
        self.deltas.push(Delta::Person { id, before, after });
        Ok(())
    }

    /// Has a name that files say mean somebody, or nobody.
    pub async fn set_name(&mut self, folded: &str, name: &str, after: Option<PersonId>) -> Result<()> {
        let before: Option<PersonId> = sqlx::query_scalar("SELECT person_id FROM person_names WHERE folded = $1")
            .bind(folded)
            .fetch_optional(&mut **self.tx)
            .await?;
        if before == after {
            return Ok(());
        }
        match after {
            Some(person) => {
                sqlx::query(
                    "INSERT INTO person_names (folded, name, person_id) VALUES ($1, $2, $3) \
                     ON CONFLICT (folded) DO UPDATE SET person_id = excluded.person_id",
                )
                .bind(folded)
                .bind(name)
                .bind(person)
                .execute(&mut **self.tx)
                .await?
            }
            None => {
                sqlx::query("DELETE FROM person_names WHERE folded = $1").bind(folded).execute(&mut **self.tx).await?
            }
        };
        let (folded, name) = (folded.to_owned(), name.to_owned());
        self.deltas.push(Delta::Name { folded, name, before, after });
        Ok(())
    }

    /// Says that a face is not somebody, or takes that back.
    pub async fn set_not(&mut self, face: FaceId, person: PersonId, added: bool) -> Result<()> {
        let sql = if added {
            "INSERT INTO faces_not (face_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM faces_not WHERE face_id = $1 AND person_id = $2"
        };
        if sqlx::query(sql).bind(face).bind(person).execute(&mut **self.tx).await?.rows_affected() > 0 {
            self.deltas.push(Delta::Not { face, person, added });
        }
        Ok(())
    }

    /// Says that two people are never one, or takes that back.
    pub async fn set_apart(&mut self, one: PersonId, other: PersonId, added: bool) -> Result<()> {
        let (a, b) = (one.min(other), one.max(other));
        let sql = if added {
            "INSERT INTO people_apart (a, b) VALUES ($1, $2) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM people_apart WHERE a = $1 AND b = $2"
        };
        if sqlx::query(sql).bind(a).bind(b).execute(&mut **self.tx).await?.rows_affected() > 0 {
            self.deltas.push(Delta::Apart { a, b, added });
        }
        Ok(())
    }

    /// Says whose name a keyword is, or takes that back.
    pub async fn set_keyword(&mut self, folded: &str, name: &str, after: Option<KeywordState>) -> Result<()> {
        let known: Option<Option<PersonId>> =
            sqlx::query_scalar("SELECT person_id FROM keyword_pets WHERE folded = $1")
                .bind(folded)
                .fetch_optional(&mut **self.tx)
                .await?;
        let before = known.map(|pet| pet.map_or(KeywordState::NoPet, |person| KeywordState::Pet { person }));
        if before == after {
            return Ok(());
        }
        match after {
            Some(state) => {
                let sql = "INSERT INTO keyword_pets (folded, name, person_id) VALUES ($1, $2, $3) \
                           ON CONFLICT (folded) DO UPDATE SET name = excluded.name, person_id = excluded.person_id";
                sqlx::query(sql).bind(folded).bind(name).bind(state.pet()).execute(&mut **self.tx).await?
            }
            None => {
                sqlx::query("DELETE FROM keyword_pets WHERE folded = $1").bind(folded).execute(&mut **self.tx).await?
            }
        };
        let (folded, name) = (folded.to_owned(), name.to_owned());
        self.deltas.push(Delta::Keyword { folded, name, before, after });
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
            Delta::Face { id, before, after } => {
                let Ok(now) = self.face(id).await else { return Ok(false) };
                let automatic = |state: &FaceState| state.how.as_deref().is_none_or(|how| how == "automatic");
                let there = match after.person_id {
                    Some(person) => self.person(person).await?.is_some(),
                    None => true,
                };
                // What is not the user's word may have been placed elsewhere meanwhile; their word goes before it.
                let free = now == before || (automatic(&now) && automatic(&before) && now.state == before.state);
                if !there || !free {
                    return Ok(false);
                }
                self.set_face(id, after).await?;
            }
            Delta::Person { id, before, after } => return self.restore_person(id, before, after).await,
            Delta::Name { folded, name, after, .. } => {
                if let Some(person) = after
                    && self.person(person).await?.is_none()
                {
                    return Ok(false);
                }
                self.set_name(&folded, &name, after).await?;
            }
            Delta::Not { face, person, added } => {
                if self.face(face).await.is_err() || self.person(person).await?.is_none() {
                    return Ok(false);
                }
                self.set_not(face, person, added).await?;
            }
            Delta::Apart { a, b, added } => {
                if self.person(a).await?.is_none() || self.person(b).await?.is_none() {
                    return Ok(false);
                }
                self.set_apart(a, b, added).await?;
            }
            Delta::Keyword { folded, name, after, .. } => {
                if let Some(person) = after.and_then(KeywordState::pet)
                    && self.person(person).await?.is_none()
                {
                    return Ok(false);
                }
                self.set_keyword(&folded, &name, after).await?;
            }
        }
        Ok(true)
    }

    /// Frees the faces that nobody but the model gave to a person.
    async fn leave_to_be_placed(&mut self, id: PersonId) -> Result<()> {
        let sql =
            "SELECT id FROM faces WHERE person_id = $1 AND how = 'automatic' AND state <> 'forgotten' ORDER BY id";
        let faces: Vec<FaceId> = sqlx::query_scalar(sql).bind(id).fetch_all(&mut **self.tx).await?;
        for face in faces {
            let before = self.face(face).await?;
            self.set_face(face, FaceState { person_id: None, how: None, ..before }).await?;
        }
        Ok(())
    }

    /// Of somebody who is still there, only what the change changed is written back, and only if nobody changed it since.
    async fn restore_person(
        &mut self,
        id: PersonId,
        before: Option<PersonState>,
        after: Option<PersonState>,
    ) -> Result<bool> {
        let after = match (self.person(id).await?, before, after) {
            (None, None, Some(after)) => Some(after),
            (Some(now), Some(before), Some(after)) => {
                let merged = now.clone().with_changes(&before, after);
                if merged == now {
                    return Ok(false);
                }
                Some(merged)
            }
            (Some(_), Some(_), None) => {
                let sql = "SELECT EXISTS (SELECT 1 FROM faces WHERE person_id = $1 AND COALESCE(how, '') <> 'automatic') \
                           OR EXISTS (SELECT 1 FROM person_names n JOIN written_people w ON w.folded = n.folded \
                                      WHERE n.person_id = $1)";
                if sqlx::query_scalar(sql).bind(id).fetch_one(&mut **self.tx).await? {
                    return Ok(false);
                }
                self.leave_to_be_placed(id).await?;
                None
            }
            _ => return Ok(false),
        };
        if let Some(after) = &after {
            let sql = "SELECT EXISTS (SELECT 1 FROM people WHERE folded = $1 AND id <> $2)";
            if sqlx::query_scalar(sql).bind(&after.folded).bind(id).fetch_one(&mut **self.tx).await? {
                return Ok(false);
            }
        }
        self.set_person(id, after).await?;
        Ok(true)
    }
}

//! What recorded rows bear on: the media that they are about, and the names that may have been taken from somebody.

use std::collections::BTreeSet;

use super::record::{Delta, KeywordState, Recorder};
use crate::library::{MediaId, Result};

impl Recorder<'_, '_> {
    /// The media that the changed rows are about.
    pub async fn touched(&mut self) -> Result<Vec<MediaId>> {
        let mut media = BTreeSet::new();
        for delta in &self.deltas {
            let found: Vec<MediaId> = match delta {
                Delta::Face { id, .. } | Delta::Not { face: id, .. } => {
                    let sql = "SELECT media_id FROM faces WHERE id = $1";
                    sqlx::query_scalar(sql).bind(id).fetch_all(&mut **self.tx).await?
                }
                // A favourite may be in thousands of pictures, of which none is found by that.
                Delta::Person { before: Some(before), after: Some(after), .. }
                    if before.in_media() == after.in_media() =>
                {
                    Vec::new()
                }
                Delta::Person { id, .. } => {
                    let sql = "SELECT media_id FROM media_people WHERE person_id = $1 \
                               UNION SELECT media_id FROM faces WHERE person_id = $1";
                    sqlx::query_scalar(sql).bind(id).fetch_all(&mut **self.tx).await?
                }
                Delta::Name { folded, .. } => {
                    let sql = "SELECT media_id FROM written_people WHERE folded = $1";
                    sqlx::query_scalar(sql).bind(folded).fetch_all(&mut **self.tx).await?
                }
                Delta::Apart { .. } => Vec::new(),
                Delta::Keyword { folded, .. } => {
                    let sql = "SELECT media_id FROM media_tags WHERE folded = $1";
                    sqlx::query_scalar(sql).bind(folded).fetch_all(&mut **self.tx).await?
                }
            };
            media.extend(found);
        }
        Ok(media.into_iter().collect())
    }

    /// Names of whom the changed rows are about, as they were: somebody may have lost theirs, or be in fewer media.
    pub async fn names_before(&mut self) -> Result<BTreeSet<String>> {
        let (mut names, mut people) = (BTreeSet::new(), BTreeSet::new());
        for delta in &self.deltas {
            match delta {
                Delta::Person { before, .. } => names.extend(before.iter().map(|person| person.name.clone())),
                Delta::Face { before, .. } => people.extend(before.person_id),
                Delta::Name { before, .. } => people.extend(*before),
                Delta::Not { person, .. } => people.extend(Some(*person)),
                Delta::Keyword { before, .. } => people.extend(before.and_then(KeywordState::pet)),
                Delta::Apart { .. } => {}
            }
        }
        for id in people {
            names.extend(self.person(id).await?.map(|person| person.name));
        }
        names.retain(|name| !name.trim().is_empty());
        Ok(names)
    }
}

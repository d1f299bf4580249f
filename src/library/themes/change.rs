//! What the user does to themes: a name, hiding, showing again. Each is recorded and can be undone for ever.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::library::changes::{Change, THEMES, carried};
use crate::library::{ChangeId, Library, LibraryError, Part, Result, ThemeId, Tx, touch};

/// Longest name, characters.
const LONGEST_NAME: usize = 120;

/// What is to be different of a theme; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThemeEdit {
    /// Its name; an empty one gives it back the name that it was found with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the user does not want to see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
struct State {
    name: Option<String>,
    hidden: bool,
}

/// A theme before and after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Delta {
    theme: ThemeId,
    before: State,
    after: State,
}

impl Library {
    /// Changes a theme. `called` is what the user sees it called now, for the words of the change.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`]; [`LibraryError::Refused`] for a name that is too long, or when nothing is said.
    pub async fn change_theme(&self, theme: ThemeId, edit: &ThemeEdit, called: &str) -> Result<Change> {
        let name = edit.name.as_ref().map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
        if name.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME) {
            return Err(LibraryError::Refused(format!("a name has at most {LONGEST_NAME} characters")));
        }
        let (action, summary) = match (&name, edit.hidden) {
            (Some(name), _) if name.is_empty() => ("rename", format!("Gave {called} back its own name")),
            (Some(name), _) => ("rename", format!("{called} renamed to {name}")),
            (None, Some(true)) => ("hide", format!("{called} hidden")),
            (None, Some(false)) => ("show", format!("{called} shown again")),
            (None, None) => return Err(LibraryError::Refused("nothing is said that could be changed".into())),
        };
        let mut tx = self.begin().await?;
        let before = state(&mut tx, theme).await?;
        let after = State {
            name: name.map_or_else(|| before.name.clone(), |name| Some(name).filter(|name| !name.is_empty())),
            hidden: edit.hidden.unwrap_or(before.hidden),
        };
        set(&mut tx, theme, &after).await?;
        let change = THEMES.write(&mut tx, (action, summary), &[Delta { theme, before, after }], None).await?;
        touch(&mut tx, Part::Themes).await?;
        tx.commit().await?;
        Ok(change)
    }

    /// Takes a change back; also one that took another back. Returns the new change and how many themes were kept as they
    /// are, because they were changed since or are gone.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`], or [`LibraryError::Refused`] when it was taken back already.
    pub async fn undo_theme_change(&self, id: ChangeId) -> Result<(Change, usize)> {
        let mut tx = self.begin().await?;
        let (summary, deltas): (_, Vec<Delta>) = THEMES.to_take_back(&mut tx, id).await?;
        let (mut done, mut kept) = (Vec::new(), 0);
        for Delta { theme, before, after } in deltas {
            let now = match state(&mut tx, theme).await {
                Err(LibraryError::NotFound { .. }) => {
                    kept += 1;
                    continue;
                }
                now => now?,
            };
            let back = State {
                name: carried(now.name.clone(), &after.name, before.name),
                hidden: carried(now.hidden, &after.hidden, before.hidden),
            };
            kept += usize::from(back == now);
            set(&mut tx, theme, &back).await?;
            done.push(Delta { theme, before: now, after: back });
        }
        let change = THEMES.write(&mut tx, ("undo", format!("Took back: {summary}")), &done, Some(id)).await?;
        touch(&mut tx, Part::Themes).await?;
        tx.commit().await?;
        Ok((change, kept))
    }

    /// The latest changes, the last first.
    pub async fn theme_changes(&self, limit: u32) -> Result<Vec<Change>> {
        THEMES.latest(self, limit).await
    }
}

async fn state(tx: &mut Tx<'_>, id: ThemeId) -> Result<State> {
    let sql = "SELECT name, hidden <> 0 AS hidden FROM themes WHERE id = $1";
    let state = sqlx::query_as(sql).bind(id).fetch_optional(&mut **tx).await?;
    state.ok_or_else(|| LibraryError::NotFound { what: "theme", key: id.to_string() })
}

async fn set(tx: &mut Tx<'_>, id: ThemeId, state: &State) -> Result<()> {
    let sql = "UPDATE themes SET name = $2, hidden = $3 WHERE id = $1";
    sqlx::query(sql).bind(id).bind(&state.name).bind(i64::from(state.hidden)).execute(&mut **tx).await?;
    Ok(())
}

//! Themes: what comes back over the years, found by `assistant::themes` and shaped by the user.
//!
//! Reading them is here, with what they are made from. [`store`] keeps what was found under identities that stay, [`change`]
//! is what the user does to them. What was told of a theme is JSON that only `assistant::themes` reads.
//!
//! What must stay true: a theme shows only media that are fit to be remembered and that the view shows, whatever was fit
//! when it was found.

pub mod change;
mod matching;
mod store;
#[cfg(test)]
mod tests;

use jiff::civil::DateTime;
use sqlx::{FromRow, QueryBuilder, Sqlite};

pub use store::{Basis, Found, NewTheme};

use super::memories::push_fit;
use super::{EventId, Library, LibraryError, MediaFilter, MediaId, Result, ThemeId};

/// A theme as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Theme {
    /// Identifier.
    pub id: ThemeId,
    /// `looks`, `feast`, `birthday`, `place` or `word`.
    pub kind: String,
    /// What sets it apart, JSON.
    pub told: String,
    /// The user's name for it.
    pub name: Option<String>,
    /// The user does not want to see it.
    pub hidden: bool,
    /// How many media it has, seen or not.
    pub all: i64,
}

/// A medium of a theme.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Member {
    /// The theme.
    pub theme: ThemeId,
    /// The medium.
    pub media: MediaId,
    /// Local time.
    pub taken: String,
    /// 0–5 stars.
    pub rating: i64,
    /// It is a photo rather than a video.
    pub photo: bool,
}

/// What themes are found from: a medium that is fit to be remembered.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ThemeSource {
    /// The medium.
    pub id: MediaId,
    /// Local time.
    pub taken: String,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// City or village.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// The event, or the trip that it is part of.
    pub event: Option<EventId>,
}

impl ThemeSource {
    /// Local time.
    pub fn taken(&self) -> Option<DateTime> {
        self.taken.parse().ok()
    }
}

impl Library {
    /// Every theme, the hidden ones too, in the order in which they were found first.
    pub async fn themes(&self) -> Result<Vec<Theme>> {
        let sql = "SELECT t.id, t.kind, t.told, t.name, t.hidden <> 0 AS hidden, \
                   (SELECT COUNT(*) FROM theme_media tm WHERE tm.theme_id = t.id) AS \"all\" FROM themes t ORDER BY t.id";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// One theme.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`].
    pub async fn theme(&self, id: ThemeId) -> Result<Theme> {
        let found = self.themes().await?.into_iter().find(|theme| theme.id == id);
        found.ok_or_else(|| LibraryError::NotFound { what: "theme", key: id.to_string() })
    }

    /// The media of themes, of one or of all: what is fit to be remembered and may be seen, earliest first.
    pub async fn theme_members(&self, of: Option<ThemeId>) -> Result<Vec<Member>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT tm.theme_id AS theme, m.id AS media, m.taken, COALESCE(m.rating, 0) AS rating, m.kind = 'photo' AS photo \
             FROM theme_media tm JOIN media m ON m.id = tm.media_id WHERE ",
        );
        if let Some(id) = of {
            query.push("tm.theme_id = ").push_bind(id).push(" AND ");
        }
        self.push_filter(&mut query, &MediaFilter::default());
        push_fit(&mut query);
        query.push(" ORDER BY m.taken, m.name, m.id");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// What themes are found from, earliest first.
    pub async fn theme_sources(&self) -> Result<Vec<ThemeSource>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT m.id, m.taken, m.lat, m.lon, COALESCE(m.city, m.locality) AS city, m.country, \
             (SELECT COALESCE(e.parent_id, e.id) FROM event_media em JOIN events e ON e.id = em.event_id \
              WHERE em.media_id = m.id ORDER BY e.kind = 'trip' DESC, e.id LIMIT 1) AS event FROM media m WHERE ",
        );
        self.push_filter(&mut query, &MediaFilter::default());
        push_fit(&mut query);
        query.push(" ORDER BY m.taken, m.name, m.id");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }
}

//! From an album or event to something that can be given away: who is looking decides what may be in it.

use super::App;
use crate::assistant::albums::{self, AlbumError};
use crate::library::filter::MediaFilter;
use crate::library::media::Ordering;
use crate::library::{AlbumId, EventId, LibraryError, View};
use crate::share::gather::gather;
use crate::share::{Sharing, Wish};

/// What is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shareable {
    /// An album, by hand or by a rule.
    Album(AlbumId),
    /// An event or trip.
    Event(EventId),
}

/// Why something cannot be shared.
#[derive(Debug, thiserror::Error)]
pub enum SharingError {
    /// What was asked for does not go together.
    #[error("{0}")]
    Wish(String),
    /// The album's media cannot be looked up.
    #[error(transparent)]
    Album(#[from] AlbumError),
    /// The library failed, or there is no such thing.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// There is nothing in it that may be seen.
    #[error("there is no picture in it that can be shared")]
    Nothing,
}

impl App {
    /// Gathers what is to be shared. What is kept from others is left out, unless the wish asks for it and the one who
    /// asks may see it.
    ///
    /// # Errors
    /// Every [`SharingError`].
    pub async fn sharing(&self, what: Shareable, wish: &Wish) -> Result<Sharing, SharingError> {
        let app = match self.library.view() {
            View::Everything if !wish.private => self.seen_through(self.configured.config.safety.others()),
            _ => self.clone(),
        };
        let (title, ids) = match what {
            Shareable::Album(id) => {
                let now = jiff::Zoned::now().datetime();
                let ids = albums::members(app.assistant.context(), id, now).await?;
                (app.library.album(id).await?.name, ids)
            }
            Shareable::Event(id) => {
                let filter = MediaFilter { events: vec![id], ..MediaFilter::default() };
                (app.library.event(id).await?.name, app.library.select(&filter, Ordering::Oldest, None).await?)
            }
        };
        let order = wish.order(&title).map_err(SharingError::Wish)?;
        let items = gather(&app.library, &ids).await?;
        if items.is_empty() {
            return Err(SharingError::Nothing);
        }
        let alike = app.library.alike(&ids).await?;
        Ok(Sharing::of(order, items, &alike, self.data().join("thumbnails")))
    }
}

//! A library's names as texts are read against them, indexed once for each state of the library.

use std::sync::{Arc, Mutex, PoisonError};

use super::gazetteer;
use super::understand::Lexicon;
use crate::library::{Library, LibraryError};

/// A lexicon with the library's revision that it was made for.
type Made = (i64, Arc<Lexicon>);

/// The last lexicon that was made. Clones share it.
#[derive(Clone, Default)]
pub struct Lexicons(Arc<Mutex<Option<Made>>>);

impl Lexicons {
    /// The lexicon of the library as it is now.
    ///
    /// # Errors
    /// [`LibraryError`].
    pub async fn of(&self, library: &Library) -> Result<Arc<Lexicon>, LibraryError> {
        let revision = library.revision().await?;
        let made = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, lexicon)) = made.filter(|(of, _)| *of == revision) {
            return Ok(lexicon);
        }
        let lexicon = Arc::new(gazetteer::lexicon(&*library.vocabulary().await?));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((revision, Arc::clone(&lexicon)));
        Ok(lexicon)
    }
}

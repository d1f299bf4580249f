//! A library's names as texts are read against them, indexed once for each state of its words.

use std::sync::{Arc, Mutex, PoisonError};

use super::gazetteer;
use super::understand::Lexicon;
use crate::library::{Library, LibraryError, Vocabulary};

/// A lexicon with the words that it was made of.
type Made = (Arc<Vocabulary>, Arc<Lexicon>);

/// The last lexicon that was made. Clones share it.
#[derive(Clone, Default)]
pub struct Lexicons(Arc<Mutex<Option<Made>>>);

impl Lexicons {
    /// The lexicon of the library as it is now.
    ///
    /// # Errors
    /// [`LibraryError`].
    pub async fn of(&self, library: &Library) -> Result<Arc<Lexicon>, LibraryError> {
        let vocabulary = library.vocabulary().await?;
        let made = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, lexicon)) = made.filter(|(of, _)| Arc::ptr_eq(of, &vocabulary)) {
            return Ok(lexicon);
        }
        let lexicon = Arc::new(gazetteer::lexicon(&vocabulary));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((vocabulary, Arc::clone(&lexicon)));
        Ok(lexicon)
    }
}

//! The memories of a day, as everybody may see them: nobody wants to be reminded of what they keep from others.

use std::sync::Arc;

use jiff::civil::Date;

use super::App;
use crate::assistant::memories::Memory;
use crate::library::LibraryError;

impl App {
    /// What there is to see again on `today`, what is worth most first.
    ///
    /// # Errors
    /// [`LibraryError`] when the library cannot be read.
    pub async fn memories(&self, today: Date) -> Result<Arc<Vec<Memory>>, LibraryError> {
        let others = self.configured.config.safety.others();
        self.memories.of(&self.library.seen_through(others), today).await
    }
}

//! From the words of a wish to a film: which media it is about is read by the assistant, the rest by the film's own parts.

use jiff::civil::DateTime;

use super::App;
use crate::assistant::AssistantError;
use crate::assistant::tools::create_film::about;
use crate::assistant::understand::Reading;
use crate::film::storyboard::Storyboard;
use crate::film::studio::{FilmError, Versioned};
use crate::film::wish;
use crate::library::MediaId;

impl App {
    /// Makes a film from the words of a wish, or from a storyboard that is there already.
    ///
    /// # Errors
    /// [`FilmError::Refused`] when nothing fits the words, or the storyboard cannot be made.
    pub async fn create_film(
        &self,
        prompt: &str,
        storyboard: Option<Storyboard>,
        now: Option<DateTime>,
    ) -> Result<Versioned, FilmError> {
        let read = wish::read(prompt);
        let found = self.assistant.search(&read.rest(), now, &[]).await;
        let (reading, found) = found.map_err(|error| match error {
            AssistantError::Library(error) => FilmError::Library(error),
            other => FilmError::Refused(other.to_string()),
        })?;
        let media: Vec<(MediaId, f64)> = found.iter().map(|scored| (scored.id, f64::from(scored.score))).collect();
        match storyboard {
            Some(board) => self.studio.keep(&read.wish, &media, board).await,
            None if media.is_empty() => Err(FilmError::Refused(nothing(&reading))),
            None => self.studio.create(&read.wish, &media, &about(&reading)).await,
        }
    }
}

fn nothing(reading: &Reading) -> String {
    match reading.unknown_names.is_empty() {
        true => "nothing in the library fits these words; say what the film is to be of in other ones".to_owned(),
        false => format!("nobody in the library is called {}", reading.unknown_names.join(" or ")),
    }
}

//! From the words of a wish to a film: which media it is about is read by the assistant, the rest by the film's own parts.

use jiff::civil::DateTime;

use super::App;
use crate::assistant::AssistantError;
use crate::assistant::tools::create_film::about;
use crate::assistant::understand::Reading;
use crate::film::storyboard::Storyboard;
use crate::film::storyboard::plan::About;
use crate::film::studio::{FilmError, Versioned};
use crate::film::wish;
use crate::library::MediaId;

impl App {
    /// Makes a film of these media, called `name` unless the words of the wish call it otherwise.
    ///
    /// # Errors
    /// [`FilmError::Refused`] when there is nothing in them that a film could be made of.
    pub async fn create_film_of(
        &self,
        media: &[MediaId],
        prompt: &str,
        name: Option<String>,
    ) -> Result<Versioned, FilmError> {
        self.studio.create(&wish::read(prompt).wish, &alike(media), &About { name, ..About::default() }).await
    }

    /// Plans a film of these media as [`Self::create_film_of`] does, and keeps nothing.
    ///
    /// # Errors
    /// [`FilmError::Refused`] when there is nothing in them that a film could be made of.
    pub async fn plan_film_of(
        &self,
        media: &[MediaId],
        prompt: &str,
        name: Option<String>,
    ) -> Result<Storyboard, FilmError> {
        self.studio.plan(&wish::read(prompt).wish, &alike(media), &About { name, ..About::default() }).await
    }

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

/// Media of which each fits as well as the others.
fn alike(media: &[MediaId]) -> Vec<(MediaId, f64)> {
    media.iter().map(|id| (*id, 1.0)).collect()
}

fn nothing(reading: &Reading) -> String {
    match reading.unknown_names.is_empty() {
        true => "nothing in the library fits these words; say what the film is to be of in other ones".to_owned(),
        false => format!("nobody in the library is called {}", reading.unknown_names.join(" or ")),
    }
}

//! Listens to the music of a storyboard and brings its cuts to the beats.
//!
//! What must stay true: beats are found when music is chosen and kept with the storyboard, so that the film stays the same;
//! a file that is another one by now is listened to anew.

use std::path::Path;

use super::{FilmError, Studio, thinking};
use crate::film::sound;
use crate::film::storyboard::{Music, Storyboard};

/// What listening to the music of a storyboard gave.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Its beats are new.
    pub new: bool,
    /// What there is to say of them.
    pub said: Option<String>,
}

impl Studio {
    /// Finds the beats of the music, unless they are known.
    ///
    /// # Errors
    /// [`FilmError::Refused`] when the music cannot be read.
    pub(super) async fn listen(&self, board: &mut Storyboard) -> Result<Heard, FilmError> {
        let Music::File { path, beats } = &board.music else { return Ok(Heard::default()) };
        let (file, known) = (path.clone(), beats.as_ref().map(|beats| beats.of.clone()));
        let found = thinking(move || {
            let path = Path::new(&file);
            let listened = match sound::of(path) {
                Ok(of) if Some(&of) == known.as_ref() => return Ok(None),
                Ok(_) => sound::listen(path),
                Err(reason) => Err(reason),
            };
            listened.map(Some).map_err(|reason| format!("the music {file} {reason}"))
        });
        let Some(found) = found.await? else { return Ok(Heard::default()) };
        let name = Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let said = match found.clear() {
            true => format!("cuts lie on the beats of {name}, {:.0} a minute", found.tempo),
            false => format!("{name} has no clear beat"),
        };
        board.music = Music::File { path: path.clone(), beats: Some(found) };
        Ok(Heard { new: true, said: Some(said) })
    }

    /// A storyboard that was changed by hand, with its cuts on the beats again, and what was done beside `said`.
    ///
    /// # Errors
    /// [`FilmError::Refused`] when it has other music than `before`, which cannot be read.
    pub(super) async fn settled(
        &self,
        before: &Storyboard,
        mut board: Storyboard,
        said: &str,
    ) -> Result<(Storyboard, Vec<String>), FilmError> {
        let other = !same(&before.music, &board.music);
        let heard = match self.listen(&mut board).await {
            Err(error) if other => return Err(error),
            // Whatever else was changed is not held up by music that is away.
            heard => heard.unwrap_or_default(),
        };
        let moved = before.lengths() != board.lengths()
            || before.shots.iter().zip(&board.shots).any(|(a, b)| a.media != b.media);
        if other || heard.new || moved {
            board.settle();
        }
        Ok((board, std::iter::once(said.to_owned()).chain(heard.said).collect()))
    }
}

/// Whether the same is heard.
fn same(a: &Music, b: &Music) -> bool {
    match (a, b) {
        (Music::File { path: a, .. }, Music::File { path: b, .. }) => a == b,
        _ => a == b,
    }
}

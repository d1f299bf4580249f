//! What is to be heard beneath a film, as it is named on the command line: a mood, a file of the user's, or nothing.
//!
//! A file is listened to before anything is planned, so that a wrong one leaves no film behind. Finding its beats is left
//! to the studio.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::film::sound;
use crate::film::storyboard::{Mood, Music, Storyboard};

/// What is to be heard.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Choice {
    /// Music made for the film.
    Made(Mood),
    /// A file, by its whole path: the server may have been started elsewhere.
    File(String),
    /// Nothing.
    None,
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self::None);
        }
        if let Some(mood) = Mood::of(text) {
            return Ok(Self::Made(mood));
        }
        let path = Path::new(text);
        if !path.is_file() {
            return Err(format!("there is no such file; give a file of music, “none”, or a mood: {}", moods()));
        }
        let whole = std::path::absolute(path).ok().and_then(|path| PathBuf::into_os_string(path).into_string().ok());
        Ok(Self::File(whole.ok_or("the path of the music has to be text; give the file another name")?))
    }
}

/// The moods that music can be made in, in words.
fn moods() -> String {
    Mood::ALL.map(Mood::name).join(", ")
}

impl Choice {
    /// Whether it can be heard. Blocks.
    ///
    /// # Errors
    /// In words, with what to do.
    pub fn check(&self) -> Result<(), String> {
        let Self::File(path) = self else { return Ok(()) };
        let failed = |reason| format!("{path} {reason}; give another file, “none”, or a mood: {}", moods());
        sound::is_heard(Path::new(path)).map_err(failed)
    }

    /// Lets it be heard in a film; its other settings stay.
    pub fn apply(&self, board: &mut Storyboard) {
        board.music = match self {
            Self::Made(mood) => {
                board.mood = *mood;
                Music::Made
            }
            Self::File(path) => Music::File { path: path.clone(), beats: None },
            Self::None => Music::None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn music_is_a_mood_a_file_or_none() {
        assert_eq!("none".parse(), Ok(Choice::None));
        assert_eq!("nostalgic".parse(), Ok(Choice::Made(Mood::Nostalgic)));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("song.wav");
        std::fs::write(&file, b"not a sound").unwrap();
        let choice: Choice = file.to_str().unwrap().parse().unwrap();
        assert_eq!(choice, Choice::File(file.to_str().unwrap().to_owned()));
        let refused = choice.check().unwrap_err();
        assert!(refused.contains("song.wav") && refused.contains("give another file"), "{refused}");
    }

    #[test]
    fn what_is_no_music_is_refused_with_what_to_do() {
        let refused = "jazz".parse::<Choice>().unwrap_err();
        for said in ["no such file", "none", "gentle, happy, nostalgic, epic, energetic"] {
            assert!(refused.contains(said), "{refused}");
        }
        assert!(Choice::None.check().is_ok() && Choice::Made(Mood::Epic).check().is_ok());
    }
}

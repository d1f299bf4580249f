//! Music of the user's own: the files of a folder that the settings name, and those that were given to the app.
//!
//! What must stay true: only what [`Tunes::list`] shows is ever opened by its identifier; a file that is given is kept only
//! when there is sound in it, under a name that is free, and whole or not at all. The folder of the settings is only read.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::sound;

/// Endings of files with music.
const ENDINGS: [&str; 9] = ["aac", "aif", "aiff", "flac", "m4a", "mp3", "ogg", "opus", "wav"];
/// Folders in folders are looked through so deep.
const DEEPEST: usize = 4;
/// The most that are listed.
const MOST: usize = 1000;
/// A name has so many characters at the most.
const LONGEST_NAME: usize = 80;

/// A piece of music.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tune {
    /// Made from where it lies.
    pub id: String,
    /// The name of its file without the ending.
    pub title: String,
    /// Where it lies.
    pub path: PathBuf,
    /// It was given to the app.
    pub given: bool,
}

/// Where the user's music lies.
#[derive(Debug, Clone)]
pub struct Tunes {
    /// The folder of the settings.
    own: Option<PathBuf>,
    /// What was given to the app.
    given: PathBuf,
}

impl Tunes {
    /// The music of the folder `own`, where there is one, and of `given`, which need not be there yet.
    pub fn new(own: &str, given: PathBuf) -> Self {
        Self { own: (!own.is_empty()).then(|| own.into()), given }
    }

    /// All of it, by title. Blocks.
    pub fn list(&self) -> Vec<Tune> {
        let mut found = Vec::new();
        walk(&self.given, true, 1, &mut found);
        if let Some(own) = &self.own {
            walk(own, false, DEEPEST, &mut found);
        }
        found.sort_by(|a, b| a.title.to_lowercase().cmp(&b.title.to_lowercase()).then_with(|| a.path.cmp(&b.path)));
        found
    }

    /// One of them. Blocks.
    pub fn find(&self, id: &str) -> Option<Tune> {
        self.list().into_iter().find(|tune| tune.id == id)
    }

    /// Keeps a file that is given under a name like its own. Blocks.
    ///
    /// # Errors
    /// In words for the user, when it is no music or cannot be written.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<Tune, String> {
        let (stem, ending) = named(name)?;
        let written = |error: std::io::Error| format!("the music cannot be kept: {error}");
        fs::create_dir_all(&self.given).map_err(written)?;
        let mut file =
            tempfile::Builder::new().suffix(&format!(".{ending}.part")).tempfile_in(&self.given).map_err(written)?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(written)?;
        sound::is_heard(file.path()).map_err(|reason| format!("{name} {reason}"))?;
        let path = (1..1000)
            .map(|at| {
                self.given.join(if at == 1 { format!("{stem}.{ending}") } else { format!("{stem} ({at}).{ending}") })
            })
            .find(|path| !path.exists())
            .ok_or_else(|| format!("there are too many pieces called {stem}"))?;
        file.persist_noclobber(&path).map_err(|error| written(error.error))?;
        tune(path, true).ok_or_else(|| "the music cannot be kept".to_owned())
    }
}

/// The name that a file may have here, and its ending.
fn named(name: &str) -> Result<(String, String), String> {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let ending = ending.to_lowercase();
    if !ENDINGS.contains(&ending.as_str()) {
        return Err(format!("{name} is no music that can be read; {} are", ENDINGS.join(", ")));
    }
    let allowed = |c: &char| c.is_alphanumeric() || " -_.,()&'".contains(*c);
    let stem: String = stem.chars().filter(allowed).take(LONGEST_NAME).collect();
    let stem = stem.trim().trim_start_matches('.');
    Ok((if stem.is_empty() { "music".to_owned() } else { stem.to_owned() }, ending))
}

fn walk(folder: &Path, given: bool, deep: usize, found: &mut Vec<Tune>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        if found.len() >= MOST {
            return;
        }
        // Links are not followed: a circle of them would have no end.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && deep > 1 => walk(&entry.path(), given, deep - 1, found),
            Ok(kind) if kind.is_file() => found.extend(tune(entry.path(), given)),
            _ => {}
        }
    }
}

/// The file as a piece of music; none when its name says that it is something else.
fn tune(path: PathBuf, given: bool) -> Option<Tune> {
    let ending = path.extension()?.to_str()?.to_lowercase();
    let title = path.file_stem()?.to_str().filter(|stem| !stem.starts_with('.'))?.to_owned();
    let id = blake3::hash(path.as_os_str().as_encoded_bytes()).to_hex()[..16].to_owned();
    ENDINGS.contains(&ending.as_str()).then_some(Tune { id, title, path, given })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second of a tone, as a WAV file.
    fn tone() -> Vec<u8> {
        sound::wav(&(0..96_000).map(|at| (at as f32 * 0.03).sin() * 0.3).collect::<Vec<_>>())
    }

    #[test]
    fn music_is_listed_from_both_folders_and_found_by_what_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("own");
        fs::create_dir_all(own.join("a/b")).unwrap();
        for name in ["a/b/Waltz.MP3", "morning.flac", "cover.jpg", ".hidden.mp3"] {
            fs::write(own.join(name), b"x").unwrap();
        }
        let tunes = Tunes::new(own.to_str().unwrap(), folder.path().join("given"));
        let kept = tunes.keep("../../My song?.wav", &tone()).unwrap();
        let titles: Vec<_> = tunes.list().into_iter().map(|tune| (tune.title, tune.given)).collect();
        let expected = [("morning", false), ("My song", true), ("Waltz", false)];
        assert_eq!(titles, expected.map(|(title, given)| (title.to_owned(), given)));
        assert_eq!(tunes.find(&kept.id), Some(kept.clone()));
        assert_eq!(tunes.find("0123456789abcdef"), None);
        assert_eq!(kept.path.parent(), Some(folder.path().join("given").as_path()), "{:?}", kept.path);
        assert_eq!(tunes.keep("My song.wav", &tone()).unwrap().title, "My song (2)");
    }

    #[test]
    fn what_is_no_music_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let tunes = Tunes::new("", folder.path().join("given"));
        assert!(tunes.keep("letter.pdf", b"x").unwrap_err().contains("no music"));
        assert!(tunes.keep("broken.mp3", b"not a sound").unwrap_err().contains("broken.mp3"));
        assert_eq!(tunes.list(), []);
        assert_eq!(fs::read_dir(folder.path().join("given")).unwrap().count(), 0);
    }
}

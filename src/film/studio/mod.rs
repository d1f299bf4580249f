//! Films as things that last: made from a wish, changed, rendered, deleted.
//!
//! What must stay true: a change makes a new version of the storyboard and never writes over one; a film whose process was
//! killed goes on where it was; one process at a time renders. Where the films of a library lie, nothing else lies.

mod music;
mod renderer;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::gather;
use super::render::{Allowed, File, Quality, RenderError, Stop};
use super::storyboard::edit::{self, Edit};
use super::storyboard::facts::Fact;
use super::storyboard::plan::{About, plan};
use super::storyboard::{SCHEMA, Storyboard};
use super::wish::Wish;
use crate::library::films::{Film, NewFilm};
use crate::library::{FilmId, Library, LibraryError, MediaId};

/// Deleted films can be taken back for so long, seconds.
const KEPT: i64 = 30 * 86_400;

/// Why something cannot be done with a film.
#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    /// The library failed, or there is no such film.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// What was asked makes no sense; the words are for whoever asked.
    #[error("{0}")]
    Refused(String),
    /// It could not be rendered.
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// A storyboard with the version that it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Versioned {
    /// The film.
    pub film: FilmId,
    /// The version.
    pub version: i64,
    /// The storyboard.
    pub board: Storyboard,
    /// What made it, in words.
    pub said: Vec<String>,
}

/// What is being rendered, and how to stop it.
type Running = Arc<Mutex<Option<(FilmId, Quality, Arc<Stop>)>>>;

/// Makes, changes and renders the films of one library. Clones share the same parts.
#[derive(Clone)]
pub struct Studio {
    library: Library,
    folder: Arc<Path>,
    allowed: Allowed,
    running: Running,
    wake: Arc<Notify>,
}

impl Studio {
    /// A studio whose films lie in `folder`, made by encoders that are allowed.
    pub fn new(library: Library, folder: PathBuf, allowed: Allowed) -> Self {
        Self { library, folder: folder.into(), allowed, running: Arc::default(), wake: Arc::default() }
    }

    /// Plans a film of these media, each with how well it fits (0–1), and keeps nothing.
    ///
    /// # Errors
    /// [`FilmError::Refused`] when there is nothing that a film could be made of.
    pub async fn plan(&self, wish: &Wish, media: &[(MediaId, f64)], about: &About) -> Result<Storyboard, FilmError> {
        let facts = gather::facts(&self.library, media).await?;
        let (wish, about) = (wish.clone(), about.clone());
        thinking(move || plan(&wish, &facts, &about)).await
    }

    /// Plans a film and keeps it.
    ///
    /// # Errors
    /// [`FilmError::Refused`] when there is nothing that a film could be made of.
    pub async fn create(&self, wish: &Wish, media: &[(MediaId, f64)], about: &About) -> Result<Versioned, FilmError> {
        let board = self.plan(wish, media, about).await?;
        self.keep(wish, media, board).await
    }

    /// Keeps a film whose storyboard is there already.
    ///
    /// # Errors
    /// [`FilmError::Refused`] when the storyboard cannot be made.
    pub async fn keep(&self, wish: &Wish, media: &[(MediaId, f64)], board: Storyboard) -> Result<Versioned, FilmError> {
        let mut board = board;
        board.check().map_err(FilmError::Refused)?;
        self.known(&board).await?;
        if self.listen(&mut board).await?.new {
            board.settle();
        }
        let (wish, storyboard) = (written(wish)?, written(&board)?);
        let (title, said) = (board.title.as_str(), "planned");
        let new = NewFilm { title, wish: &wish, storyboard: &storyboard, said, candidates: media };
        let film = self.library.create_film(&new).await?;
        Ok(Versioned { film, version: 1, board, said: vec![said.to_owned()] })
    }

    /// A film with its storyboard as they are now.
    pub async fn film(&self, id: FilmId) -> Result<(Film, Storyboard), FilmError> {
        let film = self.library.film(id).await?;
        let board = read(&film.storyboard)?;
        Ok((film, board))
    }

    /// Puts a storyboard that was changed by hand in place of version `from`; its cuts go to the beats of its music.
    ///
    /// # Errors
    /// [`FilmError::Refused`] when it cannot be made or another version counts by now.
    pub async fn put(&self, id: FilmId, from: i64, board: Storyboard, said: &str) -> Result<Versioned, FilmError> {
        board.check().map_err(FilmError::Refused)?;
        let (_, before) = self.film(id).await?;
        let (board, said) = self.settled(&before, board, said).await?;
        self.store(id, from, board, said).await
    }

    /// Stores a storyboard as version after `from`.
    async fn store(&self, id: FilmId, from: i64, board: Storyboard, said: Vec<String>) -> Result<Versioned, FilmError> {
        board.check().map_err(FilmError::Refused)?;
        self.known(&board).await?;
        let version = self.library.change_film(id, from, &board.title, &written(&board)?, &said.join("; ")).await?;
        Ok(Versioned { film: id, version, board, said })
    }

    /// Takes up an older storyboard again.
    pub async fn take_up(&self, id: FilmId, version: i64) -> Result<Versioned, FilmError> {
        let film = self.library.film(id).await?;
        let board: Storyboard = read(&self.library.film_storyboard(id, version).await?)?;
        self.store(id, film.version, board, vec!["as it was before".to_owned()]).await
    }

    /// Changes a film by words.
    ///
    /// # Errors
    /// [`FilmError::Refused`] when the words ask for no change of a film, or for one that cannot be made.
    pub async fn say(&self, id: FilmId, words: &str) -> Result<Versioned, FilmError> {
        let edits = edit::read(words);
        if edits.is_empty() {
            let hint = "that is no change of a film; say “shorter”, “more of Rex”, “start with the boat”, “replace the third”, \
                        “without captions”, “vertical for the phone”, “slower” or “no music”";
            return Err(FilmError::Refused(hint.to_owned()));
        }
        self.edit(id, edits).await
    }

    /// Makes changes that were read from words.
    pub async fn edit(&self, id: FilmId, edits: Vec<Edit>) -> Result<Versioned, FilmError> {
        let (film, mut board) = self.film(id).await?;
        // Music that is away is no reason not to change the rest.
        let _ = self.listen(&mut board).await;
        let facts = self.facts(id, &board).await?;
        let german = serde_json::from_str::<Wish>(&film.wish).is_ok_and(|wish| wish.german);
        let edited = thinking(move || edit::apply(&board, &facts, &edits, german)).await?;
        self.store(id, film.version, edited.board, edited.said).await
    }

    /// What could stand in place of a shot, best first.
    pub async fn alternatives(&self, id: FilmId, shot: usize, count: usize) -> Result<Vec<MediaId>, FilmError> {
        let (_, board) = self.film(id).await?;
        let facts = self.facts(id, &board).await?;
        thinking(move || {
            let others = edit::alternatives(&board, &facts, shot);
            Ok(others.into_iter().take(count).map(|fact| fact.id).collect())
        })
        .await
    }

    /// What is known of the media that a film may be made of, and of those that it is made of.
    async fn facts(&self, id: FilmId, board: &Storyboard) -> Result<Vec<Fact>, FilmError> {
        let mut media = self.library.film_candidates(id).await?;
        let known: std::collections::HashSet<MediaId> = media.iter().map(|(id, _)| *id).collect();
        let mut more: Vec<MediaId> =
            board.shots.iter().map(|shot| shot.media).filter(|id| !known.contains(id)).collect();
        more.sort_unstable();
        more.dedup();
        media.extend(more.into_iter().map(|id| (id, 0.5)));
        Ok(gather::facts(&self.library, &media).await?)
    }

    /// Every medium of a storyboard is in the library.
    async fn known(&self, board: &Storyboard) -> Result<(), FilmError> {
        let files = self.files(board).await?;
        match board.shots.iter().position(|shot| !files.contains_key(&shot.media)) {
            Some(at) => Err(RenderError::Gone(at + 1).into()),
            None => Ok(()),
        }
    }

    /// The files of the media of a storyboard.
    pub async fn files(&self, board: &Storyboard) -> Result<HashMap<MediaId, File>, FilmError> {
        let mut ids: Vec<MediaId> = board.shots.iter().map(|shot| shot.media).collect();
        ids.sort_unstable();
        ids.dedup();
        let edge = |pixels: Option<i64>| pixels.and_then(|pixels| u32::try_from(pixels).ok()).unwrap_or(1);
        let mut files = HashMap::new();
        for medium in self.library.media_by_ids(&ids).await? {
            // The file that is shown may be away while a copy is there.
            let paths = self.library.paths(medium.id).await?;
            let path = std::iter::once(medium.path.clone()).chain(paths).map(PathBuf::from).find(|path| path.is_file());
            let path = path.unwrap_or_else(|| medium.path.clone().into());
            let size = (edge(medium.width), edge(medium.height));
            files.insert(medium.id, File { path, hash: medium.hash, video: medium.kind == "video", size });
        }
        Ok(files)
    }

    /// Deletes a film; it can be taken back for a while.
    pub async fn delete(&self, id: FilmId) -> Result<(), FilmError> {
        self.library.set_film_deleted(id, true).await?;
        for quality in Quality::ALL {
            self.stop(id, quality);
        }
        Ok(())
    }

    /// Takes the deletion of a film back.
    pub async fn restore(&self, id: FilmId) -> Result<(), FilmError> {
        Ok(self.library.set_film_deleted(id, false).await?)
    }

    /// Clears away films that were deleted long ago.
    pub async fn tidy(&self) -> Result<(), FilmError> {
        for id in self.library.purge_films(jiff::Timestamp::now().as_second() - KEPT).await? {
            let _ = std::fs::remove_dir_all(self.folder.join(id.to_string()));
        }
        Ok(())
    }

    /// Where the video of a film lies when it has been rendered.
    pub fn output(&self, id: FilmId, quality: Quality) -> PathBuf {
        self.folder.join(id.to_string()).join(format!("{}.mp4", quality.name()))
    }

    fn pieces(&self, id: FilmId, quality: Quality) -> PathBuf {
        self.folder.join(id.to_string()).join(quality.name())
    }

    fn stop(&self, id: FilmId, quality: Quality) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((film, of, stop)) = running.as_ref()
            && (*film, *of) == (id, quality)
        {
            stop.cancel();
        }
    }
}

/// A storyboard as it was written.
///
/// # Errors
/// [`FilmError::Refused`] when it has another version or is none.
pub fn read(text: &str) -> Result<Storyboard, FilmError> {
    let value: serde_json::Value = serde_json::from_str(text)
        .map_err(|error| FilmError::Refused(format!("the storyboard is no JSON: {error}")))?;
    let schema = value["schema"].as_u64();
    if schema != Some(u64::from(SCHEMA)) {
        return Err(FilmError::Refused(format!("the storyboard has no schema {SCHEMA}")));
    }
    serde_json::from_value(value).map_err(|error| FilmError::Refused(format!("the storyboard cannot be read: {error}")))
}

fn written(value: &impl serde::Serialize) -> Result<String, FilmError> {
    Ok(serde_json::to_string(value).map_err(LibraryError::from)?)
}

/// Thinks on a thread that may.
async fn thinking<T: Send + 'static>(
    think: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, FilmError> {
    let done = tokio::task::spawn_blocking(think).await;
    done.map_err(|error| FilmError::Refused(error.to_string()))?.map_err(FilmError::Refused)
}

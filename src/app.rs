//! The composition root: the only place that chooses concrete parts and puts them together.
//!
//! One process at a time holds a data folder: it has the lock, reads files, writes the indexes, and tells others through
//! `server.json` where it listens. Beside it any number of workers ([`WorkerApp`]) may do jobs that only write to the
//! library.

mod captions;
mod chat;
mod choice;
mod encoder;
mod films;
mod measure;
mod memories;
mod pets;
mod reading;
mod seeing;
mod sharing;
mod sight;
mod speech;
mod work;

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::assistant::Assistant;
use crate::assistant::agent::Agent;
use crate::assistant::albums::Remembered;
use crate::assistant::lexicons::Lexicons;
use crate::assistant::memories::Memories;
use crate::assistant::sight::Sight;
use crate::assistant::themes::Themes;
use crate::assistant::tools::ToolContext;
use crate::config::{Config, Configured, models_folder};
use crate::engine::{ChatModel, EngineState, ImageAnnotator, SpeechModel, Supervisor};
use crate::film::studio::Studio;
use crate::ingest::picture::{keyframe_path, thumbnail_path};
use crate::jobs::{Indexer, IndexerParts, JobError};
use crate::library::documents::Index;
use crate::library::people::forget::Forgotten;
use crate::library::{Library, LibraryError, PersonId, View};
use crate::models::{ModelError, ModelFolder, Puller, Pulls};
use crate::perception::captions::WriteCaptions;
use crate::perception::concepts::Concepts;
use crate::perception::faces::Faces;
use crate::perception::faces::crops::FaceCrops;
use crate::perception::faces::identify::Identifier;
use crate::prompts::Prompts;
use crate::search::{EncoderModel, Search, SearchError};
use crate::voice::notes::Notes;
use crate::voice::recordings::Recordings;
use chat::ChatPart;
use encoder::EncoderPart;
use reading::ReadingPart;
use seeing::{SeeingPart, published_heads, stored_model};
use sight::SightPart;
use speech::SpeechPart;

pub use self::captions::captions_writer;
pub use self::chat::language_model;
pub use self::measure::{Measurable, measurable};
pub use self::reading::text_packs;
pub use self::sharing::{Shareable, SharingError};
pub use self::work::WorkerApp;

/// A remote engine answers within this time.
const REMOTE_TIMEOUT: Duration = Duration::from_secs(60);

/// Name of the folder, within the data folder, that holds the pictures of the demo library.
pub const DEMO_FOLDER: &str = "demo-photos";

/// Why the application cannot start.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The data folder cannot be used.
    #[error("the data folder {path} cannot be used: {source}")]
    Data {
        /// The folder, or the file in it.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process holds the data folder.
    #[error("{path} is in use by another Recollect; stop it, or name another folder with --data")]
    InUse {
        /// The data folder.
        path: PathBuf,
    },
    /// The library cannot be opened.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The indexes cannot be opened.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The model catalogue cannot be read.
    #[error(transparent)]
    Models(#[from] ModelError),
    /// The queue cannot be set up.
    #[error(transparent)]
    Jobs(#[from] JobError),
}

/// The application: everything put together. Clones share the same parts.
#[derive(Clone)]
pub struct App {
    /// The library.
    pub library: Library,
    /// Answers questions.
    pub assistant: Assistant,
    /// Reads files and keeps indexes.
    pub indexer: Indexer,
    /// Says whose faces are, and asks about them.
    pub identifier: Identifier,
    /// Learns concepts, and says what belongs to them.
    pub concepts: Concepts,
    /// Gets models.
    pub pulls: Pulls,
    /// The configuration with its origins.
    pub configured: Arc<Configured>,
    data: Arc<Path>,
    encoder: Arc<EncoderPart>,
    chat: ChatPart,
    sight: SightPart,
    /// Describes pictures.
    pub captions: Arc<WriteCaptions>,
    speech: SpeechPart,
    seeing: Arc<SeeingPart>,
    reading: Arc<ReadingPart>,
    /// Voice notes.
    pub notes: Notes,
    /// Films.
    pub studio: Studio,
    memories: Memories,
}

/// A model that a part of the app needs.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ModelState {
    /// What it does: `text_embedding`, `chat`, `vision`, `captions`, `speech`, `faces`, `objects`, `labels`,
    /// `image_embedding`, `safety`, `text_in_pictures`.
    pub role: String,
    /// Its name.
    pub name: String,
    /// `ready`, `missing` or `failed`.
    pub state: String,
    /// The command that adds it, or what went wrong.
    pub hint: Option<String>,
}

impl ModelState {
    fn of(role: &str, name: &str, missing: Option<&String>, supervisor: Option<&Supervisor>) -> Self {
        let (state, hint) = match (missing, supervisor.map(Supervisor::state)) {
            (Some(hint), _) => ("missing", Some(hint.clone())),
            (None, Some(EngineState::Failed { reason, .. } | EngineState::GaveUp { reason, .. })) => {
                ("failed", Some(reason))
            }
            (None, _) => ("ready", None),
        };
        Self { role: role.into(), name: name.into(), state: state.into(), hint }
    }
}

/// The exclusive right to a data folder; given back when dropped, also when the process is killed.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

/// Takes the data folder for this process, making it if it is not there.
pub fn lock(data: &Path) -> Result<DataLock, AppError> {
    let failed = |source| AppError::Data { path: data.to_owned(), source };
    std::fs::create_dir_all(data).map_err(failed)?;
    let file = lock_file(data).map_err(failed)?;
    // A command that looks whether the folder is held touches the lock for a moment.
    for _ in 0..20 {
        match file.try_lock() {
            Ok(()) => return Ok(DataLock { _file: file }),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
    }
    Err(AppError::InUse { path: data.to_owned() })
}

/// Whether some process holds the data folder.
pub fn is_held(data: &Path) -> bool {
    lock_file(data).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

fn lock_file(data: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).read(true).write(true).open(data.join("recollect.lock"))
}

impl App {
    /// Opens the library in `data` and puts the parts together. Nothing runs yet.
    ///
    /// The caller holds the folder's [`lock`] unless it only reads.
    pub async fn open(data: &Path, configured: Configured) -> Result<Self, AppError> {
        let config = configured.config.clone();
        for folder in ["index", "thumbnails", "logs"] {
            let path = data.join(folder);
            std::fs::create_dir_all(&path).map_err(|source| AppError::Data { path, source })?;
        }
        let library = Library::open(&data.join("recollect.db")).await?;
        let encoder = Arc::new(EncoderPart::new(&config, data).await);
        let model = encoder.encoder.as_ref().map(|encoder| encoder.model()).map(|model| EncoderModel {
            name: model.name.clone(),
            version: model.version.clone(),
            dimensions: model.dimensions,
        });
        let search = Search::open(&data.join("index"), config.search.clone(), model).await?;
        let seeing = Arc::new(SeeingPart::new(&config, data).await);
        let search = match seeing.picture_model() {
            Some(model) => search.with_pictures(&data.join("index"), model).await?,
            None => search,
        };
        if let Some(table) = search.pictures()
            && table.count().await.map_err(SearchError::from)? == 0
        {
            library.forget_picture_vectors().await?;
        }
        if search.needs_rebuild() {
            library.forget_index(Index::Text).await?;
        }
        if search.has_no_vectors().await? {
            library.forget_index(Index::Vectors).await?;
        }
        let search = Arc::new(search);
        let chat = ChatPart::new(&config, data);
        let sight = SightPart::new(&config, data, &chat);
        let studio = Studio::new(library.clone(), data.join("films"), configured.config.film.encoder);
        let context = ToolContext {
            library: library.clone(),
            search: Arc::clone(&search),
            encoder: encoder.encoder.clone(),
            looks: seeing.looks(),
            studio: studio.clone(),
            lexicons: Lexicons::default(),
            remembered: Remembered::default(),
            sight: Sight::new(sight.find(), Prompts::at(data), data.join("thumbnails")),
        };
        let agent = Agent::new(chat.find(), Prompts::at(data), config.chat.max_steps);
        let speech = SpeechPart::new(&config, data);
        let recordings = Recordings::at(data.join("notes"));
        let reading = Arc::new(ReadingPart::new(&config, &seeing));
        let captions = work::captions(&config, data, &library, &sight).await?;
        let means = work::Means {
            config: &config,
            data,
            library: &library,
            seeing: &seeing,
            reading: &reading,
            speech: &speech,
            captions: &captions,
            kinds: &[],
        };
        let mut works = means.perception();
        works.push(Arc::new(means.reading()));
        let queue = means.queue(works)?;
        let identifier = Identifier::new(library.clone());
        let concepts =
            Concepts::new(library.clone(), seeing.picture_model().map(stored_model), published_heads(&config));
        let indexer = Indexer::new(IndexerParts {
            library: library.clone(),
            faces: Arc::new(Faces { identifier: identifier.clone(), crops: FaceCrops::at(data.join("faces")) }),
            overviews: vec![
                Arc::new(concepts.clone()),
                Arc::new(Themes::new(
                    library.seen_through(config.safety.others()),
                    seeing.picture_model().map(stored_model),
                )),
            ],
            thumbnails: data.join("thumbnails"),
            search,
            encoder: encoder.encoder.clone(),
            queue,
            language: config.indexing.language.clone(),
            rescan_every: (config.indexing.rescan_minutes > 0)
                .then(|| Duration::from_secs(config.indexing.rescan_minutes * 60)),
        });
        Ok(Self {
            memories: Memories::default(),
            studio,
            notes: Notes::new(library.clone(), recordings, speech.find()),
            library,
            assistant: Assistant::new(context, agent),
            indexer,
            identifier,
            concepts,
            pulls: Pulls::new(Puller::new(ModelFolder::at(models_folder(&config))))?,
            speech,
            seeing,
            reading,
            configured: Arc::new(configured),
            data: data.into(),
            encoder,
            chat,
            sight,
            captions,
        })
    }

    /// The same application whose library is seen through a view: what it lists, finds, counts and answers is of that.
    #[must_use]
    pub fn seen_through(&self, view: View) -> Self {
        let library = self.library.seen_through(view);
        Self { assistant: self.assistant.over(library.clone()), library, ..self.clone() }
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Where the thumbnail of a content lies; `size` is rounded to one that is made.
    pub fn thumbnail(&self, hash: &str, size: u32) -> PathBuf {
        thumbnail_path(&self.data.join("thumbnails"), hash, if size <= 256 { 256 } else { 1024 })
    }

    /// Where the picture of a video's frame lies; `at_ms`: when it is shown.
    pub fn keyframe(&self, hash: &str, at_ms: i64) -> PathBuf {
        keyframe_path(&self.data.join("thumbnails"), hash, at_ms)
    }

    /// Small pictures of faces.
    pub fn crops(&self) -> FaceCrops {
        FaceCrops::at(self.data.join("faces"))
    }

    /// Deletes what identifies a person, the crops of their faces too; returns the report and how many crops there were.
    /// The pictures stay.
    pub async fn forget_person(&self, id: PersonId) -> Result<(Forgotten, usize), LibraryError> {
        let forgotten = self.library.forget_person(id).await?;
        let (crops, faces) = (self.crops(), forgotten.faces.clone());
        let deleted = tokio::task::spawn_blocking(move || crops.forget(&faces)).await.unwrap_or_default();
        Ok((forgotten, deleted))
    }

    /// The models that parts of the app need, and how to get those that are missing.
    pub fn model_states(&self) -> Vec<ModelState> {
        let mut states = vec![self.encoder.state(), self.chat.state(), self.sight.state(), self.speech.state()];
        states.extend(captions::state(&self.configured.config, &self.captions.writer(), &self.sight));
        states.extend(self.seeing.states());
        states.extend(self.reading.state());
        states
    }

    /// What there is of a speech model, without an application.
    pub fn speech_state(config: &Config, data: &Path) -> ModelState {
        SpeechPart::new(config, data).state()
    }

    /// The speech model.
    ///
    /// # Errors
    /// What to do to have one.
    pub fn speech(&self) -> Result<Arc<dyn SpeechModel>, String> {
        self.speech.get()
    }

    /// The language model, if there is one.
    pub fn language_model(&self) -> Option<Arc<dyn ChatModel>> {
        self.chat.now().model.ok()
    }

    /// What sees pictures, as far as there are models for it.
    pub fn annotator(&self) -> Option<Arc<dyn ImageAnnotator>> {
        self.seeing.annotator.clone()
    }

    /// Whether the demo library is all there is.
    pub async fn is_demo(&self) -> Result<bool, LibraryError> {
        let demo = self.data.join(DEMO_FOLDER);
        let roots = self.library.roots().await?;
        Ok(!roots.is_empty() && roots.iter().all(|root| Path::new(&root.path) == demo))
    }

    /// Ends the engines and closes the library.
    pub async fn close(&self) {
        let language = [self.encoder.supervisor.clone(), self.chat.now().supervisor, self.sight.supervisor()];
        let senses = [self.speech.supervisor(), self.seeing.supervisor.clone()];
        for supervisor in language.into_iter().chain(senses).flatten() {
            supervisor.shutdown().await;
        }
        self.library.close().await;
    }
}

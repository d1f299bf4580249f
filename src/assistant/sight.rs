//! Looking at one picture: a vision model answers a question about it.
//!
//! What stays true: a picture goes to the model alone, without anything else of the library; it is decoded and made small
//! here first, so that no model sees a file as it was sent; without a model it is said plainly what is missing. Which media
//! the picture may be is left to [`super::pictured`].

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt as _;
use minijinja::context;

use crate::engine::protocol::chat::{ChatRequest, Content, ImageUrl, Message, Part, Role};
use crate::engine::{ChatEvent, EngineError, FindChat, Priority};
use crate::ingest::fingerprint::{content_hash, perceptual_hash};
use crate::ingest::picture::scale::reduce_rgb;
use crate::ingest::picture::{DecodeLimits, thumbnail_path};
use crate::ingest::read::upright;
use crate::prompts::{PromptError, Prompts};

/// Longest edge of a picture that a model is shown, pixels.
const EDGE: u32 = 1024;
/// Longest edge of a picture that a part is cut out of, pixels: a twentieth of it is still what encoders see.
const PART_OF: u32 = 4096;
/// Shorter edge of a part at the least, pixels.
const SMALLEST_PART: u32 = 8;
/// Tokens that an answer may have.
const ANSWER: u32 = 512;
/// Largest picture that is taken as text, bytes.
const MOST_BYTES: usize = 8 << 20;

/// Why a picture was not looked at.
#[derive(Debug, thiserror::Error)]
pub enum SightError {
    /// There is no model that sees.
    #[error("there is no model that sees pictures: {0}")]
    NoModel(String),
    /// The picture cannot be read.
    #[error("the picture cannot be read: {0}")]
    Picture(String),
    /// There is no small picture of the medium to look at.
    #[error("there is no picture of it to look at; `recollect show` says why")]
    NoThumbnail,
    /// The model failed.
    #[error("{error}; {hint}", error = .0, hint = .0.hint())]
    Engine(#[from] EngineError),
    /// The prompt cannot be made.
    #[error(transparent)]
    Prompt(#[from] PromptError),
}

/// A picture that somebody asks about, small and upright, with what tells whether the library has it.
#[derive(Debug, Clone)]
pub struct GivenPicture {
    /// JPEG.
    pub jpeg: Vec<u8>,
    /// BLAKE3 of the file that it came from, hex, where that is known.
    pub hash: Option<String>,
    /// Perceptual hash; `None` for pictures without structure.
    pub looks: Option<u64>,
}

impl GivenPicture {
    /// Reads a file of any format that the library reads. Blocks; call it from a worker thread.
    ///
    /// # Errors
    /// [`SightError::Picture`] with the reason.
    pub fn read(path: &Path) -> Result<Self, SightError> {
        let unreadable = |error: &dyn std::fmt::Display| SightError::Picture(error.to_string());
        let hash = content_hash(path).map_err(|error| unreadable(&error))?.to_hex().to_string();
        let decoded = upright(path, &DecodeLimits::default()).map_err(|error| unreadable(&error))?;
        let jpeg = encode(&decoded.image)?;
        Ok(Self { jpeg, hash: Some(hash), looks: perceptual_hash(&decoded.image) })
    }

    /// A part of the picture in a file, `[x, y, width, height]` in 0–1 of the upright picture, as JPEG. Blocks.
    ///
    /// # Errors
    /// [`SightError::Picture`] with the reason.
    pub fn part_of(path: &Path, area: [f64; 4]) -> Result<Vec<u8>, SightError> {
        let limits = DecodeLimits { longest_edge: PART_OF, ..DecodeLimits::default() };
        let decoded = upright(path, &limits).map_err(|error| SightError::Picture(error.to_string()))?;
        part(&decoded.image, area)
    }

    /// The same of a JPEG that this program made. Blocks.
    ///
    /// # Errors
    /// [`SightError::Picture`] with the reason.
    pub fn part_of_jpeg(jpeg: &[u8], area: [f64; 4]) -> Result<Vec<u8>, SightError> {
        let image = image::load_from_memory(jpeg).map_err(|error| SightError::Picture(error.to_string()))?;
        part(&image.into_rgb8(), area)
    }

    /// Reads a picture from a `data:` URL, as browsers and clients send it. Blocks; call it from a worker thread.
    ///
    /// # Errors
    /// [`SightError::Picture`] with the reason.
    pub fn from_data_url(url: &str, hash: Option<String>) -> Result<Self, SightError> {
        let wrong = |reason: &str| SightError::Picture(reason.to_owned());
        let encoded = url.strip_prefix("data:image/").and_then(|rest| rest.split_once(";base64,"));
        let encoded = encoded.ok_or_else(|| wrong("it is no `data:image/…;base64,` URL"))?.1;
        if encoded.len() > MOST_BYTES {
            return Err(wrong("it is larger than 6 MB; send it smaller"));
        }
        let bytes = STANDARD.decode(encoded).map_err(|_| wrong("its base64 is damaged"))?;
        let file = tempfile::NamedTempFile::new().map_err(|error| SightError::Picture(error.to_string()))?;
        std::fs::write(file.path(), bytes).map_err(|error| SightError::Picture(error.to_string()))?;
        let read = Self::read(file.path())?;
        Ok(Self { hash: hash.or(read.hash), ..read })
    }

    /// The picture as a `data:` URL.
    pub fn to_data_url(&self) -> String {
        data_url(&self.jpeg)
    }
}

/// A part of a picture, whole pixels around it.
fn part(image: &image::RgbImage, [x, y, w, h]: [f64; 4]) -> Result<Vec<u8>, SightError> {
    let span = |from: f64, length: f64, of: u32| {
        let begin = (from * f64::from(of)).floor().clamp(0.0, f64::from(of)) as u32;
        let end = ((from + length) * f64::from(of)).ceil().clamp(0.0, f64::from(of)) as u32;
        (begin, end.saturating_sub(begin))
    };
    let ((left, width), (top, height)) = (span(x, w, image.width()), span(y, h, image.height()));
    if width.min(height) < SMALLEST_PART {
        return Err(SightError::Picture(format!("the part has {width} × {height} pixels; draw a larger one")));
    }
    encode(&image::imageops::crop_imm(image, left, top, width, height).to_image())
}

fn encode(image: &image::RgbImage) -> Result<Vec<u8>, SightError> {
    let small = reduce_rgb(image, EDGE);
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let written = small.write_to(&mut jpeg, image::ImageFormat::Jpeg);
    written.map_err(|error| SightError::Picture(error.to_string()))?;
    Ok(jpeg.into_inner())
}

fn data_url(jpeg: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", STANDARD.encode(jpeg))
}

/// What looks at pictures. Clones share it.
#[derive(Clone)]
pub struct Sight {
    model: FindChat,
    prompts: Prompts,
    thumbnails: PathBuf,
}

impl Sight {
    /// Sight by the model that there is at the time; `thumbnails` holds the library's small pictures.
    pub fn new(model: FindChat, prompts: Prompts, thumbnails: PathBuf) -> Self {
        Self { model, prompts, thumbnails }
    }

    /// What to do to have a model that sees; `None` when there is one.
    pub fn missing(&self) -> Option<String> {
        (self.model)().err()
    }

    /// The small picture of the content with this hash.
    ///
    /// # Errors
    /// [`SightError::NoThumbnail`].
    pub async fn of_content(&self, hash: &str) -> Result<Vec<u8>, SightError> {
        let path = thumbnail_path(&self.thumbnails, hash, EDGE);
        tokio::fs::read(path).await.map_err(|_| SightError::NoThumbnail)
    }

    /// Answers a question about a picture (JPEG), telling the answer as it comes.
    ///
    /// # Errors
    /// [`SightError`].
    pub async fn look(
        &self,
        jpeg: &[u8],
        question: &str,
        mut tell: impl FnMut(&str) + Send,
    ) -> Result<String, SightError> {
        let model = (self.model)().map_err(SightError::NoModel)?;
        let picture = Part::ImageUrl { image_url: ImageUrl { url: data_url(jpeg) } };
        let asked = Content::Parts(vec![picture, Part::Text { text: question.to_owned() }]);
        let request = ChatRequest {
            messages: vec![
                Message::text(Role::System, self.prompts.render("sight", context! {})?),
                Message { role: Role::User, content: Some(asked), ..Message::default() },
            ],
            temperature: Some(0.0),
            max_completion_tokens: Some(ANSWER),
            ..ChatRequest::default()
        };
        let mut said = String::new();
        let mut events = model.chat(request, Priority::Chat);
        while let Some(event) = events.next().await {
            if let ChatEvent::Text(text) = event? {
                tell(&text);
                said.push_str(&text);
            }
        }
        Ok(said.trim().to_owned())
    }
}

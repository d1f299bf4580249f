//! Looks through model files in the older ggml format, that of whisper.cpp and its voice activity detector, before they
//! are handed to it.
//!
//! whisper.cpp trusts such a file: a cut one is loaded with what happened to be in memory, a damaged one ends the process.
//! What passes here has the header of a known shape, every tensor whole, and nothing else; names and shapes of the
//! tensors are compared by whisper.cpp itself, which refuses them in good order. The format is that which whisper.cpp's
//! `models/convert-pt-to-ggml.py` and `convert-silero-vad-to-ggml.py` write: little-endian throughout.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};
use std::path::Path;

/// "ggml" as a little-endian number.
const MAGIC: u32 = 0x6767_6d6c;
/// Positions of sound and of text: of every Whisper that was published. whisper.cpp's windows of 30 s rest on them.
const AUDIO_CONTEXT: i32 = 1500;
const TEXT_CONTEXT: i32 = 448;
/// Bins of the Fourier transform behind the mel filters.
const FOURIER_BINS: i32 = 201;

/// What a Whisper file's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WhisperShape {
    /// Tokens that it knows: 51,864 of a model that knows English only.
    pub vocabulary: i32,
    /// Width of its layers.
    pub state: i32,
    /// Layers that listen.
    pub audio_layers: i32,
    /// Layers that write.
    pub text_layers: i32,
}

impl WhisperShape {
    /// Whether it knows languages other than English.
    pub fn is_multilingual(&self) -> bool {
        self.vocabulary > 51_864
    }
}

/// Why a file is not used.
#[derive(Debug, thiserror::Error)]
pub enum GgmlError {
    /// It cannot be read.
    #[error("it cannot be read: {0}; check the path and its permissions")]
    Unreadable(#[source] io::Error),
    /// It ends before it should.
    #[error("it is cut off; get it again, e.g. with `recollect models pull`")]
    CutOff,
    /// It is something else.
    #[error("it is no {wanted} in ggml format: {reason}; name a file such as {example}")]
    Other {
        /// What was expected.
        wanted: &'static str,
        /// What was found.
        reason: String,
        /// A name of such a file.
        example: &'static str,
    },
    /// It has a header and a vocabulary, but no weights.
    #[error(
        "it holds no weights: it was made for tests of other programs; get a real one with `recollect models pull`"
    )]
    NoWeights,
}

impl From<io::Error> for GgmlError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::CutOff,
            _ => Self::Unreadable(error),
        }
    }
}

struct Reader {
    file: BufReader<File>,
    length: u64,
    wanted: &'static str,
    example: &'static str,
}

impl Reader {
    fn open(path: &Path, wanted: &'static str, example: &'static str) -> Result<Self, GgmlError> {
        let file = File::open(path).map_err(GgmlError::Unreadable)?;
        let metadata = file.metadata().map_err(GgmlError::Unreadable)?;
        let reader = Self { file: BufReader::new(file), length: metadata.len(), wanted, example };
        if metadata.is_dir() {
            return Err(reader.other("it is a folder"));
        }
        Ok(reader)
    }

    fn other(&self, reason: impl Into<String>) -> GgmlError {
        GgmlError::Other { wanted: self.wanted, reason: reason.into(), example: self.example }
    }

    fn magic(&mut self) -> Result<(), GgmlError> {
        let mut bytes = [0; 4];
        match self.file.read_exact(&mut bytes) {
            Ok(()) if u32::from_le_bytes(bytes) == MAGIC => Ok(()),
            Ok(()) if &bytes == b"GGUF" => Err(self.other("it is GGUF, which whisper.cpp does not read")),
            Ok(()) => Err(self.other("it begins with other bytes")),
            Err(_) => Err(self.other("it is too short")),
        }
    }

    fn number(&mut self) -> Result<i32, GgmlError> {
        let mut bytes = [0; 4];
        self.file.read_exact(&mut bytes)?;
        Ok(i32::from_le_bytes(bytes))
    }

    /// A number that must lie in a range.
    fn within(&mut self, name: &str, range: std::ops::RangeInclusive<i32>) -> Result<i32, GgmlError> {
        let number = self.number()?;
        if range.contains(&number) {
            return Ok(number);
        }
        Err(self.other(format!("its header says {number} {name}")))
    }

    /// Goes on behind so many bytes, which must be there.
    fn skip(&mut self, bytes: u64) -> Result<(), GgmlError> {
        let end = self.file.stream_position()?.saturating_add(bytes);
        if end > self.length {
            return Err(GgmlError::CutOff);
        }
        self.file.seek_relative(i64::try_from(bytes).map_err(|_| GgmlError::CutOff)?)?;
        Ok(())
    }

    fn text(&mut self, length: i32) -> Result<String, GgmlError> {
        let mut bytes = vec![0; length.max(0) as usize];
        self.file.read_exact(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| self.other("a name in it is no text"))
    }

    /// All tensors to the end of the file: their names and shapes, fastest dimension first.
    fn tensors(&mut self) -> Result<Vec<(String, [u64; 4])>, GgmlError> {
        let mut found = Vec::new();
        let mut names = HashSet::new();
        while self.file.stream_position()? < self.length {
            // A single number has no dimension.
            let dimensions = self.within("dimensions of a tensor", 0..=4)?;
            let length = self.within("letters in a tensor's name", 1..=128)?;
            let kind = self.number()?;
            let (block, bytes) =
                block_of(kind).ok_or_else(|| self.other(format!("a tensor has the unknown type {kind}")))?;
            let mut shape = [1; 4];
            for side in shape.iter_mut().take(dimensions as usize) {
                *side = self.within("numbers along a tensor", 1..=1 << 20)? as u64;
            }
            let name = self.text(length)?;
            let elements = shape.iter().product::<u64>();
            if shape[0] % block != 0 || elements >= 1 << 31 {
                return Err(self.other(format!("the tensor `{name}` cannot have the shape {shape:?}")));
            }
            self.skip(elements / block * bytes)?;
            if !names.insert(name.clone()) {
                return Err(self.other(format!("it has the tensor `{name}` twice")));
            }
            found.push((name, shape));
        }
        Ok(found)
    }

    fn count(&self, found: usize, expected: i32) -> Result<(), GgmlError> {
        match found {
            0 => Err(GgmlError::NoWeights),
            found if found < expected as usize => Err(GgmlError::CutOff),
            found if found > expected as usize => Err(self.other(format!("it has {found} tensors, not {expected}"))),
            _ => Ok(()),
        }
    }
}

/// Numbers in a block of a tensor type, and bytes of the block (`ggml_type` in ggml.h).
fn block_of(kind: i32) -> Option<(u64, u64)> {
    Some(match kind {
        0 => (1, 4),
        1 => (1, 2),
        2 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        10 => (256, 84),
        11 => (256, 110),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        _ => return None,
    })
}

/// Looks through a Whisper model.
///
/// # Errors
/// [`GgmlError`], a sentence about the file that does not name it.
pub fn check_whisper(path: &Path) -> Result<WhisperShape, GgmlError> {
    let mut reader = Reader::open(path, "Whisper model", "ggml-base.bin")?;
    reader.magic()?;
    let (shape, mels) = whisper_header(&mut reader)?;
    let filters = (reader.within("mel filters", mels..=mels)?, reader.within("bins", FOURIER_BINS..=FOURIER_BINS)?);
    reader.skip(filters.0 as u64 * filters.1 as u64 * 4)?;
    let words = reader.within("words", 1..=shape.vocabulary)?;
    for _ in 0..words {
        let length = reader.within("letters in a word", 0..=1024)?;
        reader.skip(length as u64)?;
    }
    let tensors = reader.tensors()?;
    reader.count(tensors.len(), 11 + 15 * shape.audio_layers + 24 * shape.text_layers)?;
    // These two tie the header to the weights, so that no header can make whisper.cpp take memory that the file does not.
    for (name, rows) in
        [("decoder.token_embedding.weight", shape.vocabulary), ("encoder.positional_embedding", AUDIO_CONTEXT)]
    {
        let expected = [shape.state as u64, rows as u64, 1, 1];
        if !tensors.iter().any(|(found, sides)| found == name && *sides == expected) {
            return Err(reader.other(format!("the tensor `{name}` does not fit the header")));
        }
    }
    Ok(shape)
}

/// The numbers behind the magic: the shape, and the number of mel filters.
fn whisper_header(reader: &mut Reader) -> Result<(WhisperShape, i32), GgmlError> {
    let vocabulary = reader.within("tokens", 51_864..=51_866)?;
    reader.within("positions of sound", AUDIO_CONTEXT..=AUDIO_CONTEXT)?;
    let state = reader.within("numbers a position", 16..=2048)?;
    let audio_heads = reader.within("heads", 1..=64)?;
    let audio_layers = reader.within("layers", 1..=64)?;
    reader.within("positions of text", TEXT_CONTEXT..=TEXT_CONTEXT)?;
    reader.within("numbers a position of text", state..=state)?;
    let text_heads = reader.within("heads", 1..=64)?;
    let text_layers = reader.within("layers", 1..=64)?;
    let mels = reader.within("mel filters", 80..=128)?;
    let kind = reader.within("as the type of its weights", 0..=9999)?;
    if !matches!(kind % 1000, 0..=3 | 7..=14) {
        return Err(reader.other(format!("its weights have the unknown type {kind}")));
    }
    if state % audio_heads != 0 || state % text_heads != 0 || !matches!(mels, 80 | 128) {
        return Err(reader.other("the numbers of its header do not fit together"));
    }
    Ok((WhisperShape { vocabulary, state, audio_layers, text_layers }, mels))
}

/// Looks through a Silero voice activity detector.
///
/// # Errors
/// [`GgmlError`], a sentence about the file that does not name it.
pub fn check_silero(path: &Path) -> Result<(), GgmlError> {
    const LAYERS: i32 = 4;
    let mut reader = Reader::open(path, "voice activity detector", "ggml-silero-v6.2.0.bin")?;
    reader.magic()?;
    let length = reader.number()?;
    if !(1..=64).contains(&length) || !reader.text(length)?.starts_with("silero-16k") {
        return Err(reader.other("it is another model"));
    }
    for _version in 0..3 {
        reader.within("as a version", 0..=1000)?;
    }
    reader.within("samples a window", 512..=512)?;
    reader.within("samples before a window", 0..=512)?;
    reader.within("layers", LAYERS..=LAYERS)?;
    for _channels in 0..3 * LAYERS + 4 {
        reader.within("channels", 1..=1024)?;
    }
    let tensors = reader.tensors()?;
    reader.count(tensors.len(), 1 + 2 * LAYERS + 4 + 2)
}

#[cfg(test)]
mod tests;

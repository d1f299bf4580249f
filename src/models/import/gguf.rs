//! Reads the header of a GGUF file as far as it tells what the model is.
//!
//! The format is that of "GGUF" in ggml's documentation, versions 2 and 3, little-endian: magic, version, number of
//! tensors, number of key-value pairs, the pairs. No length is believed that the file is too short for.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::Path;

use super::formats::no_model;
use crate::models::catalogue::Role;
use crate::models::error::ModelError;

const MOST_PAIRS: u64 = 1 << 16;
const LONGEST_KEPT_STRING: u64 = 1 << 16;
const DEEPEST_ARRAY: u32 = 4;

/// What a header says, arrays left out.
#[derive(Debug, Default)]
pub(super) struct Header {
    strings: HashMap<String, String>,
    numbers: HashMap<String, u64>,
}

impl Header {
    fn architecture(&self) -> &str {
        self.strings.get("general.architecture").map_or("", String::as_str)
    }

    /// Whether this is the part of a vision model that makes pictures into tokens (llama.cpp's "mmproj").
    pub(super) fn is_projector(&self) -> bool {
        self.architecture() == "clip" || self.strings.get("general.type").is_some_and(|kind| kind == "mmproj")
    }

    /// What a model of this architecture does.
    pub(super) fn role(&self) -> Role {
        match self.architecture() {
            name if name.contains("bert") || name.contains("embedding") || name == "t5encoder" => Role::TextEncoder,
            "whisper" => Role::Speech,
            _ => Role::Language,
        }
    }

    /// Whether it says how a conversation is written for the model.
    pub(super) fn has_chat_template(&self) -> bool {
        self.strings.contains_key("tokenizer.chat_template")
    }

    /// Length of the vectors of an encoder.
    pub(super) fn dimensions(&self) -> Option<usize> {
        if self.role() != Role::TextEncoder {
            return None;
        }
        let key = format!("{}.embedding_length", self.architecture());
        self.numbers.get(&key).and_then(|value| usize::try_from(*value).ok())
    }
}

/// Reads and checks the header of the GGUF file at `path`.
///
/// # Errors
/// [`ModelError::NoModel`] when it is damaged, of another version, names no architecture or holds no tensors.
pub(super) fn read(path: &Path) -> Result<Header, ModelError> {
    let file = File::open(path).map_err(ModelError::io("cannot read", path))?;
    let length = file.metadata().map_err(ModelError::io("cannot read", path))?.len();
    let mut source = Source { file: BufReader::new(file), left: length };
    let (tensors, header) = source.header().map_err(|error| {
        let cut = error.kind() == io::ErrorKind::UnexpectedEof;
        no_model(
            path,
            if cut { "its GGUF header is cut off".to_owned() } else { format!("its GGUF header is damaged: {error}") },
        )
    })?;
    if header.architecture().is_empty() {
        return Err(no_model(path, "its GGUF header names no architecture"));
    }
    if tensors == 0 {
        return Err(no_model(path, "it holds a tokenizer and no weights"));
    }
    Ok(header)
}

struct Source {
    file: BufReader<File>,
    /// Bytes of the file that are not read yet.
    left: u64,
}

fn damaged(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

impl Source {
    fn header(&mut self) -> io::Result<(u64, Header)> {
        if &self.bytes::<4>()? != b"GGUF" {
            return Err(damaged("no magic"));
        }
        match u32::from_le_bytes(self.bytes()?) {
            2 | 3 => {}
            version => return Err(damaged(format!("version {version} is not known"))),
        }
        let (tensors, pairs) = (self.u64()?, self.u64()?);
        if pairs > MOST_PAIRS {
            return Err(damaged(format!("{pairs} key-value pairs are too many")));
        }
        let mut header = Header::default();
        for _ in 0..pairs {
            let key = self.string()?;
            let kind = u32::from_le_bytes(self.bytes()?);
            match kind {
                8 => drop(header.strings.insert(key, self.string()?)),
                4 => drop(header.numbers.insert(key, u64::from(u32::from_le_bytes(self.bytes()?)))),
                10 => drop(header.numbers.insert(key, self.u64()?)),
                other => self.skip_value(other, 0)?,
            }
        }
        Ok((tensors, header))
    }

    fn skip_value(&mut self, kind: u32, depth: u32) -> io::Result<()> {
        if let Some(size) = size_of(kind) {
            return self.skip(size);
        }
        match kind {
            8 => {
                let length = self.u64()?;
                self.skip(length)
            }
            9 if depth < DEEPEST_ARRAY => {
                let (kind, count) = (u32::from_le_bytes(self.bytes()?), self.u64()?);
                if let Some(size) = size_of(kind) {
                    return self.skip(count.checked_mul(size).ok_or(io::ErrorKind::UnexpectedEof)?);
                }
                // A string takes at least 8 bytes, an array 12.
                if count > self.left / 8 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                (0..count).try_for_each(|_| self.skip_value(kind, depth + 1))
            }
            _ => Err(damaged(format!("type {kind} is not known"))),
        }
    }

    fn string(&mut self) -> io::Result<String> {
        let length = self.u64()?;
        if length > self.left {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if length > LONGEST_KEPT_STRING {
            self.skip(length)?;
            return Ok(String::new());
        }
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        self.file.read_exact(&mut bytes)?;
        self.left -= length;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn u64(&mut self) -> io::Result<u64> {
        self.bytes().map(u64::from_le_bytes)
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes)?;
        self.left = self.left.saturating_sub(N as u64);
        Ok(bytes)
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        if bytes > self.left {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= bytes;
        self.file.seek_relative(i64::try_from(bytes).map_err(|_| io::ErrorKind::UnexpectedEof)?)
    }
}

/// Bytes of a value of fixed size.
fn size_of(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn string(text: &str) -> Vec<u8> {
        let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(text.as_bytes());
        bytes
    }

    /// A header of an encoder with an array of strings in it.
    fn encoder(tensors: u64) -> Vec<u8> {
        let mut bytes = b"GGUF".to_vec();
        bytes.extend(3_u32.to_le_bytes());
        bytes.extend(tensors.to_le_bytes());
        bytes.extend(3_u64.to_le_bytes());
        bytes.extend([string("tokens"), 9_u32.to_le_bytes().to_vec(), 8_u32.to_le_bytes().to_vec()].concat());
        bytes.extend([2_u64.to_le_bytes().to_vec(), string("a"), string("bc")].concat());
        bytes.extend([string("general.architecture"), 8_u32.to_le_bytes().to_vec(), string("nomic-bert")].concat());
        bytes.extend([string("nomic-bert.embedding_length"), 4_u32.to_le_bytes().to_vec()].concat());
        bytes.extend(768_u32.to_le_bytes());
        bytes
    }

    fn read_bytes(bytes: &[u8]) -> Result<Header, ModelError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.gguf");
        std::fs::write(&path, bytes).unwrap();
        read(&path)
    }

    #[test]
    fn an_encoder_is_told_by_its_architecture() {
        let header = read_bytes(&encoder(7)).unwrap();
        assert_eq!((header.role(), header.dimensions()), (Role::TextEncoder, Some(768)));
    }

    #[test]
    fn a_file_without_tensors_or_cut_anywhere_is_refused() {
        assert!(read_bytes(&encoder(0)).unwrap_err().to_string().contains("no weights"));
        let whole = encoder(7);
        for end in 0..whole.len() {
            assert!(read_bytes(&whole[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn real_files_are_told_apart() {
        let (Some(story), Some(vocabulary)) = (
            crate::fixtures::shared("models/stories260K-f32.gguf"),
            crate::fixtures::shared("models/vocab-only-bert-bge.gguf"),
        ) else {
            return;
        };
        assert_eq!(read(&story).unwrap().role(), Role::Language);
        assert!(read(&vocabulary).unwrap_err().to_string().contains("no weights"));
    }

    proptest! {
        #[test]
        fn a_damaged_header_is_an_error_and_no_panic(at in 0_usize..140, byte in any::<u8>(), tail in any::<u8>()) {
            let mut bytes = encoder(7);
            let at = at % bytes.len();
            bytes[at] = byte;
            bytes.push(tail);
            let _whatever = read_bytes(&bytes);
        }
    }
}

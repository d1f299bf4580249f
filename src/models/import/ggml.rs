//! Reads the header of a file in ggml's older format: what whisper.cpp uses for speech and for voice activity.
//!
//! The layouts are those that `whisper_model_load` and `whisper_vad_init_from_file` of whisper.cpp read, little-endian:
//! magic; numbers (for voice activity behind the name of its type); for speech, filters and vocabulary; then tensors, each
//! with its dimensions, name and data. All are walked through, so that a cut file is found out.

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::Path;

use super::formats::no_model;
use crate::models::catalogue::Role;
use crate::models::error::ModelError;

/// Longest name of a type or tensor.
const LONGEST_NAME: u32 = 256;

/// What the file at `path` does.
///
/// # Errors
/// [`ModelError::NoModel`] when it is cut off, of no known kind or without weights; [`ModelError::Io`].
pub(super) fn read(path: &Path) -> Result<Role, ModelError> {
    let file = File::open(path).map_err(ModelError::io("cannot read", path))?;
    let left = file.metadata().map_err(ModelError::io("cannot read", path))?.len();
    let mut source = Source { file: BufReader::new(file), left };
    let found = source.header().and_then(|role| Ok((role, source.tensors()?)));
    match found {
        Ok((_, 0)) => Err(no_model(path, "it holds a vocabulary and no weights")),
        Ok((role, _)) => Ok(role),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(no_model(path, "it is cut off")),
        Err(error) => Err(no_model(path, format!("it is in ggml's older format, and {error}"))),
    }
}

struct Source {
    file: BufReader<File>,
    left: u64,
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl Source {
    /// Reads up to the first tensor.
    fn header(&mut self) -> io::Result<Role> {
        self.skip(4)?;
        let first = self.u32()?;
        if first <= 64 {
            return self.voice_activity(first);
        }
        // Whisper's vocabularies have some 51,800 entries, in whatever size of model.
        if !(51_000..60_000).contains(&first) {
            return Err(damaged("it is neither a Whisper model nor one for voice activity"));
        }
        self.skip(8 * 4)?;
        let bands = self.u32()?;
        if !matches!(bands, 80 | 128) {
            return Err(damaged("its header is damaged"));
        }
        self.skip(4)?;
        let (rows, columns) = (self.u32()?, self.u32()?);
        self.skip(u64::from(rows) * u64::from(columns) * 4)?;
        for _ in 0..self.u32()? {
            let length = self.u32()?;
            self.skip(length.into())?;
        }
        Ok(Role::Speech)
    }

    fn voice_activity(&mut self, name_length: u32) -> io::Result<Role> {
        let mut name = vec![0; name_length as usize];
        self.read(&mut name)?;
        if !name.starts_with(b"silero") {
            return Err(damaged("its type is not known"));
        }
        // Version, window, context.
        self.skip(5 * 4)?;
        let layers = self.u32()?;
        // Three numbers a layer, then four of the last layers.
        self.skip(u64::from(layers) * 12 + 16)?;
        Ok(Role::VoiceActivity)
    }

    /// Walks through the tensors; returns how many there are.
    fn tensors(&mut self) -> io::Result<u64> {
        let mut count = 0;
        while self.left > 0 {
            let (rank, name_length, kind) = (self.u32()?, self.u32()?, self.u32()?);
            // A single number has no dimension.
            if rank > 4 || name_length > LONGEST_NAME {
                return Err(damaged("its list of weights is damaged"));
            }
            let mut elements = 1_u64;
            for _ in 0..rank {
                elements = elements.saturating_mul(self.u32()?.into());
            }
            let (block, bytes) =
                block_of(kind).ok_or_else(|| damaged("its weights are of a type that is not known"))?;
            self.skip(u64::from(name_length).saturating_add((elements / block).saturating_mul(bytes)))?;
            count += 1;
        }
        Ok(count)
    }

    fn u32(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.read(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn read(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.file.read_exact(bytes)?;
        self.left = self.left.saturating_sub(bytes.len() as u64);
        Ok(())
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        self.left = self.left.checked_sub(bytes).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.file.seek_relative(i64::try_from(bytes).map_err(|_| io::ErrorKind::UnexpectedEof)?)
    }
}

/// Elements and bytes of a block of a type of ggml.
fn block_of(kind: u32) -> Option<(u64, u64)> {
    match kind {
        0 => Some((1, 4)),
        1 => Some((1, 2)),
        2 => Some((32, 18)),
        3 => Some((32, 20)),
        6 => Some((32, 22)),
        7 => Some((32, 24)),
        8 => Some((32, 34)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[u32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// A Whisper with two bands of filters, one word and one tensor of four numbers.
    fn whisper() -> Vec<u8> {
        let header = numbers(&[51_865, 1500, 384, 6, 4, 448, 384, 6, 4, 80, 1]);
        let filters = [numbers(&[1, 2]), vec![0; 8]].concat();
        let words = [numbers(&[1, 3]), b"the".to_vec()].concat();
        let tensor = [numbers(&[1, 1, 0, 4]), b"w".to_vec(), vec![0; 16]].concat();
        [b"lmgg".to_vec(), header, filters, words, tensor].concat()
    }

    fn read_bytes(bytes: &[u8]) -> Result<Role, ModelError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.bin");
        std::fs::write(&path, bytes).unwrap();
        read(&path)
    }

    #[test]
    fn a_whisper_is_told_and_one_that_is_cut_anywhere_is_refused() {
        let whole = whisper();
        assert_eq!(read_bytes(&whole).unwrap(), Role::Speech);
        for end in 4..whole.len() {
            assert!(read_bytes(&whole[..end]).is_err(), "cut at {end}");
        }
        let without_weights = &whole[..whole.len() - 33];
        assert!(read_bytes(without_weights).unwrap_err().to_string().contains("no weights"));
    }

    #[test]
    fn other_files_of_the_format_are_refused() {
        let mut other = whisper();
        other[4..8].copy_from_slice(&32_000_u32.to_le_bytes());
        assert!(read_bytes(&other).unwrap_err().to_string().contains("neither a Whisper"));
        let named = [b"lmgg".to_vec(), numbers(&[5]), b"other".to_vec()].concat();
        assert!(read_bytes(&named).unwrap_err().to_string().contains("type is not known"));
    }

    #[test]
    fn real_files_are_told_apart() {
        let (Some(voice), Some(frame)) = (
            crate::fixtures::shared("models/ggml-silero-v6.2.0.bin"),
            crate::fixtures::shared("models/whisper-tiny-no-weights.bin"),
        ) else {
            return;
        };
        assert_eq!(read(&voice).unwrap(), Role::VoiceActivity);
        assert!(read(&frame).unwrap_err().to_string().contains("no weights"));
        let bytes = std::fs::read(&voice).unwrap();
        assert!(read_bytes(&bytes[..bytes.len() - 1]).unwrap_err().to_string().contains("cut off"));
    }
}

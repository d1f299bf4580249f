//! Tells model files apart by their content, and a whole one from a cut one.
//!
//! Every length that a file states is checked against the file before it is used.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::onnx::{self, Graph};
use crate::models::error::ModelError;

/// Format of a model file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Format {
    /// GGUF, of llama.cpp.
    Gguf,
    /// An ONNX `ModelProto`.
    Onnx(Graph),
    /// Safetensors with these tensors: name and shape.
    Safetensors(Vec<(String, Vec<usize>)>),
    /// ggml's older format, of whisper.cpp.
    Ggml,
}

/// For `map_err` and refusals: this path is no model, and why.
pub(super) fn no_model(path: &Path, reason: impl Into<String>) -> ModelError {
    ModelError::NoModel { path: path.to_owned(), reason: reason.into() }
}

/// The format of a file. ONNX and safetensors are looked through at once, GGUF and ggml by modules of their own.
///
/// # Errors
/// [`ModelError::NoModel`] for any other format and for files that are cut off or without weights.
pub(super) fn recognise(path: &Path) -> Result<Format, ModelError> {
    let mut file = BufReader::new(File::open(path).map_err(ModelError::io("cannot read", path))?);
    let length = file.get_ref().metadata().map_err(ModelError::io("cannot read", path))?.len();
    let mut head = [0; 9];
    if file.read_exact(&mut head).is_err() {
        return Err(no_model(path, "it is too short to be a model"));
    }
    if head.starts_with(b"GGUF") {
        return Ok(Format::Gguf);
    }
    if head.starts_with(b"lmgg") {
        return Ok(Format::Ggml);
    }
    if head.starts_with(b"version h") {
        return Err(no_model(path, "it is a Git LFS pointer, not the file itself: fetch it with `git lfs pull`"));
    }
    if head[8] == b'{' {
        return safetensors(path, &mut file, length).map(Format::Safetensors);
    }
    match onnx::read(path) {
        Ok(Some(graph)) => Ok(Format::Onnx(graph)),
        _ => Err(no_model(path, "it is neither a whole ONNX file nor GGUF, ggml or safetensors")),
    }
}

/// Header of a safetensors file: a little-endian length and JSON, then the tensors.
fn safetensors(path: &Path, file: &mut BufReader<File>, length: u64) -> Result<Vec<(String, Vec<usize>)>, ModelError> {
    const LARGEST_HEADER: u64 = 100 << 20;
    let mut header = vec![0; 8];
    let read = |file: &mut BufReader<File>, header: &mut Vec<u8>| -> std::io::Result<Option<()>> {
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(header)?;
        let size = u64::from_le_bytes(header[..8].try_into().unwrap_or_default());
        if size > LARGEST_HEADER || size.saturating_add(8) > length {
            return Ok(None);
        }
        header.resize(8 + size as usize, 0);
        file.read_exact(&mut header[8..]).map(Some)
    };
    if read(file, &mut header).map_err(ModelError::io("cannot read", path))?.is_none() {
        return Err(no_model(path, "its safetensors header is longer than the file"));
    }
    let metadata: safetensors::tensor::Metadata = serde_json::from_slice(&header[8..])
        .map_err(|error| no_model(path, format!("its safetensors header is damaged: {error}")))?;
    if metadata.tensors().is_empty() {
        return Err(no_model(path, "it has no weights"));
    }
    let wanted = header.len() as u64 + metadata.data_len() as u64;
    if wanted != length {
        return Err(no_model(path, format!("it has {length} bytes instead of {wanted}: it is cut off or damaged")));
    }
    let mut tensors: Vec<_> = metadata.tensors().into_iter().map(|(name, info)| (name, info.shape.clone())).collect();
    tensors.sort();
    Ok(tensors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_told_apart_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("m");
            std::fs::write(&path, bytes).unwrap();
            let _whatever = recognise(&path);
        }
    }

    #[test]
    fn the_onnx_models_are_recognised_and_a_cut_one_is_not() {
        let Some(path) = crate::fixtures::shared("models/yunet_n_dynamic.onnx") else { return };
        assert!(matches!(recognise(&path).unwrap(), Format::Onnx(_)));
        let folder = tempfile::tempdir().unwrap();
        let cut = folder.path().join("cut.onnx");
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
        assert!(recognise(&cut).unwrap_err().to_string().contains("whole ONNX"));
    }

    #[test]
    fn safetensors_must_be_whole_and_hold_weights() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.safetensors");
        let write = |json: &str, data: usize| {
            let mut bytes = (json.len() as u64).to_le_bytes().to_vec();
            bytes.extend_from_slice(json.as_bytes());
            bytes.resize(bytes.len() + data, 0);
            std::fs::write(&path, bytes).unwrap();
        };
        let one = r#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        write(one, 8);
        assert_eq!(recognise(&path).unwrap(), Format::Safetensors(vec![("w".to_owned(), vec![2])]));
        write(one, 7);
        assert!(recognise(&path).unwrap_err().to_string().contains("cut off"));
        write("{}", 0);
        assert!(recognise(&path).unwrap_err().to_string().contains("no weights"));
    }
}

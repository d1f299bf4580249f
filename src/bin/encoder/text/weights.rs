//! Reads tensors out of a safetensors file one at a time, as 32-bit floats.
//!
//! Memory holds one tensor of the file at a time. A tensor of another shape than expected is an error: it belongs to
//! another architecture.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use safetensors::Dtype;
use safetensors::tensor::Metadata;

const LARGEST_HEADER: u64 = 100 << 20;

/// An open safetensors file.
pub struct WeightFile {
    path: PathBuf,
    file: File,
    metadata: Metadata,
    data_start: u64,
    /// What stands before every tensor's name.
    prefix: &'static str,
}

impl WeightFile {
    /// Opens the file and reads its header. Names may carry the prefix `bert.`, as in a checkpoint with a head.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let length = file.metadata()?.len();
        let mut header = vec![0; 8];
        file.read_exact(&mut header).with_context(|| format!("{} is too short", path.display()))?;
        let size = header.iter().rev().fold(0_u64, |size, byte| (size << 8) | u64::from(*byte));
        ensure!(size <= LARGEST_HEADER && size + 8 <= length, "{} is no safetensors file", path.display());
        header.resize(8 + usize::try_from(size)?, 0);
        file.read_exact(&mut header[8..])?;
        let metadata: Metadata = serde_json::from_slice(&header[8..])
            .with_context(|| format!("the header of {} is damaged", path.display()))?;
        let data_start = header.len() as u64;
        ensure!(
            data_start + metadata.data_len() as u64 == length,
            "{} has {length} bytes instead of {}: it is cut off or damaged",
            path.display(),
            data_start + metadata.data_len() as u64
        );
        let prefixed = metadata.info("bert.embeddings.word_embeddings.weight").is_some();
        let prefix = if prefixed { "bert." } else { "" };
        Ok(Self { path: path.to_owned(), file, metadata, data_start, prefix })
    }

    /// The tensor `name`, row by row.
    pub fn read(&mut self, name: &str, shape: &[usize]) -> anyhow::Result<Vec<f32>> {
        let full = format!("{}{name}", self.prefix);
        let info = self.metadata.info(&full);
        let info = info.with_context(|| format!("{} lacks the tensor `{full}`", self.path.display()))?;
        if info.shape != shape {
            bail!("the tensor `{full}` of {} has shape {:?} instead of {shape:?}", self.path.display(), info.shape);
        }
        let (start, end) = info.data_offsets;
        let mut bytes = vec![0; end.saturating_sub(start)];
        self.file.seek(SeekFrom::Start(self.data_start + start as u64))?;
        self.file.read_exact(&mut bytes).with_context(|| format!("cannot read `{full}` of {}", self.path.display()))?;
        let values: Vec<f32> = match info.dtype {
            Dtype::F32 => bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Dtype::BF16 => bytes
                .as_chunks::<2>()
                .0
                .iter()
                .map(|b| f32::from_bits(u32::from(u16::from_le_bytes(*b)) << 16))
                .collect(),
            Dtype::F16 => bytes.as_chunks::<2>().0.iter().map(|b| from_half(u16::from_le_bytes(*b))).collect(),
            other => bail!("the tensor `{full}` of {} is of type {other:?}", self.path.display()),
        };
        ensure!(
            values.len() == shape.iter().product::<usize>(),
            "the tensor `{full}` has another length than its shape"
        );
        ensure!(values.iter().all(|value| value.is_finite()), "the tensor `{full}` holds numbers that are not finite");
        Ok(values)
    }

    /// The tensor `name` of shape `[rows, columns]`, turned into `[columns, rows]`.
    pub fn read_transposed(&mut self, name: &str, rows: usize, columns: usize) -> anyhow::Result<Vec<f32>> {
        let values = self.read(name, &[rows, columns])?;
        let mut turned = Vec::with_capacity(values.len());
        for column in 0..columns {
            turned.extend(values.iter().skip(column).step_by(columns));
        }
        Ok(turned)
    }
}

/// IEEE 754 binary16 to binary32.
fn from_half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2_f32.powi(-24),
        0x1f if fraction == 0.0 => f32::INFINITY,
        0x1f => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2_f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::tensor::TensorView;

    fn file(name: &str, dtype: Dtype, shape: Vec<usize>, data: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        let view = TensorView::new(dtype, shape, data).unwrap();
        std::fs::write(&path, safetensors::serialize([(name, view)], None).unwrap()).unwrap();
        (folder, path)
    }

    #[test]
    fn halves_are_widened_exactly() {
        for (bits, value) in
            [(0x3c00, 1.0), (0xc100, -2.5), (0x0001, 2_f32.powi(-24)), (0x7bff, 65504.0), (0x8000, -0.0)]
        {
            assert_eq!(from_half(bits), value);
        }
        assert!(from_half(0x7c01).is_nan() && from_half(0xfc00) == f32::NEG_INFINITY);
    }

    #[test]
    fn all_float_types_give_the_same_tensor_and_it_can_be_turned() {
        let values = [1.0_f32, 2.0, 3.0, 4.0, 5.0, -6.0];
        let single: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let brain: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()[2..].to_vec()).collect();
        for (dtype, bytes) in [(Dtype::F32, single), (Dtype::BF16, brain)] {
            let (_folder, path) = file("w", dtype, vec![2, 3], &bytes);
            let mut weights = WeightFile::open(&path).unwrap();
            assert_eq!(weights.read("w", &[2, 3]).unwrap(), values);
            assert_eq!(weights.read_transposed("w", 2, 3).unwrap(), [1.0, 4.0, 2.0, 5.0, 3.0, -6.0]);
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let (_folder, path) = file("w", Dtype::F32, vec![1], &f32::NAN.to_le_bytes());
        let mut weights = WeightFile::open(&path).unwrap();
        assert!(weights.read("w", &[2]).unwrap_err().to_string().contains("shape [1] instead of [2]"));
        assert!(weights.read("v", &[1]).unwrap_err().to_string().contains("lacks the tensor `v`"));
        assert!(weights.read("w", &[1]).unwrap_err().to_string().contains("finite"));
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(WeightFile::open(&path).err().unwrap().to_string().contains("cut off"));
        std::fs::write(&path, "<html>not found</html>").unwrap();
        assert!(WeightFile::open(&path).err().unwrap().to_string().contains("no safetensors"));
    }
}

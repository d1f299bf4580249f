//! The text encoder that vectors come from, and the name of its table.
//!
//! Two models that differ in anything never share a table.

/// A text encoder, as far as its vectors are concerned.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EncoderModel {
    /// Name: "all-MiniLM-L6-v2".
    pub name: String,
    /// Version: a release, a revision, or a hash of the weights.
    pub version: String,
    /// Length of its vectors.
    pub dimensions: usize,
}

impl EncoderModel {
    /// The table of the model's vectors: readable, and different for every model.
    pub(super) fn table(&self) -> String {
        let readable: String =
            self.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        let whole = format!("{}\n{}\n{}", self.name, self.version, self.dimensions);
        format!("text_{:.40}_{:.12}", readable, blake3::hash(whole.as_bytes()).to_hex().as_str())
    }
}

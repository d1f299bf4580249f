//! From text to token numbers, cut at the model's limit.

use std::path::Path;

use anyhow::anyhow;
use tokenizers::{Tokenizer, TruncationParams};

/// Characters of a text that are looked at. A word piece has at least one character, so only a text that begins with
/// thousands of characters without meaning to the tokenizer could differ; the time for a hostile one stays bounded.
const MAX_CHARS: usize = 32_768;

/// A model's tokenizer.
pub struct Tokens {
    tokenizer: Tokenizer,
}

impl Tokens {
    /// Reads `tokenizer.json`. A text becomes at most `max_tokens` tokens, the special ones included.
    pub fn load(path: &Path, max_tokens: usize) -> anyhow::Result<Self> {
        let wrong = |error| anyhow!("{} is no usable tokenizer: {error}", path.display());
        let mut tokenizer = Tokenizer::from_file(path).map_err(wrong)?;
        // The file's own cutting and padding suit training, not this engine.
        tokenizer.with_padding(None);
        let truncation = TruncationParams { max_length: max_tokens, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(wrong)?;
        Ok(Self { tokenizer })
    }

    /// The tokens of a text.
    pub fn encode(&self, text: &str) -> anyhow::Result<Vec<u32>> {
        let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(at, _)| at);
        let encoding = self.tokenizer.encode_fast(&text[..end], true);
        Ok(encoding.map_err(|error| anyhow!("a text cannot be tokenized: {error}"))?.get_ids().to_vec())
    }
}

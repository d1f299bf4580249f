//! From text to token numbers, cut at the model's limit.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use tokenizers::normalizers::{Lowercase, NormalizerWrapper, Sequence};
use tokenizers::{PaddingParams, PaddingStrategy, Tokenizer, TruncationParams};

use crate::text::files::TextTower;

/// Characters of a text that are looked at. A word piece has at least one character, so only a text that begins with
/// thousands of characters without meaning to the tokenizer could differ; the time for a hostile one stays bounded.
const MAX_CHARS: usize = 32_768;

/// A model's tokenizer.
pub struct Tokens {
    tokenizer: Tokenizer,
}

impl Tokens {
    /// Reads `tokenizer.json`. A text becomes at most `max_tokens` tokens, the special ones included; for a tower that is
    /// not told where a text ends it is filled up to that on the right.
    pub fn load(path: &Path, max_tokens: usize, tower: Option<&TextTower>) -> anyhow::Result<Self> {
        let wrong = |error| anyhow!("{} is no usable tokenizer: {error}", path.display());
        let mut tokenizer = Tokenizer::from_file(path).map_err(wrong)?;
        // The file's own cutting and padding suit training, not this engine.
        tokenizer.with_padding(None);
        let truncation = TruncationParams { max_length: max_tokens, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(wrong)?;
        if tower.is_some_and(|tower| tower.lower_case) {
            let own = tokenizer.get_normalizer().cloned();
            let steps = std::iter::once(NormalizerWrapper::from(Lowercase)).chain(own).collect();
            tokenizer.with_normalizer(Some(Sequence::new(steps)));
        }
        if let Some(token) = tower.and_then(|tower| tower.padding.as_ref()) {
            let id = tokenizer.token_to_id(token).with_context(|| format!("{} has no {token}", path.display()))?;
            tokenizer.with_padding(Some(PaddingParams {
                strategy: PaddingStrategy::Fixed(max_tokens),
                pad_id: id,
                pad_token: token.clone(),
                ..PaddingParams::default()
            }));
        }
        Ok(Self { tokenizer })
    }

    /// The tokens of a text.
    pub fn encode(&self, text: &str) -> anyhow::Result<Vec<u32>> {
        let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(at, _)| at);
        let encoding = self.tokenizer.encode_fast(&text[..end], true);
        Ok(encoding.map_err(|error| anyhow!("a text cannot be tokenized: {error}"))?.get_ids().to_vec())
    }
}

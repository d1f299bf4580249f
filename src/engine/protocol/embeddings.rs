//! `POST /v1/embeddings`: texts in, vectors out (OpenAI API reference, "Embeddings").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::Usage;

/// Body of `POST /v1/embeddings`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmbeddingRequest {
    /// The model's identifier as `/v1/models` lists it. An engine that serves one model accepts its absence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The texts.
    pub input: EmbeddingInput,
    /// How vectors are written in the answer; floats when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding_format: Option<EncodingFormat>,
    /// Length of the vectors that the caller expects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<usize>,
}

/// One text or several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EmbeddingInput {
    /// One text.
    One(String),
    /// Several texts; their vectors come back in the same order.
    Many(Vec<String>),
}

impl EmbeddingInput {
    /// The texts in order.
    pub fn into_texts(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }
}

/// How vectors are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EncodingFormat {
    /// A JSON array of numbers.
    #[default]
    Float,
    /// Base64 (RFC 4648 section 4, padded) of IEEE 754 binary32 numbers in little-endian order.
    Base64,
}

/// Answer of `POST /v1/embeddings`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmbeddingResponse {
    /// Always `list`.
    pub object: String,
    /// One entry a text.
    pub data: Vec<Embedding>,
    /// The model's identifier.
    pub model: String,
    /// What the request cost.
    #[serde(default)]
    pub usage: Usage,
}

impl EmbeddingResponse {
    /// The vectors of all texts in their order, and how many tokens the texts had.
    pub fn new(model: &str, vectors: Vec<Vec<f32>>, format: EncodingFormat, tokens: u64) -> Self {
        let data = vectors.into_iter().enumerate().map(|(index, vector)| Embedding {
            object: embedding_object(),
            index,
            embedding: Vector::encode(vector, format),
        });
        Self {
            object: "list".to_owned(),
            data: data.collect(),
            model: model.to_owned(),
            usage: Usage { prompt_tokens: tokens, total_tokens: tokens, ..Usage::default() },
        }
    }
}

/// The vector of one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Embedding {
    /// Always `embedding`.
    #[serde(default = "embedding_object")]
    pub object: String,
    /// Position of the text in the request, from 0.
    pub index: usize,
    /// The vector.
    pub embedding: Vector,
}

fn embedding_object() -> String {
    "embedding".to_owned()
}

/// A vector as written on the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Vector {
    /// See [`EncodingFormat::Float`].
    Float(Vec<f32>),
    /// See [`EncodingFormat::Base64`].
    Base64(String),
}

impl Vector {
    /// Writes a vector in the given format.
    pub fn encode(values: Vec<f32>, format: EncodingFormat) -> Self {
        match format {
            EncodingFormat::Float => Self::Float(values),
            EncodingFormat::Base64 => {
                let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                Self::Base64(STANDARD.encode(bytes))
            }
        }
    }

    /// Reads a vector in whichever format it came.
    ///
    /// # Errors
    /// A sentence that says what is wrong, when it is no base64 or not a whole number of floats.
    pub fn decode(self) -> Result<Vec<f32>, String> {
        match self {
            Self::Float(values) => Ok(values),
            Self::Base64(text) => {
                let bytes = STANDARD.decode(text).map_err(|error| format!("a vector is no valid base64: {error}"))?;
                let (floats, rest) = bytes.as_chunks::<4>();
                if !rest.is_empty() {
                    return Err(format!("a vector of {} bytes is no whole number of 4-byte floats", bytes.len()));
                }
                Ok(floats.iter().map(|float| f32::from_le_bytes(*float)).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ModelList;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_request_may_carry_one_text_or_several() {
        let one: EmbeddingRequest = serde_json::from_str(r#"{"model":"m","input":"a","user":"x"}"#).unwrap();
        let many: EmbeddingRequest = serde_json::from_str(r#"{"input":["a","b"],"encoding_format":"base64"}"#).unwrap();
        assert_eq!(one.input.into_texts(), ["a"]);
        assert_eq!(many.encoding_format, Some(EncodingFormat::Base64));
        assert_eq!(many.input.into_texts(), ["a", "b"]);
    }

    #[test]
    fn base64_is_that_of_openai() {
        // 1.0 and -2.5 as little-endian binary32: 00 00 80 3f, 00 00 20 c0.
        assert_eq!(Vector::encode(vec![1.0, -2.5], EncodingFormat::Base64), Vector::Base64("AACAPwAAIMA=".to_owned()));
    }

    #[test]
    fn a_vector_that_is_cut_off_is_refused() {
        assert!(Vector::Base64("AACA".to_owned()).decode().unwrap_err().contains("whole number"));
        assert!(Vector::Base64("%".to_owned()).decode().unwrap_err().contains("base64"));
    }

    #[test]
    fn an_answer_with_only_the_fields_of_another_server_is_read() {
        let list: ModelList = serde_json::from_str(r#"{"data":[{"id":"nomic"}]}"#).unwrap();
        assert_eq!((list.data[0].id.as_str(), list.data[0].dimensions), ("nomic", None));
        let answer: EmbeddingResponse =
            serde_json::from_str(r#"{"object":"list","model":"m","data":[{"index":0,"embedding":[0.5,1]}]}"#).unwrap();
        assert_eq!(answer.data[0].embedding, Vector::Float(vec![0.5, 1.0]));
    }

    proptest! {
        #[test]
        fn both_formats_give_back_the_vector(values in proptest::collection::vec(proptest::num::f32::NORMAL, 0..40)) {
            for format in [EncodingFormat::Float, EncodingFormat::Base64] {
                let json = serde_json::to_string(&Vector::encode(values.clone(), format)).unwrap();
                let back: Vector = serde_json::from_str(&json).unwrap();
                prop_assert_eq!(back.decode().unwrap(), values.clone());
            }
        }
    }
}

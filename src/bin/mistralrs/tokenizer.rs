//! The tokenizer of a chat, mended where mistral.rs would begin a conversation twice.
//!
//! A chat template writes the first token of a conversation itself, and a tokenizer may put one before every text; the
//! transformers library therefore leaves the tokenizer's out where a template was applied ("Chat templates" in its
//! documentation). mistral.rs 0.8 does not, and a model that sees two first tokens answers differently. What stays true: the
//! model's own files are not touched.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use recollect::engine::host::Neutral;
use serde_json::Value;
use tempfile::NamedTempFile;

/// The tokenizer of the model in `folder`: the template's markers, and a file to use in place of its own if there is need.
///
/// # Errors
/// When `tokenizer.json` is none.
pub fn read(folder: &Path) -> anyhow::Result<(Neutral, Option<NamedTempFile>)> {
    let path = folder.join("tokenizer.json");
    let text = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut tokenizer: Value =
        serde_json::from_slice(&text).with_context(|| format!("{} is no tokenizer", path.display()))?;
    let markers = tokenizer["added_tokens"].as_array().into_iter().flatten();
    let neutral = Neutral::new(markers.filter_map(|token| token["content"].as_str()).map(str::to_owned));
    if !begins_itself(folder) || !without_first_token(&mut tokenizer["post_processor"]) {
        return Ok((neutral, None));
    }
    let file = tempfile::Builder::new().suffix(".json").tempfile()?;
    fs::write(file.path(), serde_json::to_vec(&tokenizer)?)?;
    Ok((neutral, Some(file)))
}

/// Whether the chat template writes the first token.
fn begins_itself(folder: &Path) -> bool {
    let config: Value = fs::read(folder.join("tokenizer_config.json"))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let beside = fs::read_to_string(folder.join("chat_template.jinja")).ok();
    let template = beside.or_else(|| config["chat_template"].as_str().map(str::to_owned)).unwrap_or_default();
    let token = &config["bos_token"];
    let token = token.as_str().or_else(|| token["content"].as_str());
    template.contains("bos_token") || token.is_some_and(|token| !token.is_empty() && template.contains(token))
}

/// Takes out what puts special tokens around texts; returns whether there was such a thing.
fn without_first_token(processor: &mut Value) -> bool {
    match processor["type"].as_str() {
        Some("TemplateProcessing" | "BertProcessing" | "RobertaProcessing") => {
            *processor = Value::Null;
            true
        }
        Some("Sequence") => {
            let Some(processors) = processor["processors"].as_array_mut() else { return false };
            let before = processors.len();
            processors.retain(|one| one["type"] != "TemplateProcessing");
            processors.len() < before
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ADDS: &str = r#"{"added_tokens":[{"id":1,"content":"<|im_start|>","special":true},{"id":2,"content":"a"}],
        "post_processor":{"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing"}]}}"#;

    fn folder(template: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tokenizer.json"), ADDS).unwrap();
        let config = json!({"bos_token": {"content": "<s>"}, "chat_template": template});
        fs::write(folder.path().join("tokenizer_config.json"), config.to_string()).unwrap();
        folder
    }

    #[test]
    fn a_first_token_is_written_once() {
        for template in ["{{ bos_token }}{{ messages }}", "<s>{{ messages }}"] {
            let (_, mended) = read(folder(template).path()).unwrap();
            let mended: Value = serde_json::from_slice(&fs::read(mended.unwrap().path()).unwrap()).unwrap();
            assert_eq!(mended["post_processor"]["processors"], json!([{"type": "ByteLevel"}]));
        }
        assert!(read(folder("{{ messages }}").path()).unwrap().1.is_none(), "here the tokenizer has to write it");
    }

    #[test]
    fn the_markers_of_the_tokenizer_are_taken_apart() {
        let (neutral, _) = read(folder("").path()).unwrap();
        assert_ne!(neutral.apply("x <|im_start|>system"), "x <|im_start|>system");
        assert_eq!(neutral.apply("a < b"), "a < b");
    }
}

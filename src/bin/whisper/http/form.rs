//! Reads a request: the recording into a file without a name, the other fields into [`Options`].

use std::fs::File;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use recollect::engine::host::Failure;
use tokio::io::AsyncWriteExt as _;

use super::{FORM_BYTES, Info};
use crate::job::Options;

/// A name by which clients of OpenAI's service call its only Whisper.
const ALIAS: &str = "whisper-1";
/// Of a longer prompt the last characters count.
const PROMPT_LETTERS: usize = 2000;
const FORMATS: &str = "`json`, `text`, `srt`, `vtt` or `verbose_json`";

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// The text in JSON.
    #[default]
    Json,
    /// The text alone.
    Text,
    /// SubRip subtitles.
    Srt,
    /// WebVTT subtitles.
    Vtt,
    /// Everything in JSON.
    Verbose,
}

/// A request.
#[derive(Debug)]
pub struct Form {
    /// The recording.
    pub file: File,
    /// What is asked of the model.
    pub options: Options,
    /// How the answer is written.
    pub format: Format,
    /// Whether `verbose_json` has segments.
    pub segments: bool,
    /// Whether it comes as events.
    pub stream: bool,
}

/// The code of a language that a request names: `None` stands for one that is to be heard.
pub fn language(name: &str) -> Result<Option<&'static str>, Failure> {
    let name = name.trim().to_lowercase();
    if name.is_empty() || name == "auto" {
        return Ok(None);
    }
    // `en-US` and `en_US` are English.
    let code = name.split(['-', '_']).next().unwrap_or(&name);
    let known = code.chars().all(char::is_alphabetic).then(|| whisper_rs::get_lang_id(code)).flatten();
    known.and_then(whisper_rs::get_lang_str).map(Some).ok_or_else(|| {
        Failure::invalid("language", format!("Whisper knows no language `{name}`; give an ISO 639-1 code such as `de`"))
    })
}

impl Form {
    /// Reads a request to its end.
    pub async fn read(body: Result<Multipart, MultipartRejection>, info: &Info) -> Result<Self, Failure> {
        let mut body = body.map_err(|rejection| {
            let message = format!("the body must be multipart/form-data with a `file` ({})", rejection.body_text());
            Failure::new(StatusCode::BAD_REQUEST, "invalid_body", message)
        })?;
        let mut file = None;
        let mut format = Format::default();
        let mut stream = false;
        let (mut segments, mut words) = (false, false);
        let mut options = Options { language: info.language, ..Options::default() };
        while let Some(field) = body.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            match name.as_str() {
                "file" => file = Some(save(field, info.limits.max_bytes).await?),
                "model" => check_model(&text(field).await?, info)?,
                "language" => options.language = spoken(&text(field).await?, info)?,
                "prompt" => options.prompt = last_letters(&text(field).await?),
                "temperature" => options.temperature = temperature(&text(field).await?)?,
                "response_format" => format = read_format(&text(field).await?)?,
                "stream" => stream = matches!(text(field).await?.trim(), "true" | "True" | "1"),
                "timestamp_granularities[]" | "timestamp_granularities" => match text(field).await?.trim() {
                    "word" => words = true,
                    "segment" => segments = true,
                    other => {
                        let message = format!("there are times of a `word` and of a `segment`, none of `{other}`");
                        return Err(Failure::invalid("timestamp_granularities[]", message));
                    }
                },
                // OpenAI's clients send more, which means nothing here.
                _ => {}
            }
        }
        let file = file.ok_or_else(|| Failure::invalid("file", "the request has no `file`: send the recording"))?;
        options.words = words && format == Format::Verbose;
        Ok(Self { file, options, format, segments: segments || !words, stream })
    }
}

/// Writes a recording into a file without a name, which goes with whoever holds it.
async fn save(mut field: Field<'_>, limit: u64) -> Result<File, Failure> {
    let failed = |error: std::io::Error| Failure::internal(format!("the recording cannot be kept for now: {error}"));
    let file = tokio::task::spawn_blocking(tempfile::tempfile).await;
    let file = file.map_err(|error| Failure::internal(error.to_string()))?.map_err(failed)?;
    let mut file = tokio::fs::File::from_std(file);
    let mut bytes = 0;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes += chunk.len() as u64;
        if bytes > limit {
            let message = format!("the recording has more than {} MiB; send less at once", limit >> 20);
            return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message));
        }
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    Ok(file.into_std().await)
}

async fn text(mut field: Field<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes.extend(chunk);
        if bytes.len() as u64 > FORM_BYTES {
            return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "a field of the request is too long"));
        }
    }
    String::from_utf8(bytes)
        .map_err(|_| Failure::new(StatusCode::BAD_REQUEST, "invalid_body", "a field of the request is no UTF-8"))
}

fn broken(error: MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Failure::new(error.status(), "too_large", "the request is larger than this engine takes; send less at once")
        }
        _ => {
            let message = format!("the multipart body cannot be read: {}", error.body_text());
            Failure::new(StatusCode::BAD_REQUEST, "invalid_body", message)
        }
    }
}

fn check_model(asked: &str, info: &Info) -> Result<(), Failure> {
    let asked = asked.trim();
    if asked.is_empty() || asked == info.name || asked == ALIAS {
        return Ok(());
    }
    Err(Failure::other_model(asked, &info.name))
}

fn spoken(name: &str, info: &Info) -> Result<Option<&'static str>, Failure> {
    let language = language(name)?;
    if !info.multilingual && language.is_some_and(|code| code != "en") {
        return Err(Failure::invalid("language", format!("the model `{}` knows English only", info.name)));
    }
    Ok(language.or(info.language))
}

fn temperature(text: &str) -> Result<f32, Failure> {
    let number = text.trim().parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| Failure::invalid("temperature", "the temperature is a number from 0 to 1"))
}

fn read_format(name: &str) -> Result<Format, Failure> {
    Ok(match name.trim() {
        "" | "json" => Format::Json,
        "text" => Format::Text,
        "srt" => Format::Srt,
        "vtt" => Format::Vtt,
        "verbose_json" => Format::Verbose,
        other => return Err(Failure::invalid("response_format", format!("the format is {FORMATS}, not `{other}`"))),
    })
}

fn last_letters(text: &str) -> String {
    let from = text.char_indices().rev().nth(PROMPT_LETTERS - 1).map_or(0, |(at, _)| at);
    text[from..].to_owned()
}

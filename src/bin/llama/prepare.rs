//! Turns a request into a prompt: checks it, renders it with the model's template, cuts it into tokens, reads its
//! pictures, and sees that it fits the context.

use std::sync::{Arc, Mutex, PoisonError};

use llama_cpp_2::mtmd::{MtmdBitmap, MtmdContext, MtmdInputText};
use recollect::engine::host::{Failure, pictures};
use recollect::engine::protocol::chat::{
    ChatRequest, Content, Message, Part, ResponseFormat, Role, Stop, Tool, ToolChoice, ToolMode, Truncation,
};
use serde_json::json;

use crate::calls::Family;
use crate::calls::grammar::{self, Demand, Grammar, SchemaError};
use crate::cells::{Picture, Piece};
use crate::images;
use crate::model::Loaded;
use crate::sampling::Settings;

/// Room that is left for an answer at least.
const LEAST_ANSWER: usize = 16;
/// Texts that may end an answer, as with OpenAI.
const MOST_STOPS: usize = 8;
const LONGEST_TOOL_NAME: usize = 64;

/// What a request became.
#[derive(Debug)]
pub struct Prepared {
    /// The prompt.
    pub prompt: Arc<[Piece]>,
    /// Tokens of the answer at most.
    pub most_tokens: usize,
    /// How tokens are picked.
    pub settings: Settings,
    /// What the answer must be.
    pub grammar: Option<Grammar>,
    /// The answer ends before any of these.
    pub stop: Vec<String>,
    /// How the answer is read.
    pub reading: Reading,
    /// Messages that were left out because the conversation was too long.
    pub left_out: usize,
}

/// How an answer's text is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// How the model calls tools.
    pub family: Family,
    /// Whether there are any.
    pub tools: bool,
    /// Whether the prompt ends within its thinking.
    pub thinking: bool,
}

/// Reads pictures for a vision model.
#[derive(Debug)]
pub struct Eyes {
    /// Cuts pictures into what the model reads; shared with the computing thread.
    pub projector: Arc<Mutex<MtmdContext>>,
    /// What stands for a picture in a prompt's text: nobody can know it beforehand.
    pub marker: String,
}

/// Prepares a request. Takes as long as its pictures need.
///
/// # Errors
/// What is wrong with the request.
pub fn prepare(loaded: &Loaded, eyes: Option<&Eyes>, mut request: ChatRequest) -> Result<Prepared, Failure> {
    check(&request)?;
    let tools = chosen_tools(&request)?;
    let pictures = pictures(&request.messages, eyes)?;
    let context = loaded.context as usize;
    let (pieces, thinking, left_out) = fit(loaded, eyes, &mut request, &tools, &pictures, context)?;
    let used: usize = pieces.iter().map(Piece::tokens).sum();
    let family = loaded.template.family;
    let grammar = answer_grammar(loaded, &request, &tools, thinking)?;
    let most_tokens = request.max_completion_tokens.map_or(usize::MAX, |most| most as usize).clamp(1, context - used);
    let stop = match request.stop {
        None => Vec::new(),
        Some(Stop::One(text)) => vec![text],
        Some(Stop::Many(texts)) => texts,
    };
    let usual = Settings::default();
    Ok(Prepared {
        prompt: pieces.into(),
        most_tokens,
        settings: Settings {
            temperature: request.temperature.unwrap_or(usual.temperature),
            top_k: request.top_k.map_or(usual.top_k, |k| i32::try_from(k).unwrap_or(0)),
            top_p: request.top_p.unwrap_or(usual.top_p),
            min_p: request.min_p.unwrap_or(usual.min_p),
            frequency_penalty: request.frequency_penalty.unwrap_or(0.0),
            presence_penalty: request.presence_penalty.unwrap_or(0.0),
            seed: request.seed,
        },
        grammar,
        stop: stop.into_iter().filter(|text| !text.is_empty()).collect(),
        reading: Reading { family, tools: !tools.is_empty(), thinking },
        left_out,
    })
}

fn check(request: &ChatRequest) -> Result<(), Failure> {
    if request.messages.is_empty() {
        return Err(Failure::invalid("messages", "a conversation has at least one message"));
    }
    for (name, value, least, most) in [
        ("temperature", request.temperature, 0.0, 5.0),
        ("top_p", request.top_p, 0.0, 1.0),
        ("min_p", request.min_p, 0.0, 1.0),
        ("frequency_penalty", request.frequency_penalty, -2.0, 2.0),
        ("presence_penalty", request.presence_penalty, -2.0, 2.0),
    ] {
        if value.is_some_and(|value| !(least..=most).contains(&value)) {
            return Err(Failure::invalid(name, format!("it must be between {least} and {most}")));
        }
    }
    match &request.stop {
        Some(Stop::Many(texts)) if texts.len() > MOST_STOPS => {
            Err(Failure::invalid("stop", format!("at most {MOST_STOPS} texts can end an answer")))
        }
        _ => Ok(()),
    }
}

/// The tools that the model is told of.
fn chosen_tools(request: &ChatRequest) -> Result<Vec<Tool>, Failure> {
    for tool in &request.tools {
        let name = &tool.function.name;
        let valid = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
        if name.is_empty() || name.len() > LONGEST_TOOL_NAME || !name.chars().all(valid) {
            let message = format!("`{name}` is no name of a tool: letters, digits, `_`, `-` and `.`, 64 at most");
            return Err(Failure::invalid("tools", message));
        }
    }
    match &request.tool_choice {
        Some(ToolChoice::Mode(ToolMode::None)) => Ok(Vec::new()),
        Some(ToolChoice::Mode(ToolMode::Required)) if request.tools.is_empty() => {
            Err(Failure::invalid("tool_choice", "a call is required, and there are no tools"))
        }
        Some(ToolChoice::Named { function, .. }) => {
            let tools: Vec<Tool> =
                request.tools.iter().filter(|tool| tool.function.name == function.name).cloned().collect();
            match tools.is_empty() {
                true => Err(Failure::invalid("tool_choice", format!("there is no tool `{}`", function.name))),
                false => Ok(tools),
            }
        }
        _ => Ok(request.tools.clone()),
    }
}

fn answer_grammar(
    loaded: &Loaded,
    request: &ChatRequest,
    tools: &[Tool],
    thinking: bool,
) -> Result<Option<Grammar>, Failure> {
    let family = loaded.template.family;
    let failed = |param| move |error: SchemaError| Failure::invalid(param, error.to_string());
    let required = matches!(request.tool_choice, Some(ToolChoice::Mode(ToolMode::Required) | ToolChoice::Named { .. }));
    if !tools.is_empty() {
        let functions: Vec<_> = tools.iter().map(|tool| tool.function.clone()).collect();
        let demand = Demand { required, parallel: request.parallel_tool_calls.unwrap_or(true), thinking };
        return grammar::of_calls(family, &functions, demand).map(Some).map_err(failed("tools"));
    }
    let schema = match &request.response_format {
        None | Some(ResponseFormat::Text) => return Ok(None),
        Some(ResponseFormat::JsonObject) => json!({ "type": "object" }),
        Some(ResponseFormat::JsonSchema { json_schema }) => json_schema.schema.clone(),
    };
    grammar::of_answer(family, &schema, thinking).map(Some).map_err(failed("response_format"))
}

/// The pictures of a conversation, in order, cut into what the model reads.
fn pictures(messages: &[Message], eyes: Option<&Eyes>) -> Result<Vec<Vec<Picture>>, Failure> {
    messages
        .iter()
        .map(|message| match &message.content {
            Some(Content::Parts(parts)) => parts
                .iter()
                .filter_map(|part| match part {
                    Part::ImageUrl { image_url } => Some(picture(&image_url.url, eyes)),
                    Part::Text { .. } => None,
                })
                .collect(),
            _ => Ok(Vec::new()),
        })
        .collect()
}

fn picture(url: &str, eyes: Option<&Eyes>) -> Result<Picture, Failure> {
    let Some(eyes) = eyes else {
        let message = "this model reads no pictures; start the engine with the --mmproj file of a vision model";
        return Err(Failure::invalid("messages", message));
    };
    let pixels = pictures::from_url(url).map_err(|error| Failure::invalid("messages", error.to_string()))?;
    let unreadable =
        |error: String| Failure::invalid("messages", format!("the model cannot read the picture: {error}"));
    let bitmap = MtmdBitmap::from_image_data(pixels.width(), pixels.height(), pixels.as_raw())
        .map_err(|error| unreadable(error.to_string()))?;
    let text = MtmdInputText { text: eyes.marker.clone(), add_special: false, parse_special: true };
    let projector = eyes.projector.lock().unwrap_or_else(PoisonError::into_inner);
    let chunks = projector.tokenize(text, &[&bitmap]).map_err(|error| unreadable(error.to_string()))?;
    Ok(Picture {
        hash: images::hash(&pixels),
        positions: usize::try_from(chunks.total_positions()).unwrap_or(0),
        tokens: chunks.total_tokens(),
        chunks: Arc::new(chunks),
    })
}

/// The prompt's pieces, whether it ends within the model's thinking, and how many messages were left out for it to fit.
fn fit(
    loaded: &Loaded,
    eyes: Option<&Eyes>,
    request: &mut ChatRequest,
    tools: &[Tool],
    pictures: &[Vec<Picture>],
    context: usize,
) -> Result<(Vec<Piece>, bool, usize), Failure> {
    let marker = eyes.map_or("", |eyes| eyes.marker.as_str());
    let mut numbered: Vec<(usize, Message)> = std::mem::take(&mut request.messages).into_iter().enumerate().collect();
    let total = numbered.len();
    loop {
        let messages: Vec<Message> = numbered.iter().map(|(_, message)| message.clone()).collect();
        let rendered = loaded
            .template
            .render(&messages, tools, marker, request.chat_template_kwargs.as_ref())
            .map_err(|error| Failure::invalid("messages", format!("{error:#}")))?;
        let pictures = numbered.iter().flat_map(|(place, _)| &pictures[*place]);
        let pieces = pieces(loaded, &rendered.text, marker, pictures)?;
        let used: usize = pieces.iter().map(Piece::tokens).sum();
        if used + LEAST_ANSWER <= context {
            return Ok((pieces, rendered.thinking, total - numbered.len()));
        }
        let oldest = oldest_exchange(&messages).filter(|_| request.truncation == Some(Truncation::Auto));
        let Some(oldest) = oldest else {
            let message = format!(
                "the conversation has {used} tokens and the model's context {context}; shorten it, start a new one, give \
                 the engine a larger --context, or ask for \"truncation\": \"auto\""
            );
            return Err(Failure {
                param: Some("messages"),
                ..Failure::new(axum::http::StatusCode::BAD_REQUEST, "context_length_exceeded", message)
            });
        };
        numbered.drain(oldest);
    }
}

/// The oldest exchange that can be left out: from the first message that is not the system's to the next one of the user,
/// but never the last one of the user.
fn oldest_exchange(messages: &[Message]) -> Option<std::ops::Range<usize>> {
    let first = messages.iter().position(|message| message.role != Role::System)?;
    let last = messages.iter().rposition(|message| message.role == Role::User)?;
    let next = (first + 1..messages.len()).find(|place| messages[*place].role == Role::User)?;
    (next <= last).then_some(first..next)
}

fn pieces<'a>(
    loaded: &Loaded,
    text: &str,
    marker: &str,
    mut pictures: impl Iterator<Item = &'a Picture>,
) -> Result<Vec<Piece>, Failure> {
    let vocab = loaded.model.vocab();
    let bos = vocab.text(vocab.bos()).map(|bos| bos.to_string_lossy().into_owned()).unwrap_or_default();
    let mut pieces = Vec::new();
    let parts: Vec<&str> = if marker.is_empty() { vec![text] } else { text.split(marker).collect() };
    let pictured = parts.len() - 1;
    for (place, part) in parts.into_iter().enumerate() {
        // Templates mostly write the first token themselves; it must not stand there twice.
        let special = place == 0 && (bos.is_empty() || !part.starts_with(&bos));
        pieces.extend(vocab.tokenize(part.as_bytes(), special, true).into_iter().map(Piece::Token));
        if place < pictured {
            let missing = || Failure::internal("the template repeats a picture");
            pieces.push(Piece::Picture(pictures.next().ok_or_else(missing)?.clone()));
        }
    }
    if pieces.is_empty() {
        return Err(Failure::invalid("messages", "the conversation is empty"));
    }
    if matches!(pieces.last(), Some(Piece::Picture(_))) {
        // A token is picked after a token: an empty line changes nothing for a model.
        pieces.extend(vocab.tokenize(b"\n", false, false).into_iter().map(Piece::Token));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(roles: &str) -> Vec<Message> {
        let role = |letter| match letter {
            's' => Role::System,
            'u' => Role::User,
            't' => Role::Tool,
            _ => Role::Assistant,
        };
        roles.chars().map(|letter| Message::text(role(letter), "x")).collect()
    }

    #[test]
    fn the_oldest_exchange_goes_first_and_the_last_question_never() {
        assert_eq!(oldest_exchange(&roles("suatau")), Some(1..5));
        assert_eq!(oldest_exchange(&roles("uauau")), Some(0..2));
        assert_eq!(oldest_exchange(&roles("su")), None);
        assert_eq!(oldest_exchange(&roles("suata")), None);
        assert_eq!(oldest_exchange(&roles("sau")), Some(1..2));
    }
}

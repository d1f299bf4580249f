//! From a request in OpenAI's shape to one in mistral.rs's.
//!
//! What must stay true: what a message says cannot become a marker of the template; what this engine cannot do is refused,
//! not left out. When a call is demanded, the answer is kept to a call by a schema, so that it is always valid; when a call
//! is only allowed, mistral.rs recognises it in what the model writes.

use std::collections::HashMap;

use image::DynamicImage;
use mistralrs::{
    Constraint, Function as Called, ModelCategory, RequestMessage, SamplingParams, StopTokens, Tool as Callable,
    ToolChoice as Choice, ToolType,
};
use recollect::engine::host::{Failure, pictures};
use recollect::engine::protocol::chat::{
    ChatRequest, Content, Message, Part, ResponseFormat, Role, Stop, Tool, ToolChoice, ToolMode, Truncation,
};
use serde_json::{Map, Value, json};

use crate::model::Loaded;

/// A request that mistral.rs understands.
pub struct Prepared {
    /// The conversation, with its pictures.
    pub messages: RequestMessage,
    /// How tokens are picked.
    pub sampling: SamplingParams,
    /// The form that the answer must have.
    pub constraint: Constraint,
    /// What the model is told of.
    pub tools: Option<(Vec<Callable>, Choice)>,
    /// Whether the whole answer is one call, written as `{"name": …, "arguments": …}`.
    pub is_call: bool,
}

/// Prepares a request.
///
/// # Errors
/// What of it cannot be used.
pub fn prepare(loaded: &Loaded, request: ChatRequest) -> Result<Prepared, Failure> {
    if request.messages.is_empty() {
        return Err(Failure::invalid("messages", "there is no message"));
    }
    if request.truncation == Some(Truncation::Auto) {
        let message = "this engine leaves out no messages; send fewer, or use recollect-llama";
        return Err(Failure::invalid("truncation", message));
    }
    let demanded = demanded(&request)?;
    let constraint = match (&demanded, &request.response_format) {
        (Some(tools), _) => Constraint::JsonSchema(call_schema(tools)),
        (None, Some(ResponseFormat::JsonSchema { json_schema })) => Constraint::JsonSchema(json_schema.schema.clone()),
        (None, Some(ResponseFormat::JsonObject)) => Constraint::JsonSchema(json!({"type": "object"})),
        (None, Some(ResponseFormat::Text) | None) => Constraint::None,
    };
    let forbidden = request.tool_choice == Some(ToolChoice::Mode(ToolMode::None));
    let tools = (!request.tools.is_empty() && !forbidden).then(|| {
        // A demanded call is read here: mistral.rs would look for the notation of the model's family.
        (request.tools.iter().map(callable).collect(), if demanded.is_some() { Choice::None } else { Choice::Auto })
    });
    let mut photos = Vec::new();
    let messages = request.messages.iter().map(|message| convert(loaded, message, &mut photos));
    let messages: Vec<Value> = messages.collect::<Result<_, _>>()?;
    let thinking = request.chat_template_kwargs.as_ref().and_then(|values| values.get("enable_thinking")?.as_bool());
    Ok(Prepared {
        messages: conversation(messages, photos, thinking)?,
        sampling: sampling(&request),
        constraint,
        tools,
        is_call: demanded.is_some(),
    })
}

/// The tools of which one must be called, if one must.
fn demanded(request: &ChatRequest) -> Result<Option<Vec<&Tool>>, Failure> {
    let tools: Vec<&Tool> = match &request.tool_choice {
        Some(ToolChoice::Mode(ToolMode::Required)) => request.tools.iter().collect(),
        Some(ToolChoice::Named { function, .. }) => {
            request.tools.iter().filter(|tool| tool.function.name == function.name).collect()
        }
        _ => return Ok(None),
    };
    match tools.is_empty() {
        true => Err(Failure::invalid("tool_choice", "a call is demanded of a tool that is not among `tools`")),
        false => Ok(Some(tools)),
    }
}

/// The schema of a call of one of these tools.
fn call_schema(tools: &[&Tool]) -> Value {
    let calls: Vec<Value> = tools
        .iter()
        .map(|tool| {
            json!({
                "type": "object",
                "properties": { "name": { "const": tool.function.name }, "arguments": tool.function.parameters },
                "required": ["name", "arguments"],
                "additionalProperties": false,
            })
        })
        .collect();
    match <[Value; 1]>::try_from(calls) {
        Ok([call]) => call,
        Err(calls) => json!({ "anyOf": calls }),
    }
}

fn callable(tool: &Tool) -> Callable {
    let parameters = tool.function.parameters.as_object();
    let parameters: Option<HashMap<String, Value>> =
        parameters.map(|members| members.iter().map(|(name, value)| (name.clone(), value.clone())).collect());
    let function =
        Called { description: tool.function.description.clone(), name: tool.function.name.clone(), parameters };
    Callable { tp: ToolType::Function, function }
}

/// A message in the form that mistral.rs hands to the template. Its JSON tells a text (`Left`) from parts (`Right`).
fn convert(loaded: &Loaded, message: &Message, photos: &mut Vec<DynamicImage>) -> Result<Value, Failure> {
    let mut converted = Map::new();
    let role = match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    };
    converted.insert("role".to_owned(), json!({ "Left": role }));
    let text = message.content.as_ref().map(Content::to_text).unwrap_or_default();
    let text = loaded.neutral.apply(&text);
    let first = photos.len();
    if let Some(Content::Parts(parts)) = &message.content {
        for part in parts {
            if let Part::ImageUrl { image_url } = part {
                photos.push(picture(loaded, &image_url.url)?);
            }
        }
    }
    let content = match photos.len() - first {
        0 => json!({ "Left": text }),
        seen => {
            let mut parts = vec![json!({ "type": "image" }); seen];
            parts.push(json!({ "type": "text", "text": with_markers(loaded, (first..photos.len()).collect(), &text) }));
            json!({ "Right": parts })
        }
    };
    converted.insert("content".to_owned(), content);
    if let Some(calls) = &message.tool_calls {
        let calls: Vec<Value> = calls
            .iter()
            .map(|call| {
                let arguments = loaded.neutral.apply(&call.function.arguments);
                json!({ "id": call.id, "type": "function",
                        "function": { "name": loaded.neutral.apply(&call.function.name), "arguments": arguments } })
            })
            .collect();
        converted.insert("tool_calls".to_owned(), json!({ "Right": calls }));
    }
    for (name, value) in [("tool_call_id", &message.tool_call_id), ("name", &message.name)] {
        if let Some(value) = value {
            converted.insert(name.to_owned(), json!({ "Left": loaded.neutral.apply(value) }));
        }
    }
    Ok(Value::Object(converted))
}

fn picture(loaded: &Loaded, url: &str) -> Result<DynamicImage, Failure> {
    if !loaded.sees {
        return Err(Failure::invalid("messages", format!("the model `{}` reads no pictures", loaded.name)));
    }
    let picture = pictures::from_url(url).map_err(|error| Failure::invalid("messages", error.to_string()))?;
    Ok(DynamicImage::ImageRgb8(picture))
}

/// The text with the markers that this family of models wants before pictures.
fn with_markers(loaded: &Loaded, pictures: Vec<usize>, text: &str) -> String {
    match loaded.model.config().map(|config| config.category) {
        Ok(ModelCategory::Multimodal { prefixer }) => prefixer.prefix_image(pictures, text),
        _ => text.to_owned(),
    }
}

fn conversation(
    messages: Vec<Value>,
    photos: Vec<DynamicImage>,
    enable_thinking: Option<bool>,
) -> Result<RequestMessage, Failure> {
    let kind = if photos.is_empty() { "Chat" } else { "MultimodalChat" };
    let value = json!({ kind: { "messages": messages, "enable_thinking": enable_thinking, "reasoning_effort": null } });
    let mut message: RequestMessage =
        serde_json::from_value(value).map_err(|error| Failure::internal(error.to_string()))?;
    if let RequestMessage::MultimodalChat { images, .. } = &mut message {
        *images = photos;
    }
    Ok(message)
}

/// How tokens are picked; the defaults are those of llama.cpp, so that both engines answer alike. mistral.rs begins its
/// random numbers anew with each process and knows no seed for one request.
fn sampling(request: &ChatRequest) -> SamplingParams {
    let temperature = request.temperature.unwrap_or(0.8);
    let mut sampling = if temperature <= 0.0 {
        SamplingParams::deterministic()
    } else {
        SamplingParams {
            temperature: Some(f64::from(temperature)),
            top_k: Some(request.top_k.unwrap_or(40) as usize).filter(|count| *count > 0),
            top_p: Some(request.top_p.map_or(0.95, f64::from)),
            min_p: Some(request.min_p.map_or(0.05, f64::from)),
            ..SamplingParams::neutral()
        }
    };
    sampling.max_len = request.max_completion_tokens.map(|tokens| tokens as usize);
    sampling.frequency_penalty = request.frequency_penalty.filter(|penalty| *penalty != 0.0);
    sampling.presence_penalty = request.presence_penalty.filter(|penalty| *penalty != 0.0);
    sampling.stop_toks = match &request.stop {
        Some(Stop::One(text)) => Some(StopTokens::Seqs(vec![text.clone()])),
        Some(Stop::Many(texts)) if !texts.is_empty() => Some(StopTokens::Seqs(texts.clone())),
        _ => None,
    };
    sampling
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(value: Value) -> ChatRequest {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_demanded_call_has_the_schema_of_its_tool() {
        let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}});
        let mut asked = json!({
            "messages": [], "tools": [{"type": "function", "function": {"name": "f", "parameters": schema}}],
            "tool_choice": "required"
        });
        let tools = request(asked.clone());
        let wanted = call_schema(&demanded(&tools).unwrap().unwrap());
        assert_eq!(wanted["properties"]["name"]["const"], "f");
        assert_eq!(wanted["properties"]["arguments"], schema);
        asked["tool_choice"] = json!({"type": "function", "function": {"name": "g"}});
        assert_eq!(demanded(&request(asked)).unwrap_err().param, Some("tool_choice"));
    }

    #[test]
    fn zero_temperature_picks_the_likeliest() {
        let greedy = sampling(&request(json!({"messages": [], "temperature": 0, "max_tokens": 7, "stop": ["a"]})));
        assert_eq!((greedy.temperature, greedy.top_k, greedy.max_len), (None, Some(1), Some(7)));
        assert!(matches!(greedy.stop_toks, Some(StopTokens::Seqs(ref texts)) if texts == &["a"]));
        assert_eq!(sampling(&request(json!({"messages": []}))).top_k, Some(40));
    }
}

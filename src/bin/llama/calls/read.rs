//! Reads what stands between the markers of a call.

use serde_json::{Map, Value};

use super::literal::Literals;
use super::{Call, Family};

/// The calls in `text`, which stood between the family's markers; `None` if it is no call.
pub fn calls(family: Family, text: &str) -> Option<Vec<Call>> {
    let calls = match family {
        Family::Hermes | Family::Llama3 | Family::MistralList => json_calls(text)?,
        Family::MistralNamed => named_calls(text).or_else(|| json_calls(text))?,
        Family::Lfm2 => json_calls(text).or_else(|| Literals::python(text).calls())?,
        Family::FunctionGemma => vec![Literals::gemma(text).call()?],
        Family::Harmony => vec![harmony_call(text)?],
    };
    (!calls.is_empty()).then_some(calls)
}

/// `{"name": …, "arguments": …}`, several of them one after the other or separated by `;`, or a list of them.
fn json_calls(text: &str) -> Option<Vec<Call>> {
    let mut calls = Vec::new();
    let text = text.replace("<|python_tag|>", "");
    let mut rest = text.trim();
    while !rest.is_empty() {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        match values.next()?.ok()? {
            Value::Array(items) => {
                for item in items {
                    calls.push(json_call(item)?);
                }
            }
            item => calls.push(json_call(item)?),
        }
        rest = rest[values.byte_offset()..].trim_start_matches([';', ',']).trim();
    }
    Some(calls)
}

fn json_call(value: Value) -> Option<Call> {
    let Value::Object(mut object) = value else { return None };
    // Some servers' templates nest the call as OpenAI's API does.
    if let Some(Value::Object(function)) = object.remove("function") {
        object = function;
    }
    let Some(Value::String(name)) = object.remove("name") else { return None };
    let arguments = match object.remove("arguments").or_else(|| object.remove("parameters")) {
        Some(Value::Object(arguments)) => arguments,
        Some(Value::String(text)) => serde_json::from_str(&text).ok()?,
        None | Some(Value::Null) => Map::new(),
        Some(_) => return None,
    };
    Some(Call { name, arguments: Value::Object(arguments).to_string() })
}

/// `name[ARGS]{…}`, several of them separated by `[TOOL_CALLS]`; an identifier may stand after `[CALL_ID]`.
fn named_calls(text: &str) -> Option<Vec<Call>> {
    text.split("[TOOL_CALLS]").map(str::trim).filter(|part| !part.is_empty()).map(named_call).collect()
}

fn named_call(text: &str) -> Option<Call> {
    let (name, arguments) = match text.split_once("[ARGS]") {
        Some(parts) => parts,
        None => text.split_at(text.find('{')?),
    };
    let name = name.split("[CALL_ID]").next()?.trim();
    Some(Call { name: name.to_owned(), arguments: object(arguments)? })
}

/// `functions.name <|constrain|>json<|message|>{…}`, with the channel and other words before `<|message|>`.
fn harmony_call(text: &str) -> Option<Call> {
    let (header, arguments) = text.split_once("<|message|>")?;
    let name = header.split(['<', ' ', '\n']).next()?.trim();
    let name = name.strip_prefix("functions.").unwrap_or(name);
    if name.is_empty() {
        return None;
    }
    Some(Call { name: name.to_owned(), arguments: object(arguments)? })
}

/// `text` as one JSON object, written without superfluous space.
fn object(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return Some("{}".to_owned());
    }
    let object: Map<String, Value> = serde_json::from_str(text).ok()?;
    Some(Value::Object(object).to_string())
}

//! Grammars that keep what the model writes valid: calls for their tools' schemas, and answers of a demanded form.
//!
//! The notation is GBNF ("GBNF Guide" in llama.cpp). llama.cpp turns a JSON schema into rules; here the rules of several
//! schemas are put side by side under names of their own, and the family's notation of a call is built around them.
//!
//! A grammar is either in force from the first token ([`Grammar::trigger`] is `None`), or from the moment the model
//! begins a call.

use std::fmt::Write as _;

use recollect::engine::protocol::chat::Function;
use serde_json::{Value, json};

use super::Family;

/// Rules that every grammar may use. `space` does not let a model write space for ever.
const COMMON: &str = r#"ws ::= [ \t\n]{0,20}
thought ::= ([^<\[] | [<\[] [^/])*
"#;

/// A grammar and when it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grammar {
    /// The rules; `root` is the first.
    pub rules: String,
    /// What begins it; `None` if it is in force from the start.
    pub trigger: Option<Trigger>,
}

/// What makes a grammar begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// This text, which belongs to what the grammar describes.
    Word(String),
    /// An answer that this regular expression matches as a whole; the grammar begins where its group does.
    Pattern(String),
}

/// How calls are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// The answer must be a call.
    pub required: bool,
    /// There may be several.
    pub parallel: bool,
    /// The prompt ends within the model's thinking.
    pub thinking: bool,
}

/// A schema that no grammar can be made of.
#[derive(Debug, thiserror::Error)]
#[error("the schema of `{name}` cannot be turned into a grammar: {reason}")]
pub struct SchemaError {
    /// The tool, or what else the schema is for.
    pub name: String,
    /// What llama.cpp says.
    pub reason: String,
}

/// The grammar of an answer that is JSON of this schema.
///
/// # Errors
/// [`SchemaError`].
pub fn of_answer(family: Family, schema: &Value, thinking: bool) -> Result<Grammar, SchemaError> {
    let rules = rules_of("response_format", "answer-", schema)?;
    let before = if family == Family::Harmony { r#"("<|channel|>final<|message|>")?"# } else { "" };
    let root = format!("root ::= {} {before} ws answer-root\n", thought_first(family, thinking));
    Ok(Grammar { rules: format!("{root}{COMMON}{rules}"), trigger: None })
}

/// The grammar of calls of these tools.
///
/// # Errors
/// [`SchemaError`].
pub fn of_calls(family: Family, tools: &[Function], demand: Demand) -> Result<Grammar, SchemaError> {
    let mut rules = String::new();
    let mut calls = Vec::new();
    for (place, tool) in tools.iter().enumerate() {
        let prefix = format!("t{place}-");
        let (call, more) = call_rule(family, tool, &prefix)?;
        let _ = writeln!(rules, "{prefix}call ::= {call}");
        rules.push_str(&more);
        calls.push(format!("{prefix}call"));
    }
    let _ = writeln!(rules, "call ::= {}", calls.join(" | "));
    let body = match (family, demand.parallel) {
        (Family::Hermes | Family::MistralNamed | Family::FunctionGemma, true) => "(call ws)+",
        (Family::MistralList, true) => r#""[TOOL_CALLS]" ws "[" ws call (ws "," ws call)* ws "]""#,
        (Family::MistralList, false) => r#""[TOOL_CALLS]" ws "[" ws call ws "]""#,
        (Family::Lfm2, true) => r#""<|tool_call_start|>[" call (", " call)* "]<|tool_call_end|>""#,
        (Family::Lfm2, false) => r#""<|tool_call_start|>[" call "]<|tool_call_end|>""#,
        _ => "call",
    };
    let (before, trigger) = match demand.required {
        true => (thought_first(family, demand.thinking), None),
        false => ("", Some(trigger(family))),
    };
    Ok(Grammar { rules: format!("root ::= {before} {body}\n{COMMON}{rules}"), trigger })
}

/// What may stand before the demanded form: thinking, and in gpt-oss the header of the message.
fn thought_first(family: Family, thinking: bool) -> &'static str {
    match (family, thinking) {
        (Family::Hermes | Family::Llama3 | Family::MistralList | Family::Lfm2, true) => r#"thought "</think>" ws"#,
        (Family::Hermes | Family::Llama3 | Family::MistralList | Family::Lfm2, false) => {
            r#"("<think>" thought "</think>" ws)?"#
        }
        (Family::MistralNamed, true) => r#"thought "[/THINK]" ws"#,
        (Family::MistralNamed, false) => r#"("[THINK]" thought "[/THINK]" ws)?"#,
        (Family::Harmony, _) => {
            r#"("<|channel|>analysis<|message|>" thought "<|end|><|start|>assistant")? "<|channel|>commentary "?"#
        }
        (Family::FunctionGemma, _) => "",
    }
}

fn trigger(family: Family) -> Trigger {
    match family {
        Family::Llama3 => Trigger::Pattern(r#"\s*(?:<\|python_tag\|>)?(\{\s*"name"\s*:)[\s\S]*"#.to_owned()),
        Family::Harmony => Trigger::Word("to=functions.".to_owned()),
        other => Trigger::Word(other.call().0.to_owned()),
    }
}

/// The rule of one tool's call, and the rules that it uses.
fn call_rule(family: Family, tool: &Function, prefix: &str) -> Result<(String, String), SchemaError> {
    let name = &tool.name;
    match family {
        Family::Lfm2 => {
            let (pairs, rules) = pairs(tool, prefix, "=", |place, schema| {
                let prefix = format!("{prefix}v{place}-");
                Ok((format!("{prefix}root"), rules_of(name, &prefix, schema)?))
            })?;
            return Ok((format!(r#""{name}(" {pairs} ")""#), rules));
        }
        Family::FunctionGemma => {
            let (pairs, rules) = pairs(tool, prefix, ":", |_, schema| Ok((gemma_value(schema), String::new())))?;
            let call = format!(r#""<start_function_call>call:{name}{{" {pairs} "}}<end_function_call>""#);
            return Ok((call, rules));
        }
        _ => {}
    }
    let rules = rules_of(name, prefix, &tool.parameters)?;
    let json = |key: &str| {
        format!(r#""{{" ws "\"name\"" ws ":" ws "\"{name}\"" ws "," ws "\"{key}\"" ws ":" ws {prefix}root ws "}}""#)
    };
    let call = match family {
        Family::Llama3 => json("parameters"),
        Family::MistralNamed => format!(r#""[TOOL_CALLS]{name}[ARGS]" {prefix}root"#),
        Family::Harmony => format!(
            r#""to=functions.{name}" (" "? "<|channel|>commentary")? " "? "<|constrain|>"? "json"? "<|message|>" {prefix}root"#
        ),
        Family::Hermes => format!(r#""<tool_call>" ws {} ws "</tool_call>""#, json("arguments")),
        _ => json("arguments"),
    };
    Ok((call, rules))
}

/// The arguments as pairs in the order of the schema: required ones each once, others at most once.
fn pairs(
    tool: &Function,
    prefix: &str,
    between: &str,
    mut value: impl FnMut(usize, &Value) -> Result<(String, String), SchemaError>,
) -> Result<(String, String), SchemaError> {
    let no_properties = serde_json::Map::new();
    let properties = tool.parameters["properties"].as_object().unwrap_or(&no_properties);
    let required: Vec<&str> =
        tool.parameters["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut rules = String::new();
    let (mut demanded, mut optional) = (Vec::new(), Vec::new());
    for (place, (key, schema)) in properties.iter().enumerate() {
        let (inside, more) = value(place, schema)?;
        rules.push_str(&more);
        let _ = writeln!(rules, r#"{prefix}p{place} ::= "{key}{between}" {inside}"#);
        let rule = format!("{prefix}p{place}");
        if required.contains(&key.as_str()) { demanded.push(rule) } else { optional.push(rule) }
    }
    let comma = if between == "=" { r#"", ""# } else { r#"",""# };
    let follow = |rules: &[String]| rules.iter().map(|rule| format!(" ({comma} {rule})?")).collect::<String>();
    if !demanded.is_empty() {
        return Ok((format!("{}{}", demanded.join(&format!(" {comma} ")), follow(&optional)), rules));
    }
    let starts: Vec<String> =
        (0..optional.len()).map(|first| format!("{}{}", optional[first], follow(&optional[first + 1..]))).collect();
    Ok((if starts.is_empty() { String::new() } else { format!("({})?", starts.join(" | ")) }, rules))
}

/// A value in FunctionGemma's notation.
fn gemma_value(schema: &Value) -> String {
    let quoted = |text: &str| format!(r#""<escape>" "{}" "<escape>""#, text.replace('\\', r"\\").replace('"', "\\\""));
    if let Some(choices) = schema["enum"].as_array() {
        let choices: Vec<String> = choices.iter().filter_map(Value::as_str).map(quoted).collect();
        return format!("({})", choices.join(" | "));
    }
    match schema["type"].as_str() {
        Some("integer") => r#""-"? [0-9]{1,15}"#.to_owned(),
        Some("number") => r#""-"? [0-9]{1,15} ("." [0-9]{1,15})?"#.to_owned(),
        Some("boolean") => r#"("true" | "false")"#.to_owned(),
        Some("array") => {
            let item = gemma_value(&schema["items"]);
            format!(r#""[" ({item} ("," {item})*)? "]""#)
        }
        Some("object") => {
            let pairs: Vec<String> = schema["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, schema)| format!(r#""{key}:" {}"#, gemma_value(schema)))
                .collect();
            format!(r#""{{" {} "}}""#, pairs.join(r#" "," "#))
        }
        _ => r#""<escape>" [^<]{0,2000} "<escape>""#.to_owned(),
    }
}

/// The rules of a JSON schema, `{prefix}root` the first.
fn rules_of(name: &str, prefix: &str, schema: &Value) -> Result<String, SchemaError> {
    let schema = if schema.is_null() { json!({"type": "object"}) } else { schema.clone() };
    let rules = llama_cpp_2::json_schema_to_grammar(&schema.to_string())
        .map_err(|error| SchemaError { name: name.to_owned(), reason: error.to_string() })?;
    Ok(prefixed(&rules, prefix))
}

/// `rules` with every name of a rule behind `prefix`; texts and classes of characters stay.
fn prefixed(rules: &str, prefix: &str) -> String {
    let mut out = String::with_capacity(rules.len() * 2);
    let mut letters = rules.chars().peekable();
    while let Some(letter) = letters.next() {
        let end = match letter {
            '"' => '"',
            '[' => ']',
            '#' => '\n',
            _ if letter.is_ascii_alphabetic() => {
                out.push_str(prefix);
                out.push(letter);
                while let Some(next) = letters.next_if(|next| next.is_ascii_alphanumeric() || matches!(next, '-' | '_'))
                {
                    out.push(next);
                }
                continue;
            }
            _ => {
                out.push(letter);
                continue;
            }
        };
        out.push(letter);
        while let Some(inside) = letters.next() {
            out.push(inside);
            if inside == '\\' {
                out.extend(letters.next());
            } else if inside == end {
                break;
            }
        }
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_rules_get_the_prefix_and_texts_do_not() {
        let rules = "root ::= \"{\\\"a\" item{1,2} [a-z\\]b] | x-y_1 # a comment\nitem ::= \"q\"";
        let expected = "p-root ::= \"{\\\"a\" p-item{1,2} [a-z\\]b] | p-x-y_1 # a comment\np-item ::= \"q\"\n";
        assert_eq!(prefixed(rules, "p-"), expected);
    }

    #[test]
    fn required_arguments_stand_once_and_others_may() {
        let tool = Function {
            name: "f".to_owned(),
            description: None,
            parameters: json!({"type": "object", "required": ["b"], "properties": {
                "a": {"type": "integer"}, "b": {"type": "string"}, "c": {"type": "boolean"}}}),
        };
        let (pairs, _) = pairs(&tool, "t-", ":", |_, schema| Ok((gemma_value(schema), String::new()))).unwrap();
        assert_eq!(pairs, r#"t-p1 ("," t-p0)? ("," t-p2)?"#);
    }

    #[test]
    fn without_required_arguments_any_may_be_the_first() {
        let tool = Function {
            name: "f".to_owned(),
            description: None,
            parameters: json!({"type": "object", "properties": {"a": {}, "b": {}}}),
        };
        let (found, _) = pairs(&tool, "t-", "=", |_, _| Ok(("x".to_owned(), String::new()))).unwrap();
        assert_eq!(found, r#"(t-p0 (", " t-p1)? | t-p1)?"#);
    }
}

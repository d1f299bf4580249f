//! The model's own chat template: a conversation in, the prompt's text out.
//!
//! Templates are written for the Jinja that the transformers library runs ("Chat templates" in its documentation): what
//! that has beyond Jinja (`raise_exception`, `strftime_now`, `tojson` as Python writes it, Python's methods of strings
//! and dictionaries, a space-free rendering of blocks) is here too. A template comes from a model file, which may come
//! from anywhere: it runs with a limit on its steps, and can reach nothing but its arguments.
//!
//! What stays true: what a message says can never be taken for the template's own markers ([`Neutral`]).

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde};
use minijinja::{Environment, Error, ErrorKind, Value as Jinja, context};
use recollect::engine::host::Neutral;
use recollect::engine::protocol::chat::{Content, Message, Part, Role, Tool};
use serde::Serialize as _;
use serde_json::{Value, json};

use crate::calls::Family;

/// For models that have none: the notation of ChatML, which most models have seen.
const CHATML: &str = "{%- for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}{%- if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
/// Steps that a template may take: the longest conversations take some hundred thousand.
const MOST_STEPS: u64 = 50_000_000;

/// A chat template, ready to be used.
#[derive(Debug)]
pub struct Template {
    environment: Environment<'static>,
    /// How this family of models calls tools.
    pub family: Family,
    /// Whether the template itself tells the model of its tools.
    pub knows_tools: bool,
    bos: String,
    eos: String,
    neutral: Neutral,
}

/// A prompt's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The text, markers of pictures in it.
    pub text: String,
    /// Whether the template opened the model's thinking.
    pub thinking: bool,
}

impl Template {
    /// The template of a model: its source, the texts of its first and last token, and what markers it has.
    ///
    /// # Errors
    /// When it is no valid template.
    pub fn new(source: Option<&str>, bos: String, eos: String, neutral: Neutral) -> anyhow::Result<Self> {
        let source = source.unwrap_or(CHATML);
        let mut environment = Environment::new();
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.set_fuel(Some(MOST_STEPS));
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| -> Result<Jinja, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
        environment.add_function("strftime_now", |format: String| -> Result<String, Error> {
            jiff::fmt::strtime::format(&format, &jiff::Zoned::now())
                .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
        });
        environment.add_filter("tojson", to_json);
        environment
            .add_template_owned("chat".to_owned(), source.to_owned())
            .map_err(|error| anyhow::anyhow!("the model's chat template cannot be used: {error:#}"))?;
        let family = Family::of(source);
        let mut template = Self { environment, family, knows_tools: false, bos, eos, neutral };
        template.knows_tools = template.tells_of_tools();
        Ok(template)
    }

    /// The prompt of a conversation. `marker` stands where a picture is.
    ///
    /// # Errors
    /// What the template itself refuses, such as roles in an order that it does not know.
    pub fn render(
        &self,
        messages: &[Message],
        tools: &[Tool],
        marker: &str,
        more: Option<&serde_json::Map<String, Value>>,
    ) -> anyhow::Result<Rendered> {
        let explained;
        let messages = if tools.is_empty() || self.knows_tools {
            messages
        } else {
            explained = explain(messages, tools);
            &explained
        };
        let messages: Vec<Value> = messages.iter().map(|message| self.message(message, marker)).collect();
        let tools = (!tools.is_empty() && self.knows_tools).then_some(tools);
        let context = context! {
            ..jinja(more),
            ..context! {
                messages => jinja(&messages),
                tools => tools.map(jinja),
                bos_token => self.bos.as_str(),
                eos_token => self.eos.as_str(),
                add_generation_prompt => true,
            }
        };
        let text = self
            .environment
            .get_template("chat")
            .and_then(|template| template.render(context))
            .map_err(|error| anyhow::anyhow!("the model's chat template refuses the messages: {error:#}"))?;
        let thinking = ["<think>", "[THINK]"].iter().any(|open| text.trim_end().ends_with(open));
        Ok(Rendered { text, thinking })
    }

    /// A message as templates expect it: text alone, and arguments as objects.
    fn message(&self, message: &Message, marker: &str) -> Value {
        let content = match &message.content {
            None => String::new(),
            Some(Content::Text(text)) => self.neutral.apply(text),
            Some(Content::Parts(parts)) => parts
                .iter()
                .map(|part| match part {
                    Part::Text { text } => self.neutral.apply(text),
                    Part::ImageUrl { .. } => marker.to_owned(),
                })
                .collect::<Vec<_>>()
                .join("\n"),
        };
        let role = match message.role {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool => "tool",
        };
        let mut value = json!({ "role": role, "content": content });
        if let Some(thinking) = &message.reasoning_content {
            value["reasoning_content"] = json!(self.neutral.apply(thinking));
            value["thinking"] = value["reasoning_content"].clone();
        }
        if let Some(name) = &message.name {
            value["name"] = json!(self.neutral.apply(name));
        }
        if let Some(id) = &message.tool_call_id {
            value["tool_call_id"] = json!(self.neutral.apply(id));
        }
        if let Some(calls) = message.tool_calls.as_ref().filter(|calls| !calls.is_empty()) {
            let calls = calls.iter().map(|call| {
                let arguments: Value =
                    serde_json::from_str(&self.neutral.apply(&call.function.arguments)).unwrap_or_else(|_| json!({}));
                json!({ "id": call.id, "type": "function",
                        "function": { "name": self.neutral.apply(&call.function.name), "arguments": arguments } })
            });
            value["tool_calls"] = calls.collect();
        }
        value
    }

    /// Whether the prompt says anything of a tool when there is one.
    fn tells_of_tools(&self) -> bool {
        const NAME: &str = "recollect_probe_of_tools";
        let tool: Option<Tool> =
            serde_json::from_value(json!({ "type": "function", "function": { "name": NAME, "description": NAME } }))
                .ok();
        let conversations = [
            vec![Message::text(Role::User, "a")],
            vec![Message::text(Role::System, "s"), Message::text(Role::User, "a")],
        ];
        let messages: Vec<Vec<Value>> = conversations
            .iter()
            .map(|conversation| conversation.iter().map(|message| self.message(message, "")).collect())
            .collect();
        messages.iter().any(|messages| {
            let context = context! {
                messages => jinja(messages), tools => jinja([&tool]),
                bos_token => self.bos.as_str(), eos_token => self.eos.as_str(), add_generation_prompt => true,
            };
            let rendered = self.environment.get_template("chat").and_then(|template| template.render(context));
            rendered.is_ok_and(|text| text.contains(NAME))
        })
    }
}

fn jinja(value: impl serde::Serialize) -> Jinja {
    Jinja::from(Serde(value))
}

/// Tells a model of its tools whose template does not: in the system message, in the notation of Hermes. Calls and
/// results in the conversation become text in the same notation.
fn explain(messages: &[Message], tools: &[Tool]) -> Vec<Message> {
    let listed: Vec<String> = tools.iter().filter_map(|tool| serde_json::to_string(tool).ok()).collect();
    let explanation = format!(
        "You may call functions to answer. Their signatures are within <tools></tools>:\n<tools>\n{}\n</tools>\n\nTo call \
         one, write nothing but a JSON object with its name and arguments within <tool_call></tool_call>:\n<tool_call>\n\
         {{\"name\": \"…\", \"arguments\": {{…}}}}\n</tool_call>\nThe result comes within <tool_response></tool_response>.",
        listed.join("\n")
    );
    let mut told = Vec::with_capacity(messages.len() + 1);
    let mut rest = messages;
    let system = match messages.first() {
        Some(first) if first.role == Role::System => {
            rest = &messages[1..];
            let text = first.content.as_ref().map(Content::to_text).unwrap_or_default();
            format!("{text}\n\n{explanation}")
        }
        _ => explanation,
    };
    told.push(Message::text(Role::System, system));
    told.extend(rest.iter().map(as_text));
    told
}

fn as_text(message: &Message) -> Message {
    let text = message.content.as_ref().map(Content::to_text).unwrap_or_default();
    match (message.role, &message.tool_calls) {
        (Role::Tool, _) => Message::text(Role::User, format!("<tool_response>\n{text}\n</tool_response>")),
        (_, Some(calls)) if !calls.is_empty() => {
            let calls = calls.iter().map(|call| {
                let (name, arguments) = (&call.function.name, &call.function.arguments);
                format!("<tool_call>\n{{\"name\": \"{name}\", \"arguments\": {arguments}}}\n</tool_call>")
            });
            let text: Vec<String> = (!text.is_empty()).then_some(text).into_iter().chain(calls).collect();
            Message { tool_calls: None, ..Message::text(message.role, text.join("\n")) }
        }
        _ => message.clone(),
    }
}

/// `tojson` as Python's `json.dumps` writes it: a space behind `,` and `:`, letters of all scripts as they are.
fn to_json(value: Jinja, kwargs: Kwargs) -> Result<Jinja, Error> {
    let indent: Option<usize> = kwargs.get("indent")?;
    // Python's other switches change nothing that a template of a model asks for.
    for ignored in ["ensure_ascii", "separators", "sort_keys"] {
        let _ignored: Option<Jinja> = kwargs.get(ignored)?;
    }
    let failed = |error: serde_json::Error| Error::new(ErrorKind::InvalidOperation, error.to_string());
    let value = serde_json::to_value(&value).map_err(failed)?;
    let mut out = Vec::new();
    match indent {
        None => value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Spaced)),
        Some(indent) => {
            let spaces = " ".repeat(indent);
            let pretty = serde_json::ser::PrettyFormatter::with_indent(spaces.as_bytes());
            value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, pretty))
        }
    }
    .map_err(failed)?;
    Ok(Jinja::from_safe_string(String::from_utf8_lossy(&out).into_owned()))
}

struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W) -> std::io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests;

//! How each family of models writes tool calls and thinking, and how that is told apart from the answer's text.
//!
//! A [`Family`] is recognised by the model's chat template. It knows the markers around a call, how the inside is read
//! ([`read`]), and the grammar that keeps a call valid for its tool's schema ([`grammar`]). The pieces of an answer are
//! told apart as they come by a [`split::Splitter`].
//!
//! What stays true: a call that is handed on names a tool and has a JSON object as its arguments; what looks like a call
//! and cannot be read is handed on as text, so that nothing that the model said is lost.

pub mod grammar;
mod literal;
pub mod read;
pub mod split;

use std::fmt;

pub use recollect::engine::host::reply::Call;

/// A way to write tool calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `<tool_call>{"name": …, "arguments": …}</tool_call>`: Hermes 2 Pro, Qwen 2.5, Qwen 3, and, told so in the system
    /// message, every model whose template knows no tools.
    Hermes,
    /// The whole answer is `{"name": …, "parameters": …}`: Llama 3.1 to 3.3.
    Llama3,
    /// `[TOOL_CALLS][{"name": …, "arguments": …}, …]`: Mistral 7B v0.3 to Small 3.1.
    MistralList,
    /// `[TOOL_CALLS]name[ARGS]{…}`: Mistral Small 3.2, Magistral, Devstral.
    MistralNamed,
    /// `<|tool_call_start|>[name(key="value"), …]<|tool_call_end|>`: LFM2.
    Lfm2,
    /// `<start_function_call>call:name{key:<escape>value<escape>}<end_function_call>`: FunctionGemma.
    FunctionGemma,
    /// `<|channel|>commentary to=functions.name <|constrain|>json<|message|>{…}<|call|>`: gpt-oss.
    Harmony,
}

impl Family {
    /// The family of a model with this chat template.
    pub fn of(template: &str) -> Self {
        let has = |marker: &str| template.contains(marker);
        if has("<|channel|>") && has("<|start|>") {
            Self::Harmony
        } else if has("<start_function_call>") {
            Self::FunctionGemma
        } else if has("<|tool_call_start|>") || has("<|tool_list_start|>") {
            Self::Lfm2
        } else if has("[TOOL_CALLS]") {
            if has("[ARGS]") { Self::MistralNamed } else { Self::MistralList }
        } else if has("<|start_header_id|>") && has("parameters") && !has("<tool_call>") {
            Self::Llama3
        } else {
            Self::Hermes
        }
    }

    /// Texts of special tokens that mean something in an answer; all others are left out of it.
    pub fn markers(self) -> &'static [&'static str] {
        match self {
            Self::Hermes => &["<tool_call>", "</tool_call>", "<think>", "</think>"],
            Self::Llama3 => &["<|python_tag|>", "<think>", "</think>"],
            Self::MistralList | Self::MistralNamed => {
                &["[TOOL_CALLS]", "[ARGS]", "[CALL_ID]", "[THINK]", "[/THINK]", "<think>", "</think>"]
            }
            Self::Lfm2 => &["<|tool_call_start|>", "<|tool_call_end|>", "<think>", "</think>"],
            Self::FunctionGemma => &["<start_function_call>", "<end_function_call>", "<escape>"],
            Self::Harmony => {
                &["<|start|>", "<|channel|>", "<|constrain|>", "<|message|>", "<|end|>", "<|call|>", "<|return|>"]
            }
        }
    }

    /// Around the model's thinking.
    fn thinking(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::FunctionGemma | Self::Harmony => None,
            Self::MistralNamed => Some(("[THINK]", "[/THINK]")),
            _ => Some(("<think>", "</think>")),
        }
    }

    /// Around a call; without an end it goes on to the end of the answer.
    fn call(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Hermes => ("<tool_call>", Some("</tool_call>")),
            Self::Llama3 => ("<|python_tag|>", None),
            Self::MistralList | Self::MistralNamed => ("[TOOL_CALLS]", None),
            Self::Lfm2 => ("<|tool_call_start|>", Some("<|tool_call_end|>")),
            Self::FunctionGemma => ("<start_function_call>", Some("<end_function_call>")),
            Self::Harmony => ("<|channel|>commentary to=", Some("<|call|>")),
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hermes => "hermes",
            Self::Llama3 => "llama3",
            Self::MistralList | Self::MistralNamed => "mistral",
            Self::Lfm2 => "lfm2",
            Self::FunctionGemma => "functiongemma",
            Self::Harmony => "harmony",
        })
    }
}

#[cfg(test)]
mod tests;

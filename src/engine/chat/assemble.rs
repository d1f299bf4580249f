//! Puts the pieces of a streamed message together: text and thinking pass, tool calls are gathered until they are whole.
//!
//! A pure fold over chunks. Engines differ: some send the arguments of a call piece by piece, some whole calls that all
//! claim to be the first; some give calls no identifier.

use super::ChatEvent;
use crate::engine::protocol::Usage;
use crate::engine::protocol::chat::{ChatChunk, FinishReason, ToolCall, ToolCallDelta};

/// Bytes of one message, its calls and thinking included.
const LONGEST_MESSAGE: usize = 2 << 20;
/// Calls of one message.
const MOST_CALLS: usize = 64;

/// A message of which a part has come.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    calls: Vec<(usize, ToolCall)>,
    reason: Option<FinishReason>,
    usage: Option<Usage>,
    bytes: usize,
}

impl Assembly {
    /// Takes a chunk; gives what of it can be passed on. The error says what is wrong with the message.
    pub(super) fn take(&mut self, chunk: ChatChunk) -> Result<Vec<ChatEvent>, String> {
        let mut pieces = Vec::new();
        self.usage = chunk.usage.or(self.usage);
        for choice in chunk.choices {
            let delta = choice.delta;
            for (text, piece) in [
                (delta.reasoning_content, ChatEvent::Reasoning as fn(String) -> ChatEvent),
                (delta.content, ChatEvent::Text),
            ] {
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    self.bytes += text.len();
                    pieces.push(piece(text));
                }
            }
            for call in delta.tool_calls.into_iter().flatten() {
                self.gather(call);
            }
            self.reason = choice.finish_reason.or(self.reason);
        }
        if self.bytes > LONGEST_MESSAGE {
            return Err(format!("its message is longer than {} MiB", LONGEST_MESSAGE >> 20));
        }
        if self.calls.len() > MOST_CALLS {
            return Err(format!("its message calls more than {MOST_CALLS} tools"));
        }
        Ok(pieces)
    }

    fn gather(&mut self, delta: ToolCallDelta) {
        let (name, arguments) = (delta.function.name.unwrap_or_default(), delta.function.arguments.unwrap_or_default());
        self.bytes += name.len() + arguments.len();
        let same = |(index, call): &&mut (usize, ToolCall)| {
            let other = delta.id.as_ref().is_some_and(|id| !id.is_empty() && !call.id.is_empty() && *id != call.id);
            *index == delta.index && !other
        };
        match self.calls.iter_mut().rev().find(same) {
            Some((_, call)) => {
                call.function.name.push_str(&name);
                call.function.arguments.push_str(&arguments);
            }
            None => {
                self.calls.push((delta.index, ToolCall::new(delta.id.unwrap_or_default(), name, arguments)));
            }
        }
    }

    /// Whether the engine has said why the message ends.
    pub(super) fn is_complete(&self) -> bool {
        self.reason.is_some()
    }

    /// What was held back until the end.
    pub(super) fn finish(self) -> Vec<ChatEvent> {
        let numbered = self.calls.into_iter().enumerate().map(|(number, (_, mut call))| {
            if call.id.is_empty() {
                call.id = format!("call_{number}");
            }
            ChatEvent::ToolCall(call)
        });
        let mut pieces: Vec<ChatEvent> = numbered.collect();
        pieces.push(ChatEvent::Done { reason: self.reason.unwrap_or(FinishReason::Stop), usage: self.usage });
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn assemble(deltas: &[Value]) -> Vec<ChatEvent> {
        let mut assembly = Assembly::default();
        let mut pieces = Vec::new();
        for delta in deltas {
            let chunk = json!({ "id": "c", "choices": [{ "index": 0, "delta": delta }] });
            pieces.extend(assembly.take(serde_json::from_value(chunk).unwrap()).unwrap());
        }
        pieces.extend(assembly.finish());
        pieces.pop();
        pieces
    }

    fn call(index: usize, id: &str, name: &str, arguments: &str) -> Value {
        let mut call = json!({ "index": index, "function": { "arguments": arguments } });
        if !id.is_empty() {
            call["id"] = json!(id);
        }
        if !name.is_empty() {
            call["function"]["name"] = json!(name);
        }
        json!({ "tool_calls": [call] })
    }

    fn whole(id: &str, name: &str, arguments: &str) -> ChatEvent {
        ChatEvent::ToolCall(ToolCall::new(id, name, arguments))
    }

    #[test]
    fn arguments_that_come_in_pieces_are_joined_by_their_call() {
        let pieces = assemble(&[
            json!({ "role": "assistant", "content": "" }),
            json!({ "reasoning_content": "hm" }),
            call(0, "a", "f", "{\"x\""),
            call(1, "b", "g", "{"),
            call(0, "", "", ":1}"),
            call(1, "", "", "}"),
        ]);
        let expected = [ChatEvent::Reasoning("hm".into()), whole("a", "f", "{\"x\":1}"), whole("b", "g", "{}")];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn whole_calls_that_all_claim_to_be_the_first_stay_apart_and_get_names() {
        assert_eq!(
            assemble(&[call(0, "a", "f", "{}"), call(0, "b", "g", "{}")]),
            [whole("a", "f", "{}"), whole("b", "g", "{}")]
        );
        assert_eq!(assemble(&[call(0, "", "f", "{}")]), [whole("call_0", "f", "{}")]);
    }

    #[test]
    fn a_message_without_end_is_refused() {
        let mut assembly = Assembly::default();
        let chunk = json!({ "id": "c", "choices": [{ "delta": { "content": "x".repeat(1 << 20) } }] });
        let chunk: ChatChunk = serde_json::from_value(chunk).unwrap();
        let results: Vec<bool> = (0..3).map(|_| assembly.take(chunk.clone()).is_ok()).collect();
        assert_eq!(results, [true, true, false]);
    }
}

//! Keeps a conversation within a model's context: old results are cut first, the system prompt and the question never.
//!
//! Lengths are counted in bytes: no tokenizer is at hand here, and three bytes a token are fewer than real texts of any
//! script have.

use crate::engine::protocol::chat::{Content, Message, Role, Tool};

const BYTES_PER_TOKEN: usize = 3;
/// What a result that was cut says instead.
const CUT: &str = "(this result was left out to make room; call the tool again if it is needed)";
/// What one result may take at least: a few media.
const LEAST: usize = 900;
/// Share of the room that one result may take.
const SHARE: usize = 3;

/// The room that messages have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    bytes: usize,
}

impl Room {
    /// What a context of `tokens` leaves when the tools and the answer have their place.
    pub(super) fn of(tokens: usize, tools: &[Tool], answer: u32) -> Self {
        let tools = serde_json::to_string(tools).map_or(0, |text| text.len());
        let taken = tools + answer as usize * BYTES_PER_TOKEN;
        Self { bytes: (tokens * BYTES_PER_TOKEN).saturating_sub(taken).max(LEAST * SHARE) }
    }

    /// Bytes that one result may have.
    pub(super) fn for_result(self) -> usize {
        (self.bytes / SHARE).clamp(LEAST, 6000)
    }

    /// Cuts results, the oldest first, until everything fits. The last message always stays.
    pub(super) fn make(self, messages: &mut [Message]) {
        let mut total: usize = messages.iter().map(length).sum();
        let end = messages.len().saturating_sub(1);
        for message in messages[..end].iter_mut().filter(|message| message.role == Role::Tool) {
            if total <= self.bytes {
                return;
            }
            let before = length(message);
            message.content = Some(Content::Text(CUT.to_owned()));
            total = total + length(message) - before;
        }
    }
}

fn length(message: &Message) -> usize {
    let calls = message.tool_calls.iter().flatten().map(|call| call.function.arguments.len() + 40).sum::<usize>();
    message.content.as_ref().map_or(0, |content| content.to_text().len()) + calls + 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_results_make_room_and_nothing_else() {
        let room = Room::of(2048, &[], 1024);
        let mut messages = vec![
            Message::text(Role::System, "s".repeat(1000)),
            Message::text(Role::User, "u".repeat(500)),
            Message::tool_result("a", "t", "1".repeat(1500)),
            Message::tool_result("b", "t", "2".repeat(1500)),
            Message::tool_result("c", "t", "3".repeat(1500)),
        ];
        room.make(&mut messages);
        let texts: Vec<String> = messages.iter().map(|m| m.content.as_ref().unwrap().to_text()).collect();
        assert_eq!((texts[0].len(), texts[1].len(), texts[4].len()), (1000, 500, 1500));
        assert_eq!([texts[2].as_str(), texts[3].as_str()], [CUT, CUT]);
        let before = messages.clone();
        Room::of(32_768, &[], 1024).make(&mut messages);
        assert_eq!(messages, before);
    }
}

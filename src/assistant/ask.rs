//! One question, answered as one value with the paths of everything it rests on: what `recollect ask --json` prints.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use super::{Assistant, AssistantError, Mode, Question, Turn};
use crate::library::filter::Copies;
use crate::library::moments::Moment;
use crate::library::{ConversationId, LibraryError, MediaId};
use crate::search::moments::opens_at;

/// An answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// Markdown; a citation is the number of a medium, counted from 1: `[3]`.
    pub answer: String,
    /// Everything that the answer rests on, best first.
    pub media: Vec<AnswerMedium>,
    /// The number that was asked for, if one was.
    pub count: Option<u64>,
    /// What was called.
    pub tool_calls: Vec<AnswerCall>,
    /// How the answer was found.
    pub mode: Mode,
    /// The conversation that a follow-up goes on with.
    pub conversation: ConversationId,
    /// How long it took.
    pub elapsed_ms: u64,
}

/// A medium that an answer rests on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AnswerMedium {
    /// The medium.
    pub id: MediaId,
    /// The file shown for it.
    pub path: String,
    /// 0–1.
    pub score: f32,
    /// Why.
    pub why: Vec<String>,
    /// The second of the video where its best moment begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moment_s: Option<u32>,
    /// Where in the video it is what was asked for, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Moment>,
}

/// A call of a tool.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AnswerCall {
    /// Identifier, for confirming a proposal.
    pub id: String,
    /// Tool.
    pub name: String,
    /// Arguments as called.
    #[schema(value_type = Object)]
    pub arguments: Value,
    /// `done`, `needs_confirmation` or `failed`.
    pub status: String,
    /// Paths of the media found, or that the call is about.
    pub media: Vec<String>,
    /// A summary of the result.
    #[schema(value_type = Object)]
    pub result: Value,
}

/// Asks within a conversation, or in a new one.
pub async fn ask(
    assistant: &Assistant,
    conversation: Option<ConversationId>,
    question: Question,
) -> Result<Answer, AssistantError> {
    let library = assistant.library();
    let conversation = match conversation {
        Some(id) => library.conversation(id).await?.id,
        None => library.create_conversation("").await?,
    };
    // What happens on the way is not told, but an ear that is gone would stop the turn.
    let (events, _ear) = mpsc::unbounded_channel();
    let turn = assistant.answer(conversation, question, &events).await?;
    Ok(told(assistant, turn).await?)
}

async fn told(assistant: &Assistant, turn: Turn) -> Result<Answer, LibraryError> {
    let mut ids: Vec<MediaId> = turn.media.iter().map(|scored| scored.id).collect();
    ids.extend(turn.tool_calls.iter().flat_map(|call| call.media.iter().copied()));
    ids.sort_unstable();
    ids.dedup();
    let media = assistant.library().media_by_ids(&ids).await?;
    let paths: HashMap<MediaId, String> = media.into_iter().map(|medium| (medium.id, medium.path)).collect();
    let order: Vec<MediaId> = turn.media.iter().map(|scored| scored.id).collect();
    // Whoever asks what exists more than once wants every file of it.
    let every_file = turn.reading.filter.copies == Some(Copies::Exact);
    let mut media = Vec::with_capacity(turn.media.len());
    for scored in turn.media {
        let files = if every_file { assistant.library().paths(scored.id).await? } else { Vec::new() };
        let files = if files.is_empty() { paths.get(&scored.id).cloned().into_iter().collect() } else { files };
        let of = |path| AnswerMedium {
            id: scored.id,
            path,
            score: scored.score,
            why: scored.why.clone(),
            moment_s: opens_at(&scored.moments, &scored.why),
            moments: scored.moments.clone(),
        };
        media.extend(files.into_iter().map(of));
    }
    let calls = turn.tool_calls.into_iter().map(|call| AnswerCall {
        id: call.id.to_string(),
        name: call.name.to_owned(),
        arguments: call.arguments,
        status: call.status.name().to_owned(),
        media: call.media.iter().filter_map(|id| paths.get(id).cloned()).collect(),
        result: call.result,
    });
    Ok(Answer {
        answer: numbered(&turn.answer, &order),
        tool_calls: calls.collect(),
        media,
        count: turn.count,
        mode: turn.mode,
        conversation: turn.conversation,
        elapsed_ms: turn.elapsed_ms,
    })
}

/// Replaces citations by the numbers of the media in `order`.
fn numbered(answer: &str, order: &[MediaId]) -> String {
    let mut text = String::with_capacity(answer.len());
    let mut rest = answer;
    while let Some(start) = rest.find("[[media:") {
        let Some(length) = rest[start..].find("]]") else { break };
        text.push_str(&rest[..start]);
        let id: Option<MediaId> = rest[start + 8..start + length].parse().ok();
        if let Some(position) = id.and_then(|id| order.iter().position(|known| *known == id)) {
            text.push_str(&format!("[{}]", position + 1));
        }
        rest = &rest[start + length + 2..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_become_numbers_of_the_media_listed() {
        let (a, b) = (MediaId::new(), MediaId::new());
        let answer = format!("In **Rome** [[media:{b}]] and [[media:{a}]].");
        assert_eq!(numbered(&answer, &[a, b]), "In **Rome** [2] and [1].");
        assert_eq!(numbered("[[media:broken", &[]), "[[media:broken");
    }
}

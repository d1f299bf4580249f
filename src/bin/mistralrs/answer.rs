//! What mistral.rs says of an answer, as the events that go out.
//!
//! Nobody listening any more ends the answer: mistral.rs gives a conversation up when its channel is closed.

use mistralrs::{ChatCompletionChunkResponse, Response, Usage};
use recollect::engine::host::Failure;
use recollect::engine::host::reply::{Call, Event, Finished, Piece};
use recollect::engine::protocol::chat::FinishReason;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;

/// A demanded call, as the schema of [`crate::prepare`] has it written.
#[derive(Deserialize)]
struct Written {
    name: String,
    arguments: Value,
}

/// Passes an answer on until it ends or nobody listens.
pub async fn pass_on(mut responses: mpsc::Receiver<Response>, events: mpsc::UnboundedSender<Event>, is_call: bool) {
    let mut answer = Answer { is_call, ..Answer::default() };
    loop {
        let response = tokio::select! {
            response = responses.recv() => response,
            () = events.closed() => return,
        };
        let Some(response) = response else { break };
        for event in answer.take(response) {
            let last = !matches!(event, Event::Piece(_));
            if events.send(event).is_err() || last {
                return;
            }
        }
    }
    let _gone = events.send(Event::Failed(Failure::internal("the engine is ending")));
}

/// An answer that is coming in.
#[derive(Default)]
struct Answer {
    is_call: bool,
    /// Of a demanded call, what is written so far.
    written: String,
    /// Tokens written, in case mistral.rs does not say.
    pieces: usize,
    called: bool,
}

impl Answer {
    fn take(&mut self, response: Response) -> Vec<Event> {
        match response {
            Response::Chunk(chunk) => self.chunk(chunk),
            Response::ValidationError(error) => vec![Event::Failed(Failure::invalid("messages", error.to_string()))],
            Response::InternalError(error) => vec![Event::Failed(Failure::internal(error.to_string()))],
            Response::ModelError(error, _) => vec![Event::Failed(Failure::internal(error))],
            _ => vec![Event::Failed(Failure::internal("mistral.rs sent something that is no answer to a chat"))],
        }
    }

    fn chunk(&mut self, chunk: ChatCompletionChunkResponse) -> Vec<Event> {
        let usage = chunk.usage;
        let Some(choice) = chunk.choices.into_iter().next() else { return Vec::new() };
        let mut events = Vec::new();
        if let Some(thought) = choice.delta.reasoning_content.filter(|text| !text.is_empty()) {
            events.push(Event::Piece(Piece::Thinking(thought)));
        }
        if let Some(text) = choice.delta.content.filter(|text| !text.is_empty()) {
            self.pieces += 1;
            if self.is_call {
                self.written.push_str(&text);
            } else {
                events.push(Event::Piece(Piece::Text(text)));
            }
        }
        for call in choice.delta.tool_calls.into_iter().flatten() {
            self.called = true;
            let call = Call { name: call.function.name, arguments: call.function.arguments };
            events.push(Event::Piece(Piece::Call(call)));
        }
        if let Some(reason) = choice.finish_reason {
            events.extend(self.demanded_call());
            events.push(Event::Finished(self.finished(&reason, usage.as_ref())));
        }
        events
    }

    /// The call that was demanded; what was cut off before it was whole is handed on as text.
    fn demanded_call(&mut self) -> Option<Event> {
        if !self.is_call {
            return None;
        }
        let text = std::mem::take(&mut self.written);
        match serde_json::from_str::<Written>(&text) {
            Ok(call) => {
                self.called = true;
                Some(Event::Piece(Piece::Call(Call { name: call.name, arguments: call.arguments.to_string() })))
            }
            Err(_) => (!text.is_empty()).then_some(Event::Piece(Piece::Text(text))),
        }
    }

    fn finished(&self, reason: &str, usage: Option<&Usage>) -> Finished {
        let reason = match reason {
            _ if self.called => FinishReason::ToolCalls,
            "length" => FinishReason::Length,
            "tool_calls" => FinishReason::ToolCalls,
            _ => FinishReason::Stop,
        };
        let (prompt_tokens, written_tokens) =
            usage.map_or((0, self.pieces), |usage| (usage.prompt_tokens, usage.completion_tokens));
        // What of the prompt was taken from its cache, mistral.rs does not say.
        Finished { reason, prompt_tokens, cached_tokens: 0, written_tokens }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mistralrs::{ChunkChoice, Delta};

    fn chunk(text: &str, finish: Option<&str>) -> Response {
        let delta = Delta {
            content: Some(text.to_owned()),
            role: "assistant".to_owned(),
            tool_calls: None,
            reasoning_content: None,
        };
        let choice = ChunkChoice { finish_reason: finish.map(str::to_owned), index: 0, delta, logprobs: None };
        Response::Chunk(ChatCompletionChunkResponse {
            id: String::new(),
            choices: vec![choice],
            created: 0,
            model: String::new(),
            system_fingerprint: String::new(),
            object: String::new(),
            usage: None,
        })
    }

    #[test]
    fn a_demanded_call_is_read_when_it_is_whole_and_text_when_it_is_cut_off() {
        let mut answer = Answer { is_call: true, ..Answer::default() };
        assert!(answer.take(chunk(r#"{"name":"f","argu"#, None)).is_empty());
        let events = answer.take(chunk(r#"ments":{"a":1}}"#, Some("stop")));
        assert!(
            matches!(&events[0], Event::Piece(Piece::Call(call)) if call.name == "f" && call.arguments == r#"{"a":1}"#)
        );
        assert!(matches!(&events[1], Event::Finished(end) if end.reason == FinishReason::ToolCalls));

        let mut answer = Answer { is_call: true, ..Answer::default() };
        let events = answer.take(chunk(r#"{"name":"#, Some("length")));
        assert!(matches!(&events[0], Event::Piece(Piece::Text(text)) if text == r#"{"name":"#));
        assert!(matches!(&events[1], Event::Finished(end) if end.reason == FinishReason::Length));
    }

    #[tokio::test]
    async fn an_engine_that_ends_in_mid_answer_is_a_failure() {
        let (sender, responses) = mpsc::channel(4);
        let (events, mut heard) = mpsc::unbounded_channel();
        sender.send(chunk("a", None)).await.unwrap();
        drop(sender);
        pass_on(responses, events, false).await;
        assert!(matches!(heard.recv().await, Some(Event::Piece(Piece::Text(text))) if text == "a"));
        assert!(matches!(heard.recv().await, Some(Event::Failed(_))));
    }
}

//! One step of a run: the model is asked, and what it calls is called.
//!
//! Calls of one message run side by side; their results are told in the order of the calls. A call that makes no sense is
//! told to the model as data and costs a step, so that it can do better.

use std::time::Instant;

use futures::StreamExt as _;
use futures::future::join_all;
use minijinja::context;
use serde_json::{Value, json};
use uuid::Uuid;

use super::guard::{self, Change};
use super::speech::{Piece, Speech};
use super::{Agent, AgentError, Progress, Task, digest};
use crate::assistant::TurnEvent;
use crate::assistant::compose::Finding;
use crate::assistant::direct::tally;
use crate::assistant::tools::dispatch::{self, Found};
use crate::assistant::tools::{ToolCall, ToolError, ToolStatus};
use crate::engine::protocol::chat::{self, ChatRequest, Message};
use crate::engine::{ChatEvent, ChatModel, Priority};

/// Calls of one message that are carried out.
const MOST_CALLS: usize = 8;

/// What a step needs.
pub(super) struct Step<'a> {
    pub agent: &'a Agent,
    pub model: &'a dyn ChatModel,
    pub task: &'a Task<'a>,
    pub change: Option<&'a Change>,
    pub tell: &'a (dyn Fn(TurnEvent) + Sync),
    /// Bytes that one result may have.
    pub budget: usize,
}

/// What the model said in a step, text aside.
pub(super) struct Said {
    pub calls: Vec<chat::ToolCall>,
}

impl Step<'_> {
    /// Asks the model; text goes to `run` as it is checked.
    pub(super) async fn ask(&self, request: ChatRequest, run: &mut Progress) -> Result<Said, AgentError> {
        let mut answer = self.model.chat(request, Priority::Chat);
        let mut speech = Speech::default();
        let mut calls = Vec::new();
        let mut say = |piece: Piece| match piece {
            Piece::Sentence(sentence) => run.say(&sentence, self.task.reading, self.tell),
            Piece::Thought(thought) => (self.tell)(TurnEvent::Thinking(thought)),
        };
        while let Some(event) = answer.next().await {
            match event? {
                ChatEvent::Text(text) => speech.push(&text).into_iter().for_each(&mut say),
                ChatEvent::Reasoning(thought) => (self.tell)(TurnEvent::Thinking(thought)),
                ChatEvent::ToolCall(call) => calls.push(call),
                ChatEvent::Done { .. } => {}
            }
        }
        speech.finish().into_iter().for_each(&mut say);
        Ok(Said { calls })
    }

    /// Carries out calls; gives their results as messages, in order.
    pub(super) async fn call(&self, calls: &[chat::ToolCall], run: &mut Progress) -> Result<Vec<Message>, AgentError> {
        let planned: Vec<Planned> = calls.iter().enumerate().map(|(at, call)| self.plan(at, call, run)).collect();
        for call in planned.iter().filter_map(Planned::begun) {
            (self.tell)(TurnEvent::ToolCall(Box::new(call)));
        }
        let caller = self.task.caller(run);
        let ended = join_all(planned.into_iter().map(|planned| async move {
            let Planned::Read { id, name, arguments } = planned else { return (planned, None) };
            let started = Instant::now();
            let found = caller.call(name, arguments.clone()).await;
            let mut call = ToolCall::done(name, &arguments, Value::Null, Vec::new(), started);
            call.id = id;
            (Planned::Done(Box::new(call)), Some(found))
        }))
        .await;
        let mut messages = Vec::with_capacity(calls.len());
        for (call, ended) in calls.iter().zip(ended) {
            let result = match ended {
                (Planned::Done(done), Some(found)) => self.told(*done, found, run).await?,
                (Planned::Write(arguments), _) => self.propose(&arguments, run).await?,
                (Planned::Refused(reason), _) => json!({ "error": reason }),
                (Planned::Done(_) | Planned::Read { .. }, _) => Value::Null,
            };
            let tool = dispatch::known(&call.function.name).or(self.change.map(|change| change.tool));
            let values = context! { tool => tool.unwrap_or("a tool"), result => self.agent.mark.block(&result) };
            let text = self.agent.prompts.render("agent_result", values)?;
            messages.push(Message::tool_result(&call.id, &call.function.name, text));
        }
        Ok(messages)
    }

    /// What is to become of a call.
    fn plan(&self, at: usize, call: &chat::ToolCall, run: &mut Progress) -> Planned {
        let name = call.function.name.as_str();
        if at >= MOST_CALLS {
            return Planned::Refused(format!("only {MOST_CALLS} tools can be called at once"));
        }
        let arguments = match dispatch::parse(&call.function.arguments) {
            Ok(arguments) => arguments,
            Err(error) => return Planned::Refused(error.to_string()),
        };
        if let Some(name) = dispatch::known(name) {
            return match run.made.insert((name.to_owned(), arguments.to_string())) {
                true => Planned::Read { id: Uuid::now_v7(), name, arguments },
                false => Planned::Refused("this very call was made before; use its result".to_owned()),
            };
        }
        if self.change.is_some_and(|change| change.tool == name) {
            return Planned::Write(arguments);
        }
        tracing::warn!(tool = name, "the model called a tool that it does not have");
        Planned::Refused("there is no such tool in this turn".to_owned())
    }

    /// Records a call that has ended; gives what the model is told of it.
    async fn told(
        &self,
        mut call: ToolCall,
        found: Result<Found, ToolError>,
        run: &mut Progress,
    ) -> Result<Value, AgentError> {
        let (result, media) = match found {
            Ok(found) => {
                let result = digest::digest(self.task.context, &found, &mut run.references, self.budget).await?;
                run.allow(&result);
                call.result = json!({ "total": found.total() });
                (result, found.media())
            }
            Err(error @ ToolError::Argument(_)) => {
                (call.status, call.result) = (ToolStatus::Failed, json!({ "error": error.to_string() }));
                (call.result.clone(), Vec::new())
            }
            Err(error) => return Err(error.into()),
        };
        call.media = media.iter().map(|scored| scored.id).collect();
        (self.tell)(TurnEvent::ToolCall(Box::new(call.clone())));
        run.record(call, media);
        Ok(result)
    }

    /// Proposes the change that the person asked for.
    async fn propose(&self, arguments: &Value, run: &mut Progress) -> Result<Value, AgentError> {
        let Some(change) = self.change.filter(|_| run.proposal.is_none()) else {
            return Ok(json!({ "error": "this was proposed already" }));
        };
        let named = match guard::named(arguments, &run.references) {
            Ok(named) => named,
            Err(error) => return Ok(json!({ "error": error.to_string() })),
        };
        match change.propose(self.task.context, &named, &run.last_media()).await {
            Ok((call, action, about)) => {
                let media = self.task.context.library.media_by_ids(&about).await.map_err(ToolError::from)?;
                (self.tell)(TurnEvent::ToolCall(Box::new(call.clone())));
                run.record(call, Vec::new());
                run.proposal = Some((Finding::Proposal(action, tally(&media)), about));
                Ok(json!({ "proposed": true }))
            }
            Err(error @ ToolError::Argument(_)) => Ok(json!({ "error": error.to_string() })),
            Err(error) => Err(error.into()),
        }
    }
}

/// What is to become of a call.
enum Planned {
    Read { id: Uuid, name: &'static str, arguments: Value },
    Write(Value),
    Refused(String),
    Done(Box<ToolCall>),
}

impl Planned {
    /// The call as it is shown while it runs.
    fn begun(&self) -> Option<ToolCall> {
        let Self::Read { id, name, arguments } = self else { return None };
        let call = ToolCall::done(name, arguments, Value::Null, Vec::new(), Instant::now());
        Some(ToolCall { id: *id, status: ToolStatus::Running, ..call })
    }
}

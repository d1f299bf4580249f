//! Agent mode: a language model calls the same tools as direct mode until it can answer.
//!
//! What stays true: the model is asked at most N times a turn; it looks before it says anything of the library; everything it
//! reads from the library is marked as data
//! ([`crate::prompts`]); everything it says is checked before anybody sees it ([`speech`]); it changes nothing
//! ([`guard`]); what it reads fits its context ([`room`]). Dropping a run ends the model's work.
//!
//! When an agent answers instead of direct mode, and what happens when it cannot, is left to [`super::Assistant`].

mod digest;
mod guard;
pub(super) mod numbers;
mod progress;
mod room;
mod speech;
mod step;

use std::sync::Arc;

use jiff::civil::DateTime;
use minijinja::context;
use serde_json::json;

use self::guard::Change;
use self::progress::Progress;
use self::step::Step;
use super::TurnEvent;
use super::tools::dispatch::Caller;
use super::tools::{Scored, ToolCall, ToolContext, ToolError};
use super::understand::{Intent, Lexicon, Reading};
use crate::engine::protocol::chat::{
    ChatRequest, Function, Message, Role, Tool, ToolCall as ToolCallWire, ToolChoice, ToolMode,
};
use crate::engine::{ChatModel, EngineError, FindChat};
use crate::library::Vocabulary;
use crate::prompts::{Mark, PromptError, Prompts};

pub(super) use self::progress::Progress as Run;

/// Below this a reading left something of weight unread.
const CERTAIN: f32 = 0.6;
/// Names of each kind that the model is told before it is asked.
const TOLD: usize = 40;
/// Tokens that an answer may have.
const ANSWER: u32 = 1024;

/// Why the model gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The model is away or failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A prompt cannot be made.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The library failed.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// It called tools until it was stopped.
    #[error("it came to no answer in {0} steps")]
    Endless(usize),
    /// Nothing of what it said could be borne out.
    #[error("nothing that it said is borne out by the library")]
    Unfounded,
}

/// Answers questions with a language model. Clones share it.
#[derive(Clone)]
pub struct Agent {
    find: FindChat,
    prompts: Prompts,
    max_steps: usize,
    mark: Mark,
}

/// A question and all that is known before the model is asked.
pub(super) struct Task<'a> {
    pub context: &'a ToolContext,
    pub library: &'a Vocabulary,
    pub lexicon: &'a Lexicon,
    pub now: DateTime,
    pub reading: &'a Reading,
    pub question: &'a str,
    /// Questions and answers before this one, oldest first.
    pub earlier: &'a [(String, String)],
}

/// Whether reading alone is not certain enough.
pub(super) fn is_needed(reading: &Reading) -> bool {
    let says_enough = match &reading.intent {
        Intent::Chat | Intent::Thanks | Intent::ShowMore | Intent::Similar => true,
        Intent::Act { action: super::understand::Action::Unsupported { .. } } => true,
        Intent::Summarize { .. } => false,
        _ => reading.certainty > CERTAIN,
    };
    !says_enough && reading.unknown_names.is_empty()
}

impl Agent {
    /// An agent that asks the model that there is at the time, at most `max_steps` times a question.
    pub fn new(find: FindChat, prompts: Prompts, max_steps: usize) -> Self {
        Self { find, prompts, max_steps: max_steps.clamp(2, 32), mark: Mark::new() }
    }

    /// The model that there is now, or what to do to have one.
    pub(super) fn model(&self) -> Result<Arc<dyn ChatModel>, String> {
        (self.find)()
    }

    /// Answers with `model`; what came of it is in `run`, also when it is dropped on the way.
    pub(super) async fn answer(
        &self,
        model: &dyn ChatModel,
        task: &Task<'_>,
        run: &mut Progress,
        tell: &(dyn Fn(TurnEvent) + Sync),
    ) -> Result<(), AgentError> {
        let change = Change::asked_for(&task.reading.intent);
        let tools: Vec<Tool> = guard::tools(change.as_ref(), task.context.sight.missing().is_none())
            .into_iter()
            .map(|tool| Tool {
                kind: "function".to_owned(),
                function: Function {
                    name: tool.name.to_owned(),
                    description: Some(tool.description.to_owned()),
                    parameters: tool.parameters,
                },
            })
            .collect();
        let mut messages = self.opening(task, change.as_ref())?;
        run.allow_conditions(task.reading, task.now);
        let room = room::Room::of(model.context(), &tools, ANSWER);
        let mut looked = matches!(task.reading.intent, Intent::Chat | Intent::Thanks);
        for number in 1..=self.max_steps {
            let last = number == self.max_steps;
            if last {
                messages.push(Message::text(Role::User, self.prompts.render("agent_last_step", context! {})?));
            }
            room.make(&mut messages);
            let request = ChatRequest {
                messages: messages.clone(),
                tools: tools.clone(),
                tool_choice: tool_mode(last, !looked).map(ToolChoice::Mode),
                max_completion_tokens: Some(ANSWER),
                temperature: Some(0.2),
                ..ChatRequest::default()
            };
            let step = Step { agent: self, model, task, change: change.as_ref(), tell, budget: room.for_result() };
            let said = step.ask(request, run).await?;
            if said.calls.is_empty() && !looked {
                // Some servers do not know that a call can be demanded.
                return Err(AgentError::Unfounded);
            }
            looked |= !said.calls.is_empty();
            if said.calls.is_empty() || last {
                return match (run.answer.trim().is_empty(), said.calls.is_empty()) {
                    (false, _) => Ok(()),
                    (true, true) => Err(AgentError::Unfounded),
                    (true, false) => Err(AgentError::Endless(number)),
                };
            }
            run.take_back(tell);
            messages.push(called(&said.calls));
            messages.extend(step.call(&said.calls, run).await?);
            if run.proposal.is_some() {
                return Ok(());
            }
        }
        Err(AgentError::Endless(self.max_steps))
    }

    fn opening(&self, task: &Task<'_>, change: Option<&Change>) -> Result<Vec<Message>, PromptError> {
        let system = context! {
            mark => self.mark.word(),
            change => change.map_or("", |change| change.tool),
            library => self.mark.block(&outline(task.library)),
        };
        let earlier: Vec<_> = task
            .earlier
            .iter()
            .map(|(question, answer)| json!({ "question": digest::short(question, 300), "answer": digest::short(answer, 400) }))
            .collect();
        let hints: Vec<String> = task.reading.parts.iter().map(|part| part.label.clone()).collect();
        let question = context! {
            earlier => if earlier.is_empty() { String::new() } else { self.mark.block(&earlier) },
            now => format!("{}", task.now.strftime("%A, %Y-%m-%d %H:%M")),
            hints => if hints.is_empty() { String::new() } else { self.mark.block(&hints) },
            question => task.question,
        };
        Ok(vec![
            Message::text(Role::System, self.prompts.render("agent_system", system)?),
            Message::text(Role::User, self.prompts.render("agent_question", question)?),
        ])
    }
}

/// Whether the model may, must or must not call a tool; `None` leaves it to the model.
fn tool_mode(last: bool, must_look: bool) -> Option<ToolMode> {
    match (last, must_look) {
        (true, _) => Some(ToolMode::None),
        (false, true) => Some(ToolMode::Required),
        (false, false) => None,
    }
}

/// The message that made these calls. Some templates read the arguments, so that what is no JSON must not go back.
fn called(calls: &[ToolCallWire]) -> Message {
    let mut calls = calls.to_vec();
    for call in &mut calls {
        if super::tools::dispatch::parse(&call.function.arguments).is_err() {
            call.function.arguments = "{}".to_owned();
        }
    }
    Message { role: Role::Assistant, tool_calls: Some(calls), ..Message::default() }
}

impl Task<'_> {
    fn caller<'c>(&'c self, run: &'c Progress) -> Caller<'c> {
        Caller {
            context: self.context,
            library: self.library,
            lexicon: self.lexicon,
            now: self.now,
            references: &run.references,
        }
    }
}

/// The library in a few lines: names that conditions can use. The same until the library changes, so that an engine
/// reads it once.
fn outline(library: &Vocabulary) -> serde_json::Value {
    let short = |name: &str| digest::short(name, 60);
    let mut places: Vec<_> = library.places.iter().collect();
    places.sort_by_key(|place| std::cmp::Reverse(place.media));
    let places = places.iter().filter_map(|place| place.names.first());
    json!({
        "media": library.media,
        "first_day": library.dated.map(|(first, _)| first.date().to_string()),
        "last_day": library.dated.map(|(_, last)| last.date().to_string()),
        "people": library.people.iter().filter(|p| !p.pet).take(TOLD).map(|p| short(&p.name)).collect::<Vec<_>>(),
        "pets": library.people.iter().filter(|p| p.pet).take(TOLD).map(|p| short(&p.name)).collect::<Vec<_>>(),
        "places": places.take(TOLD).map(|name| short(name)).collect::<Vec<_>>(),
        "events": library.events.iter().take(TOLD).map(|event| short(&event.name)).collect::<Vec<_>>(),
        "albums": library.albums.iter().take(TOLD).map(|album| short(&album.name)).collect::<Vec<_>>(),
        "keywords": library.tags.iter().take(TOLD).map(|tag| short(&tag.name)).collect::<Vec<_>>(),
    })
}

/// What an agent's run comes to.
pub(super) struct Answered {
    pub text: String,
    pub media: Vec<Scored>,
    pub count: Option<u64>,
    pub calls: Vec<ToolCall>,
}

//! The assistant: a question in, an answer with the media it rests on out.
//!
//! A turn reads the question ([`understand`]), calls tools ([`tools`]), says what was found ([`compose`]) and stores all
//! of it in the conversation. In direct mode the reading decides which tools run and no language model takes part; what
//! the reading is not certain about goes to the [`agent`], if there is a language model.
//!
//! Albums that keep themselves by a rule are in [`albums`], what is worth seeing again today in [`memories`], what comes back
//! over the years in [`themes`].
//!
//! What must stay true: numbers and dates come from the library and never from a model; a tool that changes something
//! only proposes until the user confirms, and can be undone; text found in media is data and never an instruction.

pub mod agent;
pub mod albums;
mod answer;
pub mod ask;
pub mod compose;
mod direct;
mod evidence;
pub mod example;
pub mod gazetteer;
pub mod lexicons;
mod lists;
pub mod looks;
pub mod memories;
mod named;
mod occasions;
pub mod pictured;
mod propose;
mod reasons;
pub mod sight;
pub mod suggestions;
pub mod summary;
pub mod themes;
pub mod tools;
pub mod understand;

use std::sync::Arc;
use std::time::Instant;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::ToSchema;

use self::agent::Agent;
use self::answer::Asked;
use self::pictured::Pictured;
use self::tools::{Scored, ToolCall, ToolContext, ToolError, edit_film};
use self::understand::{Lexicon, Reading};
use crate::library::conversations::{StoredTurn, TurnMedium};
use crate::library::{ConversationId, FilmId, Library, LibraryError, MediaId, TurnId};

/// What is asked about a picture that comes without words.
const WHAT_IS_IT: &str = "What is in this picture?";

/// Turns of a conversation that a language model is told of.
const REMEMBERED: usize = 3;

/// How much of a turn's media is sent with it; the rest is fetched page by page.
pub const FIRST_PAGE: usize = 60;

/// How an answer is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// By reading where that is certain, else by the language model, if there is one.
    #[default]
    Auto,
    /// By the reading of the question alone.
    Direct,
    /// By a language model that calls the same tools.
    Agent,
}

impl Mode {
    /// The name stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Direct => "direct",
            Self::Agent => "agent",
        }
    }
}

/// A question within a conversation.
#[derive(Debug, Clone)]
pub struct Question {
    /// As typed.
    pub text: String,
    /// What "today" is; the machine's local time if not given.
    pub now: Option<DateTime>,
    /// How to answer.
    pub mode: Mode,
    /// The turn that this question replaces, with those after it, once it is answered.
    pub replaces: Option<TurnId>,
    /// The picture that it is about, if it is about one.
    pub picture: Option<Pictured>,
}

/// A turn as it was answered.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Identifier.
    pub id: TurnId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The question.
    pub question: String,
    /// The answer, markdown with citations.
    pub answer: String,
    /// Everything that the answer rests on, best first.
    pub media: Vec<Scored>,
    /// The number that was asked for, if one was.
    pub count: Option<u64>,
    /// What the question was understood to mean.
    pub reading: Reading,
    /// What was called.
    pub tool_calls: Vec<ToolCall>,
    /// How the answer was found: directly or by the agent.
    pub mode: Mode,
    /// How long it took.
    pub elapsed_ms: u64,
    /// Unix seconds.
    pub created: i64,
}

/// What happens while a question is answered, in order.
#[derive(Debug, Clone)]
pub enum TurnEvent {
    /// The question was read.
    Understanding(Box<Reading>),
    /// A tool is called, or has ended: the same identifier, another status.
    ToolCall(Box<ToolCall>),
    /// The media that the answer rests on: the first of them, and how many there are.
    Media(Vec<Scored>, usize),
    /// A piece of the answer.
    Text(String),
    /// A piece of the model's thinking, which is no part of the answer.
    Thinking(String),
    /// The text so far was not the answer.
    TakeBack,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum AssistantError {
    /// The question is empty or far too long.
    #[error("{0}")]
    Question(&'static str),
    /// The mode needs a model that is not there.
    #[error("agent mode needs a language model, and there is none; `recollect doctor` says how to add one")]
    NoAgent,
    /// The library failed.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// A tool failed.
    #[error(transparent)]
    Tool(#[from] ToolError),
}

/// Answers questions about one library.
#[derive(Clone)]
pub struct Assistant {
    context: ToolContext,
    agent: Agent,
}

impl Assistant {
    /// An assistant that uses these parts; while the agent has no model everything is answered directly.
    pub fn new(context: ToolContext, agent: Agent) -> Self {
        Self { context, agent }
    }

    /// The same assistant over the same library seen in another way.
    #[must_use]
    pub fn over(&self, library: Library) -> Self {
        Self { context: ToolContext { library, ..self.context.clone() }, ..self.clone() }
    }

    /// The library it answers from.
    pub fn library(&self) -> &Library {
        &self.context.library
    }

    /// What its tools use.
    pub fn context(&self) -> &ToolContext {
        &self.context
    }

    /// Reads a question without answering it.
    pub async fn read(
        &self,
        text: &str,
        now: Option<DateTime>,
        previous: Option<&Reading>,
    ) -> Result<Reading, LibraryError> {
        let lexicon = self.lexicon().await?;
        let now = now.unwrap_or_else(|| jiff::Zoned::now().datetime());
        Ok(lexicon.understand(text, &gazetteer::World, now, previous))
    }

    /// Answers a question, telling `events` what happens on the way, and stores the turn. When nobody listens to `events`
    /// any more, an agent is stopped and what it had is stored; a direct answer is finished.
    pub async fn answer(
        &self,
        conversation: ConversationId,
        question: Question,
        events: &mpsc::UnboundedSender<TurnEvent>,
    ) -> Result<Turn, AssistantError> {
        let started = Instant::now();
        let text = match question.text.trim() {
            "" if question.picture.is_some() => WHAT_IS_IT,
            text => text,
        };
        if text.is_empty() {
            return Err(AssistantError::Question("the question is empty"));
        }
        if text.len() > 4000 {
            return Err(AssistantError::Question("the question is longer than 4000 bytes; ask something shorter"));
        }
        if question.mode == Mode::Agent && self.agent.model().is_err() {
            return Err(AssistantError::NoAgent);
        }
        let now = question.now.unwrap_or_else(|| jiff::Zoned::now().datetime());
        let history = self.history(conversation, question.replaces).await?;
        let mut reading = self.read(text, Some(now), history.reading.as_ref()).await?;
        if reading.intent == understand::Intent::Similar {
            // A picture to go by takes the place of what was asked for before.
            reading = self.read(text, Some(now), None).await?;
        }
        let mut left_out = Vec::new();
        if question.picture.is_none() && self.is_direct(question.mode, &reading) {
            (reading, left_out) = self.without_asides(text, now, &history, reading).await?;
        }
        if reading.follow_up == understand::FollowUp::Others {
            reading.filter.except.extend(&history.media);
        }
        // Nobody may be listening; the turn is stored all the same.
        let tell = |event| drop(events.send(event));
        tell(TurnEvent::Understanding(Box::new(reading.clone())));
        let asked = Asked { text, now, reading: &reading, history: &history, left_out: &left_out };
        let (answered, mode) = match &question.picture {
            Some(pictured) if reading.intent == understand::Intent::Similar => {
                (self.answer_by_example(&asked, pictured, events).await?, Mode::Direct)
            }
            Some(pictured) => (self.answer_about(&asked, pictured, events).await?, Mode::Direct),
            None => match self.change_film(&asked, events).await? {
                Some(changed) => (changed, Mode::Direct),
                None => self.find_answer(&asked, question.mode, events).await?,
            },
        };
        let turn = Turn {
            id: TurnId::new(),
            conversation,
            question: text.to_owned(),
            answer: answered.text,
            media: answered.media,
            count: answered.count,
            reading,
            tool_calls: answered.calls,
            mode,
            elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            created: jiff::Timestamp::now().as_second(),
        };
        self.store(&turn).await?;
        if let Some(replaced) = question.replaces {
            self.context.library.delete_turns(conversation, replaced, turn.id).await?;
        }
        Ok(turn)
    }

    /// Finds media by a query read like a question, leaving out the recognised parts at the positions `removed`.
    ///
    /// Whatever the query asks, media are the answer: "how many cats" lists the cats.
    pub async fn search(
        &self,
        query: &str,
        now: Option<DateTime>,
        removed: &[usize],
    ) -> Result<(Reading, Vec<Scored>), AssistantError> {
        let reading = self.read(query, now, None).await?;
        let mut kept = query.to_owned();
        let mut ranges: Vec<_> =
            removed.iter().filter_map(|position| reading.parts.get(*position)?.range.clone()).collect();
        ranges.sort_by_key(|range| std::cmp::Reverse(range.start));
        for range in ranges {
            if kept.get(range.clone()).is_some() {
                kept.replace_range(range, " ");
            }
        }
        // The parts that stay are read again, because words next to each other bear on each other.
        let effective = if kept == query { reading.clone() } else { self.read(&kept, now, None).await? };
        let media = direct::find(&self.context, &effective).await?;
        Ok((reading, media))
    }

    /// Media like a picture or a part of it (`[x, y, width, height]` in 0–1), best first; `but` says what is different, and
    /// is read like a query.
    ///
    /// # Errors
    /// [`example::ExampleError`].
    pub async fn like(
        &self,
        picture: &Pictured,
        area: Option<[f64; 4]>,
        but: &str,
        limit: usize,
    ) -> Result<Vec<Scored>, example::ExampleError> {
        if let Pictured::Medium(id) = picture {
            self.library().medium(*id).await.map_err(ToolError::from)?;
        }
        let but = match but {
            "" => None,
            but => {
                let reading = self.read(but, None, None).await.map_err(ToolError::from)?;
                let search = direct::search_call(&reading);
                Some(example::But { words: but.to_owned(), search })
            }
        };
        example::find(&self.context, picture, area, but.as_ref(), limit).await
    }

    async fn store(&self, turn: &Turn) -> Result<(), LibraryError> {
        let stored = StoredTurn {
            id: turn.id,
            question: turn.question.clone(),
            answer: turn.answer.clone(),
            reading: serde_json::to_string(&turn.reading)?,
            total: turn.media.len() as i64,
            count: turn.count.map(|count| count as i64),
            mode: turn.mode.name().into(),
            elapsed_ms: turn.elapsed_ms as i64,
            created: turn.created,
        };
        let media: Vec<TurnMedium> = turn.media.iter().map(Scored::to_stored).collect();
        let calls: Vec<_> = turn.tool_calls.iter().map(ToolCall::to_stored).collect::<Result<_, _>>()?;
        self.context.library.store_turn(turn.conversation, &stored, &media, &calls).await
    }

    /// What was said before in a conversation, as far as the next question can refer to it: before the turn `until`.
    async fn history(&self, conversation: ConversationId, until: Option<TurnId>) -> Result<History, LibraryError> {
        let mut turns = self.context.library.turns(conversation).await?;
        if let Some(end) = until.and_then(|until| turns.iter().position(|turn| turn.id == until)) {
            turns.truncate(end);
        }
        let mut history = History::default();
        let recent = turns.len().saturating_sub(REMEMBERED);
        let exchange = |turn: &StoredTurn| (turn.question.clone(), compose::without_citations(&turn.answer));
        if let Some(last) = turns.last() {
            history.film = edit_film::film_of(&self.context.library.tool_calls(last.id).await?);
        }
        history.earlier = turns[recent..].iter().map(exchange).collect();
        for turn in turns.iter().rev() {
            // A reading stored by another version is not worth failing for: the question then stands alone.
            let Ok(reading) = serde_json::from_str::<Reading>(&turn.reading) else { break };
            if matches!(reading.intent, understand::Intent::ShowMore) {
                history.pages += 1;
            }
            if history.reading.is_none() {
                history.reading = Some(reading.clone());
                let media = self.context.library.turn_media(turn.id, 0, u32::MAX).await?;
                history.media = media.into_iter().map(|medium| medium.id).collect();
            }
            if !matches!(reading.intent, understand::Intent::ShowMore) {
                break;
            }
        }
        Ok(history)
    }

    /// The library's names, as questions are read against them.
    async fn lexicon(&self) -> Result<Arc<Lexicon>, LibraryError> {
        self.context.lexicons.of(&self.context.library).await
    }
}

/// What the next question can refer to.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The reading of the turn before.
    pub reading: Option<Reading>,
    /// The media of the turn before.
    pub media: Vec<MediaId>,
    /// How often "show more" was said since the last question that found something.
    pub pages: usize,
    /// The last questions and their answers, oldest first.
    pub earlier: Vec<(String, String)>,
    /// The film that the turn before made or changed.
    pub film: Option<FilmId>,
}

//! Who answers a question: the reading alone, or the agent, and what is done when the agent cannot.
//!
//! What stays true: without a model, and with one that fails, there is an answer; it says when it is the lesser one. A run
//! that nobody listens to any more is stopped.

use jiff::civil::DateTime;
use tokio::sync::mpsc;

use super::agent::{self, AgentError, Answered};
use super::compose::phrases::say;
use super::tools::{Scored, ToolError, edit_film};
use super::understand::{Language, Reading, asides};
use super::{Assistant, AssistantError, FIRST_PAGE, History, Mode, TurnEvent, compose, direct};
use crate::engine::{ChatModel, EngineError};

/// A question that was read.
pub(super) struct Asked<'a> {
    pub text: &'a str,
    pub now: DateTime,
    pub reading: &'a Reading,
    pub history: &'a History,
    /// Words of it that the reading leaves out, because they are said by the way.
    pub left_out: &'a [String],
}

/// Told of what happens on the way.
type Tell<'a> = &'a (dyn Fn(TurnEvent) + Sync);

/// The first of the media that an answer rests on.
fn first_of(media: &[Scored]) -> TurnEvent {
    TurnEvent::Media(media.iter().take(FIRST_PAGE).cloned().collect(), media.len())
}

impl Assistant {
    /// The answer, by the agent where it is wanted and can, else directly.
    pub(super) async fn find_answer(
        &self,
        asked: &Asked<'_>,
        mode: Mode,
        events: &mpsc::UnboundedSender<TurnEvent>,
    ) -> Result<(Answered, Mode), AssistantError> {
        // Nobody may be listening; a direct answer is found all the same.
        let tell = |event| drop(events.send(event));
        let wanted = match mode {
            Mode::Direct => false,
            Mode::Agent => true,
            Mode::Auto => agent::is_needed(asked.reading),
        };
        let model = if wanted { self.agent.model().ok() } else { None };
        let Some(model) = model else {
            return Ok((self.find_directly(asked, None, &tell).await?, Mode::Direct));
        };
        let mut run = agent::Run::default();
        let ended = tokio::select! {
            ended = self.run(&*model, asked, &mut run, &tell) => Some(ended?),
            () = events.closed() => None,
        };
        let language = asked.reading.language;
        match ended {
            Some(Ok(())) => {
                if let Some(better) = self.better_than(&run, asked, &tell).await? {
                    return Ok((better, Mode::Direct));
                }
                let proposed = run.proposal.is_some();
                let answered = run.into_answer(asked.reading);
                tell(first_of(&answered.media));
                if proposed {
                    tell(TurnEvent::Text(answered.text.clone()));
                }
                Ok((answered, Mode::Agent))
            }
            Some(Err(error)) => {
                tracing::warn!(%error, "the language model gave no answer; the question is answered directly");
                if !run.answer.is_empty() {
                    tell(TurnEvent::TakeBack);
                }
                let note = match error {
                    AgentError::Endless(_) | AgentError::Unfounded => say(language, "agent_unsure", &[]),
                    error => say(language, "agent_away", &[("reason", &reason(&error, language))]),
                };
                Ok((self.find_directly(asked, Some(note), &tell).await?, Mode::Direct))
            }
            None => {
                let mut answered = run.into_answer(asked.reading);
                answered.text = format!("{}\n\n*{}*", answered.text, say(language, "stopped", &[])).trim().to_owned();
                Ok((answered, Mode::Agent))
            }
        }
    }

    async fn run(
        &self,
        model: &dyn ChatModel,
        asked: &Asked<'_>,
        run: &mut agent::Run,
        tell: Tell<'_>,
    ) -> Result<Result<(), AgentError>, AssistantError> {
        let (library, lexicon) = (self.context.library.vocabulary().await?, self.lexicon().await?);
        let task = agent::Task {
            context: &self.context,
            library: &library,
            lexicon: &lexicon,
            now: asked.now,
            reading: asked.reading,
            question: asked.text,
            earlier: &asked.history.earlier,
        };
        Ok(self.agent.answer(model, &task, run, tell).await)
    }

    /// The change of the film that was talked about last, when the question asks for one.
    pub(super) async fn change_film(
        &self,
        asked: &Asked<'_>,
        events: &mpsc::UnboundedSender<TurnEvent>,
    ) -> Result<Option<Answered>, AssistantError> {
        let edits = edit_film::asked(asked.text);
        let Some(film) = asked.history.film.filter(|_| !edits.is_empty()) else { return Ok(None) };
        let tell = |event| drop(events.send(event));
        let language = asked.reading.language;
        let call = edit_film::EditFilm { film, text: asked.text.to_owned() };
        let (text, calls) = match edit_film::run(&self.context, &call, edits, language).await {
            Ok((call, said)) => (say(language, "film_changed", &[("said", &said.join("; "))]), vec![call]),
            // What cannot be changed is an answer, not a failure.
            Err(ToolError::Argument(reason)) => (say(language, "film_not_changed", &[("reason", &reason)]), Vec::new()),
            Err(other) => return Err(other.into()),
        };
        let shown = calls.iter().flat_map(|call| call.media.iter().copied());
        let media: Vec<Scored> =
            shown.map(|id| Scored { id, score: 1.0, why: Vec::new(), moments: Vec::new() }).collect();
        for call in &calls {
            tell(TurnEvent::ToolCall(Box::new(call.clone())));
        }
        tell(first_of(&media));
        tell(TurnEvent::Text(text.clone()));
        Ok(Some(Answered { text, media, count: None, calls }))
    }

    /// The answer by reading alone, with a note before it.
    async fn find_directly(
        &self,
        asked: &Asked<'_>,
        note: Option<String>,
        tell: Tell<'_>,
    ) -> Result<Answered, AssistantError> {
        let outcome = direct::act(&self.context, asked.reading, asked.history, asked.now).await?;
        let words = asked.left_out.join("”, “");
        let left_out = (!words.is_empty()).then(|| say(asked.reading.language, "left_out", &[("words", &words)]));
        Ok(say_outcome(outcome, asked, note.or(left_out), tell))
    }

    /// Whether a question is answered by its reading alone.
    pub(super) fn is_direct(&self, mode: Mode, reading: &Reading) -> bool {
        match mode {
            Mode::Direct => true,
            Mode::Agent => false,
            Mode::Auto => !agent::is_needed(reading) || self.agent.model().is_err(),
        }
    }

    /// The reading of a question without what is said by the way, and those words; as it is where it finds something, or
    /// nothing without them either.
    pub(super) async fn without_asides(
        &self,
        text: &str,
        now: DateTime,
        history: &History,
        reading: Reading,
    ) -> Result<(Reading, Vec<String>), AssistantError> {
        let asides = asides(text, &reading);
        if asides.is_empty() || !direct::find(&self.context, &reading).await?.is_empty() {
            return Ok((reading, Vec::new()));
        }
        let mut unknown = Vec::with_capacity(asides.len());
        for (range, word) in asides {
            if !self.context.search.has_word(word, reading.language.code()).await.map_err(ToolError::from)? {
                unknown.push((range, word.to_owned()));
            }
        }
        if unknown.is_empty() {
            return Ok((reading, Vec::new()));
        }
        // Spaces in their place leave every other word where it stands.
        let mut rest = text.to_owned();
        for (range, _) in &unknown {
            rest.replace_range(range.clone(), &" ".repeat(range.len()));
        }
        let read = self.read(&rest, Some(now), history.reading.as_ref()).await?;
        if direct::find(&self.context, &read).await?.is_empty() {
            return Ok((reading, Vec::new()));
        }
        Ok((read, unknown.into_iter().map(|(_, word)| word).collect()))
    }

    /// The direct answer where the model's rests on nothing and the reading, which has conditions to go by, found something.
    async fn better_than(
        &self,
        run: &agent::Run,
        asked: &Asked<'_>,
        tell: Tell<'_>,
    ) -> Result<Option<Answered>, AssistantError> {
        if run.is_founded() || asked.reading.parts.is_empty() {
            return Ok(None);
        }
        let outcome = direct::act(&self.context, asked.reading, asked.history, asked.now).await?;
        if outcome.media.is_empty() {
            return Ok(None);
        }
        tracing::warn!("what the language model said rests on nothing; the question is answered directly");
        tell(TurnEvent::TakeBack);
        let note = say(asked.reading.language, "agent_unsure", &[]);
        Ok(Some(say_outcome(outcome, asked, Some(note), tell)))
    }
}

/// Tells a direct answer, with a note before it.
fn say_outcome(outcome: direct::Outcome, asked: &Asked<'_>, note: Option<String>, tell: Tell<'_>) -> Answered {
    for call in &outcome.calls {
        tell(TurnEvent::ToolCall(Box::new(call.clone())));
    }
    tell(first_of(&outcome.media));
    let answer = compose::compose(&outcome.finding, asked.reading.language);
    let text = note.map_or_else(|| answer.clone(), |note| format!("*{note}*\n\n{answer}"));
    tell(TurnEvent::Text(text.clone()));
    Answered { text, media: outcome.media, count: outcome.count, calls: outcome.calls }
}

/// Why the model gave no answer, in words that name no address and no program.
fn reason(error: &AgentError, language: Language) -> String {
    let key = match error {
        AgentError::Engine(EngineError::Unreachable { .. } | EngineError::ShutDown { .. }) => "agent_reason_away",
        AgentError::Engine(EngineError::Timeout { .. }) => "agent_reason_slow",
        AgentError::Engine(EngineError::Busy { .. }) => "agent_reason_busy",
        AgentError::Engine(EngineError::Refused { .. } | EngineError::Unauthorized { .. }) => "agent_reason_refused",
        AgentError::Engine(EngineError::Start { .. } | EngineError::BackingOff { .. } | EngineError::GaveUp { .. }) => {
            "agent_reason_start"
        }
        _ => "agent_reason_failed",
    };
    say(language, key, &[])
}

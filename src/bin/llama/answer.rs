//! One request while it is being answered: what of its prompt is evaluated, and what is written.

use std::sync::Arc;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token_type::LlamaTokenAttr;
use recollect::engine::host::Failure;
use recollect::engine::host::reply::{Event, Finished, Piece as Said};
use recollect::engine::protocol::chat::FinishReason;
use tokio::sync::mpsc;

use crate::calls::split::Splitter;
use crate::cells::{Picture, Piece};
use crate::job::Job;
use crate::sampling::Sampler;
use crate::writing::Writing;

/// A request that is being answered.
#[derive(Debug)]
pub struct Answer {
    job: Job,
    arrived: u64,
    sampler: Sampler,
    writing: Writing,
    /// What is to be evaluated: the prompt, and what was written since.
    pieces: Arc<[Piece]>,
    /// How many of the pieces are evaluated.
    done: usize,
    /// The token that was picked last, which is not evaluated yet.
    next: Option<LlamaToken>,
    written: Vec<LlamaToken>,
    cached: usize,
    called: bool,
}

/// What came of picking a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The answer goes on.
    Written,
    /// It has come to its end.
    Ended(FinishReason),
}

impl Answer {
    /// A request that came as number `arrived`.
    ///
    /// # Errors
    /// Where to tell it, and the failure: its grammar cannot be used.
    pub fn new(model: &LlamaModel, job: Job, arrived: u64) -> Result<Self, (mpsc::UnboundedSender<Event>, Failure)> {
        let sampler = Sampler::new(model, &job.request.settings, job.request.grammar.as_ref())
            .map_err(|error| (job.events.clone(), Failure::invalid("tools", error.to_string())))?;
        let reading = job.request.reading;
        let splitter = Splitter::new(reading.family, reading.tools, reading.thinking);
        let writing = Writing::new(splitter, job.request.stop.clone());
        let pieces = Arc::clone(&job.request.prompt);
        Ok(Self {
            job,
            arrived,
            sampler,
            writing,
            pieces,
            done: 0,
            next: None,
            written: Vec::new(),
            cached: 0,
            called: false,
        })
    }

    /// What is to be evaluated before anything is written.
    pub fn prompt(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whose turn it is: lower goes first.
    pub fn turn(&self) -> (i32, u64) {
        (self.job.priority, self.arrived)
    }

    /// Whether it can wait for others.
    pub fn is_background(&self) -> bool {
        self.job.priority > 0
    }

    /// Whether nobody waits for it any more.
    pub fn is_abandoned(&self) -> bool {
        self.job.events.is_closed()
    }

    /// Whether its prompt is still being evaluated.
    pub fn is_reading(&self) -> bool {
        self.done < self.pieces.len()
    }

    /// It has a slot now, where the first `pieces` (`cached` tokens) are evaluated already.
    pub fn begin(&mut self, pieces: usize, cached: usize) {
        self.done = pieces;
        if self.written.is_empty() {
            self.cached = cached;
        }
    }

    /// It lost its slot: what was written becomes part of what is to be evaluated.
    pub fn start_again(&mut self) {
        let written = self.written.iter().map(|token| Piece::Token(*token));
        self.pieces = self.job.request.prompt.iter().cloned().chain(written).collect();
        self.done = 0;
        self.next = None;
    }

    /// The picture that is to be evaluated next, if it is one.
    pub fn next_picture(&self) -> Option<Picture> {
        match self.pieces.get(self.done) {
            Some(Piece::Picture(picture)) => Some(picture.clone()),
            _ => None,
        }
    }

    /// The tokens that are to be evaluated next, `room` at most, and whether a token is to be picked after them.
    pub fn next_tokens(&self, room: usize) -> (Vec<LlamaToken>, bool) {
        if let Some(token) = self.next {
            return if room > 0 { (vec![token], true) } else { (Vec::new(), false) };
        }
        let tokens: Vec<LlamaToken> = self.pieces[self.done..]
            .iter()
            .take(room)
            .map_while(|piece| match piece {
                Piece::Token(token) => Some(*token),
                Piece::Picture(_) => None,
            })
            .collect();
        let last = self.done + tokens.len() == self.pieces.len();
        (tokens, last)
    }

    /// So many pieces were evaluated. Gives how many of them belong to the prompt.
    pub fn advance(&mut self, pieces: usize) -> usize {
        if self.next.take().is_some() {
            return 0;
        }
        self.done += pieces;
        pieces
    }

    /// Picks the next token and hands on what is certain of the text.
    pub fn write(&mut self, model: &LlamaModel, context: &LlamaContext<'_>, index: i32) -> Step {
        let token = self.sampler.next(context, index);
        let vocab = model.vocab();
        if vocab.is_eog(token) {
            return Step::Ended(FinishReason::Stop);
        }
        self.written.push(token);
        let bytes = self.letters(model, token);
        let (said, ended) = self.writing.push(&bytes);
        self.tell(said);
        if ended {
            return Step::Ended(FinishReason::Stop);
        }
        if self.written.len() >= self.job.request.most_tokens {
            return Step::Ended(FinishReason::Length);
        }
        self.next = Some(token);
        Step::Written
    }

    /// The letters of a token. A control token has none, unless it means something in an answer.
    fn letters(&self, model: &LlamaModel, token: LlamaToken) -> Vec<u8> {
        let vocab = model.vocab();
        let bytes = vocab.token_to_piece(token, true, None);
        if !vocab.attr(token).contains(LlamaTokenAttr::Control) {
            return bytes;
        }
        let markers = self.job.request.reading.family.markers();
        if markers.iter().any(|marker| marker.as_bytes() == bytes) { bytes } else { Vec::new() }
    }

    fn tell(&mut self, said: Vec<Said>) {
        for piece in said {
            self.called |= matches!(piece, Said::Call(_));
            let _gone = self.job.events.send(Event::Piece(piece));
        }
    }

    /// It has come to its end.
    pub fn finish(mut self, reason: FinishReason) {
        let rest = self.writing.finish();
        self.tell(rest);
        let reason = if self.called && reason == FinishReason::Stop { FinishReason::ToolCalls } else { reason };
        let finished = Finished {
            reason,
            prompt_tokens: self.job.request.prompt.iter().map(Piece::tokens).sum(),
            cached_tokens: self.cached,
            written_tokens: self.written.len(),
        };
        let _gone = self.job.events.send(Event::Finished(finished));
    }

    /// It failed.
    pub fn fail(self, failure: Failure) {
        let _gone = self.job.events.send(Event::Failed(failure));
    }
}

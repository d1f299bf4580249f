//! The thread that computes chats: several conversations in one batch, each going on from what is evaluated already.
//!
//! Each turn of the loop takes the next token of every conversation that is writing and fills the batch up with prompts
//! that are being read, so that a long prompt does not silence the others for longer than one batch takes.
//!
//! What stays true: a conversation whose client is gone is dropped before the next batch; a sequence's [`Cell`]s say what
//! the cache holds of it; when the cache is full, what nobody is using goes first, then the youngest conversation goes
//! back to the queue (it loses time, not text); one that alone does not fit ends with the reason `length`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use llama_cpp_2::DecodeError;
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::mtmd::MtmdContext;
use recollect::engine::host::Failure;
use recollect::engine::host::reply::Event;
use recollect::engine::protocol::chat::FinishReason;
use tokio::sync::mpsc;

use crate::answer::{Answer, Step};
use crate::cells::{Cell, Piece, Shared, shared};
use crate::job::Job;
use crate::metrics::Metrics;

/// Tokens that it must save to copy what another conversation begins with.
const WORTH_COPYING: usize = 16;

/// What the thread computes with.
pub struct Runtime {
    /// The weights.
    pub model: &'static LlamaModel,
    /// Where tokens are evaluated.
    pub context: LlamaContext<'static>,
    /// What reads pictures.
    pub projector: Option<Arc<Mutex<MtmdContext>>>,
    /// Conversations at the same time.
    pub slots: usize,
    /// Counters.
    pub metrics: Arc<Metrics>,
}

/// A sequence of the cache, and who uses it.
#[derive(Debug, Default)]
struct Slot {
    cells: Vec<Cell>,
    used_at: u64,
    answer: Option<Answer>,
}

struct Worker {
    runtime: Runtime,
    slots: Vec<Slot>,
    waiting: VecDeque<Answer>,
    clock: u64,
    /// Whether the cache was too small for those who had a slot: nobody gets one before somebody is done.
    crowded: bool,
    /// Whether a sequence can be cut and copied: a recurrent state cannot.
    divisible: bool,
    batch_size: usize,
}

/// Starts the thread. It ends when all senders are gone and what was asked is answered.
///
/// # Errors
/// When no thread can be started.
pub fn start(runtime: Runtime, jobs: mpsc::UnboundedReceiver<Job>) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("inference".to_owned()).spawn(move || {
        let divisible = !runtime.model.is_recurrent() && !runtime.model.is_hybrid();
        let slots = (0..runtime.slots).map(|_| Slot::default()).collect();
        let batch_size = runtime.context.n_batch() as usize;
        Worker { runtime, slots, waiting: VecDeque::new(), clock: 0, crowded: false, divisible, batch_size }.work(jobs);
    })
}

impl Worker {
    fn work(mut self, mut jobs: mpsc::UnboundedReceiver<Job>) {
        let mut batch = LlamaBatch::new(self.batch_size, 1);
        loop {
            self.show();
            if self.is_idle() {
                let Some(job) = jobs.blocking_recv() else { return };
                self.take(job);
            }
            while let Ok(job) = jobs.try_recv() {
                self.take(job);
            }
            self.drop_abandoned();
            self.admit();
            self.show();
            self.read_pictures();
            self.evaluate(&mut batch);
        }
    }

    fn show(&self) {
        Metrics::set(&self.runtime.metrics.active, self.slots.iter().filter(|slot| slot.answer.is_some()).count());
        Metrics::set(&self.runtime.metrics.waiting, self.waiting.len());
    }

    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.slots.iter().all(|slot| slot.answer.is_none())
    }

    fn take(&mut self, job: Job) {
        self.clock += 1;
        match Answer::new(self.runtime.model, job, self.clock) {
            Ok(answer) => {
                let place = self.waiting.partition_point(|other| other.turn() <= answer.turn());
                self.waiting.insert(place, answer);
            }
            Err((events, failure)) => {
                Metrics::add(&self.runtime.metrics.failed, 1);
                let _gone = events.send(Event::Failed(failure));
            }
        }
    }

    fn drop_abandoned(&mut self) {
        let before = self.waiting.len();
        self.waiting.retain(|answer| !answer.is_abandoned());
        let mut dropped = before - self.waiting.len();
        for slot in &mut self.slots {
            if slot.answer.take_if(|answer| answer.is_abandoned()).is_some() {
                dropped += 1;
            }
        }
        self.crowded &= dropped == 0;
        Metrics::add(&self.runtime.metrics.cancelled, dropped as u64);
    }

    /// Gives waiting requests to free slots. Background work leaves one slot free.
    fn admit(&mut self) {
        loop {
            let free = self.slots.iter().filter(|slot| slot.answer.is_none()).count();
            if self.crowded && free < self.slots.len() {
                return;
            }
            let spare = if self.slots.len() > 1 { 1 } else { 0 };
            let Some(place) =
                self.waiting.iter().position(|answer| free > if answer.is_background() { spare } else { 0 })
            else {
                return;
            };
            if let Some(answer) = self.waiting.remove(place) {
                self.seat(answer);
            }
        }
    }

    /// Puts a request into the free slot that suits it best, and takes over what is evaluated already.
    fn seat(&mut self, mut answer: Answer) {
        let known: Vec<Shared> = self.slots.iter().map(|slot| shared(&slot.cells, answer.prompt())).collect();
        let free = || (0..self.slots.len()).filter(|place| self.slots[*place].answer.is_none());
        // A slot whose conversation goes on; otherwise the one that was not used for longest.
        let own = free()
            .filter(|place| known[*place].positions * 2 >= self.slots[*place].cells.len())
            .max_by_key(|place| (known[*place].positions, u64::MAX - self.slots[*place].used_at))
            .or_else(|| free().min_by_key(|place| self.slots[*place].used_at));
        let Some(place) = own else { return self.waiting.push_front(answer) };
        let donor = (0..self.slots.len()).max_by_key(|place| known[*place].positions).unwrap_or(place);
        let mut reused = known[place];
        if donor != place && self.divisible && known[donor].positions >= reused.positions + WORTH_COPYING {
            reused = known[donor];
            self.empty(place);
            let positions = u32::try_from(reused.positions).ok();
            let copied = self.runtime.context.copy_kv_cache_seq(sequence(donor), sequence(place), Some(0), positions);
            match copied {
                Ok(()) => {
                    self.slots[place].cells = self.slots[donor].cells[..reused.positions].to_vec();
                }
                Err(_) => reused = Shared::default(),
            }
        } else if !self.cut(place, reused.positions) {
            reused = Shared::default();
        }
        let cached = answer.prompt()[..reused.pieces].iter().map(Piece::tokens).sum();
        answer.begin(reused.pieces, cached);
        Metrics::add(&self.runtime.metrics.cached_tokens, cached as u64);
        self.clock += 1;
        let slot = &mut self.slots[place];
        (slot.used_at, slot.answer) = (self.clock, Some(answer));
    }

    /// Leaves the first positions of a sequence. Says whether that could be done; if not, the sequence is empty.
    fn cut(&mut self, place: usize, positions: usize) -> bool {
        if self.slots[place].cells.len() == positions {
            return true;
        }
        let from = u32::try_from(positions).ok();
        let cut = self.runtime.context.clear_kv_cache_seq(u32::try_from(place).ok(), from, None);
        if matches!(cut, Ok(true)) {
            self.slots[place].cells.truncate(positions);
            return true;
        }
        self.empty(place);
        positions == 0
    }

    fn empty(&mut self, place: usize) {
        if let Err(error) = self.runtime.context.clear_kv_cache_seq(u32::try_from(place).ok(), None, None) {
            tracing::error!(%error, place, "a sequence cannot be cleared");
        }
        self.slots[place].cells.clear();
    }

    /// Evaluates the pictures that prompts have come to.
    fn read_pictures(&mut self) {
        for place in 0..self.slots.len() {
            while let Some(picture) = self.slots[place].answer.as_ref().and_then(|answer| answer.next_picture()) {
                let began = Instant::now();
                let (start, batch) = (self.slots[place].cells.len(), self.batch_size);
                let (Ok(start), Ok(batch)) = (i32::try_from(start), i32::try_from(batch)) else { return };
                let Some(projector) = &self.runtime.projector else { return };
                let mut projector = projector.lock().unwrap_or_else(PoisonError::into_inner);
                let context = &mut self.runtime.context;
                let read = picture.chunks.eval_chunks(&mut projector, context, start, sequence(place), batch, false);
                drop(projector);
                self.count_time(began);
                if let Err(error) = read {
                    if self.make_room(place) {
                        if self.slots[place].answer.is_none() {
                            break;
                        }
                        continue;
                    }
                    let failure = Failure::internal(format!("the model cannot read the picture: {error}"));
                    self.fail(place, failure);
                    break;
                }
                Metrics::add(&self.runtime.metrics.prompt_tokens, picture.tokens as u64);
                let slot = &mut self.slots[place];
                slot.cells.extend(std::iter::repeat_n(Cell::Picture(picture.hash), picture.positions));
                if let Some(answer) = &mut slot.answer {
                    answer.advance(1);
                }
            }
        }
    }

    /// One batch: fills it, evaluates it, picks the next tokens.
    fn evaluate(&mut self, batch: &mut LlamaBatch<'_>) {
        let parts = self.fill(batch);
        if parts.is_empty() {
            return;
        }
        let began = Instant::now();
        let decoded = self.runtime.context.decode(batch);
        self.count_time(began);
        match decoded {
            Ok(()) => parts.into_iter().for_each(|part| self.accept(part)),
            Err(DecodeError::NoKvCacheSlot) => {
                let youngest = parts.iter().map(|part| part.place).max_by_key(|place| self.slots[*place].turn());
                if let Some(place) = youngest
                    && !self.make_room(place)
                {
                    self.finish(place, FinishReason::Length);
                }
            }
            Err(error) => {
                tracing::error!(%error, "a batch cannot be evaluated");
                for part in parts {
                    self.empty(part.place);
                    self.fail(part.place, Failure::internal(format!("the model cannot evaluate the request: {error}")));
                }
            }
        }
    }

    /// Fills the batch: first the next token of every conversation that is writing, then prompts, oldest first.
    fn fill(&mut self, batch: &mut LlamaBatch<'_>) -> Vec<Part> {
        batch.clear();
        let mut parts: Vec<Part> = Vec::new();
        let mut order: Vec<usize> = (0..self.slots.len()).filter(|place| self.slots[*place].answer.is_some()).collect();
        order.sort_by_key(|place| {
            let answer = self.slots[*place].answer.as_ref();
            (answer.is_some_and(Answer::is_reading), self.slots[*place].turn())
        });
        for place in order {
            let room = self.batch_size - usize::try_from(batch.n_tokens()).unwrap_or(0);
            let slot = &self.slots[place];
            let Some(answer) = &slot.answer else { continue };
            let (tokens, last) = answer.next_tokens(room);
            let (start, first) = (slot.cells.len(), batch.n_tokens());
            for (offset, token) in tokens.iter().enumerate() {
                let Ok(position) = i32::try_from(start + offset) else { break };
                let wanted = last && offset + 1 == tokens.len();
                if batch.add(*token, position, &[sequence(place)], wanted).is_err() {
                    break;
                }
            }
            let added = usize::try_from(batch.n_tokens() - first).unwrap_or(0);
            if added > 0 {
                let logits = (last && added == tokens.len()).then(|| batch.n_tokens() - 1);
                parts.push(Part { place, tokens: tokens[..added].to_vec(), logits });
            }
        }
        parts
    }

    /// Takes note of what was evaluated and, where a token is due, picks it.
    fn accept(&mut self, part: Part) {
        let slot = &mut self.slots[part.place];
        slot.cells.extend(part.tokens.iter().map(|token| Cell::Token(*token)));
        let Some(answer) = &mut slot.answer else { return };
        let read = answer.advance(part.tokens.len());
        Metrics::add(&self.runtime.metrics.prompt_tokens, read as u64);
        let Some(index) = part.logits else { return };
        let step = answer.write(self.runtime.model, &self.runtime.context, index);
        Metrics::add(&self.runtime.metrics.written_tokens, 1);
        if let Step::Ended(reason) = step {
            self.finish(part.place, reason);
        }
    }

    /// Makes room in the cache for `place`: what nobody uses goes first, then the youngest other conversation, which
    /// starts again later. Says whether there was anything to take.
    fn make_room(&mut self, place: usize) -> bool {
        let unused = (0..self.slots.len())
            .filter(|other| self.slots[*other].answer.is_none() && !self.slots[*other].cells.is_empty())
            .min_by_key(|other| self.slots[*other].used_at);
        if let Some(other) = unused {
            self.empty(other);
            return true;
        }
        let youngest = (0..self.slots.len())
            .filter(|other| self.slots[*other].answer.is_some())
            .max_by_key(|other| self.slots[*other].turn());
        let active = self.slots.iter().filter(|slot| slot.answer.is_some()).count();
        let Some(other) = youngest.filter(|_| active > 1) else { return false };
        tracing::debug!(place, other, "the cache is full; the youngest conversation waits");
        self.crowded = true;
        self.empty(other);
        if let Some(mut answer) = self.slots[other].answer.take() {
            answer.start_again();
            let front = self.waiting.partition_point(|waiting| waiting.turn() <= answer.turn());
            self.waiting.insert(front, answer);
        }
        true
    }

    fn finish(&mut self, place: usize, reason: FinishReason) {
        self.crowded = false;
        if let Some(answer) = self.slots[place].answer.take() {
            answer.finish(reason);
        }
    }

    fn fail(&mut self, place: usize, failure: Failure) {
        Metrics::add(&self.runtime.metrics.failed, 1);
        self.crowded = false;
        if let Some(answer) = self.slots[place].answer.take() {
            answer.fail(failure);
        }
    }

    fn count_time(&self, began: Instant) {
        let us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        Metrics::add(&self.runtime.metrics.compute_us, us);
    }
}

impl Slot {
    /// Whose turn it is: lower goes first.
    fn turn(&self) -> (i32, u64) {
        self.answer.as_ref().map_or((i32::MAX, u64::MAX), Answer::turn)
    }
}

/// Tokens of one conversation within a batch.
struct Part {
    place: usize,
    tokens: Vec<llama_cpp_2::token::LlamaToken>,
    /// Where in the batch the last one's logits are, if a token is to be picked.
    logits: Option<i32>,
}

fn sequence(place: usize) -> i32 {
    i32::try_from(place).unwrap_or(0)
}

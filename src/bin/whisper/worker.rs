//! The thread that owns the model, and the bounded queue before it.
//!
//! What stays true: no more recordings wait than the queue has room for; one that nobody waits for any more is not begun,
//! and given up if it is in work; a failure concerns its recording alone; when all senders are gone, the thread ends.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use recollect::voice::audio::Recording;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::job::{Event, Listener, Model, Options, Stopped};
use crate::metrics::{Metrics, Outcome};

/// The way into the queue.
#[derive(Debug, Clone)]
pub struct Queue {
    sender: UnboundedSender<Job>,
    room: Arc<Semaphore>,
    capacity: usize,
    /// What was done so far.
    pub metrics: Arc<Metrics>,
}

/// Room in the queue; given back when the recording is done or the place is dropped.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

#[derive(Debug)]
struct Job {
    recording: Recording,
    options: Options,
    listener: Listener,
    place: Place,
}

/// Starts the thread, which loads the model; returns when it is loaded. `capacity` recordings may wait behind the one in
/// work.
pub fn start<M: Model>(
    load: impl FnOnce() -> anyhow::Result<M> + Send + 'static,
    capacity: usize,
) -> anyhow::Result<(Queue, JoinHandle<()>)> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let metrics = Arc::new(Metrics::default());
    let counted = Arc::clone(&metrics);
    let (loaded, outcome) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new().name("inference".to_owned()).spawn(move || {
        // Who waits for the outcome waits until it comes.
        match load() {
            Ok(model) => {
                let _told = loaded.send(Ok(()));
                work(model, receiver, &counted);
            }
            Err(error) => drop(loaded.send(Err(error))),
        }
    })?;
    outcome.recv()??;
    let capacity = capacity + 1;
    Ok((Queue { sender, room: Arc::new(Semaphore::new(capacity)), capacity, metrics }, thread))
}

impl Queue {
    /// Takes room for a recording, at once or not at all.
    pub fn reserve(&self) -> Option<Place> {
        let place = Arc::clone(&self.room).try_acquire_owned().ok().map(Place);
        if place.is_none() {
            self.metrics.count(Outcome::Refused);
        }
        place
    }

    /// Recordings that wait or are in work.
    pub fn len(&self) -> usize {
        self.capacity - self.room.available_permits()
    }

    /// Hands a recording in. Dropping the receiver gives it up.
    pub fn transcribe(&self, place: Place, recording: Recording, options: Options) -> UnboundedReceiver<Event> {
        let (events, receiver) = mpsc::unbounded_channel();
        let job = Job { recording, options, listener: Listener::new(events), place };
        if let Err(refused) = self.sender.send(job) {
            refused.0.listener.tell(Event::Failed("the engine is ending".to_owned()));
        }
        receiver
    }
}

fn work(mut model: impl Model, mut jobs: UnboundedReceiver<Job>, metrics: &Metrics) {
    while let Some(Job { recording, options, listener, place }) = jobs.blocking_recv() {
        if listener.is_gone() {
            metrics.count(Outcome::Cancelled);
            continue;
        }
        let began = Instant::now();
        let outcome = model.transcribe(&recording, &options, &listener);
        metrics.computed(recording.seconds(), began.elapsed());
        let event = match outcome {
            Ok(transcription) => {
                metrics.count(Outcome::Done);
                Event::Done(Box::new(transcription))
            }
            Err(Stopped::Cancelled) => {
                metrics.count(Outcome::Cancelled);
                continue;
            }
            Err(Stopped::Failed(error)) => {
                metrics.count(Outcome::Failed);
                let error = format!("{error:#}");
                tracing::error!(error, "a recording failed");
                Event::Failed(error)
            }
        };
        // The room is free before the answer is heard.
        drop(place);
        listener.tell(event);
    }
}

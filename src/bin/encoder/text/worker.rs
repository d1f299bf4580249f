//! The thread that computes, and the bounded queue before it.
//!
//! What stays true: no more texts wait than the queue has room for; requests that are given up are not computed; an error
//! fails the requests of its batch and no others; when all senders are gone, what waits is finished and the thread ends.

use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::text::schedule::{SMALL_REQUEST, Turns, Waiting};

/// Room that is kept for small requests when large ones fill the queue.
const ROOM_FOR_SMALL: usize = 128;

/// What the thread runs.
pub trait Model: Send + 'static {
    /// One vector a text, given as tokens.
    fn embed(&mut self, texts: &[&[u32]]) -> anyhow::Result<Vec<Vec<f32>>>;
}

/// The way into the queue.
#[derive(Debug, Clone)]
pub struct Queue {
    sender: mpsc::UnboundedSender<Request>,
    room: Arc<Semaphore>,
    room_for_small: Arc<Semaphore>,
    capacity: usize,
}

/// Room in the queue for the texts of one request; given back when it is answered or dropped.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

/// Why there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRoom {
    /// Not now.
    Full,
    /// Never: the request is larger than the queue.
    TooLarge,
}

#[derive(Debug)]
struct Request {
    texts: Vec<Vec<u32>>,
    reply: oneshot::Sender<Result<Vec<Vec<f32>>, String>>,
    place: Place,
}

/// A request in work.
struct Job {
    /// Texts and their places in the request, longest first; those before `done` are computed.
    texts: Vec<(usize, Vec<u32>)>,
    lengths: Vec<usize>,
    done: usize,
    vectors: Vec<Vec<f32>>,
    reply: oneshot::Sender<Result<Vec<Vec<f32>>, String>>,
    place: Place,
}

/// Starts the thread. The queue takes `capacity` texts.
pub fn start(model: impl Model, capacity: usize) -> std::io::Result<(Queue, JoinHandle<()>)> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let thread = std::thread::Builder::new().name("inference".to_owned()).spawn(move || work(model, receiver))?;
    let room_for_small = Arc::new(Semaphore::new(ROOM_FOR_SMALL));
    Ok((Queue { sender, room: Arc::new(Semaphore::new(capacity)), room_for_small, capacity }, thread))
}

impl Queue {
    /// Takes room for a request of so many texts, at once or not at all.
    pub fn reserve(&self, texts: usize) -> Result<Place, NoRoom> {
        let permits = u32::try_from(texts).ok().filter(|_| texts <= self.capacity).ok_or(NoRoom::TooLarge)?;
        let place = Arc::clone(&self.room).try_acquire_many_owned(permits);
        let place = match place {
            Err(_) if texts <= SMALL_REQUEST => Arc::clone(&self.room_for_small).try_acquire_many_owned(permits),
            place => place,
        };
        place.map(Place).map_err(|_| NoRoom::Full)
    }

    /// The vectors of the texts. Dropping the future gives the request up.
    pub async fn embed(&self, place: Place, texts: Vec<Vec<u32>>) -> Result<Vec<Vec<f32>>, String> {
        let (reply, answer) = oneshot::channel();
        let gone = || "the engine is ending".to_owned();
        self.sender.send(Request { texts, reply, place }).map_err(|_| gone())?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

fn work(mut model: impl Model, mut receiver: mpsc::UnboundedReceiver<Request>) {
    let mut jobs: Vec<Job> = Vec::new();
    let mut turns = Turns::default();
    loop {
        if jobs.is_empty() {
            match receiver.blocking_recv() {
                Some(request) => jobs.push(Job::new(request)),
                None => return,
            }
        }
        while let Ok(request) = receiver.try_recv() {
            jobs.push(Job::new(request));
        }
        jobs.retain(|job| !job.reply.is_closed());
        let waiting: Vec<_> =
            jobs.iter().map(|job| Waiting { size: job.texts.len(), left: &job.lengths[job.done..] }).collect();
        let taken = turns.next(&waiting);
        run(&mut model, &mut jobs, &taken);
    }
}

/// Computes one batch and answers the requests that are complete or failed.
fn run(model: &mut impl Model, jobs: &mut Vec<Job>, taken: &[usize]) {
    let batch: Vec<&[u32]> = jobs
        .iter()
        .zip(taken)
        .flat_map(|(job, taken)| job.texts[job.done..job.done + taken].iter().map(|(_, text)| text.as_slice()))
        .collect();
    let result = if batch.is_empty() { Ok(Vec::new()) } else { model.embed(&batch) };
    let rows = batch.len();
    let mut vectors = match result {
        Ok(vectors) if vectors.len() == rows => Ok(vectors.into_iter()),
        Ok(vectors) => Err(format!("the model gave {} vectors for {rows} texts", vectors.len())),
        Err(error) => Err(format!("{error:#}")),
    };
    if let Err(error) = &vectors {
        tracing::error!(error, "a batch failed");
    }
    let mut open = Vec::with_capacity(jobs.len());
    for (mut job, taken) in jobs.drain(..).zip(taken.iter().copied()) {
        match &mut vectors {
            Ok(vectors) => {
                for vector in vectors.take(taken) {
                    let place = job.texts[job.done].0;
                    job.vectors[place] = vector;
                    job.done += 1;
                }
                if job.done < job.texts.len() {
                    open.push(job);
                } else {
                    job.answer(None);
                }
            }
            Err(_) if taken == 0 => open.push(job),
            Err(error) => job.answer(Some(error.clone())),
        }
    }
    *jobs = open;
}

impl Job {
    fn new(request: Request) -> Self {
        let mut texts: Vec<(usize, Vec<u32>)> = request.texts.into_iter().enumerate().collect();
        texts.sort_by_key(|(_, text)| std::cmp::Reverse(text.len()));
        let lengths = texts.iter().map(|(_, text)| text.len()).collect();
        let vectors = vec![Vec::new(); texts.len()];
        Self { texts, lengths, done: 0, vectors, reply: request.reply, place: request.place }
    }

    /// Answers with the vectors, or with an error. The room is free before the answer is heard.
    fn answer(self, error: Option<String>) {
        drop(self.place);
        // Nobody may be waiting any more.
        let _given_up = self.reply.send(error.map_or(Ok(self.vectors), Err));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives each text the vector [first token, length]; fails on token 666.
    struct Echo;

    impl Model for Echo {
        fn embed(&mut self, texts: &[&[u32]]) -> anyhow::Result<Vec<Vec<f32>>> {
            anyhow::ensure!(!texts.iter().any(|text| text.contains(&666)), "no such token");
            Ok(texts.iter().map(|text| vec![text[0] as f32, text.len() as f32]).collect())
        }
    }

    #[tokio::test]
    async fn vectors_come_back_in_the_order_of_the_texts() {
        let (queue, _thread) = start(Echo, 200).unwrap();
        let texts: Vec<Vec<u32>> = (0..100).map(|n| vec![n; 1 + (n as usize * 7) % 13]).collect();
        let place = queue.reserve(100).unwrap();
        let vectors = queue.embed(place, texts.clone()).await.unwrap();
        let expected: Vec<_> = texts.iter().map(|text| vec![text[0] as f32, text.len() as f32]).collect();
        assert_eq!(vectors, expected);
    }

    #[tokio::test]
    async fn a_failing_request_fails_alone_and_the_next_one_works() {
        let (queue, _thread) = start(Echo, 200).unwrap();
        let bad = queue.embed(queue.reserve(1).unwrap(), vec![vec![666]]).await;
        assert!(bad.unwrap_err().contains("no such token"));
        assert!(queue.embed(queue.reserve(1).unwrap(), vec![vec![1]]).await.is_ok());
    }

    #[tokio::test]
    async fn a_full_queue_says_so_but_keeps_room_for_small_requests() {
        let (queue, _thread) = start(Echo, 50).unwrap();
        let _held = queue.reserve(50).unwrap();
        assert_eq!(queue.reserve(20).unwrap_err(), NoRoom::Full);
        assert_eq!(queue.reserve(51).unwrap_err(), NoRoom::TooLarge);
        let place = queue.reserve(1).unwrap();
        assert!(queue.embed(place, vec![vec![1]]).await.is_ok());
    }

    #[tokio::test]
    async fn room_comes_back_and_the_thread_ends_with_its_queue() {
        let (queue, thread) = start(Echo, 10).unwrap();
        for _ in 0..5 {
            queue.embed(queue.reserve(10).unwrap(), vec![vec![1]; 10]).await.unwrap();
        }
        drop(queue);
        tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
    }
}

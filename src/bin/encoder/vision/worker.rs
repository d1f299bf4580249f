//! The threads that look at pictures, and the bounded queue before them.
//!
//! What stays true: no more pictures wait than the queue has room for; pictures of a request that is given up are not
//! looked at; whatever goes wrong with one picture is told of that picture alone; when the queue is gone, what waits is
//! finished and the threads end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use recollect::engine::protocol::vision::{Annotation, Feature, PictureFault};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::text::worker::NoRoom;

/// What a thread runs.
pub trait Eye: Send + 'static {
    /// What is seen in one picture, given as a `data:` URL. What goes wrong is in the answer.
    fn see(&mut self, url: &str, features: &[Feature]) -> Annotation;
}

/// The way into the queue.
#[derive(Debug, Clone)]
pub struct Queue {
    sender: mpsc::UnboundedSender<Task>,
    room: Arc<Semaphore>,
    capacity: usize,
}

/// Room for the pictures of one request; given back when it is answered or dropped.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

#[derive(Debug)]
struct Task {
    url: String,
    features: Arc<[Feature]>,
    reply: oneshot::Sender<Annotation>,
}

/// Starts one thread for each eye. The queue takes `capacity` pictures.
pub fn start<E: Eye>(eyes: Vec<E>, capacity: usize) -> std::io::Result<(Queue, Vec<JoinHandle<()>>)> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let receiver = Arc::new(Mutex::new(receiver));
    let mut threads = Vec::new();
    for (number, eye) in eyes.into_iter().enumerate() {
        let receiver = Arc::clone(&receiver);
        let thread = std::thread::Builder::new().name(format!("eye {number}"));
        threads.push(thread.spawn(move || work(eye, &receiver))?);
    }
    Ok((Queue { sender, room: Arc::new(Semaphore::new(capacity)), capacity }, threads))
}

impl Queue {
    /// Takes room for so many pictures, at once or not at all.
    pub fn reserve(&self, pictures: usize) -> Result<Place, NoRoom> {
        let permits = u32::try_from(pictures).ok().filter(|_| pictures <= self.capacity).ok_or(NoRoom::TooLarge)?;
        Arc::clone(&self.room).try_acquire_many_owned(permits).map(Place).map_err(|_| NoRoom::Full)
    }

    /// What is seen in each of the pictures, in their order. Dropping the future gives the request up.
    pub async fn see(
        &self,
        place: Place,
        urls: Vec<String>,
        features: Vec<Feature>,
    ) -> Result<Vec<Annotation>, String> {
        let features: Arc<[Feature]> = features.into();
        let gone = || "the engine is ending".to_owned();
        let mut answers = Vec::with_capacity(urls.len());
        for url in urls {
            let (reply, answer) = oneshot::channel();
            self.sender.send(Task { url, features: Arc::clone(&features), reply }).map_err(|_| gone())?;
            answers.push(answer);
        }
        let mut seen = Vec::with_capacity(answers.len());
        for (index, answer) in answers.into_iter().enumerate() {
            seen.push(Annotation { index, ..answer.await.map_err(|_| gone())? });
        }
        drop(place);
        Ok(seen)
    }
}

fn work(mut eye: impl Eye, receiver: &Mutex<mpsc::UnboundedReceiver<Task>>) {
    loop {
        // The thread that waits holds the lock; the others wait for it.
        let task = receiver.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        let Some(task) = task else { return };
        if task.reply.is_closed() {
            continue;
        }
        // A decoder may panic on a damaged picture; sessions keep nothing between runs.
        let seen = catch_unwind(AssertUnwindSafe(|| eye.see(&task.url, &task.features)));
        let seen = seen.unwrap_or_else(|_| {
            let fault =
                PictureFault { code: "failed".to_owned(), message: "the engine failed on the picture".to_owned() };
            Annotation { error: Some(fault), ..Annotation::default() }
        });
        // Nobody may be waiting any more.
        let _given_up = task.reply.send(seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sees a picture as wide as its address is long.
    struct Blink;

    impl Eye for Blink {
        fn see(&mut self, url: &str, _: &[Feature]) -> Annotation {
            assert!(url != "poison", "no such picture");
            Annotation { width: url.len() as u32, ..Annotation::default() }
        }
    }

    async fn see(queue: &Queue, urls: &[&str]) -> Vec<Annotation> {
        let place = queue.reserve(urls.len()).unwrap();
        queue.see(place, urls.iter().map(|url| (*url).to_owned()).collect(), vec![Feature::Faces]).await.unwrap()
    }

    #[tokio::test]
    async fn answers_come_in_the_order_of_the_pictures_from_several_threads() {
        let (queue, threads) = start(vec![Blink, Blink, Blink], 500).unwrap();
        assert_eq!(threads.len(), 3);
        let urls: Vec<String> = (0..200).map(|length| "x".repeat(length)).collect();
        let seen = see(&queue, &urls.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert!(seen.iter().enumerate().all(|(at, seen)| (seen.index, seen.width as usize) == (at, at)));
    }

    #[tokio::test]
    async fn a_panic_is_told_of_its_picture_alone() {
        let (queue, _threads) = start(vec![Blink], 10).unwrap();
        let seen = see(&queue, &["a", "poison", "ab"]).await;
        assert_eq!(seen.iter().map(|seen| seen.error.is_some()).collect::<Vec<_>>(), [false, true, false]);
    }

    #[tokio::test]
    async fn a_full_queue_says_so_and_room_comes_back() {
        let (queue, _threads) = start(vec![Blink], 3).unwrap();
        let held = queue.reserve(2).unwrap();
        assert_eq!(queue.reserve(2).unwrap_err(), NoRoom::Full);
        assert_eq!(queue.reserve(4).unwrap_err(), NoRoom::TooLarge);
        drop(held);
        for _ in 0..3 {
            assert_eq!(see(&queue, &["a", "b", "c"]).await.len(), 3);
        }
    }

    #[tokio::test]
    async fn the_threads_end_with_their_queue() {
        let (queue, threads) = start(vec![Blink, Blink], 3).unwrap();
        drop(queue);
        let joined = move || threads.into_iter().map(JoinHandle::join).all(|ended| ended.is_ok());
        assert!(tokio::task::spawn_blocking(joined).await.unwrap());
    }
}

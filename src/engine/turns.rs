//! Who may use an engine next: a waiting person before background work.
//!
//! What stays true: at most `slots` requests run at once; no background request begins while a chat request waits or
//! runs; chat requests begin in the order in which they came; what has begun is not interrupted; a full queue is
//! [`EngineError::Busy`] at once and not a wait without end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::error::EngineError;

/// How long somebody who is turned away should wait before the next attempt.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Who waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// A person.
    Chat,
    /// Nobody: captions, summaries made ahead of time.
    Background,
}

/// The queue before one engine. Clones share it.
#[derive(Debug, Clone)]
pub struct Turns {
    slots: Arc<Semaphore>,
    /// Chat requests that wait or run.
    chats: watch::Sender<usize>,
    /// Requests of either kind that wait or run.
    present: watch::Sender<usize>,
    most: usize,
}

/// The right to one request; ends when dropped.
#[derive(Debug)]
pub struct Turn {
    _slot: OwnedSemaphorePermit,
    _counts: Vec<Count>,
}

/// One request within a number of them.
#[derive(Debug)]
struct Count(watch::Sender<usize>);

impl Count {
    fn of(number: &watch::Sender<usize>) -> Self {
        number.send_modify(|number| *number += 1);
        Self(number.clone())
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        self.0.send_modify(|number| *number = number.saturating_sub(1));
    }
}

impl Turns {
    /// A queue for `slots` requests at once, in which at most `waiting` more wait.
    pub fn new(slots: usize, waiting: usize) -> Self {
        let slots = slots.max(1);
        Self {
            slots: Arc::new(Semaphore::new(slots)),
            chats: watch::Sender::new(0),
            present: watch::Sender::new(0),
            most: slots + waiting,
        }
    }

    /// Waits for a turn. `endpoint` names the engine in messages.
    ///
    /// # Errors
    /// [`EngineError::Busy`] when too many wait already.
    pub async fn enter(&self, priority: Priority, endpoint: &str) -> Result<Turn, EngineError> {
        let busy = || EngineError::Busy { endpoint: endpoint.to_owned(), retry_after: RETRY_AFTER };
        let present = Count::of(&self.present);
        if *self.present.borrow() > self.most {
            return Err(busy());
        }
        let mut counts = vec![present];
        if priority == Priority::Chat {
            counts.push(Count::of(&self.chats));
            let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|_| busy())?;
            return Ok(Turn { _slot: slot, _counts: counts });
        }
        let mut chats = self.chats.subscribe();
        loop {
            chats.wait_for(|chats| *chats == 0).await.map_err(|_| busy())?;
            let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|_| busy())?;
            // A person may have come while the slot was waited for: it is theirs.
            if *self.chats.borrow() == 0 {
                return Ok(Turn { _slot: slot, _counts: counts });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn soon<T>(future: impl Future<Output = T>) -> Option<T> {
        tokio::time::timeout(Duration::from_millis(50), future).await.ok()
    }

    #[tokio::test]
    async fn background_waits_while_a_person_waits_or_is_served() {
        let turns = Turns::new(1, 8);
        let working = turns.enter(Priority::Background, "e").await.unwrap();
        let (person, machine) = (turns.clone(), turns.clone());
        let machine = tokio::spawn(async move { machine.enter(Priority::Background, "e").await.unwrap() });
        tokio::task::yield_now().await;
        let person = tokio::spawn(async move { person.enter(Priority::Chat, "e").await.unwrap() });
        tokio::task::yield_now().await;
        drop(working);
        let served = soon(person).await.expect("the person is next").unwrap();
        assert!(!machine.is_finished(), "and came later than the machine");
        drop(served);
        assert!(soon(machine).await.is_some());
    }

    #[tokio::test]
    async fn a_free_slot_is_kept_for_people_while_one_is_served() {
        let turns = Turns::new(2, 8);
        let first = turns.enter(Priority::Chat, "e").await.unwrap();
        assert!(soon(turns.enter(Priority::Background, "e")).await.is_none());
        let second = turns.enter(Priority::Chat, "e").await.unwrap();
        assert!(soon(turns.enter(Priority::Chat, "e")).await.is_none(), "there are two slots");
        drop((first, second));
        assert!(soon(turns.enter(Priority::Background, "e")).await.is_some(), "who gave up waiting leaves no trace");
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_at_once() {
        let turns = Turns::new(1, 1);
        let _running = turns.enter(Priority::Chat, "e").await.unwrap();
        let other = turns.clone();
        let waiting = tokio::spawn(async move { other.enter(Priority::Chat, "e").await });
        tokio::task::yield_now().await;
        let error = turns.enter(Priority::Chat, "e").await.unwrap_err();
        assert!(matches!(error, EngineError::Busy { .. }), "{error}");
        waiting.abort();
    }
}

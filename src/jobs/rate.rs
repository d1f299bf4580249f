//! How fast work goes of late.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What "of late" means.
const WINDOW: Duration = Duration::from_secs(30);

/// Counts finished work within the last half minute.
#[derive(Debug, Default)]
pub(super) struct Rate {
    finished: VecDeque<Instant>,
}

impl Rate {
    /// One more piece of work is finished.
    pub fn count(&mut self) {
        let now = Instant::now();
        self.finished.push_back(now);
        while self.finished.front().is_some_and(|at| now.duration_since(*at) > WINDOW) {
            self.finished.pop_front();
        }
    }

    /// Pieces of work each second; `None` when nothing was finished lately.
    pub fn per_second(&self) -> Option<f64> {
        let now = Instant::now();
        let recent = self.finished.iter().filter(|at| now.duration_since(**at) <= WINDOW);
        let (count, oldest) = recent.fold((0_u32, None), |(count, oldest), at| (count + 1, oldest.or(Some(*at))));
        let elapsed = now.duration_since(oldest?).as_secs_f64().max(1.0);
        Some(f64::from(count) / elapsed)
    }
}

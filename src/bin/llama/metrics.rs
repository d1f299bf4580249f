//! What the engine did so far, in Prometheus' text format.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counters and gauges; shared by all threads.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Requests that were taken.
    pub requests: AtomicU64,
    /// Requests that were refused because the queue was full.
    pub refused: AtomicU64,
    /// Requests that nobody waited for any more.
    pub cancelled: AtomicU64,
    /// Requests that failed.
    pub failed: AtomicU64,
    /// Tokens of prompts that were evaluated.
    pub prompt_tokens: AtomicU64,
    /// Tokens of prompts that had been evaluated before.
    pub cached_tokens: AtomicU64,
    /// Tokens that were written.
    pub written_tokens: AtomicU64,
    /// Time that evaluation took, microseconds.
    pub compute_us: AtomicU64,
    /// Conversations that are being answered.
    pub active: AtomicU64,
    /// Requests that wait.
    pub waiting: AtomicU64,
}

impl Metrics {
    /// Adds to a counter.
    pub fn add(counter: &AtomicU64, amount: u64) {
        counter.fetch_add(amount, Ordering::Relaxed);
    }

    /// Sets a gauge.
    pub fn set(gauge: &AtomicU64, value: usize) {
        gauge.store(value as u64, Ordering::Relaxed);
    }

    /// All of them, in Prometheus' text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let rows = [
            ("requests_total", "counter", "Requests that were taken.", &self.requests),
            ("refused_total", "counter", "Requests that found the queue full.", &self.refused),
            ("cancelled_total", "counter", "Requests that nobody waited for any more.", &self.cancelled),
            ("failed_total", "counter", "Requests that failed.", &self.failed),
            ("prompt_tokens_total", "counter", "Tokens of prompts that were evaluated.", &self.prompt_tokens),
            ("cached_tokens_total", "counter", "Tokens of prompts taken from the cache.", &self.cached_tokens),
            ("written_tokens_total", "counter", "Tokens that were written.", &self.written_tokens),
            ("compute_microseconds_total", "counter", "Time that evaluation took.", &self.compute_us),
            ("active", "gauge", "Conversations that are being answered.", &self.active),
            ("waiting", "gauge", "Requests that wait.", &self.waiting),
        ];
        for (name, kind, help, value) in rows {
            let value = value.load(Ordering::Relaxed);
            let _ = writeln!(
                text,
                "# HELP recollect_llama_{name} {help}\n# TYPE recollect_llama_{name} {kind}\nrecollect_llama_{name} {value}"
            );
        }
        text
    }
}

//! What the engine has done so far, in Prometheus' text format (exposition format 0.0.4).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counters of one engine.
#[derive(Debug, Default)]
pub struct Metrics {
    done: AtomicU64,
    failed: AtomicU64,
    cancelled: AtomicU64,
    refused: AtomicU64,
    audio_ms: AtomicU64,
    compute_ms: AtomicU64,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Answered.
    Done,
    /// The engine failed.
    Failed,
    /// The client went away.
    Cancelled,
    /// The queue was full.
    Refused,
}

impl Metrics {
    /// Counts a request.
    pub fn count(&self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Done => &self.done,
            Outcome::Failed => &self.failed,
            Outcome::Cancelled => &self.cancelled,
            Outcome::Refused => &self.refused,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a recording of so many seconds that took so long.
    pub fn computed(&self, audio_seconds: f64, took: Duration) {
        self.audio_ms.fetch_add((audio_seconds * 1000.0) as u64, Ordering::Relaxed);
        self.compute_ms.fetch_add(took.as_millis() as u64, Ordering::Relaxed);
    }

    /// All counters; `queued` recordings wait or are in work.
    pub fn text(&self, queued: usize) -> String {
        let seconds = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64 / 1000.0;
        let mut text = String::from(
            "# HELP recollect_whisper_requests_total Requests by outcome.\n\
             # TYPE recollect_whisper_requests_total counter\n",
        );
        for (name, counter) in
            [("done", &self.done), ("failed", &self.failed), ("cancelled", &self.cancelled), ("refused", &self.refused)]
        {
            let count = counter.load(Ordering::Relaxed);
            text.push_str(&format!("recollect_whisper_requests_total{{outcome=\"{name}\"}} {count}\n"));
        }
        for (name, help, kind, value) in [
            ("audio_seconds_total", "Length of the recordings.", "counter", seconds(&self.audio_ms)),
            ("compute_seconds_total", "Time spent on them.", "counter", seconds(&self.compute_ms)),
            ("queue", "Recordings that wait or are in work.", "gauge", queued as f64),
        ] {
            let name = format!("recollect_whisper_{name}");
            text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_written_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        metrics.count(Outcome::Done);
        metrics.count(Outcome::Refused);
        metrics.count(Outcome::Refused);
        metrics.computed(2.5, Duration::from_millis(750));
        let text = metrics.text(3);
        for line in [
            "recollect_whisper_requests_total{outcome=\"done\"} 1",
            "recollect_whisper_requests_total{outcome=\"refused\"} 2",
            "recollect_whisper_audio_seconds_total 2.5",
            "recollect_whisper_compute_seconds_total 0.75",
            "recollect_whisper_queue 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        assert!(text.ends_with('\n'));
    }
}

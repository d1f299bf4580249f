//! Settings of the queue, and when background work rests.

use std::collections::BTreeMap;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::library::jobs::JobKind;

/// Settings of the queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JobsConfig {
    /// Batches of perception under way at once, of all kinds together. Reading files is counted apart
    /// (`indexing.workers`).
    pub at_once: usize,
    /// A job that fails for a passing reason is tried so often, then given up.
    pub tries: i64,
    /// Wait before the second try, seconds; it doubles with each further one.
    pub backoff_s: u64,
    /// Longest wait between two tries, seconds.
    pub backoff_max_s: u64,
    /// Local times between which no perception begins, such as `08:00-22:30`. Empty: it may always.
    pub quiet_hours: String,
    /// Perception begins only when other programs leave the machine alone. Known on Linux only.
    pub only_when_idle: bool,
    /// Share of the processors above which other programs count as using the machine, 0–1.
    pub busy_share: f64,
    /// Perception begins again so many seconds after the last answer to a question.
    pub after_question_s: u64,
    /// Limits of each kind of job.
    pub kinds: BTreeMap<JobKind, KindLimits>,
}

/// Limits of one kind of job.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KindLimits {
    /// Batches under way at once. 0: as many as suit the worker.
    pub at_once: usize,
    /// Jobs begun each minute at the most. 0: no limit.
    pub per_minute: usize,
}

impl Default for JobsConfig {
    fn default() -> Self {
        Self {
            at_once: 2,
            tries: 4,
            backoff_s: 2,
            backoff_max_s: 900,
            quiet_hours: String::new(),
            only_when_idle: false,
            busy_share: 0.3,
            after_question_s: 10,
            kinds: JobKind::ALL.map(|kind| (kind, KindLimits::default())).into(),
        }
    }
}

impl JobsConfig {
    /// The limits of a kind.
    pub fn limits(&self, kind: JobKind) -> KindLimits {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }

    /// The quiet hours.
    ///
    /// # Errors
    /// What is wrong with the setting.
    pub fn quiet_hours(&self) -> Result<Option<QuietHours>, String> {
        QuietHours::read(&self.quiet_hours)
    }

    /// How long a job waits for its next try after so many failures, seconds: exponential, and of jobs that failed
    /// together each a little different, by `seed`.
    pub fn backoff_s(&self, failures: i64, seed: &str) -> i64 {
        let doublings = failures.clamp(1, 30) as u32 - 1;
        let whole = self.backoff_s.max(1).saturating_mul(1 << doublings).min(self.backoff_max_s.max(1));
        let hash = blake3::hash(format!("{seed} {failures}").as_bytes());
        let share = f64::from(u16::from_le_bytes([hash.as_bytes()[0], hash.as_bytes()[1]])) / f64::from(u16::MAX);
        // Between half and the whole.
        (whole as f64 * (0.5 + share / 2.0)).ceil() as i64
    }
}

/// Local times between which work rests; the first may be later than the second: over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    to: Time,
}

impl QuietHours {
    fn read(text: &str) -> Result<Option<Self>, String> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let wrong = || format!("`jobs.quiet_hours` must look like 08:00-22:30, and not {text}");
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).map_err(|_| wrong());
        Ok(Some(Self { from: time(from)?, to: time(to)? }))
    }

    /// Whether work rests at a local time. Equal ends: always.
    pub fn hold(&self, time: Time) -> bool {
        if self.from < self.to { self.from <= time && time < self.to } else { time >= self.from || time < self.to }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let day = QuietHours::read("08:00 - 22:30").unwrap().unwrap();
        let night = QuietHours::read("22:30-08:00").unwrap().unwrap();
        for (at, by_day) in [
            (time(8, 0, 0, 0), true),
            (time(22, 29, 59, 0), true),
            (time(22, 30, 0, 0), false),
            (time(0, 0, 0, 0), false),
            (time(7, 59, 0, 0), false),
        ] {
            assert_eq!((day.hold(at), night.hold(at)), (by_day, !by_day), "{at}");
        }
        assert_eq!(QuietHours::read(" ").unwrap(), None);
        for wrong in ["8", "08:00", "25:00-07:00", "a-b"] {
            assert!(QuietHours::read(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn waits_double_up_to_a_limit(failures in 1_i64..200, seed in "[a-z]{4}") {
            let config = JobsConfig::default();
            let wait = config.backoff_s(failures, &seed);
            let whole = (2.0 * 2_f64.powi(failures as i32 - 1)).min(900.0);
            prop_assert!(wait as f64 >= whole / 2.0 && wait as f64 <= whole, "{wait} of {whole}");
        }
    }

    #[test]
    fn jobs_that_failed_together_are_not_tried_together() {
        let config = JobsConfig::default();
        let waits: std::collections::BTreeSet<i64> =
            (0..50).map(|seed| config.backoff_s(6, &seed.to_string())).collect();
        assert!(waits.len() > 20, "{waits:?}");
    }
}

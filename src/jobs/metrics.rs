//! What this process measured of its jobs: how long they took, and which reasons they failed for.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::library::jobs::JobKind;

/// Buckets of durations: each reaches half as far again as the one before.
const BUCKETS: usize = 36;
const GROWTH: f64 = 1.5;
/// Upper end of the first bucket, seconds; that of the last is about 24 minutes.
const FIRST_S: f64 = 0.001;

/// Durations of one kind of job.
#[derive(Debug, Clone)]
pub struct Durations {
    buckets: [u64; BUCKETS + 1],
    /// Sum, seconds.
    pub sum_s: f64,
    /// How many.
    pub count: u64,
}

impl Default for Durations {
    fn default() -> Self {
        Self { buckets: [0; BUCKETS + 1], sum_s: 0.0, count: 0 }
    }
}

fn bound(bucket: usize) -> f64 {
    FIRST_S * GROWTH.powi(bucket as i32)
}

impl Durations {
    fn add(&mut self, seconds: f64) {
        let bucket = (0..BUCKETS).find(|bucket| seconds <= bound(*bucket)).unwrap_or(BUCKETS);
        self.buckets[bucket] += 1;
        self.sum_s += seconds;
        self.count += 1;
    }

    /// Upper ends of the buckets in seconds, each with how many took no longer.
    pub fn cumulative(&self) -> impl Iterator<Item = (f64, u64)> {
        self.buckets[..BUCKETS].iter().enumerate().scan(0, |sum, (bucket, number)| {
            *sum += number;
            Some((bound(bucket), *sum))
        })
    }

    /// The time in seconds that the share `q` of the jobs took no longer than; within its bucket by proportion. `None`
    /// when there are none.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let wanted = (self.count as f64 * q).max(1.0);
        let mut before = 0.0;
        for (bucket, number) in self.buckets.iter().enumerate().filter(|(_, number)| **number > 0) {
            let number = *number as f64;
            if before + number >= wanted {
                let low = if bucket == 0 { 0.0 } else { bound(bucket - 1) };
                let high = if bucket == BUCKETS { low } else { bound(bucket) };
                return Some(low + (high - low) * (wanted - before) / number);
            }
            before += number;
        }
        None
    }
}

/// What was measured of one kind.
#[derive(Debug, Clone, Default)]
pub struct KindMetrics {
    /// How long finished jobs took; of a batch, each its share.
    pub durations: Durations,
    /// How often which code was given as the reason of a failure, passing ones too.
    pub errors: BTreeMap<String, u64>,
}

/// What was measured of all kinds since this process began.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    kinds: Mutex<BTreeMap<JobKind, KindMetrics>>,
}

impl Metrics {
    pub fn took(&self, kind: JobKind, time: Duration) {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.entry(kind).or_default().durations.add(time.as_secs_f64());
    }

    pub fn failed(&self, kind: JobKind, code: &str) {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        *kinds.entry(kind).or_default().errors.entry(code.to_owned()).or_default() += 1;
    }

    pub fn all(&self) -> BTreeMap<JobKind, KindMetrics> {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn quantiles_are_near_the_true_ones(times in proptest::collection::vec(0.002_f64..1000.0, 1..300)) {
            let mut durations = Durations::default();
            times.iter().for_each(|seconds| durations.add(*seconds));
            let mut sorted = times.clone();
            sorted.sort_by(f64::total_cmp);
            for q in [0.5, 0.95, 0.99] {
                let rank = ((sorted.len() as f64 * q).ceil() as usize).clamp(1, sorted.len());
                let (truth, told) = (sorted[rank - 1], durations.quantile(q).unwrap());
                prop_assert!(told <= truth * GROWTH && told >= truth / GROWTH, "{q}: {told} for {truth}");
            }
            prop_assert_eq!(durations.cumulative().last().map(|(_, number)| number), Some(times.len() as u64));
        }
    }

    #[test]
    fn nothing_measured_has_no_quantile() {
        assert_eq!(Durations::default().quantile(0.5), None);
    }
}

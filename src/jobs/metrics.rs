//! What was measured of jobs: how long they took, and which reasons they failed for.
//!
//! Each process measures what it does itself, and writes it down for the others; measures add up.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::library::jobs::JobKind;

/// Buckets of durations: each reaches half as far again as the one before.
const BUCKETS: usize = 36;
const GROWTH: f64 = 1.5;
/// Upper end of the first bucket, seconds; that of the last is about 24 minutes.
const FIRST_S: f64 = 0.001;

/// Durations of one kind of job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Durations {
    /// One more than [`BUCKETS`]: the last is for what took longer.
    buckets: Vec<u64>,
    /// Sum, seconds.
    pub sum_s: f64,
    /// How many.
    pub count: u64,
}

impl Default for Durations {
    fn default() -> Self {
        Self { buckets: vec![0; BUCKETS + 1], sum_s: 0.0, count: 0 }
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

    /// Adds what was measured elsewhere. What has other buckets, as another version of the program may write, is left out.
    fn join(&mut self, other: &Self) {
        if self.buckets.len() == other.buckets.len() {
            self.buckets.iter_mut().zip(&other.buckets).for_each(|(mine, theirs)| *mine += theirs);
            self.sum_s += other.sum_s;
            self.count += other.count;
        }
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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KindMetrics {
    /// How long finished jobs took; of a batch, each its share.
    pub durations: Durations,
    /// How often which code was given as the reason of a failure, passing ones too.
    pub errors: BTreeMap<String, u64>,
}

impl KindMetrics {
    /// Adds what was measured elsewhere.
    pub(super) fn join(&mut self, other: &Self) {
        self.durations.join(&other.durations);
        for (code, number) in &other.errors {
            *self.errors.entry(code.clone()).or_default() += number;
        }
    }
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
    fn measures_add_up_and_can_be_written_down() {
        let measured = |times: &[f64], code: &str| {
            let mut metrics = KindMetrics { errors: [(code.to_owned(), 2)].into(), ..KindMetrics::default() };
            times.iter().for_each(|seconds| metrics.durations.add(*seconds));
            metrics
        };
        let mut both = measured(&[0.1, 0.2], "a");
        let written = serde_json::to_string(&measured(&[0.3, 5000.0], "b")).unwrap();
        both.join(&serde_json::from_str(&written).unwrap());
        assert_eq!(both.durations, measured(&[0.1, 0.2, 0.3, 5000.0], "a").durations);
        assert_eq!(both.errors, [("a".into(), 2), ("b".into(), 2)].into());
        let mut other: Durations = serde_json::from_str(r#"{"buckets":[1,2],"sum_s":3.0,"count":3}"#).unwrap();
        both.durations.join(&other);
        assert_eq!(both.durations.count, 4, "of another version");
        other.join(&both.durations);
        // A quarter of the second bucket: half a measure past the first of two.
        let half = bound(0) + (bound(1) - bound(0)) / 4.0;
        assert!(other.quantile(0.5).is_some_and(|told| (told - half).abs() < 1e-9));
    }

    #[test]
    fn nothing_measured_has_no_quantile() {
        assert_eq!(Durations::default().quantile(0.5), None);
    }
}

//! The person's own rhythm, and what it cuts: moments within sessions.
//!
//! A moment is what is photographed without a pause; a session ends when the camera is put away. Both pauses come from the
//! person's gaps: two-means on their logarithms parts the short from the long, once for moments and, among the long, once
//! for sessions. Few gaps say little, so both lie within what is true of everybody.

use super::timeline::Timeline;

/// A pause between moments, seconds: at least and at most.
const MOMENT: (i64, i64) = (5 * 60, 30 * 60);
/// A pause between sessions, seconds: more than a long meal, less than a night.
const SESSION: (i64, i64) = (3 * 3600, 8 * 3600);
/// Gaps that tell of a rhythm; with fewer the middle of the limits is taken.
const ENOUGH: usize = 20;
/// Shots of one burst are no gap, seconds.
const BURST: i64 = 2;
/// An outing has as many pictures, or two views.
const OUTING: usize = 3;

/// How long this person pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// A longer pause ends a moment, seconds.
    pub moment_s: i64,
    /// A longer pause ends a session, seconds.
    pub session_s: i64,
}

impl Rhythm {
    /// Of these pictures.
    pub fn of(timeline: &Timeline<'_>) -> Self {
        let gaps = timeline.ticks.windows(2).map(|pair| pair[1].at - pair[0].at);
        let within_a_day: Vec<i64> = gaps.filter(|gap| *gap > BURST && *gap < 24 * 3600).collect();
        let moment_s = parted(&within_a_day, MOMENT);
        let long: Vec<i64> = within_a_day.into_iter().filter(|gap| *gap > moment_s).collect();
        Self { moment_s, session_s: parted(&long, SESSION) }
    }

    /// Cuts ticks, which are in order, where the pause is longer than `pause` seconds.
    pub fn cut(timeline: &Timeline<'_>, ticks: &[usize], pause: i64) -> Vec<Vec<usize>> {
        let mut parts: Vec<Vec<usize>> = Vec::new();
        for &tick in ticks {
            match parts.last_mut() {
                Some(part)
                    if part.last().is_some_and(|last| timeline.ticks[tick].at - timeline.ticks[*last].at <= pause) =>
                {
                    part.push(tick);
                }
                _ => parts.push(vec![tick]),
            }
        }
        parts
    }

    /// The moments of ticks.
    pub fn moments(&self, timeline: &Timeline<'_>, ticks: &[usize]) -> Vec<Vec<usize>> {
        Self::cut(timeline, ticks, self.moment_s)
    }

    /// The views of ticks: what is photographed within minutes is one, whoever the photographer is.
    pub fn views(timeline: &Timeline<'_>, ticks: &[usize]) -> usize {
        Self::cut(timeline, ticks, MOMENT.0).len()
    }

    /// The sessions of ticks.
    pub fn sessions(&self, timeline: &Timeline<'_>, ticks: &[usize]) -> Vec<Vec<usize>> {
        Self::cut(timeline, ticks, self.session_s)
    }

    /// Whether these are enough to be an outing: several pictures, or two views.
    pub fn is_outing(timeline: &Timeline<'_>, ticks: &[usize]) -> bool {
        ticks.len() >= OUTING || Self::views(timeline, ticks) >= 2
    }
}

/// The gap that parts short ones from long ones: two-means on logarithms, within limits.
fn parted(gaps: &[i64], (least, most): (i64, i64)) -> i64 {
    let middle = ((least as f64).ln() + (most as f64).ln()) / 2.0;
    let logs: Vec<f64> = gaps.iter().map(|gap| (*gap as f64).ln()).collect();
    let mut threshold = middle;
    if logs.len() >= ENOUGH {
        for _ in 0..50 {
            let mean = |short: bool| {
                let of: Vec<f64> = logs.iter().copied().filter(|log| (*log <= threshold) == short).collect();
                (!of.is_empty()).then(|| of.iter().sum::<f64>() / of.len() as f64)
            };
            let Some((short, long)) = mean(true).zip(mean(false)) else { break };
            let next = f64::midpoint(short, long);
            if (next - threshold).abs() < 1e-6 {
                break;
            }
            threshold = next;
        }
    }
    (threshold.exp().round() as i64).clamp(least, most)
}

/// Tukey's upper fence, `Q3 + 1.5 (Q3 − Q1)`: what lies beyond it stands out. `None` of nothing.
pub fn fence(values: &[usize]) -> Option<f64> {
    let mut sorted: Vec<f64> = values.iter().map(|value| *value as f64).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let quantile = |share: f64| {
        let at = share * last as f64;
        let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
        low + (high - low) * at.fract()
    };
    let (first, third) = (quantile(0.25), quantile(0.75));
    Some(third + 1.5 * (third - first))
}

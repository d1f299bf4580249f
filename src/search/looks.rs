//! What it is worth that a picture is near to words, or to another picture, in the space of an encoder of pictures.
//!
//! Pure. Cosines between words and pictures mean little by themselves: with SigLIP they lie between −0.1 and 0.2, each
//! question has its own middle, and each model its own range. So a question is judged by its own similarities to the
//! library:
//! - Where most pictures lie is the **middle** (median) of the cosines of a sample; how far they spread is measured below
//!   the middle only, because what is looked for lies above it. A small sample is helped out by what is usual.
//! - A picture stands out by so many **steps** (spreads above the middle). Among n pictures some stand out by chance: were
//!   the similarities those of chance (normal), n · Q(z) pictures would lie above z. Where k pictures do, that many of
//!   them are expected to be no hits, so they are believed by 1 − n · Q(z) / k (the false discovery rate of Benjamini and
//!   Hochberg, 1995). One picture at 3.5 steps means much among fifty and nothing among a hundred thousand; thousand
//!   pictures at 3.5 steps mean much among any number.
//! - What is believed counts by its steps, from nothing at `unrelated` to all at `same`.
//!
//! Pictures of a burst move together and stand out together, which looks like more evidence than it is; `unrelated` is there
//! for that. Whether something is a hit is left to [`super::fusion`].

use super::config::LooksConfig;

/// Where the similarities of most pictures lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Half of the pictures are less similar.
    pub middle: f32,
    /// Standard deviation of those, mirrored at the middle.
    pub step: f32,
}

impl Spread {
    /// Of a sample's cosines, in any order.
    pub fn of(mut cosines: Vec<f32>, config: &LooksConfig) -> Self {
        cosines.retain(|cosine| cosine.is_finite());
        cosines.sort_by(f32::total_cmp);
        let middle = match cosines.len() {
            0 => 0.0,
            count => (cosines[(count - 1) / 2] + cosines[count / 2]) / 2.0,
        };
        let below = &cosines[..cosines.len() / 2];
        let squares: f32 = below.iter().map(|cosine| (cosine - middle).powi(2)).sum();
        let weight = below.len() as f32 + config.usual_weight;
        let variance = (squares + config.usual_weight * config.usual_step.powi(2)) / weight.max(f32::MIN_POSITIVE);
        Self { middle, step: variance.sqrt().max(1e-4) }
    }

    /// How far a cosine stands out.
    pub fn steps(&self, cosine: f32) -> f32 {
        (cosine - self.middle) / self.step
    }
}

/// What similarities are worth, 0–1: `cosines` are those of the nearest of `all` pictures, the best first.
pub fn worths(cosines: &[f32], all: usize, spread: &Spread, config: &LooksConfig) -> Vec<f32> {
    // The rate at a rank is the least of it and those after it: nearer pictures are never believed less.
    let mut least = 1.0_f64;
    let mut worths: Vec<f32> = Vec::with_capacity(cosines.len());
    for (before, cosine) in cosines.iter().enumerate().rev() {
        let steps = spread.steps(*cosine);
        let by_chance = all as f64 * upper_tail(f64::from(steps)) / (before + 1) as f64;
        least = least.min(by_chance);
        let share = (steps - config.unrelated) / (config.same - config.unrelated).max(f32::EPSILON);
        let worth = (1.0 - least) as f32 * share.clamp(0.0, 1.0);
        worths.push(if worth.is_finite() { worth } else { 0.0 });
    }
    worths.reverse();
    worths
}

/// What it is worth to stand out towards two things at once, 0–1: the geometric mean of both, nothing where one is not
/// above the middle at all.
pub fn both(one: f32, other: f32, config: &LooksConfig) -> f32 {
    let share = |steps: f32| (steps / config.same.max(f32::EPSILON)).clamp(0.0, 1.0);
    let worth = (share(one) * share(other)).sqrt();
    if worth.is_finite() { worth } else { 0.0 }
}

/// The share of a normal distribution above `z` (Abramowitz and Stegun, 26.2.17; off by 7.5 · 10⁻⁸ at the most).
fn upper_tail(z: f64) -> f64 {
    if z < 0.0 {
        return 1.0 - upper_tail(-z);
    }
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530];
    let sum = series.iter().fold(0.0, |sum, term| (sum + term) * t);
    sum * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Cosines that are normally distributed, spread evenly over the quantiles.
    fn normal(count: usize, middle: f32, step: f32) -> Vec<f32> {
        let quantile = |share: f64| {
            let (mut low, mut high) = (-8.0, 8.0);
            for _ in 0..60 {
                let z = (low + high) / 2.0;
                if 1.0 - upper_tail(z) < share { low = z } else { high = z }
            }
            low as f32
        };
        (0..count).map(|at| middle + step * quantile((at as f64 + 0.5) / count as f64)).collect()
    }

    fn plain() -> LooksConfig {
        LooksConfig { usual_weight: 0.0, ..LooksConfig::default() }
    }

    fn best_first(mut cosines: Vec<f32>) -> Vec<f32> {
        cosines.sort_by(|a, b| b.total_cmp(a));
        cosines
    }

    #[test]
    fn tails_are_those_of_the_tables() {
        for (z, share) in [(0.0, 0.5), (1.0, 0.158_655), (2.0, 0.022_750), (3.0, 0.001_350), (-1.0, 0.841_345)] {
            assert!((upper_tail(z) - share).abs() < 1e-6, "{z}");
        }
    }

    #[test]
    fn what_is_looked_for_does_not_move_the_middle_or_the_step() {
        let mut cosines = normal(1_000, 0.02, 0.03);
        let usual = Spread::of(cosines.clone(), &plain());
        assert!((usual.middle - 0.02).abs() < 1e-3 && (usual.step - 0.03).abs() < 1e-3, "{usual:?}");
        cosines.extend(vec![0.18; 100]);
        let with_hits = Spread::of(cosines, &plain());
        assert!((with_hits.middle - 0.02).abs() < 0.006 && (with_hits.step - 0.03).abs() < 0.004, "{with_hits:?}");
    }

    #[test]
    fn planted_pictures_are_worth_much_whatever_range_the_model_has() {
        for (middle, step) in [(0.0, 0.03), (0.25, 0.02), (-0.05, 0.08)] {
            let mut cosines = normal(2_000, middle, step);
            cosines.extend(vec![middle + 5.2 * step; 20]);
            let spread = Spread::of(cosines.clone(), &plain());
            let worths = worths(&best_first(cosines)[..300], 2_020, &spread, &plain());
            assert!(worths[..20].iter().all(|worth| *worth > 0.7), "{middle}: {:?}", &worths[..20]);
            assert!(worths[20..].iter().all(|worth| *worth < 0.4), "what is chance is no hit: {:?}", &worths[20..40]);
        }
    }

    #[test]
    fn nothing_stands_out_where_all_is_chance() {
        for count in [10, 300, 5_000, 100_000] {
            let cosines = best_first(normal(count, 0.01, 0.03));
            let spread = Spread::of(cosines.clone(), &plain());
            let worths = worths(&cosines[..count.min(300)], count, &spread, &plain());
            assert!(worths.iter().all(|worth| *worth < 0.4), "{count}: {:?}", &worths[..5]);
        }
    }

    #[test]
    fn one_that_stands_out_a_little_counts_among_few_and_not_among_many() {
        let spread = Spread { middle: 0.0, step: 0.03 };
        let one = |all| worths(&[0.03 * 4.0], all, &spread, &plain())[0];
        assert!(one(50) > 0.4, "{}", one(50));
        assert!(one(1_000_000) == 0.0, "{}", one(1_000_000));
        let many = worths(&[0.03 * 4.0; 3_000], 1_000_000, &spread, &plain());
        assert!(many[0] > 0.4, "{}", many[0]);
    }

    #[test]
    fn a_library_of_a_few_pictures_is_judged_by_what_is_usual() {
        let config = LooksConfig::default();
        let spread = Spread::of(vec![0.01, 0.0, 0.17], &config);
        let worths = worths(&[0.17, 0.01, 0.0], 3, &spread, &config);
        assert!(worths[0] > 0.4 && worths[1] == 0.0, "{spread:?} {worths:?}");
        assert!(worths_of_nothing(&config).is_empty());
    }

    fn worths_of_nothing(config: &LooksConfig) -> Vec<f32> {
        worths(&[], 0, &Spread::of(Vec::new(), config), config)
    }

    proptest! {
        #[test]
        fn worths_are_shares_and_fall_with_the_cosines(cosines in proptest::collection::vec(-1.0f32..1.0, 0..80), more in 0usize..100_000) {
            let config = LooksConfig::default();
            let cosines = best_first(cosines);
            let spread = Spread::of(cosines.clone(), &config);
            let worths = worths(&cosines, cosines.len() + more, &spread, &config);
            prop_assert!(worths.iter().all(|worth| (0.0..=1.0).contains(worth)));
            prop_assert!(worths.windows(2).all(|pair| pair[0] >= pair[1]));
        }
    }
}

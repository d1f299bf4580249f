//! Pictures that look alike: groups of vectors, of a number that the vectors themselves decide. Pure.
//!
//! # Method
//!
//! 1. The mean of the library is taken off every vector, which is brought to length one again. Vectors of one model lie in
//!    a narrow cone, so that all pictures seem alike; what is left tells them apart (Mu, Viswanath, *All-but-the-top:
//!    simple and effective postprocessing for word representations*, ICLR 2018; of pictures and texts: Liang et al., *Mind
//!    the gap*, NeurIPS 2022).
//! 2. How alike any two pictures of different days are is measured in the library: the median of the cosine and the median
//!    deviation from it, which a few large themes do not move. Alike is what lies three such deviations above (Leys et al.,
//!    *Detecting outliers: do not use standard deviation around the mean, use absolute deviation around the median*, Journal
//!    of Experimental Social Psychology 49, 2013). So no limit belongs to a model, and the vectors decide how many groups
//!    there are.
//! 3. Many vectors are first made few by halving ([`super::bisect`]), as BIRCH compresses before it clusters (Zhang,
//!    Ramakrishnan, Livny, *BIRCH: an efficient data clustering method for very large databases*, SIGMOD 1996).
//! 4. The two groups that are alike the most become one while their average cosine is above the limit: average linkage
//!    (Sokal, Michener 1958), with the update of Lance and Williams (*A general theory of classificatory sorting
//!    strategies*, The Computer Journal 9, 1967).
//!
//! Of 12,000 vectors of 1,024 numbers that is about 110 MiB and five seconds of one core. The rest of a large library is
//! told by [`Clusters::of`], one vector at a time. The same vectors in the same order give the same groups.

use super::bisect::{parts, sum};
use crate::perception::faces::gallery::{add, dot, unit};

/// Vectors that are clustered at once; of more, the caller takes some.
pub(super) const MOST_VECTORS: usize = 12_000;
/// Groups that are compared with each other.
const MOST_PARTS: usize = 1500;
/// Fewer vectors say nothing of what is usual.
const LEAST_VECTORS: usize = 12;
/// Pairs that are measured.
const PAIRS: usize = 20_000;
/// Deviations above the median from which pictures are alike.
const DEVIATIONS: f32 = 3.0;
/// The median deviation of a normal distribution in its standard deviations is one over this.
const NORMAL: f32 = 1.4826;
/// Pictures are alike from this cosine on at the least: where nearly all that is unlike is unlike in the same way.
const LEAST: f32 = 0.2;
/// A larger share of all pictures is no theme but what the library is like.
const LARGEST_SHARE: f64 = 0.3;

/// Groups of vectors that are alike.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Clusters {
    /// The members of each, by their places, in order.
    pub members: Vec<Vec<u32>>,
    /// The mean of all vectors.
    mean: Vec<f32>,
    /// The mean of each group's vectors, after that was taken off.
    centres: Vec<Vec<f32>>,
    /// The average likeness from which a vector belongs to a group.
    limit: f32,
}

impl Clusters {
    /// Groups of vectors; `days` tells which were made of pictures of the same day.
    pub fn find(vectors: &[Vec<f32>], days: &[u32]) -> Self {
        let Some(size) = vectors.first().map(Vec::len).filter(|_| vectors.len() >= LEAST_VECTORS) else {
            return Self::default();
        };
        let mut mean = vec![0.0; size];
        vectors.iter().for_each(|vector| add(&mut mean, vector));
        mean.iter_mut().for_each(|value| *value /= vectors.len() as f32);
        let apart: Vec<Vec<f32>> = vectors.iter().map(|vector| without(&mean, vector)).collect();
        let Some(limit) = limit(&apart, days) else { return Self::default() };
        let parts = parts(&apart, MOST_PARTS);
        let mut members: Vec<Vec<u32>> = linked(&apart, parts, limit);
        let most = vectors.len() as f64 * LARGEST_SHARE;
        members.retain(|group| group.len() > 1 && group.len() as f64 <= most);
        let centre =
            |group: &Vec<u32>| sum(&apart, group).into_iter().map(|value| value / group.len() as f32).collect();
        Self { centres: members.iter().map(centre).collect(), members, mean, limit }
    }

    /// Leaves these groups only, in this order.
    pub fn keep(&mut self, groups: &[usize]) {
        self.members = groups.iter().map(|&group| self.members[group].clone()).collect();
        self.centres = groups.iter().map(|&group| self.centres[group].clone()).collect();
    }

    /// The group that a vector belongs to: whose vectors it is most alike on average, if that is enough.
    pub fn of(&self, vector: &[f32]) -> Option<usize> {
        if vector.len() != self.mean.len() {
            return None;
        }
        let apart = without(&self.mean, vector);
        let alike = self.centres.iter().map(|centre| dot(&apart, centre)).enumerate();
        let best = alike.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        (best.1 >= self.limit).then_some(best.0)
    }

    /// How alike the pictures of a group are that were taken on different days: the average cosine; and how alike they
    /// have to be.
    pub fn coherence(&self, vectors: &[Vec<f32>], days: &[u32], group: usize) -> (f32, f32) {
        let mut by_day: std::collections::BTreeMap<u32, Vec<u32>> = std::collections::BTreeMap::new();
        for &member in &self.members[group] {
            by_day.entry(days[member as usize]).or_default().push(member);
        }
        let apart = |members: &Vec<u32>| {
            let mut all = vec![0.0; self.mean.len()];
            members.iter().for_each(|member| add(&mut all, &without(&self.mean, &vectors[*member as usize])));
            all
        };
        let sums: Vec<Vec<f32>> = by_day.values().map(apart).collect();
        let mut whole = vec![0.0; self.mean.len()];
        sums.iter().for_each(|sum| add(&mut whole, sum));
        let products = dot(&whole, &whole) - sums.iter().map(|sum| dot(sum, sum)).sum::<f32>();
        let count = |members: usize| (members * members) as f32;
        let pairs = count(self.members[group].len()) - by_day.values().map(|members| count(members.len())).sum::<f32>();
        (if pairs > 0.0 { products / pairs } else { 0.0 }, self.limit)
    }
}

/// A vector without what all have in common, of length one.
fn without(mean: &[f32], vector: &[f32]) -> Vec<f32> {
    unit(&vector.iter().zip(mean).map(|(value, mean)| value - mean).collect::<Vec<f32>>())
}

/// The cosine from which pictures are alike, measured on pairs of different days; `None` when there is one day only.
fn limit(vectors: &[Vec<f32>], days: &[u32]) -> Option<f32> {
    let count = vectors.len() as u64;
    // Numerical Recipes' linear congruential generator: which pairs are measured is always the same.
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % count) as usize
    };
    let mut measured: Vec<f32> = Vec::with_capacity(PAIRS);
    for _ in 0..PAIRS {
        let (a, b) = (next(), next());
        if days[a] != days[b] {
            measured.push(dot(&vectors[a], &vectors[b]));
        }
    }
    let middle = median(&mut measured)?;
    let mut off: Vec<f32> = measured.iter().map(|value| (value - middle).abs()).collect();
    Some((middle + DEVIATIONS * NORMAL * median(&mut off)?).max(LEAST))
}

/// The value in the middle.
fn median(values: &mut [f32]) -> Option<f32> {
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(middle, f32::total_cmp).1)
}

/// Average linkage of groups until none are alike any more; each in order, the one with the first vector first.
fn linked(vectors: &[Vec<f32>], mut groups: Vec<Vec<u32>>, limit: f32) -> Vec<Vec<u32>> {
    let count = groups.len();
    let sums: Vec<Vec<f32>> = groups.iter().map(|group| sum(vectors, group)).collect();
    let mut likeness = vec![f32::MIN; count * count];
    for a in 0..count {
        for b in 0..a {
            let alike = dot(&sums[a], &sums[b]) / (groups[a].len() * groups[b].len()) as f32;
            (likeness[a * count + b], likeness[b * count + a]) = (alike, alike);
        }
    }
    drop(sums);
    let best_of = |likeness: &[f32], row: usize| {
        let row = &likeness[row * count..(row + 1) * count];
        let best = row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
        best.map_or((f32::MIN, 0), |(at, alike)| (*alike, at))
    };
    let mut best: Vec<(f32, usize)> = (0..count).map(|row| best_of(&likeness, row)).collect();
    loop {
        let most = best.iter().enumerate().max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(b.0.cmp(&a.0)));
        let Some((a, b)) = most.filter(|(_, of)| of.0 >= limit).map(|(a, of)| (a.min(of.1), a.max(of.1))) else {
            break;
        };
        let (one, other) = (groups[a].len() as f32, groups[b].len() as f32);
        for row in (0..count).filter(|row| *row != a && *row != b) {
            let both = (likeness[a * count + row] * one + likeness[b * count + row] * other) / (one + other);
            let both = if groups[row].is_empty() { f32::MIN } else { both };
            (likeness[a * count + row], likeness[row * count + a]) = (both, both);
            (likeness[b * count + row], likeness[row * count + b]) = (f32::MIN, f32::MIN);
        }
        (likeness[a * count + b], likeness[b * count + a]) = (f32::MIN, f32::MIN);
        let taken = std::mem::take(&mut groups[b]);
        groups[a].extend(taken);
        best[b] = (f32::MIN, 0);
        for row in 0..count {
            let changed = row == a || matches!(best[row].1, at if at == a || at == b);
            if !groups[row].is_empty() && changed {
                best[row] = best_of(&likeness, row);
            } else if !groups[row].is_empty() && likeness[row * count + a] > best[row].0 {
                best[row] = (likeness[row * count + a], a);
            }
        }
    }
    groups.retain(|group| !group.is_empty());
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort_unstable();
    groups
}

#[cfg(test)]
pub(super) mod samples {
    use super::unit;

    /// A vector of 24 numbers around one of several directions, off by so much in a direction of its own.
    pub fn around(kind: usize, seed: usize, off: f32) -> Vec<f32> {
        let mut state = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut vector: Vec<f32> = (0..24)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                ((state >> 40) as f32 / (1 << 24) as f32 - 0.5) * off
            })
            .collect();
        vector[kind] += 1.0;
        // What all pictures have in common.
        vector[23] += 2.0;
        unit(&vector)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::samples::around;
    use super::*;

    #[test]
    fn what_is_alike_is_found_among_what_is_like_nothing() {
        // Three sorts of pictures on many days, and as many that are like nothing else.
        let mut vectors: Vec<Vec<f32>> = (0..60).map(|at| around(at % 3, at, 0.35)).collect();
        vectors.extend((60..140).map(|at| around(3 + at % 20, at, 2.4)));
        let days: Vec<u32> = (0..vectors.len() as u32).collect();
        let found = Clusters::find(&vectors, &days);
        let large: Vec<&Vec<u32>> = found.members.iter().filter(|group| group.len() >= 10).collect();
        assert_eq!(large.len(), 3, "{:?}", found.members);
        for group in large {
            let sort = group[0] % 3;
            let right = group.iter().filter(|member| **member < 60 && **member % 3 == sort).count();
            assert!(right == 20 && right * 10 >= group.len() * 9, "{group:?}");
        }
        let other = found.of(&around(1, 999, 0.35)).unwrap();
        assert!(found.members[other].contains(&1));
        assert_eq!(found.of(&around(22, 998, 0.2)), None);
        let mut only = found.clone();
        only.keep(&[other]);
        assert_eq!((only.members.len(), only.of(&around(1, 999, 0.35))), (1, Some(0)));
        assert_eq!(found.of(&[1.0, 0.0]), None, "a vector of another model");
        let (coherent, limit) = found.coherence(&vectors, &days, other);
        assert!(coherent > limit && coherent <= 1.0, "{coherent} {limit}");
    }

    #[test]
    fn one_day_or_a_few_pictures_say_nothing() {
        let vectors: Vec<Vec<f32>> = (0..40).map(|at| around(at % 3, at, 0.3)).collect();
        assert_eq!(Clusters::find(&vectors, &[7; 40]), Clusters::default());
        assert_eq!(Clusters::find(&vectors[..5], &[1, 2, 3, 4, 5]), Clusters::default());
        assert_eq!(Clusters::find(&[], &[]), Clusters::default());
    }

    proptest! {
        #[test]
        fn nothing_is_in_two_groups_and_the_same_vectors_give_the_same(
            kinds in proptest::collection::vec(0_usize..6, 0..80), off in 0.0_f32..3.0,
        ) {
            let vectors: Vec<Vec<f32>> = kinds.iter().enumerate().map(|(at, kind)| around(*kind, at, off)).collect();
            let days: Vec<u32> = (0..vectors.len() as u32).map(|at| at / 2).collect();
            let found = Clusters::find(&vectors, &days);
            prop_assert_eq!(&found, &Clusters::find(&vectors, &days));
            let mut all: Vec<u32> = found.members.concat();
            all.sort_unstable();
            let before = all.len();
            all.dedup();
            prop_assert_eq!(before, all.len());
            for group in &found.members {
                prop_assert!(group.len() > 1 && group.len() as f64 <= vectors.len() as f64 * LARGEST_SHARE);
            }
        }
    }
}

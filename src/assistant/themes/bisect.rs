//! Makes few groups of many vectors by halving: bisecting spherical k-means.
//!
//! The group that is spread the most is parted in two until there are as many groups as asked for (Steinbach, Karypis,
//! Kumar, *A comparison of document clustering techniques*, KDD workshop on text mining 2000), each time by k-means on the
//! sphere (Dhillon, Modha, *Concept decompositions for large sparse text data using clustering*, Machine Learning 42,
//! 2001). It takes about `vectors × log₂(groups)` products and nothing depends on chance: a half begins with the vector
//! farthest from the middle, the other with the one farthest from that.

use std::collections::BinaryHeap;

use crate::perception::faces::gallery::{add, dot};

/// Rounds of one halving; after these hardly a vector changes sides.
const ROUNDS: usize = 8;

/// A group that may be parted.
#[derive(Debug, PartialEq)]
struct Part {
    /// How far its vectors are spread: their number less the length of their sum; 0 when all are the same.
    spread: f32,
    members: Vec<u32>,
}

impl Eq for Part {}

impl Ord for Part {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // The first member decides between equals, so that the order is always the same.
        self.spread.total_cmp(&other.spread).then_with(|| other.members.cmp(&self.members))
    }
}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// At most `most` groups of vectors of length one, each in order, the group with the first vector first.
pub(super) fn parts(vectors: &[Vec<f32>], most: usize) -> Vec<Vec<u32>> {
    if vectors.len() <= most {
        return (0..vectors.len() as u32).map(|vector| vec![vector]).collect();
    }
    let part = |members: Vec<u32>| Part { spread: spread(vectors, &members), members };
    let mut open: BinaryHeap<Part> = [part((0..vectors.len() as u32).collect())].into();
    let mut closed: Vec<Vec<u32>> = Vec::new();
    while open.len() + closed.len() < most
        && let Some(widest) = open.pop()
    {
        match halves(vectors, &widest.members) {
            Some((one, other)) => open.extend([part(one), part(other)]),
            None => closed.push(widest.members),
        }
    }
    closed.extend(open.into_iter().map(|part| part.members));
    closed.sort_unstable();
    closed
}

/// The sum of vectors.
pub(super) fn sum(vectors: &[Vec<f32>], members: &[u32]) -> Vec<f32> {
    let mut sum = vec![0.0; vectors.first().map_or(0, Vec::len)];
    for &member in members {
        add(&mut sum, &vectors[member as usize]);
    }
    sum
}

fn spread(vectors: &[Vec<f32>], members: &[u32]) -> f32 {
    let sum = sum(vectors, members);
    members.len() as f32 - dot(&sum, &sum).sqrt()
}

/// The two halves of a group; `None` when it is one.
fn halves(vectors: &[Vec<f32>], members: &[u32]) -> Option<(Vec<u32>, Vec<u32>)> {
    let farthest = |from: &[f32]| {
        let likeness = |member: &u32| dot(&vectors[*member as usize], from);
        members.iter().copied().min_by(|a, b| likeness(a).total_cmp(&likeness(b)).then(a.cmp(b)))
    };
    let first = farthest(&sum(vectors, members))?;
    let second = farthest(&vectors[first as usize])?;
    let mut centres = [vectors[first as usize].clone(), vectors[second as usize].clone()];
    let mut sides: Vec<bool> = Vec::new();
    for _ in 0..ROUNDS {
        let nearer = |member: &u32| {
            let vector = &vectors[*member as usize];
            dot(vector, &centres[1]) > dot(vector, &centres[0])
        };
        let now: Vec<bool> = members.iter().map(nearer).collect();
        if now == sides {
            break;
        }
        sides = now;
        for (side, centre) in [false, true].into_iter().zip(&mut centres) {
            *centre = crate::perception::faces::gallery::unit(&sum(vectors, &of(members, &sides, side)));
        }
    }
    let (one, other) = (of(members, &sides, false), of(members, &sides, true));
    (!one.is_empty() && !other.is_empty()).then_some((one, other))
}

fn of(members: &[u32], sides: &[bool], side: bool) -> Vec<u32> {
    members.iter().zip(sides).filter(|(_, of)| **of == side).map(|(member, _)| *member).collect()
}

#[cfg(test)]
mod tests {
    use super::super::cluster::samples::around;
    use super::*;

    #[test]
    fn what_is_alike_stays_together_and_nothing_is_lost() {
        let vectors: Vec<Vec<f32>> = (0..90).map(|at| around(at % 3, at, 0.3)).collect();
        let parts = parts(&vectors, 3);
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [30, 30, 30]);
        for part in &parts {
            assert!(part.iter().all(|member| member % 3 == part[0] % 3), "{part:?}");
        }
    }

    #[test]
    fn the_same_vector_cannot_be_parted() {
        let same = vec![around(0, 0, 0.0); 9];
        assert_eq!(parts(&same, 4).concat(), (0..9).collect::<Vec<_>>());
        assert_eq!(parts(&same, 20).len(), 9);
        assert!(parts(&[], 4).is_empty());
    }
}

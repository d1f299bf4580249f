//! Which faces are alike: average-linkage clustering under constraints.
//!
//! Two groups become one when the average cosine over all their pairs reaches a limit. An average is not led astray by
//! a chain of look-alikes, as the nearest pair is; and because all vectors have length one it is the dot product of the
//! groups' means, so groups of any size are compared in one step. The nearest pair of groups is joined first, ties by
//! position: the result does not depend on chance.
//!
//! The limit is `0.40 + 0.15 / √(pairs)`. Measured on portraits (MobileFaceNet): two pictures of different people have a
//! cosine of 0.01 ± 0.12, and in one picture of relatives and look-alikes up to 0.64; a portrait and the rest of its
//! person have 0.56 on average, 5 of 100 below 0.51. So one pair alone needs 0.55, and the more pairs speak for it, the
//! less they need. Any constant between 0.30 and 0.45 in place of the 0.40 separates those portraits nearly as well.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::atomic::{self, AtomicUsize};

use rayon::prelude::*;

use super::gallery::{Gallery, add, dot};

/// The average cosine that very large groups need to be one.
const LIMIT: f32 = 0.40;

/// What one pair of faces needs beyond it.
const LIMIT_OF_ONE_PAIR: f32 = 0.15;

/// Nearest neighbours that a group is compared with at a time; rounds go on until no pair is left that could be joined.
const NEIGHBOURS: usize = 32;

/// Told how much is done (0–1); answers whether to go on.
pub type Watch<'w> = &'w (dyn Fn(f32) -> bool + Sync);

/// Faces that are taken to be one person in one period of life.
#[derive(Debug, Clone)]
pub struct Group {
    /// Sum of the faces' vectors.
    pub sum: Vec<f32>,
    /// The faces.
    pub members: Vec<u32>,
    /// The pictures that they are in, in order.
    pub pictures: Vec<u32>,
    /// Who they are, if that is known.
    pub person: Option<u32>,
    /// Who they are not.
    pub not: Vec<u32>,
    /// It changed, and is to be compared with all others.
    pub fresh: bool,
}

impl Group {
    /// A group of one face.
    pub fn of(gallery: &Gallery, face: u32) -> Self {
        let known = gallery.faces.get(face as usize);
        Self {
            sum: gallery.vector(face).to_vec(),
            members: vec![face],
            pictures: known.map(|face| face.picture).into_iter().collect(),
            person: None,
            not: known.map(|face| face.not.clone()).unwrap_or_default(),
            fresh: true,
        }
    }

    /// Number of faces.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no face in it.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Average cosine over all pairs of the two groups.
    fn linkage(&self, other: &Self) -> f32 {
        dot(&self.sum, &other.sum) / (self.len() * other.len()) as f32
    }

    /// Takes the other's faces in.
    pub fn absorb(&mut self, other: &Self) {
        add(&mut self.sum, &other.sum);
        self.members.extend(&other.members);
        self.pictures.extend(&other.pictures);
        self.pictures.sort_unstable();
        self.not.extend(&other.not);
        self.not.sort_unstable();
        self.not.dedup();
        self.fresh = true;
    }
}

/// The average cosine that groups of these sizes need to be one.
fn limit(a: usize, b: usize) -> f32 {
    LIMIT + LIMIT_OF_ONE_PAIR / ((a * b) as f32).sqrt()
}

/// Whether two groups may be one person, and who that is.
fn together(gallery: &Gallery, a: &Group, b: &Group) -> Option<Option<u32>> {
    let refuses = |group: &Group, person: Option<u32>| person.is_some_and(|person| group.not.contains(&person));
    if refuses(a, b.person) || refuses(b, a.person) || share(&a.pictures, &b.pictures) {
        return None;
    }
    match (a.person, b.person) {
        (Some(one), Some(other)) if one != other => {
            if gallery.are_apart(one, other) {
                return None;
            }
            match (gallery.is_fixed(one), gallery.is_fixed(other)) {
                (true, true) => None,
                (true, false) => Some(Some(one)),
                (false, true) => Some(Some(other)),
                (false, false) => Some(Some(one.min(other))),
            }
        }
        (one, other) => Some(one.or(other)),
    }
}

/// Whether two ordered lists have something in common.
fn share(a: &[u32], b: &[u32]) -> bool {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        match x.cmp(y) {
            Ordering::Equal => return true,
            Ordering::Less => drop(a.next()),
            Ordering::Greater => drop(b.next()),
        }
    }
    false
}

/// A pair of groups that could be one.
#[derive(Debug, PartialEq)]
struct Pair {
    linkage: f32,
    a: usize,
    b: usize,
}

impl Eq for Pair {}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pair {
    /// The nearest pair is the greatest; of equal ones, the first.
    fn cmp(&self, other: &Self) -> Ordering {
        self.linkage.total_cmp(&other.linkage).then_with(|| (other.a, other.b).cmp(&(self.a, self.b)))
    }
}

/// Joins groups until no two are left that are alike enough. Only pairs with a fresh group are looked at: of the others it
/// is known that they are not. `None` when `watch` said to stop.
pub fn join(gallery: &Gallery, mut groups: Vec<Group>, mut places: Places, watch: Watch<'_>) -> Option<Vec<Group>> {
    loop {
        let before = groups.len();
        let pairs = candidates(gallery, &groups, watch)?;
        groups = merge(gallery, groups, &mut places, pairs);
        if groups.len() == before {
            return Some(groups);
        }
    }
}

/// For every fresh group the nearest others that it could be one with.
fn candidates(gallery: &Gallery, groups: &[Group], watch: Watch<'_>) -> Option<Vec<Pair>> {
    let fresh: Vec<usize> = groups.iter().enumerate().filter(|(_, group)| group.fresh).map(|(at, _)| at).collect();
    let done = AtomicUsize::new(0);
    let rows: Option<Vec<Vec<Pair>>> = fresh
        .par_iter()
        .map(|&a| {
            let count = done.fetch_add(1, atomic::Ordering::Relaxed);
            if count.is_multiple_of(64) && !watch(count as f32 / fresh.len() as f32) {
                return None;
            }
            let group = groups.get(a)?;
            let mut near: Vec<Pair> = Vec::new();
            for (b, other) in groups.iter().enumerate().filter(|(b, _)| *b != a) {
                let linkage = group.linkage(other);
                if linkage >= limit(group.len(), other.len()) && together(gallery, group, other).is_some() {
                    near.push(Pair { linkage, a: a.min(b), b: a.max(b) });
                }
                if near.len() == NEIGHBOURS * 4 {
                    keep_nearest(&mut near);
                }
            }
            keep_nearest(&mut near);
            Some(near)
        })
        .collect();
    Some(rows?.into_iter().flatten().collect())
}

fn keep_nearest(near: &mut Vec<Pair>) {
    near.sort_unstable_by(|a, b| b.cmp(a));
    near.truncate(NEIGHBOURS);
}

/// The pictures that each known person is in, whatever the quality of the face: a person is once in a picture.
#[derive(Debug, Default)]
pub struct Places(HashMap<u32, HashSet<u32>>);

impl Places {
    /// A person is in a picture.
    pub fn take(&mut self, person: u32, picture: u32) {
        self.0.entry(person).or_default().insert(picture);
    }

    /// Whether neither is in a picture that shows the other's person already.
    fn have_room(&self, a: &Group, b: &Group) -> bool {
        if a.person == b.person {
            // Looks of one person are of different pictures from the beginning.
            return true;
        }
        let of = |group: &Group| group.person.and_then(|person| self.0.get(&person));
        let is_there = |taken: Option<&HashSet<u32>>, group: &Group| {
            taken.is_some_and(|taken| group.pictures.iter().any(|picture| taken.contains(picture)))
        };
        let both = of(a).zip(of(b)).is_some_and(|(one, other)| !one.is_disjoint(other));
        !both && !is_there(of(a), b) && !is_there(of(b), a)
    }

    /// Two groups become one.
    fn join(&mut self, a: &Group, b: &Group, joined: &Group) {
        let Some(person) = joined.person else { return };
        for gone in [a.person, b.person].into_iter().flatten().filter(|gone| *gone != person) {
            let pictures = self.0.remove(&gone).unwrap_or_default();
            self.0.entry(person).or_default().extend(pictures);
        }
        self.0.entry(person).or_default().extend(&joined.pictures);
    }
}

/// Joins the nearest pair, again and again; a new group inherits the neighbours of its parts.
fn merge(gallery: &Gallery, groups: Vec<Group>, places: &mut Places, pairs: Vec<Pair>) -> Vec<Group> {
    let mut neighbours: HashMap<usize, Vec<usize>> = HashMap::new();
    for pair in &pairs {
        neighbours.entry(pair.a).or_default().push(pair.b);
        neighbours.entry(pair.b).or_default().push(pair.a);
    }
    let mut groups: Vec<Option<Group>> =
        groups.into_iter().map(|group| Some(Group { fresh: false, ..group })).collect();
    let mut queue: BinaryHeap<Pair> = pairs.into();
    while let Some(Pair { a, b, .. }) = queue.pop() {
        let (Some(Some(one)), Some(Some(other))) = (groups.get(a), groups.get(b)) else { continue };
        let Some(person) = together(gallery, one, other) else { continue };
        if !places.have_room(one, other) {
            continue;
        }
        let mut joined = one.clone();
        joined.absorb(other);
        joined.person = person;
        places.join(one, other, &joined);
        for gone in [a, b] {
            if let Some(slot) = groups.get_mut(gone) {
                *slot = None;
            }
        }
        let at = groups.len();
        let around: HashSet<usize> = [a, b].iter().filter_map(|at| neighbours.remove(at)).flatten().collect();
        let mut around: Vec<usize> =
            around.into_iter().filter(|at| groups.get(*at).is_some_and(Option::is_some)).collect();
        around.sort_unstable();
        for &near in &around {
            neighbours.entry(near).or_default().push(at);
            let Some(Some(other)) = groups.get(near) else { continue };
            let linkage = joined.linkage(other);
            if linkage >= limit(joined.len(), other.len()) {
                queue.push(Pair { linkage, a: near, b: at });
            }
        }
        neighbours.insert(at, around);
        groups.push(Some(joined));
    }
    groups.into_iter().flatten().collect()
}

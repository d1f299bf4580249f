//! Which media a film is made of: spread over what happened and who was there, good ones, and never the same thing twice.
//!
//! Media are grouped by what happened (years for a life, else events, else days); each group gets its share of the places,
//! and the places of a group are filled one by one with whatever adds most: good, fitting, showing somebody who was not
//! there yet, unlike all that is there (maximal marginal relevance; Carbonell & Goldstein 1998).

use std::collections::{BTreeMap, HashSet};

use super::facts::Fact;
use crate::library::MediaId;

/// Two media so alike are never in one film.
const SAME: f64 = 0.82;
/// What likeness to the nearest medium of the film costs.
const LIKENESS_COSTS: f64 = 0.5;
/// Shortest video that a clip is made of, milliseconds.
const SHORTEST_CLIP_MS: u64 = 1500;
/// The most pictures of a year in a life.
const OF_A_YEAR: usize = 3;
/// Share of clips from which on further ones are held back.
const CLIPS: f64 = 0.4;

/// A medium that was chosen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    /// Its place among the facts.
    pub at: usize,
    /// How much it adds, 0–1.
    pub score: f64,
    /// Why, in words.
    pub reason: String,
}

/// Whether a film can show it at all.
pub(super) fn usable(fact: &Fact) -> bool {
    fact.size.0.min(fact.size.1) >= 160 && (!fact.video || fact.duration_ms >= SHORTEST_CLIP_MS)
}

/// Chooses at most `count` media, in the order in which they are shown.
pub(super) fn choose(facts: &[Fact], count: usize, life: bool, seed: u64) -> Vec<Chosen> {
    let only_screens = facts.iter().all(|fact| fact.screenshot);
    let open = facts.iter().enumerate().filter(|(_, fact)| usable(fact) && (only_screens || !fact.screenshot));
    let groups = grouped(facts, open.map(|(at, _)| at), life);
    let count = if life { count.min(groups.len() * OF_A_YEAR) } else { count };
    let shares = shares(facts, &groups, count, life);
    let mut choice = Choice::new(facts, seed);
    for ((name, members), share) in groups.iter().zip(&shares) {
        for _ in 0..*share {
            if !choice.take_best(members, name) {
                break;
            }
        }
    }
    // What a group could not fill goes to whatever adds most.
    let all: Vec<(String, usize)> =
        groups.iter().flat_map(|(name, members)| members.iter().map(|at| (name.clone(), *at))).collect();
    while choice.chosen.len() < count && !life {
        let Some((name, at)) = all.iter().max_by(|a, b| choice.worth(a.1).total_cmp(&choice.worth(b.1))) else { break };
        if !choice.take_best(&[*at], name) {
            break;
        }
    }
    let mut chosen = choice.chosen;
    chosen.sort_by(|a, b| order(&facts[a.at], &facts[b.at]));
    chosen
}

/// The best media, each with why, in order of time: as a film of so many shots would choose them.
pub fn best(facts: &[Fact], count: usize) -> Vec<(MediaId, String)> {
    choose(facts, count, false, 0).into_iter().map(|chosen| (facts[chosen.at].id, chosen.reason)).collect()
}

/// As time went; the undated come last.
pub(super) fn order(a: &Fact, b: &Fact) -> std::cmp::Ordering {
    let key = |fact: &Fact| (fact.taken.is_none(), fact.taken, fact.id);
    key(a).cmp(&key(b))
}

/// What happened: groups in order of time, each with the media of it.
fn grouped(facts: &[Fact], open: impl Iterator<Item = usize> + Clone, life: bool) -> Vec<(String, Vec<usize>)> {
    let by = |key: &dyn Fn(&Fact) -> String| {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in open.clone() {
            groups.entry(key(&facts[at])).or_default().push(at);
        }
        let mut groups: Vec<(String, Vec<usize>)> = groups.into_iter().collect();
        let first = |members: &[usize]| members.iter().filter_map(|at| facts[*at].taken).min();
        groups.sort_by_key(|(name, members)| (first(members).is_none(), first(members), name.clone()));
        groups
    };
    let day = |fact: &Fact| fact.taken.map_or_else(String::new, |taken| taken.date().to_string());
    if life {
        return by(&|fact| fact.taken.map_or_else(String::new, |taken| taken.year().to_string()));
    }
    let events = by(&|fact| fact.event.clone().unwrap_or_else(|| day(fact)));
    if events.len() > 1 {
        return events;
    }
    by(&day)
}

/// How many places each group gets.
fn shares(facts: &[Fact], groups: &[(String, Vec<usize>)], count: usize, life: bool) -> Vec<usize> {
    let mut shares = vec![0; groups.len()];
    if groups.is_empty() {
        return shares;
    }
    if groups.len() >= count {
        // Evenly through time, and within each stretch what promises most.
        for place in 0..count {
            let (from, to) = (place * groups.len() / count, (place + 1) * groups.len() / count);
            let promise = |group: usize| {
                let best = groups[group].1.iter().map(|at| 0.6 * facts[*at].quality() + 0.4 * facts[*at].relevance);
                best.fold(0.0, f64::max) + 0.05 * (groups[group].1.len() as f64).sqrt()
            };
            if let Some(best) = (from..to).max_by(|a, b| promise(*a).total_cmp(&promise(*b)).then(b.cmp(a))) {
                shares[best] = 1;
            }
        }
        return shares;
    }
    let weight = |group: usize| if life { 1.0 } else { (groups[group].1.len() as f64).sqrt() };
    shares.fill(1);
    for _ in groups.len()..count {
        let open = (0..groups.len()).filter(|group| shares[*group] < groups[*group].1.len());
        let open = open.filter(|group| !life || shares[*group] < OF_A_YEAR);
        // Whoever has least of what is due comes next (Webster's method of apportionment).
        let due = |group: &usize| weight(*group) / (2 * shares[*group] + 1) as f64;
        let Some(next) = open.max_by(|a, b| due(a).total_cmp(&due(b)).then(b.cmp(a))) else { break };
        shares[next] += 1;
    }
    shares
}

/// What has been chosen, and for every other medium how alike it is to the nearest of that.
struct Choice<'f> {
    facts: &'f [Fact],
    chosen: Vec<Chosen>,
    taken: HashSet<usize>,
    likeness: Vec<f64>,
    people: BTreeMap<&'f str, usize>,
    clips: usize,
    seed: u64,
}

impl<'f> Choice<'f> {
    fn new(facts: &'f [Fact], seed: u64) -> Self {
        let (chosen, taken, people) = (Vec::new(), HashSet::new(), BTreeMap::new());
        Self { facts, chosen, taken, likeness: vec![0.0; facts.len()], people, clips: 0, seed }
    }

    /// What a medium would add; less than zero when it may not be taken.
    fn worth(&self, at: usize) -> f64 {
        if self.taken.contains(&at) || self.likeness[at] >= SAME {
            return -1.0;
        }
        let fact = &self.facts[at];
        let new = fact.people.iter().filter(|name| !self.people.contains_key(name.as_str())).count();
        let clips = fact.video && self.clips as f64 >= CLIPS * (self.chosen.len() + 1) as f64;
        let worth = 0.55 * fact.quality() + 0.3 * fact.relevance + 0.05 * new.min(2) as f64
            - LIKENESS_COSTS * self.likeness[at]
            - if clips { 0.15 } else { 0.0 }
            + 0.02 * chance(self.seed, fact.id);
        worth.max(-0.5)
    }

    fn take_best(&mut self, members: &[usize], group: &str) -> bool {
        let best = members.iter().copied().max_by(|a, b| {
            let tie = || self.facts[*b].id.cmp(&self.facts[*a].id);
            self.worth(*a).total_cmp(&self.worth(*b)).then_with(tie)
        });
        let Some(at) = best.filter(|at| self.worth(*at) > -0.9) else { return false };
        let fact = &self.facts[at];
        let reason = reason(fact, group, members.len());
        self.chosen.push(Chosen { at, score: self.worth(at).clamp(0.0, 1.0), reason });
        self.taken.insert(at);
        self.clips += usize::from(fact.video);
        for name in &fact.people {
            *self.people.entry(name).or_default() += 1;
        }
        for (other, likeness) in self.likeness.iter_mut().enumerate() {
            *likeness = likeness.max(self.facts[other].likeness(fact));
        }
        true
    }
}

/// Why a medium was chosen.
pub(super) fn reason(fact: &Fact, group: &str, of: usize) -> String {
    let mut parts = Vec::new();
    match (group.is_empty(), of) {
        (false, 2..) => parts.push(format!("one of {of} of {group}")),
        (false, _) => parts.push(group.to_owned()),
        (true, _) => {}
    }
    if !fact.people.is_empty() {
        parts.push(fact.people.join(", "));
    }
    match fact.rating {
        Some(stars @ 4..) => parts.push(format!("{stars} stars")),
        _ if fact.quality() >= 0.65 => parts.push("a good picture".to_owned()),
        _ => {}
    }
    if fact.video && !fact.speech.is_empty() {
        parts.push("somebody speaks".to_owned());
    }
    if parts.is_empty() { "unlike the others".to_owned() } else { parts.join("; ") }
}

/// A number from 0 to 1 that depends on nothing but a seed and a medium.
pub fn chance(seed: u64, id: MediaId) -> f64 {
    let hash = blake3::hash(format!("{seed} {id}").as_bytes());
    let bytes = hash.as_bytes();
    f64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])) / f64::from(u32::MAX)
}

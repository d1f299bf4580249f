//! From what there is to the memories of a day: which, and in which order. Pure, and the same for the same day.
//!
//! Everything that could be shown is a draft with a worth: how round the number of years is, how good its pictures are,
//! who is in them, what the user wants less of, and a little chance that changes from day to day. Drafts are taken one
//! by one, each time the one that adds most beside those that were taken (no picture twice, few of a kind, an event or
//! year once more only where it is worth it).

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::feedback::Wants;
use super::pairs::{self, Pair};
use super::{Draft, Kind, windows};
use crate::film::storyboard::chance;
use crate::film::storyboard::facts::Fact;
use crate::library::MediaId;
use crate::library::memories::{Spot, Subjects};

/// Memories of a day, at the most.
const MOST: usize = 9;
/// Pictures of a year's review.
const OF_A_YEAR: usize = 24;
/// A review has at least so many pictures.
const REVIEWED: usize = 6;
/// What each draft costs that is of the same kind, event, person or year as one that was taken.
const SAME_KIND: f64 = 0.12;
const SAME_EVENT: f64 = 0.25;
const SAME_PERSON: f64 = 0.2;
const SAME_YEAR: f64 = 0.1;
/// What is worth less than this is not shown.
const LEAST: f64 = 0.15;

/// What memories are made of.
#[derive(Debug, Default)]
pub(super) struct Material {
    /// What was taken around this day of earlier years.
    pub days: Vec<Fact>,
    /// Faces of the same people, years apart.
    pub people: Vec<Pair>,
    /// Photos of the same places, years apart.
    pub places: Vec<Vec<Spot>>,
    /// The photos of both, as far as they may be shown.
    pub known: HashMap<MediaId, Fact>,
    /// A year, and what was taken in it.
    pub year: Option<(i16, Vec<Fact>)>,
    /// Who and what all of these show.
    pub subjects: HashMap<MediaId, Subjects>,
    /// What the user wants less of.
    pub wants: Wants,
}

/// A number for each day, for chance.
pub(super) fn seed(today: Date) -> u64 {
    let days = today.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
    u64::try_from(days).unwrap_or(0)
}

/// The memories of `today`, what is worth most first.
pub(super) fn plan(today: Date, material: Material) -> Vec<Draft> {
    let Material { days, people, places, known, year, subjects, wants } = material;
    let planner = Planner { today, subjects, wants };
    let mut drafts = windows::drafts(today, &planner.wanted(days));
    let known: HashMap<MediaId, Fact> = planner.wanted(known.into_values()).into_iter().map(|f| (f.id, f)).collect();
    drafts.extend(people.into_iter().filter_map(|pair| planner.pair(pair, &known)));
    let of_place = |spots: &Vec<Spot>| planner.pair(pairs::of_place(spots, &known)?, &known);
    drafts.extend(places.iter().filter_map(of_place));
    drafts.extend(year.and_then(|(year, facts)| planner.review(year, &planner.wanted(facts))));
    planner.choose(drafts)
}

struct Planner {
    today: Date,
    subjects: HashMap<MediaId, Subjects>,
    wants: Wants,
}

impl Planner {
    /// Without what the user never wants; what they want less of comes after everything else.
    fn wanted(&self, facts: impl IntoIterator<Item = Fact>) -> Vec<Fact> {
        let weigh = |fact: Fact| {
            let want = self.want(&fact);
            (want > 0.0).then_some(Fact { relevance: fact.relevance * want, ..fact })
        };
        facts.into_iter().filter_map(weigh).collect()
    }

    fn want(&self, fact: &Fact) -> f64 {
        let none = Subjects::default();
        let subjects = self.subjects.get(&fact.id).unwrap_or(&none);
        self.wants.of_medium(fact.taken.map(|taken| taken.date()), subjects)
    }

    fn pair(&self, pair: Pair, known: &HashMap<MediaId, Fact>) -> Option<Draft> {
        let facts: Vec<&Fact> = pair.sides.iter().filter_map(|side| known.get(&side.media)).collect();
        let [then, now] = facts[..] else { return None };
        let years =
            (pair.sides[1].taken.date().duration_since(pair.sides[0].taken.date()).as_hours() / 24) as f64 / 365.25;
        let key = match pair.person {
            Some(person) => person.to_string(),
            None => then.id.to_string(),
        };
        let media = vec![(then.clone(), pair.why.clone()), (now.clone(), pair.why)];
        let draft = Draft::new(pair.kind, key, years.round() as i16, media);
        Some(Draft { sides: Some(pair.sides), person: pair.person, fits: pair.fits, ..draft })
    }

    fn review(&self, year: i16, facts: &[Fact]) -> Option<Draft> {
        let media = windows::shown(facts, OF_A_YEAR);
        let ago = self.today.year() - year;
        (media.len() >= REVIEWED).then(|| Draft::new(Kind::Year, year.to_string(), ago, media))
    }

    fn choose(&self, mut drafts: Vec<Draft>) -> Vec<Draft> {
        let mut taken: Vec<Draft> = Vec::new();
        while taken.len() < MOST {
            let shown: HashSet<MediaId> = taken.iter().flat_map(Draft::ids).collect();
            drafts.retain_mut(|draft| {
                draft.without(&shown) && taken.iter().filter(|one| one.kind == draft.kind).count() < draft.kind.most()
            });
            let worth = |draft: &Draft| self.worth(draft) - self.repeats(draft, &taken);
            let best =
                (0..drafts.len()).max_by(|a, b| worth(&drafts[*a]).total_cmp(&worth(&drafts[*b])).then(b.cmp(a)));
            match best.filter(|best| worth(&drafts[*best]) >= LEAST) {
                Some(best) => taken.push(drafts.remove(best)),
                None => break,
            }
        }
        taken
    }

    /// How much a draft is worth by itself.
    fn worth(&self, draft: &Draft) -> f64 {
        let mut quality: Vec<f64> = draft.media.iter().map(|(fact, _)| fact.quality()).collect();
        quality.sort_by(|a, b| b.total_cmp(a));
        quality.truncate(3);
        let quality = quality.iter().sum::<f64>() / quality.len().max(1) as f64;
        let round = match draft.years {
            1 => 0.1,
            years if years % 5 == 0 => 0.15,
            _ => 0.0,
        };
        let size = if draft.sides.is_some() { draft.fits } else { draft.media.len().min(8) as f64 / 8.0 };
        let people = if draft.media.iter().any(|(fact, _)| !fact.people.is_empty()) { 0.1 } else { 0.0 };
        let first = draft.media.first().map_or(0.0, |(fact, _)| chance(seed(self.today), fact.id));
        let worth = draft.kind.worth(self.today) + 0.5 * (quality - 0.5) + round + 0.2 * size + people + 0.1 * first;
        worth * self.wants.of_kind(draft.kind) * self.wanted_of(draft)
    }

    /// How much the pictures of a draft are wanted, on the whole.
    fn wanted_of(&self, draft: &Draft) -> f64 {
        let wants = draft.media.iter().map(|(fact, _)| self.want(fact));
        wants.sum::<f64>() / draft.media.len().max(1) as f64
    }

    /// What it costs that a draft repeats what was taken.
    fn repeats(&self, draft: &Draft, taken: &[Draft]) -> f64 {
        let event = |draft: &Draft| draft.media.first().and_then(|(fact, _)| fact.event.clone());
        let year = |draft: &Draft| draft.media.last().and_then(|(fact, _)| fact.taken).map(|taken| taken.year());
        let cost = |one: &Draft| {
            let same = |same: bool, cost: f64| if same { cost } else { 0.0 };
            same(one.kind == draft.kind, SAME_KIND)
                + same(event(one).is_some() && event(one) == event(draft), SAME_EVENT)
                + same(one.person.is_some() && one.person == draft.person, SAME_PERSON)
                + same(year(one) == year(draft), SAME_YEAR)
        };
        taken.iter().map(cost).sum()
    }
}

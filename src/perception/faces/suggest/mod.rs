//! Whom to ask about, so that one answer settles the most faces.
//!
//! A question is about a found group, or about a single face that stayed with nobody: "is this Anna?", or "who is this?"
//! when nobody comes near. How likely Anna is follows from the face and from its surroundings ([`features`]), weighed as
//! this library's confirmed faces teach ([`weigh`]). Questions come in the order of the faces that an answer is expected
//! to settle: their number times the probability of a yes.

pub mod features;
pub mod weigh;

use std::collections::{BTreeMap, HashSet};

pub use self::features::{Features, Reason, Scene};
pub use self::weigh::Weights;
use super::gallery::{Gallery, add, dot, unit};
use super::place::{Look, Whom, nearest};
use super::quality::Quality;

/// Somebody is not suggested below this probability.
const LEAST: f32 = 0.15;

/// How many people are weighed for one question: those whose faces are nearest.
const CONSIDERED: usize = 5;

/// How often "who is this?" about a group is answered with a name, as far as is known beforehand.
const NAMED: f32 = 0.3;

/// Confirmed faces that are learned from, at the most.
const LESSONS: usize = 1500;

/// Sum of faces' vectors, and the faces.
type Sum = (Vec<f32>, Vec<u32>);

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The faces that it is about.
    pub faces: Vec<u32>,
    /// The found group that they are, if they are one.
    pub group: Option<u32>,
    /// Who it may be; `None`: who is this?
    pub person: Option<u32>,
    /// How likely that is, 0–1.
    pub probability: f32,
    /// What speaks for it, the weightiest first.
    pub reasons: Vec<Reason>,
}

impl Question {
    /// Number of faces that an answer is expected to settle.
    fn worth(&self) -> f32 {
        self.faces.len() as f32 * if self.person.is_some() { self.probability } else { NAMED }
    }
}

/// What is asked about, and what with.
pub struct Inquiry<'i> {
    /// All faces.
    pub gallery: &'i Gallery,
    /// What surrounds the faces, by picture.
    pub scenes: &'i [Scene],
    /// Who can be suggested: the people with a name.
    pub named: &'i HashSet<u32>,
    /// People whom nobody wants to be asked about: hidden groups.
    pub silent: &'i HashSet<u32>,
}

impl Inquiry<'_> {
    /// The weights that this library teaches.
    pub fn learn(&self) -> Weights {
        let looks = self.looks();
        let known = features::Known::new(self.gallery, self.scenes);
        let confirmed: Vec<u32> = (0..self.gallery.faces.len() as u32).filter(|at| self.is_lesson(*at)).collect();
        // Evenly spread over the library, and always the same ones.
        let step = confirmed.len().div_ceil(LESSONS).max(1);
        let mut lessons = Vec::new();
        for &face in confirmed.iter().step_by(step) {
            let Some(person) = self.person_of(face) else { continue };
            let without = without(self.gallery, &looks, face);
            let near = nearest(&without, self.gallery.vector(face));
            let own = near.iter().any(|(whom, _)| *whom == Whom::Known(person));
            let others =
                near.iter().filter_map(|(whom, _)| known_person(*whom)).filter(|other| *other != person).take(3);
            for candidate in others.chain(own.then_some(person)) {
                let features = known.of(&[face], candidate, &near);
                lessons.push((features, candidate == person));
            }
        }
        weigh::learn(&lessons)
    }

    /// Questions, those first whose answer settles the most; at most `limit`.
    pub fn questions(&self, weights: &Weights, limit: usize) -> Vec<Question> {
        let looks = self.looks();
        let known = features::Known::new(self.gallery, self.scenes);
        let mut questions: Vec<Question> =
            self.subjects().into_iter().filter_map(|subject| self.ask(&looks, &known, weights, subject)).collect();
        questions.sort_by(|a, b| b.worth().total_cmp(&a.worth()).then_with(|| a.faces.cmp(&b.faces)));
        questions.truncate(limit);
        questions
    }

    fn person_of(&self, face: u32) -> Option<u32> {
        self.gallery.faces.get(face as usize)?.person
    }

    fn is_lesson(&self, face: u32) -> bool {
        self.gallery.faces.get(face as usize).is_some_and(|face| {
            face.fixed
                && face.quality >= Quality::Fair
                && face.person.is_some_and(|person| self.named.contains(&person))
        })
    }

    /// The looks of those who have a name, one a year.
    fn looks(&self) -> Vec<Look> {
        let mut sums: BTreeMap<(u32, Option<i32>), Sum> = BTreeMap::new();
        for (at, face) in self.gallery.faces.iter().enumerate() {
            let Some(person) = face.person.filter(|person| self.named.contains(person)) else { continue };
            if face.quality < Quality::Good {
                continue;
            }
            let (sum, members) =
                sums.entry((person, face.year)).or_insert_with(|| (vec![0.0; self.gallery.dimensions()], Vec::new()));
            add(sum, self.gallery.vector(at as u32));
            members.push(at as u32);
        }
        let look =
            |person: u32, (sum, members): Sum| Look { whom: Whom::Known(person), direction: unit(&sum), members };
        sums.into_iter().map(|((person, _), sum)| look(person, sum)).collect()
    }

    /// What can be asked about: found groups, and faces with nobody.
    fn subjects(&self) -> Vec<(Option<u32>, Vec<u32>)> {
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut subjects = Vec::new();
        for (at, face) in self.gallery.faces.iter().enumerate() {
            match face.person {
                Some(person) if !self.named.contains(&person) && !self.silent.contains(&person) => {
                    groups.entry(person).or_default().push(at as u32);
                }
                None if face.quality >= Quality::Fair => subjects.push((None, vec![at as u32])),
                _ => {}
            }
        }
        subjects.extend(groups.into_iter().map(|(group, faces)| (Some(group), faces)));
        subjects
    }

    fn ask(
        &self,
        looks: &[Look],
        known: &features::Known<'_>,
        weights: &Weights,
        (group, faces): (Option<u32>, Vec<u32>),
    ) -> Option<Question> {
        let mut sum = vec![0.0; self.gallery.dimensions()];
        faces.iter().for_each(|face| add(&mut sum, self.gallery.vector(*face)));
        let near = nearest(looks, &unit(&sum));
        let best = near
            .iter()
            .filter_map(|(whom, _)| known_person(*whom))
            .filter(|person| self.possible(group, &faces, *person))
            .take(CONSIDERED)
            .map(|person| (person, known.of(&faces, person, &near)))
            .map(|(person, features)| (weights.probability(&features), person, features))
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)))
            .filter(|(probability, ..)| *probability >= LEAST);
        match best {
            Some((probability, person, features)) => {
                let reasons = weights.reasons(&features);
                Some(Question { faces, group, person: Some(person), probability, reasons })
            }
            // A single stranger is not worth a question.
            None => group.map(|group| Question {
                faces,
                group: Some(group),
                person: None,
                probability: 0.0,
                reasons: Vec::new(),
            }),
        }
    }

    /// Whether the user has not ruled it out, and the person is not in one of the pictures already.
    fn possible(&self, group: Option<u32>, faces: &[u32], person: u32) -> bool {
        let ruled_out = group.is_some_and(|group| self.gallery.are_apart(group, person));
        !ruled_out
            && faces.iter().filter_map(|face| self.gallery.faces.get(*face as usize)).all(|face| {
                let there = self.scenes.get(face.picture as usize).is_some_and(|scene| scene.people.contains(&person));
                !there && !face.not.contains(&person)
            })
    }
}

fn known_person(whom: Whom) -> Option<u32> {
    match whom {
        Whom::Known(person) => Some(person),
        Whom::New(_) => None,
    }
}

/// The looks as they were without one face: it must not vouch for itself.
fn without(gallery: &Gallery, looks: &[Look], face: u32) -> Vec<Look> {
    let rest = |look: &Look| {
        if !look.members.contains(&face) {
            return Some(look.clone());
        }
        let members: Vec<u32> = look.members.iter().copied().filter(|member| *member != face).collect();
        let mut sum = vec![0.0; gallery.dimensions()];
        members.iter().for_each(|member| add(&mut sum, gallery.vector(*member)));
        let direction = unit(&sum);
        (dot(&direction, &direction) > 0.0).then_some(Look { whom: look.whom, direction, members })
    };
    looks.iter().filter_map(rest).collect()
}

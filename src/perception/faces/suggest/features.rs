//! What speaks for a face being somebody: the face, and what surrounds it.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::perception::faces::gallery::Gallery;
use crate::perception::faces::place::Whom;

/// Number of features.
pub const FEATURES: usize = 7;

/// The features of one face (or group) and one person, each about −1…1:
///
/// 0. likeness: cosine to the person's nearest look;
/// 1. lead: by how much that is above the next person's;
/// 2. company: how often the others in the picture are with this person, 0–1;
/// 3. event: share of the pictures whose event shows the person elsewhere;
/// 4. time: nearness in time of the person's other pictures, 0–1;
/// 5. clothes: likeness to what the person wears on that day, −1…1, 0 when unknown;
/// 6. written: share of the pictures whose files name the person without saying where.
pub type Features = [f32; FEATURES];

/// What speaks for a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The faces are alike.
    Likeness,
    /// Nobody else is as alike.
    Lead,
    /// The others in the picture are often with them.
    Company,
    /// They are seen elsewhere at the same event.
    Event,
    /// They are seen around that time.
    Time,
    /// They wear the same that day.
    Clothes,
    /// The file names them.
    Written,
}

impl Reason {
    /// The reasons in the order of the features.
    pub const ALL: [Self; FEATURES] =
        [Self::Likeness, Self::Lead, Self::Company, Self::Event, Self::Time, Self::Clothes, Self::Written];

    /// The stable word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Likeness => "likeness",
            Self::Lead => "lead",
            Self::Company => "company",
            Self::Event => "event",
            Self::Time => "time",
            Self::Clothes => "clothes",
            Self::Written => "written",
        }
    }
}

/// What surrounds the faces of a picture.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// Events that the picture is part of.
    pub events: Vec<u32>,
    /// Days since 1970, if it is dated.
    pub day: Option<i32>,
    /// Who is known to be in it.
    pub people: Vec<u32>,
    /// Who its file names without saying where.
    pub written: Vec<u32>,
    /// What is worn below each face, where it can be seen: the face, and a histogram of colours that sums to one.
    pub clothes: Vec<(u32, Vec<f32>)>,
}

/// What is worn in a picture: the picture, and shares of colours.
type Worn<'k> = (u32, &'k [f32]);

/// Where everybody is known to be.
pub struct Known<'k> {
    gallery: &'k Gallery,
    scenes: &'k [Scene],
    /// Pictures of a person.
    pictures: HashMap<u32, Vec<u32>>,
    /// Pictures that show both of two people, the smaller position first.
    pairs: HashMap<(u32, u32), u32>,
    /// Who is seen at an event, in how many pictures.
    at_event: HashMap<(u32, u32), u32>,
    /// What a person wears on a day, with the picture that shows it.
    worn: HashMap<(u32, i32), Vec<Worn<'k>>>,
}

impl<'k> Known<'k> {
    /// Counts who is where.
    pub fn new(gallery: &'k Gallery, scenes: &'k [Scene]) -> Self {
        let mut known = Self {
            gallery,
            scenes,
            pictures: HashMap::new(),
            pairs: HashMap::new(),
            at_event: HashMap::new(),
            worn: HashMap::new(),
        };
        for (picture, scene) in scenes.iter().enumerate() {
            let people: HashSet<u32> = scene.people.iter().copied().collect();
            for &person in &people {
                known.pictures.entry(person).or_default().push(picture as u32);
                for &event in &scene.events {
                    *known.at_event.entry((person, event)).or_default() += 1;
                }
                for &other in people.iter().filter(|other| **other > person) {
                    *known.pairs.entry((person, other)).or_default() += 1;
                }
            }
            let Some(day) = scene.day else { continue };
            for (face, colours) in &scene.clothes {
                if let Some(person) = gallery.faces.get(*face as usize).and_then(|face| face.person) {
                    known.worn.entry((person, day)).or_default().push((picture as u32, colours));
                }
            }
        }
        known
    }

    /// The features of `faces` being `person`, given how alike everybody is to them. What the pictures of the faces
    /// themselves say of the person does not count: a confirmed face must not vouch for itself.
    pub fn of(&self, faces: &[u32], person: u32, near: &[(Whom, f32)]) -> Features {
        let likeness =
            near.iter().find(|(whom, _)| *whom == Whom::Known(person)).map_or(0.0, |(_, likeness)| *likeness);
        let next = near.iter().find(|(whom, _)| *whom != Whom::Known(person)).map_or(0.0, |(_, likeness)| *likeness);
        let pictures: Vec<u32> = self.pictures_of(faces);
        let average = |of: &dyn Fn(u32) -> f32| {
            pictures.iter().map(|picture| of(*picture)).sum::<f32>() / pictures.len().max(1) as f32
        };
        [
            likeness,
            (likeness - next).clamp(-0.5, 0.5),
            average(&|picture| self.company(picture, person)),
            average(&|picture| self.event(picture, person)),
            average(&|picture| self.time(picture, person)),
            self.clothes(faces, person),
            average(&|picture| self.written(picture, person)),
        ]
    }

    fn pictures_of(&self, faces: &[u32]) -> Vec<u32> {
        let all = faces.iter().filter_map(|face| self.gallery.faces.get(*face as usize)).map(|face| face.picture);
        all.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    fn scene(&self, picture: u32) -> Option<&'k Scene> {
        self.scenes.get(picture as usize)
    }

    /// How often those beside a face are with the person: the average of their shares, each begun with one picture of
    /// four so that a single meeting proves little.
    fn company(&self, picture: u32, person: u32) -> f32 {
        let Some(scene) = self.scene(picture) else { return 0.0 };
        let here = u32::from(scene.people.contains(&person));
        let shares: BTreeMap<u32, f32> = scene
            .people
            .iter()
            .filter(|other| **other != person)
            .map(|other| {
                let both = self.pairs.get(&(person.min(*other), person.max(*other))).copied().unwrap_or(0);
                let alone = self.pictures.get(other).map_or(0, Vec::len) as f32 - 1.0;
                (*other, (both.saturating_sub(here) as f32 + 0.5) / (alone + 4.0))
            })
            .collect();
        if shares.is_empty() { 0.0 } else { shares.values().sum::<f32>() / shares.len() as f32 }
    }

    fn event(&self, picture: u32, person: u32) -> f32 {
        let Some(scene) = self.scene(picture) else { return 0.0 };
        let here = u32::from(scene.people.contains(&person));
        let seen =
            scene.events.iter().any(|event| self.at_event.get(&(person, *event)).is_some_and(|seen| *seen > here));
        f32::from(u8::from(seen))
    }

    /// 1 on the same day, a half after half a year.
    fn time(&self, picture: u32, person: u32) -> f32 {
        let Some(day) = self.scene(picture).and_then(|scene| scene.day) else { return 0.0 };
        let others = self.pictures.get(&person).into_iter().flatten().filter(|other| **other != picture);
        let apart = others.filter_map(|other| Some((self.scene(*other)?.day? - day).unsigned_abs())).min();
        apart.map_or(0.0, |days| 1.0 / (1.0 + days as f32 / 180.0))
    }

    /// The best likeness of what is worn to what the person wears that day: shared colours, less what strangers share.
    fn clothes(&self, faces: &[u32], person: u32) -> f32 {
        const STRANGERS_SHARE: f32 = 0.45;
        let mut best: Option<f32> = None;
        for &face in faces {
            let Some(picture) = self.gallery.faces.get(face as usize).map(|face| face.picture) else { continue };
            let Some(scene) = self.scene(picture) else { continue };
            let Some(day) = scene.day else { continue };
            let worn = scene.clothes.iter().filter(|(of, _)| *of == face);
            for (_, colours) in worn {
                for (other, theirs) in self.worn.get(&(person, day)).into_iter().flatten() {
                    if *other != picture {
                        let shared: f32 = colours.iter().zip(*theirs).map(|(a, b)| a.min(*b)).sum();
                        best = Some(best.unwrap_or(0.0).max(shared));
                    }
                }
            }
        }
        best.map_or(0.0, |shared| ((shared - STRANGERS_SHARE) / (1.0 - STRANGERS_SHARE)).clamp(-1.0, 1.0))
    }

    fn written(&self, picture: u32, person: u32) -> f32 {
        f32::from(u8::from(self.scene(picture).is_some_and(|scene| scene.written.contains(&person))))
    }
}

//! Who is who: places every face with a person, a new group, or nobody.
//!
//! First the good faces are joined into groups, starting from the people that are known: their faces of one year are one
//! group, because a child of three does not look like the same child of ten. A grown-up's years look alike and are soon
//! one group, a child's stay several: the looks of a person. Groups of two moments or more without a person become new,
//! unnamed people; a face that nobody else resembles stays with nobody. Then what is left, faces of fair quality among
//! it, is compared with the looks, and joins the nearest one if that is near and leads clearly.
//!
//! A face of a person resembles that person's look at 0.5 or more in 95 of 100 portraits, and a stranger's look at 0.3 or
//! less; hence 0.55 to join, and a lead of 0.1 over anybody else.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::cluster::{self, Group, Places, Watch};
use super::gallery::{Face, Gallery, dot, unit};
use super::quality::Quality;

/// How alike a face and a look must be.
const JOIN: f32 = 0.55;

/// By how much a look must lead over the next person's.
const LEAD: f32 = 0.10;

/// Moments that a new person must be seen in.
const LEAST_MOMENTS: usize = 2;

/// What is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Faces that came in; groups that were found stay and grow.
    Arrivals,
    /// Everything that nobody confirmed.
    Everything,
}

/// Whom a face is placed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whom {
    /// A person of the gallery.
    Known(u32),
    /// A person who is new: 0, 1, 2 …
    New(u32),
}

/// Where a face was placed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// With whom.
    pub whom: Whom,
    /// Cosine of the face and the look that it was placed by.
    pub likeness: f32,
}

/// A period of a person's life, as a reference to compare faces with.
#[derive(Debug, Clone)]
pub struct Look {
    /// Whose.
    pub whom: Whom,
    /// Direction of the average face.
    pub direction: Vec<f32>,
    /// Its faces.
    pub members: Vec<u32>,
}

/// Who is who.
#[derive(Debug, Clone, Default)]
pub struct Placement {
    /// By face.
    pub faces: Vec<Option<Placed>>,
    /// The looks that were found.
    pub looks: Vec<Look>,
}

/// Places faces. `None` when `watch` said to stop.
pub fn place(gallery: &Gallery, scope: Scope, watch: Watch<'_>) -> Option<Placement> {
    let mut places = Places::default();
    for face in gallery.faces.iter().filter(|face| stays(face, scope)) {
        face.person.into_iter().for_each(|person| places.take(person, face.picture));
    }
    let groups = cluster::join(gallery, groups(gallery, scope), places, watch)?;
    let absorbed = absorbed(gallery, &groups);
    let looks = looks(gallery, groups, scope);
    let mut placed: Vec<Option<Placed>> = vec![None; gallery.faces.len()];
    for (at, face) in gallery.faces.iter().enumerate() {
        if let Some(person) = face.person.filter(|_| stays(face, scope))
            && let Some(slot) = placed.get_mut(at)
        {
            let person = if face.fixed { person } else { absorbed.get(&person).copied().unwrap_or(person) };
            *slot = Some(Placed { whom: Whom::Known(person), likeness: f32::NAN });
        }
    }
    for look in &looks {
        for &face in &look.members {
            let fixed = gallery.faces.get(face as usize).is_some_and(|face| face.fixed);
            if let Some(slot) = placed.get_mut(face as usize).filter(|_| !fixed) {
                *slot = Some(Placed { whom: look.whom, likeness: f32::NAN });
            }
        }
    }
    join_looks(gallery, &looks, &mut placed, JOIN, LEAD);
    measure(gallery, &looks, &mut placed);
    Some(Placement { faces: placed, looks })
}

/// Whether a face keeps its person.
fn stays(face: &Face, scope: Scope) -> bool {
    face.fixed || scope == Scope::Arrivals
}

/// How alike an animal and an example must be: two pictures of one animal have 0.71 to 0.95, of two of a kind up to 0.72.
const JOIN_PET: f32 = 0.68;

/// By how much an animal must lead over the next.
const LEAD_PET: f32 = 0.01;

/// Places animals with those whom the user named, by the nearest example. Unknown animals stay with nobody: there are too
/// many that look alike to found somebody on it.
pub fn place_pets(gallery: &Gallery) -> Placement {
    let fixed = gallery.faces.iter().enumerate().filter(|(_, face)| face.fixed);
    let looks: Vec<Look> = fixed
        .filter_map(|(at, face)| {
            let whom = Whom::Known(face.person?);
            Some(Look { whom, direction: gallery.vector(at as u32).to_vec(), members: vec![at as u32] })
        })
        .collect();
    let known = |face: &Face| face.person.filter(|_| face.fixed);
    let mut placed: Vec<Option<Placed>> = gallery
        .faces
        .iter()
        .map(|face| known(face).map(|person| Placed { whom: Whom::Known(person), likeness: f32::NAN }))
        .collect();
    join_looks(gallery, &looks, &mut placed, JOIN_PET, LEAD_PET);
    measure(gallery, &looks, &mut placed);
    Placement { faces: placed, looks }
}

/// What joining starts from: each person's good faces of one year together, every other good face alone.
fn groups(gallery: &Gallery, scope: Scope) -> Vec<Group> {
    let mut of_person: BTreeMap<(u32, Option<i32>), Group> = BTreeMap::new();
    let mut alone = Vec::new();
    for (at, face) in gallery.faces.iter().enumerate().filter(|(_, face)| face.quality == Quality::Good) {
        let group = Group::of(gallery, at as u32);
        let kept = face.person.filter(|_| stays(face, scope));
        let Some(person) = kept else {
            alone.push(Group { fresh: face.fresh || scope == Scope::Everything, ..group });
            continue;
        };
        // A group that was found has no periods: it is one look by the way it was found.
        let year = face.year.filter(|_| gallery.is_fixed(person));
        match of_person.entry((person, year)) {
            std::collections::btree_map::Entry::Occupied(mut known) => known.get_mut().absorb(&group),
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(Group { person: Some(person), ..group });
            }
        }
    }
    for ((person, _), group) in &mut of_person {
        // The years of those who are known are few, and are compared with everything each time. A found group is
        // compared again only when all are: of the groups found before it is known that they are not alike.
        group.fresh = scope == Scope::Everything || gallery.is_fixed(*person);
    }
    of_person.into_values().chain(alone).collect()
}

/// Found groups that turned out to be somebody else: all their faces follow.
fn absorbed(gallery: &Gallery, groups: &[Group]) -> HashMap<u32, u32> {
    let mut followed = HashMap::new();
    for group in groups {
        let Some(person) = group.person else { continue };
        for &member in &group.members {
            let before = gallery.faces.get(member as usize).filter(|face| !face.fixed).and_then(|face| face.person);
            if let Some(before) = before.filter(|before| *before != person && !gallery.is_fixed(*before)) {
                followed.insert(before, person);
            }
        }
    }
    followed
}

/// The groups that are somebody: known people, and those found.
fn looks(gallery: &Gallery, groups: Vec<Group>, scope: Scope) -> Vec<Look> {
    let mut looks = Vec::new();
    let mut found = Vec::new();
    for group in groups {
        let direction = unit(&group.sum);
        match group.person {
            Some(person) => looks.push(Look { whom: Whom::Known(person), direction, members: group.members }),
            None if moments(gallery, &group) >= LEAST_MOMENTS => found.push((direction, group.members)),
            None => {}
        }
    }
    let before = if scope == Scope::Everything { earlier(gallery, &found) } else { HashMap::new() };
    let mut new = 0;
    for (at, (direction, members)) in found.into_iter().enumerate() {
        let whom = before.get(&at).map_or_else(
            || {
                new += 1;
                Whom::New(new - 1)
            },
            |person| Whom::Known(*person),
        );
        looks.push(Look { whom, direction, members });
    }
    looks
}

fn moments(gallery: &Gallery, group: &Group) -> usize {
    let moments: HashSet<u32> =
        group.members.iter().filter_map(|face| gallery.faces.get(*face as usize)).map(|face| face.moment).collect();
    moments.len()
}

/// Which found group was which unnamed person before, so that people keep their identity: the pairs that share most
/// faces first, each group and each person once.
fn earlier(gallery: &Gallery, found: &[(Vec<f32>, Vec<u32>)]) -> HashMap<usize, u32> {
    let mut shared: BTreeMap<(usize, u32), usize> = BTreeMap::new();
    for (at, (_, members)) in found.iter().enumerate() {
        for person in members.iter().filter_map(|face| gallery.faces.get(*face as usize)?.person) {
            if !gallery.is_fixed(person) {
                *shared.entry((at, person)).or_default() += 1;
            }
        }
    }
    let mut shared: Vec<_> = shared.into_iter().collect();
    shared.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let (mut groups, mut people) = (HashMap::new(), HashSet::new());
    for ((at, person), _) in shared {
        if !groups.contains_key(&at) && people.insert(person) {
            groups.insert(at, person);
        }
    }
    groups
}

/// The best look of each person for a face, the nearest person first.
pub fn nearest(looks: &[Look], vector: &[f32]) -> Vec<(Whom, f32)> {
    let mut best: BTreeMap<Whom, f32> = BTreeMap::new();
    for look in looks {
        let likeness = dot(&look.direction, vector);
        let entry = best.entry(look.whom).or_insert(likeness);
        *entry = entry.max(likeness);
    }
    let mut best: Vec<_> = best.into_iter().collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    best
}

/// Places what is left with the nearest look, the surest first.
fn join_looks(gallery: &Gallery, looks: &[Look], placed: &mut [Option<Placed>], join: f32, lead: f32) {
    let mut taken: HashSet<(u32, Whom)> = gallery
        .faces
        .iter()
        .zip(&*placed)
        .filter_map(|(face, placed)| Some((face.picture, placed.as_ref()?.whom)))
        .collect();
    let left: Vec<u32> = gallery
        .faces
        .iter()
        .zip(&*placed)
        .enumerate()
        .filter(|(_, (face, placed))| placed.is_none() && face.quality >= Quality::Fair)
        .map(|(at, _)| at as u32)
        .collect();
    let mut sure: Vec<(f32, u32, Whom)> = left
        .par_iter()
        .filter_map(|&at| {
            let face = gallery.faces.get(at as usize)?;
            let near = nearest(looks, gallery.vector(at));
            let refused = |whom: Whom| matches!(whom, Whom::Known(person) if face.not.contains(&person));
            let mut near = near.into_iter().filter(|(whom, _)| !refused(*whom));
            let (whom, likeness) = near.next()?;
            let next = near.next().map_or(-1.0, |(_, likeness)| likeness);
            (likeness >= join && likeness - next >= lead).then_some((likeness, at, whom))
        })
        .collect();
    sure.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    for (likeness, at, whom) in sure {
        let Some(face) = gallery.faces.get(at as usize) else { continue };
        if taken.insert((face.picture, whom))
            && let Some(slot) = placed.get_mut(at as usize)
        {
            *slot = Some(Placed { whom, likeness });
        }
    }
}

/// Says of every placed face how alike it is to its person.
fn measure(gallery: &Gallery, looks: &[Look], placed: &mut [Option<Placed>]) {
    let mut of: HashMap<Whom, Vec<&Look>> = HashMap::new();
    for look in looks {
        of.entry(look.whom).or_default().push(look);
    }
    for (at, slot) in placed.iter_mut().enumerate() {
        if let Some(placed) = slot.as_mut() {
            let vector = gallery.vector(at as u32);
            let likeness = of.get(&placed.whom).into_iter().flatten().map(|look| dot(&look.direction, vector));
            placed.likeness = likeness.fold(0.0, f32::max);
        }
    }
}

//! Finds the themes of a library, and says what sets each apart.
//!
//! Reading is left to [`super::gather`], deciding to pure functions, which run beside the async threads.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::cluster::Clusters;
use super::feasts::{birthdays, feasts};
use super::gather::{self, Material, beside};
use super::keywords::keywords;
use super::places::places;
use super::recurrence::{Picture, occasions, recurs};
use super::telling::{Evidence, Said, Word, says_too_little, telling};
use super::{Alike, Draft, Kind, Subject, Told};
use crate::library::seen::Model;
use crate::library::themes::NewTheme;
use crate::library::{Library, LibraryError};

/// Themes of alike pictures, at the most: the largest.
const MOST_LOOKS: usize = 30;
/// Groups of alike pictures that the rest of a large library is compared with: the largest that come back.
const CANDIDATES: usize = 4 * MOST_LOOKS;
/// Places, at the most: those of most pictures.
const MOST_PLACES: usize = 12;
/// Pictures of a theme of alike pictures, at least.
const LEAST_LOOKS: usize = 5;
/// Two themes that share more than this of the pictures of both are one, in hundredths.
const SAME: usize = 50;
/// Pictures of a theme whose words are read, at the most.
const READ: usize = 200;
/// Pictures of the whole library whose words are read, at the most.
const READ_OTHERS: usize = 2000;
/// Vectors that are told to a group at once.
const BATCH: usize = 1000;

/// The themes of a library; `model`: whose vectors are compared, if there are any.
pub(super) async fn find(library: &Library, model: Option<&Model>) -> Result<Vec<NewTheme>, LibraryError> {
    let material = Arc::new(gather::material(library).await?);
    let known = beside({
        let material = Arc::clone(&material);
        move || by_knowledge(&material)
    })
    .await?;
    let looks = match model {
        Some(model) => by_looks(library, model, &material.pictures).await?,
        None => Vec::new(),
    };
    let (mut drafts, words) = known;
    let alike: HashMap<usize, Alike> =
        looks.iter().enumerate().map(|(at, (_, alike))| (drafts.len() + at, *alike)).collect();
    drafts.extend(looks.into_iter().map(|(draft, _)| draft));
    drafts.extend(words);
    let kept = distinct(&drafts);
    let drafts: Arc<[Draft]> = drafts.into();
    let evidence = evidence(library, Arc::clone(&material), Arc::clone(&drafts), kept.clone()).await?;
    kept.into_iter()
        .zip(evidence)
        .filter_map(|(at, evidence)| Some((at, evidence?)))
        .map(|(at, evidence)| {
            let Draft { kind, origin, subject, members } = &drafts[at];
            let occasions = occasions(&material.pictures, members).len();
            let told = Told { subject: subject.clone(), evidence, occasions, alike: alike.get(&at).copied() };
            Ok(NewTheme {
                kind: kind.name(),
                origin: origin.clone(),
                told: serde_json::to_string(&told)?,
                media: members.iter().map(|&member| material.pictures[member].id).collect(),
            })
        })
        .collect()
}

/// What comes back without a look at a picture: feasts, birthdays and places; and keywords, which count after looks.
fn by_knowledge(material: &Material) -> (Vec<Draft>, Vec<Draft>) {
    let mut drafts = feasts(&material.pictures, &material.named, material.country.as_deref());
    drafts.extend(birthdays(&material.pictures, &material.born));
    drafts.extend(places(&material.pictures).into_iter().take(MOST_PLACES));
    (drafts, keywords(&material.pictures, material.keywords.clone()))
}

/// Alike pictures that come back, the largest theme first.
async fn by_looks(library: &Library, model: &Model, pictures: &[Picture]) -> Result<Vec<(Draft, Alike)>, LibraryError> {
    let (sample, vectors) = gather::vectors(library, model, pictures).await?;
    let days: Vec<u32> = days(pictures, &sample);
    let (mut clusters, alike) = beside(move || {
        let clusters = Clusters::find(&vectors, &days);
        let groups = 0..clusters.members.len();
        let alike: Vec<(f32, f32)> = groups.map(|group| clusters.coherence(&vectors, &days, group)).collect();
        (clusters, alike)
    })
    .await?;
    let of = |group: &Vec<u32>| -> Vec<usize> { group.iter().map(|&at| sample[at as usize]).collect() };
    let mut groups: Vec<usize> = (0..alike.len())
        .filter(|&group| alike[group].0 >= alike[group].1 && recurs(pictures, &of(&clusters.members[group])))
        .collect();
    groups.sort_by_key(|&group| std::cmp::Reverse(clusters.members[group].len()));
    groups.truncate(CANDIDATES);
    let mut members: Vec<Vec<usize>> = groups.iter().map(|&group| of(&clusters.members[group])).collect();
    clusters.keep(&groups);
    let clusters = Arc::new(clusters);
    let known: HashSet<usize> = sample.into_iter().collect();
    let rest: Vec<usize> = (0..pictures.len()).filter(|at| !known.contains(at)).collect();
    for some in rest.chunks(BATCH) {
        let vectors = gather::vectors_of(library, model, pictures, some).await?;
        let clusters = Arc::clone(&clusters);
        let found = move || -> Vec<(usize, usize)> {
            vectors.iter().filter_map(|(at, vector)| Some((clusters.of(vector)?, *at))).collect()
        };
        for (group, at) in beside(found).await? {
            members[group].push(at);
        }
    }
    let mut found: Vec<(Draft, Alike)> = Vec::new();
    for (mut members, group) in members.into_iter().zip(groups) {
        let (average, least) = alike[group];
        members.sort_unstable();
        if members.len() >= LEAST_LOOKS && recurs(pictures, &members) {
            let draft = Draft { kind: Kind::Looks, origin: String::new(), subject: Subject::Looks, members };
            let round = |value: f32| (value * 100.0).round() / 100.0;
            found.push((draft, Alike { average: round(average), least: round(least) }));
        }
    }
    found.sort_by_key(|(draft, _)| std::cmp::Reverse(draft.members.len()));
    found.truncate(MOST_LOOKS);
    Ok(found)
}

/// The days of pictures, as numbers.
fn days(pictures: &[Picture], places: &[usize]) -> Vec<u32> {
    let mut known: HashMap<_, u32> = HashMap::new();
    let day = |&at: &usize| {
        let next = known.len() as u32;
        *known.entry(pictures[at].taken.date()).or_insert(next)
    };
    places.iter().map(day).collect()
}

/// The places of themes that are not much the same as one before them.
fn distinct(drafts: &[Draft]) -> Vec<usize> {
    let sets: Vec<BTreeSet<usize>> = drafts.iter().map(|draft| draft.members.iter().copied().collect()).collect();
    let mut kept: Vec<usize> = Vec::new();
    for at in 0..drafts.len() {
        let same = |other: &usize| {
            let shared = sets[at].intersection(&sets[*other]).count();
            shared * 100 > (sets[at].len() + sets[*other].len() - shared) * SAME
        };
        if !kept.iter().any(same) {
            kept.push(at);
        }
    }
    kept
}

/// What sets each of these themes apart; `None` of alike pictures that nothing does.
async fn evidence(
    library: &Library,
    material: Arc<Material>,
    drafts: Arc<[Draft]>,
    kept: Vec<usize>,
) -> Result<Vec<Option<Vec<Evidence>>>, LibraryError> {
    let others = gather::spread(material.pictures.len(), READ_OTHERS);
    let mut wanted: BTreeSet<usize> = others.iter().copied().collect();
    wanted.extend(kept.iter().flat_map(|&at| part(&drafts[at])));
    let wanted: Vec<usize> = wanted.into_iter().collect();
    let said = gather::said(library, &material.pictures, &wanted, &material.names).await?;
    beside(move || kept.into_iter().map(|at| told(&material.pictures, &drafts[at], &others, &said)).collect()).await
}

/// The pictures of a theme whose words are read.
fn part(draft: &Draft) -> Vec<usize> {
    gather::spread(draft.members.len(), READ).into_iter().map(|at| draft.members[at]).collect()
}

/// What sets a theme apart from the others among the pictures whose words were read. Alike pictures are a theme by what
/// they show: where that is what the whole library shows, they are none.
fn told(
    pictures: &[Picture],
    draft: &Draft,
    others: &[usize],
    said: &HashMap<usize, Vec<Word>>,
) -> Option<Vec<Evidence>> {
    let words = |at: &usize| said.get(at).map_or(&[][..], Vec::as_slice);
    let within: HashSet<usize> = draft.members.iter().copied().collect();
    let mut inside: Vec<Said<'_>> = Vec::new();
    for (occasion, members) in occasions(pictures, &part(draft)).into_iter().enumerate() {
        inside.extend(members.iter().map(|at| Said { words: words(at), occasion }));
    }
    let outside: Vec<&[Word]> = others.iter().filter(|at| !within.contains(at)).map(words).collect();
    let evidence = telling(&inside, &outside);
    (draft.kind != Kind::Looks || !says_too_little(&inside, &evidence)).then_some(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_themes_that_are_much_the_same_the_first_counts() {
        let draft = |members: &[usize]| Draft {
            kind: Kind::Looks,
            origin: String::new(),
            subject: Subject::Looks,
            members: members.to_vec(),
        };
        let drafts = [draft(&[1, 2, 3, 4]), draft(&[2, 3, 4, 5]), draft(&[4, 5, 6, 7]), draft(&[1])];
        assert_eq!(distinct(&drafts), [0, 2, 3]);
    }
}

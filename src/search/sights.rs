//! What is believed of what models saw, in everyday words.
//!
//! Models have names of their own for what they see: 80 of things, 1,000 of pictures, most of them breeds and tools. The
//! table `data/sights.tsv` puts them under the words that people use, with other words for the same and the kinds they
//! are of: a "schipperke" is a dog, a dog is an animal and a pet. Certainties of labels under one word add up (which of 118
//! breeds it is does not matter), and a thing that a detector and a classifier see is more certain than either says.
//!
//! **Calibration.** Measured on 228 pictures whose things are known (COCO): of the things that the detector gives 0.5 to
//! 0.6, two of three are there; from 0.7 on four of five, and what is missing from the truth is mostly there too. Below
//! 0.5 it is a guess. Labels were looked at by eye: from 0.6 on nearly all fit or are close. Hence 0.5 and 0.6, and more
//! for the words that were wrong more often. Nothing was fitted to questions.
//!
//! The frames of a video are believed like photos; but with many of them a guess comes up somewhere. Of those pictures, taken
//! twenty at a time as if they were a film, the detector names 2.0 things that none shows (one picture: 0.3); from a
//! certainty of 0.7 on it names 1.0. Hence what a frame shows and its neighbours do not must have 0.7; what two frames that
//! follow each other show is no chance.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::document::SourceField;
use crate::library::moments::{Moment, join};
use crate::library::seen::Seen;

/// A thing that a detector is less sure of is not believed.
const LEAST_OBJECT: f32 = 0.5;
/// Neither is a label that the classifier is less sure of.
const LEAST_LABEL: f32 = 0.6;
/// What other words for the same, and kinds, are worth of the certainty of the word itself.
const OTHER_WORDS: f32 = 0.95;
/// A video of more frames than these has many chances to be taken for something that is not there …
const FEW_FRAMES: usize = 3;
/// … so what one frame shows and its neighbours do not must be as certain as this.
const LONE_FRAME: f32 = 0.7;

/// Something believed to be in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// The word.
    pub word: String,
    /// How certain, 0–1.
    pub certainty: f32,
    /// Whether it is what was seen, rather than another word or a kind of it.
    pub own: bool,
}

/// One line of the table.
struct Row {
    word: &'static str,
    others: Vec<&'static str>,
    kinds: Vec<&'static str>,
    least: Option<f32>,
}

struct Table {
    rows: Vec<Row>,
    /// Rows by the detector's class.
    objects: HashMap<&'static str, Vec<usize>>,
    /// Rows by the classifier's label.
    labels: HashMap<&'static str, Vec<usize>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { rows: Vec::new(), objects: HashMap::new(), labels: HashMap::new() };
    for line in include_str!("data/sights.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let list = |cell: &'static str, mark: char| cell.split(mark).filter(|part| !part.is_empty()).collect();
        let (word, others, kinds) = (cell(), list(cell(), ','), list(cell(), ','));
        let (objects, labels): (Vec<_>, Vec<_>) = (list(cell(), '|'), list(cell(), '|'));
        let least = cell().parse().ok();
        let at = table.rows.len();
        objects.into_iter().for_each(|class| table.objects.entry(class).or_default().push(at));
        labels.into_iter().for_each(|label| table.labels.entry(label).or_default().push(at));
        table.rows.push(Row { word, others, kinds, least });
    }
    table
});

/// What is believed of all that is seen in a medium: of a video, what any of its frames shows, as certain as the surest of
/// them. `frames`: the time that each frame of a video stands for.
pub fn of(seen: &Seen, frames: &[(i64, i64)]) -> Vec<Sight> {
    let mut sights: BTreeMap<String, Sight> = BTreeMap::new();
    for sight in by_frame(seen, frames).into_values().flatten() {
        let known = sights.entry(sight.word.clone()).or_insert_with(|| sight.clone());
        known.certainty = known.certainty.max(sight.certainty);
        known.own |= sight.own;
    }
    surest_first(sights)
}

/// What is believed of each picture of a medium, by its time; `None` is a photo or a poster. See [`believed`]; of a video
/// with many frames what only one shows must be surer.
pub fn by_frame(seen: &Seen, frames: &[(i64, i64)]) -> BTreeMap<Option<i64>, Vec<Sight>> {
    let mut told: BTreeMap<Option<i64>, (Vec<_>, Vec<_>)> = BTreeMap::new();
    for (object, _) in &seen.objects {
        told.entry(object.frame_ms).or_default().0.push((object.label.as_str(), object.score as f32));
    }
    for (label, _) in &seen.labels {
        told.entry(label.frame_ms).or_default().1.push((label.label.as_str(), label.score as f32));
    }
    let sights: BTreeMap<Option<i64>, Vec<Sight>> =
        told.into_iter().map(|(at, (objects, labels))| (at, believed(objects, labels))).collect();
    if frames.len() <= FEW_FRAMES { sights } else { confirmed(&sights, frames) }
}

/// What is sure, or is seen in the frame before or after as well. The poster is one of the frames once more: it is
/// confirmed by any and confirms none.
fn confirmed(sights: &BTreeMap<Option<i64>, Vec<Sight>>, frames: &[(i64, i64)]) -> BTreeMap<Option<i64>, Vec<Sight>> {
    let shows = |at: usize, word: &str| {
        let of = frames.get(at).and_then(|span| sights.get(&Some(span.0)));
        of.is_some_and(|sights| sights.iter().any(|sight| sight.word == word))
    };
    let is_confirmed = |at: Option<i64>, word: &str| match at {
        None => (0..frames.len()).any(|frame| shows(frame, word)),
        Some(at) => frames.iter().position(|span| span.0 == at).is_some_and(|frame| {
            shows(frame + 1, word) || frame.checked_sub(1).is_some_and(|before| shows(before, word))
        }),
    };
    let kept = |(at, sights): (&Option<i64>, &Vec<Sight>)| {
        let sure = |sight: &&Sight| sight.certainty >= LONE_FRAME || is_confirmed(*at, &sight.word);
        (*at, sights.iter().filter(sure).cloned().collect())
    };
    sights.iter().map(kept).collect()
}

/// Where in a video each thing is seen, one by one; empty for photos.
pub fn moments(seen: &Seen, frames: &[(i64, i64)]) -> Vec<Moment> {
    let mut things: BTreeMap<String, Vec<Moment>> = BTreeMap::new();
    for (at, sights) in by_frame(seen, frames) {
        let Some((start_ms, end_ms)) = at.and_then(|at| frames.iter().find(|span| span.0 == at).copied()) else {
            continue;
        };
        for sight in sights.into_iter().filter(|sight| sight.own) {
            let (frame_ms, why) = (Some(start_ms), vec![format!("{}: {}", SourceField::Seen.label(), sight.word)]);
            let moment = Moment { start_ms, end_ms, frame_ms, score: sight.certainty, why };
            things.entry(sight.word).or_default().push(moment);
        }
    }
    things.into_values().flat_map(join).collect()
}

fn surest_first(sights: BTreeMap<String, Sight>) -> Vec<Sight> {
    let mut sights: Vec<Sight> = sights.into_values().collect();
    sights.sort_by(|a, b| b.certainty.total_cmp(&a.certainty).then(b.own.cmp(&a.own)).then(a.word.cmp(&b.word)));
    sights
}

/// What is believed of things and labels, given by the models' names and certainties: the surest first, each word once.
pub fn believed<'a>(
    objects: impl IntoIterator<Item = (&'a str, f32)>,
    labels: impl IntoIterator<Item = (&'a str, f32)>,
) -> Vec<Sight> {
    let table = &*TABLE;
    let mut things: BTreeMap<usize, f32> = BTreeMap::new();
    let mut shown: BTreeMap<usize, f32> = BTreeMap::new();
    let mut sights: BTreeMap<String, Sight> = BTreeMap::new();
    for (class, score) in objects {
        match table.objects.get(class) {
            Some(rows) => rows.iter().for_each(|row| {
                let best = things.entry(*row).or_default();
                *best = best.max(score);
            }),
            None => see(&mut sights, class, score, LEAST_OBJECT, true),
        }
    }
    for (label, score) in labels {
        for row in table.labels.get(label).into_iter().flatten() {
            *shown.entry(*row).or_default() += score;
        }
        see(&mut sights, label, score, LEAST_LABEL, true);
    }
    for (at, row) in table.rows.iter().enumerate() {
        let (thing, label) = (things.get(&at).copied().unwrap_or(0.0), shown.get(&at).copied().unwrap_or(0.0).min(1.0));
        let certainty = 1.0 - (1.0 - thing) * (1.0 - label);
        let least = |usual| row.least.unwrap_or(usual);
        let believed = thing >= least(LEAST_OBJECT) || label >= least(LEAST_LABEL) || certainty >= least(LEAST_LABEL);
        if believed && certainty > 0.0 {
            see(&mut sights, row.word, certainty, 0.0, true);
            for other in row.others.iter().chain(&row.kinds) {
                see(&mut sights, other, certainty * OTHER_WORDS, 0.0, false);
            }
        }
    }
    surest_first(sights)
}

fn see(sights: &mut BTreeMap<String, Sight>, word: &str, certainty: f32, least: f32, own: bool) {
    if certainty < least {
        return;
    }
    // "maillot, tank suit" and "crane 2" tell labels of one name apart.
    let word = word.split(',').next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let word = word.to_lowercase();
    let sight = sights.entry(word.clone()).or_insert(Sight { word, certainty: 0.0, own });
    sight.certainty = sight.certainty.max(certainty.min(1.0));
    sight.own |= own;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::seen::{Model, SeenObject};

    fn words(objects: &[(&str, f32)], labels: &[(&str, f32)]) -> Vec<(String, f32)> {
        believed(objects.iter().copied(), labels.iter().copied()).into_iter().map(|s| (s.word, s.certainty)).collect()
    }

    fn has(found: &[(String, f32)], word: &str) -> bool {
        found.iter().any(|(known, _)| known == word)
    }

    #[test]
    fn breeds_add_up_to_a_dog_and_a_dog_is_an_animal() {
        let found = words(&[], &[("schipperke", 0.4), ("kelpie", 0.35), ("tabby", 0.05)]);
        assert!(has(&found, "dog") && has(&found, "animal") && has(&found, "pet"));
        assert!(!has(&found, "schipperke") && !has(&found, "cat"));
        assert!(has(&words(&[], &[("golden retriever", 0.8)]), "golden retriever"));
    }

    #[test]
    fn guesses_are_not_believed_but_two_models_that_agree_are() {
        assert!(words(&[("cup", 0.4)], &[("coffee mug", 0.3)]).is_empty());
        let found = words(&[("banana", 0.45)], &[("banana", 0.5)]);
        assert!(has(&found, "banana") && has(&found, "fruit") && has(&found, "food"));
        assert!(words(&[("bear", 0.6)], &[]).is_empty(), "what models are often wrong about takes more");
    }

    fn film(objects: &[(i64, &str, f64)], frames: usize) -> (Seen, Vec<(i64, i64)>) {
        let model = Model { model: "eye".into(), version: "1".into() };
        let object = |(at, label, score): &(i64, &str, f64)| {
            let label = (*label).to_owned();
            let object = SeenObject { frame_ms: Some(at * 1000), label, score: *score, x: 0.0, y: 0.0, w: 0.5, h: 0.5 };
            (object, model.clone())
        };
        let seen = Seen { objects: objects.iter().map(object).collect(), ..Seen::default() };
        (seen, (0..frames as i64).map(|at| (at * 1000, (at + 1) * 1000)).collect())
    }

    #[test]
    fn what_one_of_many_frames_shows_must_be_sure_or_shown_again() {
        let found = |objects: &[(i64, &str, f64)], frames| -> Vec<String> {
            let (seen, frames) = film(objects, frames);
            of(&seen, &frames).into_iter().filter(|sight| sight.own).map(|sight| sight.word).collect()
        };
        assert_eq!(found(&[(1, "dog", 0.55)], 2), ["dog"], "a short clip is like a photo");
        assert!(found(&[(1, "dog", 0.55)], 30).is_empty());
        assert_eq!(found(&[(1, "dog", 0.75)], 30), ["dog"]);
        assert_eq!(found(&[(1, "dog", 0.55), (2, "dog", 0.52)], 30), ["dog"]);
        assert!(found(&[(1, "dog", 0.55), (9, "dog", 0.55)], 30).is_empty());
    }

    #[test]
    fn a_long_video_is_no_surer_than_its_best_frame() {
        let many: Vec<(i64, &str, f64)> = (0..30).map(|at| (at, "dog", 0.6)).collect();
        let (seen, frames) = film(&many, 30);
        let dog = of(&seen, &frames).into_iter().find(|sight| sight.word == "dog").unwrap();
        assert!((dog.certainty - 0.6).abs() < 1e-6);
        let (seen, frames) = film(&[(0, "dog", 0.8), (1, "dog", 0.9), (5, "dog", 0.8), (2, "cat", 0.9)], 8);
        let found = moments(&seen, &frames);
        let spans: Vec<_> = found.iter().map(|m| (m.why[0].as_str(), m.start_ms, m.end_ms)).collect();
        assert_eq!(spans, [("seen: cat", 2000, 3000), ("seen: dog", 0, 2000), ("seen: dog", 5000, 6000)]);
    }

    #[test]
    fn a_place_is_called_as_people_call_it() {
        let found = words(&[], &[("seashore", 0.5), ("sandbar", 0.2)]);
        assert!(has(&found, "beach") && has(&found, "sea"));
        assert!(has(&words(&[], &[("alp", 0.7)]), "mountain"));
        assert!(has(&words(&[], &[("lakeside", 0.7)]), "lake"));
    }

    #[test]
    fn labels_of_one_name_are_told_apart_and_unknown_ones_are_words_themselves() {
        assert!(has(&words(&[], &[("crane", 0.9)]), "crane"));
        assert!(has(&words(&[], &[("crane 2", 0.9)]), "construction crane"));
        assert!(has(&words(&[("unicorn", 0.9)], &[]), "unicorn"));
    }

    #[test]
    fn words_for_things_and_kinds_are_known_in_every_language() {
        let known = include_str!("../assistant/understand/data/translations.tsv");
        let known: Vec<&str> = known.lines().filter(|line| line.split('\t').count() == 5).collect();
        let things = TABLE.objects.values().flatten().map(|row| TABLE.rows[*row].word);
        for word in things.chain(TABLE.rows.iter().flat_map(|row| row.kinds.iter().copied())) {
            assert!(known.iter().any(|line| line.split('\t').next() == Some(word)), "{word} has no translation");
        }
    }

    #[test]
    fn every_class_of_the_detector_has_a_word() {
        assert_eq!(TABLE.objects.len(), 80);
        assert!(TABLE.rows.iter().all(|row| row.least.is_none_or(|least| (0.5..1.0).contains(&least))));
    }
}

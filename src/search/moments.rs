//! Where in a video something is: the frames that show what a question asks for, and what they say of the whole video.
//!
//! A video is worth what its best frame shows, as a photo is worth what it shows: a dog in the first minute and a beach in
//! the fourth are no dog on a beach, and sixty frames are no sixty hits. What stands beside the frames (title, place,
//! people) counts for each of them. Pure: what counts as a word is decided by the caller.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::document::SourceField;
use super::passages::{Passage, moment_of, quote};
use crate::library::lettering::TextLine;
use crate::library::moments::{Moment, best, frame_at};

/// Least share of what the best frame shows that another must show to be a moment.
const OF_BEST: f32 = 0.7;

/// What is known of one picture of a video.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrameText {
    /// The time that it stands for, milliseconds; `None` for the poster, whose time is not known.
    #[serde(rename = "t")]
    pub span: Option<(i64, i64)>,
    /// What it shows, each in words with a certainty, 0–1.
    #[serde(rename = "w")]
    pub texts: Vec<(SourceField, String, f32)>,
}

/// A word of a question.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AskedWord {
    /// How much it tells against the others.
    pub weight: f32,
    /// The ways to say it, each with what it is worth, 0–1, and its terms as they stand in the index; the best first. An
    /// animal is worth less than the dog that was asked for.
    pub ways: Vec<(f32, HashSet<String>)>,
}

impl AskedWord {
    /// What a text is worth as this word. `says`: whether it has one of the terms.
    fn worth(&self, mut says: impl FnMut(&HashSet<String>) -> bool) -> f32 {
        self.ways.iter().find(|(_, terms)| says(terms)).map_or(0.0, |(worth, _)| *worth)
    }
}

/// One way to say all that is asked.
pub(super) type Wording = Vec<AskedWord>;

/// What the frames of a video show of a question.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Shown {
    /// By frame: the share of what is asked for, 0–1.
    pub shares: Vec<f32>,
    /// The share that all of them together show.
    pub anywhere: f32,
    /// By frame: the texts that say so.
    texts: Vec<Vec<usize>>,
}

impl Shown {
    /// What the frames show of the wording of which they show most. `says`: whether a text of a field has one of the terms.
    pub fn new(
        frames: &[FrameText],
        wordings: &[Wording],
        mut says: impl FnMut(SourceField, &str, &HashSet<String>) -> bool,
    ) -> Self {
        let all = wordings.iter().map(|wording| Self::of(frames, wording, &mut says));
        all.max_by(|a, b| a.anywhere.total_cmp(&b.anywhere)).unwrap_or_default()
    }

    fn of(
        frames: &[FrameText],
        wording: &[AskedWord],
        says: &mut impl FnMut(SourceField, &str, &HashSet<String>) -> bool,
    ) -> Self {
        let whole: f32 = wording.iter().map(|word| word.weight).sum();
        let share = |best: &[(f32, usize)]| {
            let shown = wording.iter().zip(best).map(|(word, (worth, _))| word.weight * worth).sum::<f32>();
            if whole > 0.0 { shown / whole } else { 0.0 }
        };
        let mut known: HashMap<(SourceField, &str), Vec<f32>> = HashMap::new();
        let mut shown = Self::default();
        let mut anywhere = vec![(0.0_f32, 0); wording.len()];
        for frame in frames {
            // By word: the text that is worth most.
            let mut best = vec![(0.0_f32, 0); wording.len()];
            for (at, (field, text, certainty)) in frame.texts.iter().enumerate() {
                let worth = known.entry((*field, text.as_str())).or_insert_with(|| {
                    wording.iter().map(|word| word.worth(|terms| says(*field, text, terms))).collect()
                });
                for (best, worth) in best.iter_mut().zip(worth.iter()) {
                    if worth * certainty > best.0 {
                        *best = (worth * certainty, at);
                    }
                }
            }
            shown.shares.push(share(&best));
            let mut texts: Vec<usize> = best.iter().filter(|(worth, _)| *worth > 0.0).map(|(_, at)| *at).collect();
            texts.sort_unstable();
            texts.dedup();
            shown.texts.push(texts);
            anywhere.iter_mut().zip(best).for_each(|(any, best)| any.0 = any.0.max(best.0));
        }
        shown.anywhere = share(&anywhere);
        shown
    }

    /// What the best frame shows of all that the frames show, 0–1; 1 when they show nothing.
    pub fn at_best(&self) -> f32 {
        if self.anywhere > 0.0 { self.best() / self.anywhere } else { 1.0 }
    }

    fn best(&self) -> f32 {
        self.shares.iter().copied().fold(0.0, f32::max)
    }

    /// The frames that show nearly as much as the best, each as a moment.
    pub fn moments(&self, frames: &[FrameText]) -> Vec<Moment> {
        let least = (OF_BEST * self.best()).max(f32::MIN_POSITIVE);
        let good = frames.iter().zip(&self.shares).zip(&self.texts).filter(|((_, share), _)| **share >= least);
        good.filter_map(|((frame, share), texts)| {
            let (start_ms, end_ms) = frame.span?;
            let why = texts.iter().filter_map(|at| frame.texts.get(*at));
            let why = why.map(|(field, text, _)| format!("{}: {text}", field.label())).collect();
            Some(Moment { start_ms, end_ms, frame_ms: Some(start_ms), score: *share, why })
        })
        .collect()
    }
}

/// What is said in a video as a moment, if its time is known. `reason`: why it was found; `end_ms`: where it ends, when that
/// is after the passage.
pub(super) fn spoken(
    passage: &Passage,
    end_ms: Option<i64>,
    frames: &[FrameText],
    score: f32,
    reason: String,
) -> Option<Moment> {
    let start_ms = passage.start_ms.filter(|_| passage.field == SourceField::Transcript)?;
    let end_ms = end_ms.or(passage.end_ms).unwrap_or(start_ms).max(start_ms + 1);
    let starts = frames.iter().filter_map(|frame| Some(frame.span?.0));
    Some(Moment { start_ms, end_ms, frame_ms: frame_at(starts, start_ms), score, why: vec![reason] })
}

/// What is written in a video, each line as a moment; `frames`: the time that each frame stands for. Lines whose time is not
/// known are none.
pub fn written<'a>(lines: impl IntoIterator<Item = &'a TextLine>, frames: &[(i64, i64)]) -> Vec<Moment> {
    let moment = |line: &TextLine| {
        let mut shown = frames.iter().filter(|(at, _)| line.stands_in(Some(*at)));
        let (start_ms, until) = shown.next().copied()?;
        let end_ms = shown.next_back().map_or(until, |(_, until)| *until);
        let why = vec![format!("{}: {}", SourceField::Ocr.label(), quote(&line.text))];
        Some(Moment { start_ms, end_ms, frame_ms: Some(start_ms), score: line.certainty as f32, why })
    };
    lines.into_iter().filter_map(moment).collect()
}

/// The moment that a frame stands for, found by how it looks.
pub(super) fn looks(frame_ms: i64, frames: &[FrameText], score: f32, reason: &str) -> Option<Moment> {
    let (start_ms, end_ms) = frames.iter().filter_map(|frame| frame.span).find(|span| span.0 == frame_ms)?;
    Some(Moment { start_ms, end_ms, frame_ms: Some(frame_ms), score, why: vec![reason.to_owned()] })
}

/// The second that a video opens at: where its best moment begins, or where the reasons say that something is said.
pub fn opens_at(moments: &[Moment], why: &[String]) -> Option<u32> {
    let best = best(moments).and_then(|moment| u32::try_from(moment.start_ms / 1000).ok());
    best.or_else(|| moment_of(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(start: i64, words: &[(&str, f32)]) -> FrameText {
        let texts = words.iter().map(|(word, certainty)| (SourceField::Seen, (*word).to_owned(), *certainty));
        FrameText { span: Some((start, start + 1000)), texts: texts.collect() }
    }

    fn asked(words: &[&str]) -> Vec<Wording> {
        let word = |word: &&str| AskedWord { weight: 1.0, ways: vec![(1.0, HashSet::from([(*word).to_owned()]))] };
        vec![words.iter().map(word).collect()]
    }

    fn shown(frames: &[FrameText], words: &[&str]) -> Shown {
        Shown::new(frames, &asked(words), |_, text, terms| terms.contains(text))
    }

    #[test]
    fn a_dog_and_later_a_beach_are_no_dog_on_a_beach() {
        let apart = [frame(0, &[("dog", 0.9)]), frame(1000, &[("beach", 0.8)])];
        let together = [frame(0, &[("dog", 0.9), ("beach", 0.8)]), frame(1000, &[])];
        assert!((shown(&apart, &["dog", "beach"]).at_best() - 0.9 / 1.7).abs() < 1e-6);
        assert_eq!(shown(&together, &["dog", "beach"]).at_best(), 1.0);
        assert_eq!(shown(&apart, &["dog"]).at_best(), 1.0);
        assert_eq!(shown(&apart, &["cat"]).at_best(), 1.0, "nothing is taken from what is shown nowhere");
        assert_eq!(shown(&[], &["cat"]).at_best(), 1.0);
    }

    #[test]
    fn many_frames_show_no_more_than_the_best_of_them() {
        let one = [frame(0, &[("dog", 0.6)])];
        let many: Vec<FrameText> = (0..60).map(|at| frame(at * 1000, &[("dog", 0.6)])).collect();
        assert_eq!(shown(&one, &["dog"]).best(), shown(&many, &["dog"]).best());
    }

    #[test]
    fn moments_are_the_frames_that_show_nearly_as_much_as_the_best() {
        let poster = FrameText { span: None, ..frame(0, &[("dog", 0.95)]) };
        let frames =
            [poster, frame(0, &[("dog", 0.5)]), frame(1000, &[("dog", 0.9), ("beach", 0.8)]), frame(2000, &[])];
        let moments = shown(&frames, &["dog"]).moments(&frames);
        assert_eq!(moments.len(), 1);
        assert_eq!((moments[0].start_ms, moments[0].end_ms, moments[0].frame_ms), (1000, 2000, Some(1000)));
        assert_eq!(moments[0].why, ["seen: dog"]);
    }

    #[test]
    fn a_broader_word_is_worth_less_than_what_was_asked_for() {
        let dog = [(1.0, HashSet::from(["dog".to_owned()])), (0.4, HashSet::from(["animal".to_owned()]))];
        let asked = vec![vec![AskedWord { weight: 1.0, ways: dog.to_vec() }]];
        let animals = [
            frame(0, &[("dog", 0.9), ("animal", 0.9)]),
            frame(1000, &[("cat", 0.9), ("animal", 0.9)]),
            frame(2000, &[("dog", 0.8)]),
        ];
        let moments_in = |frames: &[FrameText]| {
            let found = Shown::new(frames, &asked, |_, text, terms| terms.contains(text)).moments(frames);
            found.into_iter().map(|moment| (moment.start_ms, moment.why.concat())).collect::<Vec<_>>()
        };
        assert_eq!(moments_in(&animals), [(0, "seen: dog".to_owned()), (2000, "seen: dog".to_owned())]);
        assert_eq!(moments_in(&animals[1..2]), [(1000, "seen: animal".to_owned())], "where there is nothing better");
    }

    #[test]
    fn of_several_wordings_the_one_that_is_shown_counts() {
        let frames = [frame(0, &[("Hund", 0.8)])];
        let mut wordings = asked(&["dog", "beach"]);
        wordings.extend(asked(&["Hund"]));
        let shown = Shown::new(&frames, &wordings, |_, text, terms| terms.contains(text));
        assert_eq!(shown.shares, [0.8]);
    }

    #[test]
    fn what_is_written_is_a_moment_from_its_first_frame_to_the_end_of_its_last() {
        let line = |frame_ms, last_ms| TextLine {
            frame_ms,
            last_ms,
            text: "Harbour Café".into(),
            certainty: 0.5,
            language: None,
            corners: [[0.0; 2]; 4],
            words: Vec::new(),
        };
        let lines = [line(Some(4000), Some(9000)), line(Some(0), Some(0)), line(None, None)];
        let moments = written(&lines, &[(0, 4000), (4000, 9000), (9000, 12_000)]);
        let spans: Vec<_> = moments.iter().map(|moment| (moment.start_ms, moment.end_ms, moment.frame_ms)).collect();
        assert_eq!(spans, [(4000, 12_000, Some(4000)), (0, 4000, Some(0))]);
        assert_eq!(moments[0].why, ["text in picture: Harbour Café"]);
    }

    #[test]
    fn what_is_said_is_shown_by_the_frame_before_it() {
        let frames = [frame(0, &[]), frame(4000, &[])];
        let passage = Passage {
            field: SourceField::Transcript,
            text: "the boat".into(),
            start_ms: Some(3500),
            end_ms: Some(6000),
            of: None,
        };
        let moment = spoken(&passage, None, &frames, 0.5, "spoken at 0:03: the boat".into()).unwrap();
        assert_eq!((moment.start_ms, moment.end_ms, moment.frame_ms), (3500, 6000, Some(0)));
        assert!(looks(4000, &frames, 0.9, "looks: alike").is_some_and(|moment| moment.end_ms == 5000));
        assert!(looks(4100, &frames, 0.9, "looks: alike").is_none());
    }
}

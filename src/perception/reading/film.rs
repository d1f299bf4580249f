//! What is written in a film: a line that stands in frame after frame is one line, from the first frame that shows it to the
//! last.
//!
//! The same words are read a little differently from frame to frame; the surest reading counts. A frame between two that show
//! a line may miss it. After more than that it is shown again: another line, and a moment of its own. Pure; which frames are
//! read is decided by the worker.

use std::cmp::Reverse;

use strsim::osa_distance;

use crate::library::lettering::TextLine;
use crate::search::text::analysis::fold;

/// Frames in a row that may miss a line while it is shown.
const MISSED: usize = 1;
/// One letter of so many may be read otherwise.
const LETTERS_A_MISTAKE: usize = 6;

/// Lines by the frame that shows them.
type Frames = Vec<(i64, Vec<TextLine>)>;

/// What is written in a film. Frames come in order of time, each with when it is shown, milliseconds from the start;
/// `poster` is a picture of the film whose time is not known: it counts only for what no frame says.
pub fn joined(frames: Frames, poster: Vec<TextLine>) -> Vec<TextLine> {
    let mut standing: Vec<(usize, TextLine)> = Vec::new();
    for (number, (at, lines)) in frames.into_iter().enumerate() {
        for line in lines {
            let open =
                standing.iter_mut().find(|(last, known)| number - last <= 1 + MISSED && same(&known.text, &line.text));
            match open {
                Some((last, known)) => {
                    *last = number;
                    let frame_ms = known.frame_ms;
                    if line.certainty > known.certainty {
                        *known = line;
                    }
                    (known.frame_ms, known.last_ms) = (frame_ms, Some(at));
                }
                None => standing.push((number, TextLine { frame_ms: Some(at), last_ms: Some(at), ..line })),
            }
        }
    }
    let mut lines: Vec<TextLine> = standing.into_iter().map(|(_, line)| line).collect();
    let only_there = poster.into_iter().filter(|line| !lines.iter().any(|known| same(&known.text, &line.text)));
    let only_there: Vec<TextLine> = only_there.collect();
    lines.extend(only_there);
    lines
}

/// The order in which so many frames are read, should the time not suffice for all: the first, the middle one, those in the
/// middle of what is between, and so on.
pub fn spread(frames: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..frames).collect();
    order.sort_by_key(|number| Reverse(number.trailing_zeros()));
    order
}

/// Whether two readings are of the same words. Other digits are another price, time or number.
fn same(a: &str, b: &str) -> bool {
    let letters = |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).collect::<String>();
    let (a, b) = (letters(a), letters(b));
    let (long, short) = (a.chars().count().max(b.chars().count()), a.chars().count().min(b.chars().count()));
    let allowed = short / LETTERS_A_MISTAKE;
    a == b || (long - short <= allowed && digits(&a) == digits(&b) && osa_distance(&a, &b) <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, certainty: f64) -> TextLine {
        let (language, words) = (None, Vec::new());
        TextLine {
            frame_ms: None,
            last_ms: None,
            text: text.into(),
            certainty,
            language,
            corners: [[0.0; 2]; 4],
            words,
        }
    }

    fn film(frames: &[&[(&str, f64)]]) -> Frames {
        let frame = |(number, lines): (usize, &&[(&str, f64)])| {
            (number as i64 * 1000, lines.iter().map(|(text, certainty)| line(text, *certainty)).collect())
        };
        frames.iter().enumerate().map(frame).collect()
    }

    fn spans(lines: &[TextLine]) -> Vec<(&str, Option<i64>, Option<i64>)> {
        lines.iter().map(|line| (line.text.as_str(), line.frame_ms, line.last_ms)).collect()
    }

    #[test]
    fn a_line_that_stands_for_a_while_is_one_in_its_surest_reading() {
        let frames = film(&[
            &[("Harbour Caf", 0.6)],
            &[("Harbour Café", 0.9), ("Open 7-19", 0.9)],
            &[],
            &[("HARBOUR CAFE", 0.7)],
            &[],
            &[],
            &[("Harbour Café", 0.8)],
        ]);
        let lines = joined(frames, Vec::new());
        let expected = [
            ("Harbour Café", Some(0), Some(3000)),
            ("Open 7-19", Some(1000), Some(1000)),
            ("Harbour Café", Some(6000), Some(6000)),
        ];
        assert_eq!(spans(&lines), expected);
    }

    #[test]
    fn other_numbers_and_other_words_are_other_lines() {
        for (a, b) in [("Platform 12", "Platform 13"), ("Exit", "Exits"), ("Departures", "Arrivals"), ("", "Exit")] {
            assert!(!same(a, b), "{a} {b}");
        }
        assert!(same("Koelnmesse", "Koelnmesso") && same("¡Salida!", "salida"));
    }

    #[test]
    fn the_poster_counts_for_what_no_frame_says() {
        let lines =
            joined(film(&[&[("Welcome to Oslo", 0.9)]]), vec![line("Welcome to Oslo", 0.99), line("Gate B", 0.9)]);
        assert_eq!(spans(&lines), [("Welcome to Oslo", Some(0), Some(0)), ("Gate B", None, None)]);
    }

    #[test]
    fn however_early_reading_stops_what_was_read_is_spread_over_the_film() {
        let order = spread(16);
        assert_eq!(order[..4], [0, 8, 4, 12]);
        let mut all = order.clone();
        all.sort_unstable();
        assert_eq!(all, (0..16).collect::<Vec<_>>());
        assert!(spread(0).is_empty());
    }
}

//! Which way up a page is read: scans lie on their side, phones forget to say how they were held.
//!
//! Lines that stand upright are read from above or from below by every reader; what stands on its head, and words too
//! short to show which way they lie, are lost. So where most of what is believed stands upright, the page is turned and
//! read again; and where less than half of the lines that were found say something, once more on its head. What is read
//! then counts if it is no less; of a page on its head, if it is more. Pages that are upright, and pictures without any
//! text, are looked at once. Boxes and places are those of the page as it is shown.

use image::imageops::{rotate90, rotate180, rotate270};

use super::order::in_reading_order;
use super::page::Page;
use super::plausible::believed;
use super::reader::{RawLine, RawWord, TextReader};
use crate::jobs::Outcome;

/// What this adds to the settings of a result.
pub const KEY: &str = "ways=4";
/// Letters and digits that must be believed of a page on its head: less may be read into anything.
const LEAST: usize = 6;

/// A line with the words of it that are believed; there is at least one.
pub type Believed = (RawLine, Vec<RawWord>);

/// How far a page is to be turned clockwise for its text to stand upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Quarter,
    Half,
    ThreeQuarters,
}

/// The lines of a page that say something, in the order in which a person reads them.
///
/// # Errors
/// How the job is to end.
pub async fn read(reader: &dyn TextReader, page: &Page) -> Result<Vec<Believed>, Outcome> {
    let found = reader.read(page).await?;
    let (all, upright) = (found.len(), told(found));
    let Some(turn) = another_way(&upright, all) else { return Ok(upright) };
    let turned = told(reader.read(&turn.of(page)).await?);
    let (before, now) = (letters(&upright), letters(&turned));
    // What was read from the side may be all there is, but not in the order in which it is read.
    let counts = if turn == Turn::Half { now > before && now >= LEAST } else { now >= before };
    if !counts {
        return Ok(upright);
    }
    let back =
        |(line, words): Believed| (RawLine { corners: line.corners.map(|corner| turn.back(corner)), ..line }, words);
    Ok(turned.into_iter().map(back).collect())
}

fn told(lines: Vec<RawLine>) -> Vec<Believed> {
    let lines = in_reading_order(lines).into_iter().map(|line| {
        let words = believed(&line);
        (line, words)
    });
    lines.filter(|(_, words)| !words.is_empty()).collect()
}

/// How the page may have to be turned, going by what was read as it is, of so many lines.
fn another_way(upright: &[Believed], all: usize) -> Option<Turn> {
    let pointing = |way: Way| letters(upright.iter().filter(|(line, _)| Way::of(line) == way));
    let (across, down, up) = (pointing(Way::Across), pointing(Way::Down), pointing(Way::Up));
    if down.max(up) > across {
        return Some(if down > up { Turn::ThreeQuarters } else { Turn::Quarter });
    }
    (2 * upright.len() < all).then_some(Turn::Half)
}

fn letters<'a>(lines: impl IntoIterator<Item = &'a Believed>) -> usize {
    let words = lines.into_iter().flat_map(|(_, words)| words);
    words.flat_map(|word| word.text.chars()).filter(|c| c.is_alphanumeric()).count()
}

/// Where a line leads to on the page as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Across,
    Down,
    Up,
}

impl Way {
    fn of(line: &RawLine) -> Self {
        let [[x, y], [to_x, to_y], ..] = line.corners;
        match to_y - y {
            down if down > (to_x - x).abs() => Self::Down,
            up if -up > (to_x - x).abs() => Self::Up,
            _ => Self::Across,
        }
    }
}

impl Turn {
    fn of(self, page: &Page) -> Page {
        let pixels = match self {
            Self::Quarter => rotate90(&page.pixels),
            Self::Half => rotate180(&page.pixels),
            Self::ThreeQuarters => rotate270(&page.pixels),
        };
        Page { pixels }
    }

    /// Where a point of the turned page is on the page as it was; both in 0–1.
    fn back(self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Quarter => [y, 1.0 - x],
            Self::Half => [1.0 - x, 1.0 - y],
            Self::ThreeQuarters => [1.0 - y, x],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures::FutureExt as _;
    use futures::future::BoxFuture;
    use image::RgbImage;

    use super::*;
    use crate::engine::strips::Corners;
    use crate::jobs::ModelKey;

    /// Says what is prepared, look by look, and remembers the pages.
    struct Prepared {
        key: ModelKey,
        looks: Mutex<Vec<Vec<RawLine>>>,
        pages: Mutex<Vec<RgbImage>>,
    }

    impl TextReader for Prepared {
        fn key(&self) -> &ModelKey {
            &self.key
        }

        fn read<'a>(&'a self, page: &'a Page) -> BoxFuture<'a, Result<Vec<RawLine>, Outcome>> {
            self.pages.lock().unwrap().push(page.pixels.clone());
            let lines = self.looks.lock().unwrap().remove(0);
            async move { Ok(lines) }.boxed()
        }
    }

    fn line(text: &str, certainty: f32, corners: Corners) -> RawLine {
        RawLine { corners, found: Some(0.9), words: vec![RawWord { text: text.into(), certainty, span: [0.0, 1.0] }] }
    }

    fn lying(text: &str, certainty: f32, y: f64) -> RawLine {
        line(text, certainty, [[0.1, y], [0.7, y], [0.7, y + 0.1], [0.1, y + 0.1]])
    }

    /// What is read of a page with a mark at its top left, and the places of the mark in each look.
    async fn looked(looks: Vec<Vec<RawLine>>) -> (Vec<(String, [f64; 2])>, Vec<(u32, u32)>) {
        let key = ModelKey { name: "reader".into(), version: "1".into(), settings: KEY.into() };
        let reader = Prepared { key, looks: Mutex::new(looks), pages: Mutex::default() };
        let page = Page { pixels: RgbImage::from_fn(30, 20, |x, y| image::Rgb([if x + y == 0 { 255 } else { 0 }; 3])) };
        let told = read(&reader, &page).await.unwrap();
        let told = told.into_iter().map(|(line, words)| (words[0].text.clone(), line.corners[0]));
        let marked =
            |page: &RgbImage| page.enumerate_pixels().find(|(.., pixel)| pixel.0[0] == 255).map(|(x, y, _)| (x, y));
        let pages = reader.pages.lock().unwrap();
        (told.collect(), pages.iter().filter_map(marked).collect())
    }

    fn near(a: [f64; 2], b: [f64; 2]) -> bool {
        (a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9
    }

    #[tokio::test]
    async fn what_reads_and_what_is_empty_is_looked_at_once() {
        let (told, looks) = looked(vec![vec![lying("Harbour", 0.9, 0.1), lying("x~", 0.2, 0.5)]]).await;
        assert_eq!((told.len(), looks.len()), (1, 1));
        assert_eq!(looked(vec![Vec::new()]).await.1.len(), 1);
    }

    #[tokio::test]
    async fn a_page_on_its_head_is_read_and_its_lines_lie_where_they_are_shown() {
        let upside_down = vec![lying("ɹnoqɹ", 0.3, 0.8), lying("uǝdo", 0.2, 0.6)];
        let (told, looks) = looked(vec![upside_down, vec![lying("Harbour", 0.9, 0.1), lying("open", 0.9, 0.3)]]).await;
        assert_eq!(told.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), ["Harbour", "open"]);
        assert!(near(told[0].1, [0.9, 0.9]) && looks == [(0, 0), (29, 19)], "{told:?} {looks:?}");
    }

    #[tokio::test]
    async fn a_page_on_its_side_is_turned_the_right_way() {
        let down = |text| line(text, 0.9, [[0.8, 0.1], [0.8, 0.9], [0.7, 0.9], [0.7, 0.1]]);
        let up = |text| line(text, 0.9, [[0.2, 0.9], [0.2, 0.1], [0.3, 0.1], [0.3, 0.9]]);
        let turned = || vec![lying("Departures", 0.9, 0.2), lying("Gate", 0.9, 0.5)];
        let (told, looks) = looked(vec![vec![down("Departures")], turned()]).await;
        assert!(looks[1] == (0, 29) && told.len() == 2 && near(told[0].1, [0.8, 0.1]), "{told:?} {looks:?}");
        let (told, looks) = looked(vec![vec![up("Departures")], turned()]).await;
        assert!(looks[1] == (19, 0) && told.len() == 2 && near(told[0].1, [0.2, 0.9]), "{told:?} {looks:?}");
    }

    #[tokio::test]
    async fn nothing_is_turned_for_less_and_little_is_not_believed() {
        let poor = || vec![lying("bay", 0.9, 0.1), lying("?", 0.2, 0.4), lying("|", 0.2, 0.6)];
        let (told, looks) = looked(vec![poor(), vec![lying("wow", 0.9, 0.1)]]).await;
        assert_eq!((told[0].0.as_str(), looks.len()), ("bay", 2));
        assert_eq!(
            looked(vec![poor(), vec![lying("Drain", 0.9, 0.1)]]).await.0[0].0,
            "bay",
            "five letters are nothing"
        );
    }
}

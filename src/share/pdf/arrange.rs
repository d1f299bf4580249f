//! Which pictures share a page of a book, and how they stand on it: by their shapes, one to four a page, in order.
//!
//! Pictures stand in rows as wide as the page or in columns as high as it, never cropped. Pages are chosen for the whole
//! book at once (dynamic programming over where pages end): pictures should be large, pages should hold what belongs
//! together, and two pages after each other should not look the same. A function of values.

use super::Rect;

/// The most pictures of a page.
pub const MOST: usize = 4;
/// Points between pictures.
pub const GAP: f32 = 10.0;

/// What arranging needs to know of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Width by height.
    pub ratio: f32,
    /// Points that its words take beneath it.
    pub words: f32,
    /// Another day begins with it.
    pub begins: bool,
    /// It is worth a page of its own.
    pub best: bool,
}

/// Pictures of a page: those after the ones before it, each with its place.
pub type Placed = Vec<Rect>;

/// Divides pictures into pages of a room.
pub fn pages(shapes: &[Shape], room: Rect) -> Vec<Placed> {
    let count = shapes.len();
    // The least cost up to a picture, by how many the last page holds, and how many the one before it.
    let mut least = vec![[(f32::INFINITY, 0_usize); MOST + 1]; count + 1];
    least[0][0] = (0.0, 0);
    for to in 1..=count {
        for held in 1..=MOST.min(to) {
            let from = to - held;
            let own = cost(&shapes[from..to], room);
            for before in 0..=MOST {
                let same = if before == held { 0.12 } else { 0.0 };
                let all = least[from][before].0 + own + same;
                if all < least[to][held].0 {
                    least[to][held] = (all, before);
                }
            }
        }
    }
    let mut ends = Vec::new();
    let (mut to, mut held) =
        (count, (0..=MOST).min_by(|a, b| least[count][*a].0.total_cmp(&least[count][*b].0)).unwrap_or(0));
    while to > 0 && held > 0 {
        ends.push(to - held..to);
        let before = least[to][held].1;
        (to, held) = (to - held, before);
    }
    ends.reverse();
    ends.into_iter().map(|range| best(&shapes[range], room).0).collect()
}

/// What is lost by putting these on one page.
fn cost(shapes: &[Shape], room: Rect) -> f32 {
    let held = shapes.len() as f32;
    let filled = if shapes.len() == 1 && shapes[0].best { 1.0 } else { best(shapes, room).1 };
    let days = shapes.iter().skip(1).filter(|shape| shape.begins).count() as f32;
    held * (1.0 - filled) * 2.0 + days * 0.35 + 0.1
}

/// The best way to put pictures on a page, and how much of it they fill, 0–1.
fn best(shapes: &[Shape], room: Rect) -> (Placed, f32) {
    let mut best = (Vec::new(), f32::NEG_INFINITY);
    // Each bit says whether a new row or column begins after a picture.
    for cuts in 0..1_u32 << (shapes.len() - 1) {
        let mut groups: Vec<&[Shape]> = Vec::new();
        let mut from = 0;
        for at in 1..=shapes.len() {
            if at == shapes.len() || cuts >> (at - 1) & 1 == 1 {
                groups.push(&shapes[from..at]);
                from = at;
            }
        }
        for placed in [rows(&groups, room), columns(&groups, room)] {
            let areas = || placed.iter().map(|place| place.w * place.h);
            let (small, large) = (areas().fold(f32::INFINITY, f32::min), areas().fold(0.0, f32::max));
            let filled = areas().sum::<f32>() / (room.w * room.h);
            let worth = filled - (1.0 - small / large.max(1.0)).max(0.0) * 0.15;
            if worth > best.1 {
                best = (placed, worth);
            }
        }
    }
    best
}

/// Rows as wide as the room, all made smaller together where they are too high.
fn rows(groups: &[&[Shape]], room: Rect) -> Placed {
    let words = |row: &[Shape]| row.iter().map(|shape| shape.words).fold(0.0, f32::max);
    let wide = |row: &[Shape]| room.w - GAP * (row.len() as f32 - 1.0);
    let heights: Vec<f32> =
        groups.iter().map(|row| wide(row) / row.iter().map(|shape| shape.ratio).sum::<f32>()).collect();
    let fixed = groups.iter().map(|row| words(row)).sum::<f32>() + GAP * (groups.len() as f32 - 1.0);
    let scale = ((room.h - fixed) / heights.iter().sum::<f32>()).clamp(0.01, 1.0);
    let mut y = room.y + (room.h - fixed - scale * heights.iter().sum::<f32>()) / 2.0;
    let mut placed = Vec::new();
    for (row, height) in groups.iter().zip(heights) {
        let h = height * scale;
        let width = row.iter().map(|shape| shape.ratio * h).sum::<f32>() + GAP * (row.len() as f32 - 1.0);
        let mut x = room.x + (room.w - width) / 2.0;
        for shape in *row {
            placed.push(Rect { x, y, w: shape.ratio * h, h });
            x += shape.ratio * h + GAP;
        }
        y += h + words(row) + GAP;
    }
    placed
}

/// Columns as high as the room, all made smaller together where they are too wide.
fn columns(groups: &[&[Shape]], room: Rect) -> Placed {
    let fixed =
        |column: &[Shape]| column.iter().map(|shape| shape.words).sum::<f32>() + GAP * (column.len() as f32 - 1.0);
    let steep = |column: &[Shape]| column.iter().map(|shape| 1.0 / shape.ratio).sum::<f32>();
    let widths: Vec<f32> = groups.iter().map(|column| ((room.h - fixed(column)) / steep(column)).max(1.0)).collect();
    let gaps = GAP * (groups.len() as f32 - 1.0);
    let scale = ((room.w - gaps) / widths.iter().sum::<f32>()).clamp(0.01, 1.0);
    let mut x = room.x + (room.w - gaps - scale * widths.iter().sum::<f32>()) / 2.0;
    let mut placed = Vec::new();
    for (column, width) in groups.iter().zip(widths) {
        let w = width * scale;
        let mut y = room.y + (room.h - fixed(column) - w * steep(column)) / 2.0;
        for shape in *column {
            placed.push(Rect { x, y, w, h: w / shape.ratio });
            y += w / shape.ratio + shape.words + GAP;
        }
        x += w + GAP;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROOM: Rect = Rect { x: 40.0, y: 40.0, w: 760.0, h: 500.0 };

    fn shape(ratio: f32) -> Shape {
        Shape { ratio, words: 0.0, begins: false, best: false }
    }

    #[test]
    fn shapes_decide_who_shares_a_page() {
        let counts = |ratios: &[f32]| -> Vec<usize> {
            pages(&ratios.iter().map(|ratio| shape(*ratio)).collect::<Vec<_>>(), ROOM).iter().map(Vec::len).collect()
        };
        assert_eq!(counts(&[1.5]), [1]);
        // Two upright pictures fill a page that one leaves empty.
        assert_eq!(counts(&[0.75, 0.75]), [2]);
        assert!(counts(&[]).is_empty());
        let best = [Shape { best: true, ..shape(1.5) }, shape(0.75), shape(0.75)];
        assert_eq!(pages(&best, ROOM).iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
        // Long books do not look the same on every page.
        let many = counts(&[1.5; 60]);
        assert!(many.windows(2).any(|two| two[0] != two[1]), "{many:?}");
    }

    proptest! {
        #[test]
        fn every_picture_is_whole_and_on_the_page(
            shapes in proptest::collection::vec((0.2_f32..5.0, 0.0_f32..40.0, any::<bool>(), any::<bool>()), 1..40),
        ) {
            let shapes: Vec<Shape> =
                shapes.into_iter().map(|(ratio, words, begins, best)| Shape { ratio, words, begins, best }).collect();
            let pages = pages(&shapes, ROOM);
            prop_assert_eq!(pages.iter().map(Vec::len).sum::<usize>(), shapes.len());
            for (page, place) in pages.iter().flat_map(|page| page.iter().map(move |place| (page, place))) {
                prop_assert!(page.len() <= MOST);
                prop_assert!(place.x >= ROOM.x - 0.1 && place.x + place.w <= ROOM.x + ROOM.w + 0.1, "{place:?}");
                prop_assert!(place.y >= ROOM.y - 0.1 && place.y + place.h <= ROOM.y + ROOM.h + 0.1, "{place:?}");
            }
            for (place, shape) in pages.iter().flatten().zip(&shapes) {
                prop_assert!((place.w / place.h / shape.ratio - 1.0).abs() < 0.01);
            }
        }
    }
}

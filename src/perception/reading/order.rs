//! The order in which a person reads lines: rows from above, each from the left.

use super::reader::RawLine;

/// Lines that share so much of the lower one's height stand in one row.
const ONE_ROW: f64 = 0.5;

/// Puts lines into the order in which a person reads them.
pub fn in_reading_order(mut lines: Vec<RawLine>) -> Vec<RawLine> {
    lines.sort_by(|a, b| middle(a, 1).total_cmp(&middle(b, 1)));
    let mut rows: Vec<Vec<RawLine>> = Vec::new();
    for line in lines {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| beside(first, &line)) => row.push(line),
            _ => rows.push(vec![line]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| middle(a, 0).total_cmp(&middle(b, 0)));
    }
    rows.into_iter().flatten().collect()
}

fn middle(line: &RawLine, axis: usize) -> f64 {
    line.corners.iter().map(|corner| corner[axis]).sum::<f64>() / 4.0
}

fn beside(a: &RawLine, b: &RawLine) -> bool {
    let range = |line: &RawLine| {
        let ends = line.corners.iter().map(|corner| corner[1]);
        ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)))
    };
    let (a, b) = (range(a), range(b));
    let common = a.1.min(b.1) - a.0.max(b.0);
    common > ONE_ROW * (a.1 - a.0).min(b.1 - b.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_from_above_and_their_parts_from_the_left() {
        let line = |x: f64, y: f64| RawLine {
            corners: [[x, y], [x + 0.2, y], [x + 0.2, y + 0.1], [x, y + 0.1]],
            found: None,
            words: Vec::new(),
        };
        let mixed = vec![line(0.5, 0.32), line(0.6, 0.01), line(0.1, 0.3), line(0.0, 0.0), line(0.0, 0.6)];
        let at: Vec<[f64; 2]> = in_reading_order(mixed).iter().map(|line| line.corners[0]).collect();
        assert_eq!(at, [[0.0, 0.0], [0.6, 0.01], [0.1, 0.3], [0.5, 0.32], [0.0, 0.6]]);
    }
}

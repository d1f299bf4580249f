//! What tesseract prints: a table with a word a row (its TSV), levels above words left out.

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Number of its picture, from 0.
    pub page: usize,
    /// Picture, block, paragraph and line.
    pub line: [u32; 4],
    /// Left, top, width and height, pixels.
    pub area: [f32; 4],
    /// 0–1.
    pub certainty: f32,
    /// The word.
    pub text: String,
}

/// The level of words.
const WORD: &str = "5";

/// The words of a table; what is no row of one is passed over.
pub(super) fn rows(table: &str) -> Vec<Row> {
    table.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let mut fields = line.splitn(12, '\t');
    if fields.next()? != WORD {
        return None;
    }
    let mut number = || fields.next()?.parse::<f32>().ok().filter(|number| number.is_finite());
    let place = [number()?, number()?, number()?, number()?].map(|number| number as u32);
    let _word = number()?;
    let area = [number()?, number()?, number()?, number()?];
    let certainty = (number()? / 100.0).clamp(0.0, 1.0);
    let text = fields.next()?.trim().to_owned();
    (!text.is_empty()).then(|| Row { page: place[0].saturating_sub(1) as usize, line: place, area, certainty, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_and_all_else_is_passed_over() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
                     1\t1\t0\t0\t0\t0\t0\t0\t100\t50\t-1\t\n\
                     5\t2\t1\t1\t3\t1\t10\t12\t60\t20\t96.5\tCafé\n\
                     5\t2\t1\t1\t3\t2\t80\t12\t6\t20\t95\t \n\
                     5\t2\t1\tx\n\
                     5\t1\t1\t1\t1\t1\t1\t1\t1\t1\tnan\tx\n";
        let found = rows(table);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].page, found[0].line, found[0].text.as_str()), (1, [2, 1, 1, 3], "Café"));
        assert_eq!((found[0].area, found[0].certainty), ([10.0, 12.0, 60.0, 20.0], 0.965));
    }
}

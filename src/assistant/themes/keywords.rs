//! Keywords that come back over the years: football, the garden. Pure.

use std::collections::BTreeMap;

use super::recurrence::{Picture, occasions, recurs, years};
use super::{Draft, Kind, Subject};

/// Pictures of a keyword, at least.
const LEAST: usize = 5;
/// What is written of a larger share of all pictures says nothing, of a hundred.
const LARGEST_SHARE: usize = 30;
/// Keywords that become themes, at the most: those of most occasions.
const MOST: usize = 12;

/// A keyword in every form in which it is written, and the pictures that have it, in order of time.
#[derive(Debug, Clone, Default)]
pub(super) struct Keyword {
    /// The form in which its inflections and translations are equal.
    pub key: String,
    /// How it is written, with how often.
    pub written: BTreeMap<String, usize>,
    /// The pictures, by their places, in order.
    pub pictures: Vec<usize>,
}

/// The keywords that come back, that of most occasions first.
pub(super) fn keywords(pictures: &[Picture], keywords: Vec<Keyword>) -> Vec<Draft> {
    let mut found: Vec<(usize, Draft)> = keywords
        .into_iter()
        .filter(|keyword| keyword.pictures.len() >= LEAST)
        .filter(|keyword| keyword.pictures.len() * 100 <= pictures.len() * LARGEST_SHARE)
        .filter(|keyword| years(pictures, &keyword.pictures).len() > 1 && recurs(pictures, &keyword.pictures))
        .map(|keyword| {
            let written = keyword.written.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
            let word = written.map_or_else(|| keyword.key.clone(), |(word, _)| word.clone());
            let count = occasions(pictures, &keyword.pictures).len();
            let origin = format!("word:{}", keyword.key);
            (count, Draft { kind: Kind::Word, origin, subject: Subject::Word(word), members: keyword.pictures })
        })
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.origin.cmp(&b.1.origin)));
    found.truncate(MOST);
    found.into_iter().map(|(_, draft)| draft).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::recurrence::samples::on;
    use super::*;

    #[test]
    fn a_keyword_of_several_years_is_a_theme() {
        let pictures: Vec<Picture> = (0..40).map(|at| on(date(2015 + at / 8, 1 + (at % 8) as i8, 3))).collect();
        let keyword = |key: &str, pictures: Vec<usize>| Keyword {
            key: key.into(),
            written: [(key.to_uppercase(), 2), (key.to_owned(), 1)].into(),
            pictures,
        };
        let all = vec![
            keyword("football", vec![1, 9, 12, 20, 30]),
            keyword("once", vec![0, 1, 2]),
            keyword("everything", (0..40).collect()),
            keyword("garden", vec![2, 3, 12, 14, 33, 38]),
        ];
        let found = keywords(&pictures, all);
        let told: Vec<&str> = found.iter().map(|draft| draft.origin.as_str()).collect();
        assert_eq!(told, ["word:garden", "word:football"]);
        assert_eq!(found[1].subject, Subject::Word("FOOTBALL".into()));
    }
}

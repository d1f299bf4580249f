//! What sets pictures apart from the rest of a library: words that are said of many of them and of few others. Pure.
//!
//! Words are weighed by their log-odds ratio with an informative Dirichlet prior, in standard deviations (Monroe, Colaresi,
//! Quinn, *Fightin' words: lexical feature selection and evaluation for identifying the content of political conflict*,
//! Political Analysis 16, 2008): what everybody says and what was said once are both worth little.
//!
//! That a word is said more often here than elsewhere does not make it a name: of a family's library "person" is said
//! everywhere. What a theme is called after narrows the library down: see [`Evidence::narrows`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much the whole library is believed before a theme's own pictures are looked at, in pictures.
const PRIOR: f64 = 10.0;
/// What is said by chance is below so many deviations in nineteen of twenty cases.
const LEAST_Z: f64 = 1.96;
/// A word is said of this share of the pictures and of the occasions, at least …
const LEAST_SHARE: f64 = 0.35;
/// … and of so many times the share of the others.
const LEAST_TIMES: f64 = 2.0;
/// More is not told.
const MOST: usize = 8;
/// A word that a theme may be called after is said of so many times the share of the others, at least: who hears it is
/// told two bits, a quarter of the library is left at the most.
const LEAST_LIFT: f64 = 4.0;
/// A word of company, place or time joins the name when it is said of this share of the pictures …
const NAMED_SHARE: f64 = 0.6;
/// … and of so many times the share of the others: what is said of a third of the library, as the town at home is, adds
/// nothing.
const NAMED_LIFT: f64 = 3.0;
/// How sure that is to be, in deviations: nineteen times of twenty, on the side that matters.
const SURE: f64 = 1.645;

/// What sort of thing a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ThemeEvidenceSort)]
pub enum Sort {
    /// What is seen or written: keywords, things, captions.
    What,
    /// Who.
    Who,
    /// A city or village.
    Where,
    /// A country.
    Country,
    /// A season, `winter`.
    Season,
    /// A weekday, `6` for Saturday.
    Weekday,
}

/// A word, with how it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    /// Its sort.
    pub sort: Sort,
    /// The form in which its inflections and translations are equal.
    pub key: String,
    /// As it was written first.
    pub text: String,
}

/// A word that sets a theme apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ThemeEvidence)]
pub struct Evidence {
    /// Its sort.
    pub sort: Sort,
    /// As it is written.
    pub text: String,
    /// Of so many of the pictures looked at …
    pub inside: u32,
    /// … of so many.
    pub of: u32,
    /// And of so many others …
    pub elsewhere: u32,
    /// … of so many.
    pub others: u32,
}

impl Evidence {
    /// Of which share of the pictures it is said, 0–1.
    pub fn share(&self) -> f64 {
        f64::from(self.inside) / f64::from(self.of.max(1))
    }

    /// Whether the word tells this theme from the rest of the library: its lift (Brin, Motwani, Ullman, Tsur, *Dynamic
    /// itemset counting and implication rules for market basket data*, SIGMOD 1997) is at least [`LEAST_LIFT`] even when
    /// the word is said of as many of the others as their number leaves possible, so that a few others prove nothing.
    /// A word of more than a quarter of the library never does.
    pub fn narrows(&self) -> bool {
        self.lifts(LEAST_LIFT)
    }

    /// Whether it is worth saying beside such a word.
    pub fn adds(&self) -> bool {
        self.share() >= NAMED_SHARE && self.lifts(NAMED_LIFT)
    }

    fn lifts(&self, least: f64) -> bool {
        self.share() >= least * highest_share(f64::from(self.elsewhere), f64::from(self.others))
    }
}

/// The largest share that so many of so many still speak for: the upper end of the score interval (Wilson, *Probable
/// inference, the law of succession, and statistical inference*, Journal of the American Statistical Association 22,
/// 1927).
fn highest_share(count: f64, of: f64) -> f64 {
    let (z, of) = (SURE * SURE, of.max(1.0));
    let share = count / of;
    (share + z / (2.0 * of) + (z * (share * (1.0 - share) + z / (4.0 * of)) / of).sqrt()) / (1.0 + z / of)
}

/// The words of one picture, and the occasion that it is of.
pub(super) struct Said<'w> {
    /// Its words.
    pub words: &'w [Word],
    /// The occasion, by its place.
    pub occasion: usize,
}

#[derive(Default)]
struct Count<'w> {
    text: &'w str,
    inside: usize,
    outside: usize,
    occasions: BTreeSet<usize>,
}

/// What sets pictures apart from others, what tells the most first.
pub(super) fn telling(inside: &[Said<'_>], outside: &[&[Word]]) -> Vec<Evidence> {
    let mut counts: BTreeMap<(Sort, &str), Count<'_>> = BTreeMap::new();
    for said in inside {
        for (key, text) in once(said.words) {
            let count = counts.entry(key).or_default();
            count.inside += 1;
            count.occasions.insert(said.occasion);
            count.text = if count.text.is_empty() { text } else { count.text };
        }
    }
    for words in outside {
        for (key, _) in once(words) {
            if let Some(count) = counts.get_mut(&key) {
                count.outside += 1;
            }
        }
    }
    let occasions: BTreeSet<usize> = inside.iter().map(|said| said.occasion).collect();
    let mut found: Vec<(f64, Evidence)> = counts
        .into_iter()
        .filter_map(|((sort, _), count)| {
            let (of, others) = (inside.len(), outside.len());
            let share = count.inside as f64 / of as f64;
            let spread = count.occasions.len() as f64 / occasions.len() as f64;
            let elsewhere = (count.outside as f64 + 0.5) / (others as f64 + 1.0);
            let z = weight((count.inside, of), (count.outside, others));
            let tells = share >= LEAST_SHARE && spread >= LEAST_SHARE && count.occasions.len() > 1;
            let evidence = Evidence {
                sort,
                text: count.text.to_owned(),
                inside: count.inside as u32,
                of: of as u32,
                elsewhere: count.outside as u32,
                others: others as u32,
            };
            (tells && z >= LEAST_Z && share >= LEAST_TIMES * elsewhere).then_some((z * share, evidence))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.text.cmp(&b.1.text)));
    found.truncate(MOST);
    found.into_iter().map(|(_, evidence)| evidence).collect()
}

/// Whether pictures of which words tell what they show have nothing in common that tells them from the others.
pub(super) fn says_too_little(inside: &[Said<'_>], evidence: &[Evidence]) -> bool {
    let described = inside.iter().filter(|said| said.words.iter().any(|word| word.sort == Sort::What)).count();
    described * 2 >= inside.len() && !evidence.iter().any(Evidence::narrows)
}

/// Each word of a picture once.
fn once(words: &[Word]) -> BTreeMap<(Sort, &str), &str> {
    words.iter().map(|word| ((word.sort, word.key.as_str()), word.text.as_str())).collect()
}

/// The log-odds ratio of a word in standard deviations; counts and numbers of pictures, inside and outside.
fn weight((inside, of): (usize, usize), (outside, others): (usize, usize)) -> f64 {
    let all = (of + others).max(1) as f64;
    let prior = (PRIOR * (inside + outside) as f64 / all).max(0.01);
    let odds = |count: usize, of: usize| {
        let with = count as f64 + prior;
        (with / (of as f64 + PRIOR - with).max(0.01)).ln()
    };
    let variance = 1.0 / (inside as f64 + prior) + 1.0 / (outside as f64 + prior);
    (odds(inside, of) - odds(outside, others)) / variance.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(sort: Sort, text: &str) -> Word {
        Word { sort, key: text.to_lowercase(), text: text.to_owned() }
    }

    #[test]
    fn what_sets_apart_is_said_of_many_here_and_of_few_elsewhere() {
        let (ball, person) = (word(Sort::What, "Football"), word(Sort::What, "person"));
        let (anna, once) = (word(Sort::Who, "Anna"), word(Sort::What, "rainbow"));
        let here = vec![ball.clone(), person.clone(), anna];
        let rare = vec![ball.clone(), person.clone(), once];
        let inside: Vec<Said<'_>> =
            (0..12).map(|at| Said { words: if at == 0 { &rare } else { &here }, occasion: at / 3 }).collect();
        let (plain, other) = (vec![person], vec![ball]);
        let outside: Vec<&[Word]> = (0..200).map(|at| if at == 7 { other.as_slice() } else { &plain }).collect();
        let found = telling(&inside, &outside);
        let told: Vec<(&str, u32, u32)> =
            found.iter().map(|evidence| (evidence.text.as_str(), evidence.inside, evidence.elsewhere)).collect();
        assert_eq!(told, [("Football", 12, 1), ("Anna", 11, 0)]);
    }

    #[test]
    fn pictures_say_too_little_when_only_what_everybody_says_is_said_of_them() {
        let (person, bike) = ([word(Sort::What, "person")], [word(Sort::What, "person"), word(Sort::What, "bike")]);
        let outside: Vec<&[Word]> = (0..100).map(|at| if at % 5 < 2 { &person[..] } else { &[] }).collect();
        let of = |words| -> Vec<Said<'_>> { (0..12).map(|at| Said { words, occasion: at / 3 }).collect() };
        let people = telling(&of(&person), &outside);
        assert_eq!(people.len(), 1, "said surely more often than elsewhere: {people:?}");
        assert!(says_too_little(&of(&person), &people));
        assert!(!says_too_little(&of(&bike), &telling(&of(&bike), &outside)));
        // Of pictures that nothing was said of yet, nothing can be expected.
        assert!(!says_too_little(&of(&[]), &[]));
    }

    #[test]
    fn a_word_of_much_of_the_library_narrows_nothing_down() {
        let said = |(inside, of): (u32, u32), (elsewhere, others): (u32, u32)| Evidence {
            sort: Sort::What,
            text: String::new(),
            inside,
            of,
            elsewhere,
            others,
        };
        // More often here than elsewhere, and surely so, but elsewhere, too.
        assert!(!said((58, 58), (90, 253)).narrows());
        assert!(!said((7, 7), (141, 304)).narrows());
        assert!(!said((5, 6), (83, 305)).narrows());
        assert!(said((41, 58), (6, 253)).narrows());
        assert!(said((7, 7), (17, 304)).narrows());
        // The same shares of few pictures may be chance.
        assert!(said((5, 5), (0, 20)).narrows() && !said((5, 5), (0, 5)).narrows());
        assert!(!said((20, 20), (20, 100)).narrows() && said((200, 200), (200, 1000)).narrows());
        assert!(!said((0, 0), (0, 0)).narrows());
    }

    #[test]
    fn the_highest_share_is_the_upper_end_of_the_score_interval() {
        assert!((highest_share(0.0, 15.0) - 0.152_8).abs() < 1e-3);
        assert!((highest_share(90.0, 253.0) - 0.406_5).abs() < 1e-3);
        assert!((highest_share(0.0, 0.0) - 0.730).abs() < 1e-3);
    }

    #[test]
    fn what_is_said_on_one_occasion_only_tells_of_that_occasion() {
        let trip = vec![word(Sort::Where, "Rome")];
        let inside: Vec<Said<'_>> = (0..9)
            .map(|at| Said { words: if at < 5 { &trip } else { &[] }, occasion: at / 5 + usize::from(at > 6) })
            .collect();
        assert!(telling(&inside, &[&[], &[]]).is_empty());
        assert!(telling(&[], &[]).is_empty());
    }
}

//! Keywords that may be names of pets: "Rex" stands beside "beach" and "holiday", and nearly always with one animal.
//!
//! What looks like a name is told by the caller, who knows the words of everyday; here it is weighed whether the name is an
//! animal's. Nothing is named: the user is asked.

use std::collections::HashSet;

use crate::library::people::keywords::KeywordAnimals;

/// Share of a keyword's media that show an animal: detectors overlook some.
const WITH_ANIMAL: f64 = 0.75;
/// Media with the keyword that show exactly one animal, at least: the examples that it is to be known by.
const EXAMPLES: i64 = 2;
/// The longest name, in letters.
const LONGEST: usize = 16;

/// Those keywords that may be a pet's name, of those that `look_like_names`.
pub fn may_be_pets(keywords: Vec<KeywordAnimals>, look_like_names: &HashSet<String>) -> Vec<KeywordAnimals> {
    let wanted = |keyword: &KeywordAnimals| {
        look_like_names.contains(&keyword.folded)
            && is_one_name(&keyword.name)
            && keyword.with_one >= EXAMPLES
            && keyword.with_animal as f64 >= WITH_ANIMAL * keyword.media as f64
    };
    keywords.into_iter().filter(wanted).collect()
}

/// One word of letters, with a capital at its beginning.
fn is_one_name(name: &str) -> bool {
    let letters = name.chars().count();
    (2..=LONGEST).contains(&letters)
        && name.starts_with(char::is_uppercase)
        && name.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyword(name: &str, media: i64, with_animal: i64, with_one: i64) -> KeywordAnimals {
        KeywordAnimals { name: name.into(), folded: name.to_lowercase(), media, with_animal, with_one }
    }

    #[test]
    fn a_name_that_nearly_always_goes_with_one_animal_may_be_a_pets() {
        let keywords = vec![
            keyword("Rex", 4, 4, 4),
            keyword("Misty", 9, 7, 5),
            keyword("Anna", 20, 3, 3),
            keyword("Herd", 5, 5, 0),
            keyword("Tiger", 1, 1, 1),
            keyword("beach", 3, 3, 3),
            keyword("Zoo", 3, 3, 3),
            keyword("Dog Show", 3, 3, 3),
        ];
        let names = keywords.iter().filter(|keyword| keyword.name != "Zoo").map(|keyword| keyword.folded.clone());
        let names: HashSet<String> = names.collect();
        let found = may_be_pets(keywords, &names);
        assert_eq!(found.iter().map(|keyword| keyword.name.as_str()).collect::<Vec<_>>(), ["Rex", "Misty"]);
    }
}

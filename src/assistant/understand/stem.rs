//! Brings words to a form in which inflections of the same word are equal.
//!
//! Light and safe rather than complete: it is only used to compare two words that went through it.

/// English nouns whose plural is irregular.
const IRREGULAR: [(&str, &str); 34] = [
    ("children", "child"),
    ("kids", "kid"),
    ("people", "person"),
    ("men", "man"),
    ("women", "woman"),
    ("mice", "mouse"),
    ("geese", "goose"),
    ("feet", "foot"),
    ("teeth", "tooth"),
    ("leaves", "leaf"),
    ("knives", "knife"),
    ("wolves", "wolf"),
    ("calves", "calf"),
    ("loaves", "loaf"),
    ("shelves", "shelf"),
    ("scarves", "scarf"),
    ("halves", "half"),
    ("wives", "wife"),
    ("oxen", "ox"),
    ("cacti", "cactus"),
    ("movies", "movie"),
    ("cookies", "cookie"),
    ("selfies", "selfie"),
    ("smoothies", "smoothie"),
    ("brownies", "brownie"),
    ("ponies", "pony"),
    ("sunglasses", "sunglasses"),
    ("glasses", "glasses"),
    ("swimming", "swim"),
    ("running", "run"),
    ("shopping", "shop"),
    ("ran", "run"),
    ("swam", "swim"),
    ("ate", "eat"),
];

/// The singular of an English noun; other words come back as they are.
pub fn singular(word: &str) -> String {
    if let Some((_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return (*singular).to_owned();
    }
    let strip = |count: usize| word[..word.len() - count].to_owned();
    if !word.is_ascii() || word.len() < 4 {
        return word.to_owned();
    }
    if word.ends_with("ies") && word.len() > 4 {
        return strip(3) + "y";
    }
    let sibilant = ["sses", "xes", "ches", "shes", "zzes", "toes"].iter().any(|ending| word.ends_with(ending));
    if sibilant {
        return strip(2);
    }
    if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") {
        return strip(1);
    }
    word.to_owned()
}

/// A form in which "ski", "skis", "skiing", "hike", "hiked" and "hiking" each equal their kin.
pub fn stem(word: &str) -> String {
    let word = singular(word);
    if !word.is_ascii() || word.len() < 5 {
        return word.strip_suffix('e').filter(|rest| rest.len() > 2).map_or(word.clone(), str::to_owned);
    }
    for ending in ["ing", "ed"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= 3
            && rest.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        {
            return undouble(rest).to_owned();
        }
    }
    word.strip_suffix('e').map_or_else(|| word.clone(), str::to_owned)
}

/// "planning" is of "plan"; "skill" keeps its two l.
fn undouble(rest: &str) -> &str {
    let bytes = rest.as_bytes();
    match bytes {
        [.., a, b] if a == b && !matches!(b, b'l' | b's' | b'e' | b'o' | b'z') => &rest[..rest.len() - 1],
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_meet() {
        for (a, b) in [
            ("skiing", "ski"),
            ("hiking", "hike"),
            ("opened", "opening"),
            ("weddings", "wedding"),
            ("buses", "bus"),
            ("children", "child"),
            ("surfing", "surf"),
            ("beaches", "beach"),
            ("birthdays", "birthday"),
            ("puppies", "puppy"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} and {b}");
        }
        assert_ne!(stem("bear"), stem("beard"));
        assert_eq!(singular("glass"), "glass");
    }

    #[test]
    fn buses_lose_their_ending() {
        assert_eq!(singular("photos"), "photo");
        assert_eq!(singular("tennis"), "tennis");
    }
}

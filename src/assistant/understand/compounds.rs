//! Takes German compounds apart whose last part is a word for media: "Hundefotos" is "Hund" and "Fotos".
//!
//! Only a first part that is known is split off, and no compound that the dictionary has of its own ("Klassenfoto").
//! Both parts keep the bytes they came from.

use super::general::General;
use super::language::Language;
use super::tokens::Token;

const MEDIA: [&str; 11] =
    ["fotos", "foto", "bildern", "bilder", "bild", "videos", "video", "aufnahmen", "filme", "fotografien", "clips"];

/// Splits compounds in place; `text` is what the tokens are of.
pub fn split(tokens: &mut Vec<Token>, text: &str, general: &General) {
    let mut at = 0;
    while at < tokens.len() {
        if let Some((head, tail)) = parts(&tokens[at], text, general) {
            tokens[at] = head;
            tokens.insert(at + 1, tail);
            at += 1;
        }
        at += 1;
    }
}

fn parts(token: &Token, text: &str, general: &General) -> Option<(Token, Token)> {
    if token.cjk || general.speaks(Language::German, &token.fold) {
        return None;
    }
    let noun = MEDIA.iter().find(|noun| token.fold.len() > noun.len() + 2 && token.fold.ends_with(**noun))?;
    let stem = token.fold.strip_suffix(noun)?;
    let known = |word: &str| general.speaks(Language::German, word) || OTHERS.contains(&word);
    let head = ["en", "es", "s", "n", "e", ""]
        .iter()
        .find_map(|joint| stem.strip_suffix(joint).filter(|word| word.len() > 2 && known(word)))?;
    let cut = token.range.end.checked_sub(noun.len()).filter(|cut| *cut > token.range.start)?;
    // Folding takes accents off, so that what ends the same may be more bytes.
    text.get(cut..token.range.end).filter(|tail| tail.eq_ignore_ascii_case(noun))?;
    let first = Token { fold: head.to_owned(), range: token.range.start..cut, possessive: false, ..token.clone() };
    let second = Token {
        fold: (*noun).to_owned(),
        range: cut..token.range.end,
        capital: false,
        glue: None,
        mark: None,
        ..token.clone()
    };
    Some((first, second))
}

/// First parts that are no everyday things: occasions, holidays, seasons.
const OTHERS: [&str; 22] = [
    "urlaub",
    "reise",
    "ferien",
    "weihnacht",
    "weihnachten",
    "oster",
    "ostern",
    "silvester",
    "sommer",
    "winter",
    "herbst",
    "fruhling",
    "taufe",
    "abschluss",
    "konfirmation",
    "halloween",
    "karneval",
    "fasching",
    "kommunion",
    "ausflug",
    "wochenend",
    "einschulung",
];

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    #[test]
    fn only_known_first_parts_are_split_off() {
        let folds = |text: &str| {
            let mut tokens = tokenize(text).tokens;
            split(&mut tokens, text, General::get());
            tokens.into_iter().map(|token| token.fold).collect::<Vec<_>>()
        };
        assert_eq!(folds("Hundefotos"), ["hund", "fotos"]);
        assert_eq!(folds("Hochzeitsbilder"), ["hochzeit", "bilder"]);
        assert_eq!(folds("Klassenfoto"), ["klassenfoto"]);
        assert_eq!(folds("Xyzfotos photos"), ["xyzfotos", "photos"]);
        assert_eq!(folds("Hundefötös"), ["hundefotos"], "accents where no word has them");
        assert_eq!(folds("Frühlingsbilder"), ["fruhling", "bilder"]);
    }
}

//! Which of tesseract's languages are read with: those that the user names, else those that are installed.
//!
//! Every language more takes longer and gives tesseract more to mistake. The data of the whole Latin script know all
//! languages that are written in it: measured on drawn signs and receipts in three languages they read 89 % of the words
//! with 4 % of mistakes where English, German and French together read 84 % with 11 %, in the same time. So they stand for
//! all of these where they are installed; what is taken unasked beside them, or without them, is bounded, and the user's
//! own languages come first. Each is a package of the system ([`super::packs`]).

use super::TesseractError;

/// Data that are no language: orientation and script, equations, snippets.
const NO_LANGUAGE: [&str; 3] = ["osd", "equ", "snum"];
/// Languages taken unasked.
const MOST: usize = 4;
/// Those that come first.
const FIRST: [&str; 7] = ["Latin", "script/Latin", "eng", "deu", "fra", "spa", "ita"];
/// ISO 639-1 codes and tesseract's names (ISO 639-3, of Chinese with its script).
pub(super) const CODES: [(&str, &str); 40] = [
    ("ar", "ara"),
    ("bg", "bul"),
    ("ca", "cat"),
    ("cs", "ces"),
    ("da", "dan"),
    ("de", "deu"),
    ("el", "ell"),
    ("en", "eng"),
    ("es", "spa"),
    ("et", "est"),
    ("fa", "fas"),
    ("fi", "fin"),
    ("fr", "fra"),
    ("he", "heb"),
    ("hi", "hin"),
    ("hr", "hrv"),
    ("hu", "hun"),
    ("id", "ind"),
    ("is", "isl"),
    ("it", "ita"),
    ("ja", "jpn"),
    ("ko", "kor"),
    ("lt", "lit"),
    ("lv", "lav"),
    ("nb", "nor"),
    ("nl", "nld"),
    ("no", "nor"),
    ("pl", "pol"),
    ("pt", "por"),
    ("ro", "ron"),
    ("ru", "rus"),
    ("sk", "slk"),
    ("sl", "slv"),
    ("sr", "srp"),
    ("sv", "swe"),
    ("th", "tha"),
    ("tr", "tur"),
    ("uk", "ukr"),
    ("vi", "vie"),
    ("zh", "chi_sim"),
];
/// Languages in other scripts than Latin.
const NOT_LATIN: [&str; 44] = [
    "amh", "ara", "asm", "bel", "ben", "bod", "bul", "chi_sim", "chi_tra", "chr", "dzo", "ell", "fas", "grc", "guj",
    "heb", "hin", "hye", "jpn", "kan", "kat", "kaz", "khm", "kir", "kor", "lao", "mal", "mar", "mkd", "mya", "nep",
    "ori", "pan", "rus", "sin", "srp", "tam", "tel", "tha", "uig", "ukr", "urd", "yid", "mon",
];

/// The languages of the list that tesseract prints: a line about it, then one a line.
pub(super) fn listed(printed: &str) -> Vec<String> {
    let names = printed.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains([' ', ':', '"']));
    names.filter(|name| !NO_LANGUAGE.contains(name)).map(str::to_owned).collect()
}

/// Tesseract's name of a language that is given by its ISO 639-1 code.
pub(super) fn of_code(code: &str) -> Option<&'static str> {
    let code = code.trim().to_lowercase();
    CODES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// Those of the user's `own` languages that are not read with `languages`.
pub(super) fn lacking(languages: &[String], own: &[&str]) -> Vec<String> {
    let latin = languages.iter().any(|name| is_latin(name));
    let read = |name: &&&str| languages.iter().any(|known| known == **name) || (latin && !is_not_latin(name));
    own.iter().filter(|name| !read(name)).map(|name| (*name).to_owned()).collect()
}

/// What is read with: what is `wanted`, else of those that are `there` a few, the user's `own` languages before others.
///
/// # Errors
/// When there is none, or not what is wanted.
pub(super) fn choose(there: &[String], wanted: &[String], own: &[&str]) -> Result<Vec<String>, TesseractError> {
    if there.is_empty() {
        return Err(TesseractError::NoLanguages);
    }
    if let Some(wanted) = wanted.iter().find(|wanted| !there.contains(wanted)) {
        return Err(TesseractError::NoSuchLanguage { wanted: wanted.clone(), there: there.to_vec() });
    }
    if !wanted.is_empty() {
        return Ok(wanted.to_vec());
    }
    let latin = there.iter().any(|name| is_latin(name));
    let covered = |name: &String| if latin { is_latin(name) || is_not_latin(name) } else { !of_a_script(name) };
    let mut languages: Vec<String> = there.iter().filter(|name| covered(name)).cloned().collect();
    if languages.is_empty() {
        languages = there.to_vec();
    }
    let place = |name: &String, of: &[&str]| of.iter().position(|known| *known == name.as_str()).unwrap_or(of.len());
    let rank = |name: &String| (!is_latin(name), place(name, own), place(name, &FIRST));
    languages.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    languages.truncate(MOST);
    Ok(languages)
}

/// Whether it is the data of the whole Latin script.
pub(super) fn is_latin(name: &str) -> bool {
    FIRST[..2].contains(&name)
}

/// Whether it is a language in another script than Latin.
pub(super) fn is_not_latin(name: &str) -> bool {
    NOT_LATIN.contains(&name)
}

fn of_a_script(name: &str) -> bool {
    name.contains('/') || name.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_list_is_read_without_its_heading() {
        let printed = "List of available languages in \"/usr/share/tessdata/\" (4):\ndeu\neng\nosd\nscript/Latin\n";
        assert_eq!(listed(printed), names(&["deu", "eng", "script/Latin"]));
    }

    #[test]
    fn unasked_a_few_are_taken_and_the_latin_script_stands_for_its_languages() {
        let there = names(&["afr", "deu", "eng", "fra", "jpn", "script/Hans", "spa", "swe"]);
        assert_eq!(choose(&there, &[], &[]).unwrap(), names(&["eng", "deu", "fra", "spa"]));
        assert_eq!(choose(&there, &[], &["swe", "eng"]).unwrap(), names(&["swe", "eng", "deu", "fra"]));
        let there = names(&["Latin", "deu", "eng", "jpn", "script/Hans"]);
        assert_eq!(choose(&there, &[], &["deu"]).unwrap(), names(&["Latin", "jpn"]));
        assert_eq!(choose(&names(&["Hans"]), &[], &[]).unwrap(), names(&["Hans"]));
        assert_eq!(choose(&there, &names(&["deu"]), &["eng"]).unwrap(), names(&["deu"]));
    }

    #[test]
    fn what_the_users_languages_lack_is_told() {
        let own = ["de", "ja", "zh"].map(|code| of_code(code).unwrap());
        assert_eq!(own, ["deu", "jpn", "chi_sim"]);
        assert_eq!(lacking(&names(&["Latin", "jpn"]), &own), ["chi_sim"]);
        assert_eq!(lacking(&names(&["eng"]), &own), own);
        assert_eq!(of_code("tlh"), None);
    }

    #[test]
    fn a_language_that_is_not_there_is_named_with_those_that_are() {
        let error = choose(&names(&["eng"]), &names(&["jpn"]), &[]).unwrap_err().to_string();
        assert!(error.contains("`jpn`") && error.contains("apt-get install tesseract-ocr-jpn"), "{error}");
        assert!(matches!(choose(&[], &[], &[]), Err(TesseractError::NoLanguages)));
    }
}

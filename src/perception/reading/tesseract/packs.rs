//! Tesseract's data as packs: what each reads, which package of the system has it, and which are worth adding.
//!
//! Nothing is downloaded here; a pack is installed by the system's own tool.

use serde::Serialize;
use utoipa::ToSchema;

use super::languages::{CODES, is_latin, is_not_latin};

/// Scripts by tesseract's names, with what Debian's packages call them: their codes of ISO 15924, but for two.
const SCRIPTS: [(&str, &str); 33] = [
    ("Arabic", "arab"),
    ("Armenian", "armn"),
    ("Bengali", "beng"),
    ("Canadian_Aboriginal", "cans"),
    ("Cherokee", "cher"),
    ("Cyrillic", "cyrl"),
    ("Devanagari", "deva"),
    ("Ethiopic", "ethi"),
    ("Fraktur", "frak"),
    ("Georgian", "geor"),
    ("Greek", "grek"),
    ("Gujarati", "gujr"),
    ("Gurmukhi", "guru"),
    ("Hangul", "hang"),
    ("HanS", "hans"),
    ("HanT", "hant"),
    ("Hebrew", "hebr"),
    ("Japanese", "jpan"),
    ("Kannada", "knda"),
    ("Khmer", "khmr"),
    ("Lao", "laoo"),
    ("Latin", "latn"),
    ("Malayalam", "mlym"),
    ("Myanmar", "mymr"),
    ("Oriya", "orya"),
    ("Sinhala", "sinh"),
    ("Syriac", "syrc"),
    ("Tamil", "taml"),
    ("Telugu", "telu"),
    ("Thaana", "thaa"),
    ("Thai", "thai"),
    ("Tibetan", "tibt"),
    ("Vietnamese", "viet"),
];
/// Parts of tesseract's names of languages and the scripts that they stand for, as ISO 15924 has them.
const WRITTEN_IN: [(&str, &str); 6] =
    [("sim", "Hans"), ("tra", "Hant"), ("latn", "Latn"), ("cyrl", "Cyrl"), ("frak", "Latf"), ("latf", "Latf")];

/// Data that tesseract reads a language or a script with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LanguagePack)]
pub struct Pack {
    /// Tesseract's name: `deu`, `chi_sim`, `Latin`.
    pub name: String,
    /// The language, as BCP 47 has it: `de`, `zh-Hans`; null for a script.
    pub language: Option<String>,
    /// The script, as ISO 15924 has it: `Latn`; null for a language. It stands for all languages that are written in it.
    pub script: Option<String>,
    /// The package of Debian and its kin.
    pub package: String,
    /// It is here.
    pub installed: bool,
    /// Pictures are read with it.
    pub used: bool,
    /// The user speaks it, and nothing that is here reads it.
    pub wanted: bool,
}

impl Pack {
    fn named(name: &str) -> Self {
        let (language, script) = match script(name) {
            Some("frak") => (None, Some("Latf".to_owned())),
            // The letters are Latin ones; what is special about it is the language.
            Some("viet") => (Some("vi".to_owned()), None),
            Some(code) => (None, Some(code[..1].to_uppercase() + &code[1..])),
            None => (Some(tag(name)), None),
        };
        Self {
            name: name.into(),
            language,
            script,
            package: package(name),
            installed: false,
            used: false,
            wanted: false,
        }
    }
}

/// The package of Debian and its kin that has a language or script.
pub(super) fn package(name: &str) -> String {
    match script(name) {
        Some(code) => format!("tesseract-ocr-script-{code}{}", if name.ends_with("_vert") { "-vert" } else { "" }),
        None => format!("tesseract-ocr-{}", name.replace('_', "-").to_lowercase()),
    }
}

/// What packages call a script; `None` for a language.
fn script(name: &str) -> Option<&'static str> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = name.strip_suffix("_vert").unwrap_or(name);
    SCRIPTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, code)| *code)
}

/// A language as BCP 47 has it.
fn tag(name: &str) -> String {
    let (language, rest) = name.split_once('_').unwrap_or((name, ""));
    let code =
        CODES.iter().find(|(_, known)| known.split('_').next() == Some(language)).map_or(language, |(code, _)| code);
    let written = WRITTEN_IN.iter().find(|(part, _)| rest.split('_').any(|other| other == *part));
    written.map_or_else(|| code.to_owned(), |(_, script)| format!("{code}-{script}"))
}

/// Those that are here, what is read with first, then those that would add something: what the user speaks, the Latin script
/// for all of its languages, and the languages of other scripts that many people read.
pub(super) fn packs(there: &[String], used: &[String], lacking: &[String]) -> Vec<Pack> {
    let others = there.iter().filter(|name| !used.contains(name));
    let installed =
        used.iter().chain(others).map(|name| Pack { installed: true, used: used.contains(name), ..Pack::named(name) });
    let latin = (!there.iter().any(|name| is_latin(name))).then_some("Latin");
    let known = CODES.iter().map(|(_, name)| *name).filter(|name| is_not_latin(name));
    let more = latin.into_iter().chain(known).filter(|name| !there.iter().chain(lacking).any(|other| other == name));
    let wanted = lacking.iter().map(|name| Pack { wanted: true, ..Pack::named(name) });
    installed.chain(wanted).chain(more.map(Pack::named)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_pack_has_the_name_that_the_system_has_for_it() {
        for (name, expected) in [
            ("deu", "tesseract-ocr-deu"),
            ("chi_sim", "tesseract-ocr-chi-sim"),
            ("chi_tra_vert", "tesseract-ocr-chi-tra-vert"),
            ("Latin", "tesseract-ocr-script-latn"),
            ("script/Latin", "tesseract-ocr-script-latn"),
            ("script/Cyrillic", "tesseract-ocr-script-cyrl"),
            ("HanT_vert", "tesseract-ocr-script-hant-vert"),
        ] {
            assert_eq!(package(name), expected);
        }
    }

    #[test]
    fn what_a_pack_reads_is_said_in_codes_that_others_know() {
        let of = |name: &str| {
            let Pack { language, script, .. } = Pack::named(name);
            language.or(script).unwrap_or_default()
        };
        let named = [
            "deu",
            "chi_sim",
            "chi_tra_vert",
            "srp_latn",
            "afr",
            "nor",
            "Latin",
            "script/HanS",
            "Fraktur",
            "Vietnamese",
        ];
        assert_eq!(named.map(of), ["de", "zh-Hans", "zh-Hant", "sr-Latn", "afr", "nb", "Latn", "Hans", "Latf", "vi"]);
    }

    #[test]
    fn what_is_read_with_comes_first_and_what_would_add_nothing_is_left_out() {
        let there = names(&["Latin", "deu", "jpn"]);
        let listed = packs(&there, &names(&["Latin", "jpn"]), &names(&["ukr"]));
        let of = |is: fn(&Pack) -> bool| {
            listed.iter().filter(|pack| is(pack)).map(|pack| pack.name.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(of(|pack| pack.used), ["Latin", "jpn"]);
        assert_eq!(of(|pack| pack.installed), ["Latin", "jpn", "deu"]);
        assert_eq!(of(|pack| pack.wanted), ["ukr"]);
        let more = of(|pack| !pack.installed && !pack.wanted);
        assert!(more.contains(&"rus") && more.contains(&"chi_sim"), "{more:?}");
        assert!(!more.iter().any(|name| ["jpn", "ukr", "fra", "Latin"].contains(name)), "{more:?}");
        let without = packs(&names(&["eng"]), &names(&["eng"]), &[]);
        assert!(without.iter().any(|pack| pack.package == "tesseract-ocr-script-latn" && !pack.installed));
    }
}

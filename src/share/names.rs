//! Names of files that every system takes, each once.
//!
//! What must stay true, whatever a name holds: it is one step of a path, never leads elsewhere, means no device on Windows,
//! hides nothing by turning its direction, and differs from every other also where cases do not count.

use std::collections::HashSet;

/// Bytes of a name at the most, room for an ending and a number left.
const LONGEST: usize = 180;
/// An ending is no longer.
const LONGEST_ENDING: usize = 12;
/// What a file is called whose name has nothing that may stay.
const NAMELESS: &str = "picture";
/// Names that mean devices on Windows, with any ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A name that every system takes.
pub fn safe(name: &str) -> String {
    let kept: String = name.chars().filter(|c| !is_unseen(*c)).map(|c| if is_barred(c) { '_' } else { c }).collect();
    let kept = kept.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = split(kept);
    let stem = cut(stem, LONGEST).trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let mut safe = format!("{stem}{ending}");
    if stem.is_empty() || stem.chars().all(|c| c == '_') && ending.is_empty() {
        safe = format!("{NAMELESS}{ending}");
    }
    let first = safe.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = first.len() == 4 && (first.starts_with("com") || first.starts_with("lpt"));
    if DEVICES.contains(&first.as_str()) || numbered && first.ends_with(|c: char| c.is_ascii_digit()) {
        safe.insert(0, '_');
    }
    safe
}

/// What Windows does not allow, and what parts paths.
fn is_barred(c: char) -> bool {
    matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')
}

/// What is not seen, and what turns the direction of the rest.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Divides `IMG.JPG` into `IMG` and `.JPG`.
pub fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at)
            if at > 0
                && (2..=LONGEST_ENDING).contains(&(name.len() - at))
                && name[at + 1..].bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            name.split_at(at)
        }
        _ => (name, ""),
    }
}

fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Names that are given, each once.
#[derive(Debug, Default)]
pub struct Names {
    /// Stems in lower case: with its sidecar and its moving part a picture has a stem of its own.
    given: HashSet<String>,
}

impl Names {
    /// The name itself, made safe, or with a number where it was given before.
    pub fn unique(&mut self, name: &str) -> String {
        let name = safe(name);
        let (stem, ending) = split(&name);
        // A sidecar is found by the stem too: `a.jpg` and `a.heic` are not to have one in common.
        let mut tries = std::iter::once(stem.to_owned()).chain((2_u64..).map(|number| format!("{stem} ({number})")));
        let free = tries.find(|stem| self.given.insert(stem.to_lowercase())).unwrap_or_default();
        format!("{free}{ending}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_names_become_names() {
        for (name, safe_name) in [
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", "picture"),
            ("", "picture"),
            ("...hidden.jpg", "hidden.jpg"),
            ("C:\\Users\\x.jpg", "C__Users_x.jpg"),
            ("con.jpg", "_con.jpg"),
            ("LPT1", "_LPT1"),
            ("compass.jpg", "compass.jpg"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("what? <b>.png", "what_ _b_.png"),
            ("ends. ", "ends"),
            ("東京 2019.HEIC", "東京 2019.HEIC"),
            ("a\0b\n.jpg", "ab.jpg"),
            ("Trip to St. Moritz", "Trip to St. Moritz"),
        ] {
            assert_eq!(safe(name), safe_name, "{name:?}");
        }
        let long = format!("{}.jpeg", "ä".repeat(500));
        assert!(safe(&long).len() < 200 && safe(&long).ends_with(".jpeg"));
    }

    #[test]
    fn each_is_given_once_where_cases_do_not_count() {
        let mut names = Names::default();
        let given = ["IMG.jpg", "img.JPG", "IMG (2).jpg", "IMG.heic", "other.jpg"].map(|name| names.unique(name));
        assert_eq!(given, ["IMG.jpg", "img (2).JPG", "IMG (2) (2).jpg", "IMG (3).heic", "other.jpg"]);
    }

    proptest! {
        #[test]
        fn no_name_leads_anywhere(name in ".{0,300}") {
            let safe = safe(&name);
            prop_assert!(!safe.is_empty() && safe.len() <= 220);
            prop_assert!(!safe.contains(['/', '\\', '\0', ':']));
            prop_assert!(safe != "." && safe != ".." && !safe.starts_with('.'));
            prop_assert!(!safe.ends_with(['.', ' ']));
        }
    }
}

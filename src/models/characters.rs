//! The characters that a model reads: a file beside its graph, in the order of the outputs.
//!
//! PaddleOCR exports them as the list `character_dict` of `inference.yml`, or keeps them in a text file, one a line. The
//! first output of such a model stands for no character, and a last one beyond the list for a space.

use std::fs;
use std::path::{Path, PathBuf};

/// PaddleOCR's own file.
const EXPORTED: &str = "inference.yml";
/// A file of characters is smaller.
const LARGEST: u64 = 4 << 20;
/// A character takes fewer bytes, accents and all.
const LONGEST: usize = 64;

/// The file in `folder` with the characters of a model with so many outputs.
pub fn file_for(folder: &Path, outputs: usize) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    let text = |name: &str| name.ends_with(".txt") && ["dict", "keys", "characters"].iter().any(|w| name.contains(w));
    names.retain(|name| name == EXPORTED || text(name));
    names.sort_by_key(|name| (name != EXPORTED, name.clone()));
    names.into_iter().map(|name| folder.join(name)).find(|path| read(path, outputs).is_some())
}

/// What each output of the model in `folder` stands for; the first is empty.
pub fn of(folder: &Path, outputs: usize) -> Option<Vec<String>> {
    read(&file_for(folder, outputs)?, outputs)
}

fn read(path: &Path, outputs: usize) -> Option<Vec<String>> {
    if fs::metadata(path).ok()?.len() > LARGEST {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let listed = if path.ends_with(EXPORTED) { exported(&text)? } else { lines(&text) };
    if listed.iter().any(|character| character.len() > LONGEST) {
        return None;
    }
    let mut characters = vec![String::new()];
    characters.extend(listed);
    if characters.len() + 1 == outputs {
        characters.push(" ".to_owned());
    }
    (characters.len() == outputs && outputs > 2).then_some(characters)
}

/// One character a line; a line may hold nothing but a space.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim_end_matches('\r').to_owned()).collect()
}

/// The list `character_dict`, in the part of YAML that it is written in: an item a line, plain or quoted.
fn exported(text: &str) -> Option<Vec<String>> {
    let mut rest = text.lines().skip_while(|line| line.trim() != "character_dict:");
    rest.next()?;
    let items = rest.map_while(|line| {
        let line = line.trim_start();
        if line == "-" { Some("") } else { line.strip_prefix("- ") }
    });
    items.map(|item| scalar(item.trim_end_matches(['\r', ' ']))).collect()
}

/// A YAML scalar.
fn scalar(item: &str) -> Option<String> {
    let between = |quote: char| item.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(inner) = between('\'') {
        return Some(inner.replace("''", "'"));
    }
    match between('"') {
        Some(inner) => unescaped(inner),
        None => Some(item.to_owned()),
    }
}

fn unescaped(text: &str) -> Option<String> {
    let mut characters = text.chars();
    let mut plain = String::new();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        let digits = match characters.next()? {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            't' => {
                plain.push('\t');
                continue;
            }
            '_' => {
                plain.push('\u{a0}');
                continue;
            }
            other => {
                plain.push(other);
                continue;
            }
        };
        let code: String = characters.by_ref().take(digits).collect();
        plain.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exported_list_is_read_as_yaml_writes_it() {
        let folder = tempfile::tempdir().unwrap();
        let text = "Global:\n  model_name: x\nPostProcess:\n  name: CTCLabelDecode\n  character_dict:\n  - '!'\n  - ''''\n  \
                    - a\n  - \"\\\\\"\n  - \"\\u3000\"\n  - é\nOther:\n  - b\n";
        fs::write(folder.path().join(EXPORTED), text).unwrap();
        let expected = ["", "!", "'", "a", "\\", "\u{3000}", "é"];
        assert_eq!(of(folder.path(), 7).unwrap(), expected);
        assert_eq!(of(folder.path(), 8).unwrap()[7], " ");
        assert_eq!(of(folder.path(), 9), None);
    }

    #[test]
    fn a_text_file_has_one_character_a_line_and_must_fit_the_outputs() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ppocr_dict.txt"), "a\nb\n \nc\n").unwrap();
        fs::write(folder.path().join("readme.txt"), "1\n2\n3\n4\n").unwrap();
        assert_eq!(of(folder.path(), 5).unwrap(), ["", "a", "b", " ", "c"]);
        assert_eq!(of(folder.path(), 4), None);
        fs::write(folder.path().join("ppocr_dict.txt"), "x".repeat(100)).unwrap();
        assert_eq!(of(folder.path(), 2), None);
    }
}

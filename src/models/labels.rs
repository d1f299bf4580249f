//! The classes that a classifier tells apart: a file of labels beside its graph, one a line in the order of the outputs.

use std::fs;
use std::path::{Path, PathBuf};

/// Name of the file in an installed model's folder.
pub const LABELS: &str = "labels.txt";

/// A file of labels is smaller.
const LARGEST: u64 = 4 << 20;
/// Classes of nsfwjs (Infinite Red), in the order of its outputs: the one classifier that comes without such a file.
const NSFWJS: [&str; 5] = ["drawing", "hentai", "neutral", "porn", "sexy"];
/// Classes of a picture's safety, at least two of which a model has that tells whether a picture is fit for everybody.
const SAFETY: [&str; 5] = ["neutral", "porn", "sexy", "nsfw", "safe"];

/// The file in `folder` with the labels of a model with so many outputs: `labels.txt`, or the first by name of the text
/// files with `labels` in their names that has as many lines.
pub fn file_for(folder: &Path, outputs: usize) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.retain(|name| name.contains("labels") && name.ends_with(".txt"));
    names.sort_by_key(|name| (name != LABELS, name.clone()));
    let paths = names.into_iter().map(|name| folder.join(name));
    paths.into_iter().find(|path| read(path).is_some_and(|labels| labels.len() == outputs))
}

/// The labels of the model with so many outputs in `folder`, if there are any.
pub fn of(folder: &Path, outputs: usize) -> Option<Vec<String>> {
    let from_file = file_for(folder, outputs).and_then(|path| read(&path));
    from_file.or_else(|| (outputs == NSFWJS.len()).then(|| NSFWJS.map(str::to_owned).to_vec()))
}

/// Whether these are classes of safety rather than of what a picture shows.
pub fn are_of_safety(labels: &[String]) -> bool {
    SAFETY.iter().filter(|class| labels.iter().any(|label| label == *class)).count() > 1
}

/// One label a line. Of `seashore, coast, seacoast` the first name is the label; where that is another line's too, the
/// whole line is, and a number is added to what is still not alone.
fn read(path: &Path) -> Option<Vec<String>> {
    if fs::metadata(path).ok()?.len() > LARGEST {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let first = |line: &str| line.split(',').next().unwrap_or_default().trim().to_owned();
    let mut labels: Vec<String> = lines.iter().map(|line| first(line)).collect();
    let mut times = std::collections::HashMap::<String, usize>::new();
    for label in &labels {
        *times.entry(label.clone()).or_default() += 1;
    }
    for (label, line) in labels.iter_mut().zip(&lines) {
        if times[label.as_str()] > 1 {
            *label = (*line).to_owned();
        }
    }
    let mut seen = std::collections::HashMap::<String, usize>::new();
    for label in &mut labels {
        let before = seen.entry(label.clone()).or_default();
        *before += 1;
        if *before > 1 {
            *label = format!("{label} {before}");
        }
    }
    Some(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_first_names_and_each_is_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x_labels.txt");
        fs::write(&path, "background\nseashore, coast\ncrane\nmaillot\nmaillot, tank suit\ncrane\n").unwrap();
        let labels = of(folder.path(), 6).unwrap();
        assert_eq!(labels, ["background", "seashore", "crane", "maillot", "maillot, tank suit", "crane 2"]);
        assert_eq!(of(folder.path(), 7), None);
        assert!(!are_of_safety(&labels));
    }

    #[test]
    fn five_outputs_without_a_file_are_classes_of_safety() {
        let folder = tempfile::tempdir().unwrap();
        assert!(are_of_safety(&of(folder.path(), 5).unwrap()));
        fs::write(folder.path().join(LABELS), "a\nb\nc\nd\ne\n").unwrap();
        assert!(!are_of_safety(&of(folder.path(), 5).unwrap()));
    }
}

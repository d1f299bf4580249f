//! Keeps what a message says from being taken for the markers of a chat template.

/// A character of no width that takes a marker apart and that no tokenizer takes for part of it.
const BETWEEN: char = '\u{200b}';

/// Takes markers in messages apart, so that they are text and nothing else.
#[derive(Debug, Clone, Default)]
pub struct Neutral {
    markers: Vec<String>,
}

impl Neutral {
    /// `markers`: the texts of the special tokens of the vocabulary.
    pub fn new(markers: impl IntoIterator<Item = String>) -> Self {
        let mut markers: Vec<String> = markers
            .into_iter()
            .filter(|marker| marker.chars().count() > 2 && marker.contains(['<', '[', '｜', '|']))
            .collect();
        markers.sort();
        markers.dedup();
        Self { markers }
    }

    /// The text with every marker in it taken apart.
    pub fn apply(&self, text: &str) -> String {
        if !text.contains(['<', '[', '｜', '|']) {
            return text.to_owned();
        }
        let mut text = text.to_owned();
        for marker in &self.markers {
            if text.contains(marker.as_str()) {
                let mut letters = marker.chars();
                let apart: String = letters.next().into_iter().chain([BETWEEN]).chain(letters).collect();
                text = text.replace(marker.as_str(), &apart);
            }
        }
        text
    }
}

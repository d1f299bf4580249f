//! Short names of media within one turn: `m1`, `m2` … instead of identifiers of 36 characters.
//!
//! A language model can name only media that a tool gave it, because other names lead nowhere.

use std::collections::HashMap;

use crate::library::MediaId;

/// The media that were named in a turn.
#[derive(Debug, Clone, Default)]
pub struct References {
    media: Vec<MediaId>,
    numbers: HashMap<MediaId, usize>,
}

impl References {
    /// The name of a medium; a new one if it has none yet.
    pub fn name(&mut self, id: MediaId) -> String {
        let next = self.media.len() + 1;
        let number = *self.numbers.entry(id).or_insert(next);
        if number == next {
            self.media.push(id);
        }
        format!("m{number}")
    }

    /// The medium of a name.
    pub fn get(&self, name: &str) -> Option<MediaId> {
        let number: usize = name.trim().strip_prefix('m')?.parse().ok()?;
        self.media.get(number.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medium_keeps_its_name_and_made_up_names_lead_nowhere() {
        let mut references = References::default();
        let (a, b) = (MediaId::new(), MediaId::new());
        assert_eq!([references.name(a), references.name(b), references.name(a)], ["m1", "m2", "m1"]);
        assert_eq!(references.get("m2"), Some(b));
        for made_up in ["m3", "m0", "m", "2", "M1", "m-1", ""] {
            assert_eq!(references.get(made_up), None, "{made_up}");
        }
    }
}

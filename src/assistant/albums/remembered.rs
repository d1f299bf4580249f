//! The best of a rule, remembered until the library changes: choosing them reads everything about thousands of media.
//!
//! What a search takes part in is never remembered, because the indexes follow the library's changes later.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use crate::library::{MediaId, View};

/// Rules whose media are remembered.
const MOST: usize = 32;

/// What the media of a rule depend on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AsOf {
    /// The rule.
    pub rule: String,
    /// The library's revision.
    pub revision: i64,
    /// Who looks.
    pub view: View,
    /// Today.
    pub day: Date,
}

/// A rule with what it found.
type Found = (AsOf, Vec<MediaId>);

/// Rules with what they found last. Clones share it.
#[derive(Clone, Default)]
pub struct Remembered(Arc<Mutex<Vec<Found>>>);

impl Remembered {
    /// What the rule found, if nothing changed since.
    pub(super) fn get(&self, of: &AsOf) -> Option<Vec<MediaId>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(known, _)| known == of).map(|(_, media)| media.clone())
    }

    /// Remembers what a rule found, in place of what it found before.
    pub(super) fn put(&self, of: AsOf, media: Vec<MediaId>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(known, _)| known.revision == of.revision && *known != of);
        if known.len() >= MOST {
            known.remove(0);
        }
        known.push((of, media));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_library_is_looked_at_anew() {
        let remembered = Remembered::default();
        let of = |revision| AsOf { rule: "best 2".into(), revision, view: View::Everything, day: Date::MIN };
        remembered.put(of(1), vec![MediaId::new()]);
        assert_eq!(remembered.get(&of(1)).map(|media| media.len()), Some(1));
        let guarded = AsOf { view: View::Guarded { least: 0.5 }, ..of(1) };
        assert!(remembered.get(&of(2)).is_none() && remembered.get(&guarded).is_none());
        for rule in 0..2 * MOST {
            remembered.put(AsOf { rule: rule.to_string(), ..of(2) }, Vec::new());
        }
        assert!(remembered.get(&of(1)).is_none());
    }
}

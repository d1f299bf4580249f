//! What is chosen by what lies in the models folder, and chosen anew when that changes.
//!
//! What stays true: a model that is pulled, imported or removed, by whatever process, counts from the next use on; where
//! the choice comes out the same, its engine goes on running; an engine that is not chosen any more ends when who is using
//! it has ended.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// What is chosen is looked at again after this time even if the folder's own time says that nothing changed: clocks of
/// file systems are coarse, and engines may be built meanwhile.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Chooses, knowing what was chosen before.
type Choose<T> = dyn Fn(Option<&T>) -> T + Send + Sync;

/// Something chosen from the models folder.
pub(super) struct Choice<T> {
    folder: PathBuf,
    choose: Box<Choose<T>>,
    kept: Mutex<Kept<T>>,
}

struct Kept<T> {
    value: T,
    /// When models came to the folder or went last.
    changed: Option<SystemTime>,
    looked: Instant,
}

impl<T: Clone> Choice<T> {
    /// What `choose` gives. It is told what was chosen before, to keep that where nothing else is to be chosen, and reads
    /// little: it is called where people wait.
    pub fn new(folder: PathBuf, choose: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let kept = Kept { changed: changed(&folder), looked: Instant::now(), value: choose(None) };
        Self { folder, choose: Box::new(choose), kept: Mutex::new(kept) }
    }

    /// What is chosen now.
    pub fn now(&self) -> T {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = changed(&self.folder);
        if changed != kept.changed || kept.looked.elapsed() >= LOOK_AGAIN {
            (kept.changed, kept.looked) = (changed, Instant::now());
            kept.value = (self.choose)(Some(&kept.value));
        }
        kept.value.clone()
    }
}

/// Models come and go by renames, which the folder's own time tells.
fn changed(folder: &Path) -> Option<SystemTime> {
    folder.metadata().and_then(|folder| folder.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_comes_and_goes_counts_at_the_next_use_and_the_rest_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let looks = Arc::new(AtomicUsize::new(0));
        let (path, counted) = (folder.path().to_owned(), Arc::clone(&looks));
        let choice = Choice::new(folder.path().to_owned(), move |before: Option<&(bool, usize)>| {
            let there = path.join("model").exists();
            let number = counted.fetch_add(1, Ordering::Relaxed);
            before.filter(|(was, _)| *was == there).copied().unwrap_or((there, number))
        });
        assert_eq!(choice.now(), (false, 0));
        std::fs::create_dir(folder.path().join("model")).unwrap();
        assert_eq!(choice.now(), (true, 1));
        // Another model: this one is looked at again and kept.
        std::fs::create_dir(folder.path().join("other")).unwrap();
        assert_eq!(choice.now(), (true, 1));
        std::fs::remove_dir(folder.path().join("model")).unwrap();
        assert!(!choice.now().0);
    }
}

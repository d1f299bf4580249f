//! Which processes work on the library: each holds a lock on a file of its own, which the system lets go when it ends,
//! however it ends.
//!
//! Jobs name the process that claimed them. A claim of a process whose file is not locked is void at once, and nobody
//! takes a job from one that lives. Where locks do not reach, as between machines, claims still run out.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

/// This process among those that work on a library; ends with the value.
#[derive(Debug)]
pub(super) struct Presence {
    folder: PathBuf,
    name: String,
    _lock: File,
}

impl Presence {
    /// Announces this process in `data`.
    pub fn announce(data: &Path) -> io::Result<Self> {
        let folder = data.join("workers");
        std::fs::create_dir_all(&folder)?;
        sweep(&folder);
        let name = Uuid::now_v7().to_string();
        let lock = File::options().create_new(true).write(true).open(file(&folder, &name))?;
        // Nobody has heard of the name yet, so nobody else tries the lock.
        lock.lock()?;
        Ok(Self { folder, name, _lock: lock })
    }

    /// The name that claims are made under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the process of that name is still there. What a dead one left is removed.
    pub fn is_alive(&self, name: &str) -> bool {
        if name == self.name {
            return true;
        }
        let path = file(&self.folder, name);
        match File::open(&path).map(|file| file.try_lock_shared()) {
            Ok(Err(TryLockError::WouldBlock)) => true,
            Ok(_) => {
                // If it cannot be removed it is found dead again, which does no harm.
                drop(std::fs::remove_file(&path));
                false
            }
            Err(_) => false,
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        // A file that stays is found unlocked and removed by the next process.
        drop(std::fs::remove_file(file(&self.folder, &self.name)));
    }
}

/// Removes what killed processes left. One that is younger may belong to a process that is about to lock it.
fn sweep(folder: &Path) {
    let old = |entry: &std::fs::DirEntry| {
        let modified = entry.metadata().ok()?.modified().ok()?;
        modified.elapsed().ok().filter(|age| *age > Duration::from_secs(60))
    };
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| old(entry).is_some()) {
        if File::open(entry.path()).is_ok_and(|file| file.try_lock_shared().is_ok()) {
            drop(std::fs::remove_file(entry.path()));
        }
    }
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_gone_is_told_from_who_is_there() {
        let data = tempfile::tempdir().unwrap();
        let (me, other) = (Presence::announce(data.path()).unwrap(), Presence::announce(data.path()).unwrap());
        assert!(me.is_alive(me.name()) && me.is_alive(other.name()) && other.is_alive(me.name()));
        let name = other.name().to_owned();
        drop(other);
        assert!(!me.is_alive(&name) && !me.is_alive("never there"));
        // A process that was killed leaves its file without a lock.
        std::fs::write(file(&me.folder, "killed"), b"").unwrap();
        assert!(!me.is_alive("killed"));
        assert!(!file(&me.folder, "killed").exists());
    }
}

//! How much room there is on the disk of a folder.

use std::io;
use std::path::Path;

/// What is left free beside a model: manifests, pins and other programs need some too.
pub const SPARE: u64 = 16 << 20;

/// Bytes that this user can still write into the file system that holds `folder`.
///
/// # Errors
/// When the folder is not there or its file system does not say.
pub fn free(folder: &Path) -> io::Result<u64> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_some_room_here_and_none_in_a_folder_that_is_not_there() {
        assert!(free(&std::env::temp_dir()).unwrap() > 0);
        assert!(free(Path::new("/nowhere/at/all")).is_err());
    }
}

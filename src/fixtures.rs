//! Where tests find the real media, the family library and the small models that lie outside the project.
//!
//! A test that needs them says so and passes on a stranger's machine; on CI their absence is a failure.

use std::path::{Path, PathBuf};

/// The path of `relative` within the shared test data: the folder in `RECOLLECT_SHARED`, or `../shared` beside the checkout.
///
/// Returns `None`, after printing a line that says what is skipped, when it is absent.
///
/// # Panics
/// When it is absent and the environment has `CI=true`.
pub fn shared(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("RECOLLECT_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{} is absent; CI needs the shared test data",
        path.display()
    );
    eprintln!("SKIPPED: needs {}, and ../shared is absent", path.display());
    None
}

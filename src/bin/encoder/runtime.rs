//! Finds and loads ONNX Runtime's shared library.
//!
//! A path that was asked for is the only one tried; otherwise the first place that has a library counts. Which one was
//! loaded is in the log, and an error names every place that was searched.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use recollect::models::ModelFolder;

/// Places where systems keep shared libraries.
const SYSTEM: [&str; 7] = [
    "/usr/local/lib",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/opt/onnxruntime/lib",
    "/opt/homebrew/lib",
];

/// Loads the library at `asked`, else at `RECOLLECT_ONNXRUNTIME`, else the first that is found.
pub fn load(asked: Option<&Path>) -> anyhow::Result<Environment> {
    let named = std::env::var_os("RECOLLECT_ONNXRUNTIME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let path = match asked.map(Path::to_owned).or(named) {
        Some(path) if path.is_dir() => {
            library_in(&path).with_context(|| format!("the folder {} holds no ONNX Runtime library", path.display()))?
        }
        Some(path) => path,
        None => search()?,
    };
    if !path.is_file() {
        bail!("ONNX Runtime's library {} does not exist; correct --runtime or RECOLLECT_ONNXRUNTIME", path.display());
    }
    let builder = ort::init_from(&path).with_context(|| {
        format!("{} cannot be loaded as ONNX Runtime 1.22 or newer; run scripts/setup for one that can", path.display())
    })?;
    tracing::info!(path = %path.display(), "ONNX Runtime loaded");
    builder.with_name("recollect").with_telemetry(false).build().context("ONNX Runtime cannot be initialised")
}

/// A session's builder, as all models here want it; a run computes on `threads` threads.
pub fn session(environment: &Environment, threads: usize) -> anyhow::Result<SessionBuilder> {
    let configure = || -> ort::Result<_> {
        let builder = Session::builder(environment)?
            .with_optimization_level(GraphOptimizationLevel::Level3)?
            .with_intra_threads(threads)?
            .with_inter_threads(1)?
            // An engine that waits for work must not use the processor.
            .with_intra_op_spinning(false)?
            // Inputs differ in shape each time: a remembered plan would only hold memory.
            .with_memory_pattern(false)?;
        Ok(builder)
    };
    configure().context("ONNX Runtime cannot be configured")
}

fn search() -> anyhow::Result<PathBuf> {
    let models = ModelFolder::resolve().map(|folder| folder.root().join("runtime")).ok();
    let folders: Vec<PathBuf> = models.into_iter().chain(SYSTEM.iter().map(PathBuf::from)).collect();
    if let Some(path) = folders.iter().find_map(|folder| library_in(folder)) {
        return Ok(path);
    }
    let searched = folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ");
    bail!(
        "ONNX Runtime's library is in none of {searched}; run scripts/setup, or name it by --runtime or RECOLLECT_ONNXRUNTIME"
    )
}

/// The library in a folder: the plain name first, else the newest version.
fn library_in(folder: &Path) -> Option<PathBuf> {
    let plain = if cfg!(target_os = "macos") { "libonnxruntime.dylib" } else { "libonnxruntime.so" };
    let path = folder.join(plain);
    if path.is_file() {
        return Some(path);
    }
    let names = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let versions = names.filter_map(|name| Some((version_of(&name)?, name)));
    versions.max().map(|(_, name)| folder.join(name))
}

/// `[1, 31, 1]` for `libonnxruntime.so.1.31.1` and `libonnxruntime.1.31.1.dylib`.
fn version_of(name: &str) -> Option<Vec<u32>> {
    let rest = name.strip_prefix("libonnxruntime.")?;
    let version = rest.strip_prefix("so.").or_else(|| rest.strip_suffix(".dylib"))?;
    version.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_library_is_taken_unless_there_is_a_plain_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(library_in(folder.path()), None);
        for name in ["libonnxruntime.so.1.9.0", "libonnxruntime.so.1.31.1", "libonnxruntime_providers_shared.so"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(library_in(folder.path()), Some(folder.path().join("libonnxruntime.so.1.31.1")));
        fs::write(folder.path().join("libonnxruntime.so"), "").unwrap();
        if cfg!(target_os = "linux") {
            assert_eq!(library_in(folder.path()), Some(folder.path().join("libonnxruntime.so")));
        }
    }

    #[test]
    fn a_path_that_is_wrong_is_named() {
        let error = load(Some(Path::new("/nowhere/libonnxruntime.so"))).unwrap_err().to_string();
        assert!(error.contains("/nowhere") && error.contains("--runtime"), "{error}");
    }
}

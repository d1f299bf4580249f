//! What tests need of the machine: shared test data, programs, a runtime. Where it is absent, a visible skip on a stranger's
//! machine, and a failure on CI.

use std::path::{Path, PathBuf};

use recollect::subprocess::find_program;

/// The shared test data, as in the unit tests: a visible skip on a stranger's machine, a failure on CI.
pub fn shared(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("RECOLLECT_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is absent; CI needs it", path.display());
    eprintln!("SKIPPED: needs {}, and ../shared is absent", path.display());
    None
}

/// ONNX Runtime: the one that is named, or what scripts/setup installed. A visible skip as above.
pub fn onnx_runtime() -> Option<PathBuf> {
    let installed = || {
        let usual =
            || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".local/share/recollect/models");
        let models = std::env::var_os("RECOLLECT_MODELS").map_or_else(usual, PathBuf::from);
        let mut files = std::fs::read_dir(models.join("runtime")).ok()?.flatten().map(|file| file.path());
        files.find(|path| path.to_string_lossy().contains("libonnxruntime.so"))
    };
    let runtime = std::env::var_os("RECOLLECT_ONNXRUNTIME").map(PathBuf::from).or_else(installed);
    if runtime.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "ONNX Runtime is absent; CI needs it");
        eprintln!("SKIPPED in part: needs ONNX Runtime; scripts/setup installs it");
    }
    runtime
}

/// Whether a program of the system is here that `scripts/setup` installs. A visible skip as above.
pub fn installed(program: &str) -> bool {
    let here = find_program(program).is_some();
    if !here {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{program} is absent; CI needs it");
        eprintln!("SKIPPED: needs {program}; scripts/setup installs it");
    }
    here
}

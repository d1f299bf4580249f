//! Configuration: defaults, then `recollect.toml`, then the environment, then flags; every value knows where it came from.
//!
//! A key's environment variable is its path in upper case behind `RECOLLECT_`: `server.port` is `RECOLLECT_SERVER_PORT`.
//! Unknown keys in the file are errors, because a misspelt key that is silently ignored costs an evening.

mod safety;
mod senses;
mod show;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

pub use self::safety::{Hide, SafetyConfig};
pub use self::senses::{
    CaptionsConfig, EncoderConfig, ReadingConfig, SeeingConfig, SpeechConfig, VisionConfig, WriteCaption,
};
pub use self::show::{FilmConfig, MapConfig};
use crate::jobs::JobsConfig;
use crate::search::SearchConfig;

/// Everything that can be set.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder of the models that all libraries share. Empty: the platform's data folder.
    pub models: String,
    /// ONNX Runtime's shared library. Empty: looked for in the models folder and the system.
    pub onnxruntime: String,
    /// The web server.
    pub server: ServerConfig,
    /// Reading files.
    pub indexing: IndexingConfig,
    /// Background work.
    pub jobs: JobsConfig,
    /// The text encoder.
    pub encoder: EncoderConfig,
    /// The language model.
    pub chat: ChatConfig,
    /// The speech model.
    pub speech: SpeechConfig,
    /// The model that sees pictures.
    pub vision: VisionConfig,
    /// What it writes about pictures.
    pub captions: CaptionsConfig,
    /// The models that see.
    pub seeing: SeeingConfig,
    /// Reading text in pictures.
    pub reading: ReadingConfig,
    /// Ranking.
    pub search: SearchConfig,
    /// What is off limits, and from whom.
    pub safety: SafetyConfig,
    /// Maps.
    pub map: MapConfig,
    /// Films.
    pub film: FilmConfig,
}

/// The web server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address to listen on. Anything but loopback demands a token.
    pub host: String,
    /// Port; 0 takes a free one.
    pub port: u16,
    /// What clients beyond this machine must present. Empty: none.
    pub token: String,
    /// What guests present, who look and search and change nothing. Empty: there are no guests.
    pub guest_token: String,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self { host: "127.0.0.1".into(), port: 0, token: String::new(), guest_token: String::new() }
    }
}

/// Reading files.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexingConfig {
    /// Files read at once. 0: one for each processor core.
    pub workers: usize,
    /// Pictures with more pixels are refused, millions.
    pub max_megapixels: u32,
    /// Longest time for one file, seconds.
    pub file_timeout_s: u64,
    /// How often folders are walked again, minutes, for network folders that cannot be watched. 0: never.
    pub rescan_minutes: u64,
    /// Language in which events get their names: en, de, fr, es or zh.
    pub language: String,
}

impl Default for IndexingConfig {
    fn default() -> Self {
        Self { workers: 0, max_megapixels: 250, file_timeout_s: 120, rescan_minutes: 60, language: "en".into() }
    }
}

/// The language model: it answers what reading alone is not certain about.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChatConfig {
    /// A remote engine that speaks OpenAI's `/v1/chat/completions`. Empty: an engine of our own on this machine.
    pub url: String,
    /// Its bearer token.
    pub token: String,
    /// The model: an installed one, or the remote engine's name for it. Empty: the first that there is.
    pub model: String,
    /// Tokens that question, results and answer may have together. Our own engine keeps so many for all requests.
    pub context: usize,
    /// Requests that the engine works on at once.
    pub slots: usize,
    /// Threads of our own engine. 0: as many as there are cores.
    pub threads: usize,
    /// Layers of the model that our own engine gives to the graphics card. -1: as many as fit.
    pub gpu_layers: i64,
    /// Bits to which a model in safetensors is quantised while it is loaded: 2, 3, 4, 5, 6 or 8. Empty: as it is.
    pub quantize: String,
    /// Our own engine is stopped after so many seconds without work, to give its memory back. 0: never.
    pub idle_s: u64,
    /// Memory that our own engine may take beside the model's file, MiB. 0: no limit.
    pub memory_mb: u64,
    /// Longest silence of the engine before a request is given up, seconds. Reading a long question takes a while.
    pub silence_s: u64,
    /// Requests to the model for one question at the most.
    pub max_steps: usize,
}

impl Default for ChatConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            token: String::new(),
            model: String::new(),
            context: 8192,
            slots: 2,
            threads: 0,
            gpu_layers: -1,
            quantize: String::new(),
            idle_s: 600,
            memory_mb: 0,
            silence_s: 120,
            max_steps: 6,
        }
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Built in.
    Default,
    /// A configuration file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A command-line flag.
    Flag(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{path} is not valid TOML: {reason}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and why.
        reason: String,
    },
    /// A value does not fit its key, or there is no such key.
    #[error("the setting `{key}` from {origin}: {reason}")]
    Value {
        /// Dotted path of the key.
        key: String,
        /// Where the value came from.
        origin: Source,
        /// Why it does not fit.
        reason: String,
    },
}

/// A configuration with the origin of every value.
#[derive(Debug, Clone)]
pub struct Configured {
    /// The values.
    pub config: Config,
    /// Where each value came from, by dotted key.
    pub origins: BTreeMap<String, Source>,
}

impl Configured {
    /// Puts the layers together. `environment` holds variables by name, `flags` values by dotted key.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: &[(&'static str, &'static str, Value)],
    ) -> Result<Self, ConfigError> {
        let mut table = Table::try_from(Config::default()).map_err(|error| ConfigError::Value {
            key: String::new(),
            origin: Source::Default,
            reason: error.to_string(),
        })?;
        let mut origins: BTreeMap<String, Source> =
            leaves(&table, "").into_iter().map(|key| (key, Source::Default)).collect();
        if let Some(path) = file {
            let text =
                std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
            let layer: Table = text.parse().map_err(|error: toml::de::Error| ConfigError::Syntax {
                path: path.to_owned(),
                reason: error.to_string(),
            })?;
            for key in leaves(&layer, "") {
                origins.insert(key.clone(), Source::File(path.to_owned()));
                if let Some(value) = get(&layer, &key).cloned() {
                    set(&mut table, &key, value);
                }
            }
        }
        let environment: BTreeMap<String, String> = environment.into_iter().collect();
        for key in leaves(&table, "") {
            let name = format!("RECOLLECT_{}", key.to_uppercase().replace('.', "_"));
            if let Some(text) = environment.get(&name) {
                let origin = Source::Environment(name);
                let value = parse_like(get(&table, &key), text).map_err(|reason| ConfigError::Value {
                    key: key.clone(),
                    origin: origin.clone(),
                    reason,
                })?;
                set(&mut table, &key, value);
                origins.insert(key, origin);
            }
        }
        for (key, flag, value) in flags {
            set(&mut table, key, value.clone());
            origins.insert((*key).to_owned(), Source::Flag(flag));
        }
        Self::check(table, origins)
    }

    /// Every setting by its dotted key, with its value as the file would have it and where that came from; of a token only
    /// whether there is one.
    pub fn settings(&self) -> Vec<(&str, String, &Source)> {
        let table = Table::try_from(&self.config).unwrap_or_default();
        let value = |key: &str| match get(&table, key) {
            Some(Value::String(secret)) if key.ends_with("token") && !secret.is_empty() => "(not shown)".to_owned(),
            Some(value) => value.to_string(),
            None => String::new(),
        };
        self.origins.iter().map(|(key, origin)| (key.as_str(), value(key), origin)).collect()
    }

    fn check(table: Table, origins: BTreeMap<String, Source>) -> Result<Self, ConfigError> {
        let config = table.try_into().map_err(|error: toml::de::Error| {
            let reason = error.message().to_owned();
            // The error names the innermost key; the layer that set it is the one to mend.
            let (key, origin) = origins
                .iter()
                .filter(|(_, origin)| **origin != Source::Default)
                .find(|(key, _)| key.rsplit('.').next().is_some_and(|leaf| reason.contains(&format!("`{leaf}`"))))
                .or_else(|| origins.iter().find(|(_, origin)| **origin != Source::Default))
                .map_or_else(|| (String::new(), Source::Default), |(key, origin)| (key.clone(), origin.clone()));
            ConfigError::Value { key, origin, reason }
        })?;
        Ok(Self { config, origins })
    }
}

/// The folder that holds the models: the setting, or the platform's data folder.
pub fn models_folder(config: &Config) -> PathBuf {
    if !config.models.is_empty() {
        return PathBuf::from(&config.models);
    }
    data_home().join("models")
}

/// The data folder used when none is named.
pub fn default_data_folder() -> PathBuf {
    data_home().join("library")
}

fn data_home() -> PathBuf {
    directories::ProjectDirs::from("", "", "recollect")
        .map_or_else(|| PathBuf::from(".recollect"), |dirs| dirs.data_dir().to_owned())
}

/// Dotted keys of all values that are not tables.
fn leaves(table: &Table, prefix: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Table(inner) => keys.extend(leaves(inner, &path)),
            _ => keys.push(path),
        }
    }
    keys
}

fn get<'t>(table: &'t Table, key: &str) -> Option<&'t Value> {
    match key.split_once('.') {
        None => table.get(key),
        Some((head, rest)) => get(table.get(head)?.as_table()?, rest),
    }
}

fn set(table: &mut Table, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = table.entry(head.to_owned()).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}

/// Reads text as the type that the value before it has.
fn parse_like(before: Option<&Value>, text: &str) -> Result<Value, String> {
    let wrong = |what: &str| format!("`{text}` is not {what}");
    match before {
        Some(Value::Integer(_)) => text.parse().map(Value::Integer).map_err(|_| wrong("a whole number")),
        Some(Value::Float(_)) => text.parse().map(Value::Float).map_err(|_| wrong("a number")),
        Some(Value::Boolean(_)) => text.parse().map(Value::Boolean).map_err(|_| wrong("`true` or `false`")),
        _ => Ok(Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn later_layers_win_and_say_so() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("recollect.toml");
        std::fs::write(&file, "[server]\nport = 1\nhost = \"0.0.0.0\"\n[indexing]\nworkers = 3\n").unwrap();
        let env = environment(&[("RECOLLECT_SERVER_PORT", "2"), ("RECOLLECT_SERVER_HOST", "::1"), ("OTHER", "x")]);
        let flags = [("server.port", "--port", Value::Integer(3))];
        let loaded = Configured::load(Some(&file), env, &flags).unwrap();
        assert_eq!((loaded.config.server.port, loaded.config.server.host.as_str()), (3, "::1"));
        assert_eq!(loaded.config.indexing.workers, 3);
        assert_eq!(loaded.origins["server.port"], Source::Flag("--port"));
        assert_eq!(loaded.origins["server.host"], Source::Environment("RECOLLECT_SERVER_HOST".into()));
        assert_eq!(loaded.origins["indexing.workers"], Source::File(file));
        assert_eq!(loaded.origins["indexing.max_megapixels"], Source::Default);
    }

    #[test]
    fn a_wrong_value_names_its_key_and_origin() {
        let error = Configured::load(None, environment(&[("RECOLLECT_SERVER_PORT", "many")]), &[]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("server.port") && text.contains("RECOLLECT_SERVER_PORT"), "{text}");
    }

    #[test]
    fn a_misspelt_key_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("recollect.toml");
        std::fs::write(&file, "[server]\nprot = 1\n").unwrap();
        let text = Configured::load(Some(&file), environment(&[]), &[]).unwrap_err().to_string();
        assert!(text.contains("server.prot"), "{text}");
    }
}

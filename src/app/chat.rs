//! The language model that the configuration asks for, as far as it can be had: a URL, or a model in an engine of ours:
//! a GGUF file in llama.cpp's, a folder of safetensors in mistral.rs's.
//!
//! Nothing is contacted and nothing started here: a model that is away must not keep the library closed. A model of the
//! folder that comes or goes while the program runs counts from the next question on.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::ModelState;
use super::choice::Choice;
use crate::config::{ChatConfig, Config, models_folder};
use crate::engine::{ChatModel, ChatSettings, EngineChat, EngineClient, EngineSpec, FindChat, Supervisor, program};
use crate::models::catalogue::Role;
use crate::models::folder::InstalledModel;
use crate::models::{Catalogue, ModelFolder};

/// Chat requests that may wait for a model.
const WAITING: usize = 16;
/// A large model is read from a slow disk.
const START_WITHIN: Duration = Duration::from_secs(300);

/// The language model that there is now. Clones share it.
#[derive(Clone)]
pub(super) struct ChatPart(Arc<Choice<Chosen>>);

/// A language model, and what is known of it when there is none.
#[derive(Clone)]
pub(super) struct Chosen {
    pub model: Result<Arc<dyn ChatModel>, String>,
    pub supervisor: Option<Supervisor>,
    pub name: String,
    /// The installed model that it is.
    of: Option<InstalledModel>,
}

impl ChatPart {
    /// The language model that the configuration asks for.
    pub fn new(config: &Config, data: &Path) -> Self {
        let (config, data) = (config.clone(), data.to_owned());
        let folder = models_folder(&config);
        Self(Arc::new(Choice::new(folder, move |before| choose(&config, &data, before))))
    }

    pub fn now(&self) -> Chosen {
        self.0.now()
    }

    /// The model for those that ask again whenever they need it.
    pub fn find(&self) -> FindChat {
        let part = self.clone();
        Arc::new(move || part.now().model)
    }

    pub fn state(&self) -> ModelState {
        self.now().state("chat")
    }
}

impl Chosen {
    fn missing(name: &str, hint: String) -> Self {
        Self { model: Err(hint), supervisor: None, name: name.to_owned(), of: None }
    }

    pub fn state(&self, role: &str) -> ModelState {
        ModelState::of(role, &self.name, self.model.as_ref().err(), self.supervisor.as_ref())
    }

    /// Whether it is this installed model.
    pub fn is(&self, model: &InstalledModel) -> bool {
        self.of.as_ref() == Some(model)
    }
}

/// The name of the language model that would answer.
///
/// # Errors
/// What to do when there is none: one command.
pub fn language_model(config: &Config) -> Result<String, String> {
    match &config.chat {
        ChatConfig { url, model, .. } if !url.is_empty() => Ok(format!("{model} at {url}").trim().to_owned()),
        _ => installed(config).map(|model| model.manifest.id),
    }
}

/// Chooses the model; the one that was chosen before where it is still the same.
pub(super) fn choose(config: &Config, data: &Path, before: Option<&Chosen>) -> Chosen {
    let chat = &config.chat;
    if !chat.url.is_empty() {
        return before.cloned().unwrap_or_else(|| remote_chosen(chat));
    }
    match installed(config) {
        Ok(model) => local_chosen(chat, &model, data, "llama", before),
        Err(hint) => Chosen::missing(if chat.model.is_empty() { "language model" } else { &chat.model }, hint),
    }
}

/// A model in an engine elsewhere.
pub(super) fn remote_chosen(chat: &ChatConfig) -> Chosen {
    let name = if chat.model.is_empty() { chat.url.clone() } else { chat.model.clone() };
    match remote(chat) {
        Ok(model) => Chosen { name, model: Ok(Arc::new(model)), supervisor: None, of: None },
        Err(hint) => Chosen::missing(&chat.model, hint),
    }
}

/// An installed model in an engine of ours, which writes the log `log`; the engine from before where it is still the same
/// model.
pub(super) fn local_chosen(
    chat: &ChatConfig,
    model: &InstalledModel,
    data: &Path,
    log: &str,
    before: Option<&Chosen>,
) -> Chosen {
    if let Some(before) = before.filter(|before| before.is(model) && before.model.is_ok()) {
        return before.clone();
    }
    let engine = if model.path().is_dir() { "mistralrs" } else { "llama" };
    let program = match program(&format!("recollect-{engine}")) {
        Ok(program) => program,
        Err(error) => return Chosen::missing(&model.manifest.id, format!("{error}; {}", error.hint())),
    };
    let mut spec = EngineSpec::new(engine, program);
    spec.arguments = if engine == "llama" { llama_arguments(chat, model) } else { mistralrs_arguments(chat, model) };
    spec.idle_after = (chat.idle_s > 0).then(|| Duration::from_secs(chat.idle_s));
    spec.start_within = START_WITHIN;
    spec.memory = (chat.memory_mb > 0).then(|| chat.memory_mb.saturating_mul(1 << 20));
    spec.log_file = Some(data.join("logs").join(format!("{log}.log")));
    let supervisor = Supervisor::new(spec);
    let name = model.manifest.id.clone();
    let settings = ChatSettings { version: model.manifest.version.clone(), ..settings(chat, &name) };
    Chosen {
        model: Ok(Arc::new(EngineChat::local(supervisor.clone(), settings))),
        supervisor: Some(supervisor),
        name,
        of: Some(model.clone()),
    }
}

fn remote(chat: &ChatConfig) -> Result<EngineChat, String> {
    let token = Some(chat.token.clone()).filter(|token| !token.is_empty());
    let client = chat.url.parse().and_then(|url| EngineClient::new(url, token, super::REMOTE_TIMEOUT));
    let client = client.map_err(|error| format!("{error}; {}", error.hint()))?;
    Ok(EngineChat::remote(client, settings(chat, &chat.model)))
}

fn settings(chat: &ChatConfig, model: &str) -> ChatSettings {
    ChatSettings {
        model: model.to_owned(),
        version: String::new(),
        context: chat.context.max(2048),
        idle: Duration::from_secs(chat.silence_s.max(1)),
        slots: chat.slots,
        waiting: WAITING,
    }
}

/// What both engines are told.
fn arguments(chat: &ChatConfig, model: &InstalledModel) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["--model".into(), model.path().into()];
    let mut number = |flag: &str, value: String| arguments.extend([flag.into(), value.into()]);
    number("--slots", chat.slots.max(1).to_string());
    // What requests call it, whatever its file is called.
    number("--name", model.manifest.id.clone());
    if chat.threads > 0 {
        number("--threads", chat.threads.to_string());
    }
    arguments
}

fn mistralrs_arguments(chat: &ChatConfig, model: &InstalledModel) -> Vec<OsString> {
    let mut arguments = arguments(chat, model);
    if !chat.quantize.is_empty() {
        arguments.extend(["--quantize".into(), chat.quantize.clone().into()]);
    }
    if chat.gpu_layers == 0 {
        arguments.push("--cpu".into());
    }
    arguments
}

pub(super) fn llama_arguments(chat: &ChatConfig, model: &InstalledModel) -> Vec<OsString> {
    let mut arguments = arguments(chat, model);
    let mut number = |flag: &str, value: String| arguments.extend([flag.into(), value.into()]);
    number("--context", chat.context.max(2048).to_string());
    if chat.gpu_layers >= 0 {
        number("--gpu-layers", chat.gpu_layers.to_string());
    }
    if let Some(projector) = model.mmproj() {
        arguments.extend(["--mmproj".into(), projector.into()]);
    }
    arguments
}

/// The installed model that answers: the one named, or the first there is.
pub(super) fn installed(config: &Config) -> Result<InstalledModel, String> {
    let folder = ModelFolder::at(models_folder(config));
    let wanted = &config.chat.model;
    if !wanted.is_empty() {
        return folder.get(wanted).map_err(|_| format!("recollect models pull {wanted}"));
    }
    let catalogue = Catalogue::embedded().map_err(|error| error.to_string())?;
    let found = folder.first_with(Role::Language, &catalogue).map_err(|error| error.to_string())?;
    found.ok_or_else(|| match catalogue.models.iter().find(|model| model.role == Role::Language) {
        Some(entry) => format!("recollect models pull {}", entry.id),
        None => "recollect models import FILE.gguf".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Configured;

    fn config(models: &Path, pairs: &[(&str, &str)]) -> Config {
        let mut environment = vec![("RECOLLECT_MODELS".to_owned(), models.display().to_string())];
        environment.extend(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Configured::load(None, environment, &[]).unwrap().config
    }

    #[test]
    fn without_a_model_one_command_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let part = ChatPart::new(&config(folder.path(), &[]), folder.path());
        assert_eq!(part.state().state, "missing");
        assert!((part.find())().err().unwrap().starts_with("recollect models "));
        let hint = language_model(&config(folder.path(), &[("RECOLLECT_CHAT_MODEL", "mine")])).unwrap_err();
        assert_eq!(hint, "recollect models pull mine");
    }

    #[test]
    fn a_remote_engine_is_not_contacted_and_a_wrong_address_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let away =
            config(folder.path(), &[("RECOLLECT_CHAT_URL", "http://127.0.0.1:9"), ("RECOLLECT_CHAT_MODEL", "m")]);
        let ready = choose(&away, folder.path(), None);
        assert!(ready.model.is_ok() && ready.name == "m");
        let wrong = choose(&config(folder.path(), &[("RECOLLECT_CHAT_URL", "nonsense")]), folder.path(), None);
        assert!(wrong.model.err().unwrap().contains("nonsense"));
    }
}

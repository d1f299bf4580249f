//! The model that sees pictures: the language model where it sees, another one of the configuration, or a remote one.
//!
//! Nothing is contacted and nothing started here. A model of the folder that comes or goes while the program runs counts
//! from the next question on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ModelState;
use super::chat::{self, ChatPart, Chosen};
use super::choice::Choice;
use crate::config::{ChatConfig, Config, models_folder};
use crate::engine::{ChatModel, FindChat, Supervisor};
use crate::models::catalogue::Role;
use crate::models::folder::InstalledModel;
use crate::models::{Catalogue, ModelFolder};

/// The model that sees, as far as there is one now. Clones share it.
#[derive(Clone)]
pub(super) struct SightPart {
    chat: ChatPart,
    choice: Arc<Choice<Seeing>>,
}

/// What sees.
#[derive(Clone)]
enum Seeing {
    /// The language model: one engine serves both.
    Chat,
    /// A model of its own.
    Own(Box<Chosen>),
    /// Nothing; what to do about it.
    Nothing(String),
}

impl SightPart {
    /// The model that sees beside this language model.
    pub fn new(config: &Config, data: &Path, chat: &ChatPart) -> Self {
        let (config, data): (Config, PathBuf) = (config.clone(), data.to_owned());
        let folder = models_folder(&config);
        let choice = Choice::new(folder, move |before| choose(&config, &data, before));
        Self { chat: chat.clone(), choice: Arc::new(choice) }
    }

    /// The model, or what to do to have one.
    pub fn get(&self) -> Result<Arc<dyn ChatModel>, String> {
        match self.choice.now() {
            Seeing::Chat => self.chat.now().model,
            Seeing::Own(chosen) => chosen.model,
            Seeing::Nothing(hint) => Err(hint),
        }
    }

    /// The same for those that ask again whenever they need it.
    pub fn find(&self) -> FindChat {
        let part = self.clone();
        Arc::new(move || part.get())
    }

    /// What runs the model, unless the language model's engine does.
    pub fn supervisor(&self) -> Option<Supervisor> {
        match self.choice.now() {
            Seeing::Own(chosen) => chosen.supervisor,
            Seeing::Chat | Seeing::Nothing(_) => None,
        }
    }

    /// What runs the model, whoever else uses it.
    pub fn engine(&self) -> Option<Supervisor> {
        match self.choice.now() {
            Seeing::Chat => self.chat.now().supervisor,
            _ => self.supervisor(),
        }
    }

    pub fn state(&self) -> ModelState {
        match self.choice.now() {
            Seeing::Chat => self.chat.now().state("vision"),
            Seeing::Own(chosen) => chosen.state("vision"),
            Seeing::Nothing(hint) => ModelState::of("vision", "model that sees", Some(&hint), None),
        }
    }
}

/// Chooses the model; the one that was chosen before where it is still the same.
fn choose(config: &Config, data: &Path, before: Option<&Seeing>) -> Seeing {
    let vision = &config.vision;
    let before = match before {
        Some(Seeing::Own(chosen)) => Some(&**chosen),
        _ => None,
    };
    let own = ChatConfig {
        url: vision.url.clone(),
        token: vision.token.clone(),
        model: vision.model.clone(),
        ..config.chat.clone()
    };
    if !vision.url.is_empty() {
        return Seeing::Own(Box::new(before.cloned().unwrap_or_else(|| chat::remote_chosen(&own))));
    }
    let talks = config.chat.url.is_empty().then(|| chat::installed(config).ok()).flatten();
    match installed(config) {
        Ok(model) if talks.is_some_and(|talks| talks == model) => Seeing::Chat,
        Ok(model) => Seeing::Own(Box::new(chat::local_chosen(&own, &model, data, "sight", before))),
        Err(hint) => Seeing::Nothing(hint),
    }
}

/// The installed model that sees: the one named, the language model if it has a projector, else the first there is.
fn installed(config: &Config) -> Result<InstalledModel, String> {
    let folder = ModelFolder::at(models_folder(config));
    let wanted = &config.vision.model;
    if !wanted.is_empty() {
        let model = folder.get(wanted).map_err(|_| format!("recollect models pull {wanted}"))?;
        let blind = format!("{wanted} has no projector and sees nothing; set `vision.model` to one that does");
        return if model.mmproj().is_some() { Ok(model) } else { Err(blind) };
    }
    if let Ok(model) = chat::installed(config)
        && model.mmproj().is_some()
    {
        return Ok(model);
    }
    let catalogue = Catalogue::embedded().map_err(|error| error.to_string())?;
    let found = folder.first_with(Role::Vision, &catalogue).map_err(|error| error.to_string())?;
    found.filter(|model| model.mmproj().is_some()).ok_or_else(|| {
        match catalogue.models.iter().find(|model| model.role == Role::Vision) {
            Some(entry) => format!("recollect models pull {}", entry.id),
            None => "set `vision.url` to an engine that sees".to_owned(),
        }
    })
}

//! The model that sees pictures: the language model where it sees, another one of the configuration, or a remote one.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::chat::{self, ChatPart};
use crate::config::{ChatConfig, Config, models_folder};
use crate::engine::{ChatModel, Supervisor};
use crate::models::catalogue::Role;
use crate::models::folder::InstalledModel;
use crate::models::{Catalogue, ModelFolder};

/// The model that sees, or what to do to have one.
pub(super) struct SightPart {
    pub model: Result<Arc<dyn ChatModel>, String>,
    /// What runs it, unless the language model's engine does.
    pub supervisor: Option<Supervisor>,
}

/// Chooses the model. Nothing is started or contacted.
pub(super) fn part(config: &Config, data: &Path, chat: &ChatPart) -> SightPart {
    let vision = &config.vision;
    let own = ChatConfig {
        url: vision.url.clone(),
        token: vision.token.clone(),
        model: vision.model.clone(),
        ..config.chat.clone()
    };
    if !vision.url.is_empty() {
        let part = chat::remote_part(&own);
        return SightPart { model: part.model.ok_or(part.missing.unwrap_or_default()), supervisor: None };
    }
    let talks = config.chat.url.is_empty().then(|| chat::installed(config).ok()).flatten();
    match installed(config) {
        // One engine serves both.
        Ok(model) if talks.is_some_and(|talks| talks.manifest.id == model.manifest.id) => SightPart {
            model: chat.model.clone().ok_or_else(|| chat.missing.clone().unwrap_or_default()),
            supervisor: None,
        },
        Ok(model) => {
            let part = chat::local_part(&own, &model, data, "sight");
            let idle = Duration::from_secs(own.idle_s);
            tracing::debug!(model = model.manifest.id, ?idle, "pictures are looked at by a model of their own");
            SightPart { model: part.model.ok_or(part.missing.unwrap_or_default()), supervisor: part.supervisor }
        }
        Err(hint) => SightPart { model: Err(hint), supervisor: None },
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

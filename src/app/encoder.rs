//! The text encoder: an engine elsewhere, or an installed model in an engine of ours.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{ModelState, REMOTE_TIMEOUT};
use crate::config::{Config, models_folder};
use crate::engine::{
    EngineClient, EngineError, EngineSpec, EngineTextEncoder, ModelName, Supervisor, TextEncoder, program,
};
use crate::models::ModelFolder;

/// The text encoder, and what is known of it when there is none.
pub(super) struct EncoderPart {
    pub encoder: Option<Arc<dyn TextEncoder>>,
    pub supervisor: Option<Supervisor>,
    name: String,
    missing: Option<String>,
}

impl EncoderPart {
    /// The text encoder that the configuration asks for, as far as it can be had.
    pub async fn new(config: &Config, data: &Path) -> Self {
        let name = config.encoder.model.clone();
        let part = |encoder: Option<Arc<dyn TextEncoder>>, supervisor, missing| Self {
            encoder,
            supervisor,
            name: name.clone(),
            missing,
        };
        if !config.encoder.url.is_empty() {
            return match remote(config).await {
                Ok(encoder) => part(Some(Arc::new(encoder)), None, None),
                Err(error) => part(None, None, Some(format!("{error}; {}", error.hint()))),
            };
        }
        let models = models_folder(config);
        let model = match ModelFolder::at(models.clone()).get(&name) {
            Ok(model) => model,
            Err(_) => return part(None, None, Some(format!("recollect models pull {name}"))),
        };
        let Some(dimensions) = model.manifest.dimensions else {
            return part(None, None, Some(format!("{name} makes no vectors; set `encoder.model` to one that does")));
        };
        let program = match program("recollect-encoder") {
            Ok(program) => program,
            Err(error) => return part(None, None, Some(format!("{error}; {}", error.hint()))),
        };
        let mut spec = EngineSpec::new("encoder", program);
        spec.arguments = vec!["--model".into(), model.path().into()];
        if config.encoder.threads > 0 {
            spec.arguments.extend(["--threads".into(), config.encoder.threads.to_string().into()]);
        }
        if !config.onnxruntime.is_empty() {
            spec.arguments.extend(["--runtime".into(), config.onnxruntime.clone().into()]);
        }
        spec.environment = vec![("RECOLLECT_MODELS".into(), models.into())];
        spec.idle_after = (config.encoder.idle_s > 0).then(|| Duration::from_secs(config.encoder.idle_s));
        spec.log_file = Some(data.join("logs").join("encoder.log"));
        let supervisor = Supervisor::new(spec);
        let model = ModelName { name: model.manifest.id, version: model.manifest.version, dimensions };
        let encoder = EngineTextEncoder::local(supervisor.clone(), model);
        part(Some(Arc::new(encoder)), Some(supervisor), None)
    }

    pub fn state(&self) -> ModelState {
        ModelState::of("text_embedding", &self.name, self.missing.as_ref(), self.supervisor.as_ref())
    }
}

async fn remote(config: &Config) -> Result<EngineTextEncoder, EngineError> {
    let token = Some(config.encoder.token.clone()).filter(|token| !token.is_empty());
    let client = EngineClient::new(config.encoder.url.parse()?, token, REMOTE_TIMEOUT)?;
    EngineTextEncoder::connect(client, Some(&config.encoder.model)).await
}

//! The models that see, as far as the configuration and the models folder have them: all in one engine of their own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::ModelState;
use crate::assistant::looks::Looks;
use crate::config::{Config, SeeingConfig, models_folder};
use crate::engine::protocol::ModelCard;
use crate::engine::protocol::vision::{Feature, SeeingModel};
use crate::engine::{
    EngineAnnotator, EngineClient, EngineError, EngineSpec, EngineTextEncoder, ImageAnnotator, ModelName, Supervisor,
    TextEncoder, program,
};
use crate::library::seen::Model;
use crate::models::import::{PictureGraph, picture_graph};
use crate::models::{Catalogue, InstalledModel, ModelFolder, Role, Towers, characters, labels};
use crate::perception::concepts::heads::Head;
use crate::search::PictureModel;

/// Sixteen pictures of any size on a slow machine.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(180);
/// Switches a kind of model off.
pub(super) const NONE: &str = "none";

/// The models that see, and what is missing of them.
pub(super) struct SeeingPart {
    pub annotator: Option<Arc<dyn ImageAnnotator>>,
    /// Makes texts vectors in the space of those of pictures, if the encoder of pictures can.
    pub reader: Option<Arc<dyn TextEncoder>>,
    pub supervisor: Option<Supervisor>,
    /// What each feature is called, and how to get it if it is missing.
    features: BTreeMap<Feature, (String, Option<String>)>,
}

impl SeeingPart {
    /// Chooses the models. No engine is started; a remote one is asked what it has.
    pub async fn new(config: &Config, data: &Path) -> Self {
        if !config.seeing.url.is_empty() {
            return match remote(&config.seeing).await {
                Ok((annotator, reader)) => {
                    let reader = reader.map(|reader| Arc::new(reader) as Arc<dyn TextEncoder>);
                    Self { reader, ..Self::with(Arc::new(annotator), None, BTreeMap::new()) }
                }
                Err(error) => Self::without(&format!("{error}; {}", error.hint())),
            };
        }
        let chosen = match Chosen::new(config) {
            Ok(chosen) => chosen,
            Err(reason) => return Self::without(&reason),
        };
        if chosen.models.is_empty() {
            let features = chosen.missing.into_iter().map(|(feature, hint)| (feature, (String::new(), Some(hint))));
            return Self { annotator: None, reader: None, supervisor: None, features: features.collect() };
        }
        let program = match program("recollect-encoder") {
            Ok(program) => program,
            Err(error) => return Self::without(&format!("{error}; {}", error.hint())),
        };
        let mut spec = EngineSpec::new("seeing", program);
        for file in &chosen.files {
            spec.arguments.extend(["--model".into(), file.into()]);
        }
        if config.seeing.threads > 0 {
            spec.arguments.extend(["--threads".into(), config.seeing.threads.to_string().into()]);
        }
        if !config.onnxruntime.is_empty() {
            spec.arguments.extend(["--runtime".into(), config.onnxruntime.clone().into()]);
        }
        spec.environment = vec![("RECOLLECT_MODELS".into(), models_folder(config).into())];
        spec.idle_after = (config.seeing.idle_s > 0).then(|| Duration::from_secs(config.seeing.idle_s));
        spec.request_timeout = REQUEST_TIMEOUT;
        spec.log_file = Some(data.join("logs").join("seeing.log"));
        let supervisor = Supervisor::new(spec);
        let reader = chosen.reader.map(|model| EngineTextEncoder::local(supervisor.clone(), model));
        let reader = reader.map(|reader| Arc::new(reader) as Arc<dyn TextEncoder>);
        let annotator = EngineAnnotator::local(supervisor.clone(), chosen.models);
        Self { reader, ..Self::with(Arc::new(annotator), Some(supervisor), chosen.missing) }
    }

    fn with(
        annotator: Arc<dyn ImageAnnotator>,
        supervisor: Option<Supervisor>,
        missing: BTreeMap<Feature, String>,
    ) -> Self {
        let state = |feature: Feature| match annotator.models().get(&feature) {
            Some(model) => (model.name.clone(), None),
            None => (String::new(), Some(missing.get(&feature).cloned().unwrap_or_else(|| ELSEWHERE.to_owned()))),
        };
        let features = Feature::ALL.into_iter().map(|feature| (feature, state(feature))).collect();
        Self { annotator: Some(annotator), reader: None, supervisor, features }
    }

    fn without(reason: &str) -> Self {
        let features = Feature::ALL.map(|feature| (feature, (String::new(), Some(reason.to_owned()))));
        Self { annotator: None, reader: None, supervisor: None, features: features.into() }
    }

    /// The model that makes the vectors of pictures, if there is one.
    pub fn picture_model(&self) -> Option<PictureModel> {
        let model = self.annotator.as_ref()?.models().get(&Feature::Embedding)?;
        Some(PictureModel { name: model.name.clone(), version: model.version.clone() })
    }

    /// What compares pictures and words.
    pub fn looks(&self) -> Looks {
        let hint = self.missing(Feature::Embedding);
        Looks::new(self.annotator.clone(), self.reader.clone(), hint.filter(|hint| hint != NONE))
    }

    /// What to do to have a feature; `None` when it is there.
    pub fn missing(&self, feature: Feature) -> Option<String> {
        self.features.get(&feature)?.1.clone()
    }

    /// The state of each kind of seeing that is not switched off, but for text, which is read in more ways than one.
    pub fn states(&self) -> impl Iterator<Item = ModelState> {
        let features = self.features.iter().filter(|(feature, _)| **feature != Feature::Text);
        features.filter(|(_, (_, hint))| hint.as_deref() != Some(NONE)).map(|(feature, (name, hint))| {
            let role = match feature {
                Feature::Embedding => "image_embedding",
                feature => feature.name(),
            };
            ModelState::of(role, name, hint.as_ref(), self.supervisor.as_ref())
        })
    }
}

/// What is said of something that a remote engine does not see.
const ELSEWHERE: &str = "start the engine at `seeing.url` with a model for it too";

/// The engine at `seeing.url`, and its encoder of pictures once more where it reads texts too.
async fn remote(seeing: &SeeingConfig) -> Result<(EngineAnnotator, Option<EngineTextEncoder>), EngineError> {
    let token = Some(seeing.token.clone()).filter(|token| !token.is_empty());
    let client = EngineClient::new(seeing.url.parse()?, token, REQUEST_TIMEOUT)?;
    let annotator = EngineAnnotator::connect(client.clone()).await?;
    let reads = |card: &&ModelCard| card.features.contains(&Feature::Embedding) && card.max_input_tokens.is_some();
    let reader = match client.models().await?.iter().find(reads) {
        Some(card) => Some(EngineTextEncoder::connect(client, Some(&card.id)).await?),
        None => None,
    };
    Ok((annotator, reader))
}

/// The models on this machine that are used.
struct Chosen {
    files: Vec<PathBuf>,
    models: BTreeMap<Feature, SeeingModel>,
    /// The encoder of pictures, where it takes texts too.
    reader: Option<ModelName>,
    missing: BTreeMap<Feature, String>,
    installed: Vec<InstalledModel>,
    catalogue: Catalogue,
}

impl Chosen {
    fn new(config: &Config) -> Result<Self, String> {
        let catalogue = Catalogue::embedded().map_err(|error| error.to_string())?;
        let installed = ModelFolder::at(models_folder(config)).installed().map_err(|error| error.to_string())?;
        let (files, models, reader, missing) = Default::default();
        let mut chosen = Self { files, models, reader, missing, installed, catalogue };
        let seeing = &config.seeing;
        let faces = [(Role::FaceDetector, &seeing.face_detector), (Role::FaceEncoder, &seeing.face_encoder)];
        chosen.add(Feature::Faces, &faces.map(|(role, wanted)| (role, wanted.as_str())));
        chosen.add(Feature::Objects, &[(Role::ObjectDetector, &seeing.object_detector)]);
        chosen.add(Feature::Labels, &[(Role::Classifier, &seeing.classifier)]);
        chosen.add(Feature::Embedding, &[(Role::ImageEncoder, &seeing.image_encoder)]);
        chosen.add(Feature::Safety, &[(Role::Classifier, &seeing.safety)]);
        let lines = (Role::TextDetector, seeing.text_detector.as_str());
        let words = (Role::TextReader, seeing.text_reader.as_str());
        // Lines that are found can be read by others.
        let all = [lines, words];
        let reads = chosen.find(Feature::Text, words.0, words.1).is_ok();
        chosen.add(Feature::Text, if reads { &all } else { &all[..1] });
        Ok(chosen)
    }

    /// Adds what a feature takes: all of it, or nothing and how to get the rest.
    fn add(&mut self, feature: Feature, roles: &[(Role, &str)]) {
        let mut found = Vec::new();
        for (role, wanted) in roles {
            match self.find(feature, *role, wanted) {
                Ok(model) => found.push(model.clone()),
                Err(hint) => {
                    self.missing.insert(feature, hint);
                    return;
                }
            }
        }
        let joined = |part: fn(&InstalledModel) -> &str| found.iter().map(part).collect::<Vec<_>>().join("+");
        let model = SeeingModel { name: joined(|m| &m.manifest.id), version: joined(|m| &m.manifest.version) };
        if feature == Feature::Embedding {
            self.reader = found.first().and_then(reader_of);
        }
        self.files.extend(found.iter().map(InstalledModel::path));
        self.models.insert(feature, model);
    }

    /// The model for a role, or how to get one.
    fn find(&self, feature: Feature, role: Role, wanted: &str) -> Result<&InstalledModel, String> {
        if wanted == NONE {
            return Err(NONE.to_owned());
        }
        let rank = |model: &InstalledModel| {
            let id = &model.manifest.id;
            let entry = self.catalogue.models.iter().position(|entry| entry.id == *id);
            // Of two that are in no catalogue, the one that takes pictures of any size sees more.
            let fixed = picture_graph(&model.path()).is_none_or(|graph| !graph.any_size);
            (entry.unwrap_or(usize::MAX), fixed)
        };
        let mut fitting = self.installed.iter().filter(|model| model.manifest.role == role && fits(model, feature));
        let found = match wanted {
            "" => fitting.min_by_key(|model| rank(model)),
            _ => fitting.find(|model| model.manifest.id == wanted),
        };
        found.ok_or_else(|| {
            match self.catalogue.models.iter().find(|entry| entry.role == role && takes(entry, wanted)) {
                Some(entry) => format!("recollect models pull {}", entry.id),
                None => match feature {
                    Feature::Labels => {
                        "recollect models import CLASSIFIER.onnx, with its labels.txt beside it".to_owned()
                    }
                    Feature::Safety => "recollect models import NSFW_CLASSIFIER.onnx (that of nsfwjs)".to_owned(),
                    _ => format!("recollect models import ENCODER.onnx --role {}", role_name(role)),
                },
            }
        })
    }
}

/// What texts become with an encoder of pictures that takes them.
fn reader_of(model: &InstalledModel) -> Option<ModelName> {
    let towers = Towers::find(&model.path())?;
    towers.text.as_ref()?;
    let dimensions = model.manifest.dimensions.or_else(|| towers.config().dimensions())?;
    Some(ModelName { name: model.manifest.id.clone(), version: model.manifest.version.clone(), dimensions })
}

fn takes(entry: &crate::models::CatalogueEntry, wanted: &str) -> bool {
    entry.restriction.is_none() && (wanted.is_empty() || entry.id == wanted)
}

fn role_name(role: Role) -> String {
    serde_json::to_value(role).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Whether the engine can run a model for this: a graph that takes a picture as it is, with the right classes.
fn fits(model: &InstalledModel, feature: Feature) -> bool {
    if feature == Feature::Embedding && Towers::find(&model.path()).is_some() {
        return true;
    }
    let Some(graph) = picture_graph(&model.path()) else { return false };
    let PictureGraph { planes, outputs, .. } = graph;
    let of_safety =
        || outputs.and_then(|outputs| labels::of(&model.folder, outputs)).map(|l| labels::are_of_safety(&l));
    match feature {
        Feature::Faces | Feature::Objects => planes,
        Feature::Embedding => !planes,
        Feature::Labels => !planes && of_safety() == Some(false),
        Feature::Safety => !planes && of_safety() == Some(true),
        Feature::Text if model.manifest.role == Role::TextReader => {
            planes && outputs.and_then(|outputs| characters::of(&model.folder, outputs)).is_some()
        }
        Feature::Text => planes,
    }
}

/// The model of vectors of pictures as the library names it.
pub(super) fn stored_model(model: PictureModel) -> Model {
    Model { model: model.name, version: model.version }
}

/// The published heads that are installed, each with its name and version. One that cannot be read is told in the log.
pub(super) fn published_heads(config: &Config) -> Vec<(String, Head)> {
    let installed = ModelFolder::at(models_folder(config)).installed().unwrap_or_default();
    let is_head = |model: &InstalledModel| {
        model.manifest.role == Role::Classifier && model.path().extension().is_some_and(|end| end == "safetensors")
    };
    let read = |model: InstalledModel| match Head::read(&model.path()) {
        Ok(head) => Some((format!("{} {}", model.manifest.id, model.manifest.version), head)),
        Err(error) => {
            tracing::warn!(%error, "a head is left out");
            None
        }
    };
    installed.into_iter().filter(is_head).filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::import::{ImportOptions, import_all};

    async fn part(models: &Path, change: impl FnOnce(&mut SeeingConfig)) -> SeeingPart {
        let mut config = Config { models: models.display().to_string(), ..Config::default() };
        change(&mut config.seeing);
        SeeingPart::new(&config, models).await
    }

    fn hints(part: &SeeingPart) -> Vec<(String, Option<String>)> {
        part.states().map(|state| (state.role, state.hint)).collect()
    }

    #[tokio::test]
    async fn without_models_each_says_how_to_get_it() {
        let folder = tempfile::tempdir().unwrap();
        let part = part(folder.path(), |seeing| seeing.safety = NONE.to_owned()).await;
        assert!(part.annotator.is_none());
        let hints = hints(&part);
        assert_eq!(hints.len(), 4, "what is switched off is not missed: {hints:?}");
        assert_eq!(hints[0], ("faces".into(), Some("recollect models pull yunet-2023mar".into())));
        assert_eq!(hints[1], ("objects".into(), Some("recollect models pull yolox-nano".into())));
        assert!(hints[2].1.as_ref().unwrap().contains("labels.txt"));
    }

    #[tokio::test]
    async fn imported_models_are_told_apart_by_what_they_see() {
        let Some(shared) = crate::fixtures::shared("models") else { return };
        let home = tempfile::tempdir().unwrap();
        let folder = ModelFolder::at(home.path().to_owned());
        import_all(&folder, &shared, &ImportOptions::default()).unwrap();
        let config = Config { models: home.path().display().to_string(), ..Config::default() };
        let chosen = Chosen::new(&config).unwrap();
        let names: Vec<&str> = chosen.models.values().map(|model| model.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "yunet_n_dynamic+mobilefacenet",
                "yolox_nano",
                "mobilenet_v2_imagenet",
                "mobilenet_v1_embedding",
                "nsfw_mobilenet_v2",
                "ppocrv3_text_detection"
            ]
        );
        assert_eq!((chosen.files.len(), chosen.missing.len()), (7, 0));
        let mut config = config;
        config.seeing.face_detector = "yunet_n_640_640".into();
        config.seeing.object_detector = "nothing".into();
        let chosen = Chosen::new(&config).unwrap();
        assert_eq!(chosen.models[&Feature::Faces].name, "yunet_n_640_640+mobilefacenet");
        assert!(chosen.missing[&Feature::Objects].contains("recollect models import"));
    }
}

//! The speech model that the configuration asks for, as far as it can be had.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use super::ModelState;
use super::choice::Choice;
use crate::config::{Config, SpeechConfig, models_folder};
use crate::engine::{
    EngineClient, EngineError, EngineSpec, EngineSpeechModel, EngineState, SpeechModel, Supervisor, program,
};
use crate::models::{Catalogue, ModelError, ModelFolder, Role};
use crate::voice::work::FindSpeech;

/// A long recording on a slow machine may take its own length and more.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(4 * 3600);
/// What a remote engine calls its model when nobody says.
const REMOTE_MODEL: &str = "whisper-1";
/// How the files of voice activity detectors begin.
const DETECTOR: &str = "ggml-silero";

/// The speech model that there is now. Clones share it.
#[derive(Clone)]
pub(super) struct SpeechPart(Arc<Choice<Chosen>>);

/// The model as far as it can be had, and what is known of it when there is none.
#[derive(Clone)]
struct Chosen {
    model: Option<Arc<dyn SpeechModel>>,
    supervisor: Option<Supervisor>,
    name: String,
    missing: String,
    /// What is on this machine.
    of: Option<Local>,
}

impl SpeechPart {
    /// The speech model that the configuration asks for. Nothing is started.
    pub fn new(config: &Config, data: &Path) -> Self {
        let (config, data) = (config.clone(), data.to_owned());
        let folder = models_folder(&config);
        Self(Arc::new(Choice::new(folder, move |before| choose(&config, &data, before))))
    }

    fn chosen(&self) -> Chosen {
        self.0.now()
    }

    /// The model, or what to do to have one.
    pub fn get(&self) -> Result<Arc<dyn SpeechModel>, String> {
        let chosen = self.chosen();
        chosen.model.ok_or(chosen.missing)
    }

    /// The same for those that ask again whenever they need it.
    pub fn find(&self) -> FindSpeech {
        let part = self.clone();
        Arc::new(move || part.get().ok())
    }

    /// What runs the model, if that is on this machine.
    pub fn supervisor(&self) -> Option<Supervisor> {
        self.chosen().supervisor
    }

    pub fn state(&self) -> ModelState {
        let chosen = self.chosen();
        let (state, hint) = match chosen.supervisor.as_ref().map(Supervisor::state) {
            _ if chosen.model.is_none() => ("missing", Some(chosen.missing)),
            Some(EngineState::Failed { reason, .. }) => ("failed", Some(reason)),
            _ => ("ready", None),
        };
        ModelState { role: "speech".into(), name: chosen.name, state: state.into(), hint }
    }
}

/// Chooses the model that the configuration asks for; the one that was chosen before where it is still the same.
fn choose(config: &Config, data: &Path, before: Option<&Chosen>) -> Chosen {
    let missing = |name: String, missing: String| Chosen { model: None, supervisor: None, name, missing, of: None };
    let speech = &config.speech;
    let language = Some(speech.language.clone()).filter(|language| !language.is_empty());
    if !speech.url.is_empty() {
        if let Some(before) = before {
            return before.clone();
        }
        let name = if speech.model.is_empty() { REMOTE_MODEL.to_owned() } else { speech.model.clone() };
        return match remote(speech) {
            Ok(client) => {
                let model = EngineSpeechModel::remote(client, name.clone(), language);
                Chosen { model: Some(Arc::new(model)), supervisor: None, name, missing: String::new(), of: None }
            }
            Err(error) => missing(name, format!("{error}; {}", error.hint())),
        };
    }
    let local = match local(config) {
        Ok(found) => found,
        Err(hint) => return missing(speech.model.clone(), hint),
    };
    if let Some(before) = before.filter(|before| before.of.as_ref() == Some(&local)) {
        return before.clone();
    }
    local_chosen(config, data, local, language)
}

/// A model on this machine in an engine of ours.
fn local_chosen(config: &Config, data: &Path, local: Local, language: Option<String>) -> Chosen {
    let speech = &config.speech;
    let program = match program("recollect-whisper") {
        Ok(program) => program,
        Err(error) => {
            let missing = format!("{error}; {}", error.hint());
            return Chosen { model: None, supervisor: None, name: local.name, missing, of: None };
        }
    };
    let mut spec = EngineSpec::new("whisper", program);
    spec.arguments = vec!["--model".into(), local.file.clone().into(), "--name".into(), local.name.clone().into()];
    if let Some(detector) = local.detector.clone() {
        spec.arguments.extend(["--vad".into(), detector.into()]);
    }
    if speech.threads > 0 {
        spec.arguments.extend(["--threads".into(), speech.threads.to_string().into()]);
    }
    spec.idle_after = (speech.idle_s > 0).then(|| Duration::from_secs(speech.idle_s));
    spec.request_timeout = REQUEST_TIMEOUT;
    spec.log_file = Some(data.join("logs").join("whisper.log"));
    let supervisor = Supervisor::new(spec);
    let model = EngineSpeechModel::local(supervisor.clone(), local.name.clone(), language);
    let model = Arc::new(model.with_version(local.version.clone()));
    let name = local.name.clone();
    Chosen { model: Some(model), supervisor: Some(supervisor), name, missing: String::new(), of: Some(local) }
}

fn remote(speech: &SpeechConfig) -> Result<EngineClient, EngineError> {
    let token = Some(speech.token.clone()).filter(|token| !token.is_empty());
    EngineClient::new(speech.url.parse()?, token, REQUEST_TIMEOUT)
}

/// A model on this machine.
#[derive(Clone, PartialEq, Eq)]
struct Local {
    name: String,
    /// Which weights: of an installed model by their checksum, of a mere file by its size and age.
    version: String,
    file: PathBuf,
    /// What tells speech from silence, if there is something.
    detector: Option<PathBuf>,
}

/// The model on this machine, or what to do to have one.
fn local(config: &Config) -> Result<Local, String> {
    let wanted = &config.speech.model;
    if is_path(wanted) {
        let file = PathBuf::from(wanted);
        let found = file.metadata().ok().filter(std::fs::Metadata::is_file);
        let absent = || format!("there is no file {wanted}; set `speech.model` to a Whisper model in ggml format");
        let changed = |found: &std::fs::Metadata| found.modified().ok()?.duration_since(UNIX_EPOCH).ok();
        let version = found.map(|found| format!("{}-{}", found.len(), changed(&found).unwrap_or_default().as_secs()));
        let name = file.file_stem().map_or_else(|| "whisper".into(), |stem| stem.to_string_lossy().into_owned());
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        let detector = detector(config, &folder);
        return version.map(|version| Local { name, version, file, detector }).ok_or_else(absent);
    }
    let folder = ModelFolder::at(models_folder(config));
    let catalogue = Catalogue::embedded().map_err(|error| error.to_string())?;
    let found =
        if wanted.is_empty() { folder.first_with(Role::Speech, &catalogue) } else { folder.get(wanted).map(Some) };
    match found {
        Ok(Some(model)) => {
            let (file, detector) = (model.path(), detector(config, &model.folder));
            Ok(Local { name: model.manifest.id, version: model.manifest.version, file, detector })
        }
        Ok(None) | Err(ModelError::NotInstalled { .. }) => Err(how_to_get(wanted, &catalogue)),
        Err(error) => Err(error.to_string()),
    }
}

fn how_to_get(wanted: &str, catalogue: &Catalogue) -> String {
    let known = catalogue.models.iter().filter(|model| model.role == Role::Speech);
    let known: Vec<&str> = known.map(|model| model.id.as_str()).collect();
    match known.iter().find(|id| **id == wanted || wanted.is_empty()) {
        Some(id) => format!("recollect models pull {id}"),
        None => "set `speech.model` to a Whisper model in ggml format, such as /path/to/ggml-base.bin".to_owned(),
    }
}

/// The voice activity detector, if there is one.
fn detector(config: &Config, folder: &Path) -> Option<PathBuf> {
    let wanted = &config.speech.vad;
    if is_path(wanted) {
        return Some(PathBuf::from(wanted));
    }
    if !wanted.is_empty() {
        return ModelFolder::at(models_folder(config)).get(wanted).ok().map(|model| model.path());
    }
    let models = models_folder(config);
    let inside = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let installed = inside(&models).map(|entry| entry.path()).filter(|path| path.is_dir());
    let mut folders: Vec<PathBuf> = installed.collect();
    folders.sort();
    folders.insert(0, folder.to_owned());
    folders.iter().flat_map(|folder| inside(folder)).map(|file| file.path()).find(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(DETECTOR) && name.ends_with(".bin")
    })
}

fn is_path(text: &str) -> bool {
    text.contains(std::path::MAIN_SEPARATOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(models: &Path) -> Config {
        Config { models: models.to_string_lossy().into_owned(), ..Config::default() }
    }

    #[test]
    fn without_a_model_it_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path());
        let part = SpeechPart::new(&config, folder.path());
        assert_eq!((part.state().role.as_str(), part.state().state.as_str()), ("speech", "missing"));
        let hint = part.get().err().unwrap();
        assert!(hint.starts_with("recollect models pull") || hint.contains("speech.model"), "{hint}");
        config.speech.model = "/nowhere/ggml-base.bin".into();
        let hint = SpeechPart::new(&config, folder.path()).get().err().unwrap();
        assert!(hint.contains("/nowhere/ggml-base.bin"), "{hint}");
        config.speech.url = "nonsense".into();
        let hint = SpeechPart::new(&config, folder.path()).get().err().unwrap();
        assert!(hint.contains("nonsense"), "{hint}");
    }

    #[test]
    fn a_remote_engine_is_there_without_being_asked() {
        let mut config = Config::default();
        config.speech.url = "http://127.0.0.1:9".into();
        let part = SpeechPart::new(&config, Path::new("/nowhere"));
        assert_eq!(part.get().unwrap().name(), REMOTE_MODEL);
        assert_eq!(part.state().state, "ready");
    }

    #[test]
    fn a_detector_beside_the_model_or_installed_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder.path().join("models"));
        assert_eq!(detector(&config, folder.path()), None);
        let file = folder.path().join("ggml-silero-v6.2.0.bin");
        std::fs::write(&file, "").unwrap();
        assert_eq!(detector(&config, folder.path()), Some(file));
        let installed = folder.path().join("models/silero-vad-v5.1.2");
        std::fs::create_dir_all(&installed).unwrap();
        std::fs::write(installed.join("ggml-silero-v5.1.2.bin"), "").unwrap();
        assert_eq!(detector(&config, Path::new("/nowhere")), Some(installed.join("ggml-silero-v5.1.2.bin")));
    }
}

//! What is brought in, and what is refused.

use super::*;

const CONFIG: &str = r#"{"model_type":"bert","hidden_size":384}"#;

fn safetensors() -> Vec<u8> {
    let header = r#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 4]].concat()
}

struct Scene {
    home: tempfile::TempDir,
    folder: ModelFolder,
}

impl Scene {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = ModelFolder::at(home.path().join("models"));
        Self { home, folder }
    }

    fn source(&self, files: &[(&str, &[u8])]) -> PathBuf {
        let source = self.home.path().join("My Encoder");
        for (path, content) in files {
            let path = source.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        source
    }

    fn import(&self, source: &Path) -> Result<InstalledModel, ModelError> {
        import(&self.folder, source, &ImportOptions::default())
    }
}

#[test]
fn an_encoders_folder_is_copied_with_what_belongs_to_it_and_nothing_else() {
    let scene = Scene::new();
    let weights = safetensors();
    let source = scene.source(&[
        ("config.json", CONFIG.as_bytes()),
        ("tokenizer.json", b"{}"),
        ("model.safetensors", &weights),
        ("1_Pooling/config.json", b"{}"),
        ("private notes.txt", b"secret"),
    ]);
    let model = scene.import(&source).unwrap();
    assert_eq!((model.manifest.id.as_str(), model.manifest.role), ("My-Encoder", Role::TextEncoder));
    assert_eq!(model.manifest.dimensions, Some(384));
    assert_eq!(model.manifest.version, &sha256_of(&source.join("model.safetensors")).unwrap()[..16]);
    assert_eq!(model.manifest.files.len(), 4);
    assert!(!model.folder.join("private notes.txt").exists());
    assert_eq!(scene.folder.verify("My-Encoder").unwrap(), model);
    assert!(matches!(scene.import(&source).unwrap_err(), ModelError::Exists { .. }));
    let replace = ImportOptions { replace: true, role: Some(Role::Other), ..ImportOptions::default() };
    assert_eq!(import(&scene.folder, &source, &replace).unwrap().manifest.role, Role::Other);
}

#[test]
fn folders_that_lack_something_are_refused_with_its_name() {
    let weights = safetensors();
    for (files, why) in [
        (vec![("tokenizer.json", &b"{}"[..])], "has none of"),
        (vec![("model.safetensors", &weights[..]), ("config.json", CONFIG.as_bytes())], "no tokenizer.json"),
        (vec![("model.safetensors", &weights[..]), ("tokenizer.json", b"{}")], "hidden_size"),
        (vec![("onnx/model.onnx", &weights[..]), ("tokenizer.json", b"{}")], "not of the format"),
        (vec![("model.safetensors", &weights[..20]), ("tokenizer.json", b"{}")], "longer than the file"),
    ] {
        let scene = Scene::new();
        let error = scene.import(&scene.source(&files)).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert!(scene.folder.installed().unwrap().is_empty());
    }
}

#[test]
fn single_files_are_told_by_their_content() {
    let scene = Scene::new();
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n";
    let weights = safetensors();
    let source =
        scene.source(&[("a.onnx", b"this is a text, not a model"), ("b.gguf", pointer), ("c.safetensors", &weights)]);
    for (file, why) in [("a.onnx", "neither"), ("b.gguf", "git lfs pull"), ("c.safetensors", "folder that holds")] {
        let error = scene.import(&source.join(file)).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    assert!(matches!(scene.import(&source.join("none")).unwrap_err(), ModelError::Io { .. }));
}

#[test]
fn real_models_are_brought_in_and_one_without_weights_is_not() {
    let paths =
        ["stories260K-f32.gguf", "yunet_n_dynamic.onnx", "vocab-only-bert-bge.gguf", "whisper-tiny-no-weights.bin"];
    let paths: Vec<_> = paths.iter().filter_map(|name| crate::fixtures::shared(&format!("models/{name}"))).collect();
    let [story, detector, vocabulary, whisper] = &paths[..] else { return };
    let scene = Scene::new();
    let model = scene.import(story).unwrap();
    assert_eq!((model.manifest.id.as_str(), model.manifest.role), ("stories260K-f32", Role::Language));
    assert_eq!(model.path(), model.folder.join("stories260K-f32.gguf"));
    let options =
        ImportOptions { role: Some(Role::FaceDetector), id: Some("yunet".to_owned()), ..ImportOptions::default() };
    assert_eq!(import(&scene.folder, detector, &options).unwrap().manifest.role, Role::FaceDetector);
    for refused in [vocabulary, whisper] {
        assert!(matches!(scene.import(refused).unwrap_err(), ModelError::NoModel { .. }));
    }
    assert_eq!(scene.folder.installed().unwrap().len(), 2);
}

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
    // It goes on with stories; nobody has it answer questions without saying so.
    assert!(model.manifest.base);
    assert_eq!(scene.folder.first_with(Role::Language, &crate::models::Catalogue::embedded().unwrap()).unwrap(), None);
    let options =
        ImportOptions { role: Some(Role::FaceDetector), id: Some("yunet".to_owned()), ..ImportOptions::default() };
    assert_eq!(import(&scene.folder, detector, &options).unwrap().manifest.role, Role::FaceDetector);
    for refused in [vocabulary, whisper] {
        assert!(matches!(scene.import(refused).unwrap_err(), ModelError::NoModel { .. }));
    }
    assert_eq!(scene.folder.installed().unwrap().len(), 2);
}

/// A GGUF header with one tensor and these strings.
fn gguf(strings: &[(&str, &str)]) -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    let head = [b"GGUF".to_vec(), 3_u32.to_le_bytes().to_vec(), 1_u64.to_le_bytes().to_vec()].concat();
    let mut bytes = [head, (strings.len() as u64).to_le_bytes().to_vec()].concat();
    for (key, value) in strings {
        bytes.extend([text(key), 8_u32.to_le_bytes().to_vec(), text(value)].concat());
    }
    bytes
}

#[test]
fn a_language_model_with_its_projector_becomes_one_that_sees() {
    let scene = Scene::new();
    let language = gguf(&[("general.architecture", "qwen3vl")]);
    let projector = gguf(&[("general.architecture", "clip"), ("general.type", "mmproj")]);
    let source = scene.source(&[("eyes.gguf", &projector), ("words.gguf", &language)]);
    let error = scene.import(&source.join("eyes.gguf")).unwrap_err().to_string();
    assert!(error.contains("--mmproj"), "{error}");
    let model = scene.import(&source).unwrap();
    assert_eq!((model.manifest.role, model.manifest.id.as_str()), (Role::Vision, "My-Encoder"));
    assert_eq!(model.path(), model.folder.join("words.gguf"));
    assert_eq!(model.mmproj(), Some(model.folder.join("eyes.gguf")));
    let mmproj = Some(source.join("eyes.gguf"));
    let options = ImportOptions { mmproj: mmproj.clone(), ..ImportOptions::default() };
    let model = import(&scene.folder, &source.join("words.gguf"), &options).unwrap();
    assert_eq!((model.manifest.role, model.manifest.files.len()), (Role::Vision, 2));
    let swapped = ImportOptions { mmproj: Some(source.join("words.gguf")), ..ImportOptions::default() };
    let error = import(&scene.folder, &source.join("words.gguf"), &swapped).unwrap_err().to_string();
    assert!(error.contains("no projector"), "{error}");
}

#[test]
fn a_folder_of_files_is_brought_in_file_by_file_and_what_is_no_model_is_told() {
    let Some(models) = crate::fixtures::shared("models") else { return };
    let scene = Scene::new();
    let outcomes = import_all(&scene.folder, &models, &ImportOptions::default()).unwrap();
    let found: Vec<(String, Result<Role, String>)> = outcomes
        .into_iter()
        .map(|outcome| {
            let name = outcome.source.file_name().unwrap().to_string_lossy().into_owned();
            (name, outcome.result.map(|model| model.manifest.role).map_err(|error| error.to_string()))
        })
        .collect();
    let expected = [
        ("aesthetic_clip_vit_b_32_linear.safetensors", Ok(Role::Classifier)),
        ("ggml-silero-v6.2.0.bin", Ok(Role::VoiceActivity)),
        ("mobilefacenet.onnx", Ok(Role::FaceEncoder)),
        ("mobilenet_v1_embedding.onnx", Ok(Role::ImageEncoder)),
        ("mobilenet_v2_imagenet.onnx", Ok(Role::Classifier)),
        ("nsfw_clip_vit_b_32_head.safetensors", Ok(Role::Classifier)),
        ("nsfw_mobilenet_v2.onnx", Ok(Role::Classifier)),
        ("ppocrv3_text_detection.onnx", Ok(Role::TextDetector)),
        ("silero_vad_16k_op15.onnx", Ok(Role::VoiceActivity)),
        ("stories260K-f32.gguf", Ok(Role::Language)),
        ("vocab-only-bert-bge.gguf", Err("no weights")),
        ("whisper-tiny-no-weights.bin", Err("no weights")),
        ("yolox_nano.onnx", Ok(Role::ObjectDetector)),
        ("yunet_n_640_640.onnx", Ok(Role::FaceDetector)),
        ("yunet_n_dynamic.onnx", Ok(Role::FaceDetector)),
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((name, role), (wanted, expected)) in found.iter().zip(&expected) {
        assert_eq!(name, wanted);
        match (role, expected) {
            (Ok(role), Ok(expected)) => assert_eq!(role, expected, "{name}"),
            (Err(reason), Err(part)) => assert!(reason.contains(part), "{name}: {reason}"),
            _ => panic!("{name}: {role:?} instead of {expected:?}"),
        }
    }
    let dimensions = |id: &str| scene.folder.get(id).unwrap().manifest.dimensions;
    assert_eq!((dimensions("mobilefacenet"), dimensions("mobilenet_v1_embedding")), (Some(128), Some(1024)));
    assert_eq!(scene.folder.installed().unwrap().len(), 13);
    // A classifier brings its labels along.
    let classifier = scene.folder.get("mobilenet_v2_imagenet").unwrap();
    assert_eq!(super::super::labels::of(&classifier.folder, 1001).unwrap()[979], "seashore");
    assert_eq!(scene.folder.get("nsfw_mobilenet_v2").unwrap().manifest.files.len(), 1);
}

#[test]
fn an_onnx_file_cut_anywhere_is_refused_and_damage_is_no_panic() {
    let Some(path) = crate::fixtures::shared("models/yunet_n_dynamic.onnx") else { return };
    let whole = fs::read(path).unwrap();
    let scene = Scene::new();
    for part in 1..=20 {
        let source = scene.source(&[("cut.onnx", &whole[..whole.len() * part / 21])]);
        assert!(matches!(scene.import(&source.join("cut.onnx")).unwrap_err(), ModelError::NoModel { .. }), "{part}");
    }
    for at in (0..2000).step_by(7).chain((whole.len() - 2000..whole.len()).step_by(7)) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        let source = scene.source(&[("damaged.onnx", &damaged)]);
        let replace = ImportOptions { replace: true, ..ImportOptions::default() };
        drop(import(&scene.folder, &source.join("damaged.onnx"), &replace));
    }
}

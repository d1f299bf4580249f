//! A hub as Hugging Face runs it: it states what a file is, then redirects to its storage. What was fetched first is
//! pinned, and what differs later is refused.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::*;

const COMMIT: &str = "23749fefcc72300e3a2ad315e1317431b06b590a";

/// What the hub has, and who asked for what.
#[derive(Clone, Default)]
struct HubState {
    files: Arc<Mutex<HashMap<String, String>>>,
    /// What it says that a file's checksum is, if that is not the truth.
    lie: Arc<Mutex<Option<String>>>,
    revisions: Arc<Mutex<Vec<String>>>,
    tokens: Arc<Mutex<Vec<(&'static str, bool)>>>,
    fetched: Arc<AtomicUsize>,
    storage: Arc<Mutex<String>>,
}

impl HubState {
    fn put(&self, path: &str, content: &str) {
        self.files.lock().unwrap().insert(path.to_owned(), content.to_owned());
    }

    fn saw(&self, place: &'static str, headers: &HeaderMap) {
        self.tokens.lock().unwrap().push((place, headers.contains_key("authorization")));
    }
}

async fn resolve(
    State(hub): State<HubState>,
    UrlPath((revision, path)): UrlPath<(String, String)>,
    headers: HeaderMap,
) -> Response {
    hub.saw("hub", &headers);
    let Some(content) = hub.files.lock().unwrap().get(&path).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    hub.revisions.lock().unwrap().push(revision);
    if path.ends_with(".json") {
        let tag = "\"0123456789012345678901234567890123456789\"";
        return ([("x-repo-commit", COMMIT), ("etag", tag)], content).into_response();
    }
    let digest = hub.lie.lock().unwrap().clone().unwrap_or_else(|| hexadecimal(&Sha256::digest(&content)));
    let headers = [
        ("x-repo-commit", COMMIT.to_owned()),
        ("x-linked-size", content.len().to_string()),
        ("x-linked-etag", format!("\"{digest}\"")),
        ("location", format!("{}/storage/{path}", hub.storage.lock().unwrap())),
    ];
    (StatusCode::FOUND, headers).into_response()
}

async fn storage(State(hub): State<HubState>, UrlPath(path): UrlPath<String>, headers: HeaderMap) -> Response {
    hub.saw("storage", &headers);
    hub.fetched.fetch_add(1, Ordering::SeqCst);
    match hub.files.lock().unwrap().get(&path) {
        Some(content) => content.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn listen(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

/// A scene whose hub has the files, with the hub itself and its storage on different ports.
async fn with_hub() -> (Scene, HubState) {
    let hub = HubState::default();
    for (path, content) in FILES {
        hub.put(path, content);
    }
    let store = Router::new().route("/storage/{*path}", get(storage)).with_state(hub.clone());
    *hub.storage.lock().unwrap() = listen(store).await;
    let app = Router::new().route("/owner/m/resolve/{revision}/{*path}", get(resolve)).with_state(hub.clone());
    let mut scene = Scene::new();
    scene.puller.hub = Hub { endpoint: listen(app).await, token: Some("secret".into()), offline: false };
    (scene, hub)
}

fn unpinned(more: &str) -> CatalogueEntry {
    let text = format!(
        "[[model]]\nid = \"m\"\nrole = \"text-encoder\"\nengine = \"encoder\"\ntiers = []\ndescription = \"d\"\n\
         licence = \"MIT\"\nhome = \"https://example.org\"\nrepository = \"owner/m\"\nweights = \"sub/model.bin\"\n{more}\n\
         [[model.file]]\npath = \"tokenizer.json\"\n[[model.file]]\npath = \"sub/model.bin\"\nabout_mb = 1\n"
    );
    Catalogue::parse(&text).unwrap().models.remove(0)
}

#[tokio::test]
async fn the_first_download_pins_every_file_and_the_commit() {
    let (scene, hub) = with_hub().await;
    let model = scene.pull(&unpinned("")).await.unwrap();
    scene.assert_whole(&model);
    let pins = Pins::read(scene.puller.folder.root()).unwrap().of("m");
    assert_eq!(pins.commit.as_deref(), Some(COMMIT));
    for (path, content) in FILES {
        let pin = pins.get(path).unwrap();
        assert_eq!((pin.size, &pin.sha256), (content.len() as u64, &hexadecimal(&Sha256::digest(content))));
    }
    assert_eq!(model.manifest.version, pins.get("sub/model.bin").unwrap().sha256[..16]);
    let revisions = hub.revisions.lock().unwrap().clone();
    assert_eq!(revisions[0], "main");
    assert!(revisions[1..].iter().all(|revision| revision == COMMIT), "one commit's files: {revisions:?}");
    // The whole of it is there: nothing is asked again.
    let asked = revisions.len();
    scene.pull(&unpinned("")).await.unwrap();
    assert_eq!(hub.revisions.lock().unwrap().len(), asked);
}

#[tokio::test]
async fn a_token_is_shown_to_the_hub_and_not_to_its_storage() {
    let (scene, hub) = with_hub().await;
    scene.pull(&unpinned("")).await.unwrap();
    let tokens = hub.tokens.lock().unwrap().clone();
    assert!(tokens.iter().any(|(place, _)| *place == "storage"));
    assert!(tokens.iter().all(|(place, shown)| *shown == (*place == "hub")), "{tokens:?}");
}

#[tokio::test]
async fn a_file_that_has_changed_is_refused_until_the_user_takes_it() {
    let (mut scene, hub) = with_hub().await;
    scene.pull(&unpinned("")).await.unwrap();
    scene.puller.folder.remove("m").unwrap();
    let changed = FILES[1].1.replace("weights", "wEights");
    hub.put("sub/model.bin", &changed);
    let error = scene.pull(&unpinned("")).await.unwrap_err();
    assert!(matches!(error, ModelError::Changed { .. }), "{error}");
    assert!(error.to_string().contains("models.lock") && error.hint().contains("--repin"));
    assert!(scene.puller.folder.get("m").is_err());
    scene.options.repin = true;
    let model = scene.pull(&unpinned("")).await.unwrap();
    assert_eq!(std::fs::read_to_string(model.folder.join("sub/model.bin")).unwrap(), changed);
    scene.options.repin = false;
    scene.puller.folder.remove("m").unwrap();
    scene.pull(&unpinned("")).await.unwrap();
}

#[tokio::test]
async fn a_hub_that_states_one_file_and_sends_another_is_refused_and_pins_nothing() {
    let (scene, hub) = with_hub().await;
    *hub.lie.lock().unwrap() = Some("0".repeat(64));
    let error = scene.pull(&unpinned("")).await.unwrap_err();
    assert!(error.to_string().contains("SHA-256"), "{error}");
    let pins = Pins::read(scene.puller.folder.root()).unwrap().of("m");
    assert!(pins.get("sub/model.bin").is_none() && pins.get("tokenizer.json").is_some());
    *hub.lie.lock().unwrap() = None;
    scene.pull(&unpinned("")).await.unwrap();
}

#[tokio::test]
async fn offline_nothing_is_asked_and_what_is_there_is_found() {
    let (mut scene, hub) = with_hub().await;
    scene.puller.hub.offline = true;
    assert!(matches!(scene.pull(&unpinned("")).await.unwrap_err(), ModelError::Offline { .. }));
    assert!(hub.revisions.lock().unwrap().is_empty());
    scene.puller.hub.offline = false;
    let model = scene.pull(&unpinned("")).await.unwrap();
    scene.puller.hub.offline = true;
    assert_eq!(scene.pull(&unpinned("")).await.unwrap(), model);
}

#[tokio::test]
async fn a_licence_that_forbids_something_must_be_accepted() {
    let (mut scene, _hub) = with_hub().await;
    let restricted = unpinned("restriction = \"research only\"");
    let error = scene.pull(&restricted).await.unwrap_err();
    assert!(matches!(error, ModelError::Licence { .. }) && error.hint().contains("--accept-licence"), "{error}");
    scene.options.accept_licence = true;
    scene.pull(&restricted).await.unwrap();
}

#[tokio::test]
async fn of_two_pulls_at_once_the_second_waits_and_fetches_nothing() {
    let (scene, hub) = with_hub().await;
    let entry = unpinned("");
    let (first, second) = tokio::join!(scene.pull(&entry), scene.pull(&entry));
    assert_eq!(first.unwrap(), second.unwrap());
    assert_eq!(hub.fetched.load(Ordering::SeqCst), 1, "one large file, once");
    assert!(scene.progress.lock().unwrap().iter().any(|step| step.phase == Phase::Waiting));
}

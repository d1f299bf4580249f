//! A disk that is too small: refused before the first byte where the size is known, an error that keeps the folder as it
//! was where it is not.

use std::process::Command;

use super::*;

/// A file system of two megabytes; `None`, after a visible line, where this user may not mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("SKIPPED: a small disk cannot be mounted here");
        }
        mounted.then(|| Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(self.0.path()).output());
    }
}

fn large(base: &str, more: &str) -> CatalogueEntry {
    let text = format!(
        "[[model]]\nid = \"m\"\nrole = \"language\"\nengine = \"llama\"\ntiers = []\ndescription = \"d\"\nlicence = \"MIT\"\n\
         home = \"https://example.org\"\nbase = \"{base}\"\nweights = \"w.gguf\"\n[[model.file]]\npath = \"w.gguf\"\n{more}"
    );
    Catalogue::parse(&text).unwrap().models.remove(0)
}

/// Four megabytes, of which the server does not say how many they are.
async fn endless() -> String {
    let body = || async {
        let chunks = (0..64).map(|n| Ok::<_, std::io::Error>(vec![n as u8; 1 << 16]));
        axum::body::Body::from_stream(futures::stream::iter(chunks))
    };
    let app = Router::new().route("/m/w.gguf", get(body));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/m/")
}

#[tokio::test]
async fn a_model_that_does_not_fit_is_refused_before_it_is_fetched() {
    let Some(disk) = SmallDisk::mount() else { return };
    let mut scene = Scene::new();
    scene.puller.folder = ModelFolder::at(disk.0.path().join("models"));
    let error = scene.pull(&large("http://127.0.0.1:1/", "about_mb = 4\n")).await.unwrap_err();
    assert!(
        matches!(error, ModelError::NoSpace { needed, free, .. } if needed > 4_000_000 && free < 3_000_000),
        "{error}"
    );
    assert!(error.to_string().contains("MB free"), "{error}");
}

#[tokio::test]
async fn a_disk_that_fills_up_on_the_way_is_an_error_and_no_model() {
    let Some(disk) = SmallDisk::mount() else { return };
    let mut scene = Scene::new();
    scene.puller.folder = ModelFolder::at(disk.0.path().join("models"));
    let error = scene.pull(&large(&endless().await, "")).await.unwrap_err();
    let full = |source: &std::io::Error| source.kind() == std::io::ErrorKind::StorageFull;
    assert!(matches!(&error, ModelError::Io { source, .. } if full(source)), "{error}");
    assert!(scene.puller.folder.installed().unwrap().is_empty());
    scene.puller.discard("m").unwrap();
    assert!(crate::models::space::free(disk.0.path()).unwrap() > 1_000_000, "what had come is gone");
}

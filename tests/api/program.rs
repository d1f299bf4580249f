//! Runs the program: temporary libraries, commands, a server.

mod needed;
mod pictures;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

pub use self::needed::{installed, onnx_runtime, shared};
pub use self::pictures::{Photo, family, png};

/// A data folder and a folder of pictures.
pub struct Home {
    dir: TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Home {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("photos")).unwrap();
        Self { dir, environment: Vec::new() }
    }

    /// Sets a variable for every command from now on.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.environment.push((name, value.into()));
    }

    /// Installs models of the shared test data, by their files' names. `false`, said aloud, when they or ONNX Runtime are not
    /// here.
    pub fn install(&mut self, names: &[&str]) -> bool {
        let Some(models) = shared("models") else { return false };
        let Some(runtime) = onnx_runtime() else { return false };
        self.set("RECOLLECT_ONNXRUNTIME", runtime.to_string_lossy());
        for name in names {
            self.run(&["models", "import", models.join(format!("{name}.onnx")).to_str().unwrap()]);
        }
        true
    }

    /// Installs the one model that makes vectors of pictures.
    pub fn compare(&mut self) -> bool {
        self.install(&["mobilenet_v1_embedding"])
    }

    /// Installs the one model that finds lines of text. `false` also without tesseract, which reads them.
    pub fn read(&mut self) -> bool {
        installed("tesseract") && self.install(&["ppocrv3_text_detection"])
    }

    /// Installs every model that sees.
    pub fn see(&mut self) -> bool {
        self.install(&[
            "yunet_n_dynamic",
            "mobilefacenet",
            "yolox_nano",
            "mobilenet_v2_imagenet",
            "mobilenet_v1_embedding",
            "nsfw_mobilenet_v2",
        ])
    }

    pub fn photos(&self) -> PathBuf {
        self.dir.path().join("photos").canonicalize().unwrap()
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The program with this data folder and nothing of the environment's configuration.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_recollect"));
        command.arg("--data").arg(self.data()).args(arguments).stdin(Stdio::null());
        command.env("RECOLLECT_MODELS", self.dir.path().join("models")).env("TZ", "UTC");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command that must succeed; returns what it printed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "recollect {arguments:?} failed:\n{printed}\n{complained}");
        printed
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.run(arguments)).unwrap()
    }

    /// Indexes the folder of pictures to the end.
    pub fn add(&self) -> String {
        self.run(&["add", self.photos().to_str().unwrap(), "--wait"])
    }

    /// What is known of one of the pictures.
    pub fn show(&self, name: &str) -> Value {
        self.json(&["show", self.photos().join(name).to_str().unwrap(), "--json"])
    }

    pub fn ask(&self, question: &str) -> Value {
        self.json(&["ask", question, "--json", "--now", "2026-11-21T12:00:00"])
    }

    /// Starts the server on a free port.
    pub fn serve(&self, arguments: &[&str]) -> Server {
        self.serve_with(arguments, &[])
    }

    /// The same with more in its environment.
    pub fn serve_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Server {
        let mut all = vec!["run", "--port", "0"];
        all.extend(arguments);
        let mut command = self.command(&all);
        let mut child =
            command.envs(environment.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        assert!(url.starts_with("http://"), "the server said {line:?}");
        Server { child, url }
    }
}

/// A running server; it ends with the value.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    /// Waits until everything is read and searchable.
    pub fn settle(&self) {
        let deadline = Instant::now() + Duration::from_secs(120);
        while Instant::now() < deadline {
            let status = self.get("/status");
            if status["data"]["indexing"] == false && status["data"]["media"].as_i64() > Some(0) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the server did not settle: {}", self.get("/jobs"));
    }

    pub fn get(&self, path: &str) -> Value {
        block(async { client().get(self.address(path)).send().await.unwrap().json().await.unwrap() })
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        block(async { client().post(self.address(path)).json(body).send().await.unwrap().json().await.unwrap() })
    }

    pub fn put(&self, path: &str, body: &Value) -> Value {
        block(async { client().put(self.address(path)).json(body).send().await.unwrap().json().await.unwrap() })
    }

    pub fn delete(&self, path: &str) -> Value {
        block(async { client().delete(self.address(path)).send().await.unwrap().json().await.unwrap() })
    }

    /// Status, headers and body of a request.
    pub fn fetch(&self, path: &str, headers: &[(&str, &str)]) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
        block(async {
            let mut request = client().get(self.address(path));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            (status, headers, response.bytes().await.unwrap().to_vec())
        })
    }

    pub fn address(&self, path: &str) -> String {
        if path.starts_with(&self.url) {
            path.to_owned()
        } else if path.starts_with("/api") || path == "/" {
            format!("{}{path}", self.url)
        } else {
            format!("{}/api/v1{path}", self.url)
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed by the test.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

pub fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The names of the files that an answer or a search found, in order.
pub fn names(found: &Value) -> Vec<String> {
    let name = |medium: &Value| {
        Path::new(medium["path"].as_str().unwrap()).file_name().unwrap().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = found["media"].as_array().unwrap().iter().map(name).collect();
    names.sort();
    names
}

#[test]
fn the_server_links_no_inference_runtime() {
    let holds = |program: &str, word: &[u8]| {
        let bytes = std::fs::read(program).unwrap();
        bytes.windows(word.len()).any(|part| part == word)
    };
    // The prefix of every function of ggml, which llama.cpp and whisper.cpp compute with.
    let ggml = b"ggml_backend_";
    assert!(holds(env!("CARGO_BIN_EXE_recollect-llama"), ggml) && holds(env!("CARGO_BIN_EXE_recollect-whisper"), ggml));
    assert!(!holds(env!("CARGO_BIN_EXE_recollect"), ggml));
}

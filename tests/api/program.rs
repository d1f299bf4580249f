//! Runs the program: temporary libraries, small pictures with metadata, commands, a server.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use image::{Rgb, RgbImage};
use serde_json::Value;
use tempfile::TempDir;

/// The shared test data, as in the unit tests: a visible skip on a stranger's machine, a failure on CI.
pub fn shared(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("RECOLLECT_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is absent; CI needs it", path.display());
    eprintln!("SKIPPED: needs {}, and ../shared is absent", path.display());
    None
}

/// ONNX Runtime: the one that is named, or what scripts/setup installed. A visible skip as above.
pub fn onnx_runtime() -> Option<PathBuf> {
    let installed = || {
        let usual =
            || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".local/share/recollect/models");
        let models = std::env::var_os("RECOLLECT_MODELS").map_or_else(usual, PathBuf::from);
        let mut files = std::fs::read_dir(models.join("runtime")).ok()?.flatten().map(|file| file.path());
        files.find(|path| path.to_string_lossy().contains("libonnxruntime.so"))
    };
    let runtime = std::env::var_os("RECOLLECT_ONNXRUNTIME").map(PathBuf::from).or_else(installed);
    if runtime.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "ONNX Runtime is absent; CI needs it");
        eprintln!("SKIPPED in part: needs ONNX Runtime; scripts/setup installs it");
    }
    runtime
}

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
        let runs = Command::new("tesseract").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !runs.is_ok_and(|status| status.success()) {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs tesseract");
            eprintln!("SKIPPED: needs tesseract; scripts/setup installs it");
            return false;
        }
        self.install(&["ppocrv3_text_detection"])
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

/// A picture as an engine is given it, without loss.
pub fn png(picture: &RgbImage) -> axum::body::Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner().into()
}

/// A picture that no other seed gives, with metadata in a sidecar.
#[derive(Default)]
pub struct Photo<'a> {
    pub seed: u32,
    pub taken: &'a str,
    pub description: &'a str,
    pub people: &'a [&'a str],
    pub keywords: &'a [&'a str],
    pub position: Option<(f64, f64)>,
    pub rating: u8,
}

impl Photo<'_> {
    pub fn write(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        draw(self.seed).save(path).unwrap();
        self.describe(path);
    }

    /// Writes the metadata beside another picture.
    pub fn describe(&self, path: &Path) {
        std::fs::write(path.with_extension("xmp"), self.sidecar()).unwrap();
    }

    fn sidecar(&self) -> String {
        let bag = |words: &[&str]| words.iter().map(|word| format!("<rdf:li>{word}</rdf:li>")).collect::<String>();
        let mut attributes = format!("exif:DateTimeOriginal=\"{}\" xmp:Rating=\"{}\"", self.taken, self.rating);
        if let Some((lat, lon)) = self.position {
            let axis = |degrees: f64, positive, negative| {
                let whole = degrees.abs().trunc();
                format!(
                    "{whole},{:.6}{}",
                    (degrees.abs() - whole) * 60.0,
                    if degrees < 0.0 { negative } else { positive }
                )
            };
            let (lat, lon) = (axis(lat, 'N', 'S'), axis(lon, 'E', 'W'));
            attributes.push_str(&format!(" exif:GPSLatitude=\"{lat}\" exif:GPSLongitude=\"{lon}\""));
        }
        format!(
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
             <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" \
             xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" {attributes}>\
             <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:description>\
             <dc:subject><rdf:Bag>{}</rdf:Bag></dc:subject><Iptc4xmpExt:PersonInImage><rdf:Bag>{}</rdf:Bag></Iptc4xmpExt:PersonInImage>\
             </rdf:Description></rdf:RDF></x:xmpmeta>",
            self.description,
            bag(self.keywords),
            bag(self.people)
        )
    }
}

fn draw(seed: u32) -> RgbImage {
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let cells: Vec<[u8; 3]> = (0..64)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            [state as u8, (state >> 8) as u8, (state >> 16) as u8]
        })
        .collect();
    RgbImage::from_fn(320, 240, |x, y| Rgb(cells[(y / 30 * 8 + x / 40) as usize % 64]))
}

/// Pictures of an invented family: two people and their dog, a trip, a party, everyday life.
pub fn family(home: &Home) {
    let lofoten = (68.2342, 14.5636);
    let hamburg = (53.5511, 9.9937);
    let photos = home.photos();
    let write = |path: &str, photo: Photo<'_>| photo.write(&photos.join(path));
    write(
        "2023-07 Lofoten/L1.jpg",
        Photo {
            seed: 1,
            taken: "2023-07-10T10:00:00",
            description: "red cabins by the harbour",
            people: &["Ida"],
            position: Some(lofoten),
            rating: 5,
            ..Photo::default()
        },
    );
    write(
        "2023-07 Lofoten/L2.jpg",
        Photo {
            seed: 2,
            taken: "2023-07-11T21:30:00",
            description: "midnight sun over the sea",
            people: &["Ida", "Jonas"],
            position: Some(lofoten),
            ..Photo::default()
        },
    );
    write(
        "2023-07 Lofoten/L3.jpg",
        Photo {
            seed: 3,
            taken: "2023-07-12T09:00:00",
            description: "a fishing boat in the fjord",
            position: Some(lofoten),
            ..Photo::default()
        },
    );
    write(
        "2024-05-04 Jonas birthday/B1.jpg",
        Photo {
            seed: 4,
            taken: "2024-05-04T15:00:00",
            description: "chocolate cake with candles",
            people: &["Jonas"],
            keywords: &["birthday"],
            position: Some(hamburg),
            ..Photo::default()
        },
    );
    write(
        "Camera Roll/C1.jpg",
        Photo {
            seed: 5,
            taken: "2024-06-01T08:00:00",
            description: "the dog sleeps on the sofa",
            position: Some(hamburg),
            ..Photo::default()
        },
    );
    write(
        "Camera Roll/C2.jpg",
        Photo {
            seed: 6,
            taken: "2025-06-02T08:00:00",
            description: "breakfast on the balcony",
            people: &["Ida"],
            position: Some(hamburg),
            ..Photo::default()
        },
    );
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

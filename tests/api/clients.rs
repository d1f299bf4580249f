//! Programs of somebody else talk to the engines: OpenAI's own Python client, in chat, embeddings and speech.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use recollect::voice::audio::Recording;

use crate::llama::fixture;
use crate::whisper::random;

/// What the engines demand of their clients.
pub const TOKEN: &str = "s3cret";

/// The Python of the tests, with OpenAI's client in it, as scripts/setup puts it there.
fn python() -> Option<PathBuf> {
    let data = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".local/share")));
    let tools =
        std::env::var_os("RECOLLECT_TOOLS").map(PathBuf::from).or_else(|| Some(data?.join("recollect/tools")))?;
    let python = tools.join("clients/bin/python");
    if python.exists() {
        return Some(python);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs OpenAI's client: scripts/setup --test");
    eprintln!("SKIPPED: needs OpenAI's Python client, which scripts/setup --test installs");
    None
}

/// Runs one of the clients; it says `ok` when all is as it should be.
fn talk(python: &Path, script: &str, arguments: &[&OsStr]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(script);
    let done = Command::new(python).arg(script).args(arguments).output().unwrap();
    assert!(done.status.success() && done.stdout.ends_with(b"ok\n"), "{}", String::from_utf8_lossy(&done.stderr));
}

/// An engine on a port of its own; ended when dropped.
pub struct OnPort {
    child: Child,
    pub url: String,
}

impl OnPort {
    pub fn start(program: &str, model: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--token", TOKEN, "--model"])
            .arg(model)
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = lines
            .find_map(|line| line.unwrap().split_once("listening on ").map(|(_, url)| url.to_owned()))
            .expect("the engine says where it listens");
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url }
    }
}

impl Drop for OnPort {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

#[test]
fn openais_own_client_is_served_with_language() {
    let Some(python) = python() else { return };
    let model = fixture("tiny-qwen3.gguf");
    let start = |arguments: &[&str]| OnPort::start(env!("CARGO_BIN_EXE_recollect-llama"), &model, arguments);
    let (chat, embeddings) = (start(&["--context", "2048"]), start(&["--embeddings"]));
    talk(&python, "openai_chat.py", &[chat.url.as_ref(), embeddings.url.as_ref(), TOKEN.as_ref()]);
}

#[test]
fn openais_own_client_is_served_with_speech() {
    let (Some(python), Some(model)) = (python(), random::model()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let sound = folder.path().join("sound.wav");
    std::fs::write(&sound, Recording { samples: random::sound(4) }.to_wav()).unwrap();
    // A model of random weights is so unsure that whisper.cpp would try again at random.
    let engine = OnPort::start(env!("CARGO_BIN_EXE_recollect-whisper"), &model, &["--threads", "1", "--no-fallback"]);
    talk(&python, "openai_speech.py", &[engine.url.as_ref(), TOKEN.as_ref(), sound.as_ref(), "4".as_ref()]);
}

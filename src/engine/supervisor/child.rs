//! One engine process: where its program lies, how it is spawned, when it is ready, and how it ends.
//!
//! The child listens on a socket in a folder that only this user can enter, and holds a pipe from this process as its
//! standard input: when this process ends, however it ends, the pipe closes and the child goes too.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{ChildStderr, ChildStdin, Command};
use tokio::task::JoinHandle;

use super::EngineSpec;
use crate::engine::client::{Endpoint, EngineClient};
use crate::engine::error::EngineError;

/// Lines of a child's log that are kept for messages.
const LAST_WORDS: usize = 12;
const LONGEST_LINE: u64 = 8 << 10;
const LARGEST_LOG: u64 = 4 << 20;
const LOOK_EVERY: Duration = Duration::from_millis(20);
const END_WITHIN: Duration = Duration::from_secs(5);
/// `sun_path` holds 108 bytes on Linux and 104 on macOS, its end included.
const LONGEST_SOCKET_PATH: usize = 100;

/// The program of an engine, such as `recollect-encoder`: in the folder that `RECOLLECT_ENGINES` names, else beside the
/// running program, else one folder up (where Cargo puts it when a test is running).
///
/// # Errors
/// [`EngineError::ProgramMissing`] with the folders that were searched.
pub fn program(name: &str) -> Result<PathBuf, EngineError> {
    let mut folders: Vec<PathBuf> = std::env::var_os("RECOLLECT_ENGINES").map(PathBuf::from).into_iter().collect();
    if let Ok(own) = std::env::current_exe() {
        folders.extend(own.ancestors().skip(1).take(2).map(Path::to_owned));
    }
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    match folders.iter().map(|folder| folder.join(&file)).find(|path| path.is_file()) {
        Some(path) => Ok(path),
        None => Err(EngineError::ProgramMissing { program: file, folders }),
    }
}

/// A new folder for sockets that only this user can enter; removed when the value is dropped.
pub(super) fn private_folder() -> Result<tempfile::TempDir, EngineError> {
    let mut parents: Vec<PathBuf> = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).into_iter().collect();
    parents.extend([std::env::temp_dir(), PathBuf::from("/tmp")]);
    let mut failure = None;
    for parent in parents {
        let made = tempfile::Builder::new()
            .prefix("recollect-")
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir_in(&parent);
        match made {
            Ok(folder) if folder.path().as_os_str().len() + 16 <= LONGEST_SOCKET_PATH => return Ok(folder),
            Ok(_) => failure = Some((parent, std::io::Error::other("its path is too long for a socket"))),
            Err(error) => failure = Some((parent, error)),
        }
    }
    let (path, source) = failure.unwrap_or_else(|| (PathBuf::new(), std::io::Error::other("no folder to try")));
    Err(EngineError::Io { path, source })
}

/// A running engine.
#[derive(Debug)]
pub(super) struct Child {
    process: tokio::process::Child,
    /// The child's standard input. Kept apart from `process`, whose `wait` would close it: the child ends when it closes.
    leash: Option<ChildStdin>,
    log: Arc<Mutex<VecDeque<String>>>,
    reader: Option<JoinHandle<()>>,
    pub(super) client: EngineClient,
    pub(super) pid: u32,
}

impl Child {
    /// Spawns the engine and waits until it is healthy.
    pub(super) async fn start(spec: &EngineSpec, socket: &Path) -> Result<Self, EngineError> {
        let client = EngineClient::new(Endpoint::Unix(socket.to_owned()), None, spec.request_timeout)?;
        let mut listen = std::ffi::OsString::from("unix:");
        listen.push(socket);
        let mut process = Command::new(&spec.program)
            .args(&spec.arguments)
            .arg("--listen")
            .arg(listen)
            .arg("--exit-with-stdin")
            .envs(spec.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| EngineError::Start {
                engine: spec.name.clone(),
                reason: format!("{} cannot be run: {error}", spec.program.display()),
            })?;
        let log = Arc::new(Mutex::new(VecDeque::new()));
        let reader = process
            .stderr
            .take()
            .map(|stderr| tokio::spawn(copy_log(stderr, Arc::clone(&log), spec.name.clone(), spec.log_file.clone())));
        let pid = process.id().unwrap_or(0);
        if let Some(bytes) = spec.memory {
            limit_memory(pid, bytes, &spec.name);
        }
        let leash = process.stdin.take();
        let mut child = Self { process, leash, log, reader, client, pid };
        child.ready(spec).await?;
        Ok(child)
    }

    async fn ready(&mut self, spec: &EngineSpec) -> Result<(), EngineError> {
        let refuse = |reason| EngineError::Start { engine: spec.name.clone(), reason };
        let deadline = Instant::now() + spec.start_within;
        loop {
            if let Ok(Some(_)) = self.process.try_wait() {
                return Err(refuse(self.wait().await));
            }
            if self.client.health().await.is_ok() {
                return Ok(());
            }
            if Instant::now() > deadline {
                self.end().await;
                let seconds = spec.start_within.as_secs();
                return Err(refuse(format!("it was not ready within {seconds} s{}", self.last_words())));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits for the child's end and says how it ended, with its last words. May be called again.
    pub(super) async fn wait(&mut self) -> String {
        let status = match self.process.wait().await {
            Ok(status) => status.to_string(),
            Err(error) => format!("its end cannot be observed: {error}"),
        };
        if let Some(reader) = self.reader.take() {
            // A grandchild may hold the pipe open: the log is not worth waiting for it.
            let _late = tokio::time::timeout(Duration::from_millis(500), reader).await;
        }
        format!("{status}{}", self.last_words())
    }

    /// Ends the child: by closing its standard input, and by force when that does not help.
    pub(super) async fn end(&mut self) {
        drop(self.leash.take());
        if tokio::time::timeout(END_WITHIN, self.process.wait()).await.is_err() {
            tracing::warn!(pid = self.pid, "engine did not end by itself and is killed");
            if let Err(error) = self.process.kill().await {
                tracing::warn!(pid = self.pid, %error, "engine cannot be killed");
            }
        }
    }

    fn last_words(&self) -> String {
        let lines = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.is_empty() {
            return String::new();
        }
        format!("; it said: {}", lines.iter().cloned().collect::<Vec<_>>().join(" | "))
    }
}

/// Limits what a process may take for itself. A limit that cannot be set is no reason to go without the engine.
#[cfg(target_os = "linux")]
fn limit_memory(pid: u32, bytes: u64, engine: &str) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return };
    let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
    if let Err(error) = prlimit(Some(pid), Resource::Data, limit) {
        tracing::warn!(engine, %error, "the engine's memory cannot be limited");
    }
}

#[cfg(not(target_os = "linux"))]
fn limit_memory(_pid: u32, _bytes: u64, engine: &str) {
    tracing::warn!(engine, "this system cannot limit the memory of a running process; the engine runs without a limit");
}

/// Passes a child's standard error on, line by line, until it closes.
async fn copy_log(stderr: ChildStderr, log: Arc<Mutex<VecDeque<String>>>, engine: String, file: Option<PathBuf>) {
    let mut file = file.and_then(|path| open_log(&path));
    let mut stderr = BufReader::new(stderr);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut stderr).take(LONGEST_LINE).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        tracing::info!(target: "recollect::engine::log", engine, "{text}");
        if let Some(file) = &mut file
            && let Err(error) = writeln!(file, "{text}")
        {
            tracing::warn!(engine, %error, "the engine's log file cannot be written");
        }
        let mut lines = log.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LAST_WORDS {
            lines.pop_front();
        }
        lines.push_back(text);
    }
}

/// Opens a log file for appending; a large one is set aside first, in place of the one set aside before.
fn open_log(path: &Path) -> Option<File> {
    if fs::metadata(path).is_ok_and(|metadata| metadata.len() > LARGEST_LOG) {
        let mut old = path.as_os_str().to_owned();
        old.push(".1");
        if let Err(error) = fs::rename(path, &old) {
            tracing::warn!(path = %path.display(), %error, "the log file cannot be set aside");
        }
    }
    match OpenOptions::new().create(true).append(true).open(path) {
        Ok(file) => Some(file),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "the log file cannot be opened");
            None
        }
    }
}

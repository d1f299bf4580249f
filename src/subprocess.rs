//! Runs an external decoder on an untrusted file within bounds of time, memory, output and reach.
//!
//! What must stay true: a child never outlives its deadline, nor does anything it started (its whole process group is
//! killed); it has no standard input but what it is given, no network where the system lets an ordinary user take it
//! away, a cleared environment, and bounded memory, CPU time and file size where the system's shell can set them.
//! Nothing it prints can fill our memory. What its output means is left to the caller.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Bounds on one run of a program.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Wall-clock time; CPU time is bounded to it for each core's worth, rounded up.
    pub time: Duration,
    /// Address space in bytes.
    pub memory: u64,
    /// Size of any file it writes, in bytes.
    pub file: u64,
    /// Bytes kept of its standard output; a program that prints more is stopped.
    pub stdout: usize,
}

/// What a program did.
#[derive(Debug)]
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// The first 16 KiB of its standard error.
    pub stderr: String,
}

impl Finished {
    /// Why it failed: the first line of standard error (later ones follow from it), else its exit status.
    pub fn complaint(&self) -> String {
        let line = self.stderr.lines().map(str::trim).find(|line| !line.is_empty());
        match line {
            Some(line) => line.chars().take(300).collect(),
            None => self.status.to_string(),
        }
    }
}

/// Why a program gave no result.
#[derive(Debug, thiserror::Error)]
pub enum SubprocessError {
    /// It is not on the search path.
    #[error("the program is not installed")]
    Missing,
    /// It ran into its deadline and was killed.
    #[error("the program took longer than {} s and was stopped", .0.as_secs_f32())]
    TimedOut(Duration),
    /// It printed more than it may.
    #[error("the program printed more than {0} bytes and was stopped")]
    TooMuchOutput(usize),
    /// It could not be started or waited for.
    #[error("the program could not be run: {0}")]
    Io(#[from] std::io::Error),
}

/// Bytes kept of standard error.
const STDERR_BYTES: usize = 16 * 1024;

/// The path of `program` on the search path, if it is there.
pub fn find_program(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Runs `program` with `arguments` in `folder` (where it may write) and waits for its end within `bounds`.
///
/// A program that ends with a failure is no error here: see [`Finished::status`].
pub fn run(
    program: &Path,
    arguments: &[OsString],
    folder: &Path,
    bounds: &Bounds,
) -> Result<Finished, SubprocessError> {
    run_reading(program, arguments, folder, bounds, Stdio::null())
}

/// Like [`run`], with `input` as the program's standard input.
pub fn run_reading(
    program: &Path,
    arguments: &[OsString],
    folder: &Path,
    bounds: &Bounds,
    input: Stdio,
) -> Result<Finished, SubprocessError> {
    let mut child = spawn(program, arguments, folder, bounds, input)?;
    let stdout = child.stdout.take().map(|pipe| keep_first(pipe, bounds.stdout));
    let stderr = child.stderr.take().map(|pipe| keep_first(pipe, STDERR_BYTES));
    let status = wait_until(&mut child, Instant::now() + bounds.time, bounds.time);
    let (stdout, overflow) = collect(stdout);
    let (stderr, _) = collect(stderr);
    let status = status?;
    if overflow {
        return Err(SubprocessError::TooMuchOutput(bounds.stdout));
    }
    Ok(Finished { status, stdout, stderr: String::from_utf8_lossy(&stderr).into_owned() })
}

fn spawn(
    program: &Path,
    arguments: &[OsString],
    folder: &Path,
    bounds: &Bounds,
    input: Stdio,
) -> Result<Child, SubprocessError> {
    let mut command = confined(program, arguments, bounds);
    command.current_dir(folder).env_clear().env("LC_ALL", "C").env("TMPDIR", folder).env("HOME", folder);
    // Several run side by side; threads of their own would only fight.
    command.env("OMP_THREAD_LIMIT", "1");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => SubprocessError::Missing,
        _ => SubprocessError::Io(error),
    })
}

/// A program whose standard output is read while it runs; it and all that it started end when this is dropped, and at the
/// deadline, at which reading ends.
#[derive(Debug)]
pub struct Streaming {
    child: Child,
    stdout: Option<ChildStdout>,
    stderr: Option<Receiver<(Vec<u8>, bool)>>,
    /// Dropped when the program must no longer be killed at its deadline.
    awake: Option<Sender<()>>,
    watch: Option<JoinHandle<()>>,
}

/// Starts `program` as [`run`] does and lets the caller read what it prints. [`Bounds::stdout`] does not count: whoever reads
/// knows how much to read.
pub fn stream(
    program: &Path,
    arguments: &[OsString],
    folder: &Path,
    bounds: &Bounds,
) -> Result<Streaming, SubprocessError> {
    let mut child = spawn(program, arguments, folder, bounds, Stdio::null())?;
    let stderr = child.stderr.take().map(|pipe| keep_first(pipe, STDERR_BYTES));
    let (awake, asleep) = std::sync::mpsc::channel::<()>();
    let (id, time) = (child.id(), bounds.time);
    let watch = std::thread::spawn(move || {
        if asleep.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
            signal_group(id);
        }
    });
    Ok(Streaming { stdout: child.stdout.take(), child, stderr, awake: Some(awake), watch: Some(watch) })
}

impl Streaming {
    /// Ends the program and says what it complained about, if about anything.
    pub fn complaint(mut self) -> Option<String> {
        self.end();
        let (words, _) = collect(self.stderr.take());
        let words = String::from_utf8_lossy(&words).into_owned();
        words.lines().map(str::trim).find(|line| !line.is_empty()).map(|line| line.chars().take(300).collect())
    }

    fn end(&mut self) {
        self.stdout = None;
        // The watch has let go of the process's number before the process is waited for.
        self.awake = None;
        if let Some(watch) = self.watch.take() {
            let _ = watch.join();
            kill_group(&mut self.child);
            let _ = self.child.wait();
        }
    }
}

impl Read for Streaming {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.stdout.as_mut().map_or(Ok(0), |stdout| stdout.read(buffer))
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        self.end();
    }
}

/// The command with everything around it that confines it.
#[cfg(unix)]
fn confined(program: &Path, arguments: &[OsString], bounds: &Bounds) -> Command {
    use std::os::unix::process::CommandExt;
    // Each limit on its own: a shell or system that lacks one (macOS has no -v) still sets the others.
    const LIMIT_AND_RUN: &str = "ulimit -v \"$1\" 2>/dev/null; ulimit -t \"$2\" 2>/dev/null; \
         ulimit -f \"$3\" 2>/dev/null; ulimit -c 0 2>/dev/null; shift 3; exec \"$@\"";
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let mut command = match network_remover() {
        Some(unshare) => {
            let mut command = Command::new(unshare);
            command.args(["--user", "--map-root-user", "--net", "--", "/bin/sh"]);
            command
        }
        None => Command::new("/bin/sh"),
    };
    command.args([OsStr::new("-c"), OsStr::new(LIMIT_AND_RUN), OsStr::new("confined")]);
    command.arg((bounds.memory / 1024).to_string());
    command.arg((bounds.time.as_secs() + 1).saturating_mul(cores).to_string());
    command.arg((bounds.file / 512).to_string());
    command.arg(program).args(arguments);
    command.process_group(0);
    command
}

/// Elsewhere the deadline alone confines it.
#[cfg(not(unix))]
fn confined(program: &Path, arguments: &[OsString], _bounds: &Bounds) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// The `unshare` program, if this user may take the network away from a child with it; found out once.
#[cfg(unix)]
fn network_remover() -> Option<&'static Path> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let unshare = find_program("unshare")?;
            let allowed = Command::new(&unshare)
                .args(["--user", "--map-root-user", "--net", "--", "/bin/sh", "-c", "exit 0"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success());
            allowed.then_some(unshare)
        })
        .as_deref()
}

/// Waits for the end of `child`, killing its process group at `deadline`.
fn wait_until(child: &mut Child, deadline: Instant, limit: Duration) -> Result<ExitStatus, SubprocessError> {
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < deadline => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(20));
            }
            Ok(None) => {
                kill_group(child);
                let _ = child.wait();
                return Err(SubprocessError::TimedOut(limit));
            }
            Err(error) => {
                kill_group(child);
                let _ = child.wait();
                return Err(error.into());
            }
        }
    }
}

/// Kills `child` and everything in its process group. The child must not have been waited for: its number is still its
/// own then.
fn kill_group(child: &mut Child) {
    signal_group(child.id());
    let _ = child.kill();
}

/// Kills the process group of a child that has not been waited for.
fn signal_group(id: u32) {
    // The standard library can make a process group but not signal one; every POSIX shell can.
    #[cfg(unix)]
    let _ = Command::new("/bin/sh")
        .args(["-c", "kill -s KILL -- \"-$1\"", "kill"])
        .arg(id.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// Reads a pipe to its end on a thread of its own, keeping the first `limit` bytes; true when there were more.
fn keep_first(mut pipe: impl Read + Send + 'static, limit: usize) -> Receiver<(Vec<u8>, bool)> {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        let mut overflow = false;
        let mut chunk = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = pipe.read(&mut chunk) {
            let room = limit.saturating_sub(kept.len());
            kept.extend_from_slice(&chunk[..count.min(room)]);
            overflow |= count > room;
        }
        // Nobody listens any more when a descendant that left the process group kept the pipe open.
        let _ = sender.send((kept, overflow));
    });
    receiver
}

/// What a reading thread kept. The program has ended: what it printed is there, or something else holds the pipe.
fn collect(reader: Option<Receiver<(Vec<u8>, bool)>>) -> (Vec<u8>, bool) {
    const GRACE: Duration = Duration::from_secs(2);
    reader.and_then(|receiver| receiver.recv_timeout(GRACE).ok()).unwrap_or_default()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, bounds: &Bounds) -> Result<Finished, SubprocessError> {
        let folder = tempfile::tempdir().unwrap();
        run(Path::new("/bin/sh"), &["-c".into(), script.into()], folder.path(), bounds)
    }

    const BOUNDS: Bounds = Bounds { time: Duration::from_secs(5), memory: 1 << 30, file: 1 << 20, stdout: 1000 };

    #[test]
    fn output_and_status_come_back() {
        let done = shell("echo out; echo err >&2; exit 3", &BOUNDS).unwrap();
        assert_eq!((done.stdout.as_slice(), done.complaint().as_str()), (&b"out\n"[..], "err"));
        assert_eq!(done.status.code(), Some(3));
    }

    #[test]
    fn the_whole_process_group_dies_at_the_deadline() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("survived");
        let script = format!("(sleep 2; touch '{}') & sleep 60", mark.display());
        let start = Instant::now();
        let bounds = Bounds { time: Duration::from_millis(300), ..BOUNDS };
        assert!(matches!(shell(&script, &bounds), Err(SubprocessError::TimedOut(_))));
        assert!(start.elapsed() < Duration::from_secs(2), "the reader waited for a grandchild");
        std::thread::sleep(Duration::from_millis(2200));
        assert!(!mark.exists(), "a grandchild outlived the deadline");
    }

    #[test]
    fn memory_and_file_size_are_bounded() {
        let done =
            shell("head -c 3000000 /dev/zero > big; ls -l big | wc -c >/dev/null; wc -c < big", &BOUNDS).unwrap();
        let written: u64 = String::from_utf8_lossy(&done.stdout).trim().parse().unwrap();
        assert!(written <= 1 << 20, "{written} bytes were written");
        let done = shell("ulimit -v", &BOUNDS).unwrap();
        assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), ((1 << 30) / 1024).to_string());
    }

    #[test]
    fn too_much_output_is_an_error_and_not_our_memory() {
        assert!(matches!(shell("head -c 100000 /dev/zero", &BOUNDS), Err(SubprocessError::TooMuchOutput(1000))));
    }

    #[test]
    fn what_a_program_prints_is_read_while_it_runs_and_it_ends_at_the_deadline() {
        let folder = tempfile::tempdir().unwrap();
        let start = |script: &str, time| {
            let bounds = Bounds { time: Duration::from_millis(time), ..BOUNDS };
            stream(Path::new("/bin/sh"), &["-c".into(), script.into()], folder.path(), &bounds).unwrap()
        };
        let mut first = [0; 4];
        let mut running = start("echo why >&2; echo one; sleep 60", 5000);
        running.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"one\n");
        let begun = Instant::now();
        assert_eq!(running.complaint().as_deref(), Some("why"));
        let mut all = Vec::new();
        start("echo two; sleep 60", 300).read_to_end(&mut all).unwrap();
        assert_eq!((all.as_slice(), begun.elapsed() < Duration::from_secs(20)), (&b"two\n"[..], true));
    }

    #[test]
    fn a_program_that_is_not_there_is_missing() {
        assert!(find_program("recollect-no-such-program").is_none());
    }
}

//! ffmpeg as the encoder: frames in through a pipe, a piece of video out; then all pieces and the sound in one file.
//!
//! A file under its final name is whole: it is written under another and renamed. An encoder that is dropped is killed and
//! leaves nothing.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};

use super::codec::{Coder, ffmpeg};
use super::{Quality, RenderError};

/// Encodes one piece.
pub struct Encoder {
    child: Option<Child>,
    pipe: Option<ChildStdin>,
    part: PathBuf,
    whole: PathBuf,
}

impl Encoder {
    /// Begins a piece that will lie at `whole`.
    ///
    /// # Errors
    /// When ffmpeg cannot be started.
    pub fn start(
        whole: &Path,
        (w, h): (usize, usize),
        rate: u32,
        quality: Quality,
        coder: &Coder,
    ) -> Result<Self, RenderError> {
        let part = whole.with_extension("part");
        let mut command = ffmpeg()?;
        let colours =
            ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"];
        command.args(coder.before()).args([
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-s",
            &format!("{w}x{h}"),
            "-r",
            &rate.to_string(),
        ]);
        command.args(colours).args(["-i", "pipe:0", "-an"]).args(coder.settings(quality)).args(colours);
        command.args(["-fflags", "+bitexact", "-flags:v", "+bitexact"]);
        command.args(["-video_track_timescale", "30000", "-f", "mp4", "-y"]).arg(&part);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| RenderError::Encoder(error.to_string()))?;
        let pipe = child.stdin.take();
        Ok(Self { child: Some(child), pipe, part, whole: whole.to_owned() })
    }

    /// Gives it a frame.
    ///
    /// # Errors
    /// With what ffmpeg says, when it has given up.
    pub fn write(&mut self, frame: &[u8]) -> Result<(), RenderError> {
        let written = self.pipe.as_mut().map_or(Ok(()), |pipe| pipe.write_all(frame));
        match written {
            Ok(()) => Ok(()),
            Err(error) => Err(self.end().err().unwrap_or(RenderError::Encoder(error.to_string()))),
        }
    }

    /// Says that there are no more frames; [`finish`](Self::finish) waits for the end.
    pub fn close(&mut self) {
        self.pipe = None;
    }

    /// Waits until the piece is whole.
    ///
    /// # Errors
    /// With what ffmpeg says.
    pub fn finish(mut self) -> Result<(), RenderError> {
        self.end()?;
        put_in_place(&self.part, &self.whole)
    }

    fn end(&mut self) -> Result<(), RenderError> {
        self.pipe = None;
        let Some(child) = self.child.take() else { return Ok(()) };
        let output = child.wait_with_output().map_err(|error| RenderError::Encoder(error.to_string()))?;
        if output.status.success() { Ok(()) } else { Err(complaint(&output.stderr)) }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        self.pipe = None;
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_file(&self.part);
    }
}

fn complaint(stderr: &[u8]) -> RenderError {
    let words = String::from_utf8_lossy(stderr);
    let line = words.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("ffmpeg failed without a word");
    RenderError::Encoder(line.chars().take(300).collect())
}

fn put_in_place(part: &Path, whole: &Path) -> Result<(), RenderError> {
    let file = std::fs::File::open(part)?;
    file.sync_all()?;
    Ok(std::fs::rename(part, whole)?)
}

/// What joins pieces to a film.
pub struct Whole<'w> {
    /// The pieces, in order.
    pub pieces: &'w [PathBuf],
    /// Stereo samples at 48 kHz.
    pub sound: &'w [f32],
    /// What encoded them.
    pub coder: &'w Coder,
    /// Title.
    pub title: &'w str,
    /// Begin of each chapter in milliseconds, and its name.
    pub chapters: &'w [(u64, String)],
    /// Length, milliseconds.
    pub length_ms: u64,
    /// Where notes for ffmpeg may lie.
    pub folder: &'w Path,
}

/// Joins the pieces and the sound; the pieces are not encoded again.
///
/// # Errors
/// With what ffmpeg says.
pub fn join(whole: &Whole<'_>, output: &Path) -> Result<(), RenderError> {
    let notes = tempfile::tempdir_in(whole.folder)?;
    let (list, about) = (notes.path().join("pieces.txt"), notes.path().join("about.txt"));
    let quoted = |path: &Path| format!("file '{}'\n", path.display().to_string().replace('\'', "'\\''"));
    let pieces: Vec<PathBuf> = whole.pieces.iter().map(std::path::absolute).collect::<Result<_, _>>()?;
    std::fs::write(&list, pieces.iter().map(|path| quoted(path)).collect::<String>())?;
    std::fs::write(&about, described(whole))?;
    let part = output.with_extension("part");
    let mut command = ffmpeg()?;
    command.args(["-f", "concat", "-safe", "0", "-i"]).arg(&list);
    command.args(["-f", "f32le", "-ar", "48000", "-ac", "2", "-i", "pipe:0", "-f", "ffmetadata", "-i"]).arg(&about);
    command.args(["-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "2", "-map_chapters", "2", "-c:v", "copy"]);
    command.args(whole.coder.codec.tag());
    command.args(["-c:a", "aac", "-b:a", "192k", "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4", "-y"]);
    command.arg(&part).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| RenderError::Encoder(error.to_string()))?;
    let mut stderr = child.stderr.take();
    if let Some(mut pipe) = child.stdin.take() {
        for some in whole.sound.chunks(1 << 14) {
            let bytes: Vec<u8> = some.iter().flat_map(|sample| sample.to_le_bytes()).collect();
            if pipe.write_all(&bytes).is_err() {
                break; // ffmpeg has given up; its words follow
            }
        }
    }
    let status = child.wait().map_err(|error| RenderError::Encoder(error.to_string()))?;
    let mut words = Vec::new();
    if let Some(stderr) = stderr.as_mut() {
        let _ = stderr.take(16 * 1024).read_to_end(&mut words);
    }
    if !status.success() {
        let _ = std::fs::remove_file(&part);
        return Err(complaint(&words));
    }
    put_in_place(&part, output)
}

/// Title and chapters as ffmpeg reads them.
fn described(whole: &Whole<'_>) -> String {
    let escaped = |text: &str| {
        let mut out = String::new();
        for c in text.chars().filter(|c| !c.is_control()) {
            if matches!(c, '=' | ';' | '#' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
        out
    };
    let mut text = format!(";FFMETADATA1\ntitle={}\n", escaped(whole.title));
    for (at, (from, name)) in whole.chapters.iter().enumerate() {
        let to = whole.chapters.get(at + 1).map_or(whole.length_ms, |(next, _)| *next);
        text += &format!("[CHAPTER]\nTIMEBASE=1/1000\nSTART={from}\nEND={to}\ntitle={}\n", escaped(name));
    }
    text
}

//! Which of ffmpeg's encoders makes the pictures of a film, and how it is set.
//!
//! What must stay true: an encoder is used only when this ffmpeg lists it, and one of the hardware only when the settings
//! allow it and it really encoded a few frames on this machine. Software encoders give the same bytes whenever they are
//! given the same frames: the number of their threads is fixed. Hardware promises nothing of the kind.

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Quality, RenderError};
use crate::ingest::video::program;

/// A hardware encoder that has not encoded a few small frames after so long does not work.
const PROBE: Duration = Duration::from_secs(20);

/// How the pictures of a film are compressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// Plays everywhere (H.264, ITU-T H.264).
    #[default]
    H264,
    /// About half as large; Apple's devices and newer televisions play it (ITU-T H.265).
    Hevc,
    /// The smallest; current browsers and newer devices play it (AOMedia AV1).
    Av1,
}

impl Codec {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::H264, Self::Hevc, Self::Av1];

    /// The name stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::H264 => "h264",
            Self::Hevc => "hevc",
            Self::Av1 => "av1",
        }
    }

    /// The one of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|codec| codec.name() == name)
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::H264 => "H.264",
            Self::Hevc => "HEVC",
            Self::Av1 => "AV1",
        }
    }

    /// What the track is called in MP4: Apple plays HEVC only as `hvc1` (ISO/IEC 14496-15, 8.4.1).
    pub(super) fn tag(self) -> &'static [&'static str] {
        match self {
            Self::Hevc => &["-tag:v", "hvc1"],
            Self::H264 | Self::Av1 => &[],
        }
    }
}

/// Which encoders may be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowed {
    /// Those of the hardware where they work, else those of software.
    #[default]
    Auto,
    /// Those of software alone: the same storyboard and files give the same frames.
    Software,
}

/// An encoder of ffmpeg.
#[derive(Debug, PartialEq, Eq)]
pub struct Coder {
    /// ffmpeg's name for it.
    pub name: &'static str,
    /// What it makes.
    pub codec: Codec,
    /// It is part of a graphics card or processor.
    pub hardware: bool,
    /// Options before the input, filters.
    device: &'static [&'static str],
    /// Pixels as it takes them; empty when a filter gives them.
    pixels: &'static str,
    /// How a film is made with it.
    film: &'static [&'static str],
    /// How a preview is made with it.
    preview: &'static [&'static str],
}

const fn software(
    name: &'static str,
    codec: Codec,
    film: &'static [&'static str],
    preview: &'static [&'static str],
) -> Coder {
    Coder { name, codec, hardware: false, device: &[], pixels: "yuv420p", film, preview }
}

const fn hardware(name: &'static str, codec: Codec, pixels: &'static str, film: &'static [&'static str]) -> Coder {
    Coder { name, codec, hardware: true, device: &[], pixels, film, preview: film }
}

const fn vaapi(name: &'static str, codec: Codec, film: &'static [&'static str]) -> Coder {
    let device = &["-vaapi_device", "/dev/dri/renderD128"];
    Coder { name, codec, hardware: true, device, pixels: "", film, preview: film }
}

/// Filters that bring frames to VAAPI.
const UPLOAD: [&str; 2] = ["-vf", "format=nv12,hwupload"];

/// What nvenc, videotoolbox and the others are told: constant quality, a key frame every four seconds.
const NVENC: &[&str] = &["-preset", "p5", "-rc", "vbr", "-cq", "22", "-b:v", "0", "-g", "120"];
const QSV: &[&str] = &["-preset", "medium", "-global_quality", "22", "-g", "120"];
const TOOLBOX: &[&str] = &["-q:v", "62", "-g", "120"];
const AMF: &[&str] = &["-quality", "quality", "-rc", "cqp", "-qp_i", "20", "-qp_p", "22", "-g", "120"];
const VAAPI: &[&str] = &["-rc_mode", "CQP", "-qp", "22", "-g", "120"];

/// All encoders that are known, those of a codec in the order in which they are preferred.
static CODERS: [Coder; 22] = [
    hardware("h264_nvenc", Codec::H264, "yuv420p", NVENC),
    hardware("h264_videotoolbox", Codec::H264, "yuv420p", TOOLBOX),
    hardware("h264_qsv", Codec::H264, "nv12", QSV),
    hardware("h264_amf", Codec::H264, "nv12", AMF),
    vaapi("h264_vaapi", Codec::H264, VAAPI),
    software(
        "libx264",
        Codec::H264,
        &["-preset", "medium", "-crf", "19", "-bf", "2", "-g", "120"],
        &["-preset", "veryfast", "-crf", "25", "-bf", "2", "-g", "120"],
    ),
    software("libopenh264", Codec::H264, &["-b:v", "8M"], &["-b:v", "2M"]),
    hardware("hevc_nvenc", Codec::Hevc, "yuv420p", NVENC),
    hardware("hevc_videotoolbox", Codec::Hevc, "yuv420p", TOOLBOX),
    hardware("hevc_qsv", Codec::Hevc, "nv12", QSV),
    hardware("hevc_amf", Codec::Hevc, "nv12", AMF),
    vaapi("hevc_vaapi", Codec::Hevc, VAAPI),
    software(
        "libx265",
        Codec::Hevc,
        &["-preset", "medium", "-crf", "22", "-g", "120", "-x265-params", X265],
        &["-preset", "veryfast", "-crf", "27", "-g", "120", "-x265-params", X265],
    ),
    software(
        "libkvazaar",
        Codec::Hevc,
        &["-kvazaar-params", "qp=24,threads=2"],
        &["-kvazaar-params", "qp=30,threads=2"],
    ),
    hardware("av1_nvenc", Codec::Av1, "yuv420p", NVENC),
    hardware("av1_qsv", Codec::Av1, "nv12", QSV),
    hardware(
        "av1_amf",
        Codec::Av1,
        "nv12",
        &["-quality", "quality", "-rc", "cqp", "-qp_i", "80", "-qp_p", "90", "-g", "120"],
    ),
    vaapi("av1_vaapi", Codec::Av1, VAAPI),
    software(
        "libsvtav1",
        Codec::Av1,
        &["-preset", "7", "-crf", "28", "-g", "120", "-svtav1-params", "lp=2"],
        &["-preset", "11", "-crf", "38", "-g", "120", "-svtav1-params", "lp=2"],
    ),
    software(
        "libaom-av1",
        Codec::Av1,
        &["-cpu-used", "6", "-row-mt", "1", "-crf", "26", "-b:v", "0", "-g", "120"],
        &["-cpu-used", "8", "-row-mt", "1", "-crf", "36", "-b:v", "0", "-g", "120"],
    ),
    software(
        "librav1e",
        Codec::Av1,
        &["-speed", "8", "-qp", "80", "-g", "120"],
        &["-speed", "10", "-qp", "120", "-g", "120"],
    ),
    // Every ffmpeg has it; it stands in for H.264 where there is nothing better.
    software("mpeg4", Codec::H264, &["-q:v", "3"], &["-q:v", "6"]),
];

/// x265 says nothing, and what it writes does not depend on the machine.
const X265: &str = "log-level=none:info=0:pools=2:frame-threads=1";

impl Coder {
    /// Options that come before the input.
    pub(super) fn before(&self) -> &'static [&'static str] {
        self.device
    }

    /// How it encodes in a quality.
    pub(super) fn settings(&self, quality: Quality) -> Vec<&'static str> {
        let set = if quality == Quality::Preview { self.preview } else { self.film };
        let filters: &[&str] = if self.pixels.is_empty() { &UPLOAD } else { &[] };
        let pixels: &[&str] = if self.pixels.is_empty() { &[] } else { &["-pix_fmt", self.pixels] };
        // Always as many threads: what x264 writes depends on their number.
        [filters, &["-c:v", self.name], set, self.codec.tag(), &["-threads", "2"], pixels].concat()
    }
}

/// The encoder for a codec: the first that is there and works; hardware as far as it is allowed.
///
/// # Errors
/// [`RenderError::NoCoder`] when this ffmpeg has none.
pub fn choose(codec: Codec, allowed: Allowed) -> Result<&'static Coder, RenderError> {
    ffmpeg()?;
    let mut fitting = CODERS.iter().filter(|coder| coder.codec == codec && listed(coder));
    let usable = |coder: &&Coder| if coder.hardware { allowed == Allowed::Auto && works(coder) } else { true };
    fitting.find(usable).ok_or_else(|| {
        let known: Vec<&str> =
            CODERS.iter().filter(|coder| coder.codec == codec && !coder.hardware).map(|coder| coder.name).collect();
        RenderError::NoCoder { codec: codec.title(), known: known.join(", ") }
    })
}

/// A hardware encoder that failed is not taken again while the process lives.
pub(super) fn distrust(coder: &Coder) {
    known().insert(coder.name, false);
}

/// The hardware encoders that this ffmpeg lists, and whether each works. Blocks for as long as they take to try.
pub fn hardware_encoders() -> Vec<(&'static str, bool)> {
    CODERS.iter().filter(|coder| coder.hardware && listed(coder)).map(|coder| (coder.name, works(coder))).collect()
}

/// ffmpeg, ready to be told what to do.
pub(super) fn ffmpeg() -> Result<Command, RenderError> {
    let program = program("ffmpeg").map_err(|error| RenderError::Encoder(error.to_string()))?;
    let mut command = Command::new(program);
    // SVT-AV1 otherwise tells its settings where errors are told.
    command.args(["-hide_banner", "-loglevel", "error", "-nostats"]).env("SVT_LOG", "1");
    Ok(command)
}

fn listed(coder: &Coder) -> bool {
    static LISTED: OnceLock<String> = OnceLock::new();
    let listed = LISTED.get_or_init(|| {
        let output = ffmpeg().ok().and_then(|mut command| command.arg("-encoders").stdin(Stdio::null()).output().ok());
        output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
    });
    listed.split_whitespace().any(|word| word == coder.name)
}

fn known() -> std::sync::MutexGuard<'static, HashMap<&'static str, bool>> {
    static KNOWN: OnceLock<Mutex<HashMap<&'static str, bool>>> = OnceLock::new();
    KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether an encoder encodes a few frames here; it is tried once.
fn works(coder: &Coder) -> bool {
    if let Some(works) = known().get(coder.name) {
        return *works;
    }
    let works = encodes(coder);
    tracing::debug!(encoder = coder.name, works, "tried a hardware encoder");
    *known().entry(coder.name).or_insert(works)
}

fn encodes(coder: &Coder) -> bool {
    let Ok(mut command) = ffmpeg() else { return false };
    command.args(coder.before()).args(["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30", "-frames:v", "12"]);
    command.args(coder.settings(Quality::Full)).args(["-f", "null", "-"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    let deadline = Instant::now() + PROBE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(20)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_codec_has_software_and_only_software_where_nothing_else_is_allowed() {
        for codec in Codec::ALL {
            assert_eq!(Codec::of(codec.name()), Some(codec));
            if let Ok(coder) = choose(codec, Allowed::Software) {
                assert!(!coder.hardware && coder.codec == codec, "{coder:?}");
            }
        }
        let names: std::collections::HashSet<_> = CODERS.iter().map(|coder| coder.name).collect();
        assert_eq!(names.len(), CODERS.len());
    }
}

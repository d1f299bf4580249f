//! Where tests find the real media, the family library and the small models that lie outside the project.
//!
//! A test that needs them says so and passes on a stranger's machine; on CI their absence is a failure.

use std::path::{Path, PathBuf};

/// The path of `relative` within the shared test data: the folder in `RECOLLECT_SHARED`, or `../shared` beside the checkout.
///
/// Returns `None`, after printing a line that says what is skipped, when it is absent.
///
/// # Panics
/// When it is absent and the environment has `CI=true`.
pub fn shared(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("RECOLLECT_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{} is absent; CI needs the shared test data",
        path.display()
    );
    eprintln!("SKIPPED: needs {}, and ../shared is absent", path.display());
    None
}

/// Writes two seconds of one colour (as ffmpeg calls it) to `path`, a Matroska file, as a camera of high dynamic range would:
/// with the transfer function `smpte2084` or `arib-std-b67`, in the colours of BT.2020.
///
/// Returns `false`, after printing a line that says so, where ffmpeg is absent or cannot do it.
///
/// # Panics
/// When ffmpeg cannot be started.
pub fn hdr_video(path: &Path, transfer: &str, colour: &str) -> bool {
    let Some(program) = crate::subprocess::find_program("ffmpeg") else {
        eprintln!("SKIPPED: ffmpeg is not installed");
        return false;
    };
    let source = format!("color=c={colour}:s=321x181:r=5:d=2,format=yuv444p");
    let light = format!(
        "zscale=tin=709:pin=709:min=170m:rin=tv:t=linear:p=2020:m=gbr:npl=100,format=gbrpf32le,\
         zscale=m=2020_ncl:t={transfer}:r=tv:npl=100,format=yuv444p10le"
    );
    let mut command = std::process::Command::new(program);
    command.args(["-v", "error", "-f", "lavfi", "-i", &source, "-vf", &light, "-c:v", "ffv1"]);
    command.args(["-color_trc", transfer, "-color_primaries", "bt2020", "-colorspace", "bt2020nc"]);
    let made = command.args(["-color_range", "tv", "-y"]).arg(path).status().unwrap().success();
    if !made {
        eprintln!("SKIPPED: this ffmpeg cannot make videos of high dynamic range");
    }
    made
}

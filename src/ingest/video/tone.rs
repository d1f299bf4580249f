//! Videos of high dynamic range (HDR10, Dolby Vision and HLG as phones record them) brought to the range and colours of
//! ordinary screens, as a part of a chain of ffmpeg's filters.
//!
//! Without it their colours are pale and wrong, because what they wrote is taken for something else. What is about as
//! bright as paper (100 cd/m²) stays as it is; what is brighter, up to 1,000 cd/m², is pressed together above it (the curve
//! `mobius`), so that skies keep their clouds. Needs an ffmpeg that was built with zimg, as nearly all are; with others
//! such videos stay pale.

use std::ffi::OsString;
use std::sync::OnceLock;
use std::time::Duration;

use crate::subprocess::{self, Bounds};

/// For whom frames are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// JPEGs: the matrix of BT.601, full range.
    Jpeg,
    /// Video: the matrix of BT.709, limited range.
    Video,
}

/// Filters, each after a comma, that bring frames with this transfer function (ffprobe's `color_transfer`) to `screen`;
/// empty when there is nothing to do. They come last, when frames are small already.
pub fn to_screen(transfer: Option<&str>, screen: Screen) -> String {
    let Some(transfer) = transfer.filter(|name| matches!(*name, "smpte2084" | "arib-std-b67")) else {
        return String::new();
    };
    if !can_be_mapped() {
        return String::new();
    }
    let end = match screen {
        Screen::Jpeg => "m=170m:r=pc,format=yuvj444p",
        Screen::Video => "m=709:r=tv,format=yuv444p",
    };
    // Without subsampling, frames may have odd sizes.
    format!(
        ",format=yuv444p10le,zscale=tin={transfer}:pin=2020:min=2020_ncl:t=linear:p=709:m=gbr:npl=100,\
         format=gbrpf32le,tonemap=mobius:desat=0:peak=10,zscale=t=709:{end}"
    )
}

/// Whether the installed ffmpeg has the filters.
fn can_be_mapped() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| {
        let bounds = Bounds { time: Duration::from_secs(20), memory: 4 << 30, file: 0, stdout: 1 << 20 };
        let asked = ["-hide_banner", "-filters"].map(OsString::from);
        let Some(program) = subprocess::find_program("ffmpeg") else { return false };
        let told = subprocess::run(&program, &asked, &std::env::temp_dir(), &bounds);
        told.is_ok_and(|told| {
            let told = String::from_utf8_lossy(&told.stdout);
            ["zscale", "tonemap"].iter().all(|name| told.split_whitespace().any(|word| word == *name))
        })
    })
}

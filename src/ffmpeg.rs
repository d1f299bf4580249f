//! How ffmpeg and ffprobe are told to read files that nobody vouches for.
//!
//! What must stay true: they read nothing but the one file they are given (the `file` protocol, and only containers that
//! hold what they play: playlists and scripts such as HLS and concat, which name other files, are not among them). Bounds of
//! time and memory are left to [`crate::subprocess`], what is asked of the programs to those who ask.

use std::ffi::OsString;
use std::path::Path;

/// Containers of videos.
pub const VIDEO: &str =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,mpeg,mpegts,mpegvideo,flv,ogg,dv,mxf,rm,h264,hevc,m4v,ivf,gif";

/// Containers and codecs of sound, those of videos that have any among them.
pub const SOUND: &str = "aac,ac3,aiff,amr,amrnb,amrwb,asf,au,avi,caf,dv,eac3,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,\
                         mj2,mp3,mpeg,mpegts,mxf,ogg,rm,w64,wav,wv";

/// Options that keep a program to the one file and to `containers`; they come before the input.
pub fn confinement(containers: &str) -> Vec<OsString> {
    ["-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file", "-format_whitelist", containers]
        .map(OsString::from)
        .to_vec()
}

/// The input in a form that cannot be taken for another protocol or an option.
///
/// # Errors
/// When the current folder is not there and `path` is relative to it.
pub fn input(path: &Path) -> std::io::Result<OsString> {
    let mut url = OsString::from("file:");
    url.push(std::path::absolute(path)?);
    Ok(url)
}

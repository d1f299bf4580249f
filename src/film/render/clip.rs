//! Frames of a video, decoded by ffmpeg while they are needed, at the film's rate and in its colour space.

use std::ffi::OsString;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use super::frame::Frame;
use crate::ffmpeg;
use crate::film::storyboard::Area;
use crate::ingest::video::{self, Screen, VideoLimits, program, to_screen};
use crate::subprocess::{self, Bounds, Streaming};

/// Decoding a piece of a video takes at most so long.
const LONGEST: Duration = Duration::from_secs(600);

/// A piece of a video. When it ends before it should, its last frame stays.
pub struct Clip {
    stream: Streaming,
    frame: Frame,
    spare: Vec<u8>,
    ended: bool,
    /// The first frame was read when it was opened and has not been asked for yet.
    first: bool,
    /// ffmpeg works there.
    _folder: tempfile::TempDir,
}

impl Clip {
    /// Opens `(from, seconds)` of the video at `path`, cropped to `area` and scaled to `size`, even numbers.
    ///
    /// # Errors
    /// In words, when not even the first frame can be decoded.
    pub fn open(
        path: &Path,
        (from, seconds): (f64, f64),
        area: Area,
        (w, h): (usize, usize),
        rate: u32,
    ) -> Result<Self, String> {
        let words = |error: &dyn std::fmt::Display| error.to_string();
        let folder = tempfile::tempdir().map_err(|error| words(&error))?;
        let mut arguments = ffmpeg::confinement(ffmpeg::VIDEO);
        // What cannot be probed is told when it is decoded.
        let transfer = video::probe(path, &VideoLimits::default()).ok().and_then(|info| info.transfer);
        let tone = to_screen(transfer.as_deref(), Screen::Video);
        let matrix = if tone.is_empty() { ":out_color_matrix=bt709:out_range=tv" } else { "" };
        let filter = format!(
            "fps={rate},scale=iw*sar:ih,setsar=1,crop=w=iw*{:.6}:h=ih*{:.6}:x=iw*{:.6}:y=ih*{:.6},\
             scale={w}:{h}:flags=bicubic{matrix}{tone},format=yuv420p",
            area.w, area.h, area.x, area.y
        );
        let more =
            ["-nostdin", "-threads", "2", "-ss", &format!("{from:.3}"), "-t", &format!("{:.3}", seconds + 0.2), "-i"];
        arguments.extend(more.map(OsString::from));
        arguments.push(ffmpeg::input(path).map_err(|error| words(&error))?);
        let output = ["-map", "0:V:0", "-an", "-sn", "-dn", "-vf", &filter, "-f", "rawvideo", "pipe:1"];
        arguments.extend(output.map(OsString::from));
        let bounds = Bounds { time: LONGEST, memory: 4 << 30, file: 1 << 20, stdout: 0 };
        let program = program("ffmpeg").map_err(|error| words(&error))?;
        let stream = subprocess::stream(&program, &arguments, folder.path(), &bounds).map_err(|error| words(&error))?;
        let mut clip =
            Self { stream, frame: Frame::black(w, h), spare: Vec::new(), ended: false, first: true, _folder: folder };
        clip.read();
        if clip.ended {
            let reason = clip.stream.complaint();
            return Err(reason.unwrap_or_else(|| "no frame could be decoded where the clip begins".to_owned()));
        }
        Ok(clip)
    }

    /// The next frame, the first one first.
    pub fn next_frame(&mut self) -> &Frame {
        if !std::mem::take(&mut self.first) {
            self.read();
        }
        &self.frame
    }

    fn read(&mut self) {
        if self.ended {
            return;
        }
        // A frame that breaks off must not show: what was there before stays.
        self.spare.resize(self.frame.data.len(), 0);
        match self.stream.read_exact(&mut self.spare) {
            Ok(()) => std::mem::swap(&mut self.frame.data, &mut self.spare),
            Err(_) => self.ended = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::hdr_video;

    #[test]
    fn clips_of_high_dynamic_range_keep_their_colours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hlg.mkv");
        if !hdr_video(&path, "arib-std-b67", "0xC03020") {
            return;
        }
        let whole = Area { x: 0.0, y: 0.0, w: 1.0, h: 1.0 };
        let mut clip = Clip::open(&path, (0.0, 1.0), whole, (64, 36), 5).unwrap();
        let frame = &clip.next_frame().data;
        // The same colour in BT.709, limited range.
        let (light, blue, red) = (frame[0], frame[64 * 36], frame[64 * 36 * 5 / 4]);
        let off = [(light, 81), (blue, 105), (red, 188)].map(|(is, wanted): (u8, u8)| is.abs_diff(wanted));
        assert!(off.iter().all(|off| *off < 14), "{light} {blue} {red}");
    }
}

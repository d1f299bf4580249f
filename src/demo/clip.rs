//! The three clips: a still scene with something moving in front of it, drawn frame by frame and piped to ffmpeg.
//!
//! The scene is drawn once; a frame costs only what moves. The product does not depend on this: without ffmpeg the demo
//! library has no clips, and says so.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::draw::animals::{dog_running, gull};
use super::draw::canvas::Canvas;
use super::draw::colour::{Rng, rgb};
use super::draw::land::{hill, light_on_water, peaks, water};
use super::draw::light::{Hour, Light, Weather};
use super::draw::plants::pines;
use super::draw::sky::{firework, sky, sun};
use super::draw::things::BRIGHT;
use super::draw::vehicles::sailboat;
use super::scenes::{feasts, pets};
use super::story::{Spot, spot};
use super::{DemoError, exif, picture, xmp};

/// Width and height in pixels.
const SIZE: (u32, u32) = (1280, 720);
/// Frames a second.
const RATE: u32 = 24;

/// One clip of the story.
pub struct Clip {
    /// Where it lies in the demo library, with `/`.
    pub path: &'static str,
    /// When it was taken: local time and offset, RFC 3339.
    pub when: &'static str,
    /// Where it was taken.
    pub spot: Spot,
    /// The title.
    pub title: &'static str,
    /// The caption.
    pub caption: &'static str,
    /// Keywords.
    pub keywords: &'static [&'static str],
    /// Seconds.
    pub length: u32,
    hour: Hour,
    weather: Weather,
    still: fn(&mut Canvas),
    moving: fn(&mut Canvas, f32),
}

/// The clips.
pub const CLIPS: [Clip; 3] = [
    Clip {
        path: "2021/2021-08 Lake Constance/DSCF1207.MP4",
        when: "2021-08-11T18:52:10+02:00",
        spot: spot(47.68, 9.27, 396),
        title: "Evening on the lake",
        caption: "A sailing boat crosses Lake Constance in the evening light, gulls above it",
        keywords: &["sailing", "boat", "lake", "gulls"],
        length: 5,
        hour: Hour::Golden,
        weather: Weather::Clear,
        still: lake,
        moving: crossing,
    },
    Clip {
        path: "Camera Roll/2024/20240101_000530.mp4",
        when: "2024-01-01T00:05:30+01:00",
        spot: spot(47.992, 7.861, 320),
        title: "New Year's fireworks",
        caption: "Fireworks over Freiburg at midnight on New Year's Eve",
        keywords: &["fireworks", "New Year", "night"],
        length: 4,
        hour: Hour::Night,
        weather: Weather::Clear,
        still: feasts::fireworks_sky,
        moving: rockets,
    },
    Clip {
        path: "Camera Roll/2025/20250118_103455.mp4",
        when: "2025-01-18T10:34:55+01:00",
        spot: spot(47.874, 8.0046, 1280),
        title: "Biscuit loves snow",
        caption: "Biscuit the dog bounds through the snow while it is snowing",
        keywords: &["dog", "snow", "winter"],
        length: 4,
        hour: Hour::Day,
        weather: Weather::Snow,
        still: snowy_field,
        moving: bounding_dog,
    },
];

fn lake(c: &mut Canvas) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.55);
    sun(c, w * 0.7, h * 0.4, h * 0.05);
    peaks(c, h * 0.57, h * 0.24, 7, rgb(0x7a8fb0), 0.34, 0.45);
    hill(c, h * 0.545, h * 0.015, rgb(0x5f8160), 0.35);
    water(c, h * 0.57, h, rgb(0x2b6f9c));
    light_on_water(c, w * 0.7, h * 0.58, h * 0.98);
}

fn crossing(c: &mut Canvas, t: f32) {
    let (w, h) = (c.w, c.h);
    let turn = t * std::f32::consts::TAU;
    for i in 0..40 {
        let (x, y) = (c.rng.between(-0.1, 1.0), c.rng.between(0.6, 1.0));
        let drift = (turn * 1.5 + i as f32).sin();
        c.ellipse(
            w * (x + 0.05 * t),
            h * y,
            w * 0.02 * y * (1.0 + 0.4 * drift),
            1.0 + 2.0 * (y - 0.5),
            c.light.horizon.light(0.4).fade(0.2 + 0.18 * drift),
        );
    }
    for i in 0..5 {
        let (x, y) = (0.1 + 0.17 * i as f32 + 0.16 * t, 0.2 + 0.045 * (i % 3) as f32 + 0.02 * (turn + i as f32).sin());
        gull(c, w * x, h * y, h * (0.055 + 0.018 * (turn * 4.0 + i as f32 * 1.7).sin()));
    }
    let (x, y) = (w * (0.12 + 0.5 * t), h * (0.83 + 0.008 * (turn * 2.0).sin()));
    c.turned(2.4 * (turn * 2.0).sin(), x, y, |c| sailboat(c, x, y, h * 0.46, rgb(0xfbf8f0), rgb(0xfff7ea)));
}

fn rockets(c: &mut Canvas, t: f32) {
    let (w, h) = (c.w, c.h);
    feasts::fireworks_town(c, &[]);
    for (i, (x, y, r, start)) in [
        (0.25, 0.26, 0.26, 0.0),
        (0.68, 0.2, 0.3, 0.14),
        (0.46, 0.36, 0.22, 0.3),
        (0.86, 0.36, 0.2, 0.42),
        (0.14, 0.4, 0.2, 0.52),
        (0.55, 0.2, 0.32, 0.6),
    ]
    .into_iter()
    .enumerate()
    {
        // Each rocket is the same from frame to frame, whichever others are in the air.
        c.rng = Rng::new(i as u64);
        let age = (t - start) / 0.38;
        if (0.0..0.3).contains(&age) {
            let rise = age / 0.3;
            c.line(
                (w * x, h * (0.84 - (0.84 - y) * rise)),
                (w * x, h * (0.88 - (0.84 - y) * rise)),
                3.0,
                rgb(0xffe6a8).fade(0.9),
            );
        } else if (0.3..1.0).contains(&age) {
            let grown = ((age - 0.3) / 0.7).sqrt();
            firework(
                c,
                w * x,
                h * y + h * 0.04 * grown * grown,
                h * r * grown.max(0.08),
                BRIGHT[i].dark(0.75 * ((age - 0.55) / 0.45).max(0.0)),
            );
        }
    }
}

fn snowy_field(c: &mut Canvas) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    hill(c, h * 0.45, h * 0.04, rgb(0xdde8f3), 0.4);
    pines(c, 0.0, w, h * 0.56, h * 0.26, 0.35, true);
    hill(c, h * 0.62, h * 0.03, rgb(0xf2f7fd), 0.0);
}

fn bounding_dog(c: &mut Canvas, t: f32) {
    let (w, h) = (c.w, c.h);
    let hops = t * 6.0;
    let jump = (hops.fract() * std::f32::consts::PI).sin();
    let (x, y) = (w * (-0.1 + 1.25 * t), h * (0.88 - 0.1 * jump));
    c.turned(10.0 * (0.5 - hops.fract()), x, y, |c| dog_running(c, pets::DOG, x, y, h * 0.36));
    for i in 0..18 {
        let (dx, dy) = (c.rng.between(0.0, 0.2), c.rng.between(0.0, 0.1));
        c.disc(
            x - w * (0.04 + dx),
            h * 0.89 - h * dy * (1.0 - jump),
            4.0 + 7.0 * (i % 3) as f32 / 2.0,
            rgb(0xffffff).fade(0.8),
        );
    }
    for _ in 0..150 {
        let (x, y, r) = (c.rng.between(0.0, 1.0), c.rng.between(0.0, 1.0), c.rng.between(1.5, 5.5));
        let fall = (y + t * (0.5 + r * 0.09)).fract();
        c.disc(w * (x + 0.02 * (t * 9.0 + r * 3.0).sin()), h * fall, r, rgb(0xffffff).fade(0.85));
    }
}

/// Draws a clip into `target` (MP4) with `ffmpeg`.
///
/// # Errors
/// [`DemoError::Clip`] with what ffmpeg said when it is not there or fails; [`DemoError::Draw`] when a frame cannot be drawn.
pub fn encode(clip: &Clip, ffmpeg: &OsStr, target: &Path) -> Result<(), DemoError> {
    let wrong = |reason: String| DemoError::Clip { path: clip.path.to_owned(), reason };
    let light = Light::new(clip.hour, clip.weather);
    let mut still = Canvas::new(SIZE.0, SIZE.1, light, 7);
    (clip.still)(&mut still);
    let still = picture::render(&still, clip.path)?;
    let mut child = command(clip, ffmpeg, target).map_err(wrong)?.spawn().map_err(|error| wrong(error.to_string()))?;
    let mut pipe = child.stdin.take().ok_or_else(|| wrong("ffmpeg takes no input".to_owned()))?;
    let frames = clip.length * RATE;
    for frame in 0..frames {
        let mut moving = Canvas::new(SIZE.0, SIZE.1, light, 11);
        (clip.moving)(&mut moving, frame as f32 / frames as f32);
        let mut pixmap = still.clone();
        picture::draw_over(&moving, &mut pixmap, clip.path)?;
        if pipe.write_all(pixmap.data()).is_err() {
            break; // ffmpeg has given up; its words follow
        }
    }
    drop(pipe);
    let output = child.wait_with_output().map_err(|error| wrong(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(wrong(words.lines().last().unwrap_or("ffmpeg failed without a word").to_owned()))
}

fn command(clip: &Clip, ffmpeg: &OsStr, target: &Path) -> Result<Command, String> {
    let listed = Command::new(ffmpeg)
        .args(["-hide_banner", "-encoders"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    let h264 = String::from_utf8_lossy(&listed.stdout).contains(" libx264 ");
    let codec: &[&str] = if h264 { &["libx264", "-preset", "veryfast", "-crf", "24"] } else { &["mpeg4", "-q:v", "4"] };
    let position = format!("{:+08.4}{:+09.4}/", clip.spot.lat, clip.spot.lon); // ISO 6709
    let mut command = Command::new(ffmpeg);
    command
        .args(["-hide_banner", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgba"])
        .args(["-s", &format!("{}x{}", SIZE.0, SIZE.1), "-r", &RATE.to_string(), "-i", "pipe:0", "-an", "-c:v"])
        .args(codec)
        .args([
            "-pix_fmt",
            "yuv420p",
            "-threads",
            "2",
            "-fflags",
            "+bitexact",
            "-flags:v",
            "+bitexact",
            "-movflags",
            "+faststart",
        ])
        .args(["-metadata", &format!("creation_time={}", exif::utc(clip.when)?)])
        .args(["-metadata", &format!("location={position}"), "-metadata", &format!("title={}", clip.title)])
        .args(["-metadata", &format!("comment={}", clip.caption), "-f", "mp4", "-y"])
        .arg(target)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    Ok(command)
}

/// The XMP sidecar of a clip, which holds what an MP4 has no common place for.
pub fn sidecar(clip: &Clip) -> String {
    xmp::packet(&xmp::Subject {
        title: clip.title,
        caption: clip.caption,
        keywords: clip.keywords,
        rating: 3,
        people: Vec::new(),
        regions: Vec::new(),
        size: SIZE,
    })
}

//! A small film from storyboard to file, looked at with ffprobe and ffmpeg.

use std::cell::Cell;
use std::process::Command;

use image::{Rgb, RgbImage};

use super::*;
use crate::film::storyboard::{
    Area, Caption, CaptionPlace, CropPath, Easing, Ending, Format, Mood, Music, Pace, SCHEMA, Section, Shot, Show,
    Transition, TransitionKind,
};
use crate::subprocess::find_program;

struct Stage {
    folder: tempfile::TempDir,
    files: HashMap<MediaId, File>,
}

impl Stage {
    /// Three pictures and a clip with sound; `None` without ffmpeg.
    fn new() -> Option<Self> {
        let Some(ffmpeg) = find_program("ffmpeg") else {
            println!("skipped: ffmpeg is not installed");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let mut stage = Self { folder, files: HashMap::new() };
        for (number, (w, h)) in [(800, 600), (500, 800), (900, 600)].into_iter().enumerate() {
            let path = stage.folder.path().join(format!("{number}.png"));
            let wave = |x: u32, by: u32| (128.0 + 90.0 * (f64::from(x) / f64::from(by)).sin()) as u8;
            let shade = number as u8 * 40;
            RgbImage::from_fn(w, h, |x, y| Rgb([wave(x, 37), wave(y, 23), wave(x + y, 61) / 2 + shade]))
                .save(&path)
                .unwrap();
            stage.add(&path, false, (w, h));
        }
        let clip = stage.folder.path().join("clip.mp4");
        let made = Command::new(ffmpeg)
            .args(["-loglevel", "error", "-f", "lavfi", "-i", "testsrc=s=320x240:r=25:d=4", "-f", "lavfi", "-i"])
            .args(["sine=f=300:d=4", "-pix_fmt", "yuv420p"])
            .arg(&clip)
            .status();
        assert!(made.unwrap().success());
        stage.add(&clip, true, (320, 240));
        Some(stage)
    }

    fn add(&mut self, path: &Path, video: bool, size: (u32, u32)) {
        let hash = blake3::hash(&std::fs::read(path).unwrap()).to_hex().to_string();
        let id: MediaId = format!("01900000-0000-7000-8000-{:012x}", self.files.len()).parse().unwrap();
        self.files.insert(id, File { path: path.to_owned(), hash, video, size });
    }

    fn id(&self, number: usize) -> MediaId {
        format!("01900000-0000-7000-8000-{number:012x}").parse().unwrap()
    }

    fn shot(&self, number: usize, show: Show, kind: TransitionKind, caption: Option<Caption>) -> Shot {
        let transition = Transition { kind, ms: if kind == TransitionKind::Cut { 0 } else { 400 } };
        let (media, reason) = (self.id(number), String::new());
        Shot { media, show, duration_ms: 1500, transition, caption, section: 0, reason, score: 0.5, fixed: false }
    }

    fn board(&self) -> Storyboard {
        let path = |w: f64, h: f64| {
            let to = Area { x: 0.1, y: 0.1, w: w * 0.8, h: h * 0.8 };
            CropPath { from: Area { x: 0.0, y: 0.0, w, h }, to, easing: Easing::Gentle }
        };
        let still = |w: f64, h: f64, fit| Show::Still { path: path(w, h), fit };
        let caption = |place, text: &str| Some(Caption { text: text.to_owned(), small: "2019".to_owned(), place });
        let clip = Show::Clip {
            in_ms: 500,
            out_ms: 2400,
            area: Area { x: 0.0, y: 0.125, w: 1.0, h: 0.75 },
            fit: false,
            sound: true,
        };
        let shots = vec![
            self.shot(0, Show::Card, TransitionKind::Cut, caption(CaptionPlace::Middle, "At the lake")),
            self.shot(0, still(1.0, 0.75, false), TransitionKind::Dissolve, None),
            self.shot(1, still(1.0, 1.0, true), TransitionKind::Wipe, caption(CaptionPlace::Corner, "Evening")),
            self.shot(3, clip, TransitionKind::Push, None),
            self.shot(2, still(1.0, 0.84375, false), TransitionKind::Dip, None),
        ];
        Storyboard {
            schema: SCHEMA,
            title: "At the lake".to_owned(),
            subtitle: String::new(),
            format: Format::Wide,
            pace: Pace::Lively,
            mood: Mood::Happy,
            captions: true,
            wished_ms: 7500,
            life_of: None,
            seed: 3,
            beat_ms: 500.0,
            sections: vec![Section { title: "Lake; #1 = best".to_owned(), subtitle: String::new() }],
            shots,
            music: Music::Made,
            ending: Ending { fade_ms: 500 },
        }
    }

    fn render(&self, board: &Storyboard, told: &dyn Fn(Progress), stop: &Stop) -> Result<Rendered, RenderError> {
        self.render_as(Codec::H264, board, told, stop)
    }

    fn render_as(
        &self,
        codec: Codec,
        board: &Storyboard,
        told: &dyn Fn(Progress),
        stop: &Stop,
    ) -> Result<Rendered, RenderError> {
        let (pieces, output) = (&self.folder.path().join("pieces"), &self.output());
        let (quality, allowed) = (Quality::Preview, Allowed::Software);
        render(&Order { board, files: &self.files, quality, codec, allowed, pieces, output }, told, stop)
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("film.mp4")
    }

    /// What a program says of the film, on both outputs.
    fn look(&self, program: &str, arguments: &[&str]) -> String {
        let arguments: Vec<String> =
            arguments.iter().map(|one| one.replace("FILM", &self.output().display().to_string())).collect();
        let output = Command::new(program).args(arguments).output().unwrap();
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    fn frames_hash(&self) -> String {
        self.look("ffmpeg", &["-v", "error", "-i", "FILM", "-an", "-f", "md5", "-"])
    }
}

#[test]
fn a_small_film_is_as_long_and_as_loud_as_it_should_be_and_nothing_stands_still() {
    let Some(stage) = Stage::new() else { return };
    let last = Cell::new(0);
    let told = |progress: Progress| {
        assert!(progress.done >= last.get() && progress.done <= progress.of);
        last.set(progress.done);
    };
    let rendered = stage.render(&stage.board(), &told, &Stop::default()).unwrap();
    assert_eq!((rendered.frames, rendered.made, rendered.notice, last.get()), (225, 225, None, 225));
    let said = stage.look("ffprobe", &["-v", "error", "-show_streams", "-show_format", "-show_chapters", "FILM"]);
    for fact in [
        "codec_name=h264",
        "codec_name=aac",
        "width=640",
        "height=360",
        "pix_fmt=yuv420p",
        "nb_frames=225",
        "color_space=bt709",
        "TAG:title=At the lake",
        "TAG:title=Lake; #1 = best",
    ] {
        assert!(said.contains(fact), "{fact} is not in {said}");
    }
    let duration =
        said.lines().filter_map(|line| line.strip_prefix("duration=")?.parse::<f64>().ok()).fold(0.0, f64::max);
    assert!((duration - 7.5).abs() < 0.15, "{duration} s");
    let loud =
        stage.look("ffmpeg", &["-hide_banner", "-nostats", "-i", "FILM", "-vn", "-af", "ebur128", "-f", "null", "-"]);
    let integrated = loud.rsplit("I:").next().and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    assert!(integrated.is_some_and(|lufs| (lufs + 14.0).abs() < 1.0), "{integrated:?} LUFS");
    let still = "blackdetect=d=0.6,freezedetect=n=-60dB:d=0.7";
    let seen =
        stage.look("ffmpeg", &["-hide_banner", "-nostats", "-i", "FILM", "-an", "-vf", still, "-f", "null", "-"]);
    assert!(!seen.contains("black_start") && !seen.contains("freeze_start"), "{seen}");
    let pieces = std::fs::read_dir(stage.folder.path().join("pieces")).unwrap().count();
    assert_eq!(pieces, 5, "only pieces are left behind");
}

#[test]
fn one_changed_shot_is_made_anew_with_its_neighbour_and_the_same_film_has_the_same_frames() {
    let Some(stage) = Stage::new() else { return };
    let mut board = stage.board();
    let quiet = |_| {};
    stage.render(&board, &quiet, &Stop::default()).unwrap();
    let first = stage.frames_hash();
    assert_eq!(stage.render(&board, &quiet, &Stop::default()).unwrap().made, 0);
    std::fs::remove_dir_all(stage.folder.path().join("pieces")).unwrap();
    stage.render(&board, &quiet, &Stop::default()).unwrap();
    assert_eq!(stage.frames_hash(), first, "the same storyboard gave other frames");
    board.shots[2].caption = None;
    let again = stage.render(&board, &quiet, &Stop::default()).unwrap();
    assert!(again.made > 0 && again.made <= 2 * 51, "{} frames were made anew", again.made);
    assert_ne!(stage.frames_hash(), first);
}

#[test]
fn a_render_that_is_interrupted_goes_on_and_one_that_is_cancelled_leaves_nothing() {
    let Some(stage) = Stage::new() else { return };
    let (board, stop) = (stage.board(), Stop::default());
    let halfway = |progress: Progress| {
        if progress.done >= 120 {
            stop.interrupt();
        }
    };
    assert!(matches!(stage.render(&board, &halfway, &stop), Err(RenderError::Interrupted)));
    assert!(!stage.output().exists());
    let rest = stage.render(&board, &|_| {}, &Stop::default()).unwrap();
    assert!(rest.made < 200, "{} frames were made again", rest.made);

    std::fs::remove_dir_all(stage.folder.path().join("pieces")).unwrap();
    std::fs::remove_file(stage.output()).unwrap();
    let stop = Stop::default();
    let halfway = |progress: Progress| {
        if progress.done >= 120 {
            stop.cancel();
        }
    };
    assert!(matches!(stage.render(&board, &halfway, &stop), Err(RenderError::Cancelled)));
    let left: Vec<_> =
        std::fs::read_dir(stage.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), stage.files.len(), "{left:?}");
}

#[test]
fn what_cannot_be_read_is_told_with_its_name() {
    let Some(mut stage) = Stage::new() else { return };
    let board = stage.board();
    let broken = stage.folder.path().join("1.png");
    std::fs::write(&broken, b"no picture").unwrap();
    let error = stage.render(&board, &|_| {}, &Stop::default()).unwrap_err().to_string();
    assert!(error.contains("1.png") && error.contains("replace its shot"), "{error}");
    stage.files.remove(&stage.id(2));
    assert!(matches!(stage.render(&board, &|_| {}, &Stop::default()), Err(RenderError::Gone(5))));
    assert!(!stage.output().exists());
}

#[test]
fn every_codec_resumes_is_the_same_again_and_shares_no_piece_with_another() {
    let Some(stage) = Stage::new() else { return };
    let mut board = stage.board();
    board.shots.truncate(3);
    let quiet = |_| {};
    for (codec, name, tag) in [(Codec::Hevc, "hevc", "hvc1"), (Codec::Av1, "av1", "av01")] {
        if let Err(missing) = choose(codec, Allowed::Software) {
            println!("skipped: {missing}");
            continue;
        }
        let stop = Stop::default();
        let halfway = |progress: Progress| {
            if progress.done >= 90 {
                stop.interrupt();
            }
        };
        assert!(matches!(stage.render_as(codec, &board, &halfway, &stop), Err(RenderError::Interrupted)));
        let rest = stage.render_as(codec, &board, &quiet, &Stop::default()).unwrap();
        assert!(rest.frames == 135 && rest.made < 100, "{} frames were made again", rest.made);
        let said = stage.look("ffprobe", &["-v", "error", "-select_streams", "v", "-show_streams", "FILM"]);
        for fact in
            [&format!("codec_name={name}"), &format!("codec_tag_string={tag}"), "nb_frames=135", "pix_fmt=yuv420p"]
        {
            assert!(said.contains(fact), "{fact} is not in {said}");
        }
        let first = stage.frames_hash();
        assert_eq!(stage.render_as(codec, &board, &quiet, &Stop::default()).unwrap().made, 0);
        std::fs::remove_dir_all(stage.folder.path().join("pieces")).unwrap();
        stage.render_as(codec, &board, &quiet, &Stop::default()).unwrap();
        assert_eq!(stage.frames_hash(), first, "the same storyboard gave other frames in {name}");
    }
    assert_eq!(stage.render(&board, &quiet, &Stop::default()).unwrap().made, 135);
}

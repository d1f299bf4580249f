//! Frames of films that ffmpeg makes here: scenes, and files that are long, broken or turned.

use super::*;

fn found(times: &[i64]) -> Found {
    times.iter().map(|at| (*at, std::path::PathBuf::new())).collect()
}

fn times(found: &Found) -> Vec<i64> {
    found.iter().map(|(at, _)| *at).collect()
}

#[test]
fn what_is_left_is_spread_over_the_video() {
    assert_eq!(times(&thin(found(&[0, 100, 5000, 5200, 9000]), 3)), [0, 5000, 9000]);
    assert_eq!(times(&thin(found(&[0, 100]), 0)), [0]);
}

#[test]
fn a_long_time_without_a_frame_is_seen() {
    assert_eq!(widest(&found(&[0, 4000, 5000]), 20.0), 15.0);
    assert_eq!(widest(&found(&[]), 20.0), f64::INFINITY);
}

/// Three scenes of six seconds each, and then one of thirty; `g` is the distance of frames that decode by themselves.
fn film(folder: &Path, g: u32) -> Option<std::path::PathBuf> {
    let path = folder.join("film.mp4");
    let done = std::process::Command::new(crate::ingest::video::program("ffmpeg").ok()?)
        .args(["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=6,format=yuv420p"])
        .args(["-f", "lavfi", "-i", "smptebars=s=320x180:r=10:d=6,format=yuv420p"])
        .args(["-f", "lavfi", "-i", "color=c=gray:s=320x180:r=10:d=30,format=yuv420p"])
        .args(["-filter_complex", "[0][1][2]concat=n=3:v=1", "-c:v", "mpeg4", "-sc_threshold", "1000000000", "-g"])
        .arg(g.to_string())
        .arg(&path)
        .status()
        .ok()?;
    done.success().then_some(path)
}

#[test]
fn each_scene_has_a_frame_and_a_long_one_several() {
    let folder = tempfile::tempdir().unwrap();
    for g in [10, 600] {
        let Some(path) = film(folder.path(), g) else {
            eprintln!("SKIPPED: needs ffmpeg");
            return;
        };
        let (settings, limits) = (KeyframeSettings::default(), VideoLimits::default());
        let frames = keyframes(&path, Some(Duration::from_secs(42)), &settings, &limits).unwrap();
        let at: Vec<i64> = frames.iter().map(|frame| frame.at_ms).collect();
        assert_eq!(at, [0, 6000, 12_000, 22_000, 32_000], "frames every {g}");
        for frame in &frames {
            let picture = image::load_from_memory(&frame.jpeg).unwrap();
            assert_eq!((picture.width(), picture.height()), (320, 180));
        }
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_broken_video_has_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.mp4");
    std::fs::write(&path, b"no video").unwrap();
    let error = keyframes(&path, None, &KeyframeSettings::default(), &VideoLimits::default()).unwrap_err();
    assert!(matches!(error, VideoError::NoFrame(_) | VideoError::DecoderMissing { .. }), "{error:?}");
}

/// A film made by ffmpeg from these arguments; `None` without ffmpeg.
fn made(folder: &Path, name: &str, arguments: &[&str]) -> Option<std::path::PathBuf> {
    let path = folder.join(name);
    let mut command = std::process::Command::new(crate::ingest::video::program("ffmpeg").ok()?);
    let done = command.args(["-v", "error", "-y"]).args(arguments).arg(&path).status().ok()?;
    assert!(done.success(), "{name}");
    Some(path)
}

fn at(path: &Path, duration_s: u64) -> Result<Vec<i64>, VideoError> {
    let (settings, limits) = (KeyframeSettings::default(), VideoLimits::default());
    let frames = keyframes(path, Some(Duration::from_secs(duration_s)), &settings, &limits)?;
    Ok(frames.into_iter().map(|frame| frame.at_ms).collect())
}

#[test]
fn two_hours_have_no_more_frames_than_a_video_may_have_and_they_are_spread_over_it() {
    let folder = tempfile::tempdir().unwrap();
    let clock = "testsrc=s=64x48:r=1/4:d=7200";
    let long = ["-f", "lavfi", "-i", clock, "-pix_fmt", "yuv420p", "-c:v", "mpeg4", "-g", "5"];
    let Some(path) = made(folder.path(), "long.mp4", &long) else {
        eprintln!("SKIPPED: needs ffmpeg");
        return;
    };
    let times = at(&path, 7200).unwrap();
    assert!((30..=60).contains(&times.len()), "{}", times.len());
    assert!(times.last().is_some_and(|last| *last > 6_900_000));
    let widest = times.windows(2).map(|pair| pair[1] - pair[0]).max();
    assert!(widest.is_some_and(|widest| widest <= 300_000), "{widest:?}");
}

#[test]
fn a_film_that_breaks_off_has_the_frames_before_the_break() {
    let folder = tempfile::tempdir().unwrap();
    let film =
        ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=30", "-pix_fmt", "yuv420p", "-c:v", "mpeg4", "-g", "10"];
    // The list of frames stands at the front, as in a download that was cut off.
    let front = [&film[..], &["-movflags", "+faststart"]].concat();
    let Some(path) = made(folder.path(), "cut.mp4", &front) else { return };
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let times = at(&path, 30).unwrap();
    assert!(times.first() == Some(&0) && times.iter().all(|at| *at < 20_000), "{times:?}");
    // Without that list nothing can be read, and that is said.
    let path = made(folder.path(), "lost.mp4", &film).unwrap();
    std::fs::write(&path, &std::fs::read(&path).unwrap()[..20_000]).unwrap();
    assert!(matches!(at(&path, 30), Err(VideoError::NoFrame(_))));
}

#[test]
fn a_recording_of_sound_has_no_frames() {
    let folder = tempfile::tempdir().unwrap();
    let Some(path) = made(folder.path(), "sound.mp4", &["-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac"]) else {
        return;
    };
    assert!(matches!(at(&path, 2), Err(VideoError::NoFrame(_))));
}

#[test]
fn frames_of_a_varying_rate_are_named_by_their_true_time() {
    let folder = tempfile::tempdir().unwrap();
    // Six seconds of ten frames each, then twenty-four of one frame each.
    let rates = "[0][1]concat=n=2:v=1,settb=1/1000";
    let varying = [
        ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=6", "-f", "lavfi", "-i", "smptebars=s=160x120:r=1:d=24"]
            .as_slice(),
        &["-filter_complex", rates, "-enc_time_base", "1:1000", "-vsync", "vfr", "-pix_fmt", "yuv420p"],
        &["-c:v", "mpeg4", "-sc_threshold", "1000000000", "-g", "600"],
    ]
    .concat();
    let Some(path) = made(folder.path(), "varying.mp4", &varying) else { return };
    let times = at(&path, 30).unwrap();
    assert_eq!(times, [0, 6000, 16_000, 26_000]);
}

#[test]
fn frames_of_a_turned_film_are_upright() {
    let Some(path) = crate::fixtures::shared("media/pigallery2/test/backend/assets/video_rotate.mp4") else { return };
    let (settings, limits) = (KeyframeSettings::default(), VideoLimits::default());
    let frames = match keyframes(&path, Some(Duration::from_secs(14)), &settings, &limits) {
        Err(VideoError::DecoderMissing { .. }) => return,
        frames => frames.unwrap(),
    };
    // It lies as 80 × 60 pixels, turned by a quarter.
    let picture = image::load_from_memory(&frames[0].jpeg).unwrap();
    assert_eq!((picture.width(), picture.height()), (60, 80));
}

//! Decoding, with recordings that ffmpeg itself makes.

use std::io::Write as _;
use std::process::Command;

use super::*;

/// A file of two seconds of a 440 Hz tone, or `None` where ffmpeg is missing.
fn tone(folder: &Path, name: &str, codec: &[&str]) -> Option<PathBuf> {
    if subprocess::find_program("ffmpeg").is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs ffmpeg");
        eprintln!("SKIPPED: ffmpeg is not installed");
        return None;
    }
    let path = folder.join(name);
    let made = Command::new("ffmpeg")
        .args([
            "-nostdin",
            "-loglevel",
            "error",
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=44100:duration=2",
        ])
        .args(["-ac", "2"])
        .args(codec)
        .arg(&path)
        .status();
    assert!(made.unwrap().success(), "{name}");
    Some(path)
}

/// How often the wave crosses zero upwards in a second.
fn frequency(recording: &Recording) -> f64 {
    let crossings = recording.samples.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
    crossings as f64 / recording.seconds()
}

#[test]
fn what_browsers_and_phones_record_becomes_the_same_tone() {
    let folder = tempfile::tempdir().unwrap();
    for (name, codec) in [
        ("a.webm", &["-c:a", "libopus"][..]),
        ("a.ogg", &["-c:a", "libopus"]),
        ("a.mp4", &["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]),
        ("late.m4a", &["-c:a", "aac"]),
        ("a.mp3", &["-c:a", "libmp3lame"]),
        ("a.flac", &[]),
        ("a.wav", &[]),
    ] {
        let Some(path) = tone(folder.path(), name, codec) else { return };
        let recording = decode_file(&path, &AudioLimits::default()).unwrap();
        assert!((recording.seconds() - 2.0).abs() < 0.12, "{name}: {} s", recording.seconds());
        assert!((frequency(&recording) - 440.0).abs() < 25.0, "{name}: {} Hz", frequency(&recording));
        let loudest = recording.samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!((2000..16000).contains(&loudest), "{name}: {loudest}");
    }
}

#[test]
fn our_own_wav_needs_no_decoder_and_comes_back_exactly() {
    let recording = Recording { samples: (0..5000).map(|n| (n * 37 % 20011 - 10000) as i16).collect() };
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&recording.to_wav()).unwrap();
    let bytes = file.metadata().unwrap().len();
    assert_eq!(read_own_wav(&mut file, bytes).unwrap().unwrap(), recording);
    assert_eq!(decode(file, &AudioLimits::default()).unwrap(), recording);
}

#[test]
fn ffmpeg_reads_our_wav_alike() {
    let folder = tempfile::tempdir().unwrap();
    let Some(path) = tone(folder.path(), "a.wav", &["-ar", "16000", "-ac", "1"]) else { return };
    let recording = decode_file(&path, &AudioLimits::default()).unwrap();
    let own = folder.path().join("own.wav");
    std::fs::write(&own, recording.to_wav()).unwrap();
    assert_eq!(
        run_ffmpeg(File::open(&own).unwrap(), Duration::ZERO, Duration::from_secs(9), &AudioLimits::default()).unwrap(),
        recording
    );
}

#[test]
fn a_recording_that_breaks_off_gives_what_came_before() {
    let folder = tempfile::tempdir().unwrap();
    let Some(path) = tone(folder.path(), "a.webm", &["-c:a", "libopus", "-live", "1"]) else { return };
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let seconds = decode_file(&path, &AudioLimits::default()).unwrap().seconds();
    assert!((0.4..1.6).contains(&seconds), "{seconds}");
}

#[test]
fn limits_hold() {
    let folder = tempfile::tempdir().unwrap();
    let Some(path) = tone(folder.path(), "a.mp3", &[]) else { return };
    let short = AudioLimits { max_length: Duration::from_secs(1), ..AudioLimits::default() };
    assert!(matches!(decode_file(&path, &short), Err(AudioError::TooLong(_))));
    let small = AudioLimits { max_bytes: 100, ..AudioLimits::default() };
    assert!(matches!(decode_file(&path, &small), Err(AudioError::TooLarge { limit: 100, .. })));
    let hasty = AudioLimits { max_time: Duration::ZERO, ..AudioLimits::default() };
    assert!(matches!(decode_file(&path, &hasty), Err(AudioError::TimedOut(_))));
}

#[test]
fn what_is_no_recording_ends_in_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let limits = AudioLimits::default();
    let path = folder.path().join("x");
    assert_eq!(decode_file(&path, &limits).unwrap_err().code(), "unreadable");
    std::fs::write(&path, "").unwrap();
    assert_eq!(decode_file(&path, &limits).unwrap_err().code(), "empty_file");
    let Some(sound) = tone(folder.path(), "a.wav", &[]) else { return };
    let listed = format!("#EXTM3U\n#EXTINF:2,\n{}\n", sound.display());
    for (content, name) in [(&b"hello, this is no sound"[..], "text"), (listed.as_bytes(), "playlist")] {
        std::fs::write(&path, content).unwrap();
        let error = decode_file(&path, &limits).unwrap_err();
        assert_eq!(error.code(), "damaged", "{name}: {error}");
        assert!(!error.to_string().contains("/dev/fd"), "{error}");
    }
    // A file without a name that breaks off within its header.
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"RIFF\0\0\0\0WAVEfmt ").unwrap();
    assert!(matches!(decode(file, &limits).unwrap_err().code(), "damaged" | "no_sound"));
}

#[test]
fn a_film_without_sound_says_so() {
    let folder = tempfile::tempdir().unwrap();
    if tone(folder.path(), "a.wav", &[]).is_none() {
        return;
    }
    let path = folder.path().join("silent.mp4");
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "color=size=64x64:duration=1", "-an"])
        .arg(&path)
        .status();
    assert!(made.unwrap().success());
    assert_eq!(decode_file(&path, &AudioLimits::default()).unwrap_err().code(), "no_sound");
}

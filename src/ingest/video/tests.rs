//! Reports of ffprobe, real videos of several makers, and motion photos.

use super::probe::read_report;
use super::*;
use crate::fixtures::{hdr_video, shared};

fn report(stream: &str, tags: &str) -> Result<VideoInfo, VideoError> {
    let json = format!(
        r#"{{"streams":[{{"codec_type":"video","codec_name":"h264","width":1920,"height":1080{stream}}},{{"codec_type":"audio"}}],
            "format":{{"format_name":"mov,mp4","duration":"12.5","tags":{{{tags}}}}}}}"#
    );
    read_report(json.as_bytes())
}

#[test]
fn rotation_turns_the_size_whichever_way_it_is_written() {
    let matrix = report(r#","side_data_list":[{"side_data_type":"Display Matrix","rotation":-90}]"#, "").unwrap();
    assert_eq!((matrix.width, matrix.height, matrix.rotation), (1080, 1920, 90));
    let tag = report(r#","tags":{"rotate":"270"}"#, "").unwrap();
    assert_eq!((tag.width, tag.height, tag.rotation), (1080, 1920, 270));
    let wide = report(r#","sample_aspect_ratio":"4:3""#, "").unwrap();
    assert_eq!((wide.width, wide.height, wide.rotation), (2560, 1080, 0));
}

#[test]
fn times_and_places_are_read_and_zeros_are_none() {
    let tags = r#""creation_time":"2019-06-08T23:40:10.000000Z","com.apple.quicktime.creationdate":"2019-06-09T09:40:10+1000",
        "com.apple.quicktime.location.ISO6709":"-33.570+151.210+10.000/","com.apple.quicktime.make":"Apple""#;
    let info = report("", tags).unwrap();
    assert_eq!(info.created.unwrap().to_string(), "2019-06-08T23:40:10Z");
    let (local, offset) = info.created_local.unwrap();
    assert_eq!((local.to_string().as_str(), offset.seconds()), ("2019-06-09T09:40:10", 36_000));
    assert_eq!(info.position, Some(Position { latitude: -33.57, longitude: 151.21, altitude: Some(10.0) }));
    assert_eq!(info.tags["com.apple.quicktime.make"], "Apple");
    assert!(info.has_audio);
    let zero = report("", r#""creation_time":"1904-01-01T00:00:00.000000Z","location":"+00.0000+000.0000/""#).unwrap();
    assert_eq!((zero.created, zero.position), (None, None));
}

#[test]
fn positions_come_in_degrees_minutes_and_seconds() {
    let close = |text: &str, latitude: f64, longitude: f64| {
        let position = parse_position(text).unwrap();
        assert!(
            (position.latitude - latitude).abs() < 1e-6 && (position.longitude - longitude).abs() < 1e-6,
            "{text}: {position:?}"
        );
    };
    close("+27.5916+086.5640+8850CRSWGS_84/", 27.5916, 86.564);
    close("+4012.22-07500.25/", 40.203_666_7, -75.004_166_7);
    close("+401213.1-0750015.1/", 40.203_638_9, -75.004_194_4);
    for wrong in ["", "/", "+95.0+000.1/", "12.3+4.5/", "+1.0", "+é+1", "+1.0+200.0/"] {
        assert_eq!(parse_position(wrong), None, "{wrong}");
    }
}

#[test]
fn a_sound_recording_with_a_cover_is_no_video() {
    let json = br#"{"streams":[{"codec_type":"audio"},{"codec_type":"video","width":5,"height":5,"disposition":{"attached_pic":1}}],"format":{}}"#;
    assert!(matches!(read_report(json), Err(VideoError::NoVideo)));
}

#[test]
fn real_videos_tell_size_duration_and_give_a_poster() {
    let Some(root) = shared("media") else { return };
    let limits = VideoLimits::default();
    for (path, size, seconds) in [
        ("pigallery2/test/backend/assets/video_rotate.mp4", (60, 80), 13.667),
        ("photoprism/pkg/media/video/testdata/quicktime-hvc1.mov", (720, 1280), 1.167),
        ("photoview/api/scanner/test_media/real_media/mkv.mkv", (560, 320), 5.57),
        ("photoview/api/scanner/test_media/real_media/webm.webm", (640, 360), 10.5),
        ("photoprism/assets/examples/earth.avi", (480, 270), 30.61),
        ("photoprism/pkg/media/video/testdata/isom-avc1.mp4", (320, 180), 1.024),
    ] {
        let path = root.join(path);
        let info = match probe(&path, &limits) {
            Err(VideoError::DecoderMissing { .. }) => return eprintln!("SKIPPED: ffmpeg is not installed"),
            other => other.unwrap(),
        };
        assert_eq!((info.width, info.height), size, "{}", path.display());
        assert!((info.duration_s.unwrap() - seconds).abs() < 0.1, "{}", path.display());
        let poster = poster_frame(&path, &info, &limits).unwrap();
        let (width, height) = poster.image.dimensions();
        assert_eq!(width > height, size.0 > size.1, "{} lies or stands", path.display());
        let brightest = poster.image.as_raw().iter().max().copied();
        assert!(brightest > Some(60), "{} shows black", path.display());
    }
}

#[test]
fn broken_videos_end_in_a_reason() {
    let Some(root) = shared("media") else { return };
    if subprocess::find_program("ffprobe").is_none() {
        return eprintln!("SKIPPED: ffmpeg is not installed");
    }
    let empty = root.join("photoprism/internal/photoprism/testdata/2018-04-12 19_24_49.mov");
    assert_eq!(probe(&empty, &VideoLimits::default()).unwrap_err().code(), "empty_file");
    for entry in std::fs::read_dir(root.join("mei-fuzz")).unwrap().take(12) {
        let path = entry.unwrap().path();
        let result =
            probe(&path, &VideoLimits::default()).and_then(|info| poster_frame(&path, &info, &VideoLimits::default()));
        assert!(result.is_err(), "{}", path.display());
    }
}

#[test]
fn the_moving_part_is_cut_out_where_a_video_starts_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let video = [&b"\0\0\0\x18ftypmp42\0\0\0\0isommp42"[..], &[5; 500]].concat();
    let photo = folder.path().join("photo.jpg");
    std::fs::write(&photo, [&[0xFF, 0xD8, 0xFF, 0xD9, 1, 2][..], &video].concat()).unwrap();
    let part = find_motion_part(&photo, 6, video.len() as u64).unwrap();
    assert_eq!(MotionPart::search(&photo).unwrap(), part);
    let cut = folder.path().join("cut/motion.mp4");
    cut_motion_part(&photo, part, &cut).unwrap();
    assert_eq!(std::fs::read(cut).unwrap(), video);
    assert!(find_motion_part(&photo, 0, 300).is_err());
    assert!(find_motion_part(&photo, 6, 9999).is_err());
    assert!(find_motion_part(&photo, u64::MAX, 5).is_err());
}

#[test]
fn what_is_broken_is_said_in_plain_words() {
    let said = in_plain_words;
    assert_eq!(
        said("[mov,mp4,m4a,3gp,3g2,mj2 @ 0x5601173ef2c0] Multiple mdhd?"),
        "it is damaged (ffmpeg: Multiple mdhd)"
    );
    let cut = said("[mov,mp4,m4a,3gp,3g2,mj2 @ 0x55d0] moov atom not found");
    assert!(cut.starts_with("its table of contents is missing") && !cut.contains("0x"), "{cut}");
    assert_eq!(said("exit status: 1"), "it is damaged (ffmpeg: exit status: 1)");
}

#[test]
fn high_dynamic_range_keeps_its_colours() {
    let folder = tempfile::tempdir().unwrap();
    let limits = VideoLimits::default();
    for (transfer, colour, wanted) in
        [("arib-std-b67", "0xC03020", [192, 48, 32]), ("smpte2084", "0x2050B0", [32, 80, 176])]
    {
        let path = folder.path().join(format!("{transfer}.mkv"));
        if !hdr_video(&path, transfer, colour) {
            return;
        }
        let info = probe(&path, &limits).unwrap();
        assert_eq!(info.transfer.as_deref(), Some(transfer));
        let frames = keyframes(&path, None, &KeyframeSettings::default(), &limits).unwrap();
        let frame = image::load_from_memory(&frames[0].jpeg).unwrap().to_rgb8();
        for picture in [poster_frame(&path, &info, &limits).unwrap().image, frame] {
            assert_eq!(picture.dimensions(), (321, 181), "odd as it is");
            let pixel = picture.get_pixel(160, 90).0;
            let off = pixel.iter().zip(wanted).map(|(is, wanted)| is.abs_diff(wanted)).max();
            assert!(off < Some(16), "{transfer}: {pixel:?} in place of {wanted:?}");
        }
    }
}

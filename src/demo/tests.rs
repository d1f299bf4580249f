//! The demo library as a whole: what lies in the folder, how often it is made, and what its files say.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use super::{CLIPS, MARK, Progress, create_with, picture, story};

const NO_FFMPEG: &str = "no-such-program-as-ffmpeg";

fn make(folder: &Path) -> super::DemoSummary {
    create_with(folder, OsStr::new(NO_FFMPEG), |_| ()).expect("the demo library")
}

/// Every file below a folder with its content.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn a_library_is_complete_reports_each_file_and_stays_as_its_owner_left_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = Mutex::new(Vec::new());
    let summary =
        create_with(folder.path(), OsStr::new(NO_FFMPEG), |p: Progress| told.lock().expect("no panic").push(p.done))
            .expect("made");
    let made = files(folder.path());
    let pictures: Vec<_> = made.keys().filter(|name| name.to_lowercase().ends_with(".jpg")).collect();
    assert_eq!(pictures.len(), summary.pictures);
    assert_eq!(summary.written, summary.pictures);
    assert!(made.keys().all(|name| !name.ends_with(".part")), "nothing unfinished stays behind");
    let bytes: usize = made.values().map(Vec::len).sum();
    assert!(bytes < 25_000_000, "{bytes} bytes");
    let mut told = told.into_inner().expect("no panic");
    told.sort_unstable();
    assert_eq!(told, (1..=summary.pictures).collect::<Vec<_>>());
    assert_eq!(summary.clips, 0);
    assert!(summary.notice.expect("a notice").contains("ffmpeg"));

    // Its owner throws one away and edits another: both stay so.
    let (gone, edited) = (folder.path().join(pictures[0]), folder.path().join(pictures[1]));
    fs::remove_file(&gone).expect("removed");
    fs::write(&edited, b"mine").expect("edited");
    assert_eq!(make(folder.path()).written, 0);
    assert!(!gone.exists());
    assert_eq!(fs::read(&edited).expect("a file"), b"mine");

    // Interrupted before the mark was set: what is missing comes again, byte for byte, what is there is kept.
    fs::remove_file(folder.path().join(MARK)).expect("unmarked");
    let part = gone.with_file_name(format!(".{}.part", gone.file_name().expect("a name").to_string_lossy()));
    fs::write(&part, b"half a pict").expect("a leftover");
    assert_eq!(make(folder.path()).written, 1);
    assert_eq!(fs::read(&gone).expect("drawn again"), made[pictures[0].as_str()]);
    assert_eq!(fs::read(&edited).expect("a file"), b"mine");
    assert!(!part.exists());
}

#[test]
fn the_metadata_of_a_picture_reads_back() {
    let all = story::moments();
    let beach = all.iter().find(|m| m.path.ends_with("DSCF3036.JPG")).expect("the cabins of Reine");
    let file = picture::jpeg(beach).expect("a picture");
    assert_eq!(file, picture::jpeg(beach).expect("a picture"), "the same bytes every time");
    let decoded = image::load_from_memory(&file).expect("a JPEG");
    assert_eq!((decoded.width(), decoded.height()), beach.size);
    let exif =
        little_exif::metadata::Metadata::new_from_vec(&file, little_exif::filetype::FileExtension::JPEG).expect("EXIF");
    let text = format!("{:?}", (&exif).into_iter().collect::<Vec<_>>());
    for wanted in ["2023:07:11 10:02:33", "+02:00", "FUJIFILM", "X-T30", "GPSLatitude"] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    let raw = String::from_utf8_lossy(&file);
    let packet =
        &raw[raw.find("<x:xmpmeta").expect("XMP")..raw.find("</x:xmpmeta>").expect("its end") + "</x:xmpmeta>".len()];
    let xmp = roxmltree::Document::parse(packet).expect("well-formed");
    let names: Vec<_> = xmp.descendants().filter(|n| n.tag_name().name() == "Name").filter_map(|n| n.text()).collect();
    assert_eq!(names.len(), beach.cast.len());
    for area in xmp.descendants().filter(|n| n.tag_name().name() == "Area") {
        for attribute in area.attributes().filter(|a| a.name() != "unit") {
            assert!((0.0..=1.0).contains(&attribute.value().parse::<f32>().expect("a number")), "{attribute:?}");
        }
    }
}

#[test]
fn a_picture_on_its_side_is_stored_across_its_displayed_shape() {
    let all = story::moments();
    let moment = all.iter().find(|m| m.sideways).expect("one of them");
    let decoded = image::load_from_memory(&picture::jpeg(moment).expect("a picture")).expect("a JPEG");
    assert_eq!((decoded.height(), decoded.width()), moment.size);
}

#[test]
fn clips_are_made_where_ffmpeg_is_and_added_later_where_it_was_not() {
    if std::process::Command::new("ffmpeg").arg("-version").output().is_err() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "ffmpeg is absent");
        eprintln!("SKIPPED: needs ffmpeg");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(MARK), "1\n").expect("pictures are there, clips are not");
    let summary = create_with(folder.path(), OsStr::new("ffmpeg"), |_| ()).expect("made");
    assert_eq!((summary.clips, summary.written, summary.notice), (3, 3, None));
    for clip in &CLIPS {
        let file = fs::read(folder.path().join(clip.path)).expect("a clip");
        assert_eq!(&file[4..8], b"ftyp", "{}", clip.path);
        let sidecar = fs::read_to_string(folder.path().join(format!("{}.xmp", clip.path))).expect("a sidecar");
        assert!(sidecar.contains(clip.title.replace('&', "&amp;").as_str()));
    }
    assert_eq!(create_with(folder.path(), OsStr::new("ffmpeg"), |_| ()).expect("kept").written, 0);
}

//! Sharing end to end: files read as any others, shared in every form, and read again.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use image::{Rgb, RgbImage};
use tempfile::TempDir;

use super::gather::{Item, gather};
use super::{Course, Form, Kept, ShareError, Shared, Sharing, Wish};
use crate::ingest::metadata::{self, Limits};
use crate::ingest::picture::{self, DecodeLimits};
use crate::ingest::read::{ReadSettings, Reader};
use crate::ingest::video::VideoLimits;
use crate::library::media::{NewMedium, Ordering, SeenFile};
use crate::library::{Library, MediaFilter, MediaId};
use crate::xmp::{Packet, Region};

const HOSTILE: &str = "</script><img src=x onerror=alert(1)> \u{202e}& \"quotes\" 'n' ../../x";

/// A folder of pictures, and what is made of them.
struct Desk {
    dir: TempDir,
    library: Library,
}

fn seen(path: &Path) -> SeenFile {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let about = path.metadata().unwrap();
    SeenFile {
        path: text(path),
        folder: text(path.parent().unwrap()),
        name: text(Path::new(path.file_name().unwrap())),
        bytes: about.len() as i64,
        modified_ns: 1,
        sidecars: String::new(),
    }
}

/// A picture of the size as it is stored, with an orientation and what a sidecar says.
fn picture(path: &Path, (width, height): (u32, u32), orientation: u8, said: Option<&Packet<'_>>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let seed = path.to_string_lossy().len() as u32;
    let image = RgbImage::from_fn(width, height, |x, y| Rgb([(x + seed) as u8, (y * 2) as u8, (x * y / 64) as u8]));
    let mut bytes = picture::encode_jpeg(&image, None, 90).unwrap();
    // EXIF with the one tag 0x0112, behind the first marker.
    let mut exif = b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    bytes.splice(2..2, exif);
    std::fs::write(path, bytes).unwrap();
    if let Some(said) = said {
        std::fs::write(path.with_extension("xmp"), said.written()).unwrap();
    }
}

impl Desk {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
        Self { dir, library }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn read(&self, path: &Path) -> NewMedium {
        let settings = ReadSettings {
            thumbnails: self.path("thumbnails"),
            pictures: DecodeLimits::default(),
            videos: VideoLimits::default(),
        };
        Reader::new(settings).read(&seen(path), path.parent().unwrap()).unwrap()
    }

    /// Takes files into the library.
    async fn take(&self, paths: &[&Path]) {
        for path in paths {
            self.library.store_medium(&seen(path), &self.read(path)).await.unwrap();
        }
    }

    async fn items(&self) -> Vec<Item> {
        let ids = self.library.select(&MediaFilter::default(), Ordering::Newest, None).await.unwrap();
        gather(&self.library, &ids).await.unwrap()
    }

    async fn sharing(&self, wish: Wish) -> Sharing {
        let order = wish.order(HOSTILE).unwrap();
        Sharing::of(order, self.items().await, &self.alike().await, self.path("thumbnails"))
    }

    async fn alike(&self) -> HashMap<MediaId, Vec<String>> {
        let ids = self.library.select(&MediaFilter::default(), Ordering::Newest, None).await.unwrap();
        self.library.alike(&ids).await.unwrap()
    }

    async fn make(&self, wish: Wish, name: &str) -> Result<Shared, ShareError> {
        let stop = AtomicBool::new(false);
        self.sharing(wish).await.to_path(&self.path(name), &Course { told: &|_, _| {}, stop: &stop })
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| !name.starts_with("recollect.db") && name != "thumbnails");
        names.sort();
        names
    }
}

fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn said() -> Packet<'static> {
    Packet {
        creator: "test",
        title: "Sisters & <brothers>",
        description: "First line\nsecond „Zeile“ 東京",
        keywords: vec!["Äpfel", "a;b", "boat"],
        rating: Some(4),
        people: vec!["Ida", "Nobody Drawn"],
        regions: vec![
            Region { name: "Ida", pet: false, area: [0.3, 0.25, 0.2, 0.1] },
            Region { name: "Rex", pet: true, area: [0.8, 0.7, 0.1, 0.2] },
        ],
        taken: Some("2019-07-09T14:30:05+02:00".to_owned()),
        position: Some((-33.8567, 151.2153, Some(-3.25))),
        ..Packet::default()
    }
}

#[tokio::test]
async fn shared_files_say_the_same_when_they_are_read_again() {
    let desk = Desk::new().await;
    let turned = desk.path("in/turned.jpg");
    let vague = desk.path("in/vague.jpg");
    picture(&turned, (320, 240), 6, Some(&said()));
    let only_month = Packet { creator: "test", taken: Some("1934-05".to_owned()), ..Packet::default() };
    picture(&vague, (200, 200), 1, Some(&only_month));
    desk.take(&[&turned, &vague]).await;
    desk.library.add_tags(&[desk.items().await[1].medium.id], &["My own".to_owned()]).await.unwrap();

    let shared = desk.make(Wish::of(Form::Folder), "out").await.unwrap();
    assert_eq!((shared.media, shared.left_out.len()), (2, 0));
    let out = desk.path("out");
    assert_eq!(files_in(&out), ["turned.jpg", "turned.jpg.xmp", "vague.jpg", "vague.jpg.xmp"]);
    assert_eq!(std::fs::read(&turned).unwrap(), std::fs::read(out.join("turned.jpg")).unwrap());

    let (before, after) = (desk.read(&turned), desk.read(&out.join("turned.jpg")));
    assert_eq!(after.size, Some((240, 320)), "upright");
    assert_eq!((&after.title, &after.description, after.rating), (&before.title, &before.description, before.rating));
    let taken = |medium: &NewMedium| medium.taken.as_ref().map(|t| (t.local, t.precision, t.offset_minutes, t.instant));
    assert_eq!(taken(&after), taken(&before));
    assert_eq!(taken(&after).unwrap().2, Some(120));
    let ((lat, lon, high), (lat_was, lon_was, high_was)) = (after.position.unwrap(), before.position.unwrap());
    assert!((lat - lat_was).abs() < 1e-7 && (lon - lon_was).abs() < 1e-7 && high == high_was, "{lat} {lon} {high:?}");
    let mut tags: Vec<&str> = after.tags.iter().map(|(tag, _)| tag.as_str()).collect();
    tags.sort_unstable();
    assert_eq!(tags, ["My own", "a;b", "boat", "Äpfel"]);
    let people = |medium: &NewMedium| {
        let round = |edge: f64| (edge * 1e4).round() as i64;
        let mut people: Vec<_> =
            medium.people.iter().map(|p| (p.name.clone(), p.pet, p.area.map(|area| area.map(round)))).collect();
        people.sort();
        people
    };
    assert_eq!(people(&after), people(&before));
    assert_eq!(people(&after).len(), 3);

    let month = desk.read(&out.join("vague.jpg"));
    assert_eq!(
        month.taken.map(|t| (t.local.to_string(), t.precision)),
        Some(("1934-05-01T00:00:00".to_owned(), "month"))
    );
}

#[tokio::test]
async fn a_zip_holds_files_as_they_are_and_says_what_is_missing() {
    let desk = Desk::new().await;
    let paths = ["in/a/IMG.jpg", "in/b/img.JPG", "in/c/gone.jpg", "in/d/con.jpg"].map(|name| desk.path(name));
    for (at, path) in paths.iter().enumerate() {
        picture(path, (100 + at as u32, 80), 1, None);
    }
    desk.take(&paths.each_ref().map(PathBuf::as_path)).await;
    std::fs::remove_file(&paths[2]).unwrap();

    let shared = desk.make(Wish::of(Form::Zip), "out.zip").await.unwrap();
    assert_eq!(shared.media, 3);
    assert_eq!(shared.left_out.iter().map(|left| left.name.as_str()).collect::<Vec<_>>(), ["gone.jpg"]);
    let mut streamed = Vec::new();
    let stop = AtomicBool::new(false);
    let sharing = desk.sharing(Wish::of(Form::Zip)).await;
    assert_eq!(sharing.to_stream(&mut streamed, &Course { told: &|_, _| {}, stop: &stop }).unwrap(), shared);
    std::fs::write(desk.path("streamed.zip"), streamed).unwrap();

    for name in ["out.zip", "streamed.zip"] {
        let mut archive = zip::ZipArchive::new(File::open(desk.path(name)).unwrap()).unwrap();
        let mut names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        let top = names[0].split('/').next().unwrap().to_owned();
        assert!(names.iter().all(|name| name.split('/').count() == 2 && name.starts_with(&top)), "{names:?}");
        assert!(!top.contains(['<', '"', '\u{202e}']) && !top.starts_with('.'), "{top}");
        for name in &mut names {
            *name = name.split_off(top.len() + 1);
        }
        names.sort();
        let wanted =
            ["IMG.jpg", "IMG.jpg.xmp", "_con.jpg", "_con.jpg.xmp", "img (2).JPG", "img (2).JPG.xmp", "left-out.txt"];
        assert_eq!(names, wanted, "{name}");
        let mut entry = archive.by_name(&format!("{top}/IMG.jpg")).unwrap();
        assert_eq!(entry.compression(), zip::CompressionMethod::Stored);
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, std::fs::read(&paths[0]).unwrap());
        drop(entry);
        let mut list = String::new();
        archive.by_name(&format!("{top}/left-out.txt")).unwrap().read_to_string(&mut list).unwrap();
        assert!(list.starts_with("gone.jpg: the file is not there any more"), "{list}");
    }
}

#[tokio::test]
async fn copies_say_nothing_but_what_they_show() {
    let desk = Desk::new().await;
    let path = desk.path("in/turned.jpg");
    picture(&path, (640, 400), 6, Some(&said()));
    desk.take(&[&path]).await;
    let wish = Wish { pictures: Some(Kept::Copies), size: Some(300), ..Wish::of(Form::Folder) };
    desk.make(wish, "bare").await.unwrap();
    assert_eq!(files_in(&desk.path("bare")), ["turned.jpg"]);
    let bare = desk.path("bare/turned.jpg");
    let read = metadata::read(&bare, &Limits::default()).unwrap();
    assert!(read.position.is_none() && read.orientation.is_none() && read.people.is_empty(), "{read:?}");
    let bytes = std::fs::read(&bare).unwrap();
    assert!(!bytes.windows(4).any(|part| part == b"Exif"));
    let (width, height) = image::image_dimensions(bare).unwrap();
    assert!((187..=188).contains(&width) && height == 300, "upright and reduced: {width} × {height}");

    desk.make(Wish { sidecars: Some(true), ..wish }, "told").await.unwrap();
    let told = desk.read(&desk.path("told/turned.jpg"));
    assert_eq!((told.title.as_deref(), told.position), (Some("Sisters & <brothers>"), None));
    assert!(told.place.is_none());
    // Faces are where they are seen, now that the picture itself is upright.
    let ida = told.people.iter().find(|person| person.name == "Ida").unwrap().area.unwrap();
    let was = desk.read(&path).people.into_iter().find(|person| person.name == "Ida").unwrap().area.unwrap();
    assert!(ida.iter().zip(was).all(|(is, was)| (is - was).abs() < 1e-4), "{ida:?} {was:?}");
    desk.make(Wish { sidecars: Some(true), location: Some(true), ..wish }, "placed").await.unwrap();
    assert!(desk.read(&desk.path("placed/turned.jpg")).position.is_some());
}

#[tokio::test]
async fn what_is_stopped_or_in_the_way_leaves_nothing() {
    let desk = Desk::new().await;
    let path = desk.path("in/a.jpg");
    picture(&path, (64, 64), 1, None);
    desk.take(&[&path]).await;
    let stop = AtomicBool::new(true);
    for (form, name) in
        [(Form::Folder, "f"), (Form::Zip, "f.zip"), (Form::Page, "p"), (Form::Sheet, "s.pdf"), (Form::Book, "b.pdf")]
    {
        let sharing = desk.sharing(Wish::of(form)).await;
        let course = Course { told: &|_, _| {}, stop: &stop };
        let stopped = sharing.to_path(&desk.path(name), &course);
        assert!(matches!(stopped, Err(ShareError::Stopped)), "{form:?}: {stopped:?}");
        // Nor does a stream that broke off look like a whole archive.
        let mut bytes = Vec::new();
        assert!(sharing.to_stream(&mut bytes, &course).is_err());
        assert!(zip::ZipArchive::new(std::io::Cursor::new(bytes)).is_err());
    }
    assert_eq!(desk.names(), ["in"]);
    std::fs::write(desk.path("taken.pdf"), "mine").unwrap();
    assert!(matches!(desk.make(Wish::of(Form::Sheet), "taken.pdf").await, Err(ShareError::There(_))));
    assert_eq!(std::fs::read(desk.path("taken.pdf")).unwrap(), b"mine");
    assert!(matches!(desk.make(Wish::of(Form::Folder), "in").await, Err(ShareError::There(_))));
}

#[tokio::test]
async fn no_text_becomes_markup_on_a_page() {
    let desk = Desk::new().await;
    let path = desk.path("in/a.jpg");
    let hostile = Packet { title: HOSTILE, description: "-->\n</title><svg onload=alert(1)>", ..said() };
    picture(&path, (320, 200), 1, Some(&hostile));
    desk.take(&[&path]).await;
    desk.make(Wish::of(Form::Page), "page").await.unwrap();
    assert_eq!(files_in(&desk.path("page")), ["index.html", "pictures", "small"]);
    let html = std::fs::read_to_string(desk.path("page/index.html")).unwrap();
    assert_eq!(html.matches("<script").count(), 1, "{html}");
    assert!(!html.contains("<img src=x") && !html.contains("<svg") && html.contains("&lt;img src=x"));
    assert!(!html.contains("http:") && !html.contains("https:"), "nothing is loaded from elsewhere");
    assert!(!html.contains("Australia") && !html.contains("151.2"), "where it was is not told");
    // The policy allows the script that is there, and no other.
    let script = html.split("<script>").nth(1).unwrap().split("</script>").next().unwrap();
    let hash = <sha2::Sha256 as sha2::Digest>::digest(script);
    let hash = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, hash);
    assert!(html.contains(&format!("script-src 'sha256-{hash}'")), "{html}");
    let copy = metadata::read(&desk.path("page/pictures/00001.jpg"), &Limits::default()).unwrap();
    assert!(copy.position.is_none() && copy.title.is_none());
    let placed = Wish { location: Some(true), ..Wish::of(Form::Page) };
    desk.make(placed, "placed.zip").await.unwrap();
    let mut archive = zip::ZipArchive::new(File::open(desk.path("placed.zip")).unwrap()).unwrap();
    let index = archive.file_names().find(|name| name.ends_with("/index.html")).unwrap().to_owned();
    let mut html = String::new();
    archive.by_name(&index).unwrap().read_to_string(&mut html).unwrap();
    assert!(html.contains("Australia"), "{html}");
}

/// Checks that every object lies where the table says, and returns how many pages there are.
fn checked(pdf: &[u8]) -> usize {
    let find =
        |from: usize, what: &[u8]| pdf[from..].windows(what.len()).position(|part| part == what).map(|at| at + from);
    let text = |from: usize, to: usize| String::from_utf8_lossy(&pdf[from..to]).into_owned();
    let start = pdf.len() - 64;
    let start = find(start, b"startxref\n").unwrap() + 10;
    let table: usize = text(start, pdf.len()).lines().next().unwrap().parse().unwrap();
    let rows = text(table, pdf.len());
    let mut rows = rows.lines();
    assert_eq!(rows.next(), Some("xref"));
    let count: usize = rows.next().unwrap().split_once(' ').unwrap().1.parse().unwrap();
    let mut pages = 0;
    for (number, row) in rows.take(count).enumerate().skip(1) {
        let at: usize = row[..10].parse().unwrap();
        let head = format!("{number} 0 obj");
        assert_eq!(text(at, at + head.len()), head);
        pages += usize::from(text(at, find(at, b"endobj").unwrap()).contains("/Type /Page\n"));
    }
    pages
}

#[tokio::test]
async fn pages_on_paper_hold_every_picture_that_there_is() {
    let desk = Desk::new().await;
    let mut paths = Vec::new();
    for at in 0..23_u32 {
        let path = desk.path(&format!("in/{at}.jpg"));
        let title = if at == 0 { "東京の夏 — القاهرة Σαντορίνη" } else { HOSTILE };
        let taken = Some(format!("2019-07-{:02}T10:00:00", 1 + at / 4));
        let size = if at % 3 == 0 { (120, 160 + at) } else { (160 + at, 120) };
        picture(&path, size, 1, Some(&Packet { creator: "t", title, taken, ..Packet::default() }));
        paths.push(path);
    }
    desk.take(&paths.iter().map(PathBuf::as_path).collect::<Vec<_>>()).await;
    // Its thumbnail is still there.
    std::fs::remove_file(&paths[3]).unwrap();
    let sheet = desk.make(Wish::of(Form::Sheet), "sheet.pdf").await.unwrap();
    assert_eq!((sheet.media, sheet.left_out.len()), (23, 0));
    let bytes = std::fs::read(desk.path("sheet.pdf")).unwrap();
    assert_eq!(checked(&bytes), 2, "twenty a page");
    // Without file and thumbnail nothing is left to show.
    std::fs::remove_dir_all(desk.path("thumbnails")).unwrap();
    let book = desk.make(Wish::of(Form::Book), "book.pdf").await.unwrap();
    assert_eq!((book.media, book.left_out.len()), (22, 1));
    let bytes = std::fs::read(desk.path("book.pdf")).unwrap();
    let pages = checked(&bytes);
    assert!((2 + 22 / 4..=2 + 22).contains(&pages), "{pages}");
    let embedded = bytes.windows(10).filter(|part| part == b"/FontFile2").count();
    assert!(embedded >= 3, "letters of {embedded} fonts");
}

#[tokio::test]
async fn a_photo_book_shows_the_best_of_what_is_all_but_the_same() {
    let desk = Desk::new().await;
    let said = |rating| Packet { creator: "t", rating, ..Packet::default() };
    let paths: Vec<PathBuf> = (0..4).map(|at| desk.path(&format!("in/{at}.jpg"))).collect();
    for (at, size) in [(160, 120), (80, 60), (320, 240), (160, 121)].into_iter().enumerate() {
        picture(&paths[at], size, 1, Some(&said((at == 1).then_some(4))));
    }
    desk.take(&paths.iter().map(PathBuf::as_path).collect::<Vec<_>>()).await;
    let id = |name: &str, items: &[Item]| items.iter().find(|item| item.medium.name == name).unwrap().medium.id;
    let items = desk.items().await;
    let alike = vec![("near", "a".to_owned(), ["0.jpg", "1.jpg", "2.jpg"].map(|name| id(name, &items)).to_vec())];
    desk.library.replace_copies(&alike).await.unwrap();

    let book = desk.make(Wish::of(Form::Book), "book.pdf").await.unwrap();
    assert_eq!(book.media, 2, "the starred one, and the one that stands alone");
    let left: Vec<_> = book.left_out.iter().map(|left| (left.name.as_str(), left.reason.as_str())).collect();
    assert_eq!(left, [("0.jpg", "all but the same as 1.jpg"), ("2.jpg", "all but the same as 1.jpg")]);
    let all = desk.make(Wish { once: Some(false), ..Wish::of(Form::Book) }, "all.pdf").await.unwrap();
    assert_eq!((all.media, all.left_out.len()), (4, 0));
    let files = desk.make(Wish::of(Form::Folder), "files").await.unwrap();
    assert_eq!((files.media, files.left_out.len()), (4, 0), "files are all given away");
}

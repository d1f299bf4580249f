//! Themes on a real database: identities that stay, names and hiding that survive, taking back, who sees what.

use jiff::civil::date;

use super::change::ThemeEdit;
use super::{Basis, NewTheme, Theme};
use crate::library::media::{NewMedium, NewTaken, SeenFile};
use crate::library::{Library, LibraryError, MediaId, ThemeId};

async fn library() -> (tempfile::TempDir, Library) {
    let dir = tempfile::tempdir().unwrap();
    let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
    (dir, library)
}

async fn picture(library: &Library, year: i16, screenshot: bool) -> MediaId {
    let name = format!("{year}.jpg");
    let (path, folder, sidecars) = (format!("/p/{name}"), "/p".to_owned(), String::new());
    let file = SeenFile { path, folder, name: name.clone(), bytes: 1, modified_ns: 1, sidecars };
    let local = date(year, 5, 3).at(12, 0, 0, 0);
    let taken = NewTaken { local, precision: "second", offset_minutes: None, instant: None, source: "exif".into() };
    let mime = "image/jpeg".to_owned();
    let medium = NewMedium { hash: name, kind: "photo", mime, taken: Some(taken), screenshot, ..NewMedium::default() };
    library.store_medium(&file, &medium).await.unwrap()
}

async fn pictures(library: &Library, years: std::ops::Range<i16>) -> Vec<MediaId> {
    let mut ids = Vec::new();
    for year in years {
        ids.push(picture(library, year, false).await);
    }
    ids
}

fn found(origin: &str, media: &[MediaId]) -> NewTheme {
    NewTheme { kind: "looks", origin: origin.into(), told: "{}".into(), media: media.to_vec() }
}

async fn store(library: &Library, themes: &[NewTheme]) {
    let basis = Basis { digest: "d".into(), media: 1, vectors: 0 };
    library.replace_themes(themes, "s", &basis).await.unwrap();
}

async fn ids(library: &Library) -> Vec<ThemeId> {
    library.themes().await.unwrap().into_iter().map(|theme| theme.id).collect()
}

async fn only(library: &Library) -> Theme {
    library.themes().await.unwrap().pop().unwrap()
}

fn edit(name: Option<&str>, hidden: Option<bool>) -> ThemeEdit {
    ThemeEdit { name: name.map(str::to_owned), hidden }
}

#[tokio::test]
async fn a_name_and_hiding_survive_finding_anew_and_can_be_taken_back() {
    let (_dir, library) = library().await;
    let m = pictures(&library, 2000..2010).await;
    store(&library, &[found("", &m[..4]), found("", &m[5..9])]).await;
    let before = ids(&library).await;
    let revision = library.revision().await.unwrap();
    store(&library, &[found("", &m[5..9]), found("", &m[..4])]).await;
    assert_eq!((ids(&library).await, library.revision().await.unwrap()), (before.clone(), revision), "nothing changed");

    let named = library.change_theme(before[0], &edit(Some(" The  cabin "), None), "Hut").await.unwrap();
    assert_eq!(named.summary, "Hut renamed to The cabin");
    let hidden = library.change_theme(before[1], &edit(None, Some(true)), "Dogs").await.unwrap();
    store(&library, &[found("", &m[1..5])]).await;
    assert_eq!(ids(&library).await, before, "what the user named or hid stays, found or not");
    let kept = library.theme(before[0]).await.unwrap();
    assert_eq!((kept.name.as_deref(), kept.all), (Some("The cabin"), 4));
    assert!(library.theme(before[1]).await.unwrap().hidden);

    let (undone, kept) = library.undo_theme_change(hidden.id).await.unwrap();
    assert_eq!((undone.summary.as_str(), kept), ("Took back: Dogs hidden", 0));
    store(&library, &[found("", &m[1..5])]).await;
    assert_eq!(ids(&library).await, before[..1], "what is nobody's goes when it is not found");
    library.change_theme(before[0], &edit(Some("Our cabin"), None), "The cabin").await.unwrap();
    let (_, kept) = library.undo_theme_change(named.id).await.unwrap();
    assert_eq!((only(&library).await.name.as_deref(), kept), (Some("Our cabin"), 1), "what was changed since is kept");
    let again = library.undo_theme_change(named.id).await.unwrap_err();
    assert!(matches!(again, LibraryError::Refused(_)), "{again}");
    assert_eq!(library.theme_changes(9).await.unwrap().len(), 5);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let (_dir, library) = library().await;
    let m = pictures(&library, 2000..2004).await;
    store(&library, &[found("feast:christmas", &m)]).await;
    let id = only(&library).await.id;
    for edit in [edit(None, None), edit(Some(&"x".repeat(121)), None)] {
        assert!(matches!(library.change_theme(id, &edit, "").await, Err(LibraryError::Refused(_))));
    }
    let nobody = library.change_theme(ThemeId::new(), &edit(None, Some(true)), "").await;
    assert!(matches!(nobody, Err(LibraryError::NotFound { .. })));
    library.change_theme(id, &edit(Some("Advent"), None), "Christmas").await.unwrap();
    library.change_theme(id, &edit(Some(""), None), "Advent").await.unwrap();
    assert_eq!(only(&library).await.name, None, "an empty name gives back its own");
}

#[tokio::test]
async fn only_what_is_fit_to_be_remembered_is_shown() {
    let (_dir, library) = library().await;
    let mut m = pictures(&library, 2000..2003).await;
    m.push(picture(&library, 2003, true).await);
    store(&library, &[found("", &m)]).await;
    let shown: Vec<MediaId> =
        library.theme_members(None).await.unwrap().into_iter().map(|member| member.media).collect();
    assert_eq!(shown, m[..3], "a screenshot is not");
    assert_eq!(library.theme_sources().await.unwrap().len(), 3);
    assert_eq!(only(&library).await.all, 4);
    assert!(library.theme_members(Some(ThemeId::new())).await.unwrap().is_empty());
}

//! Events on a real database: identities that stay, what the user does, and taking it back.

use jiff::civil::date;

use super::NewEvent;
use super::change::Action;
use crate::library::media::{NewMedium, NewTaken, SeenFile};
use crate::library::{EventId, Library, LibraryError, MediaId};

async fn library() -> (tempfile::TempDir, Library) {
    let dir = tempfile::tempdir().unwrap();
    let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
    (dir, library)
}

async fn picture(library: &Library, day: i8) -> MediaId {
    let name = format!("{day:02}.jpg");
    let file = SeenFile {
        path: format!("/p/{name}"),
        folder: "/p".into(),
        name: name.clone(),
        bytes: 1,
        modified_ns: 1,
        sidecars: String::new(),
    };
    let local = date(2020, 5, day).at(12, 0, 0, 0);
    let taken = NewTaken { local, precision: "second", offset_minutes: None, instant: None, source: "exif".into() };
    let medium =
        NewMedium { hash: name, kind: "photo", mime: "image/jpeg".into(), taken: Some(taken), ..NewMedium::default() };
    library.store_medium(&file, &medium).await.unwrap()
}

async fn pictures(library: &Library, days: std::ops::RangeInclusive<i8>) -> Vec<MediaId> {
    let mut ids = Vec::new();
    for day in days {
        ids.push(picture(library, day).await);
    }
    ids
}

fn found(name: &str, media: &[MediaId], days: (i8, i8)) -> NewEvent {
    let at = |day: i8| Some(format!("2020-05-{day:02}T12:00:00"));
    NewEvent {
        origin: None,
        name: name.into(),
        kind: "trip",
        starts: at(days.0),
        ends: at(days.1),
        place: None,
        media: media.to_vec(),
        within: None,
    }
}

/// Name and number of media of every event, the latest first.
async fn told(library: &Library) -> Vec<(EventId, String, i64)> {
    library.events().await.unwrap().into_iter().map(|event| (event.id, event.name, event.count)).collect()
}

#[tokio::test]
async fn a_name_stays_with_an_event_that_grows() {
    let (_dir, library) = library().await;
    let media = pictures(&library, 1..=6).await;
    library.replace_events(&[found("Norway", &media[..3], (1, 3))]).await.unwrap();
    let id = told(&library).await[0].0;
    let (change, about) =
        library.change_events(&Action::Rename { event: id, name: " Our fjords ".into() }).await.unwrap();
    assert_eq!((about, change.summary.as_str()), (Some(id), "Norway renamed to Our fjords"));
    library.replace_events(&[found("Norway, May", &media, (1, 6))]).await.unwrap();
    assert_eq!(told(&library).await, [(id, "Our fjords".into(), 6)]);
    library.undo_event_change(change.id).await.unwrap();
    library.replace_events(&[found("Norway, May", &media, (1, 6))]).await.unwrap();
    assert_eq!(told(&library).await, [(id, "Norway, May".into(), 6)]);
    let settled = library.revision().await.unwrap();
    library.replace_events(&[found("Norway, May", &media, (1, 6))]).await.unwrap();
    assert_eq!(library.revision().await.unwrap(), settled, "doing it again changes nothing");
    let again = library.undo_event_change(change.id).await;
    assert!(matches!(again, Err(LibraryError::Refused(_))), "{again:?}");
}

#[tokio::test]
async fn merged_events_stay_one_and_take_in_what_comes_later() {
    let (_dir, library) = library().await;
    let media = pictures(&library, 1..=9).await;
    let found_again = [found("A", &media[..3], (1, 3)), found("B", &media[5..8], (6, 8))];
    library.replace_events(&found_again).await.unwrap();
    let (b, a) = (told(&library).await[0].0, told(&library).await[1].0);
    let (change, _) = library.change_events(&Action::Merge { into: a, events: vec![b] }).await.unwrap();
    assert_eq!(change.summary, "B merged into A");
    assert_eq!(told(&library).await, [(a, "A".into(), 6)]);
    assert_eq!(library.event(a).await.unwrap().ends.as_deref(), Some("2020-05-08T12:00:00"));
    let more = [found("A", &media[..4], (1, 4)), found("B", &media[5..8], (6, 8)), found("C", &media[8..], (9, 9))];
    library.replace_events(&more).await.unwrap();
    let names: Vec<_> = told(&library).await.into_iter().map(|(_, name, count)| (name, count)).collect();
    assert_eq!(names, [("C".to_owned(), 1), ("A".to_owned(), 7)]);
    let (_, kept) = library.undo_event_change(change.id).await.unwrap();
    assert_eq!(kept, 0);
    library.replace_events(&more).await.unwrap();
    let back: Vec<_> = told(&library).await.into_iter().filter(|(id, ..)| *id == a || *id == b).collect();
    assert_eq!(back, [(b, "B".into(), 3), (a, "A".into(), 4)]);
}

#[tokio::test]
async fn a_split_event_stays_split() {
    let (_dir, library) = library().await;
    let media = pictures(&library, 1..=6).await;
    let whole = [found("Week", &media, (1, 6))];
    library.replace_events(&whole).await.unwrap();
    let id = told(&library).await[0].0;
    let split = |at| Action::Split { event: id, at, name: Some("Sea".into()) };
    let first = library.change_events(&split(media[0])).await;
    assert!(matches!(first, Err(LibraryError::Refused(_))), "{first:?}");
    let (change, second) = library.change_events(&split(media[4])).await.unwrap();
    let expected = [(second.unwrap(), "Sea".to_owned(), 2), (id, "Week".to_owned(), 4)];
    assert_eq!(told(&library).await, expected);
    library.replace_events(&whole).await.unwrap();
    assert_eq!(told(&library).await, expected, "finding them anew leaves them");
    library.undo_event_change(change.id).await.unwrap();
    assert_eq!(told(&library).await, [(id, "Week".into(), 6)]);
}

#[tokio::test]
async fn a_cover_is_a_picture_of_the_event() {
    let (_dir, library) = library().await;
    let media = pictures(&library, 1..=3).await;
    library.replace_events(&[found("Day", &media[..2], (1, 2))]).await.unwrap();
    let event = told(&library).await[0].0;
    let choose = |media| Action::Cover { event, media: Some(media) };
    assert!(library.change_events(&choose(media[2])).await.is_err());
    library.change_events(&choose(media[1])).await.unwrap();
    assert_eq!(library.event(event).await.unwrap().cover, Some(media[1]));
}

#[tokio::test]
async fn a_clock_put_right_outlives_reading_the_file_again_and_can_be_taken_back() {
    let (_dir, library) = library().await;
    let id = picture(&library, 1).await;
    library.replace_events(&[found("Day", &[id], (1, 1))]).await.unwrap();
    let action = Action::SetClock { media: vec![id], shift_s: 14 * 3600 };
    let (change, _) = library.change_events(&action).await.unwrap();
    let taken = |library: Library| async move { library.medium(id).await.unwrap().taken.unwrap_or_default() };
    assert_eq!(taken(library.clone()).await, "2020-05-02T02:00:00");
    assert_eq!(library.events().await.unwrap()[0].starts.as_deref(), Some("2020-05-02T02:00:00"));
    assert_eq!(picture(&library, 1).await, id);
    assert_eq!(taken(library.clone()).await, "2020-05-02T02:00:00");
    library.undo_event_change(change.id).await.unwrap();
    assert_eq!(taken(library.clone()).await, "2020-05-01T12:00:00");
}

#[tokio::test]
async fn what_is_within_a_trip_points_at_it() {
    let (_dir, library) = library().await;
    let media = pictures(&library, 1..=5).await;
    let mut hike = found("Hike", &media[2..3], (3, 3));
    hike.within = Some(1);
    library.replace_events(&[hike, found("Trip", &media, (1, 5))]).await.unwrap();
    let events = library.events().await.unwrap();
    let trip = events.iter().find(|event| event.name == "Trip").unwrap();
    let hike = events.iter().find(|event| event.name == "Hike").unwrap();
    assert_eq!((hike.parent, trip.parent), (Some(trip.id), None));
}

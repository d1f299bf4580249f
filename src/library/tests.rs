//! The library on a real database: conditions, groupings, jobs, copies, what follows from events.

use jiff::civil::date;

use super::filter::{Copies, DaySpan, Grouping, MediaFilter, MediaKind, PlaceRef, Shape, TimeSpan};
use super::jobs::{Claimant, Job, JobKind, Offer};
use super::media::{NewMedium, NewPerson, NewPlace, NewTaken, Ordering, SeenFile};
use super::{Library, MediaId, events::NewEvent};

async fn library() -> (tempfile::TempDir, Library) {
    let dir = tempfile::tempdir().unwrap();
    let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
    (dir, library)
}

fn file(path: &str) -> SeenFile {
    let (folder, name) = path.rsplit_once('/').unwrap();
    let (path, folder, name) = (path.to_owned(), folder.to_owned(), name.to_owned());
    SeenFile { path, folder, name, bytes: 10, modified_ns: 1, sidecars: String::new() }
}

fn medium(hash: &str) -> NewMedium {
    NewMedium {
        hash: hash.into(),
        kind: "photo",
        mime: "image/jpeg".into(),
        size: Some((400, 300)),
        ..NewMedium::default()
    }
}

fn taken(local: jiff::civil::DateTime) -> Option<NewTaken> {
    Some(NewTaken { local, precision: "second", offset_minutes: None, instant: None, source: "exif".into() })
}

fn place(city: &str, country: &str, code: &str) -> Option<NewPlace> {
    let text = |text: &str| Some(text.to_owned());
    Some(NewPlace {
        locality: text(city),
        city: text(city),
        region: None,
        country: text(country),
        country_code: text(code),
        source: "gps",
    })
}

fn person(name: &str) -> NewPerson {
    NewPerson { name: name.into(), pet: false, area: None, source: "xmp".into() }
}

/// Claims the files that wait to be read.
async fn claim(library: &Library) -> Vec<Job> {
    let offer = Offer { kind: JobKind::IngestFile, model: None, limit: 10, floor: 0 };
    library.claim_jobs(&[offer], Claimant { owner: "test", now: 0, until: 60 }).await.unwrap()
}

/// Names of the media that pass, oldest first.
async fn names(library: &Library, filter: MediaFilter) -> Vec<String> {
    let ids = library.select(&filter, Ordering::Oldest, None).await.unwrap();
    library.media_by_ids(&ids).await.unwrap().into_iter().map(|medium| medium.name).collect()
}

pub(super) async fn filled() -> (tempfile::TempDir, Library) {
    let (dir, library) = library().await;
    let store = |path: &'static str, new: NewMedium| {
        let library = library.clone();
        async move { library.store_medium(&file(path), &new).await.unwrap() }
    };
    let rome = || place("Rome", "Italy", "IT");
    let evening = date(2021, 6, 5).at(23, 30, 0, 0);
    store(
        "/p/a.jpg",
        NewMedium {
            taken: taken(evening),
            place: rome(),
            people: vec![person("Ida"), person("Jonas")],
            rating: Some(5),
            ..medium("a")
        },
    )
    .await;
    let morning = date(2022, 7, 2).at(8, 0, 0, 0);
    store(
        "/p/b.jpg",
        NewMedium {
            taken: taken(morning),
            place: place("Oslo", "Norway", "NO"),
            people: vec![person("ida")],
            size: Some((300, 400)),
            tags: vec![("Boat".into(), "xmp".into())],
            ..medium("b")
        },
    )
    .await;
    store("/p/c.mp4", NewMedium { kind: "video", rating: Some(0), ..medium("c") }).await;
    (dir, library)
}

#[tokio::test]
async fn days_count_as_undated_what_the_filter_finds_undated() {
    let (_dir, library) = filled().await;
    let local = date(1934, 1, 1).at(0, 0, 0, 0);
    let year = NewTaken { local, precision: "year", offset_minutes: None, instant: None, source: "title".into() };
    library.store_medium(&file("/p/d.jpg"), &NewMedium { taken: Some(year), ..medium("d") }).await.unwrap();
    let undated = MediaFilter { dated: Some(false), ..MediaFilter::default() };
    assert_eq!(library.days().await.unwrap().last(), Some(&(None, 2)));
    assert_eq!(library.count(&undated).await.unwrap(), 2);
}

#[tokio::test]
async fn of_much_to_remember_the_best_of_many_hours_is_looked_at() {
    let (_dir, library) = library().await;
    let day = date(2021, 6, 5);
    // At nine a series of three, the second rated; at ten and at noon one each.
    let pictures =
        [("1", 9, 0, None), ("2", 9, 10, Some(4)), ("3", 9, 20, None), ("4", 10, 0, None), ("5", 12, 0, None)];
    for (name, hour, minute, rating) in pictures {
        let new = NewMedium { taken: taken(day.at(hour, minute, 0, 0)), rating, ..medium(name) };
        library.store_medium(&file(&format!("/p/{name}.jpg")), &new).await.unwrap();
    }
    let all = MediaFilter::default();
    let some = library.most_rememberable(&all, 3).await.unwrap();
    let names: Vec<String> = library.media_by_ids(&some).await.unwrap().into_iter().map(|medium| medium.name).collect();
    assert_eq!(names, ["2.jpg", "4.jpg", "5.jpg"], "the best of each hour, in order of time");
    assert_eq!(library.most_rememberable(&all, 9).await.unwrap(), library.rememberable(&all).await.unwrap());
}

#[tokio::test]
async fn conditions_choose_media() {
    let (_dir, library) = filled().await;
    let people = library.people().await.unwrap();
    let id = |name: &str| people.iter().find(|person| person.name == name).unwrap().id;
    let (ida, jonas) = (id("Ida"), id("Jonas"));
    let all = MediaFilter::default;
    let italy = PlaceRef { country_code: Some("IT".into()), ..PlaceRef::default() };
    let span = TimeSpan { start: date(2022, 1, 1).at(0, 0, 0, 0), end: date(2023, 1, 1).at(0, 0, 0, 0) };
    let night = DaySpan { from: 22 * 60, to: 5 * 60 };
    let cases: Vec<(&str, MediaFilter, &[&str])> = vec![
        ("nothing asked", all(), &["a.jpg", "b.jpg", "c.mp4"]),
        (
            "somebody, whatever the case of the name",
            MediaFilter { people: vec![vec![ida]], ..all() },
            &["a.jpg", "b.jpg"],
        ),
        ("both", MediaFilter { people: vec![vec![ida], vec![jonas]], ..all() }, &["a.jpg"]),
        ("only one", MediaFilter { people: vec![vec![ida]], only_these_people: true, ..all() }, &["b.jpg"]),
        ("without one", MediaFilter { without_people: vec![jonas], ..all() }, &["b.jpg", "c.mp4"]),
        ("nobody", MediaFilter { has_people: Some(false), ..all() }, &["c.mp4"]),
        ("a place", MediaFilter { places: vec![italy.clone()], ..all() }, &["a.jpg"]),
        ("elsewhere, the unplaced too", MediaFilter { without_places: vec![italy], ..all() }, &["b.jpg", "c.mp4"]),
        ("a year", MediaFilter { taken: vec![span], ..all() }, &["b.jpg"]),
        ("a weekday", MediaFilter { weekdays: vec![6], ..all() }, &["a.jpg", "b.jpg"]),
        ("a day of any year", MediaFilter { month_days: vec![(7, 2)], ..all() }, &["b.jpg"]),
        ("past midnight", MediaFilter { times_of_day: vec![night], ..all() }, &["a.jpg"]),
        ("undated", MediaFilter { dated: Some(false), ..all() }, &["c.mp4"]),
        ("videos", MediaFilter { kinds: vec![MediaKind::Video], ..all() }, &["c.mp4"]),
        ("stars", MediaFilter { min_rating: Some(4), ..all() }, &["a.jpg"]),
        ("few stars is not unrated", MediaFilter { max_rating: Some(3), ..all() }, &[]),
        ("upright", MediaFilter { shapes: vec![Shape::Portrait], ..all() }, &["b.jpg"]),
        ("a keyword, whatever its case", MediaFilter { tags: vec!["bOAT".into()], ..all() }, &["b.jpg"]),
        ("among none", MediaFilter { among: Some(Vec::new()), ..all() }, &[]),
    ];
    for (what, filter, expected) in cases {
        assert_eq!(library.count(&filter).await.unwrap(), expected.len() as u64, "{what}");
        assert_eq!(names(&library, filter).await, expected, "{what}");
    }
}

#[tokio::test]
async fn a_value_is_never_read_as_sql() {
    let (_dir, library) = filled().await;
    let nasty = "x' OR '1'='1".to_owned();
    let filter = MediaFilter { tags: vec![nasty.clone()], cameras: vec![nasty], ..MediaFilter::default() };
    assert!(names(&library, filter).await.is_empty());
}

#[tokio::test]
async fn media_are_counted_by_what_is_asked() {
    let (_dir, library) = filled().await;
    let by = |grouping| {
        let library = library.clone();
        async move {
            let groups = library.count_by(&MediaFilter::default(), grouping).await.unwrap();
            groups.into_iter().map(|group| (group.key, group.count)).collect::<Vec<_>>()
        }
    };
    assert_eq!(by(Grouping::Month).await, [("2021-06".to_owned(), 1), ("2022-07".to_owned(), 1)]);
    assert_eq!(by(Grouping::Person).await, [("Ida".to_owned(), 2), ("Jonas".to_owned(), 1)]);
    assert_eq!(by(Grouping::Kind).await, [("photo".to_owned(), 2), ("video".to_owned(), 1)]);
}

#[tokio::test]
async fn the_same_content_twice_is_one_medium_and_the_richer_file_speaks() {
    let (_dir, library) = library().await;
    let rich = NewMedium {
        title: Some("Harbour".into()),
        values: vec![("title".into(), "Harbour".into(), "xmp".into())],
        ..medium("x")
    };
    for order in [["/p/1.jpg", "/q/2.jpg"], ["/q/2.jpg", "/p/1.jpg"]] {
        for path in order {
            let new = if path == "/q/2.jpg" { rich.clone() } else { medium("x") };
            library.store_medium(&file(path), &new).await.unwrap();
        }
        let filter = MediaFilter { copies: Some(Copies::Exact), ..MediaFilter::default() };
        let ids = library.select(&filter, Ordering::Newest, None).await.unwrap();
        let shown = library.medium(ids[0]).await.unwrap();
        assert_eq!((shown.path.as_str(), shown.title.as_deref()), ("/q/2.jpg", Some("Harbour")));
        assert_eq!(library.paths(ids[0]).await.unwrap(), ["/p/1.jpg", "/q/2.jpg"]);
    }
    // The file that spoke goes: the other is read again; the last one goes: so does the medium.
    library.forget_files(&["/q/2.jpg".to_owned()]).await.unwrap();
    let jobs = claim(&library).await;
    assert_eq!(jobs.iter().map(|job| job.subject.as_str()).collect::<Vec<_>>(), ["/p/1.jpg"]);
    library.forget_files(&["/p/1.jpg".to_owned()]).await.unwrap();
    assert_eq!(library.drop_orphans().await.unwrap(), 1);
    assert_eq!(library.count(&MediaFilter::default()).await.unwrap(), 0);
    let gone = library.removed_media().await.unwrap();
    assert_eq!(gone.iter().map(|medium| medium.hash.as_str()).collect::<Vec<_>>(), [medium("x").hash]);
}

#[tokio::test]
async fn a_file_is_read_again_when_it_changed_and_only_then() {
    let (_dir, library) = library().await;
    library.queue_file(&file("/p/a.jpg")).await.unwrap();
    let job = claim(&library).await.remove(0);
    library.store_read(&job, &file("/p/a.jpg"), &medium("a")).await.unwrap();
    let root = "/p";
    assert_eq!(library.reconcile(root, &[file("/p/a.jpg")]).await.unwrap().queued, 0);
    let changed = SeenFile { modified_ns: 2, ..file("/p/a.jpg") };
    assert_eq!(library.reconcile(root, &[changed]).await.unwrap().queued, 1);
    assert_eq!(library.reconcile(root, &[]).await.unwrap().gone, 1);
}

#[tokio::test]
async fn a_file_that_moved_keeps_its_medium() {
    let (_dir, library) = library().await;
    let id = library.store_medium(&file("/p/a.jpg"), &medium("a")).await.unwrap();
    library.reconcile("/p", &[file("/p/sub/b.jpg")]).await.unwrap();
    assert_eq!(library.store_medium(&file("/p/sub/b.jpg"), &medium("a")).await.unwrap(), id);
    assert_eq!(library.drop_orphans().await.unwrap(), 0);
    assert_eq!(library.medium(id).await.unwrap().path, "/p/sub/b.jpg");
}

#[tokio::test]
async fn a_folder_whose_name_begins_like_another_is_another() {
    let (_dir, library) = library().await;
    library.store_medium(&file("/pictures/a.jpg"), &medium("a")).await.unwrap();
    library.store_medium(&file("/pictures2/b.jpg"), &medium("b")).await.unwrap();
    assert_eq!(library.reconcile("/pictures", &[]).await.unwrap().gone, 1);
    library.drop_orphans().await.unwrap();
    assert_eq!(names(&library, MediaFilter::default()).await, ["b.jpg"]);
}

#[tokio::test]
async fn a_picture_without_a_position_is_where_its_event_was() {
    let (_dir, library) = library().await;
    let placed = library
        .store_medium(&file("/p/a.jpg"), &NewMedium { place: place("Rome", "Italy", "IT"), ..medium("a") })
        .await
        .unwrap();
    let bare = library.store_medium(&file("/p/b.jpg"), &medium("b")).await.unwrap();
    let event = |media: &[MediaId]| NewEvent {
        origin: Some("folder:/p".into()),
        name: "Trip".into(),
        kind: "trip",
        starts: None,
        ends: None,
        place: None,
        media: media.to_vec(),
        within: None,
    };
    library.replace_events(&[event(&[placed, bare])]).await.unwrap();
    library.place_by_events().await.unwrap();
    assert_eq!(library.medium(bare).await.unwrap().country.as_deref(), Some("Italy"));
    let settled = library.revision().await.unwrap();
    library.replace_events(&[event(&[placed, bare])]).await.unwrap();
    library.place_by_events().await.unwrap();
    assert_eq!(library.revision().await.unwrap(), settled, "doing it again changes nothing");
    library.replace_events(&[event(&[placed])]).await.unwrap();
    library.place_by_events().await.unwrap();
    assert_eq!(library.medium(bare).await.unwrap().country, None);
}

#[tokio::test]
async fn pictures_without_a_position_count_as_taken_at_the_place_of_a_named_event() {
    let (_dir, library) = library().await;
    let rome = NewMedium { place: place("Rome", "Italy", "IT"), ..medium("a") };
    let placed = library.store_medium(&file("/p/a.jpg"), &rome).await.unwrap();
    let bare = library.store_medium(&file("/p/b.jpg"), &medium("b")).await.unwrap();
    let elsewhere = NewMedium { place: place("Oslo", "Norway", "NO"), ..medium("c") };
    let elsewhere = library.store_medium(&file("/p/c.jpg"), &elsewhere).await.unwrap();
    library.store_medium(&file("/p/d.jpg"), &medium("d")).await.unwrap();
    let event = NewEvent {
        origin: Some("folder:/p".into()),
        name: "Rome".into(),
        kind: "trip",
        starts: None,
        ends: None,
        place: None,
        media: vec![placed, bare, elsewhere],
        within: None,
    };
    library.replace_events(&[event]).await.unwrap();
    let event = library.events().await.unwrap()[0].id;
    let italy = PlaceRef { country_code: Some("IT".into()), ..PlaceRef::default() };
    let filter = MediaFilter { places: vec![italy], ..MediaFilter::default() };
    assert_eq!(names(&library, filter.clone()).await, ["a.jpg"]);
    let filter = MediaFilter { place_events: vec![event], ..filter };
    assert_eq!(names(&library, filter).await, ["a.jpg", "b.jpg"]);
    let alone = MediaFilter { place_events: vec![event], ..MediaFilter::default() };
    assert_eq!(names(&library, alone).await.len(), 4, "it never narrows");
}

#[tokio::test]
async fn the_users_keywords_and_descriptions_outlive_reading_the_file_again() {
    let (_dir, library) = library().await;
    let new =
        NewMedium { description: Some("written".into()), tags: vec![("sea".into(), "xmp".into())], ..medium("a") };
    let id = library.store_medium(&file("/p/a.jpg"), &new).await.unwrap();
    let names = async |library: &Library| -> Vec<String> {
        library.tags().await.unwrap().into_iter().map(|tag| tag.name).collect()
    };
    let added = library.add_tags(&[id], &["Summer".into(), "sea".into()]).await.unwrap();
    assert_eq!(added, [("Summer".to_owned(), vec![id]), ("sea".to_owned(), vec![])]);
    library.annotate(&[id], Some("mine")).await.unwrap();
    library.store_medium(&file("/p/a.jpg"), &new).await.unwrap();
    assert_eq!(names(&library).await, ["sea", "Summer"]);
    assert_eq!(library.medium(id).await.unwrap().description.as_deref(), Some("mine"));
    library.remove_tag(&[id], "summer").await.unwrap();
    library.remove_tag(&[id], "sea").await.unwrap();
    assert_eq!(names(&library).await, ["sea"], "the file's own keyword stays");
}

//! People on a real database: what follows from files and faces, what the user does, and taking it back.

mod videos;

use super::change::Action;
use super::placing::{FaceOwner, FacePlace, Kind};
use crate::library::faces::{Face, NewFace};
use crate::library::filter::MediaFilter;
use crate::library::jobs::{Claimant, JobKind, ModelKey, Offer};
use crate::library::media::{NewMedium, NewPerson, Ordering, SeenFile};
use crate::library::{FaceId, Library, LibraryError, MediaId, PersonId};

const LEFT: [f64; 4] = [0.1, 0.2, 0.2, 0.3];
const RIGHT: [f64; 4] = [0.6, 0.2, 0.2, 0.3];

async fn library() -> (tempfile::TempDir, Library) {
    let dir = tempfile::tempdir().unwrap();
    let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
    (dir, library)
}

fn region(name: &str, area: Option<[f64; 4]>) -> NewPerson {
    NewPerson { name: name.into(), pet: false, area, source: "xmp".into() }
}

async fn picture(library: &Library, name: &str, people: Vec<NewPerson>) -> MediaId {
    let file = SeenFile {
        path: format!("/p/{name}"),
        folder: "/p".into(),
        name: name.into(),
        bytes: 1,
        modified_ns: 1,
        sidecars: String::new(),
    };
    let values = people.iter().map(|p| ("mwg-rs:Regions".into(), p.name.clone(), "xmp".into())).collect();
    let medium = NewMedium {
        hash: name.into(),
        kind: "photo",
        mime: "image/jpeg".into(),
        size: Some((400, 300)),
        people,
        values,
        ..NewMedium::default()
    };
    library.store_medium(&file, &medium).await.unwrap()
}

fn model(version: &str) -> ModelKey {
    ModelKey { name: "faces".into(), version: version.into(), settings: String::new() }
}

/// A face that looks like number `who`.
fn face(area: [f64; 4], who: u8) -> NewFace {
    let vectors = "faces|1".to_owned();
    let embedding = (0..8).map(|at| if at == who { 1.0 } else { 0.125 }).collect();
    let clothes = vec![who; 4];
    NewFace {
        frame_ms: None,
        frames: Vec::new(),
        area,
        score: 0.9,
        sharpness: 99.0,
        yaw: 0.0,
        pixels: 90.0,
        embedding,
        clothes,
        vectors,
        animal: false,
    }
}

/// Stores the faces of a medium as the worker does.
async fn look(library: &Library, id: MediaId, version: &str, faces: &[NewFace]) -> Vec<Face> {
    let model = model(version);
    library.queue_first(JobKind::FindFaces, &model, id).await.unwrap();
    let offer = Offer { kind: JobKind::FindFaces, model: Some(model.clone()), limit: 9, floor: 0 };
    let claimant = Claimant { owner: "test", now: i64::MAX / 2, until: i64::MAX };
    let job = library.claim_jobs(&[offer], claimant).await.unwrap().pop().unwrap();
    library.store_faces(&job, &model, faces).await.unwrap();
    library.faces_in(id).await.unwrap()
}

async fn names(library: &Library, id: MediaId) -> Vec<(String, String)> {
    library.people_in(id).await.unwrap().into_iter().map(|person| (person.name, person.source)).collect()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(name, source)| ((*name).to_owned(), (*source).to_owned())).collect()
}

/// Places faces by hand.
async fn place(library: &Library, places: &[(FaceId, FaceOwner)]) -> bool {
    let source = library.face_source(Kind::People).await.unwrap();
    let places: Vec<FacePlace> =
        places.iter().map(|(face, whom)| FacePlace { face: *face, whom: Some(*whom), likeness: 0.8 }).collect();
    library.store_placing(&source, &places).await.unwrap()
}

async fn found(library: &Library, name: &str) -> Vec<MediaId> {
    let person = library.person_called(name).await.unwrap().unwrap();
    let filter = MediaFilter { people: vec![vec![person]], ..MediaFilter::default() };
    library.select(&filter, Ordering::Oldest, None).await.unwrap()
}

async fn version(library: &Library, id: MediaId) -> i64 {
    library.medium(id).await.unwrap().version
}

/// Anna by a region in one picture, a found group in two others, together with Anna in the last.
async fn family() -> (tempfile::TempDir, Library, [MediaId; 3], PersonId) {
    let (dir, library) = library().await;
    let one = picture(&library, "1.jpg", vec![region("Anna", Some(LEFT))]).await;
    let two = picture(&library, "2.jpg", vec![]).await;
    let three = picture(&library, "3.jpg", vec![]).await;
    look(&library, one, "1", &[face(LEFT, 1)]).await;
    let alone = look(&library, two, "1", &[face(LEFT, 2)]).await;
    let both = look(&library, three, "1", &[face(LEFT, 1), face(RIGHT, 2)]).await;
    let anna = library.person_called("anna").await.unwrap().unwrap();
    let places =
        [(alone[0].id, FaceOwner::New(0)), (both[0].id, FaceOwner::Known(anna)), (both[1].id, FaceOwner::New(0))];
    assert!(place(&library, &places).await);
    let group = library.faces_in(two).await.unwrap()[0].person_id.unwrap();
    (dir, library, [one, two, three], group)
}

#[tokio::test]
async fn faces_make_people_findable_and_say_how() {
    let (_dir, library, [one, two, three], group) = family().await;
    assert_eq!(names(&library, one).await, pairs(&[("Anna", "xmp")]));
    assert_eq!(names(&library, two).await, pairs(&[]));
    assert_eq!(names(&library, three).await, pairs(&[("Anna", "face")]));
    assert_eq!(found(&library, "Anna").await, [one, three]);
    let faces = library.faces_in(one).await.unwrap();
    assert_eq!(faces[0].how.as_deref(), Some("metadata"));
    let everybody = library.everybody().await.unwrap();
    assert_eq!(
        everybody.iter().map(|p| (p.name.as_str(), p.count, p.faces)).collect::<Vec<_>>(),
        [("", 2, 2), ("Anna", 2, 2)]
    );
    // A group without a name is nobody to ask for.
    let vocabulary = library.vocabulary().await.unwrap();
    assert_eq!(vocabulary.people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["Anna"]);
    assert_eq!(library.people().await.unwrap().len(), 1);
    assert!(library.person(group).await.unwrap().face.is_some());
}

#[tokio::test]
async fn a_favourite_is_found_by_the_same_words_as_before() {
    let (_dir, library, [one, _, three], _) = family().await;
    let anna = library.person_called("anna").await.unwrap().unwrap();
    let before = (version(&library, one).await, version(&library, three).await);
    let describe = |json| serde_json::from_value::<Action>(json).unwrap();
    let favourite = describe(serde_json::json!({ "action": "describe", "person": anna, "favourite": true }));
    let (change, _) = library.change_people(&favourite).await.unwrap();
    assert!(library.everybody().await.unwrap()[0].favourite);
    library.undo_people_change(change.id).await.unwrap();
    assert!(!library.everybody().await.unwrap()[1].favourite);
    assert_eq!((version(&library, one).await, version(&library, three).await), before);
    let nickname = describe(serde_json::json!({ "action": "describe", "person": anna, "nickname": "Annie" }));
    library.change_people(&nickname).await.unwrap();
    assert!(version(&library, one).await > before.0);
}

#[tokio::test]
async fn those_without_a_name_are_found_until_they_have_one() {
    let (_dir, library, [one, two, three], group) = family().await;
    let animal = NewFace { animal: true, vectors: "animals|1".into(), ..face(RIGHT, 5) };
    look(&library, one, "1", &[face(LEFT, 1), animal]).await;
    let unnamed = MediaFilter { somebody_unnamed: true, ..MediaFilter::default() };
    let found = || async { library.select(&unnamed, Ordering::Oldest, None).await.unwrap() };
    assert_eq!(found().await, [two, three]);
    library.change_people(&Action::Rename { person: group, name: "Ben".into() }).await.unwrap();
    assert!(found().await.is_empty());
}

#[tokio::test]
async fn a_name_makes_a_group_somebody_and_its_undoing_makes_it_a_group_again() {
    let (_dir, library, [_, two, three], group) = family().await;
    let before = version(&library, two).await;
    let rename = Action::Rename { person: group, name: "Ben".into() };
    let (change, person) = library.change_people(&rename).await.unwrap();
    assert_eq!((person, change.summary.as_str()), (Some(group), "Named Ben"));
    assert_eq!(found(&library, "ben").await, [two, three]);
    assert!(version(&library, two).await > before, "the indexes must hear of it");
    assert!(library.faces_of(group, 0, 9).await.unwrap().0.iter().any(|f| f.how.as_deref() == Some("confirmed")));
    library.undo_people_change(change.id).await.unwrap();
    assert_eq!(names(&library, two).await, pairs(&[]));
    assert!(library.person_called("ben").await.unwrap().is_none());
    assert!(matches!(library.undo_people_change(change.id).await, Err(LibraryError::Refused(_))));
    // Taking back can be taken back.
    let undo = library.people_changes(1).await.unwrap()[0].id;
    library.undo_people_change(undo).await.unwrap();
    assert_eq!(found(&library, "Ben").await, [two, three]);
}

#[tokio::test]
async fn a_group_named_like_somebody_is_them_and_merging_is_undone_whatever_came_after() {
    let (_dir, library, [one, two, three], group) = family().await;
    let anna = library.person_called("Anna").await.unwrap().unwrap();
    let (merge, person) = library.change_people(&Action::Rename { person: group, name: "ANNA".into() }).await.unwrap();
    assert_eq!((person, merge.action.as_str()), (Some(anna), "rename"));
    assert!(matches!(library.person(group).await, Err(LibraryError::NotFound { .. })));
    assert_eq!(found(&library, "Anna").await, [one, two, three]);
    let describe = Action::Describe {
        person: anna,
        nickname: Some("Annie".into()),
        born: None,
        relation: None,
        hidden: None,
        favourite: Some(true),
        pet: None,
    };
    library.change_people(&describe).await.unwrap();
    let (_, kept) = library.undo_people_change(merge.id).await.unwrap();
    assert_eq!(kept, 0);
    assert_eq!(found(&library, "Anna").await, [one, three]);
    assert_eq!(library.person(group).await.unwrap().faces, 2);
    assert_eq!(library.person(anna).await.unwrap().nickname.as_deref(), Some("Annie"));
    assert_eq!(library.vocabulary().await.unwrap().people[0].aliases, ["Annie"]);
}

#[tokio::test]
async fn a_merged_persons_written_name_means_who_they_are_now() {
    let (_dir, library) = library().await;
    let one = picture(&library, "1.jpg", vec![region("Joe", None)]).await;
    let two = picture(&library, "2.jpg", vec![region("Joseph", None)]).await;
    let id = |name: &'static str| {
        let library = library.clone();
        async move { library.person_called(name).await.unwrap().unwrap() }
    };
    let (joe, joseph) = (id("Joe").await, id("Joseph").await);
    let (change, _) = library.change_people(&Action::Merge { into: joe, people: vec![joseph] }).await.unwrap();
    // Reading the file again does not bring the other back.
    picture(&library, "2.jpg", vec![region("Joseph", None)]).await;
    assert_eq!(found(&library, "Joseph").await, [one, two]);
    assert_eq!(library.vocabulary().await.unwrap().people[0].aliases, ["Joseph"]);
    library.undo_people_change(change.id).await.unwrap();
    assert_eq!(found(&library, "Joseph").await, [two]);
    assert_eq!(found(&library, "Joe").await, [one]);
}

#[tokio::test]
async fn what_the_user_says_of_a_face_outlives_reading_and_looking_again() {
    let (_dir, library) = library().await;
    let one = picture(&library, "1.jpg", vec![region("Anna", Some(LEFT))]).await;
    let faces = look(&library, one, "1", &[face(LEFT, 1), face(RIGHT, 2)]).await;
    library.change_people(&Action::Reject { faces: vec![faces[0].id], person: None }).await.unwrap();
    library.change_people(&Action::NotAFace { faces: vec![faces[1].id] }).await.unwrap();
    assert_eq!(names(&library, one).await, pairs(&[]));
    let again = look(&library, one, "2", &[face(RIGHT, 2), face(LEFT, 1)]).await;
    picture(&library, "1.jpg", vec![region("Anna", Some(LEFT))]).await;
    assert_eq!(again.iter().map(|face| face.id).collect::<Vec<_>>(), [faces[0].id]);
    assert_eq!(names(&library, one).await, pairs(&[]));
    let (split, ben) =
        library.change_people(&Action::Split { faces: vec![faces[0].id], name: Some("Ben".into()) }).await.unwrap();
    look(&library, one, "3", &[]).await;
    assert_eq!(names(&library, one).await, pairs(&[("Ben", "confirmed")]));
    let source = library.face_source(Kind::People).await.unwrap();
    assert!(source.faces.iter().all(|face| face.fixed && face.person == ben));
    library.undo_people_change(split.id).await.unwrap();
    assert_eq!(names(&library, one).await, pairs(&[]));
}

#[tokio::test]
async fn placing_changes_nothing_that_was_confirmed_and_yields_to_the_user() {
    let (_dir, library, [_, two, three], group) = family().await;
    let faces = library.faces_in(three).await.unwrap();
    let stale = library.face_source(Kind::People).await.unwrap();
    library.change_people(&Action::Confirm { faces: vec![faces[1].id] }).await.unwrap();
    let places = [FacePlace { face: faces[0].id, whom: None, likeness: 0.0 }];
    assert!(!library.store_placing(&stale, &places).await.unwrap(), "the user changed people meanwhile");
    let anna = library.person_called("Anna").await.unwrap().unwrap();
    assert!(place(&library, &[(faces[1].id, FaceOwner::Known(anna))]).await);
    assert_eq!(library.face(faces[1].id).await.unwrap().person_id, Some(group));
    // A group that falls apart is gone.
    let alone = library.faces_in(two).await.unwrap()[0].id;
    library.change_people(&Action::Reject { faces: vec![faces[1].id], person: None }).await.unwrap();
    assert!(place(&library, &[(alone, FaceOwner::Known(anna))]).await);
    assert!(library.person(group).await.is_err());
    assert_eq!(library.unplaced_faces().await.unwrap(), 0);
}

#[tokio::test]
async fn those_kept_apart_are_remembered_until_they_are_merged() {
    let (_dir, library, _, group) = family().await;
    let anna = library.person_called("Anna").await.unwrap().unwrap();
    library.change_people(&Action::Apart { one: group, other: anna }).await.unwrap();
    assert_eq!(library.face_source(Kind::People).await.unwrap().apart, [(anna.min(group), anna.max(group))]);
    let (merge, _) = library.change_people(&Action::Merge { into: anna, people: vec![group] }).await.unwrap();
    assert!(library.face_source(Kind::People).await.unwrap().apart.is_empty());
    library.undo_people_change(merge.id).await.unwrap();
    assert_eq!(library.face_source(Kind::People).await.unwrap().apart.len(), 1);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let (_dir, library, _, group) = family().await;
    let anna = library.person_called("Anna").await.unwrap().unwrap();
    let nobody = PersonId::new();
    let ben = Action::Rename { person: group, name: "Ben".into() };
    library.change_people(&ben).await.unwrap();
    let changes = library.people_changes(99).await.unwrap().len();
    for action in [
        Action::Rename { person: group, name: "  ".into() },
        Action::Rename { person: group, name: "anna".into() },
        Action::Rename { person: nobody, name: "X".into() },
        Action::Merge { into: anna, people: vec![anna] },
        Action::Merge { into: anna, people: vec![group, nobody] },
        Action::Move { faces: vec![], person: anna },
        Action::Move { faces: vec![FaceId::new()], person: anna },
        Action::Apart { one: anna, other: anna },
    ] {
        let error = library.change_people(&action).await.unwrap_err();
        assert!(matches!(error, LibraryError::Refused(_) | LibraryError::NotFound { .. }), "{action:?}: {error}");
    }
    assert_eq!(library.people_changes(99).await.unwrap().len(), changes);
    assert_eq!(library.everybody().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_animal_gets_the_name_that_a_pets_region_says_or_the_user_and_is_a_pet() {
    let (_dir, library) = library().await;
    let animal = |area, who| NewFace { animal: true, vectors: "animals|1".into(), ..face(area, who) };
    let rex = NewPerson { pet: true, ..region("Rex", Some(LEFT)) };
    let one = picture(&library, "1.jpg", vec![rex, region("Anna", Some(RIGHT))]).await;
    let two = picture(&library, "2.jpg", vec![]).await;
    look(&library, one, "1", &[face(RIGHT, 1), animal(LEFT, 2), face(LEFT, 3)]).await;
    let both = look(&library, two, "1", &[animal(LEFT, 2), animal(RIGHT, 4)]).await;
    let of =
        |kind: Kind, source: &super::placing::FaceSource| (kind, source.faces.iter().filter(|face| face.fixed).count());
    for kind in Kind::ALL {
        assert_eq!(of(kind, &library.face_source(kind).await.unwrap()), (kind, 1), "each region means one of its kind");
    }
    let split = Action::Split { faces: vec![both[1].id], name: Some("Misty".into()) };
    let (_, misty) = library.change_people(&split).await.unwrap();
    assert!(library.person(misty.unwrap()).await.unwrap().pet);
    assert_eq!(names(&library, two).await, pairs(&[("Misty", "confirmed")]));
    assert!(library.unplaced_faces().await.unwrap() > 0, "another example is a reason to look again");
}

#[tokio::test]
async fn a_forgotten_person_leaves_the_pictures_and_nothing_else() {
    let (dir, library, [one, two, three], group) = family().await;
    let anna = library.person_called("Anna").await.unwrap().unwrap();
    library.change_people(&Action::Rename { person: anna, name: "Annabelle".into() }).await.unwrap();
    library.change_people(&Action::Rename { person: group, name: "Ben".into() }).await.unwrap();
    let forgotten = library.forget_person(anna).await.unwrap();
    assert_eq!((forgotten.before.vectors, forgotten.before.faces, forgotten.before.media), (2, 2, 2));
    assert!(forgotten.before.names > 0 && forgotten.before.values == 1 && forgotten.before.changes == 1);
    assert_eq!(forgotten.after, super::forget::Traces::default());
    assert_eq!(forgotten.media, [one, three]);
    // The file still says her name, and the engine still sees her face: neither brings her back.
    picture(&library, "1.jpg", vec![region("Anna", Some(LEFT))]).await;
    assert!(look(&library, one, "1", &[face(LEFT, 1)]).await.is_empty());
    assert!(library.person_called("Anna").await.unwrap().is_none());
    assert_eq!(names(&library, three).await, pairs(&[("Ben", "face")]));
    assert_eq!(found(&library, "Ben").await, [two, three]);
    let files =
        ["recollect.db", "recollect.db-wal"].map(|name| std::fs::read(dir.path().join(name)).unwrap_or_default());
    let vector = crate::library::faces::to_bytes(&face(LEFT, 1).embedding);
    for bytes in &files {
        assert!(!bytes.windows(vector.len()).any(|window| window == vector), "the vector is still in the file");
        assert!(!bytes.windows(9).any(|window| window == b"Annabelle"), "the name is still in the file");
    }
    assert!(matches!(library.forget_person(anna).await, Err(LibraryError::NotFound { .. })));
}

//! Concepts in a library: names, versions, certainties, and who sees what.

use super::examples::Said;
use super::scores::StoredProbe;
use super::weak::Builtin;
use super::*;
use crate::library::filter::MediaFilter;
use crate::library::jobs::{Claimant, Job, JobKind, ModelKey, Offer};
use crate::library::media::{NewMedium, Ordering, SeenFile};
use crate::library::seen::{FrameVector, Model, SeenLabel};
use crate::library::view::View;

async fn library() -> (tempfile::TempDir, Library) {
    let dir = tempfile::tempdir().unwrap();
    let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
    (dir, library)
}

async fn picture(library: &Library, name: &str, change: impl FnOnce(&mut NewMedium)) -> MediaId {
    let (path, folder) = (format!("/p/{name}"), "/p".to_owned());
    let file = SeenFile { path, folder, name: name.into(), bytes: 1, modified_ns: 1, sidecars: String::new() };
    let (hash, mime) = (name.to_owned(), "image/jpeg".to_owned());
    let mut medium = NewMedium { hash, kind: "photo", mime, size: Some((400, 300)), ..NewMedium::default() };
    change(&mut medium);
    library.store_medium(&file, &medium).await.unwrap()
}

fn key(version: &str) -> ModelKey {
    ModelKey { name: "eye".into(), version: version.into(), settings: String::new() }
}

fn model(version: &str) -> Model {
    Model { model: "eye".into(), version: version.into() }
}

/// Stores a vector as the worker does.
async fn look(library: &Library, id: MediaId, version: &str, vector: &[f32]) {
    let job = claim(library, JobKind::EmbedImage, version, id).await;
    // The poster of a video, and a frame of it.
    let frame = |frame_ms| FrameVector { frame_ms, vector: vector.to_vec() };
    library.store_picture_vectors(&job, &key(version), &[frame(None), frame(Some(900))]).await.unwrap();
}

/// The job of a kind for a medium, claimed.
async fn claim(library: &Library, kind: JobKind, version: &str, id: MediaId) -> Job {
    library.queue_first(kind, &key(version), id).await.unwrap();
    let offer = Offer { kind, model: Some(key(version)), limit: 9, floor: 0 };
    let claimant = Claimant { owner: "test", now: i64::MAX / 2, until: i64::MAX };
    library.claim_jobs(&[offer], claimant).await.unwrap().pop().unwrap()
}

fn probe(version: i64) -> StoredProbe {
    StoredProbe {
        id: ProbeId::new(),
        version,
        model: model("1"),
        settings: "x".into(),
        weights: Some(vec![1.0, -2.0]),
        bias: 0.5,
        quality: None,
        examples: 0,
        others: 0,
    }
}

fn said(belonging: &[MediaId], others: &[MediaId]) -> Said {
    Said { belonging: belonging.to_vec(), others: others.to_vec(), neither: Vec::new() }
}

#[tokio::test]
async fn names_are_one_of_a_kind_and_bounded() {
    let (_dir, library) = library().await;
    let id = library.create_concept("  Our   cabin ", &Said::default()).await.unwrap();
    assert_eq!(library.concept(id).await.unwrap().name, "Our cabin");
    assert_eq!(library.concept_called("our CABIN").await.unwrap(), Some(id));
    for name in ["our cabin", "", " ", &"x".repeat(81)] {
        let made = library.create_concept(name, &Said::default()).await;
        assert!(matches!(made, Err(LibraryError::Refused(_))), "{name}: {made:?}");
    }
    library.rename_concept(id, "our cabin").await.unwrap();
    let missing = library.create_concept("x", &said(&[MediaId::new()], &[])).await;
    assert!(matches!(missing, Err(LibraryError::NotFound { what: "medium", .. })));
    assert_eq!(library.concept_called("x").await.unwrap(), None, "what failed left nothing");
    library.delete_concept(id).await.unwrap();
    assert!(matches!(library.delete_concept(id).await, Err(LibraryError::NotFound { .. })));
}

#[tokio::test]
async fn every_change_is_a_version_to_go_back_to() {
    let (_dir, library) = library().await;
    let [a, b, c] = [
        picture(&library, "a", |_| {}).await,
        picture(&library, "b", |_| {}).await,
        picture(&library, "c", |_| {}).await,
    ];
    let id = library.create_concept("bikes", &said(&[a], &[])).await.unwrap();
    let second = library.say_of_concept(id, &said(&[b], &[c])).await.unwrap();
    let examples = || async {
        let all = library.concept_examples(id).await.unwrap();
        all.into_iter().map(|example| (example.id, example.belongs)).collect::<Vec<_>>()
    };
    assert_eq!(examples().await, [(a, true), (b, true), (c, false)]);
    assert_eq!(library.undo_concept(id).await.unwrap(), second - 1);
    assert_eq!(examples().await, [(a, true)]);
    let third = library.say_of_concept(id, &said(&[], &[a])).await.unwrap();
    assert_eq!(third, second + 1, "what was taken back is still there");
    assert_eq!(library.undo_concept(id).await.unwrap(), second - 1, "a version goes back to what it was made from");
    library.restore_concept(id, second).await.unwrap();
    assert_eq!(examples().await.len(), 3);
    assert!(matches!(library.restore_concept(id, 99).await, Err(LibraryError::NotFound { .. })));
    let neither = Said { neither: vec![a, b, c], ..Said::default() };
    library.say_of_concept(id, &neither).await.unwrap();
    assert!(examples().await.is_empty());
    let known = library.concept_versions(id).await.unwrap();
    assert_eq!(known[0].summary, "3 no longer an example");
}

#[tokio::test]
async fn certainties_are_of_one_probe_and_follow_the_threshold() {
    let (_dir, library) = library().await;
    let [a, b] = [picture(&library, "a", |_| {}).await, picture(&library, "b", |_| {}).await];
    let id = library.create_concept("bikes", &said(&[a], &[])).await.unwrap();
    let version = library.concept(id).await.unwrap().version;
    let score = |id, certainty| Member { id, certainty };
    let stored = probe(version);
    assert!(!library.put_probe(id, &probe(version + 1), &[score(a, 1.0)]).await.unwrap(), "of other examples");
    assert!(library.put_probe(id, &stored, &[score(a, 1.0), score(b, 0.6), score(MediaId::new(), 0.9)]).await.unwrap());
    assert_eq!(library.probe(stored.id).await.unwrap(), Some(stored.clone()));
    let belonging = || async {
        let filter = MediaFilter { concepts: vec![id], ..MediaFilter::default() };
        library.select(&filter, Ordering::Oldest, None).await.unwrap()
    };
    assert_eq!(belonging().await.len(), 2);
    let before = library.medium(b).await.unwrap().version;
    library.move_concept_threshold(id, 0.7).await.unwrap();
    assert_eq!(belonging().await, [a]);
    assert!(library.medium(b).await.unwrap().version > before, "the index learns that it does not belong");
    assert!(library.move_concept_threshold(id, 1.5).await.is_err());
    let without = MediaFilter { without_concepts: vec![id], ..MediaFilter::default() };
    assert_eq!(library.select(&without, Ordering::Oldest, None).await.unwrap(), [b]);
    library.add_concept_scores(id, ProbeId::new(), &[score(b, 0.9)]).await.unwrap();
    assert_eq!(belonging().await, [a], "of a probe that is no longer in force");
    library.add_concept_scores(id, stored.id, &[score(b, 0.9)]).await.unwrap();
    assert_eq!(library.concept_members(id, 0, 5).await.unwrap(), (vec![score(a, 1.0), score(b, 0.9)], 2));
    assert_eq!(library.uncertain_members(id, 0.7, 5).await.unwrap(), [score(b, 0.9)], "nobody asks what was said");
    library.drop_probe(id, version, "no pictures").await.unwrap();
    assert_eq!(belonging().await, [a], "what the user said stays");
    assert_eq!(library.concept(id).await.unwrap().problem.as_deref(), Some("no pictures"));
}

#[tokio::test]
async fn a_new_vector_has_a_picture_scored_again() {
    let (_dir, library) = library().await;
    let a = picture(&library, "a", |_| {}).await;
    let id = library.create_concept("bikes", &Said::default()).await.unwrap();
    look(&library, a, "1", &[1.0, 0.0]).await;
    let waiting = || async { library.unscored_vectors(id, &model("1"), 5).await.unwrap().len() };
    assert_eq!(waiting().await, 1);
    let version = library.concept(id).await.unwrap().version;
    library.put_probe(id, &probe(version), &[Member { id: a, certainty: 0.5 }]).await.unwrap();
    assert_eq!(waiting().await, 0);
    look(&library, a, "2", &[0.0, 1.0]).await;
    assert_eq!(library.unscored_vectors(id, &model("2"), 5).await.unwrap().len(), 1);
    assert_eq!(library.main_picture_model().await.unwrap(), Some(model("2")));
    assert!(library.concept_certainties(id, &[a]).await.unwrap().is_empty(), "it was of the other vector");
}

#[tokio::test]
async fn what_is_off_limits_is_not_there_for_others() {
    let (_dir, library) = library().await;
    let [bare, beach, gifts] = [
        picture(&library, "bare", |_| {}).await,
        picture(&library, "beach", |_| {}).await,
        picture(&library, "gifts", |_| {}).await,
    ];
    for (id, certain) in [(bare, 0.9), (beach, 0.9), (gifts, 0.0)] {
        let job = claim(&library, JobKind::Classify, "1", id).await;
        let rows = [SeenLabel { frame_ms: None, label: "porn".into(), score: certain }];
        library.store_labels(&job, &key("1"), None, Some((&model("1"), &rows))).await.unwrap();
    }
    library.ensure_builtin_concepts().await.unwrap();
    library.ensure_builtin_concepts().await.unwrap();
    let all = library.concepts().await.unwrap();
    assert_eq!(all.len(), Builtin::ALL.len());
    let nudity = all.iter().find(|one| one.concept.builtin.as_deref() == Some("nudity")).unwrap();
    // The user says that the beach is fine.
    library.say_of_concept(nudity.concept.id, &said(&[], &[beach])).await.unwrap();
    let secret = library.create_concept("not for guests", &said(&[gifts], &[])).await.unwrap();
    let version = library.concept(secret).await.unwrap().version;
    library.put_probe(secret, &probe(version), &[Member { id: gifts, certainty: 1.0 }]).await.unwrap();
    let guest = library.seen_through(View::Guarded { least: 0.6 });
    let seen =
        async |library: &Library| library.select(&MediaFilter::default(), Ordering::Oldest, None).await.unwrap().len();
    assert_eq!((seen(&library).await, seen(&guest).await), (3, 2));
    library.hide_concept(secret, true).await.unwrap();
    assert_eq!((seen(&library).await, seen(&guest).await), (3, 1));
    assert_eq!(guest.count(&MediaFilter::default()).await.unwrap(), 1);
    assert_eq!(guest.days().await.unwrap(), [(None, 1)]);
    assert!(guest.medium(gifts).await.is_err() && guest.medium(bare).await.is_err());
    assert_eq!(guest.media_by_ids(&[bare, beach, gifts]).await.unwrap().len(), 1);
    assert!(library.medium(bare).await.is_ok());
    assert!(library.delete_concept(nudity.concept.id).await.is_err(), "a built-in one stays");
}

#[tokio::test]
async fn weak_labels_come_from_what_the_library_knows() {
    let (_dir, library) = library().await;
    let shot = picture(&library, "shot", |medium| medium.screenshot = true).await;
    let good = picture(&library, "good", |medium| medium.rating = Some(5)).await;
    let poor = picture(&library, "poor", |medium| medium.rating = Some(1)).await;
    let slip = picture(&library, "slip", |medium| medium.tags = vec![("Quittung".into(), "xmp".into())]).await;
    let weak = async |builtin| library.weak_examples(builtin, 10).await.unwrap();
    assert_eq!(weak(Builtin::Screenshots).await.0, [shot]);
    assert_eq!(weak(Builtin::Quality).await, (vec![good], vec![poor]));
    assert_eq!(weak(Builtin::Documents).await, (vec![slip], vec![]));
    assert_eq!(weak(Builtin::Nudity).await, (vec![], vec![]));
}

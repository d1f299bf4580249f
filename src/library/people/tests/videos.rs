//! Faces in videos: one face in several frames, and where somebody is seen.

use super::*;
use crate::library::faces::FaceFrame;
use crate::library::moments::Moment;

#[tokio::test]
async fn a_face_of_a_video_stays_the_same_face_when_another_frame_shows_it_best() {
    let (_dir, library) = library().await;
    let id = picture(&library, "v.mp4", Vec::new()).await;
    let [left, right] = [[0.1, 0.1, 0.2, 0.2], [0.6, 0.1, 0.2, 0.2]];
    let frames = |frames: &[(i64, [f64; 4])]| -> Vec<FaceFrame> {
        frames.iter().map(|(frame_ms, area)| FaceFrame { frame_ms: *frame_ms, area: *area }).collect()
    };
    let seen = NewFace { frame_ms: Some(0), frames: frames(&[(0, left), (5000, right)]), ..face(left, 1) };
    let first = look(&library, id, "1", &[seen]).await;
    // Other frames, but for one; the face has moved meanwhile.
    let again = NewFace { frame_ms: Some(9000), frames: frames(&[(5000, right), (9000, right)]), ..face(right, 1) };
    let second = look(&library, id, "2", std::slice::from_ref(&again)).await;
    assert_eq!(second.iter().map(|face| face.id).collect::<Vec<_>>(), [first[0].id]);
    assert_eq!((second[0].frame_ms, second[0].x), (Some(9000), 0.6));
    // Who was forgotten is not found again in any of the frames.
    library.change_people(&Action::Split { faces: vec![first[0].id], name: Some("Anna".into()) }).await.unwrap();
    let anna = library.faces_in(id).await.unwrap()[0].person_id.unwrap();
    let shown = library.people_in(id).await.unwrap();
    assert_eq!((shown.len(), shown[0].area()), (1, None), "a box of another frame is not drawn on the poster");
    library.forget_person(anna).await.unwrap();
    let parts =
        [NewFace { frames: frames(&[(9000, right)]), ..again.clone() }, NewFace { frame_ms: Some(5000), ..again }];
    assert!(look(&library, id, "3", &parts).await.is_empty());
}

#[tokio::test]
async fn it_is_known_where_in_a_video_somebody_is_seen() {
    let (_dir, library) = library().await;
    let id = picture(&library, "v.mp4", Vec::new()).await;
    let key = model("frames");
    library.queue_first(JobKind::Keyframes, &key, id).await.unwrap();
    let offer = Offer { kind: JobKind::Keyframes, model: Some(key.clone()), limit: 1, floor: 0 };
    let claimant = Claimant { owner: "test", now: i64::MAX / 2, until: i64::MAX };
    let job = library.claim_jobs(&[offer], claimant).await.unwrap().pop().unwrap();
    library.store_keyframes(&job, &key, &[0, 4000, 8000, 12_000]).await.unwrap();
    let track = |times: &[i64], area, who| NewFace {
        frame_ms: times.first().copied(),
        frames: times.iter().map(|at| FaceFrame { frame_ms: *at, area }).collect(),
        ..face(area, who)
    };
    let faces = look(&library, id, "1", &[track(&[0, 4000, 12_000], LEFT, 1), track(&[4000], RIGHT, 2)]).await;
    let mut named = Vec::new();
    for (face, name) in faces.iter().zip(["Anna", "Ben"]) {
        let split = Action::Split { faces: vec![face.id], name: Some(name.into()) };
        named.push(library.change_people(&split).await.unwrap().1.unwrap());
    }
    let spans = |moments: &[Moment]| moments.iter().map(|m| (m.start_ms, m.frame_ms)).collect::<Vec<_>>();
    let anna = library.moments_of_people(&[id], &named[..1]).await.unwrap().remove(&id).unwrap();
    assert_eq!(spans(&anna), [(0, Some(0)), (12_000, Some(12_000))]);
    assert_eq!((anna[0].end_ms, anna[0].why[0].as_str()), (8000, "person: Anna"));
    let everybody = library.moments_of_everybody(id).await.unwrap();
    assert_eq!(everybody.len(), 3);
    assert_eq!(library.people_in(id).await.unwrap().len(), 2, "each counts once in the video");
    library.forget_person(named[0]).await.unwrap();
    assert!(library.moments_of_people(&[id], &named[..1]).await.unwrap().is_empty());
}

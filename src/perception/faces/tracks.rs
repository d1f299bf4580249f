//! The same face in many frames of one video is one face.
//!
//! A face that is seen in fifty frames must not count fifty times where faces are compared with each other: people would be
//! made of one video's light and angle. So the faces of a video are joined into tracks, and a track is stored as one
//! face: its best view, with the times and places of all. In order of time, each face joins the track whose average it
//! resembles most, if it does enough; a track has one face a frame. It may come back after others were shown.
//!
//! How much is enough: a face resembles the average of its person at 0.5 or more in 95 of 100 portraits, a stranger's at
//! 0.3 or less (see [`super::place`]); frames of one video are nearer than that. Of animals, two cuts of one have 0.71 or
//! more, and of two of a kind 0.72 at the most. What looks too poor to be told is left out, unless it is in the poster.

use super::gallery::{add, dot, unit};
use super::quality::{Measures, Quality};
use crate::library::faces::{FaceFrame, NewFace};

/// How alike a face and the average of a track must be.
const ALIKE: f32 = 0.5;

/// The same of animals.
const ALIKE_ANIMALS: f32 = 0.68;

/// Faces of one video at the most, those that are seen longest: a crowd is not a family.
const MOST: usize = 200;

/// Views of one face.
struct Track {
    sum: Vec<f32>,
    views: Vec<NewFace>,
}

/// The faces of the pictures of one medium, in order of time, each once. Faces of a photo stay as they are.
pub(super) fn tracks(frames: Vec<Vec<NewFace>>) -> Vec<NewFace> {
    if let [_] = frames.as_slice() {
        return frames.into_iter().flatten().collect();
    }
    let (mut found, mut tracks) = (Vec::new(), Vec::<Track>::new());
    for frame in frames {
        let (clear, poor): (Vec<_>, Vec<_>) = frame.into_iter().partition(is_clear);
        found.extend(poor.into_iter().filter(|face| face.frame_ms.is_none()));
        join(&mut tracks, clear);
    }
    tracks.sort_by_key(|track| std::cmp::Reverse(track.views.len()));
    tracks.truncate(MOST);
    found.extend(tracks.into_iter().filter_map(|track| best(track.views)));
    found
}

/// Adds the faces of one picture, the most alike first.
fn join(tracks: &mut Vec<Track>, faces: Vec<NewFace>) {
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    for (at, face) in faces.iter().enumerate() {
        let vector = unit(&face.embedding);
        for (to, track) in tracks.iter().enumerate() {
            let comparable = track.views.first().is_some_and(|view| view.vectors == face.vectors);
            let likeness = dot(&unit(&track.sum), &vector);
            if comparable && likeness >= if face.animal { ALIKE_ANIMALS } else { ALIKE } {
                pairs.push((likeness, at, to));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let mut chosen: Vec<Option<usize>> = vec![None; faces.len()];
    for (_, at, to) in pairs {
        if chosen[at].is_none() && !chosen.contains(&Some(to)) {
            chosen[at] = Some(to);
        }
    }
    for (face, to) in faces.into_iter().zip(chosen) {
        match to {
            Some(to) => {
                add(&mut tracks[to].sum, &unit(&face.embedding));
                tracks[to].views.push(face);
            }
            None => tracks.push(Track { sum: unit(&face.embedding), views: vec![face] }),
        }
    }
}

/// The view that shows a face best, with all the frames that it is in. That of the poster, if it is good: it is the one
/// that is seen, and that the file's regions are drawn on.
fn best(views: Vec<NewFace>) -> Option<NewFace> {
    let frame = |view: &NewFace| Some(FaceFrame { frame_ms: view.frame_ms?, area: view.area });
    let frames: Vec<FaceFrame> = views.iter().filter_map(frame).collect();
    let shown = |view: &NewFace| {
        let good = view.animal || measures(view).quality() == Quality::Good;
        let rank = if view.animal { view.pixels as f32 } else { measures(view).rank() };
        (view.frame_ms.is_none() && good, rank)
    };
    let by = |a: &NewFace, b: &NewFace| {
        let ((poster, rank), (other_poster, other)) = (shown(a), shown(b));
        poster.cmp(&other_poster).then(rank.total_cmp(&other))
    };
    // Of equals, the first.
    let best = views.into_iter().rev().max_by(by)?;
    Some(NewFace { frames, ..best })
}

fn is_clear(face: &NewFace) -> bool {
    face.animal || measures(face).quality() >= Quality::Fair
}

fn measures(face: &NewFace) -> Measures {
    Measures {
        score: face.score as f32,
        pixels: face.pixels as f32,
        sharpness: face.sharpness as f32,
        yaw: face.yaw as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A face that looks like number `who`, a little differently each time.
    fn face(frame_ms: Option<i64>, who: usize, pixels: f64) -> NewFace {
        let turned = frame_ms.unwrap_or_default() as f32 / 100_000.0;
        let embedding = (0..8).map(|at| if at == who { 1.0 } else { 0.1 + turned }).collect();
        NewFace {
            frame_ms,
            frames: Vec::new(),
            area: [0.1 * who as f64, 0.2, 0.1, 0.1],
            score: 0.95,
            sharpness: 90.0,
            yaw: 0.0,
            pixels,
            embedding,
            vectors: "faces|1".to_owned(),
            animal: false,
            clothes: Vec::new(),
        }
    }

    fn times(face: &NewFace) -> Vec<i64> {
        face.frames.iter().map(|frame| frame.frame_ms).collect()
    }

    #[test]
    fn who_comes_and_goes_is_one_face_in_the_best_view() {
        let frames = vec![
            vec![],
            vec![face(Some(0), 1, 40.0), face(Some(0), 2, 60.0)],
            vec![face(Some(1000), 2, 50.0)],
            vec![face(Some(2000), 1, 80.0)],
        ];
        let mut found = tracks(frames);
        found.sort_by_key(times);
        assert_eq!(found.len(), 2);
        assert_eq!((times(&found[0]), found[0].frame_ms), (vec![0, 1000], Some(0)));
        assert_eq!((times(&found[1]), found[1].frame_ms), (vec![0, 2000], Some(2000)));
    }

    #[test]
    fn two_alike_in_one_frame_are_two_and_the_poster_is_preferred() {
        let twins = vec![vec![face(None, 3, 30.0)], vec![face(Some(500), 3, 90.0), face(Some(500), 3, 80.0)]];
        let found = tracks(twins);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].frame_ms, times(&found[0])), (None, vec![500]));
    }

    #[test]
    fn what_is_too_small_to_be_told_is_kept_only_in_the_poster_and_photos_stay_as_they_are() {
        assert_eq!(tracks(vec![vec![face(None, 1, 9.0)], vec![face(Some(0), 1, 9.0)]]).len(), 1);
        let photo = vec![face(None, 1, 9.0), face(None, 1, 90.0)];
        assert_eq!(tracks(vec![photo.clone()]), photo);
    }

    #[test]
    fn faces_of_different_models_never_meet() {
        let other = NewFace { vectors: "faces|2".to_owned(), ..face(Some(10), 1, 90.0) };
        assert_eq!(tracks(vec![vec![face(None, 1, 90.0)], vec![other]]).len(), 2);
    }
}

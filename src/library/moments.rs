//! Moments: the spans of a video in which something is seen or said, each with the frame that shows it.
//!
//! A frame stands for the time from when it is shown to the next frame. Spans that overlap or follow each other are one
//! moment. What is a moment of a question is left to `search` and to the assistant; here are the value itself, how
//! moments are joined, and the moments in which people are seen.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use sqlx::{FromRow, QueryBuilder, Sqlite};
use utoipa::ToSchema;

use super::{Library, MediaId, PersonId, Result, select};

/// Moments that are kept of one video: more are no help to find anything.
const MOST: usize = 24;

/// Identifiers in one query.
const IDS: usize = 500;

/// A span of a video that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Moment {
    /// Milliseconds from the start of the video.
    pub start_ms: i64,
    /// Milliseconds from the start of the video; later than the start.
    pub end_ms: i64,
    /// The frame that shows it, by its time: `/media/{id}/keyframes/{frame_ms}`. `None` when none was chosen so early; the
    /// thumbnail of the video shows it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame_ms: Option<i64>,
    /// How well it fits, 0–1.
    pub score: f32,
    /// Why, in the words of reasons: "seen: dog".
    pub why: Vec<String>,
}

/// The time that each frame stands for: from when it is shown to the next, the last one to the end of the video.
pub fn spans(frames: &[i64], duration_ms: Option<i64>) -> Vec<(i64, i64)> {
    let ends = frames.iter().skip(1).copied().chain(std::iter::once(duration_ms.unwrap_or(0)));
    frames.iter().zip(ends).map(|(start, end)| (*start, end.max(start + 1))).collect()
}

/// The frame that shows a video at this time, of those chosen: the last before it.
pub fn frame_at(frames: impl IntoIterator<Item = i64>, at_ms: i64) -> Option<i64> {
    frames.into_iter().filter(|frame| *frame <= at_ms).max()
}

/// Joins moments that overlap or follow each other, in order of time; of very many the best. A joined moment is as good as
/// its best part, which it is shown by.
pub fn join(mut moments: Vec<Moment>) -> Vec<Moment> {
    moments.sort_by_key(|moment| (moment.start_ms, moment.end_ms));
    let mut joined: Vec<Moment> = Vec::new();
    for moment in moments {
        match joined.last_mut().filter(|last| moment.start_ms <= last.end_ms) {
            Some(last) => {
                last.end_ms = last.end_ms.max(moment.end_ms);
                if moment.score > last.score || last.frame_ms.is_none() {
                    last.frame_ms = moment.frame_ms.or(last.frame_ms);
                }
                last.score = last.score.max(moment.score);
                for why in moment.why {
                    if !last.why.contains(&why) {
                        last.why.push(why);
                    }
                }
            }
            None => joined.push(moment),
        }
    }
    if joined.len() > MOST {
        joined.sort_by(|a, b| b.score.total_cmp(&a.score));
        joined.truncate(MOST);
        joined.sort_by_key(|moment| moment.start_ms);
    }
    joined
}

/// The moments in which both are to be seen; all of both where they never are.
pub fn both(a: Vec<Moment>, b: Vec<Moment>) -> Vec<Moment> {
    let mut together = Vec::new();
    for (one, other) in a.iter().flat_map(|one| b.iter().map(move |other| (one, other))) {
        let (start_ms, end_ms) = (one.start_ms.max(other.start_ms), one.end_ms.min(other.end_ms));
        if start_ms < end_ms {
            let frames = [one.frame_ms, other.frame_ms].into_iter().flatten();
            let frame_ms = frames.filter(|frame| *frame < end_ms).max();
            let why = one.why.iter().chain(other.why.iter().filter(|why| !one.why.contains(why)));
            let (score, why) = (one.score.min(other.score), why.cloned().collect());
            together.push(Moment { start_ms, end_ms, frame_ms, score, why });
        }
    }
    join(if together.is_empty() { [a, b].concat() } else { together })
}

/// A time as it is said: "1:23", "1:02:03".
pub fn clock(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// The moment that fits best, the earliest of equals.
pub fn best(moments: &[Moment]) -> Option<&Moment> {
    moments.iter().rev().max_by(|a, b| a.score.total_cmp(&b.score))
}

#[derive(FromRow)]
struct Sighting {
    media_id: MediaId,
    frame_ms: i64,
    name: String,
}

#[derive(FromRow)]
struct Frame {
    media_id: MediaId,
    at_ms: i64,
    duration_ms: Option<i64>,
}

impl Library {
    /// The frames of these videos with the time each stands for, in order. Photos, and videos whose frames were not chosen,
    /// have none.
    pub async fn frame_spans(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, Vec<(i64, i64)>>> {
        let mut frames: HashMap<MediaId, (Vec<i64>, Option<i64>)> = HashMap::new();
        for some in ids.chunks(IDS) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT k.media_id, k.at_ms, m.duration_ms FROM media_keyframes k JOIN media m ON m.id = k.media_id \
                 WHERE k.media_id IN (",
            );
            select::push_ids(&mut query, some);
            query.push(") ORDER BY k.media_id, k.at_ms");
            for Frame { media_id, at_ms, duration_ms } in query.build_query_as::<Frame>().fetch_all(&self.read).await? {
                let known = frames.entry(media_id).or_default();
                known.0.push(at_ms);
                known.1 = duration_ms;
            }
        }
        Ok(frames.into_iter().map(|(id, (frames, duration))| (id, spans(&frames, duration))).collect())
    }

    /// Where in a video each of the people in it is seen; unnamed groups are left out.
    pub async fn moments_of_everybody(&self, id: MediaId) -> Result<Vec<Moment>> {
        let sql = "SELECT DISTINCT f.person_id FROM face_frames n JOIN faces f ON f.id = n.face_id \
                   JOIN people p ON p.id = f.person_id AND p.name <> '' AND p.hidden = 0 \
                   WHERE f.media_id = $1 AND f.state = 'face' ORDER BY f.person_id";
        let people: Vec<PersonId> = sqlx::query_scalar(sql).bind(id).fetch_all(&self.read).await?;
        let mut moments = Vec::new();
        for person in people {
            moments.extend(self.moments_of_people(&[id], &[person]).await?.into_values().flatten());
        }
        Ok(moments)
    }

    /// Where in these videos any of these people is seen. "Is seen" means that a model found their face in a frame.
    pub async fn moments_of_people(
        &self,
        ids: &[MediaId],
        people: &[PersonId],
    ) -> Result<HashMap<MediaId, Vec<Moment>>> {
        if people.is_empty() {
            return Ok(HashMap::new());
        }
        let mut seen: BTreeMap<MediaId, Vec<Sighting>> = BTreeMap::new();
        for some in ids.chunks(IDS) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT f.media_id, n.frame_ms, p.name FROM face_frames n JOIN faces f ON f.id = n.face_id \
                 JOIN people p ON p.id = f.person_id WHERE f.state = 'face' AND f.media_id IN (",
            );
            select::push_ids(&mut query, some);
            query.push(") AND f.person_id IN (");
            select::push_ids(&mut query, people);
            query.push(") ORDER BY f.media_id, n.frame_ms, p.name");
            for sighting in query.build_query_as::<Sighting>().fetch_all(&self.read).await? {
                seen.entry(sighting.media_id).or_default().push(sighting);
            }
        }
        let ids: Vec<MediaId> = seen.keys().copied().collect();
        let spans = self.frame_spans(&ids).await?;
        let moments = |id: MediaId, seen: Vec<Sighting>| -> Vec<Moment> {
            let spans = spans.get(&id).map(Vec::as_slice).unwrap_or_default();
            let moment = |sighting: Sighting| {
                let at = spans.binary_search_by_key(&sighting.frame_ms, |span| span.0).ok()?;
                let (start_ms, end_ms) = spans[at];
                let why = vec![format!("person: {}", sighting.name)];
                Some(Moment { start_ms, end_ms, frame_ms: Some(start_ms), score: 1.0, why })
            };
            join(seen.into_iter().filter_map(moment).collect())
        };
        Ok(seen.into_iter().map(|(id, seen)| (id, moments(id, seen))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(start_ms: i64, end_ms: i64, score: f32, why: &str) -> Moment {
        Moment { start_ms, end_ms, frame_ms: Some(start_ms), score, why: vec![why.to_owned()] }
    }

    #[test]
    fn a_frame_stands_for_the_time_to_the_next() {
        assert_eq!(spans(&[0, 4000, 9000], Some(10_000)), [(0, 4000), (4000, 9000), (9000, 10_000)]);
        // A length that the file states wrongly, or not at all, makes no empty span.
        assert_eq!(spans(&[500, 4000], Some(3000)), [(500, 4000), (4000, 4001)]);
        assert_eq!(spans(&[], None), []);
        assert_eq!((frame_at([500, 4000], 3999), frame_at([500, 4000], 100)), (Some(500), None));
    }

    #[test]
    fn moments_that_follow_each_other_are_one_shown_by_its_best_part() {
        let joined = join(vec![
            moment(9000, 12_000, 0.5, "seen: dog"),
            moment(0, 2000, 0.6, "seen: dog"),
            moment(2000, 4000, 0.9, "seen: dog"),
            moment(3000, 5000, 0.4, "spoken at 0:03: a dog"),
        ]);
        assert_eq!(joined.len(), 2);
        assert_eq!((joined[0].start_ms, joined[0].end_ms, joined[0].frame_ms), (0, 5000, Some(2000)));
        assert_eq!((joined[0].score, joined[0].why.len()), (0.9, 2));
        assert_eq!(best(&joined).map(|best| best.start_ms), Some(0));
    }

    #[test]
    fn two_are_together_where_their_moments_meet() {
        let anna = vec![moment(0, 4000, 1.0, "person: Anna"), moment(9000, 12_000, 1.0, "person: Anna")];
        let dog = vec![moment(3000, 10_000, 0.8, "seen: dog")];
        let together = both(anna.clone(), dog.clone());
        let spans: Vec<_> = together.iter().map(|moment| (moment.start_ms, moment.end_ms, moment.frame_ms)).collect();
        assert_eq!(spans, [(3000, 4000, Some(3000)), (9000, 10_000, Some(9000))]);
        assert_eq!(together[0].why, ["person: Anna", "seen: dog"]);
        let never = both(anna, vec![moment(5000, 6000, 0.8, "seen: dog")]);
        assert_eq!(never.len(), 3);
        assert_eq!(both(Vec::new(), dog.clone()), dog);
    }

    #[test]
    fn of_very_many_moments_the_best_are_kept_in_order_of_time() {
        let many = (0..100).map(|n| moment(n * 10, n * 10 + 5, n as f32 / 100.0, "seen: sea")).collect();
        let kept = join(many);
        assert_eq!((kept.len(), kept[0].start_ms), (MOST, 760));
        assert!(kept.is_sorted_by_key(|moment| moment.start_ms));
    }
}

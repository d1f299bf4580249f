//! Sees what belongs together once files are read: events from folders, near duplicates, bursts, live-photo pairs, and
//! the place of a picture without a position among pictures of the same event.
//!
//! A function of what the library holds: running it again changes nothing, so it can run whenever files came in.

use std::collections::{BTreeMap, HashMap};

use super::duplicates::{Look, find_repeats};
use super::events::{self, Kind, Position, Segment, Shot};
use crate::library::copies::{CopyGroups, CopySource};
use crate::library::events::{EventSource, NewEvent};
use crate::library::{Library, MediaId, PersonId, Result};

/// The video of a live photo is not longer, milliseconds.
const LIVE_LONGEST_MS: i64 = 6000;

/// Brings events, places, copies and pairs up to date.
pub async fn organise(library: &Library) -> Result<()> {
    let roots: Vec<String> = library.roots().await?.into_iter().map(|root| root.path).collect();
    let sources = library.event_sources().await?;
    let people = library.people_of_media().await?;
    let found = tokio::task::spawn_blocking(move || found_events(&sources, &people, &roots)).await;
    library.replace_events(&found.unwrap_or_default()).await?;
    library.place_by_events().await?;
    let media = library.copy_sources().await?;
    let (groups, pairs) =
        tokio::task::spawn_blocking(move || (copies(&media), live_pairs(&media))).await.unwrap_or_default();
    library.replace_live_pairs(&pairs).await?;
    library.replace_copies(&groups).await
}

/// The events that folders name, with what belongs to them.
fn found_events(
    sources: &[EventSource],
    people: &HashMap<MediaId, Vec<PersonId>>,
    roots: &[String],
) -> Vec<NewEvent> {
    let (shots, of_shot) = shots(sources, people);
    let segments = events::find(&shots, roots);
    let new_event = |segment: &Segment| {
        let (folder, name) = segment.folder.clone()?;
        let times = || segment.shots.iter().filter_map(|&shot| of_shot[shot].taken.clone());
        Some(NewEvent {
            origin: format!("folder:{folder}"),
            name,
            kind: if segment.kind == Kind::Trip { "trip" } else { "event" },
            starts: times().min(),
            ends: times().max(),
            place: place(&segment.shots.iter().map(|&shot| of_shot[shot]).collect::<Vec<_>>()),
            media: segment.shots.iter().map(|&shot| shots[shot].id).collect(),
        })
    };
    segments.iter().filter_map(new_event).collect()
}

/// Every medium once, with all its folders, and one of its files for each.
fn shots<'a>(
    sources: &'a [EventSource],
    people: &HashMap<MediaId, Vec<PersonId>>,
) -> (Vec<Shot>, Vec<&'a EventSource>) {
    let (mut shots, mut of_shot): (Vec<Shot>, Vec<&EventSource>) = (Vec::new(), Vec::new());
    let mut known: HashMap<MediaId, usize> = HashMap::new();
    for source in sources {
        let at = *known.entry(source.id).or_insert_with(|| {
            of_shot.push(source);
            shots.push(Shot {
                id: source.id,
                folders: Vec::new(),
                local: source.taken.as_deref().and_then(|taken| taken.parse().ok()),
                timed: source.timed,
                instant: source.instant,
                position: source.lat.zip(source.lon).map(|(lat, lon)| Position { lat, lon }),
                camera: source.camera.clone(),
                people: people.get(&source.id).cloned().unwrap_or_default(),
            });
            shots.len() - 1
        });
        shots[at].folders.push(source.folder.clone());
    }
    (shots, of_shot)
}

/// The city that most media share, else the country that all share.
fn place(sources: &[&EventSource]) -> Option<String> {
    let placed: Vec<_> = sources.iter().filter(|source| source.country.is_some() || source.city.is_some()).collect();
    let mut cities: BTreeMap<&str, usize> = BTreeMap::new();
    for city in placed.iter().filter_map(|source| source.city.as_deref()) {
        *cities.entry(city).or_default() += 1;
    }
    let country = placed.first()?.country.clone();
    let one_country = placed.iter().all(|source| source.country == country);
    match cities.into_iter().max_by_key(|(_, count)| *count) {
        Some((city, count)) if count * 5 >= placed.len() * 3 => Some(
            country.filter(|_| one_country).map_or_else(|| city.to_owned(), |country| format!("{city}, {country}")),
        ),
        _ => country.filter(|_| one_country),
    }
}

/// Near duplicates and bursts among photos.
fn copies(media: &[CopySource]) -> CopyGroups {
    let photos: Vec<&CopySource> = media.iter().filter(|medium| medium.kind == "photo").collect();
    let looks: Vec<Look<'_>> = photos
        .iter()
        .map(|medium| Look {
            hash: medium.phash.map(|hash| hash as u64),
            size: (edge(medium.width), edge(medium.height)),
            taken: medium.taken.as_deref().filter(|_| medium.timed).and_then(|taken| taken.parse().ok()),
            camera: medium.camera.as_deref(),
            folder: &medium.folder,
            name: &medium.name,
        })
        .collect();
    let repeats = find_repeats(&looks);
    let group = |kind: &'static str, members: &Vec<usize>| {
        let ids: Vec<MediaId> = members.iter().filter_map(|&member| photos.get(member)).map(|photo| photo.id).collect();
        // The group is named by what its first member is, so that it is the same however often it is found.
        let key =
            members.first().and_then(|&first| photos.get(first)).map_or_else(String::new, |photo| photo.path.clone());
        (kind, key, ids)
    };
    let near = repeats.near.iter().map(|members| group("near", members));
    near.chain(repeats.bursts.iter().map(|members| group("burst", members))).collect()
}

fn edge(pixels: Option<i64>) -> u32 {
    pixels.and_then(|pixels| u32::try_from(pixels).ok()).unwrap_or(0)
}

/// Videos that are the moving half of a still: by Apple's identifier, or by the same name in the same folder when the
/// video is as short as those are.
fn live_pairs(media: &[CopySource]) -> Vec<(MediaId, MediaId)> {
    let mut by_content: HashMap<&str, MediaId> = HashMap::new();
    let mut by_name: HashMap<(&str, String), MediaId> = HashMap::new();
    for still in media.iter().filter(|medium| medium.kind == "photo") {
        if let Some(id) = &still.content_id {
            by_content.entry(id).or_insert(still.id);
        }
        by_name.entry((&still.folder, stem(&still.name))).or_insert(still.id);
    }
    media
        .iter()
        .filter(|medium| medium.kind == "video")
        .filter_map(|video| {
            let by_content = video.content_id.as_deref().and_then(|id| by_content.get(id));
            let short = video.duration_ms.is_some_and(|ms| ms <= LIVE_LONGEST_MS);
            let by_name = || by_name.get(&(video.folder.as_str(), stem(&video.name))).filter(|_| short);
            by_content.or_else(by_name).map(|still| (video.id, *still))
        })
        .collect()
}

fn stem(name: &str) -> String {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(kind: &str, name: &str, duration_ms: Option<i64>, content_id: Option<&str>) -> CopySource {
        CopySource {
            id: MediaId::new(),
            kind: kind.into(),
            path: format!("/p/{name}"),
            folder: "/p".into(),
            name: name.into(),
            phash: None,
            width: None,
            height: None,
            duration_ms,
            taken: None,
            timed: false,
            camera: None,
            content_id: content_id.map(str::to_owned),
        }
    }

    #[test]
    fn a_short_clip_beside_a_still_of_its_name_is_its_moving_half() {
        let media = [
            source("photo", "IMG_1.HEIC", None, None),
            source("video", "IMG_1.MOV", Some(2900), None),
            source("photo", "IMG_2.JPG", None, None),
            source("video", "IMG_2.MP4", Some(60_000), None),
            source("photo", "A.HEIC", None, Some("x")),
            source("video", "B.MOV", Some(9000), Some("x")),
        ];
        assert_eq!(live_pairs(&media), [(media[1].id, media[0].id), (media[5].id, media[4].id)]);
    }
}

//! Sees what belongs together once files are read: events, near duplicates, bursts, live-photo pairs, and
//! the place of a picture without a position among pictures of the same event.
//!
//! A function of what the library holds: running it again changes nothing, so it can run whenever files came in.

use std::collections::HashMap;

use super::duplicates::{Look, find_repeats};
use super::gather;
use crate::library::copies::{CopyGroups, CopySource};
use crate::library::{Library, MediaId, Result};

/// The video of a live photo is not longer, milliseconds.
const LIVE_LONGEST_MS: i64 = 6000;

/// Brings events, places, copies and pairs up to date; `language` is the code of that in which events get their names.
/// Returns how often that raised the library's revision.
pub async fn organise(library: &Library, language: &str) -> Result<i64> {
    let mut writes = i64::from(gather::store_events(library, language).await?);
    if library.place_by_events().await? {
        // Events are called by the places of their pictures, too.
        writes += 1 + i64::from(gather::store_events(library, language).await?);
    }
    let media = library.copy_sources().await?;
    let (groups, pairs) =
        tokio::task::spawn_blocking(move || (copies(&media), live_pairs(&media))).await.unwrap_or_default();
    writes += i64::from(library.replace_live_pairs(&pairs).await?);
    Ok(writes + i64::from(library.replace_copies(&groups).await?))
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
    use crate::library::media::{NewMedium, NewPlace, NewTaken, SeenFile};

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

    #[tokio::test]
    async fn what_is_organised_is_written_once() {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
        for hour in 8..12 {
            let (name, folder) = (format!("{hour}.jpg"), "/p/2019-07-06 Paddling".to_owned());
            let path = format!("{folder}/{name}");
            let file = SeenFile { path, folder, name: name.clone(), bytes: 1, modified_ns: 1, sidecars: String::new() };
            let local = jiff::civil::date(2019, 7, 6).at(hour, 0, 0, 0);
            let taken =
                NewTaken { local, precision: "second", offset_minutes: None, instant: None, source: "exif".into() };
            let (mime, hash) = ("image/jpeg".to_owned(), name);
            // Two say where they were taken, and the others follow.
            let (country, country_code) = (Some("Norway".to_owned()), Some("NO".to_owned()));
            let norway = NewPlace { country, country_code, source: "gps", ..NewPlace::default() };
            let place = (hour < 10).then_some(norway);
            let medium = NewMedium { hash, kind: "photo", mime, taken: Some(taken), place, ..NewMedium::default() };
            library.store_medium(&file, &medium).await.unwrap();
        }
        let before = library.revision().await.unwrap();
        let writes = organise(&library, "en").await.unwrap();
        let after = library.revision().await.unwrap();
        assert!(writes > 1, "{writes}");
        assert_eq!(after - before, writes);
        assert_eq!(library.events().await.unwrap().len(), 1);
        assert_eq!(organise(&library, "en").await.unwrap(), 0, "doing it again changes nothing");
        assert_eq!(library.revision().await.unwrap(), after);
    }
}

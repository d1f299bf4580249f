//! Chooses, among all values read of a medium, the one that counts for each field. The order is documented at [`super`].
//!
//! Pure and repeatable: the same facts in the same order give the same metadata, so a sidecar can be merged at any time.

use std::collections::HashSet;

use super::camera;
use super::facts::{Facts, RegionFact, Role, TimeFact};
use super::model::{
    Camera, Exposure, Keyword, Metadata, Person, PlaceNames, Precision, Region, Source, Sourced, Taken,
};
use super::names;
use super::orientation;
use super::when;

/// Seconds that clocks of cameras, phones and satellites are forgiven for.
const CLOCK_SLACK: i64 = 300;

/// Makes the metadata of a medium from its facts.
pub(super) fn choose(facts: Facts) -> Metadata {
    let orientation = choose_orientation(&facts);
    let turn = orientation.as_ref().map_or(1, |turn| turn.value);
    let visible = facts.cropped.or(facts.size);
    let title = best(&facts.titles, |source| rank(WORDS, source));
    let titled = title.as_ref().and_then(|title| names::title_year(&title.value));
    let titled = titled.map(|taken| TimeFact { role: Role::Original, taken, source: Title });
    let times: Vec<TimeFact> = facts.times.iter().cloned().chain(titled).collect();
    Metadata {
        mime: facts.mime.clone(),
        video: facts.video,
        raw: facts.raw,
        taken: taken(&times, facts.duration_s),
        position: best(&facts.positions, |source| rank(POSITION, source)),
        stored_size: facts.size,
        displayed_size: visible.map(|size| orientation::upright_size(size, turn)),
        duration_s: facts.duration_s,
        camera: choose_camera(&facts),
        lens: best(&facts.lenses, |source| rank(TECHNICAL, source)),
        exposure: exposure(&facts.exposures),
        title,
        description: description(&facts),
        keywords: keywords(&facts.keywords),
        rating: rating(&facts.ratings),
        favorite: best(&facts.favorites, |source| rank(WORDS, source)),
        people: people(&facts.people, turn),
        place: place(&facts.places),
        projection: best(&facts.projections, |source| rank(WORDS, source)),
        motion: facts.motions.first().cloned(),
        live_id: facts.live_ids.first().cloned(),
        screenshot: facts.screenshot,
        generated: super::generated::of(&facts.values),
        sidecars: Vec::new(),
        values: facts.values.clone(),
        warnings: facts.warnings.clone(),
        orientation,
        facts,
    }
}

use Source::{
    Container, Exif, FileName, FolderName, Gps, Iptc, MakerNote, PicasaIni, Quicktime, SidecarXmp, TakeoutJson, Title,
    Xmp,
};

/// Words that people write: what they wrote last, in the program they use, comes first.
const WORDS: &[Source] = &[SidecarXmp, TakeoutJson, PicasaIni, Xmp, Iptc, Exif, Quicktime, Container];
/// What devices write.
const TECHNICAL: &[Source] = &[Exif, MakerNote, Quicktime, Xmp, SidecarXmp, Container, TakeoutJson];
/// Positions: set by hand in a sidecar, measured by the device, copied by programs, guessed by Google.
const POSITION: &[Source] = &[SidecarXmp, Gps, Quicktime, Xmp, Container, TakeoutJson];

fn rank(order: &[Source], source: Source) -> usize {
    order.iter().position(|known| *known == source).unwrap_or(order.len())
}

/// The first of the values with the best rank.
fn best<T: Clone>(values: &[Sourced<T>], rank: impl Fn(Source) -> usize) -> Option<Sourced<T>> {
    values.iter().min_by_key(|value| rank(value.source)).cloned()
}

/// The orientation that decoders apply: the container's own where the format has one, else EXIF's. XMP's only repeats it,
/// and no decoder looks there, but for raw files a sidecar is where programs turn them.
fn choose_orientation(facts: &Facts) -> Option<Sourced<u8>> {
    let of = |source: Source| facts.orientations.iter().find(|turn| turn.source == source).cloned();
    let sidecar = facts.raw.then(|| of(SidecarXmp)).flatten();
    sidecar.or_else(|| of(Container)).or_else(|| of(Quicktime)).or_else(|| of(Exif))
}

/// Rank of a time by what it says and where: smaller is better; `None` for what never counts.
fn time_rank(fact: &TimeFact) -> u32 {
    let vague = u32::from(fact.taken.precision < Precision::Minute);
    let rank = match (fact.role, fact.source) {
        (Role::Original, SidecarXmp) => 0,
        (Role::Original, Exif | MakerNote) => 2,
        (Role::Original, Xmp) => 4,
        (Role::Original, Quicktime) => 5,
        (Role::Original, Iptc) => 6,
        (Role::Original, Container) => 7,
        (Role::Created, SidecarXmp) => 8,
        (Role::Created, Exif) => 10,
        (Role::Created, Xmp | Iptc) => 11,
        (Role::Created, Quicktime | Container) => 12,
        (Role::Original, TakeoutJson) => 14,
        (Role::Fix, _) => 16,
        (_, FileName) => 18,
        (_, Title) => 20,
        (Role::Modified, Exif) => 22,
        (_, FolderName) => 24,
        (Role::Modified, _) => 26,
        _ => 28,
    };
    // A day from a better place loses to a full time within that day from a worse one, see `sharpened`; alone it keeps
    // its rank.
    rank * 2 + vague
}

/// The time that counts, completed with what other readings know of the same moment.
fn taken(times: &[TimeFact], duration_s: Option<f64>) -> Option<Sourced<Taken>> {
    let chosen = times.iter().min_by_key(|fact| time_rank(fact))?;
    let chosen = sharpened(chosen, times);
    let value = complete(chosen, times, duration_s);
    Some(Sourced { value, source: chosen.source })
}

/// A reading of the same day that knows the time of day, when the chosen one knows the day only.
fn sharpened<'t>(chosen: &'t TimeFact, times: &'t [TimeFact]) -> &'t TimeFact {
    if chosen.taken.precision >= Precision::Minute {
        return chosen;
    }
    let within = |other: &TimeFact| {
        let (a, b) = (chosen.taken.local.date(), other.taken.local.date());
        match chosen.taken.precision {
            Precision::Year => a.year() == b.year(),
            Precision::Month => (a.year(), a.month()) == (b.year(), b.month()),
            _ => a == b,
        }
    };
    let finer = |other: &&TimeFact| {
        other.taken.precision > chosen.taken.precision
            && other.role != Role::Modified
            && !other.taken.needs_zone()
            && within(other)
    };
    times.iter().filter(finer).min_by_key(|fact| time_rank(fact)).unwrap_or(chosen)
}

/// Adds the offset (to a bare wall time) or the wall time (to a bare instant) from the other readings.
fn complete(chosen: &TimeFact, times: &[TimeFact], duration_s: Option<f64>) -> Taken {
    let taken = chosen.taken;
    if taken.offset.is_some() || taken.precision < Precision::Minute {
        return taken;
    }
    let trusted = |fact: &&TimeFact| fact.role != Role::Modified && fact.taken.precision >= Precision::Minute;
    // Films carry the time at which they end in some places and that of their start in others.
    #[expect(clippy::cast_possible_truncation, reason = "bounded")]
    let slack = CLOCK_SLACK + duration_s.unwrap_or(0.0).clamp(0.0, 120.0) as i64;
    if let Some(instant) = taken.instant {
        let offset = times
            .iter()
            .filter(trusted)
            .filter(|fact| !fact.taken.needs_zone())
            .find_map(|fact| fact.taken.offset.or_else(|| when::offset_between(fact.taken.local, instant, slack)));
        return match offset {
            Some(offset) => Taken { local: offset.to_datetime(instant), offset: Some(offset), ..taken },
            None => taken,
        };
    }
    let same_second = times.iter().filter(trusted).find_map(|fact| {
        let apart = fact.taken.local.duration_since(taken.local).as_secs().abs();
        fact.taken.offset.filter(|_| apart <= 1)
    });
    let offset = same_second.or_else(|| {
        let bare = times.iter().filter(trusted).filter(|fact| fact.taken.needs_zone());
        bare.filter_map(|fact| fact.taken.instant).find_map(|instant| when::offset_between(taken.local, instant, slack))
    });
    Taken::local(taken.local, taken.precision, offset)
}

fn choose_camera(facts: &Facts) -> Option<Sourced<Camera>> {
    let make = best(&facts.makes, |source| rank(TECHNICAL, source));
    let model = best(&facts.models, |source| rank(TECHNICAL, source));
    let source = model.as_ref().or(make.as_ref())?.source;
    let (make, model) = (make.map(|make| make.value), model.map(|model| model.value));
    let label = camera::label(make.as_deref(), model.as_deref())?;
    Some(Sourced { value: Camera { make, model, label }, source })
}

fn exposure(all: &[Sourced<Exposure>]) -> Exposure {
    let mut sorted: Vec<&Sourced<Exposure>> = all.iter().collect();
    sorted.sort_by_key(|exposure| rank(TECHNICAL, exposure.source));
    let mut chosen = Exposure::default();
    for Sourced { value, .. } in sorted {
        chosen.iso = chosen.iso.or(value.iso);
        chosen.f_number = chosen.f_number.or(value.f_number);
        chosen.exposure_s = chosen.exposure_s.or(value.exposure_s);
        chosen.focal_mm = chosen.focal_mm.or(value.focal_mm);
        chosen.focal_35mm = chosen.focal_35mm.or(value.focal_35mm);
    }
    chosen
}

/// The description, without those that cameras write into every picture.
fn description(facts: &Facts) -> Option<Sourced<String>> {
    let written: Vec<Sourced<String>> =
        facts.descriptions.iter().filter(|text| !is_boilerplate(&text.value)).cloned().collect();
    best(&written, |source| rank(WORDS, source))
}

/// Whether a description is a camera's own: "OLYMPUS DIGITAL CAMERA", "SONY DSC", "DCIM\100MEDIA\DJI_0001.JPG", `<KENOX
/// S630>`.
pub(super) fn is_boilerplate(text: &str) -> bool {
    let upper = text.trim().to_uppercase();
    let shouted = upper == text.trim();
    (shouted
        && (upper.ends_with("DIGITAL CAMERA") || upper.ends_with("DIGITAL STILL CAMERA") || upper.ends_with(" DSC")))
        || upper.starts_with("DCIM\\")
        || upper.starts_with("DCIM/")
        || (upper.starts_with('<') && upper.ends_with('>'))
        || matches!(
            upper.as_str(),
            "DEFAULT" | "USER COMMENTS" | "SAMSUNG" | "EXIF_JPEG_PICTURE" | "IMAGE DESCRIPTION" | "CAMERA"
        )
}

/// All keywords once. A flat one that ends a known path is that path; one that is a step within it stays as its own.
fn keywords(all: &[Sourced<Vec<String>>]) -> Vec<Keyword> {
    let mut chosen: Vec<Keyword> = Vec::new();
    let (mut paths, mut names) = (HashSet::new(), HashSet::new());
    let mut sorted: Vec<&Sourced<Vec<String>>> = all.iter().collect();
    sorted.sort_by_key(|keyword| (std::cmp::Reverse(keyword.value.len() > 1), rank(WORDS, keyword.source)));
    for Sourced { value: path, source } in sorted {
        let Some(name) = path.last() else { continue };
        let lower: Vec<String> = path.iter().map(|step| step.to_lowercase()).collect();
        let new_name = names.insert(name.to_lowercase());
        if if path.len() == 1 { new_name } else { paths.insert(lower) } {
            chosen.push(Keyword { name: name.clone(), path: path.clone(), source: *source });
        }
    }
    chosen
}

/// The rating; no stars from a better place do not hide stars from a worse one, since programs write 0 for "never asked".
fn rating(all: &[Sourced<i8>]) -> Option<Sourced<i8>> {
    let given: Vec<Sourced<i8>> = all.iter().filter(|rating| rating.value != 0).cloned().collect();
    best(if given.is_empty() { all } else { &given }, |source| rank(WORDS, source))
}

/// People and pets once each, those with a region first; the same face written in two ways counts once.
fn people(all: &[RegionFact], turn: u8) -> Vec<Person> {
    let mut chosen: Vec<(Option<String>, Person)> = Vec::new();
    let mut sorted: Vec<&RegionFact> = all.iter().collect();
    sorted.sort_by_key(|fact| (fact.region.is_none(), rank(WORDS, fact.source)));
    for fact in sorted {
        let region = fact.region.map(|region| upright(region, fact, turn));
        let lower = fact.name.as_ref().map(|name| name.to_lowercase());
        let known = chosen.iter_mut().find(|(name, person)| match (&person.region, &region) {
            (Some(a), Some(b)) => (*name == lower || name.is_none() || lower.is_none()) && overlap(a, b) > 0.5,
            _ => lower.is_some() && *name == lower,
        });
        match known {
            Some((name, person)) if name.is_none() => (*name, person.name) = (lower, fact.name.clone()),
            Some(_) => {}
            None => {
                let person = Person { name: fact.name.clone(), region, kind: fact.kind, source: fact.source };
                chosen.push((lower, person));
            }
        }
    }
    chosen.into_iter().map(|(_, person)| person).collect()
}

/// A region in the frame of the upright picture. Regions are drawn on the stored picture (Metadata Working Group 5.9), also
/// by programs that give the size of the upright one with them, as Lightroom does.
fn upright(region: Region, fact: &RegionFact, turn: u8) -> Region {
    if fact.upright { region } else { orientation::upright_region(region, turn) }
}

/// Intersection over union.
fn overlap(a: &Region, b: &Region) -> f64 {
    let side = |a: f64, a_len: f64, b: f64, b_len: f64| ((a + a_len).min(b + b_len) - a.max(b)).max(0.0);
    let common = side(a.x, a.w, b.x, b.w) * side(a.y, a.h, b.y, b.h);
    common / (a.w * a.h + b.w * b.h - common).max(f64::MIN_POSITIVE)
}

/// The place as written by the best source, its gaps filled from the others while they speak of the same place.
fn place(all: &[Sourced<PlaceNames>]) -> Option<Sourced<PlaceNames>> {
    let mut sorted: Vec<&Sourced<PlaceNames>> = all.iter().collect();
    sorted.sort_by_key(|place| rank(WORDS, place.source));
    let mut sorted = sorted.into_iter();
    let mut chosen = sorted.next()?.clone();
    for Sourced { value: other, .. } in sorted {
        let own = &mut chosen.value;
        if own.city.is_some() && other.city.is_some() && own.city != other.city {
            continue;
        }
        let fill = |own: &mut Option<String>, other: &Option<String>| *own = own.take().or_else(|| other.clone());
        fill(&mut own.location, &other.location);
        fill(&mut own.city, &other.city);
        fill(&mut own.state, &other.state);
        fill(&mut own.country, &other.country);
        fill(&mut own.country_code, &other.country_code);
    }
    Some(chosen)
}

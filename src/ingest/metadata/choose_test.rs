//! Which of several values counts, as documented at [`super`]; every case here is one that real libraries hold.

use super::choose::choose;
use super::facts::{Facts, RegionFact, Role, Text};
use super::model::{Metadata, PlaceNames, Region, Source, SubjectKind};
use super::{offset_label, when};

fn with(fill: impl FnOnce(&mut Facts)) -> Metadata {
    let mut facts = Facts::default();
    fill(&mut facts);
    choose(facts)
}

fn time(facts: &mut Facts, role: Role, text: &str, source: Source) {
    let taken = when::parse(text).unwrap();
    // What ends in Z stands for a reading that knows the instant only.
    let taken = if text.ends_with('Z') { super::Taken::utc(taken.instant.unwrap()) } else { taken };
    facts.time("time", role, taken, source);
}

fn shown(metadata: &Metadata) -> String {
    let taken = metadata.taken.as_ref().unwrap();
    let offset = taken.value.offset.map_or("?".into(), offset_label);
    format!("{} {offset} {}", taken.value.local, taken.source)
}

#[test]
fn the_time_of_the_shutter_beats_times_of_change() {
    let metadata = with(|facts| {
        time(facts, Role::Modified, "2020-01-01T00:00:00", Source::Exif);
        time(facts, Role::Created, "2019-06-09T15:00:00", Source::Exif);
        time(facts, Role::Original, "2019-06-09T14:59:29", Source::Exif);
        time(facts, Role::Original, "2019-06-01T00:00:00", Source::FileName);
    });
    assert_eq!(shown(&metadata), "2019-06-09T14:59:29 ? exif");
    let edited = with(|facts| {
        time(facts, Role::Original, "2019-06-09T14:59:29", Source::Exif);
        time(facts, Role::Original, "1987-06-09T14:00:00", Source::SidecarXmp);
    });
    assert_eq!(shown(&edited), "1987-06-09T14:00:00 ? sidecar_xmp");
    let renamed = with(|facts| {
        time(facts, Role::Modified, "2020-01-01T00:00:00", Source::Exif);
        time(facts, Role::Original, "2019-06-01T10:00:00", Source::FileName);
    });
    assert_eq!(shown(&renamed), "2019-06-01T10:00:00 ? file_name");
}

#[test]
fn the_offset_comes_from_a_reading_in_utc() {
    let by_satellite = with(|facts| {
        time(facts, Role::Original, "2019-06-09T20:57:31", Source::Exif);
        time(facts, Role::Fix, "2019-06-09T10:57:29Z", Source::Gps);
    });
    assert_eq!(shown(&by_satellite), "2019-06-09T20:57:31 +10:00 exif");
    let film = with(|facts| {
        facts.duration(13.0);
        time(facts, Role::Created, "2019-02-15T21:13:33Z", Source::Quicktime);
        time(facts, Role::Original, "2019-02-15T16:13:20", Source::FileName);
    });
    assert_eq!(shown(&film), "2019-02-15T16:13:33 -05:00 quicktime");
    let apple = with(|facts| {
        time(facts, Role::Created, "2020-04-05T19:05:00Z", Source::Quicktime);
        time(facts, Role::Original, "2020-04-05T14:05:00-05:00", Source::Quicktime);
    });
    assert_eq!(shown(&apple), "2020-04-05T14:05:00 -05:00 quicktime");
    let takeout = with(|facts| time(facts, Role::Original, "2022-02-20T01:45:13Z", Source::TakeoutJson));
    assert!(takeout.taken.unwrap().value.needs_zone());
}

#[test]
fn a_day_gives_way_to_a_time_within_it() {
    let metadata = with(|facts| {
        time(facts, Role::Original, "2019-06-09", Source::Iptc);
        time(facts, Role::Created, "2019-06-09T12:00:00", Source::Xmp);
    });
    assert_eq!(shown(&metadata), "2019-06-09T12:00:00 ? xmp");
    let other_day = with(|facts| {
        time(facts, Role::Original, "2019-06-09", Source::Iptc);
        time(facts, Role::Created, "2019-07-01T12:00:00", Source::Xmp);
    });
    assert_eq!(shown(&other_day), "2019-06-09T00:00:00 ? iptc");
}

#[test]
fn words_come_from_where_people_wrote_them_last() {
    let metadata = with(|facts| {
        facts.text(Text::Description, "a", "OLYMPUS DIGITAL CAMERA", Source::Exif);
        facts.text(Text::Description, "b", "Cake", Source::Iptc);
        facts.text(Text::Title, "c", "Old", Source::Xmp);
        facts.text(Text::Title, "d", "New", Source::SidecarXmp);
        facts.rating("e", 0.0, Source::SidecarXmp);
        facts.rating("f", 4.0, Source::Exif);
        facts.place(PlaceNames { city: Some("Rome".into()), ..PlaceNames::default() }, Source::Xmp);
        facts.place(
            PlaceNames { city: Some("Rome".into()), country: Some("Italy".into()), ..PlaceNames::default() },
            Source::Iptc,
        );
    });
    assert_eq!(metadata.description.unwrap().value, "Cake", "what the camera writes is no description");
    assert_eq!(metadata.title.unwrap().value, "New");
    assert_eq!(metadata.rating.unwrap().value, 4, "no stars do not hide stars");
    assert_eq!(metadata.place.unwrap().value.country.as_deref(), Some("Italy"));
    assert_eq!(metadata.values.len(), 9, "every value is kept");
    let bare = with(|facts| facts.text(Text::Description, "a", "SONY DSC", Source::Exif));
    assert!(bare.description.is_none());
}

#[test]
fn keywords_are_joined_and_keep_their_hierarchy() {
    let metadata = with(|facts| {
        facts.keyword("dc:subject", &["Berlin"], Source::Xmp);
        facts.keyword("Keywords", &["berlin"], Source::Iptc);
        facts.keyword("lr:hierarchicalSubject", &["Places", "Germany", "Berlin"], Source::Xmp);
        facts.keyword("digiKam:TagsList", &["Places", "Germany", "Berlin"], Source::Xmp);
        facts.keyword("Keywords", &["Shop"], Source::Iptc);
    });
    let names: Vec<_> = metadata.keywords.iter().map(|keyword| keyword.name.as_str()).collect();
    assert_eq!(names, ["Berlin", "Shop"]);
    assert_eq!(metadata.keywords[0].path, ["Places", "Germany", "Berlin"]);
}

#[test]
fn a_face_written_twice_counts_once_and_lies_upright() {
    let face = |name: Option<&str>, x: f64, source| RegionFact {
        name: name.map(str::to_owned),
        kind: SubjectKind::Person,
        region: Some(Region { x, y: 0.1, w: 0.2, h: 0.1 }),
        upright: false,
        source,
    };
    let metadata = with(|facts| {
        facts.orientation(6, Source::Exif);
        facts.person("a", face(Some("Anna"), 0.1, Source::Xmp));
        facts.person("b", face(Some("Anna"), 0.11, Source::SidecarXmp));
        facts.person("c", face(None, 0.1, Source::Xmp));
        facts.person("d", face(None, 0.7, Source::Xmp));
        facts.person("e", super::xmp_regions::named("anna", Source::Xmp));
        facts.person("f", super::xmp_regions::named("Ben", Source::TakeoutJson));
    });
    let names: Vec<_> = metadata.people.iter().map(|person| person.name.as_deref()).collect();
    assert_eq!(names, [Some("Anna"), None, Some("Ben")]);
    let region = metadata.people[0].region.unwrap();
    assert!((region.x - 0.8).abs() < 1e-9 && (region.y - 0.11).abs() < 1e-9, "{region:?}");
    assert!((region.w - 0.1).abs() < 1e-9 && (region.h - 0.2).abs() < 1e-9, "{region:?}");
}

#[test]
fn no_position_is_made_of_zeros_or_of_nonsense() {
    let metadata = with(|facts| {
        facts.position(0.0, 0.0, None, Source::Gps);
        facts.position(91.0, 10.0, None, Source::Gps);
        facts.position(f64::NAN, 10.0, None, Source::Xmp);
        facts.position(43.06, -89.4, Some(f64::INFINITY), Source::TakeoutJson);
    });
    let position = metadata.position.unwrap();
    assert_eq!((position.value.lat, position.value.altitude, position.source), (43.06, None, Source::TakeoutJson));
    assert_eq!(metadata.warnings.len(), 3);
}

//! Invented media: each number makes one, the same in every run. They are the years of a family: outings of one day in one
//! place, mostly at home, and weeks away, with folders and keywords for some. Descriptions, places, people, faces, things and
//! vectors have as many different values as those of a family's library have.

use jiff::ToSpan;
use jiff::civil::date;

use crate::library::faces::NewFace;
use crate::library::media::{NewMedium, NewPerson, NewPlace, NewTaken, SeenFile};
use crate::library::seen::{SeenLabel, SeenObject};
use crate::library::synthetic::LookedAt;

const WHO: [&str; 12] = [
    "a child",
    "two friends",
    "an old man",
    "a brown dog",
    "a black cat",
    "a woman",
    "a boy",
    "some horses",
    "a surfer",
    "a cook",
    "a group of people",
    "a cyclist",
];
const DOES: [&str; 12] = [
    "playing with",
    "standing beside",
    "looking at",
    "sitting near",
    "jumping over",
    "eating",
    "holding",
    "carrying",
    "painting",
    "walking past",
    "sleeping by",
    "laughing at",
];
const WHAT: [&str; 16] = [
    "a red ball",
    "an umbrella",
    "a wooden table",
    "the lighthouse",
    "a birthday cake",
    "an old bicycle",
    "a sailing boat",
    "the fountain",
    "a snowman",
    "green apples",
    "a kite",
    "the fireplace",
    "a guitar",
    "a market stall",
    "a yellow bus",
    "the campfire",
];
/// City, region, country, its code, degrees north and east. The first is home.
const PLACES: [(&str, &str, &str, &str, f64, f64); 8] = [
    ("Leipzig", "Saxony", "Germany", "DE", 51.340, 12.375),
    ("Lisbon", "Lisbon", "Portugal", "PT", 38.717, -9.140),
    ("Bergen", "Vestland", "Norway", "NO", 60.393, 5.324),
    ("Kyoto", "Kyoto", "Japan", "JP", 35.012, 135.768),
    ("Denver", "Colorado", "United States", "US", 39.739, -104.985),
    ("Oaxaca", "Oaxaca", "Mexico", "MX", 17.073, -96.726),
    ("Perth", "Western Australia", "Australia", "AU", -31.953, 115.857),
    ("Nairobi", "Nairobi", "Kenya", "KE", -1.286, 36.817),
];
const CAMERAS: [(&str, &str, &str); 5] = [
    ("Canon EOS 70D", "Canon", "Canon EOS 70D"),
    ("Apple iPhone 8", "Apple", "iPhone 8"),
    ("Apple iPhone 13", "Apple", "iPhone 13"),
    ("Google Pixel 6", "Google", "Pixel 6"),
    ("Olympus E-PM1", "OLYMPUS IMAGING CORP.", "E-PM1"),
];
const KEYWORDS: [&str; 24] = [
    "family", "garden", "school", "holiday", "party", "hike", "beach", "snow", "concert", "market", "zoo", "museum",
    "football", "swimming", "picnic", "bikes", "music", "friends", "work", "cooking", "sunset", "forest", "lake",
    "train",
];

/// Days in which the years of the library lie.
const DAYS: u32 = 12 * 365;
/// Media taken on one outing.
const AN_OUTING: u32 = 40;

const PEOPLE: [&str; 10] =
    ["Ida", "Jonas", "Mira", "Tobias", "Aunt Vera", "Leif", "Noor", "Sam", "Grandpa Emil", "Yuki"];
const THINGS: [&str; 12] = [
    "person",
    "dog",
    "cat",
    "car",
    "boat",
    "chair",
    "cup",
    "bicycle",
    "bird",
    "umbrella",
    "dining table",
    "potted plant",
];
const LABELS: [&str; 12] = [
    "seashore", "alp", "lakeside", "castle", "tabby", "beagle", "espresso", "pizza", "sailboat", "palace", "volcano",
    "daisy",
];

/// Length of the vectors of faces.
const FACE: usize = 128;

/// A number of which nothing can be told from `number` at a glance, below `below`; others for every `step`.
fn pick(number: u32, step: u32, below: usize) -> usize {
    (number.wrapping_mul(2_654_435_761).rotate_left(step) as usize) % below
}

/// The day of the outing on which `number` was taken, counted from the first. The factor shares no divisor with the number
/// of days, so that no two of the first outings are on the same.
fn day(number: u32) -> u32 {
    (u64::from(number / AN_OUTING) * 1301 % u64::from(DAYS)) as u32
}

/// Where the family is on a day: one week of four is spent away.
fn place_on(day: u32) -> (&'static str, NewPlace, (f64, f64)) {
    let week = day / 7;
    let at = if pick(week, 3, 4) == 0 { 1 + pick(week, 9, PLACES.len() - 1) } else { 0 };
    let (city, region, country, code, north, east) = PLACES[at];
    let place = NewPlace {
        locality: Some(city.into()),
        city: Some(city.into()),
        region: Some(region.into()),
        country: Some(country.into()),
        country_code: Some(code.into()),
        source: "gps",
    };
    (city, place, (north, east))
}

/// Takes `number` (0…) to a medium that was read: its file and what it says.
pub(super) fn medium(number: u32) -> (SeenFile, NewMedium) {
    let (day, of_outing) = (day(number), number % AN_OUTING);
    let (city, place, (north, east)) = place_on(day);
    let description = format!(
        "{} {} {}",
        WHO[pick(number, 7, WHO.len())],
        DOES[pick(number, 11, DOES.len())],
        WHAT[pick(number, 17, WHAT.len())]
    );
    let start = date(2014, 1, 1).at(9, 0, 0, 0);
    let span = i64::from(day).days().minutes(of_outing * 12);
    let local = start.checked_add(span).unwrap_or(start);
    let folder = match day % 3 {
        0 => format!("/synthetic/{}", local.strftime("%Y/%m")),
        _ => format!("/synthetic/{} {city}", local.strftime("%Y/%Y-%m-%d")),
    };
    let name = format!("IMG_{number:06}.jpg");
    let file =
        SeenFile { path: format!("{folder}/{name}"), folder, name, bytes: 1, modified_ns: 1, sidecars: String::new() };
    let person = |step| NewPerson {
        name: PEOPLE[pick(number, step, PEOPLE.len())].into(),
        pet: false,
        area: None,
        source: "xmp".into(),
    };
    let keyword = |of: usize| (KEYWORDS[of].to_owned(), "xmp".to_owned());
    let (label, make, model) = CAMERAS[pick(day / 365, 5, 3) + pick(number, 23, 3)];
    let hash = blake3::hash(&number.to_le_bytes());
    let medium = NewMedium {
        hash: hash.to_hex().to_string(),
        kind: if number.is_multiple_of(50) { "video" } else { "photo" },
        mime: "image/jpeg".into(),
        size: Some((4000, 3000)),
        taken: Some(NewTaken {
            local,
            precision: "second",
            offset_minutes: None,
            instant: None,
            source: "exif".into(),
        }),
        position: Some((north + f64::from(of_outing) * 1e-3, east + f64::from(number % 7) * 1e-3, None)),
        place: Some(place),
        description: Some(description),
        rating: number.is_multiple_of(10).then_some(4),
        camera: Some((label.into(), Some(make.into()), Some(model.into()))),
        phash: hash.as_bytes().first_chunk().map(|bytes| u64::from_le_bytes(*bytes)),
        tags: match number % 4 {
            0 => vec![keyword(pick(day, 6, KEYWORDS.len())), keyword(pick(number, 14, KEYWORDS.len()))],
            _ => Vec::new(),
        },
        people: if number.is_multiple_of(3) { vec![person(5), person(13)] } else { Vec::new() },
        ..NewMedium::default()
    };
    (file, medium)
}

/// The same after models looked at it. Its pictures lie in one of 256 folders; vectors are `dimensions` long.
pub(super) fn looked_at(number: u32, dimensions: usize) -> LookedAt {
    let (file, mut medium) = medium(number);
    medium.hash.replace_range(0..4, &format!("{:04x}", number % 256));
    let mut named: Vec<&str> = medium.people.iter().map(|person| person.name.as_str()).collect();
    named.sort_unstable();
    named.dedup();
    let faces = named.len() + pick(number, 21, 3) / 2;
    let faces = (0..faces).map(|at| face(number, at, named.get(at).map_or(at + 100, |name| name.len() + at)));
    let thing = |step| SeenObject {
        frame_ms: None,
        label: THINGS[pick(number, step, THINGS.len())].to_owned(),
        score: 0.3 + pick(number, step + 2, 60) as f64 / 100.0,
        x: 0.2,
        y: 0.3,
        w: 0.3,
        h: 0.4,
    };
    let label =
        |step, score| SeenLabel { frame_ms: None, label: LABELS[pick(number, step, LABELS.len())].to_owned(), score };
    LookedAt {
        faces: faces.collect(),
        group: pick(number, 9, 1 << 16),
        objects: vec![thing(4), thing(15)],
        labels: vec![label(2, 0.7), label(19, 0.1)],
        vector: unit_vector(pick(number, 6, 500) as u64, u64::from(number), dimensions),
        file,
        medium,
    }
}

fn face(number: u32, at: usize, who: usize) -> NewFace {
    NewFace {
        frame_ms: None,
        frames: Vec::new(),
        area: [0.1 + 0.2 * (at % 4) as f64, 0.2, 0.12, 0.16],
        score: 0.9,
        sharpness: 300.0,
        yaw: 0.1,
        pixels: 140.0,
        embedding: unit_vector(who as u64, u64::from(number) << 8 | at as u64, FACE),
        vectors: "synthetic|1".to_owned(),
        animal: false,
        clothes: vec![at as u8; 48],
    }
}

/// A vector of length 1 near the middle of a cluster, both told by numbers.
pub(super) fn unit_vector(cluster: u64, own: u64, dimensions: usize) -> Vec<f32> {
    let (mut middle, mut beside) = (Noise(cluster.wrapping_add(1) << 20), Noise(own.wrapping_mul(0x9e37_79b9) | 1));
    let vector: Vec<f32> = (0..dimensions).map(|_| middle.next() + 0.7 * beside.next()).collect();
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.into_iter().map(|value| value / length).collect()
}

/// Numbers between -1 and 1 that follow no pattern (Steele, Lea and Flood, SplitMix, 2014).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }
}

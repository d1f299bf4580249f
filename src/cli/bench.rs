//! `recollect bench`: how fast questions and searches are on a synthetic library, against a plain scan in the same run.
//!
//! Times on a shared machine vary; the ratio to the scan, measured in turns with it, says more than either number.

use std::time::{Duration, Instant};

use clap::Args;
use jiff::ToSpan;
use jiff::civil::date;

use super::{Global, print_line};
use crate::app::{App, lock};
use crate::assistant::ask::ask;
use crate::assistant::{Mode, Question};
use crate::library::media::{NewMedium, NewPerson, NewPlace, NewTaken, SeenFile};

#[derive(Debug, Args)]
pub(super) struct BenchArguments {
    /// Number of synthetic media
    #[arg(long, default_value_t = 20_000)]
    media: u32,
    /// Rounds of all queries
    #[arg(long, default_value_t = 5)]
    rounds: u32,
}

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
const PLACES: [(&str, &str, &str, &str); 8] = [
    ("Lisbon", "Lisbon", "Portugal", "PT"),
    ("Bergen", "Vestland", "Norway", "NO"),
    ("Kyoto", "Kyoto", "Japan", "JP"),
    ("Denver", "Colorado", "United States", "US"),
    ("Leipzig", "Saxony", "Germany", "DE"),
    ("Oaxaca", "Oaxaca", "Mexico", "MX"),
    ("Perth", "Western Australia", "Australia", "AU"),
    ("Nairobi", "Nairobi", "Kenya", "KE"),
];
const PEOPLE: [&str; 10] =
    ["Ida", "Jonas", "Mira", "Tobias", "Aunt Vera", "Leif", "Noor", "Sam", "Grandpa Emil", "Yuki"];
const QUERIES: [&str; 12] = [
    "a dog playing with a red ball",
    "Mira in Japan",
    "birthday cake",
    "sailing boat in Norway 2019",
    "photos of Jonas and Ida",
    "umbrella last summer",
    "campfire",
    "Grandpa Emil at the fireplace",
    "yellow bus",
    "cats in Portugal",
    "kite on a sunday",
    "snowman before 2018",
];

pub(super) async fn run(global: &Global, arguments: BenchArguments) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let _lock = lock(folder.path())?;
    let app = App::open(folder.path(), global.configured(&[])?).await?;
    let started = Instant::now();
    fill(&app, arguments.media).await?;
    let filled = started.elapsed();
    let started = Instant::now();
    app.indexer.run_until_searchable(|_| {}).await?;
    let indexed = started.elapsed();
    print_line(&format!("media            {}", arguments.media))?;
    print_line(&format!("stored           {:.0}/s", f64::from(arguments.media) / filled.as_secs_f64()))?;
    print_line(&format!("indexed          {:.0}/s", f64::from(arguments.media) / indexed.as_secs_f64()))?;
    measure(&app, arguments.rounds).await?;
    app.close().await;
    Ok(())
}

/// Stores media of all combinations, spread over twelve years.
async fn fill(app: &App, media: u32) -> anyhow::Result<()> {
    let start = date(2014, 1, 1).at(6, 0, 0, 0);
    for number in 0..media {
        let pick =
            |modulus: usize, step: u32| (number.wrapping_mul(2_654_435_761).rotate_left(step) as usize) % modulus;
        let (city, region, country, code) = PLACES[pick(PLACES.len(), 3)];
        let description =
            format!("{} {} {}", WHO[pick(WHO.len(), 7)], DOES[pick(DOES.len(), 11)], WHAT[pick(WHAT.len(), 17)]);
        let local = start.checked_add((i64::from(number) * 5).hours()).unwrap_or(start);
        let file = SeenFile {
            path: format!("/synthetic/{}/IMG_{number:06}.jpg", local.year()),
            folder: format!("/synthetic/{}", local.year()),
            name: format!("IMG_{number:06}.jpg"),
            bytes: 1,
            modified_ns: 1,
            sidecars: String::new(),
        };
        let person = |step| NewPerson {
            name: PEOPLE[pick(PEOPLE.len(), step)].into(),
            pet: false,
            area: None,
            source: "xmp".into(),
        };
        let new = NewMedium {
            hash: blake3::hash(&number.to_le_bytes()).to_hex().to_string(),
            kind: if number % 50 == 0 { "video" } else { "photo" },
            mime: "image/jpeg".into(),
            size: Some((4000, 3000)),
            taken: Some(NewTaken {
                local,
                precision: "second",
                offset_minutes: None,
                instant: None,
                source: "exif".into(),
            }),
            place: Some(NewPlace {
                locality: Some(city.into()),
                city: Some(city.into()),
                region: Some(region.into()),
                country: Some(country.into()),
                country_code: Some(code.into()),
                source: "gps",
            }),
            description: Some(description),
            people: if number % 3 == 0 { vec![person(5), person(13)] } else { Vec::new() },
            ..NewMedium::default()
        };
        app.library.store_medium(&file, &new).await?;
    }
    Ok(())
}

/// Searches, asks and scans in turns.
async fn measure(app: &App, rounds: u32) -> anyhow::Result<()> {
    let (mut searches, mut asks, mut scans) = (Vec::new(), Vec::new(), Vec::new());
    // The first of each starts engines and fills caches; it is told apart.
    let started = Instant::now();
    app.assistant.search(QUERIES[0], None, &[]).await?;
    print_line(&format!("first search     {:.1} ms", ms(started.elapsed())))?;
    for _ in 0..rounds {
        for query in QUERIES {
            let started = Instant::now();
            app.assistant.search(query, None, &[]).await?;
            searches.push(started.elapsed());
            let started = Instant::now();
            let question =
                Question { text: query.into(), now: None, mode: Mode::Direct, replaces: None, picture: None };
            ask(&app.assistant, None, question).await?;
            asks.push(started.elapsed());
            let started = Instant::now();
            app.library.scan_descriptions(query).await?;
            scans.push(started.elapsed());
        }
    }
    for (name, times) in [("search", &mut searches), ("ask", &mut asks), ("scan (reference)", &mut scans)] {
        times.sort_unstable();
        let at = |share: f64| ms(times[((times.len() - 1) as f64 * share) as usize]);
        print_line(&format!("{name:<16} median {:>7.1} ms   p95 {:>7.1} ms", at(0.5), at(0.95)))?;
    }
    let ratio = ms(searches[searches.len() / 2]) / ms(scans[scans.len() / 2]);
    print_line(&format!("search / scan    {ratio:.2}"))
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

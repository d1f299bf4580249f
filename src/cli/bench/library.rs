//! A server with a large library, asked as the web app asks it: how long its pages take, and what memory it holds.
//!
//! The library is invented and indexed by the usual ways, with an encoder that invents vectors; its thumbnails are a few
//! pictures under many names. Then the program itself serves it, with the models that are installed, and is asked over HTTP.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::super::{Global, print_line};
use super::print_times;
use super::questions::QUERIES;
use super::synthetic::{looked_at, unit_vector};
use crate::app::{App, lock};
use crate::assistant::themes::Themes;
use crate::engine::{EngineError, ModelName, TextEncoder};
use crate::ingest::picture::{THUMBNAIL_SIZES, thumbnail_path, write_whole};
use crate::jobs::{Indexer, IndexerParts, JobsConfig, ModelKey, Queue, QueueParts};
use crate::library::synthetic::LookedWith;
use crate::perception::faces::Faces;

/// A page is to be there within this time, 95 times of 100.
const WANTED_MS: f64 = 200.0;
/// Media written in one transaction.
const AT_ONCE: u32 = 500;
/// Media a found group of faces.
const MEDIA_A_GROUP: u32 = 40;
/// Pictures that stand for all thumbnails.
const PICTURES: u32 = 16;
/// Length of the vectors of pictures.
const DIMENSIONS: usize = 1024;
/// The server is ready within this time.
const READY_WITHIN: Duration = Duration::from_secs(600);
/// Nothing is looked at again: what was invented counts as seen by the models that are installed.
const SETTINGS: &str =
    "[seeing]\nface_detector = \"none\"\nobject_detector = \"none\"\nclassifier = \"none\"\nsafety = \"none\"\n";
const FILTERS: [&str; 4] = ["photos from Norway in 2019", "videos in Japan", "Mira and Jonas in Lisbon", "summer 2018"];

#[derive(Debug, Args)]
pub(in crate::cli) struct LibraryArguments {
    /// Number of invented media
    #[arg(long, default_value_t = 20_000)]
    media: u32,
    /// How often each page is asked for
    #[arg(long, default_value_t = 40)]
    rounds: usize,
    /// Keep the library in this folder, and use the one that is there
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

pub(super) async fn run(global: &Global, arguments: LibraryArguments) -> anyhow::Result<()> {
    let temporary = tempfile::tempdir()?;
    let data = arguments.keep.clone().unwrap_or_else(|| temporary.path().to_owned());
    let global = Global { data: Some(data.clone()), ..global.clone() };
    print_line(&format!("media                        {}", arguments.media))?;
    if !data.join("recollect.db").is_file() {
        let began = Instant::now();
        make(&global, &data, arguments.media).await?;
        print_line(&format!("invented and indexed in      {:.0} s", began.elapsed().as_secs_f64()))?;
    }
    let server = Server::start(&data).await?;
    server.ready().await?;
    let slow = ask_all(&server, arguments.rounds).await?;
    let (now, most) = server.memory();
    print_line(&format!("memory of the server         {now} MB, at most {most} MB"))?;
    print_line(&match slow {
        0 => format!("every page within {WANTED_MS:.0} ms"),
        _ => format!("{slow} pages take longer than {WANTED_MS:.0} ms"),
    })
}

/// Makes and indexes the library.
async fn make(global: &Global, data: &Path, media: u32) -> anyhow::Result<()> {
    let _lock = lock(data)?;
    std::fs::write(data.join("recollect.toml"), SETTINGS)?;
    let app = App::open(data, global.configured(&[])?).await?;
    let context = app.assistant.context();
    let key = |name: &str| ModelKey { name: name.into(), version: "1".into(), settings: String::new() };
    let pictures = context.search.pictures().map(|table| table.model());
    let with = LookedWith {
        faces: key("faces"),
        objects: key("things"),
        labels: key("labels"),
        vector: pictures
            .map_or(key("vectors"), |model| ModelKey { version: model.version.clone(), ..key(&model.name) }),
    };
    app.library.add_root("/synthetic").await?;
    let groups = app.library.add_found_groups((media / MEDIA_A_GROUP) as usize).await?;
    for start in (0..media).step_by(AT_ONCE as usize) {
        let some: Vec<_> = (start..media.min(start + AT_ONCE)).map(|number| looked_at(number, DIMENSIONS)).collect();
        app.library.add_looked_at(&some, &with, &groups).await?;
    }
    let hashes: Vec<String> = (0..media).map(|number| looked_at(number, 0).medium.hash).collect();
    let folder = data.join("thumbnails");
    tokio::task::spawn_blocking(move || link_thumbnails(&folder, &hashes)).await??;
    indexer(&app, data)?.run_until_searchable(|_| {}).await?;
    app.close().await;
    Ok(())
}

/// An indexer that does no jobs, with vectors of texts that are invented.
fn indexer(app: &App, data: &Path) -> anyhow::Result<Indexer> {
    let context = app.assistant.context();
    let encoder =
        context.encoder.as_ref().map(|encoder| Arc::new(Invented(encoder.model().clone())) as Arc<dyn TextEncoder>);
    let config = JobsConfig::default();
    let queue =
        Queue::new(QueueParts { library: app.library.clone(), data: data.to_owned(), config, works: Vec::new() })?;
    Ok(Indexer::new(IndexerParts {
        library: app.library.clone(),
        search: Arc::clone(&context.search),
        encoder,
        queue,
        faces: Arc::new(Faces { identifier: app.identifier.clone(), crops: app.crops() }),
        overviews: vec![Arc::new(app.concepts.clone()), Arc::new(Themes::new(app.library.clone(), None))],
        thumbnails: data.join("thumbnails"),
        language: "en".into(),
        rescan_every: None,
    }))
}

/// Gives texts vectors in no time: equal ones for equal texts.
struct Invented(ModelName);

impl TextEncoder for Invented {
    fn model(&self) -> &ModelName {
        &self.0
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, EngineError>> {
        let vector = |text: &String| {
            let number =
                blake3::hash(text.as_bytes()).as_bytes().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
            unit_vector(number % 300, number, self.0.dimensions)
        };
        async move { Ok(texts.iter().map(vector).collect()) }.boxed()
    }
}

/// Gives each content the thumbnails of one of a few pictures.
fn link_thumbnails(folder: &Path, hashes: &[String]) -> anyhow::Result<()> {
    for size in THUMBNAIL_SIZES {
        let pictures: Vec<PathBuf> = (0..PICTURES).map(|number| folder.join(format!("{number}_{size}.jpg"))).collect();
        for (number, path) in pictures.iter().enumerate() {
            let shade = |x: u32, y: u32| image::Rgb([(x / 4) as u8, (y / 3) as u8, (number * 15) as u8]);
            let picture = image::RgbImage::from_fn(size, size * 3 / 4, shade);
            let mut bytes = Vec::new();
            image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 80).encode_image(&picture)?;
            write_whole(path, &bytes)?;
        }
        for (hash, picture) in hashes.iter().zip(pictures.iter().cycle()) {
            let path = thumbnail_path(folder, hash, size);
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            std::fs::hard_link(picture, &path).with_context(|| format!("{} cannot be made", path.display()))?;
        }
    }
    Ok(())
}

/// The program, serving the library.
struct Server {
    child: Child,
    url: String,
    http: reqwest::Client,
}

impl Server {
    async fn start(data: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--data").arg(data).args(["--log", "error", "run", "--port", "0"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("the server says nothing")?).read_line(&mut line).await?;
        let url =
            line.trim().rsplit(' ').next().filter(|url| url.starts_with("http")).context("the server did not start")?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { child, url: format!("{url}/api/v1"), http })
    }

    async fn ready(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.json("/status").await?["indexing"] == true {
            anyhow::ensure!(began.elapsed() < READY_WITHIN, "the server does not become idle");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        Ok(())
    }

    async fn get(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let response = self.http.get(format!("{}{path}", self.url)).send().await?.error_for_status()?;
        Ok(response.bytes().await?.to_vec())
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let response = self.http.post(format!("{}{path}", self.url)).json(body).send().await?.error_for_status()?;
        let reply = response.bytes().await?;
        // A conversation is answered with events, which nobody reads here.
        Ok(serde_json::from_slice::<Value>(&reply).map_or(Value::Null, |mut reply| reply["data"].take()))
    }

    async fn json(&self, path: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_slice::<Value>(&self.get(path).await?)?["data"].take())
    }

    /// Processor time that the server has used, where the system tells it.
    fn processor(&self) -> Duration {
        /// Ticks a second, the same on every Linux (`sysconf(_SC_CLK_TCK)`).
        const TICKS: u64 = 100;
        let stat = self.child.id().and_then(|id| std::fs::read_to_string(format!("/proc/{id}/stat")).ok());
        let fields =
            stat.as_deref().and_then(|stat| stat.rsplit_once(')')).map(|(_, fields)| fields).unwrap_or_default();
        let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 1000 / TICKS)
    }

    /// Memory that is held now and that was held at most, MB; 0 where the system does not tell.
    fn memory(&self) -> (u64, u64) {
        let status = self.child.id().and_then(|id| std::fs::read_to_string(format!("/proc/{id}/status")).ok());
        let field = |name: &str| {
            let line = status.as_deref()?.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        };
        (field("VmRSS").unwrap_or(0) / 1024, field("VmHWM").unwrap_or(0) / 1024)
    }
}

/// How long one page took.
#[derive(Default)]
struct Page {
    times: Vec<Duration>,
    processor: Duration,
}

/// Asks for every page so often, in turns; returns how many are too slow.
async fn ask_all(server: &Server, rounds: usize) -> anyhow::Result<usize> {
    let pages = Pages::find(server).await?;
    let mut taken: Vec<(&str, Page)> = NAMES.iter().map(|name| (*name, Page::default())).collect();
    // The first question starts the engine, which takes seconds and happens once.
    let began = Instant::now();
    pages.ask(server, "search", 0).await?;
    print_line(&format!("first search                 {:.0} ms", super::ms(began.elapsed())))?;
    for round in 0..rounds {
        for (name, page) in &mut taken {
            let asked = name.strip_suffix(" after a change");
            if asked.is_some() {
                // Whatever is kept in memory is stale now.
                let favourite = json!({ "action": "describe", "person": pages.person, "favourite": round % 2 == 0 });
                server.post("/people/changes", &favourite).await?;
            }
            let (processor, began) = (server.processor(), Instant::now());
            pages.ask(server, asked.unwrap_or(name), round).await?;
            page.times.push(began.elapsed());
            page.processor += server.processor().saturating_sub(processor);
        }
    }
    let mut slow = 0;
    for (name, page) in &mut taken {
        let each = super::ms(page.processor) / rounds.max(1) as f64;
        slow += usize::from(
            print_times(name, &mut page.times, &format!("   of the processor {each:>6.1} ms"))? > WANTED_MS,
        );
    }
    Ok(slow)
}

const NAMES: [&str; 20] = [
    "people",
    "people after a change",
    "a person",
    "a found group",
    "timeline",
    "timeline after a change",
    "a month of the timeline",
    "search",
    "search after a change",
    "search by filters",
    "question",
    "similar pictures",
    "a thumbnail",
    "activity",
    "start page",
    "events",
    "the map, from afar",
    "the map, close by",
    "a smart album",
    "a smart album after a change",
];

/// The rule of the album.
const RULE: &str = "people: Mira | Jonas; place: Norway; not video; best 40";

/// What is asked for.
struct Pages {
    person: String,
    group: String,
    media: Vec<String>,
    days: Vec<String>,
    /// The album of [`RULE`].
    album: String,
}

impl Pages {
    async fn find(server: &Server) -> anyhow::Result<Self> {
        let ids = |list: &Value, key: &str| -> Vec<String> {
            let entries = list.as_array().into_iter().flatten();
            entries.filter_map(|entry| Some(entry[key].as_str()?.to_owned())).collect()
        };
        let named = ids(&server.json("/people").await?, "id");
        let everybody = ids(&server.json("/people?unnamed=true").await?, "id");
        let first = |list: &[String]| list.first().cloned().context("the library has nobody");
        let group: Vec<String> = everybody.into_iter().filter(|id| !named.contains(id)).collect();
        let media = ids(&server.json("/media?limit=500").await?, "id");
        let days = ids(&server.json("/timeline").await?["days"], "day");
        let album = json!({ "name": "Norway at its best", "rule": RULE });
        let album =
            server.post("/albums", &album).await?["album"]["id"].as_str().context("no album was made")?.to_owned();
        Ok(Self { person: first(&named)?, group: first(&group)?, media, days, album })
    }

    async fn ask(&self, server: &Server, page: &str, round: usize) -> anyhow::Result<()> {
        let query = QUERIES[round % QUERIES.len()];
        let medium = &self.media[round % self.media.len()];
        let paths = match page {
            "people" => vec!["/people?unnamed=true&hidden=true".to_owned()],
            "a person" => self.page_of(&self.person),
            "a found group" => self.page_of(&self.group),
            "timeline" => vec!["/timeline".to_owned()],
            "a month of the timeline" => {
                let at = (round * 97) % self.days.len().saturating_sub(30).max(1);
                let (last, first) = (&self.days[at], &self.days[(at + 30).min(self.days.len() - 1)]);
                vec![format!("/media?day_from={first}&day_to={last}&limit=500")]
            }
            "search" => vec![format!("/search?limit=120&q={}", escaped(query))],
            "search by filters" => vec![format!("/search?limit=120&q={}", escaped(FILTERS[round % FILTERS.len()]))],
            "similar pictures" => vec![format!("/media/{medium}/similar")],
            "a thumbnail" => vec![format!("/media/{medium}/thumbnail?size=256")],
            "activity" => vec!["/jobs".to_owned()],
            "start page" => vec!["/memories".to_owned()],
            "events" => vec!["/events".to_owned()],
            "the map, from afar" => {
                vec!["/map".to_owned(), "/map/clusters?west=-180&south=-70&east=180&north=80&zoom=2".to_owned()]
            }
            "the map, close by" => vec!["/map/clusters?west=11.5&south=50.8&east=13.2&north=51.9&zoom=9".to_owned()],
            "a smart album" => {
                vec![format!("/albums/{}", self.album), format!("/albums/{}/media?limit=120", self.album)]
            }
            _ => {
                server.post("/ask", &json!({ "question": query, "mode": "direct" })).await?;
                return Ok(());
            }
        };
        for path in paths {
            server.get(&path).await?;
        }
        Ok(())
    }

    /// All that the page of a person asks for.
    fn page_of(&self, id: &str) -> Vec<String> {
        vec![format!("/people/{id}"), format!("/people/{id}/media?limit=120"), format!("/people/{id}/faces?limit=60")]
    }
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

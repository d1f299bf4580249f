//! Reads by tesseract, a program of the system, in a child that is bounded in time, memory and output.
//!
//! Where there is a detector in the engine, each line that it finds is cut out, made even in contrast ([`strip`]) and read
//! as one line; all lines of a page by one child, which loads its languages once. Without one, tesseract looks for text
//! by itself, as well as it can. What it prints is read in [`table`]; which languages there are in [`languages`], and what
//! could be added in [`packs`].

mod languages;
mod packs;
mod strip;
mod table;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use image::GrayImage;

pub use self::packs::Pack;
use super::network::lines_on;
use super::page::{EDGE, Page};
use super::reader::{RawLine, RawWord, TextReader};
use super::ways;
use crate::engine::ImageAnnotator;
use crate::engine::protocol::vision::Feature;
use crate::engine::strips::{Corners, turns};
use crate::jobs::{ModelKey, Outcome};
use crate::subprocess::{Bounds, SubprocessError, find_program, run};
use table::Row;

/// The program.
const PROGRAM: &str = "tesseract";
/// Lines of a page that are read: those that are surest to be text. A page of a newspaper has fewer.
const MOST_LINES: usize = 250;
/// Dots an inch that it is told, so that it does not guess.
const DPI: &str = "150";
/// How the pages of a request look: a line each, or text anywhere.
const ONE_LINE: &str = "7";
const ANYWHERE: &str = "11";
/// A child that says what it is takes next to no time.
const ASKING: Bounds = Bounds { time: Duration::from_secs(10), memory: 1 << 30, file: 1 << 20, stdout: 1 << 20 };

/// Tesseract as it is installed here.
pub struct Tesseract {
    program: PathBuf,
    languages: Vec<String>,
    there: Vec<String>,
    lacking: Vec<String>,
    bounds: Bounds,
    detector: Option<Arc<dyn ImageAnnotator>>,
    key: ModelKey,
}

/// Why tesseract cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TesseractError {
    /// It is not installed.
    #[error("tesseract is not installed: sudo apt-get install tesseract-ocr tesseract-ocr-script-latn")]
    Missing,
    /// It does not do what it should.
    #[error("tesseract does not work: {0}")]
    Fails(String),
    /// It has no language.
    #[error("tesseract has no languages: sudo apt-get install tesseract-ocr-script-latn")]
    NoLanguages,
    /// A language that is asked for is not installed.
    #[error("`reading.languages`: tesseract has no `{wanted}`; it has {}: sudo apt-get install {}", .there.join(", "), packs::package(.wanted))]
    NoSuchLanguage {
        /// The language.
        wanted: String,
        /// Those that it has.
        there: Vec<String>,
    },
}

impl Tesseract {
    /// Tesseract on this machine's search path, for the languages that are `wanted`, by tesseract's names; if there are none,
    /// for those that are installed, those that the user speaks first (`spoken`, ISO 639-1). It may take `time` for a page.
    /// `annotator` finds lines, if it has a model for that.
    ///
    /// # Errors
    /// Why it cannot be used, and what to do. Blocks for some milliseconds.
    pub fn find(
        wanted: &[String],
        spoken: &[&str],
        time: Duration,
        annotator: Option<&Arc<dyn ImageAnnotator>>,
    ) -> Result<Self, TesseractError> {
        let program = find_program(PROGRAM).ok_or(TesseractError::Missing)?;
        Self::at(program, wanted, spoken, time, annotator)
    }

    /// [`find`](Self::find) with the program at this path.
    fn at(
        program: PathBuf,
        wanted: &[String],
        spoken: &[&str],
        time: Duration,
        annotator: Option<&Arc<dyn ImageAnnotator>>,
    ) -> Result<Self, TesseractError> {
        let said = ask(&program, "--version")?;
        let version = said.split_whitespace().nth(1).unwrap_or("unknown").trim_start_matches('v').to_owned();
        let there = languages::listed(&ask(&program, "--list-langs")?);
        let own: Vec<&str> = spoken.iter().filter_map(|code| languages::of_code(code)).collect();
        let languages = languages::choose(&there, wanted, &own)?;
        let lacking = languages::lacking(&languages, &own);
        let finder = annotator.and_then(|annotator| Some((annotator, annotator.models().get(&Feature::Text)?)));
        // Of a pair of models the first finds lines.
        let first = |joined: &str| joined.split('+').next().unwrap_or_default().to_owned();
        let key = match &finder {
            Some((_, model)) => {
                (format!("{}+{PROGRAM}", first(&model.name)), format!("{}+{version}", first(&model.version)))
            }
            None => (PROGRAM.to_owned(), version),
        };
        let settings = format!("languages={},edge={EDGE},{}", languages.join("+"), ways::KEY);
        let bounds = Bounds { time, memory: 2 << 30, file: 1 << 20, stdout: 8 << 20 };
        let detector = finder.map(|(annotator, _)| Arc::clone(annotator));
        Ok(Self {
            program,
            languages,
            there,
            lacking,
            bounds,
            detector,
            key: ModelKey { name: key.0, version: key.1, settings },
        })
    }

    /// Its languages and scripts: those that are installed, those it reads with first, then what would add something.
    pub fn packs(&self) -> Vec<Pack> {
        packs::packs(&self.there, &self.languages, &self.lacking)
    }

    /// Runs a child on pictures; each word's row says which one it is in.
    async fn run(&self, pictures: Vec<GrayImage>, layout: &'static str) -> Result<Vec<Row>, Outcome> {
        let (program, bounds, languages) = (self.program.clone(), self.bounds, self.languages.join("+"));
        let child = move || -> Result<Vec<Row>, Outcome> {
            let folder = tempfile::tempdir().map_err(|error| Outcome::retry("no_room", error))?;
            let mut list = String::new();
            for (at, picture) in pictures.iter().enumerate() {
                let path = folder.path().join(format!("{at}.pgm"));
                std::fs::write(&path, strip::pgm(picture)).map_err(|error| Outcome::retry("no_room", error))?;
                list.push_str(&format!("{}\n", path.display()));
            }
            let listed = folder.path().join("pictures.txt");
            std::fs::write(&listed, list).map_err(|error| Outcome::retry("no_room", error))?;
            let mut arguments: Vec<OsString> = vec![listed.into(), "stdout".into()];
            arguments.extend(data_folder());
            let rest = ["-l", &languages, "--psm", layout, "--dpi", DPI, "-c", "tessedit_create_tsv=1"];
            arguments.extend(rest.map(OsString::from));
            let done = run(&program, &arguments, folder.path(), &bounds).map_err(failure)?;
            if !done.status.success() {
                return Err(Outcome::retry("reader_failed", format!("tesseract: {}", done.complaint())));
            }
            Ok(table::rows(&String::from_utf8_lossy(&done.stdout)))
        };
        tokio::task::spawn_blocking(child).await.map_err(|error| Outcome::retry("reader_failed", error))?
    }

    async fn read_lines(&self, detector: &dyn ImageAnnotator, page: &Page) -> Result<Vec<RawLine>, Outcome> {
        let mut found = lines_on(detector, page).await?;
        found.truncate(MOST_LINES);
        let (width, height) = (f64::from(page.pixels.width()), f64::from(page.pixels.height()));
        let mut strips = Vec::new();
        for (at, line) in found.iter().enumerate() {
            let corners = line.corners.map(|[x, y]| [f64::from(x) * width, f64::from(y) * height]);
            for turned in turns(&corners) {
                strips.push((at, turned, strip::of(&page.pixels, &turned)));
            }
        }
        let rows = self.read_all(&strips).await?;
        let mut best: Vec<Option<RawLine>> = vec![None; found.len()];
        for (number, (at, corners, picture)) in strips.iter().enumerate() {
            let words = rows.iter().filter(|row| row.page == number).map(|row| word(row, strip::inner(picture)));
            let corners = corners.map(|[x, y]| [x / width, y / height]);
            let line = RawLine { corners, found: Some(found[*at].score), words: words.collect() };
            if best[*at].as_ref().is_none_or(|other| weight(&line) > weight(other)) {
                best[*at] = Some(line);
            }
        }
        Ok(best.into_iter().flatten().collect())
    }

    async fn read_all(&self, strips: &[(usize, Corners, GrayImage)]) -> Result<Vec<Row>, Outcome> {
        if strips.is_empty() {
            return Ok(Vec::new());
        }
        self.run(strips.iter().map(|(.., picture)| picture.clone()).collect(), ONE_LINE).await
    }

    /// Has tesseract look for text by itself.
    async fn read_page(&self, page: &Page) -> Result<Vec<RawLine>, Outcome> {
        let picture = image::DynamicImage::ImageRgb8(page.pixels.clone()).into_luma8();
        let size = [f64::from(picture.width()), f64::from(picture.height())];
        let rows = self.run(vec![picture], ANYWHERE).await?;
        Ok(rows.chunk_by(|a, b| a.line == b.line).filter_map(|line| whole_line(line, size)).collect())
    }
}

impl TextReader for Tesseract {
    fn key(&self) -> &ModelKey {
        &self.key
    }

    fn read<'a>(&'a self, page: &'a Page) -> BoxFuture<'a, Result<Vec<RawLine>, Outcome>> {
        async move {
            match &self.detector {
                Some(detector) => self.read_lines(&**detector, page).await,
                None => self.read_page(page).await,
            }
        }
        .boxed()
    }
}

/// Where its data lie, if the user says so: a child has no environment.
fn data_folder() -> Vec<OsString> {
    let folder = std::env::var_os("TESSDATA_PREFIX").filter(|folder| !folder.is_empty());
    folder.map(|folder| vec!["--tessdata-dir".into(), folder]).unwrap_or_default()
}

/// What tesseract says when it is asked about itself.
fn ask(program: &Path, question: &str) -> Result<String, TesseractError> {
    let mut arguments: Vec<OsString> = data_folder();
    arguments.push(question.into());
    let done = run(program, &arguments, &std::env::temp_dir(), &ASKING).map_err(|error| match error {
        SubprocessError::Missing => TesseractError::Missing,
        other => TesseractError::Fails(other.to_string()),
    })?;
    if !done.status.success() {
        return Err(TesseractError::Fails(done.complaint()));
    }
    // Older ones answer on standard error.
    let answer = String::from_utf8_lossy(&done.stdout).into_owned();
    Ok(if answer.trim().is_empty() { done.stderr } else { answer })
}

/// What stopped a child may not stop it again on another day; what it cannot be started by is no page's fault.
fn failure(error: SubprocessError) -> Outcome {
    match error {
        SubprocessError::Missing => Outcome::unavailable("reader_missing", TesseractError::Missing),
        SubprocessError::TimedOut(_) => Outcome::retry("reader_timeout", format!("tesseract: {error}")),
        SubprocessError::TooMuchOutput(_) => Outcome::failed("reader_output", format!("tesseract: {error}")),
        SubprocessError::Io(_) => Outcome::retry("reader_failed", format!("tesseract: {error}")),
    }
}

/// A word of a strip; `inner` is where the line begins in it and how long it is.
fn word(row: &Row, [begin, length]: [f32; 2]) -> RawWord {
    let at = |x: f32| ((x - begin) / length).clamp(0.0, 1.0);
    let [left, _, width, _] = row.area;
    RawWord { text: row.text.clone(), certainty: row.certainty, span: [at(left), at(left + width)] }
}

/// How much was read how certainly: what tells the right way of a line from the wrong one.
fn weight(line: &RawLine) -> f32 {
    line.words.iter().map(|word| word.certainty * word.text.chars().count() as f32).sum()
}

/// A line of a page of this size, of its words' rows.
fn whole_line(rows: &[Row], [width, height]: [f64; 2]) -> Option<RawLine> {
    let edge = |value: fn(&Row) -> f32, pick: fn(f32, f32) -> f32| rows.iter().map(value).reduce(pick);
    let (left, right) = (edge(|row| row.area[0], f32::min)?, edge(|row| row.area[0] + row.area[2], f32::max)?);
    let (top, bottom) = (edge(|row| row.area[1], f32::min)?, edge(|row| row.area[1] + row.area[3], f32::max)?);
    let words = rows.iter().map(|row| word(row, [left, (right - left).max(1.0)]));
    let at = |x: f32, y: f32| [f64::from(x) / width, f64::from(y) / height];
    let corners = [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
    Some(RawLine { corners, found: None, words: words.collect() })
}

#[cfg(test)]
mod tests;

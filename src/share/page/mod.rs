//! A web page of media that needs no server and no network: `index.html` with all its words, style and script, and
//! pictures and videos beside it.
//!
//! What must stay true: every text is escaped by the template and read by the script as text; the page allows exactly the
//! one script that is written here (by its hash) and loads nothing from elsewhere, so that no text becomes code; files are
//! numbered, so that names tell nothing and lead nowhere.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::gather::Item;
use super::sink::Sink;
use super::{Course, Left, Pictures, ShareError, Shared, Sharing, copies, files, words};

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Longest edge of the pictures in the grid, pixels.
const SMALL: u32 = 640;
/// Longest edge of large pictures when the order does not say, pixels.
const LARGE: u32 = 2048;

/// What the template sees of the whole.
#[derive(Serialize)]
struct Whole<'w> {
    title: &'w str,
    line: String,
    style: &'w str,
    script: &'w str,
    /// The script's hash as a policy names it (Content Security Policy 3, section 2.3.1).
    allowed: String,
    days: Vec<Day>,
    left_out: usize,
}

/// Pictures of one day.
#[derive(Default, Serialize)]
struct Day {
    heading: String,
    /// ISO 8601, where the day is known; what the reader's language makes of it takes the place of the heading.
    date: Option<String>,
    shown: Vec<Shown>,
}

/// What the template sees of a medium.
#[derive(Serialize)]
struct Shown {
    number: usize,
    small: String,
    large: String,
    video: Option<String>,
    length: String,
    width: u32,
    height: u32,
    ratio: String,
    alt: String,
    caption: Option<String>,
    more: Option<String>,
    when: Option<String>,
    /// ISO 8601, where the day is known.
    date: Option<String>,
    time: Option<String>,
    place: Option<String>,
}

/// Puts a page into a folder or an archive.
///
/// # Errors
/// When nothing can go on.
pub fn write(sharing: &Sharing, sink: &mut dyn Sink, course: &Course<'_>) -> Result<Shared, ShareError> {
    let mut shared = sharing.begun();
    let mut days: Vec<Day> = Vec::new();
    for (at, item) in sharing.items.iter().enumerate() {
        course.check()?;
        match show(item, shared.media + 1, sharing, sink, course) {
            Ok(shown) => {
                shared.media += 1;
                let heading = shown.when.clone().unwrap_or_else(|| "Date unknown".to_owned());
                if days.last().is_none_or(|day| day.heading != heading) {
                    days.push(Day { heading, date: shown.date.clone(), shown: Vec::new() });
                }
                if let Some(day) = days.last_mut() {
                    day.shown.push(shown);
                }
            }
            Err(Left::Out(reason)) => shared.leave_out(item, reason),
            Err(Left::Off(error)) => return Err(error),
        }
        (course.told)(at + 1, sharing.items.len());
    }
    let span = words::span(sharing.items.iter());
    let line = span.into_iter().chain([words::counted(&sharing.items)]).collect::<Vec<_>>().join(" · ");
    let page = Whole {
        title: &sharing.order.title,
        line,
        style: STYLE,
        script: SCRIPT,
        allowed: format!("sha256-{}", STANDARD.encode(Sha256::digest(SCRIPT))),
        days,
        left_out: shared.left_out.len(),
    };
    sink.put_bytes("index.html", rendered(&page)?.as_bytes(), course)?;
    Ok(shared)
}

fn rendered(page: &Whole<'_>) -> Result<String, ShareError> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.render_str(TEMPLATE, Serde(page)).map_err(|error| ShareError::Made(error.to_string()))
}

/// Puts the files of a medium, and says what the page says of it.
fn show(
    item: &Item,
    number: usize,
    sharing: &Sharing,
    sink: &mut dyn Sink,
    course: &Course<'_>,
) -> Result<Shown, Left> {
    let edge = match sharing.order.pictures {
        Pictures::Copies { edge } => edge,
        Pictures::Originals => LARGE,
    };
    let video = item.is_video().then(|| format!("videos/{number:05}.mp4"));
    let picture = copies::picture(item, &sharing.thumbnails, edge).map_err(Left::Out)?;
    let large = copies::jpeg(&picture).map_err(Left::Out)?;
    let small = copies::jpeg(&copies::reduced(&picture, SMALL.min(edge))).map_err(Left::Out)?;
    drop(picture);
    if let Some(name) = &video {
        files::put_video(item, name, sink, course)?;
    }
    let (large_name, small_name) = (format!("pictures/{number:05}.jpg"), format!("small/{number:05}.jpg"));
    sink.put_bytes(&large_name, &large.bytes, course)?;
    sink.put_bytes(&small_name, &small.bytes, course)?;
    let medium = &item.medium;
    let taken = medium.taken();
    let exact =
        |precisions: &[&str]| medium.taken_precision.as_deref().is_some_and(|known| precisions.contains(&known));
    let day = taken.filter(|_| exact(&["day", "minute", "second"]));
    let what = if item.is_video() { "Video" } else { "Picture" };
    Ok(Shown {
        number,
        small: small_name,
        large: large_name,
        video,
        length: medium.duration_ms.filter(|_| item.is_video()).map(words::length).unwrap_or_default(),
        width: small.width,
        height: small.height,
        ratio: format!("{:.4}", (f64::from(small.width) / f64::from(small.height.max(1))).clamp(0.3, 4.0)),
        alt: words::caption(item).map_or_else(|| format!("{what} {number}"), str::to_owned),
        caption: words::caption(item).map(str::to_owned),
        more: words::more(item).map(str::to_owned),
        when: words::date(medium),
        date: day.map(|day| day.date().to_string()),
        time: taken.filter(|_| exact(&["minute", "second"])).map(|time| time.strftime("%H:%M").to_string()),
        place: words::place(item, &sharing.order),
    })
}

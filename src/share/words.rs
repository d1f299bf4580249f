//! What is written beside pictures: what they are called, when and where they were taken. Functions of values.

use jiff::civil::DateTime;

use super::Order;
use super::gather::Item;
use crate::film::storyboard::say;
use crate::library::media::Medium;

/// When a medium was taken, as exactly as it is known: "9 July 2019", "July 2019", "1934".
pub fn date(medium: &Medium) -> Option<String> {
    let taken = medium.taken()?.date();
    Some(match medium.taken_precision.as_deref() {
        Some("year") => taken.year().to_string(),
        Some("month") => say::month_of(taken, false),
        _ => say::day(taken, false),
    })
}

/// When media were taken, all in all: "June – August 2019".
pub fn span<'i>(items: impl Iterator<Item = &'i Item>) -> Option<String> {
    let times: Vec<(DateTime, bool)> = items.filter_map(|item| time(&item.medium)).collect();
    say::span(&times, false)
}

fn time(medium: &Medium) -> Option<(DateTime, bool)> {
    Some((medium.taken()?, !matches!(medium.taken_precision.as_deref(), None | Some("month" | "year"))))
}

/// What somebody called it: the title, else the description.
pub fn caption(item: &Item) -> Option<&str> {
    let said = |text: &'_ Option<String>| text.as_deref().map(str::trim).is_some_and(|text| !text.is_empty());
    let text = if said(&item.medium.title) { &item.medium.title } else { &item.medium.description };
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// What is said beyond the caption.
pub fn more(item: &Item) -> Option<&str> {
    let description = item.medium.description.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
    caption(item).filter(|caption| *caption != description).map(|_| description)
}

/// Where it was taken, if that is to be told.
pub fn place(item: &Item, order: &Order) -> Option<String> {
    item.medium.place().filter(|_| order.location)
}

/// Date and place in one line; empty when neither is known.
pub fn when_and_where(item: &Item, order: &Order) -> String {
    let parts = [date(&item.medium), place(item, order)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// "1 picture", "12 pictures and 2 videos".
pub fn counted(items: &[Item]) -> String {
    let videos = items.iter().filter(|item| item.is_video()).count();
    let said = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match (items.len() - videos, videos) {
        (pictures, 0) => said(pictures, "picture"),
        (0, videos) => said(videos, "video"),
        (pictures, videos) => format!("{} and {}", said(pictures, "picture"), said(videos, "video")),
    }
}

/// "1:05", of milliseconds.
pub fn length(ms: i64) -> String {
    let seconds = (ms.max(0) + 500) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

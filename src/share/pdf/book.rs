//! A photo book: a title page, then one to four pictures a page with what is said of them.

use super::arrange::{self, Shape};
use super::document::Document;
use super::page::{INK, Page, SOFT, Stands};
use super::text::{Style, lines};
use super::{Rect, Sharing, sheet};
use crate::fonts::{SANS, SERIF};
use crate::share::gather::Item;
use crate::share::{Course, ShareError, Shared, copies, words};

/// Points around the pictures of a page.
const MARGIN: f32 = 40.0;
/// Points below them, for the day and the number of the page.
const FOOT: f32 = 34.0;
/// Pixels an inch.
const PIXELS: f32 = 220.0;
/// No picture is longer, pixels.
const LONGEST: u32 = 3000;
/// The most lines beneath a picture.
const LINES: usize = 3;
/// Points from one to the next.
const STEP: f32 = 12.0;
/// Letters of a line, for how much room words take before anybody knows how wide it is.
const LETTERS: usize = 60;

const CAPTION: Style = Style { family: SANS, size: 9.0 };
const FOOTER: Style = Style { family: SANS, size: 8.0 };
const TITLE: Style = Style { family: SERIF, size: 36.0 };
const SUBTITLE: Style = Style { family: SANS, size: 12.0 };

/// Writes a photo book.
///
/// # Errors
/// When nothing can go on, or none of the pictures can be shown.
pub fn write(
    sharing: &Sharing,
    document: &mut Document<'_>,
    shared: &mut Shared,
    course: &Course<'_>,
) -> Result<(), ShareError> {
    // A book lies on its side, as most pictures do.
    let (height, width) = sharing.order.paper.size();
    let mut book = Book { sharing, size: (width, height), number: 1 };
    // What is known not to be there takes no place; what turns out to be broken leaves its place empty.
    let (there, gone): (Vec<&Item>, Vec<&Item>) = sharing.items.iter().partition(|item| is_there(item, sharing));
    for item in gone {
        shared.leave_out(
            item,
            item.medium.problem.clone().unwrap_or_else(|| "the file is not there any more".to_owned()),
        );
    }
    if there.is_empty() {
        return Err(ShareError::Nothing);
    }
    book.title(&there, document)?;
    let room = Rect { x: MARGIN, y: MARGIN, w: width - 2.0 * MARGIN, h: height - MARGIN - FOOT - MARGIN * 0.5 };
    let mut from = 0;
    for placed in arrange::pages(&shapes(&there), room) {
        let members = &there[from..from + placed.len()];
        book.fill(members, &placed, document, shared, course)?;
        from += placed.len();
        (course.told)(from, sharing.items.len());
    }
    if shared.media == 0 {
        return Err(ShareError::Nothing);
    }
    sheet::left_out(sharing, document, shared)
}

/// Whether there is a file or at least a thumbnail to show.
fn is_there(item: &Item, sharing: &Sharing) -> bool {
    copies::thumbnail(item, &sharing.thumbnails).is_file() || !item.is_video() && item.file().is_ok()
}

fn shapes(items: &[&Item]) -> Vec<Shape> {
    let mut before = None;
    let shape = |item: &&Item| {
        let edge = |pixels: Option<i64>| pixels.filter(|pixels| *pixels > 0).map(|pixels| pixels as f32);
        let ratio = edge(item.medium.width).zip(edge(item.medium.height)).map_or(1.5, |(w, h)| w / h);
        let day = words::date(&item.medium);
        let begins = before.replace(day.clone()).is_some_and(|before| before != day);
        let letters = words::caption(item).map_or(0, |caption| caption.chars().count());
        let words = letters.div_ceil(LETTERS).min(LINES);
        let words = if words == 0 { 0.0 } else { 4.0 + STEP * words as f32 };
        // A strip is shown as one, and no picture takes the whole book.
        Shape { ratio: ratio.clamp(0.2, 5.0), words, begins, best: item.medium.rating == Some(5) && ratio > 1.2 }
    };
    items.iter().map(shape).collect()
}

struct Book<'s> {
    sharing: &'s Sharing,
    size: (f32, f32),
    number: usize,
}

impl Book<'_> {
    /// The title, with a picture that stands for it all.
    fn title(&self, items: &[&Item], document: &mut Document<'_>) -> Result<(), ShareError> {
        let mut page = Page::new(self.size);
        let (width, height) = self.size;
        let room = Rect { x: MARGIN, y: MARGIN, w: width - 2.0 * MARGIN, h: height * 0.56 };
        // The one with the most stars, one that lies before one that stands.
        let worth = |item: &&&Item| (item.medium.rating.unwrap_or(0), item.medium.width >= item.medium.height);
        let cover = items.iter().rev().max_by_key(worth);
        let pixels = pixels(room.w.max(room.h));
        let shown = cover.and_then(|item| copies::picture(item, &self.sharing.thumbnails, pixels).ok());
        if let Some(jpeg) = shown.and_then(|picture| copies::jpeg(&picture).ok()) {
            let image = document.image(&jpeg)?;
            page.image(image, room.fit(jpeg.width as f32, jpeg.height as f32));
        }
        let mut y = room.y + room.h + 60.0;
        for line in lines(&self.sharing.order.title, TITLE, width - 2.0 * MARGIN, 2) {
            page.write(document, &line, Stands::Around(width / 2.0), y, INK);
            y += TITLE.size * 1.15;
        }
        page.fill(Rect { x: width / 2.0 - 30.0, y: y - TITLE.size * 0.5, w: 60.0, h: 0.75 }, SOFT);
        let span = words::span(items.iter().copied());
        let about = span.into_iter().chain([words::counted(&self.sharing.items)]).collect::<Vec<_>>().join(" · ");
        if let Some(line) = lines(&about, SUBTITLE, width - 2.0 * MARGIN, 1).first() {
            page.write(document, line, Stands::Around(width / 2.0), y + 6.0, SOFT);
        }
        Ok(document.page(page)?)
    }

    fn fill(
        &mut self,
        items: &[&Item],
        placed: &[Rect],
        document: &mut Document<'_>,
        shared: &mut Shared,
        course: &Course<'_>,
    ) -> Result<(), ShareError> {
        let mut page = Page::new(self.size);
        self.number += 1;
        for (item, place) in items.iter().zip(placed) {
            course.check()?;
            let edge = pixels(place.w.max(place.h));
            let made = copies::picture(item, &self.sharing.thumbnails, edge).and_then(|picture| copies::jpeg(&picture));
            match made {
                Ok(jpeg) => {
                    let image = document.image(&jpeg)?;
                    let place = place.fit(jpeg.width as f32, jpeg.height as f32);
                    page.image(image, place);
                    if item.is_video() {
                        page.mark_video(place);
                    }
                    shared.media += 1;
                }
                Err(reason) => {
                    shared.leave_out(item, reason);
                    continue;
                }
            }
            let caption = words::caption(item).unwrap_or_default();
            for (at, line) in lines(caption, CAPTION, place.w, LINES).iter().enumerate() {
                let y = place.y + place.h + 2.0 + STEP * (at + 1) as f32;
                page.write(document, line, Stands::Around(place.x + place.w / 2.0), y, INK);
            }
        }
        self.foot(items, &mut page, document);
        Ok(document.page(page)?)
    }

    /// The day, the place where it is to be told, and the number of the page.
    fn foot(&self, items: &[&Item], page: &mut Page, document: &mut Document<'_>) {
        let (width, height) = self.size;
        let y = height - FOOT + 6.0;
        let mut places: Vec<String> = items.iter().filter_map(|item| words::place(item, &self.sharing.order)).collect();
        places.dedup();
        // Of several places none stands for the page.
        let place = (places.len() == 1).then(|| places.remove(0));
        let span = match items {
            [item] => words::date(&item.medium),
            items => words::span(items.iter().copied()),
        };
        let said = span.into_iter().chain(place).collect::<Vec<_>>().join(" · ");
        if let Some(line) = lines(&said, FOOTER, width - 2.0 * MARGIN - 60.0, 1).first() {
            page.write(document, line, Stands::From(MARGIN), y, SOFT);
        }
        if let Some(line) = lines(&self.number.to_string(), FOOTER, 60.0, 1).first() {
            page.write(document, line, Stands::To(width - MARGIN), y, SOFT);
        }
    }
}

/// Pixels for so many points.
fn pixels(points: f32) -> u32 {
    ((points / 72.0 * PIXELS).ceil() as u32).clamp(64, LONGEST)
}

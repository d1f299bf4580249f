//! A contact sheet: every picture small, in a grid, with what it is called and when it was taken.

use super::document::Document;
use super::page::{INK, Page, SOFT, Stands};
use super::text::{Style, line, lines};
use super::{Rect, Sharing};
use crate::fonts::{SANS, SERIF};
use crate::share::gather::Item;
use crate::share::{Course, ShareError, Shared, copies, words};

const COLUMNS: usize = 4;
const ROWS: usize = 5;
/// Points around the page.
const MARGIN: f32 = 36.0;
/// Points for the title above and between cells.
const HEAD: f32 = 34.0;
const GAP: f32 = 12.0;
/// Points for the words beneath a picture.
const WORDS: f32 = 30.0;
/// Longest edge of the pictures, pixels: 300 an inch.
const EDGE: u32 = 512;

const TITLE: Style = Style { family: SERIF, size: 16.0 };
const SMALL: Style = Style { family: SANS, size: 8.0 };
const NAME: Style = Style { family: SANS, size: 7.5 };
const ABOUT: Style = Style { family: SANS, size: 6.5 };

/// Writes a contact sheet.
///
/// # Errors
/// When nothing can go on, or none of the pictures can be shown.
pub fn write(
    sharing: &Sharing,
    document: &mut Document<'_>,
    shared: &mut Shared,
    course: &Course<'_>,
) -> Result<(), ShareError> {
    let mut sheet = Sheet { sharing, number: 0, page: None };
    for (at, item) in sharing.items.iter().enumerate() {
        course.check()?;
        let made = copies::picture(item, &sharing.thumbnails, EDGE).and_then(|picture| copies::jpeg(&picture));
        match made {
            Ok(jpeg) => {
                let image = document.image(&jpeg)?;
                let cell = shared.media % (COLUMNS * ROWS);
                if cell == 0 {
                    sheet.turn(document)?;
                }
                if let Some(page) = &mut sheet.page {
                    let room = cell_of(cell, page.size);
                    let place = Rect { h: room.h - WORDS, ..room }.fit(jpeg.width as f32, jpeg.height as f32);
                    page.image(image, place);
                    label(page, document, item, sharing, room, place);
                }
                shared.media += 1;
            }
            Err(reason) => shared.leave_out(item, reason),
        }
        (course.told)(at + 1, sharing.items.len());
    }
    if shared.media == 0 {
        return Err(ShareError::Nothing);
    }
    sheet.end(document)?;
    left_out(sharing, document, shared)
}

/// The page that is being filled.
struct Sheet<'s> {
    sharing: &'s Sharing,
    number: usize,
    page: Option<Page>,
}

impl Sheet<'_> {
    fn end(&mut self, document: &mut Document<'_>) -> Result<(), ShareError> {
        Ok(self.page.take().map_or(Ok(()), |page| document.page(page))?)
    }

    /// Begins the next page, with the title and its number.
    fn turn(&mut self, document: &mut Document<'_>) -> Result<(), ShareError> {
        self.end(document)?;
        self.number += 1;
        let mut page = Page::new(self.sharing.order.paper.size());
        let wide = page.size.0 - 2.0 * MARGIN;
        let span = words::span(self.sharing.items.iter());
        let about = span.into_iter().chain([words::counted(&self.sharing.items), self.number.to_string()]);
        let about = line(&about.collect::<Vec<_>>().join(" · "), SMALL);
        if let Some(title) = lines(&self.sharing.order.title, TITLE, wide - about.width - GAP, 1).first() {
            page.write(document, title, Stands::From(MARGIN), MARGIN + 14.0, INK);
        }
        page.write(document, &about, Stands::To(page.size.0 - MARGIN), MARGIN + 14.0, SOFT);
        page.fill(Rect { x: MARGIN, y: MARGIN + 22.0, w: wide, h: 0.5 }, 0.75);
        self.page = Some(page);
        Ok(())
    }
}

/// The room of a cell with its words, counted from the top left.
fn cell_of(cell: usize, (width, height): (f32, f32)) -> Rect {
    let (columns, rows) = (COLUMNS as f32, ROWS as f32);
    let w = (width - 2.0 * MARGIN - (columns - 1.0) * GAP) / columns;
    let h = (height - 2.0 * MARGIN - HEAD - (rows - 1.0) * GAP) / rows;
    let (column, row) = ((cell % COLUMNS) as f32, (cell / COLUMNS) as f32);
    Rect { x: MARGIN + column * (w + GAP), y: MARGIN + HEAD + row * (h + GAP), w, h }
}

fn label(page: &mut Page, document: &mut Document<'_>, item: &Item, sharing: &Sharing, room: Rect, place: Rect) {
    let middle = room.x + room.w / 2.0;
    let beneath = room.y + room.h - WORDS;
    let called = words::caption(item).unwrap_or(&item.medium.name);
    if let Some(called) = lines(called, NAME, room.w, 1).first() {
        page.write(document, called, Stands::Around(middle), beneath + 10.0, INK);
    }
    let mut about = words::when_and_where(item, &sharing.order);
    if let Some(ms) = item.medium.duration_ms.filter(|_| item.is_video()) {
        about = format!("{}{}{about}", words::length(ms), if about.is_empty() { "" } else { " · " });
    }
    if let Some(about) = lines(&about, ABOUT, room.w, 1).first() {
        page.write(document, about, Stands::Around(middle), beneath + 20.0, SOFT);
    }
    if item.is_video() {
        page.mark_video(place);
    }
}

/// A last page with what could not be shown, as far as it has room.
///
/// # Errors
/// When it cannot be written.
pub fn left_out(sharing: &Sharing, document: &mut Document<'_>, shared: &Shared) -> Result<(), ShareError> {
    const STEP: f32 = 12.0;
    if shared.left_out.is_empty() {
        return Ok(());
    }
    let mut page = Page::new(sharing.order.paper.size());
    let (width, height) = page.size;
    let wide = width - 2.0 * MARGIN;
    page.write(document, &line("Not shown", TITLE), Stands::From(MARGIN), MARGIN + 14.0, INK);
    let mut y = MARGIN + HEAD + STEP;
    for (at, left) in shared.left_out.iter().enumerate() {
        let last = y + 2.0 * STEP > height - MARGIN;
        let said = if last && at + 1 < shared.left_out.len() {
            format!("and {} more", shared.left_out.len() - at)
        } else {
            format!("{}: {}", left.name, left.reason)
        };
        if let Some(set) = lines(&said, SMALL, wide, 1).first() {
            page.write(document, set, Stands::From(MARGIN), y, INK);
        }
        y += STEP;
        if last {
            break;
        }
    }
    Ok(document.page(page)?)
}

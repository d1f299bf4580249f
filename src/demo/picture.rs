//! From a moment of the story to a JPEG file: draw, encode, and put EXIF and XMP in.
//!
//! The same moment gives the same bytes each time. Nothing here touches the disk.

use image::codecs::jpeg::JpegEncoder;
use resvg::{tiny_skia, usvg};

use super::draw::canvas::Canvas;
use super::draw::light::Light;
use super::story::Moment;
use super::{DemoError, exif, xmp};

/// Of the JPEG encoder's 1–100: flat areas and soft gradients stay clean, files stay near 200 KB.
const QUALITY: u8 = 84;

/// The picture of `moment` as it has been composed, with the faces in it.
pub fn compose(moment: &Moment) -> Canvas {
    let (w, h) = moment.size;
    let mut canvas = Canvas::new(w, h, Light::new(moment.hour, moment.weather), seed(moment.path));
    let cast: Vec<_> = moment.cast.iter().map(|who| who.figure_at(moment.when)).collect();
    (moment.scene)(&mut canvas, &cast);
    canvas
}

/// The JPEG file of `moment`.
///
/// # Errors
/// [`DemoError::Draw`] and [`DemoError::Encode`] name the picture; neither happens unless the program itself is at fault.
pub fn jpeg(moment: &Moment) -> Result<Vec<u8>, DemoError> {
    let canvas = compose(moment);
    let mut pixels = flat(&render(&canvas, moment.path)?);
    let (mut w, mut h) = moment.size;
    if moment.sideways {
        pixels = quarter_turn_left(&pixels, w as usize, h as usize);
        (w, h) = (h, w);
    }
    let mut file = Vec::with_capacity(1 << 19);
    JpegEncoder::new_with_quality(&mut file, QUALITY)
        .encode(&pixels, w, h, image::ExtendedColorType::Rgb8)
        .map_err(|error| DemoError::Encode { path: moment.path.to_owned(), reason: error.to_string() })?;
    let wrong = |reason: String| DemoError::Encode { path: moment.path.to_owned(), reason };
    exif::write(&mut file, moment, (w, h)).map_err(wrong)?;
    xmp::insert(&mut file, &xmp::packet(&xmp::Subject::of(moment, &canvas))).map_err(wrong)?;
    Ok(file)
}

/// Draws a canvas; `path` names it in errors.
///
/// # Errors
/// [`DemoError::Draw`] when the SVG does not parse or the size is zero.
pub fn render(canvas: &Canvas, path: &str) -> Result<tiny_skia::Pixmap, DemoError> {
    let wrong = |reason: String| DemoError::Draw { path: path.to_owned(), reason };
    let mut pixmap = tiny_skia::Pixmap::new(canvas.w as u32, canvas.h as u32)
        .ok_or_else(|| wrong("no area to draw on".to_owned()))?;
    draw_over(canvas, &mut pixmap, path)?;
    Ok(pixmap)
}

/// Draws a canvas over what a pixmap of the same size already shows.
///
/// # Errors
/// [`DemoError::Draw`] when the SVG does not parse.
pub fn draw_over(canvas: &Canvas, pixmap: &mut tiny_skia::Pixmap, path: &str) -> Result<(), DemoError> {
    let tree = usvg::Tree::from_str(&canvas.svg(), &usvg::Options::default())
        .map_err(|error| DemoError::Draw { path: path.to_owned(), reason: error.to_string() })?;
    resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixmap.as_mut());
    Ok(())
}

/// The pixels without their opacity: three bytes each. Scenes cover their whole canvas.
pub fn flat(pixmap: &tiny_skia::Pixmap) -> Vec<u8> {
    pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

/// Turns a picture of `w` × `h` RGB pixels by 90° anticlockwise; EXIF orientation 6 ("rotate 90 CW") sets it upright again.
fn quarter_turn_left(pixels: &[u8], w: usize, h: usize) -> Vec<u8> {
    let mut turned = Vec::with_capacity(pixels.len());
    for y in 0..w {
        for x in 0..h {
            let from = (x * w + (w - 1 - y)) * 3;
            turned.extend_from_slice(&pixels[from..from + 3]);
        }
    }
    turned
}

/// A number made of a path (FNV-1a), so that each picture varies in its own way.
fn seed(path: &str) -> u64 {
    path.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::story::moments;

    #[test]
    fn every_scene_draws_the_people_it_is_given_and_no_others() {
        for moment in moments() {
            let canvas = compose(&moment);
            let mut drawn: Vec<_> =
                canvas.faces.iter().filter(|face| !face.pet).map(|face| face.name.as_str()).collect();
            let mut cast: Vec<_> = moment.cast.iter().map(|who| who.name).collect();
            drawn.sort_unstable();
            cast.sort_unstable();
            assert_eq!(drawn, cast, "{}", moment.path);
            for face in &canvas.faces {
                let inside = face.x > 0.0 && face.x < canvas.w && face.y > 0.0 && face.y < canvas.h;
                assert!(inside, "{}: the face of {} lies outside of the picture", moment.path, face.name);
            }
        }
    }

    #[test]
    fn captions_tell_of_the_pets_that_are_drawn() {
        for moment in moments() {
            let canvas = compose(&moment);
            for pet in ["Biscuit", "Miso"] {
                let drawn = canvas.faces.iter().any(|face| face.name == pet);
                assert!(drawn || !moment.caption.contains(pet), "{} tells of {pet}, who is not drawn", moment.path);
            }
        }
    }

    #[test]
    fn the_same_moment_gives_the_same_drawing() {
        for moment in moments().iter().take(6) {
            assert_eq!(compose(moment).svg(), compose(moment).svg(), "{}", moment.path);
        }
    }

    #[test]
    fn a_quarter_turn_takes_the_right_edge_to_the_top() {
        let (a, b, c, d, e, f) = ([1u8; 3], [2u8; 3], [3u8; 3], [4u8; 3], [5u8; 3], [6u8; 3]);
        let wide = [a, b, c, d, e, f].concat(); // a b c / d e f
        assert_eq!(quarter_turn_left(&wide, 3, 2), [c, f, b, e, a, d].concat());
    }
}

//! Pictures with text, drawn: signs and boards, black on white, in the project's own font.

use std::path::Path;

use image::{Rgb, RgbImage};
use recollect::fonts;
use resvg::{tiny_skia, usvg};

/// A board of `size` × `size` pixels with these lines.
pub fn board(size: u32, lines: &[&str]) -> RgbImage {
    let step = f64::from(size) / (lines.len() as f64 + 1.0);
    let line = |(at, text): (usize, &&str)| {
        let (y, height) = (step * (at as f64 + 1.0), f64::from(size) / 12.0);
        format!("<text x='8%' y='{y}' font-family='{}' font-size='{height}'>{text}</text>", fonts::SANS)
    };
    let lines: String = lines.iter().enumerate().map(line).collect();
    let drawing = format!("<svg xmlns='http://www.w3.org/2000/svg' width='{size}' height='{size}'>{lines}</svg>");
    let options = usvg::Options { fontdb: fonts::all(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(&drawing, &options).unwrap();
    let mut pixels = tiny_skia::Pixmap::new(size, size).unwrap();
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixels.as_mut());
    RgbImage::from_fn(size, size, |x, y| {
        let pixel = pixels.pixel(x, y).unwrap();
        Rgb([pixel.red(), pixel.green(), pixel.blue()])
    })
}

/// Saves a picture, turned clockwise by so many quarters.
pub fn save_turned(picture: &RgbImage, quarters: u32, path: &Path) {
    let turned = (0..quarters).fold(picture.clone(), |picture, _| image::imageops::rotate90(&picture));
    turned.save(path).unwrap();
}

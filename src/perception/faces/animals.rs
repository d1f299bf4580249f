//! Animals in pictures: which objects are animals, and the cut of the picture that they are known by.

use axum::body::Bytes;
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;

use crate::engine::protocol::vision::Object;

/// The animals among the classes of COCO. Detectors take one for the other, so which it is does not count.
const ANIMALS: [&str; 10] = ["bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"];

/// Certainty from which something is an animal.
const LEAST_SCORE: f32 = 0.3;

/// Shorter side of an animal's box, pixels of the picture that is looked at.
const LEAST_PIXELS: f32 = 40.0;

/// Animals of one picture: a herd is not a family.
const MOST: usize = 6;

/// How much two boxes may cover of each other before they are one animal, seen twice as different classes.
const OVERLAP: f32 = 0.5;

/// The objects that are animals large enough to be told apart, the surest first, each once.
pub fn animals(objects: &[Object], width: u32, height: u32) -> Vec<&Object> {
    let mut sure: Vec<&Object> = objects
        .iter()
        .filter(|object| ANIMALS.contains(&object.label.as_str()) && object.score >= LEAST_SCORE)
        .filter(|object| (object.area[2] * width as f32).min(object.area[3] * height as f32) >= LEAST_PIXELS)
        .collect();
    sure.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<&Object> = Vec::new();
    for object in sure {
        if kept.len() < MOST && kept.iter().all(|other| overlap(other.area, object.area) < OVERLAP) {
            kept.push(object);
        }
    }
    kept
}

fn overlap(a: [f32; 4], b: [f32; 4]) -> f32 {
    let side = |at: usize| (a[at] + a[at + 2]).min(b[at] + b[at + 2]) - a[at].max(b[at]);
    let both = side(0).max(0.0) * side(1).max(0.0);
    let all = a[2] * a[3] + b[2] * b[3] - both;
    if all > 0.0 { both / all } else { 0.0 }
}

/// The square around an animal as a JPEG, as far as it lies in the picture; encoders of pictures look at the middle square.
pub fn cut(picture: &RgbImage, area: [f32; 4]) -> Option<Bytes> {
    if !area.iter().all(|edge| edge.is_finite()) {
        return None;
    }
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let side = (area[2] * width).max(area[3] * height);
    let (x, y) = ((area[0] + area[2] / 2.0) * width, (area[1] + area[3] / 2.0) * height);
    let range = |centre: f32, of: f32| {
        ((centre - side / 2.0).round().max(0.0) as u32, (centre + side / 2.0).round().min(of) as u32)
    };
    let ((left, right), (top, bottom)) = (range(x, width), range(y, height));
    let (w, h) = (right.checked_sub(left)?, bottom.checked_sub(top)?);
    if w == 0 || h == 0 {
        return None;
    }
    let cut = image::imageops::crop_imm(picture, left, top, w, h).to_image();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 92).encode_image(&cut).ok()?;
    Some(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(label: &str, score: f32, area: [f32; 4]) -> Object {
        Object { label: label.into(), score, area }
    }

    #[test]
    fn an_animal_counts_once_if_it_is_large_and_sure() {
        let whole = [0.1, 0.1, 0.6, 0.7];
        let objects = [
            object("cat", 0.5, whole),
            object("dog", 0.8, [0.12, 0.1, 0.6, 0.7]),
            object("person", 0.9, whole),
            object("dog", 0.2, [0.8, 0.1, 0.2, 0.2]),
            object("bird", 0.9, [0.8, 0.8, 0.02, 0.02]),
            object("horse", 0.7, [0.75, 0.4, 0.2, 0.3]),
        ];
        let found: Vec<&str> = animals(&objects, 400, 400).iter().map(|object| object.label.as_str()).collect();
        assert_eq!(found, ["dog", "horse"]);
    }

    #[test]
    fn the_cut_is_square_within_the_picture() {
        let picture = RgbImage::new(200, 100);
        let cut = image::load_from_memory(&cut(&picture, [0.4, 0.3, 0.2, 0.2]).unwrap()).unwrap();
        assert_eq!((cut.width(), cut.height()), (40, 40));
        assert!(super::cut(&picture, [0.5, 0.5, 0.0, 0.0]).is_none());
        assert!(super::cut(&picture, [f32::NAN; 4]).is_none());
    }
}

//! Small pictures of faces, made when they are asked for and kept in the data folder.
//!
//! They are made from the thumbnail, which is upright and at most 1024 pixels long, or from the picture of a video's frame.
//! A file under its final name is whole.

use std::io;
use std::path::{Path, PathBuf};

use image::imageops;

use crate::ingest::picture::write_whole;
use crate::library::FaceId;

/// Edge of a crop, pixels.
const EDGE: u32 = 192;

/// How much larger than the face a crop is: a face needs hair and chin around it to be known.
const AROUND: f64 = 1.5;

/// JPEG quality.
const QUALITY: u8 = 82;

/// Where crops lie.
#[derive(Debug, Clone)]
pub struct FaceCrops {
    folder: PathBuf,
}

impl FaceCrops {
    /// In this folder.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, id: FaceId, frame_ms: Option<i64>, area: [f64; 4]) -> PathBuf {
        let id = id.to_string();
        // Identifiers of one hour begin alike; their ends spread evenly. A face that moved has another crop.
        let place = area.map(|edge| format!("{:03x}", (edge.clamp(0.0, 1.0) * 4095.0) as u32)).concat();
        let frame = frame_ms.map(|at| format!("_at_{at}")).unwrap_or_default();
        self.folder.join(id.get(id.len().saturating_sub(2)..).unwrap_or("__")).join(format!("{id}_{place}{frame}.jpg"))
    }

    /// The crop of a face, made from `picture` if it is not there: the thumbnail, or the frame at `frame_ms` of a video.
    /// Blocks.
    ///
    /// # Errors
    /// When the picture cannot be read, or the crop not written.
    pub fn get(&self, id: FaceId, frame_ms: Option<i64>, area: [f64; 4], picture: &Path) -> io::Result<PathBuf> {
        let path = self.path(id, frame_ms, area);
        if path.is_file() {
            return Ok(path);
        }
        let picture = image::load_from_memory(&std::fs::read(picture)?).map_err(io::Error::other)?.to_rgb8();
        let (width, height) = picture.dimensions();
        let [x, y, w, h] = area;
        let side = (w * f64::from(width)).max(h * f64::from(height)) * AROUND;
        let side = (side as u32).clamp(1, width.min(height));
        let begin = |centre: f64, of: u32| (centre * f64::from(of) - f64::from(side) / 2.0).max(0.0) as u32;
        let left = begin(x + w / 2.0, width).min(width - side);
        let top = begin(y + h / 2.0, height).min(height - side);
        let crop = imageops::crop_imm(&picture, left, top, side, side).to_image();
        let crop = if side > EDGE { imageops::resize(&crop, EDGE, EDGE, imageops::FilterType::Triangle) } else { crop };
        let mut bytes = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, QUALITY)
            .encode_image(&crop)
            .map_err(io::Error::other)?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        write_whole(&path, &bytes)?;
        Ok(path)
    }

    /// Deletes the crops of faces; returns how many there were.
    pub fn forget(&self, faces: &[FaceId]) -> usize {
        let mut deleted = 0;
        for id in faces {
            let folder = self.path(*id, None, [0.0; 4]).parent().map(Path::to_owned).unwrap_or_default();
            let name = format!("{id}_");
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.file_name().to_string_lossy().starts_with(&name) && std::fs::remove_file(entry.path()).is_ok()
                {
                    deleted += 1;
                }
            }
        }
        deleted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crops_are_square_even_at_the_edge_and_go_with_their_face() {
        let dir = tempfile::tempdir().unwrap();
        let picture = dir.path().join("p.jpg");
        image::RgbImage::from_pixel(300, 200, image::Rgb([90, 80, 70])).save(&picture).unwrap();
        let crops = FaceCrops::at(dir.path().join("faces"));
        let (id, other) = (FaceId::new(), FaceId::new());
        for area in [[0.0, 0.0, 0.2, 0.3], [0.9, 0.9, 0.1, 0.1], [0.0, 0.0, 1.0, 1.0], [0.5, 0.5, 0.0, 0.0]] {
            let crop = image::open(crops.get(id, None, area, &picture).unwrap()).unwrap();
            assert_eq!(crop.width(), crop.height());
            assert!(crop.width() <= EDGE);
        }
        crops.get(other, Some(90), [0.1, 0.1, 0.2, 0.2], &picture).unwrap();
        assert_eq!((crops.forget(&[id]), crops.forget(&[id]), crops.forget(&[other])), (4, 0, 1));
        assert!(crops.get(id, None, [0.0; 4], &dir.path().join("absent.jpg")).is_err());
    }
}

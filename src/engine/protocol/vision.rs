//! `POST /v1/images/annotations`: pictures in, what models see in them out. A route of our own, in OpenAI's style.
//!
//! Every picture of a request has its own entry in the answer, in the same order; one that cannot be read has an error
//! there and the others are answered all the same. Boxes and points are in 0–1 of the picture as it was sent, from its
//! top left corner; a box is `[x, y, width, height]` and lies within the picture.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// Something that models see in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feature {
    /// Faces, with a vector that says whose each is.
    Faces,
    /// Things and animals, with boxes.
    Objects,
    /// What the picture as a whole shows.
    Labels,
    /// The picture as a vector.
    Embedding,
    /// Whether the picture is fit for everybody.
    Safety,
    /// Lines of text: where they are, and what they say if there is a model that reads.
    Text,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Faces, Self::Objects, Self::Labels, Self::Embedding, Self::Safety, Self::Text];

    /// Its name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Faces => "faces",
            Self::Objects => "objects",
            Self::Labels => "labels",
            Self::Embedding => "embedding",
            Self::Safety => "safety",
            Self::Text => "text",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Body of `POST /v1/images/annotations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnotationRequest {
    /// Upright pictures (JPEG, PNG or WebP), each as a `data:` URL with base64 (RFC 2397).
    pub images: Vec<String>,
    /// What is wanted of each.
    pub features: Vec<Feature>,
}

/// Answer of `POST /v1/images/annotations`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnnotationResponse {
    /// Always `list`.
    #[serde(default)]
    pub object: String,
    /// One entry a picture.
    pub data: Vec<Annotation>,
    /// Which models saw it.
    pub models: BTreeMap<Feature, SeeingModel>,
}

/// Which model, or pair of models, does something. Results of different versions do not mix.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SeeingModel {
    /// Identifier; of faces those of detector and encoder, of text those of detector and reader if there is one, joined
    /// by `+`.
    pub name: String,
    /// First 16 hexadecimal digits of the SHA-256 of the weights; joined in the same way.
    pub version: String,
}

impl fmt::Display for SeeingModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (version {})", self.name, self.version)
    }
}

/// What was seen in one picture. A feature that was not asked for, or a picture that cannot be read, has `None`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Annotation {
    /// Position of the picture in the request, from 0.
    pub index: usize,
    /// Pixels from left to right; 0 if the picture cannot be read.
    #[serde(default)]
    pub width: u32,
    /// Pixels from top to bottom.
    #[serde(default)]
    pub height: u32,
    /// Faces, the surest first.
    #[serde(default)]
    pub faces: Option<Vec<Face>>,
    /// Things and animals, the surest first.
    #[serde(default)]
    pub objects: Option<Vec<Object>>,
    /// What the picture as a whole shows, the surest first; those with next to no certainty are left out.
    #[serde(default)]
    pub labels: Option<Vec<Label>>,
    /// The picture as a vector of length 1.
    #[serde(default)]
    pub embedding: Option<Vec<f32>>,
    /// Certainty of each class, such as `neutral`; they add up to 1.
    #[serde(default)]
    pub safety: Option<BTreeMap<String, f32>>,
    /// Lines of text, those that are surest to be text first.
    #[serde(default)]
    pub text: Option<Vec<TextLine>>,
    /// Why nothing was seen.
    #[serde(default)]
    pub error: Option<PictureFault>,
}

/// Why nothing was seen in a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFault {
    /// For a program: `unreadable` (no data URL, no known format or damaged), `too_large`, `failed` (a model failed).
    pub code: String,
    /// For a person.
    pub message: String,
}

/// A face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Face {
    /// Where it is.
    #[serde(rename = "box")]
    pub area: [f32; 4],
    /// Certainty of the detector, 0–1.
    pub score: f32,
    /// Right eye, left eye (of the person: the right one is on the left), tip of the nose, right and left corner of the
    /// mouth.
    pub landmarks: [[f32; 2]; 5],
    /// Whose face it is: a vector of length 1; the dot product of two says how alike the faces are.
    pub embedding: Vec<f32>,
    /// Variance of the Laplacian of the aligned face's grey values (0–255): below about 50 a face is blurred.
    pub sharpness: f32,
    /// How far the head is turned: 0 looks at the camera, −1 and 1 are profiles to the left and right of the picture.
    pub yaw: f32,
    /// Shorter side of the box in pixels of the picture as it was sent.
    pub pixels: f32,
}

/// A thing or an animal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// Its class, such as `dog`, by the model's own name.
    pub label: String,
    /// Certainty, 0–1.
    pub score: f32,
    /// Where it is.
    #[serde(rename = "box")]
    pub area: [f32; 4],
}

/// What the picture as a whole shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// Its class, such as `seashore`, by the model's own name.
    pub label: String,
    /// Certainty, 0–1.
    pub score: f32,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextLine {
    /// Top left, top right, bottom right and bottom left in the way that it was read; of one that was not read, as if it
    /// were not turned by more than 45°. They may lie a little beyond the picture.
    pub corners: [[f32; 2]; 4],
    /// Certainty that this is text, 0–1.
    pub score: f32,
    /// What it says; `None` if there is no model that reads.
    #[serde(default)]
    pub read: Option<ReadText>,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadText {
    /// The text; empty if nothing in it can be read.
    pub text: String,
    /// Mean certainty of its characters, 0–1.
    pub certainty: f32,
    /// Its words in order, as spaces part them.
    pub words: Vec<ReadWord>,
}

/// A word of a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadWord {
    /// The word.
    pub text: String,
    /// Mean certainty of its characters, 0–1.
    pub certainty: f32,
    /// Where it begins and ends, 0–1 of the line's length.
    pub span: [f32; 2],
}

/// A picture as a `data:` URL. The format is told by the first bytes; what is none of them is sent as it is, and the
/// engine says what is wrong with it.
pub fn data_url(picture: &[u8]) -> String {
    let kind = match picture {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'R', b'I', b'F', b'F', ..] => "image/webp",
        _ => "image/jpeg",
    };
    format!("data:{kind};base64,{}", STANDARD.encode(picture))
}

/// The bytes of a `data:` URL with base64.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn read_data_url(url: &str) -> Result<Vec<u8>, String> {
    let rest = url.strip_prefix("data:").ok_or("a picture must be a data: URL; addresses are not fetched")?;
    let (kind, data) = rest.split_once(',').ok_or("a data: URL must have a comma before its data")?;
    if !kind.ends_with(";base64") {
        return Err("a data: URL must be in base64".to_owned());
    }
    STANDARD.decode(data.trim()).map_err(|error| format!("the data: URL is no valid base64: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_survive_the_way() {
        for bytes in [&b"\x89PNG rest"[..], b"RIFF....WEBP", b"\xff\xd8\xff", b""] {
            assert_eq!(read_data_url(&data_url(bytes)).unwrap(), bytes);
        }
        assert!(data_url(b"\x89PNG").starts_with("data:image/png;base64,"));
    }

    #[test]
    fn what_is_no_data_url_is_refused_with_the_reason() {
        for (url, why) in [
            ("https://example.org/a.jpg", "not fetched"),
            ("data:image/jpeg;base64", "comma"),
            ("data:image/jpeg,abc", "base64"),
            ("data:image/jpeg;base64,%%%", "no valid base64"),
        ] {
            assert!(read_data_url(url).unwrap_err().contains(why), "{url}");
        }
    }

    #[test]
    fn names_are_those_that_json_has() {
        for feature in Feature::ALL {
            assert_eq!(serde_json::to_value(feature).unwrap(), feature.name());
        }
        let face: Face = serde_json::from_str(
            r#"{"box":[0,0,1,1],"score":1,"landmarks":[[0,0],[0,0],[0,0],[0,0],[0,0]],"embedding":[1],
                "sharpness":1,"yaw":0,"pixels":9}"#,
        )
        .unwrap();
        assert_eq!(face.area, [0.0, 0.0, 1.0, 1.0]);
    }
}

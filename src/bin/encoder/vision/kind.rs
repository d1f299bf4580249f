//! Which kind of model a graph is, by its inputs and outputs.
//!
//! Told apart are YuNet (outputs `cls_8 … kps_32`), encoders of faces (112 × 112 pixels to one vector), YOLOX (a grid
//! of 3 strides with a box, a certainty and classes at each cell), finders of text (planes of any size to a map of that
//! size), readers of text (lines of 32 or 48 pixels and any length to rows of characters), classifiers (as many numbers
//! as there are labels) and encoders of pictures (one vector). What is none of them is refused at start.

use anyhow::{Context as _, bail, ensure};
use recollect::engine::protocol::vision::Feature;
use recollect::models::labels::are_of_safety;

use super::graph::{Graph, Shape};

/// A kind of model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Finds faces.
    FaceDetector,
    /// Makes a face a vector.
    FaceEncoder,
    /// Finds things.
    ObjectDetector,
    /// Says what a picture shows: these labels, in the order of the outputs.
    Classifier(Vec<String>),
    /// Says whether a picture is fit for everybody: these classes, in the order of the outputs.
    Safety(Vec<String>),
    /// Makes a picture a vector.
    ImageEncoder,
    /// Finds lines of text.
    TextDetector,
    /// Says what a line of text says: what each output stands for.
    TextReader(Vec<String>),
}

impl Kind {
    /// What models of this kind are for.
    pub fn feature(&self) -> Feature {
        match self {
            Self::FaceDetector | Self::FaceEncoder => Feature::Faces,
            Self::ObjectDetector => Feature::Objects,
            Self::Classifier(_) => Feature::Labels,
            Self::Safety(_) => Feature::Safety,
            Self::ImageEncoder => Feature::Embedding,
            Self::TextDetector | Self::TextReader(_) => Feature::Text,
        }
    }

    /// The kind of a graph; `labels` and `characters` are those of the files beside it, by number of outputs.
    pub fn of(
        graph: &Graph,
        labels: impl FnOnce(usize) -> Option<Vec<String>>,
        characters: impl FnOnce(usize) -> Option<Vec<String>>,
    ) -> anyhow::Result<Self> {
        let outputs = graph.outputs();
        let gives = |name: &str| outputs.iter().any(|(output, _)| output == name);
        if ["cls_8", "obj_16", "bbox_32", "kps_8"].into_iter().all(gives) {
            return Ok(Self::FaceDetector);
        }
        let [(_, shape)] = &outputs[..] else { bail!("it gives {} outputs of no known kind", outputs.len()) };
        match (graph.takes_planes(), graph.lengths(), &shape[..]) {
            (true, (None, None), [None, None] | [_, _, None, None]) => return Ok(Self::TextDetector),
            (true, (Some(height @ (32 | 48)), width), [_, _, Some(outputs)]) if width != Some(height) => {
                let missing = || format!("it has {outputs} outputs, and no file of so many characters is beside it");
                return Ok(Self::TextReader(characters(*outputs).with_context(missing)?));
            }
            _ => {}
        }
        let (width, height) = graph.size().context("its input has no fixed size")?;
        ensure!(width == height, "its input is not square");
        if let [_, Some(cells), Some(values)] = shape[..] {
            let grid: usize = [8, 16, 32].map(|stride| (width as usize / stride).pow(2)).iter().sum();
            ensure!(cells == grid && values > 5, "its output of {cells} × {values} numbers is not that of a YOLOX");
            return Ok(Self::ObjectDetector);
        }
        let length = vector(shape).with_context(|| format!("its output has the shape {shape:?}"))?;
        if width == super::alignment::SIDE {
            return Ok(Self::FaceEncoder);
        }
        ensure!(!graph.takes_planes(), "it takes planes of floats, and nothing says how colours are scaled for it");
        Ok(match labels(length) {
            Some(names) if are_of_safety(&names) => Self::Safety(names),
            Some(names) => Self::Classifier(names),
            None if matches!(length, 1000 | 1001) => {
                bail!("it has {length} classes, and there is no labels.txt with so many lines beside it")
            }
            None => Self::ImageEncoder,
        })
    }
}

/// Length of the vector that an output is; all other lengths are one, or not fixed.
fn vector(shape: &Shape) -> Option<usize> {
    let (last, others) = shape.split_last()?;
    others.iter().all(|length| length.is_none_or(|length| length == 1)).then_some((*last)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_may_have_dimensions_of_one() {
        assert_eq!(vector(&vec![Some(1), Some(1), Some(1), Some(1024)]), Some(1024));
        assert_eq!(vector(&vec![None, Some(5)]), Some(5));
        assert_eq!(vector(&vec![Some(1), Some(7), Some(5)]), None);
        assert_eq!(vector(&vec![Some(1), None]), None);
    }
}

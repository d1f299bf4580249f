//! A session of a graph that takes pictures, mostly one: what it takes, and how it is run.

use std::borrow::Cow;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use image::RgbImage;
use ort::environment::Environment;
use ort::session::{Session, SessionInputValue, SessionOutputs};
use ort::value::{Outlet, Tensor, TensorElementType};

use super::pixels::{self, Order, Scale};
use crate::runtime;

/// Lengths of a tensor; `None` for one that is not fixed.
pub type Shape = Vec<Option<usize>>;

/// A graph with one picture as input.
pub struct Graph {
    session: Session,
    input: String,
    layout: Layout,
    bytes: bool,
    /// Height and width of its input.
    size: (Option<usize>, Option<usize>),
    /// Pictures that it takes at once, where that is fixed.
    batch: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// [1, 3, height, width]
    Planes,
    /// [1, height, width, 3]
    Interleaved,
}

impl Graph {
    /// Loads a file; it computes on one thread, because pictures are worked on side by side.
    pub fn load(environment: &Environment, path: &Path) -> anyhow::Result<Self> {
        Self::load_with(environment, path, 1)
    }

    /// Loads a file that computes on so many threads.
    pub fn load_with(environment: &Environment, path: &Path, threads: usize) -> anyhow::Result<Self> {
        let session =
            runtime::session(environment, threads)?.commit_from_file(path).context("ONNX Runtime refuses the file")?;
        let [picture] = session.inputs() else {
            bail!(
                "it takes {} inputs; this engine runs graphs that take a picture and nothing else",
                session.inputs().len()
            )
        };
        let shape = shape_of(picture);
        let (layout, size) = match shape[..] {
            [_, Some(3), height, width] => (Layout::Planes, (height, width)),
            // Exports for a hub leave every length open; the name tells them.
            [_, None, height, width] if picture.name() == "pixel_values" => (Layout::Planes, (height, width)),
            [_, height, width, Some(3)] => (Layout::Interleaved, (height, width)),
            ref other => bail!("its input has the shape {other:?}, which is no picture's"),
        };
        let bytes = match picture.dtype().tensor_type() {
            Some(TensorElementType::Uint8) => true,
            Some(TensorElementType::Float32) => false,
            other => bail!("its input is of type {other:?}"),
        };
        ensure!(!bytes || layout == Layout::Interleaved, "it takes bytes in planes, which no known model does");
        let batch = shape.first().copied().flatten();
        Ok(Self { input: picture.name().to_owned(), layout, bytes, size, batch, session })
    }

    /// Width and height of its input, where both are fixed.
    pub fn size(&self) -> Option<(u32, u32)> {
        Some((u32::try_from(self.size.1?).ok()?, u32::try_from(self.size.0?).ok()?))
    }

    /// Height and width of its input, as far as they are fixed.
    pub fn lengths(&self) -> (Option<usize>, Option<usize>) {
        self.size
    }

    /// Whether it takes colour planes rather than pixels one after the other.
    pub fn takes_planes(&self) -> bool {
        self.layout == Layout::Planes
    }

    /// Names and shapes of what it gives.
    pub fn outputs(&self) -> Vec<(String, Shape)> {
        self.session.outputs().iter().map(|output| (output.name().to_owned(), shape_of(output))).collect()
    }

    /// Runs it on one picture, which has the size of its input.
    pub fn run(&mut self, picture: &RgbImage, order: Order, scale: Scale) -> anyhow::Result<Outputs<'_>> {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let value: SessionInputValue<'_> = match self.layout {
            Layout::Planes => {
                Tensor::from_array(([1, 3, height, width], pixels::planes(picture, order, scale)))?.into()
            }
            Layout::Interleaved if self.bytes => {
                Tensor::from_array(([1, height, width, 3], picture.as_raw().clone()))?.into()
            }
            Layout::Interleaved => {
                Tensor::from_array(([1, height, width, 3], pixels::interleaved(picture, scale)))?.into()
            }
        };
        self.run_on(value)
    }

    /// Runs it on planes of floats: [3, height, width].
    pub fn run_planes(&mut self, planes: Vec<f32>, width: usize, height: usize) -> anyhow::Result<Outputs<'_>> {
        self.run_batch(planes, 1, width, height)
    }

    /// Pictures that it takes at once; `None` for any number.
    pub fn batch(&self) -> Option<usize> {
        self.batch
    }

    /// Runs it on planes of several pictures of one size: [pictures, 3, height, width].
    pub fn run_batch(
        &mut self,
        planes: Vec<f32>,
        pictures: usize,
        width: usize,
        height: usize,
    ) -> anyhow::Result<Outputs<'_>> {
        ensure!(self.layout == Layout::Planes, "it does not take planes");
        self.run_on(Tensor::from_array(([pictures, 3, height, width], planes))?.into())
    }

    fn run_on(&mut self, value: SessionInputValue<'_>) -> anyhow::Result<Outputs<'_>> {
        let values: Vec<(Cow<'_, str>, SessionInputValue<'_>)> = vec![(self.input.clone().into(), value)];
        self.session.run(values).map(Outputs).context("ONNX Runtime failed")
    }
}

/// What a run gave.
pub struct Outputs<'s>(SessionOutputs<'s>);

impl Outputs<'_> {
    /// The numbers of an output. Those of 8 bits come as they are, 0–255.
    pub fn numbers(&self, name: &str) -> anyhow::Result<Vec<f32>> {
        let output = self.0.get(name).with_context(|| format!("the graph gave no `{name}`"))?;
        if let Ok((_, bytes)) = output.try_extract_tensor::<u8>() {
            return Ok(bytes.iter().map(|byte| f32::from(*byte)).collect());
        }
        let (_, data) = output.try_extract_tensor::<f32>().with_context(|| format!("`{name}` is not of floats"))?;
        Ok(data.to_vec())
    }
}

fn shape_of(outlet: &Outlet) -> Shape {
    let shape = outlet.dtype().tensor_shape();
    shape.into_iter().flat_map(|shape| shape.iter()).map(|length| usize::try_from(*length).ok()).collect()
}

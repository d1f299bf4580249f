//! Runs batches of tokens through a model and makes one vector a text of what comes out.
//!
//! A batch is padded on the right to its longest text; padding changes no vector. One thread owns the encoder.

use std::borrow::Cow;

use anyhow::{Context as _, bail, ensure};
use ort::environment::Environment;
use ort::session::{Session, SessionInputValue};
use ort::value::Tensor;

use crate::runtime;
use crate::text::bert;
use crate::text::files::{ModelFiles, Weights};
use crate::text::pooling::{Pooling, pool};
use crate::text::weights::WeightFile;
use crate::text::worker::Model;

/// A loaded model.
pub struct Encoder {
    session: Session,
    inputs: Vec<Input>,
    output: String,
    pooling: Pooling,
    dimensions: usize,
}

/// An input that the graph may have, and that this engine can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    /// Token numbers, [batch, sequence].
    Ids(Width),
    /// 1 for a token, 0 for padding, [batch, sequence].
    Mask(Width),
    /// Segment numbers, all 0, [batch, sequence].
    Segments(Width),
    /// Tokens of each text, [batch].
    Lengths,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Int32,
    Int64,
}

impl Encoder {
    /// Loads a model that computes on `threads` threads, and runs it once, on the tokens of two texts, to see that it
    /// works.
    pub fn load(
        environment: &Environment,
        files: &ModelFiles,
        threads: usize,
        probe: [&[u32]; 2],
    ) -> anyhow::Result<Self> {
        let session = build(environment, files, threads)?;
        let inputs = session.inputs().iter().map(input_of).collect::<anyhow::Result<Vec<_>>>()?;
        let outputs: Vec<&str> = session.outputs().iter().map(|output| output.name()).collect();
        let known: &[&str] = match files.tower {
            Some(_) => &["text_embeds", "pooler_output"],
            None => &["sentence_embedding", bert::OUTPUT, "token_embeddings"],
        };
        let output = known.iter().copied().find(|name| outputs.contains(name)).or(outputs.first().copied());
        let output = output.context("the graph has no output")?.to_owned();
        let mut encoder = Self { session, inputs, output, pooling: files.pooling, dimensions: 0 };
        let probe = encoder.embed(&probe)?;
        encoder.dimensions = probe.first().map_or(0, Vec::len);
        ensure!(encoder.dimensions > 0, "the graph's vectors are empty");
        let expected = files.config.hidden_size;
        let fits = expected == 0 || expected == encoder.dimensions || matches!(files.weights, Weights::Onnx(_));
        ensure!(fits, "the graph's vectors have {} dimensions instead of {expected}", encoder.dimensions);
        Ok(encoder)
    }

    /// Length of the vectors.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }
}

fn build(environment: &Environment, files: &ModelFiles, threads: usize) -> anyhow::Result<Session> {
    let mut builder = runtime::session(environment, threads)?;
    match &files.weights {
        Weights::Onnx(path) => builder.commit_from_file(path).context("ONNX Runtime refuses the file"),
        Weights::Safetensors(path) => bert::load(&builder, &files.config, &mut WeightFile::open(path)?),
    }
}

fn input_of(input: &ort::value::Outlet) -> anyhow::Result<Input> {
    use ort::value::TensorElementType::{Int32, Int64};
    let width = match input.dtype().tensor_type() {
        Some(Int32) => Width::Int32,
        Some(Int64) => Width::Int64,
        other => bail!("the graph's input `{}` is of type {other:?}", input.name()),
    };
    match input.name() {
        "input_ids" => Ok(Input::Ids(width)),
        "attention_mask" => Ok(Input::Mask(width)),
        "token_type_ids" => Ok(Input::Segments(width)),
        bert::LENGTHS => Ok(Input::Lengths),
        other => bail!("the graph wants an input `{other}`, which a text encoder does not have"),
    }
}

impl Model for Encoder {
    fn embed(&mut self, texts: &[&[u32]]) -> anyhow::Result<Vec<Vec<f32>>> {
        let longest = texts.iter().map(|text| text.len()).max().unwrap_or(0).max(1);
        let mut values: Vec<(Cow<'_, str>, SessionInputValue<'_>)> = Vec::new();
        for (input, outlet) in self.inputs.iter().zip(self.session.inputs()) {
            values.push((outlet.name().to_owned().into(), value_of(*input, texts, longest)?));
        }
        let outputs = self.session.run(values).context("ONNX Runtime failed")?;
        let output = outputs.get(&self.output).context("the graph gave no output")?;
        let (shape, data) = output.try_extract_tensor::<f32>().context("the output is not of floats")?;
        let shape: Vec<usize> = shape.iter().map(|size| usize::try_from(*size).unwrap_or(0)).collect();
        let vectors: Vec<Vec<f32>> = match shape[..] {
            // Vectors of texts: the graph pools by itself.
            [rows, hidden] if rows == texts.len() => {
                data.chunks_exact(hidden.max(1)).map(|vector| pool(vector, hidden, Pooling::First)).collect()
            }
            [rows, length, hidden] if rows == texts.len() && length == longest => {
                let texts = texts.iter().zip(data.chunks_exact((length * hidden).max(1)));
                texts.map(|(text, tokens)| pool(&tokens[..text.len() * hidden], hidden, self.pooling)).collect()
            }
            _ => bail!("the output has shape {shape:?} for {} texts of {longest} tokens", texts.len()),
        };
        ensure!(
            vectors.iter().flatten().all(|value| value.is_finite()),
            "the output holds numbers that are not finite"
        );
        Ok(vectors)
    }
}

fn value_of(input: Input, texts: &[&[u32]], longest: usize) -> anyhow::Result<SessionInputValue<'static>> {
    let padded = |cell: fn(u32) -> i32| -> Vec<i32> {
        let row = |text: &&[u32]| {
            let cells: Vec<i32> = text.iter().map(|id| cell(*id)).collect();
            cells.into_iter().chain(std::iter::repeat(0)).take(longest)
        };
        texts.iter().flat_map(row).collect()
    };
    let (width, values) = match input {
        Input::Ids(width) => (width, padded(|id| id.cast_signed())),
        Input::Mask(width) => (width, padded(|_| 1)),
        Input::Segments(width) => (width, padded(|_| 0)),
        Input::Lengths => {
            let lengths = texts.iter().map(|text| i32::try_from(text.len())).collect::<Result<Vec<_>, _>>()?;
            return Ok(Tensor::from_array(([texts.len()], lengths))?.into());
        }
    };
    let shape = [texts.len(), longest];
    Ok(match width {
        Width::Int32 => Tensor::from_array((shape, values))?.into(),
        Width::Int64 => Tensor::from_array((shape, values.into_iter().map(i64::from).collect::<Vec<_>>()))?.into(),
    })
}

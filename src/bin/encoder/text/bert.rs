//! Builds the graph of a BERT encoder from safetensors, so that a model needs no ONNX file.
//!
//! The graph has the inputs `input_ids` (int32, [batch, sequence]) and `lengths` (int32, [batch]: tokens that are not
//! padding) and the output `last_hidden_state` (float, [batch, sequence, hidden]). It is written in ONNX Runtime's fused
//! operators (domain `com.microsoft`, described in its `docs/ContribOperators.md`), which every build of it has: what its
//! optimiser would have to find in a graph of plain operators is said outright. Architecture: Devlin et al., "BERT", 2019.

use anyhow::{Context as _, bail, ensure};
use ort::editor::{Graph, Model, Node, ONNX_DOMAIN, Opset};
use ort::memory::Allocator;
use ort::operator::Attribute;
use ort::session::Session;
use ort::session::builder::SessionBuilder;
use ort::value::{Outlet, Shape, SymbolicDimensions, Tensor, TensorElementType, ValueType};

use crate::text::files::Config;
use crate::text::weights::WeightFile;

const FUSED: &str = "com.microsoft";
/// The operator set of the few plain operators; every ONNX Runtime since 1.12 has it.
const OPSET: u32 = 17;

/// Name of the input of token numbers.
pub const INPUT_IDS: &str = "input_ids";
/// Name of the input of text lengths.
pub const LENGTHS: &str = "lengths";
/// Name of the output.
pub const OUTPUT: &str = "last_hidden_state";

/// Builds the graph and loads it.
pub fn load(builder: &SessionBuilder, config: &Config, weights: &mut WeightFile) -> anyhow::Result<Session> {
    let mut bert = Bert { graph: Graph::new()?, config, weights, allocator: Allocator::default() };
    bert.build()?;
    let mut model = Model::new([Opset::new(ONNX_DOMAIN, OPSET)?, Opset::new(FUSED, 1)?])?;
    model.set_graph(bert.graph)?;
    model.into_session(builder).context("ONNX Runtime refuses the graph; it needs version 1.22 or newer")
}

struct Bert<'a> {
    graph: Graph,
    config: &'a Config,
    weights: &'a mut WeightFile,
    allocator: Allocator,
}

impl Bert<'_> {
    fn build(&mut self) -> anyhow::Result<()> {
        let (ids, lengths) = (["batch", "sequence"], ["batch"]);
        self.graph.set_inputs([
            outlet(INPUT_IDS, TensorElementType::Int32, &[-1, -1], &ids),
            outlet(LENGTHS, TensorElementType::Int32, &[-1], &lengths),
        ])?;
        let hidden = i64::try_from(self.config.hidden_size)?;
        let output = outlet(OUTPUT, TensorElementType::Float32, &[-1, -1, hidden], &["batch", "sequence", ""]);
        self.graph.set_outputs([output])?;
        self.embeddings()?;
        let last = self.config.num_hidden_layers;
        for layer in 0..last {
            let from = format!("layer.{layer}");
            let to = if layer + 1 == last { OUTPUT.to_owned() } else { format!("layer.{}", layer + 1) };
            self.layer(&format!("encoder.layer.{layer}"), &from, &to)?;
        }
        Ok(())
    }

    /// Sum of the embeddings of word, position and segment, normalised.
    fn embeddings(&mut self) -> anyhow::Result<()> {
        let (hidden, words, positions) =
            (self.config.hidden_size, self.config.vocab_size, self.config.max_position_embeddings);
        let word = self.weights.read("embeddings.word_embeddings.weight", &[words, hidden])?;
        self.constant("words", &[words, hidden], &word)?;
        drop(word);
        // Every text is segment 0: its embedding is the same for all tokens and can be added to the positions' once.
        let mut position = self.weights.read("embeddings.position_embeddings.weight", &[positions, hidden])?;
        let segments = self.weights.read("embeddings.token_type_embeddings.weight", &[2, hidden])?;
        for row in position.chunks_exact_mut(hidden) {
            row.iter_mut().zip(&segments).for_each(|(value, segment)| *value += segment);
        }
        self.constant("positions", &[positions, hidden], &position)?;
        self.tensor("embeddings.LayerNorm.weight", &[hidden])?;
        self.tensor("embeddings.LayerNorm.bias", &[hidden])?;
        let inputs =
            [INPUT_IDS, "", "words", "positions", "", "embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"];
        let epsilon = Attribute::new("epsilon", self.config.layer_norm_eps)?;
        // The second output, made of a mask, is not used; the operator has it all the same.
        self.node("EmbedLayerNormalization", FUSED, &inputs, &["layer.0", "layer.0.mask"], vec![epsilon])
    }

    /// One layer: attention and two dense layers, each with the way around it and a normalisation.
    fn layer(&mut self, name: &str, from: &str, to: &str) -> anyhow::Result<()> {
        let (hidden, inner) = (self.config.hidden_size, self.config.intermediate_size);
        let part = |part: &str| format!("{name}.{part}");
        self.attention_weights(name)?;
        let heads = Attribute::new("num_heads", i64::try_from(self.config.num_attention_heads)?)?;
        let (qkv, qkv_bias, attended) = (part("qkv.weight"), part("qkv.bias"), part("attended"));
        self.node("Attention", FUSED, &[from, &qkv, &qkv_bias, LENGTHS], &[&attended], vec![heads])?;

        let (projected, middle) = (part("projected"), part("middle"));
        self.matmul(&part("attention.output.dense.weight"), hidden, hidden, &attended, &projected)?;
        self.skip_and_normalise(&part("attention.output"), &projected, from, &middle)?;

        let (widened, active, narrowed) = (part("widened"), part("active"), part("narrowed"));
        self.matmul(&part("intermediate.dense.weight"), inner, hidden, &middle, &widened)?;
        let bias = part("intermediate.dense.bias");
        self.tensor(&bias, &[inner])?;
        let activation = activation(&self.config.hidden_act)?;
        self.node(activation, FUSED, &[&widened, &bias], &[&active], Vec::new())?;
        self.matmul(&part("output.dense.weight"), hidden, inner, &active, &narrowed)?;
        self.skip_and_normalise(&part("output"), &narrowed, &middle, to)
    }

    /// Query, key and value side by side, as the fused attention wants them: [hidden, 3 · hidden] and [3 · hidden].
    fn attention_weights(&mut self, name: &str) -> anyhow::Result<()> {
        let hidden = self.config.hidden_size;
        let (mut parts, mut bias) = (Vec::new(), Vec::new());
        for part in ["query", "key", "value"] {
            parts.push(self.weights.read_transposed(
                &format!("{name}.attention.self.{part}.weight"),
                hidden,
                hidden,
            )?);
            bias.extend(self.weights.read(&format!("{name}.attention.self.{part}.bias"), &[hidden])?);
        }
        let mut packed = Vec::with_capacity(3 * hidden * hidden);
        for row in 0..hidden {
            for part in &parts {
                packed.extend_from_slice(&part[row * hidden..(row + 1) * hidden]);
            }
        }
        self.constant(&format!("{name}.qkv.weight"), &[hidden, 3 * hidden], &packed)?;
        self.constant(&format!("{name}.qkv.bias"), &[3 * hidden], &bias)
    }

    /// `from` times the transposed weight, which the file holds as [out, in].
    fn matmul(&mut self, weight: &str, out: usize, inside: usize, from: &str, to: &str) -> anyhow::Result<()> {
        let turned = self.weights.read_transposed(weight, out, inside)?;
        self.constant(weight, &[inside, out], &turned)?;
        self.node("MatMul", ONNX_DOMAIN, &[from, weight], &[to], Vec::new())
    }

    /// The normalised sum of `from`, the bias of the dense layer that made it, and `around`.
    fn skip_and_normalise(&mut self, name: &str, from: &str, around: &str, to: &str) -> anyhow::Result<()> {
        let hidden = self.config.hidden_size;
        let [scale, shift, bias] =
            ["LayerNorm.weight", "LayerNorm.bias", "dense.bias"].map(|part| format!("{name}.{part}"));
        for tensor in [&scale, &shift, &bias] {
            self.tensor(tensor, &[hidden])?;
        }
        let epsilon = Attribute::new("epsilon", self.config.layer_norm_eps)?;
        self.node("SkipLayerNormalization", FUSED, &[from, around, &scale, &shift, &bias], &[to], vec![epsilon])
    }

    fn node(
        &mut self,
        operator: &str,
        domain: &str,
        inputs: &[&str],
        outputs: &[&str],
        attributes: Vec<Attribute>,
    ) -> anyhow::Result<()> {
        let name = format!("{operator}:{}", outputs.first().copied().unwrap_or_default());
        let node = Node::new(operator, domain, name, inputs, outputs, attributes)?;
        Ok(self.graph.add_node(node)?)
    }

    /// A constant of the graph by the name it has in the file.
    fn tensor(&mut self, name: &str, shape: &[usize]) -> anyhow::Result<()> {
        let values = self.weights.read(name, shape)?;
        self.constant(name, shape, &values)
    }

    fn constant(&mut self, name: &str, shape: &[usize], values: &[f32]) -> anyhow::Result<()> {
        let dimensions = shape.iter().map(|size| i64::try_from(*size)).collect::<Result<Vec<_>, _>>()?;
        let mut tensor = Tensor::<f32>::new(&self.allocator, Shape::new(dimensions))?;
        let room = tensor.extract_tensor_mut().1;
        ensure!(
            room.len() == values.len(),
            "the constant `{name}` has {} values instead of {}",
            values.len(),
            room.len()
        );
        room.copy_from_slice(values);
        // The runtime takes the tensor as it is instead of a copy; it refuses that for small ones.
        let as_external = values.len() > 32;
        Ok(self.graph.add_initializer(name, tensor, as_external)?)
    }
}

fn outlet(name: &str, ty: TensorElementType, shape: &[i64], symbols: &[&str]) -> Outlet {
    let dimension_symbols = SymbolicDimensions::new(symbols.iter().map(|symbol| (*symbol).to_owned()));
    Outlet::new(name, ValueType::Tensor { ty, shape: Shape::new(shape.iter().copied()), dimension_symbols })
}

/// The operator that adds a bias and applies the activation that transformers calls `name`.
fn activation(name: &str) -> anyhow::Result<&'static str> {
    match name {
        "gelu" => Ok("BiasGelu"),
        "gelu_new" | "gelu_pytorch_tanh" | "gelu_fast" => Ok("FastGelu"),
        other => bail!("its activation is `{other}`; only `gelu` and its tanh form are supported"),
    }
}

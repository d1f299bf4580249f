//! Tells what an ONNX model does by the inputs and outputs of its graph.
//!
//! The file is a `ModelProto` (onnx.proto in ONNX's repository): `ir_version` (1), `graph` (7); a `GraphProto` has
//! `initializer` (5), `input` (11) and `output` (12). Weights and nodes are skipped unread. Every length is checked against
//! what it lies in; a file that is cut anywhere is no model.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use crate::models::catalogue::Role;

/// An input or output is described in fewer bytes.
const LONGEST_VALUE: u64 = 1 << 16;
/// A graph has fewer inputs and outputs.
const MOST_VALUES: usize = 4096;

/// A tensor that goes in or comes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    name: String,
    /// `None` for a dimension that is not fixed.
    shape: Vec<Option<u64>>,
}

/// What a graph takes and gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Graph {
    inputs: Vec<Value>,
    outputs: Vec<Value>,
}

/// A graph that takes one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureGraph {
    /// It takes colour planes ([3, height, width]) rather than pixels one after the other.
    pub planes: bool,
    /// It takes pictures of any size.
    pub any_size: bool,
    /// How many numbers the last dimension of its only output has.
    pub outputs: Option<usize>,
}

/// Looks at the graph in a file; `None` when it is none that takes one picture.
pub fn picture_graph(path: &Path) -> Option<PictureGraph> {
    let graph = read(path).ok()??;
    let [picture] = &graph.inputs[..] else { return None };
    let (planes, height, width) = match picture.shape[..] {
        [_, Some(3), height, width] => (true, height, width),
        [_, height, width, Some(3)] => (false, height, width),
        _ => return None,
    };
    let outputs = match &graph.outputs[..] {
        [only] => only.shape.last().copied().flatten().and_then(|length| usize::try_from(length).ok()),
        _ => None,
    };
    Some(PictureGraph { planes, any_size: height.is_none() && width.is_none(), outputs })
}

/// Reads a file; `None` when it is no whole ONNX model.
pub(super) fn read(path: &Path) -> io::Result<Option<Graph>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut file = BufReader::new(file);
    let (mut at, mut version, mut found) = (0, false, None);
    while at < length {
        let Some(field) = Field::read(&mut file, &mut at, length)? else { return Ok(None) };
        version |= field.number == 1 && field.bytes.is_none();
        match field.bytes {
            Some(bytes) if field.number == 7 && bytes > 0 => {
                let Some(graph) = read_graph(&mut file, &mut at, bytes)? else { return Ok(None) };
                found = Some(graph);
            }
            Some(bytes) => skip(&mut file, &mut at, bytes)?,
            None => {}
        }
    }
    Ok(found.filter(|_| version))
}

fn read_graph(file: &mut BufReader<File>, at: &mut u64, bytes: u64) -> io::Result<Option<Graph>> {
    let end = *at + bytes;
    let mut graph = Graph::default();
    let mut weights = Vec::new();
    while *at < end {
        let Some(field) = Field::read(file, at, end)? else { return Ok(None) };
        let Some(bytes) = field.bytes else { continue };
        match field.number {
            11 | 12 if bytes <= LONGEST_VALUE => {
                let mut text = vec![0; bytes as usize];
                file.read_exact(&mut text)?;
                *at += bytes;
                let list = if field.number == 11 { &mut graph.inputs } else { &mut graph.outputs };
                match value(&text) {
                    Some(value) if list.len() < MOST_VALUES => list.push(value),
                    _ => return Ok(None),
                }
            }
            5 => {
                let inside = *at + bytes;
                weights.extend(name_of_weights(file, at, inside)?);
                let Some(rest) = inside.checked_sub(*at) else { return Ok(None) };
                skip(file, at, rest)?;
            }
            _ => skip(file, at, bytes)?,
        }
    }
    // Older files list the weights among the inputs.
    graph.inputs.retain(|input| !weights.contains(&input.name));
    Ok(Some(graph))
}

/// The name (8) of a `TensorProto`, without its data.
fn name_of_weights(file: &mut BufReader<File>, at: &mut u64, end: u64) -> io::Result<Option<String>> {
    while *at < end {
        let Some(field) = Field::read(file, at, end)? else { return Ok(None) };
        match field.bytes {
            Some(bytes) if field.number == 8 && bytes <= LONGEST_VALUE => {
                let mut text = vec![0; bytes as usize];
                file.read_exact(&mut text)?;
                *at += bytes;
                return Ok(String::from_utf8(text).ok());
            }
            Some(bytes) => skip(file, at, bytes)?,
            None => {}
        }
    }
    Ok(None)
}

/// A `ValueInfoProto`: name (1), type (2) → tensor type (1) → shape (2) → dimensions (1) → value (1).
fn value(bytes: &[u8]) -> Option<Value> {
    let name = part(bytes, 1)?.and_then(|name| std::str::from_utf8(name).ok())?;
    let shape = part(bytes, 2)?.and_then(|kind| part(kind, 1)?).and_then(|tensor| part(tensor, 2)?);
    let mut dimensions = Vec::new();
    for (number, payload) in Parts(shape.unwrap_or_default()) {
        if let (1, Payload::Bytes(dimension)) = (number, payload?) {
            let fixed = Parts(dimension).find_map(|(number, payload)| match payload? {
                Payload::Number(value) if number == 1 => Some(value),
                _ => None,
            });
            dimensions.push(fixed.filter(|value| *value > 0));
        }
    }
    Some(Value { name: name.to_owned(), shape: dimensions })
}

impl Graph {
    /// What the model does, and the length of its vectors if it makes any; `None` for a text encoder, which is nothing
    /// without its tokenizer.
    pub fn role(&self) -> Option<(Role, Option<usize>)> {
        let input = |name: &str| self.inputs.iter().any(|value| value.name == name);
        let gives = |prefix: &str| self.outputs.iter().any(|value| value.name.starts_with(prefix));
        if input("pixel_values") {
            let labels = gives("logits") && self.outputs.len() == 1 && !input("input_ids");
            return Some(if labels { (Role::Classifier, None) } else { (Role::ImageEncoder, self.vector()) });
        }
        if input("input_ids") {
            return None;
        }
        if input("sr") && (input("state") || input("h")) {
            return Some((Role::VoiceActivity, None));
        }
        if gives("bbox_") && gives("kps_") {
            return Some((Role::FaceDetector, None));
        }
        Some(self.of_a_picture().unwrap_or((Role::Other, None)))
    }

    /// What a model does that takes one picture and gives one thing.
    fn of_a_picture(&self) -> Option<(Role, Option<usize>)> {
        let ([picture], [given]) = (&self.inputs[..], &self.outputs[..]) else { return None };
        let (height, width) = match picture.shape[..] {
            [_, Some(3), height, width] | [_, height, width, Some(3)] => (height, width),
            _ => return None,
        };
        let last = given.shape.last().copied().flatten();
        match (given.shape.len(), last) {
            // Lines of text all have one height and any width.
            (3, _) if matches!(height, Some(32 | 48)) && width != height => Some((Role::TextReader, None)),
            (3, Some(6..)) if given.shape[1].is_none_or(|boxes| boxes > 100) => Some((Role::ObjectDetector, None)),
            // A map of where text is has the size of the picture, whatever that is.
            (2 | 4, None) if height.is_none() && width.is_none() => Some((Role::TextDetector, None)),
            _ => match (self.vector()?, height) {
                (length @ 64..=1024, Some(112)) => Some((Role::FaceEncoder, Some(length))),
                (..64 | 1000 | 1001, _) => Some((Role::Classifier, None)),
                (length, _) => Some((Role::ImageEncoder, Some(length))),
            },
        }
    }

    /// Length of the vector that is given: all dimensions but the last are one, or not fixed.
    fn vector(&self) -> Option<usize> {
        let vector = |value: &Value| {
            let (last, others) = value.shape.split_last()?;
            others.iter().all(|length| length.is_none_or(|length| length == 1)).then_some((*last)?)
        };
        let named = |value: &&Value| value.name.contains("embed") || value.name.contains("pool");
        let value = self.outputs.iter().find(named).or(self.outputs.first())?;
        usize::try_from(vector(value)?).ok()
    }
}

/// The head of a protobuf field; `bytes` is the length of what follows, `None` for a number, which has been read.
struct Field {
    number: u64,
    bytes: Option<u64>,
}

impl Field {
    /// Reads a head; `None` when it is none, or what it announces does not end before `end`.
    fn read(file: &mut impl Read, at: &mut u64, end: u64) -> io::Result<Option<Self>> {
        let key = varint(file, at)?;
        let bytes = match key & 7 {
            0 => {
                varint(file, at)?;
                None
            }
            1 => Some(8),
            5 => Some(4),
            2 => Some(varint(file, at)?),
            _ => return Ok(None),
        };
        let whole = at.checked_add(bytes.unwrap_or(0)).is_some_and(|next| next <= end);
        Ok(whole.then_some(Self { number: key >> 3, bytes }))
    }
}

fn skip(file: &mut BufReader<File>, at: &mut u64, bytes: u64) -> io::Result<()> {
    *at += bytes;
    file.seek_relative(i64::try_from(bytes).map_err(|_| io::ErrorKind::UnexpectedEof)?)
}

fn varint(file: &mut impl Read, at: &mut u64) -> io::Result<u64> {
    let (mut value, mut shift) = (0_u64, 0);
    loop {
        let mut byte = [0];
        file.read_exact(&mut byte)?;
        *at += 1;
        value |= u64::from(byte[0] & 0x7f).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if byte[0] & 0x80 == 0 {
            return Ok(value);
        }
        if shift >= 70 {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}

enum Payload<'b> {
    Number(u64),
    Bytes(&'b [u8]),
}

/// The fields of a message in memory; the payload is `None` where it is damaged, and nothing follows it.
struct Parts<'b>(&'b [u8]);

impl<'b> Iterator for Parts<'b> {
    type Item = (u64, Option<Payload<'b>>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let found = self.take();
        if found.is_none() {
            self.0 = &[];
        }
        Some(found.map_or((0, None), |(number, payload)| (number, Some(payload))))
    }
}

impl<'b> Parts<'b> {
    fn take(&mut self) -> Option<(u64, Payload<'b>)> {
        let mut read = 0;
        let key = varint(&mut self.0, &mut read).ok()?;
        let length = match key & 7 {
            0 => return Some((key >> 3, Payload::Number(varint(&mut self.0, &mut read).ok()?))),
            1 => 8,
            5 => 4,
            2 => usize::try_from(varint(&mut self.0, &mut read).ok()?).ok()?,
            _ => return None,
        };
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((key >> 3, Payload::Bytes(bytes)))
    }
}

/// The first field of this number: outer `None` when the message is damaged, inner when there is none.
fn part(bytes: &[u8], wanted: u64) -> Option<Option<&[u8]>> {
    for (number, payload) in Parts(bytes) {
        if let Payload::Bytes(bytes) = payload?
            && number == wanted
        {
            return Some(Some(bytes));
        }
    }
    Some(None)
}

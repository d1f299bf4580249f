//! A tiny Whisper with random weights, and sound for it: the same, bit for bit, as `scripts/reference/whisper_random.py`
//! makes. Mel filters and vocabulary are those of the real one.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::program::shared;

const AUDIO_LAYERS: usize = 2;
const TEXT_LAYERS: usize = 3;
const STATE: usize = 128;
const HEADS: i32 = 2;
const VOCABULARY: usize = 51_865;
const END_OF_TEXT: usize = 50_257;
const HEADER: usize = 48;
/// Exponent of the weights.
const WEIGHT: i32 = -11;

/// FNV-1a, 64 bits.
fn seed(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// The SplitMix64 sequence that starts at the name's hash.
fn hashes(name: &str) -> impl Iterator<Item = u64> {
    let mut state = seed(name);
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

/// Whole numbers from -1024 to 1023.
fn wholes(name: &str) -> impl Iterator<Item = i32> {
    hashes(name).map(|hash| (hash >> 53) as i32 - 1024)
}

/// `whole` times 2 to the power of `exponent` as IEEE 754 binary16, in which it is exact.
fn half(whole: i32, exponent: i32) -> u16 {
    let sign = if whole < 0 { 0x8000 } else { 0 };
    let size = whole.unsigned_abs();
    if size == 0 {
        return 0;
    }
    let top = 31 - size.leading_zeros() as i32;
    let bits = match top + exponent + 15 {
        biased @ 1.. => ((biased as u32) << 10) | ((size << (10 - top)) & 0x3ff),
        _ => size << (exponent + 24),
    };
    sign | bits as u16
}

enum Values {
    Half(i32),
    Single(i32),
    All(f32),
}

struct Writer(BufWriter<std::fs::File>);

impl Writer {
    fn tensor(&mut self, name: &str, sides: &[usize], values: Values) {
        let numbers = [sides.len() as i32, name.len() as i32, i32::from(matches!(values, Values::Half(_)))];
        let sides: Vec<i32> = sides.iter().map(|side| *side as i32).collect();
        for number in numbers.iter().chain(sides.iter().rev()) {
            self.0.write_all(&number.to_le_bytes()).unwrap();
        }
        self.0.write_all(name.as_bytes()).unwrap();
        let count = sides.iter().map(|side| *side as usize).product();
        for (at, whole) in wholes(name).take(count).enumerate() {
            match values {
                Values::Half(exponent) => {
                    // Times and ends are never chosen.
                    let special = name == "decoder.token_embedding.weight" && at >= END_OF_TEXT * STATE;
                    let exponent = if special { exponent - 10 } else { exponent };
                    self.0.write_all(&half(whole, exponent).to_le_bytes()).unwrap();
                }
                Values::Single(exponent) => {
                    self.0.write_all(&(whole as f32 * 2_f32.powi(exponent)).to_le_bytes()).unwrap();
                }
                Values::All(value) => self.0.write_all(&value.to_le_bytes()).unwrap(),
            }
        }
    }

    fn norm(&mut self, name: &str) {
        self.tensor(&format!("{name}.weight"), &[STATE], Values::All(1.0));
        self.tensor(&format!("{name}.bias"), &[STATE], Values::All(0.0));
    }

    fn linear(&mut self, name: &str, sides: [usize; 2], bias: bool) {
        let gentle = name.ends_with("query") || name.ends_with("key");
        self.tensor(&format!("{name}.weight"), &sides, Values::Half(if gentle { WEIGHT - 1 } else { WEIGHT }));
        if bias {
            self.tensor(&format!("{name}.bias"), &sides[..1], Values::Single(-13));
        }
    }

    fn block(&mut self, block: &str, attentions: &[&str]) {
        for attention in attentions {
            self.norm(&format!("{block}.{attention}_ln"));
            for part in ["query", "key", "value", "out"] {
                self.linear(&format!("{block}.{attention}.{part}"), [STATE, STATE], part != "key");
            }
        }
        self.norm(&format!("{block}.mlp_ln"));
        self.linear(&format!("{block}.mlp.0"), [4 * STATE, STATE], true);
        self.linear(&format!("{block}.mlp.2"), [STATE, 4 * STATE], true);
    }
}

fn write_model(template: &Path, out: &Path) {
    let template = std::fs::read(template).unwrap();
    let mut writer = Writer(BufWriter::new(std::fs::File::create(out).unwrap()));
    let header = [
        0x6767_6d6c,
        VOCABULARY as i32,
        1500,
        STATE as i32,
        HEADS,
        AUDIO_LAYERS as i32,
        448,
        STATE as i32,
        HEADS,
        TEXT_LAYERS as i32,
        80,
        1,
    ];
    for number in header {
        writer.0.write_all(&number.to_le_bytes()).unwrap();
    }
    writer.0.write_all(&template[HEADER..]).unwrap();
    writer.tensor("encoder.positional_embedding", &[1500, STATE], Values::Single(-11));
    for (name, channels) in [("encoder.conv1", 80), ("encoder.conv2", STATE)] {
        writer.tensor(&format!("{name}.weight"), &[STATE, channels, 3], Values::Half(WEIGHT));
        writer.tensor(&format!("{name}.bias"), &[STATE, 1], Values::Single(-13));
    }
    writer.norm("encoder.ln_post");
    writer.tensor("decoder.positional_embedding", &[448, STATE], Values::Single(-10));
    writer.tensor("decoder.token_embedding.weight", &[VOCABULARY, STATE], Values::Half(WEIGHT + 2));
    writer.tensor("decoder.ln.weight", &[STATE], Values::Single(-9));
    writer.tensor("decoder.ln.bias", &[STATE], Values::All(0.0));
    for layer in 0..AUDIO_LAYERS {
        writer.block(&format!("encoder.blocks.{layer}"), &["attn"]);
    }
    for layer in 0..TEXT_LAYERS {
        writer.block(&format!("decoder.blocks.{layer}"), &["attn", "cross_attn"]);
    }
    writer.0.flush().unwrap();
}

/// The model, made once a test run; `None` without the shared test data.
pub fn model() -> Option<PathBuf> {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let template = shared("models/whisper-tiny-no-weights.bin")?;
    let folder = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        write_model(&template, &folder.path().join("random.bin"));
        folder
    });
    Some(folder.path().join("random.bin"))
}

/// Sawteeth whose pitch and loudness change each tenth of a second, with some noise.
pub fn sound(seconds: usize) -> Vec<i16> {
    let chances: Vec<u64> = hashes("sound").take(seconds * 10).collect();
    let samples = hashes("noise").take(seconds * 16_000).enumerate().map(|(at, noise)| {
        let chance = chances[at / 1600];
        let (at, period, loud) = (at as i64, 40 + (chance % 200) as i64, 1000 + ((chance >> 20) % 9000) as i64);
        ((at % period) * 2 * loud / period - loud + (noise >> 55) as i64 - 256) as i16
    });
    samples.collect()
}

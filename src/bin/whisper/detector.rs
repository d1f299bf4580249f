//! Where somebody speaks: Silero's voice activity detector, run by whisper.cpp.
//!
//! A long recording is looked through in blocks, so that a client that goes away is noticed; a span that reaches over the
//! end of a block is put together again.

use std::ops::Range;
use std::path::Path;

use anyhow::Context as _;
use recollect::models::ggml;
use whisper_rs::{WhisperVadContext, WhisperVadContextParams, WhisperVadParams};

/// Samples looked through at once: five minutes.
const BLOCK: usize = 300 * 16_000;
/// Samples in the hundredth of a second that whisper.cpp counts in.
const TICK: f32 = 160.0;
/// Spans of two blocks with less than this between them are one: 0.2 s.
const NO_PAUSE: usize = 3_200;

/// The detector.
pub struct Detector {
    context: WhisperVadContext,
    parameters: WhisperVadParams,
}

impl Detector {
    /// Loads the model file.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let refused = || format!("cannot use the voice activity detector {}", path.display());
        ggml::check_silero(path).with_context(refused)?;
        let text = path.to_str().context("its path is no text; move it elsewhere").with_context(refused)?;
        let mut how = WhisperVadContextParams::default();
        // The graph is small: more threads would wait for one another.
        how.set_n_threads(1);
        let context = WhisperVadContext::new(text, how)
            .context("whisper.cpp refuses it: its tensors are not those of Silero; get it again")
            .with_context(refused)?;
        let mut parameters = WhisperVadParams::default();
        parameters.set_max_speech_duration(28.0);
        parameters.set_min_silence_duration(200);
        parameters.set_speech_pad(60);
        Ok(Self { context, parameters })
    }

    /// The samples during which somebody speaks, in order; `None` when `gone` says that nobody wants to know.
    pub fn spans(&mut self, samples: &[i16], gone: impl Fn() -> bool) -> anyhow::Result<Option<Vec<Range<usize>>>> {
        let mut spans: Vec<Range<usize>> = Vec::new();
        for (at, block) in samples.chunks(BLOCK).enumerate() {
            if gone() {
                return Ok(None);
            }
            let floats: Vec<f32> = block.iter().map(|sample| f32::from(*sample) / 32768.0).collect();
            let found = self.context.segments_from_samples(self.parameters, &floats);
            for segment in found.context("the voice activity detector failed")? {
                let place = |ticks: f32| at * BLOCK + ((ticks.max(0.0) * TICK) as usize).min(block.len());
                let span = place(segment.start)..place(segment.end);
                match spans.last_mut() {
                    Some(last) if span.start < last.end + 1 => last.end = last.end.max(span.end),
                    Some(last) if span.start % BLOCK < NO_PAUSE && span.start - last.end < NO_PAUSE => {
                        last.end = span.end
                    }
                    _ if span.is_empty() => {}
                    _ => spans.push(span),
                }
            }
        }
        Ok(Some(spans))
    }
}

//! Whisper itself, by whisper.cpp: a recording in, text with times out.
//!
//! What stays true: everything here is used by one thread; a recording whose listener is gone is given up before the next
//! step of the model; silence gives nothing. What is decoded is what whisper.cpp decodes: windows, temperatures and
//! suppressed tokens are its own. Cutting at pauses is in [`crate::pauses`], joining tokens in [`crate::words`].

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use recollect::engine::protocol::{Segment, Transcription};
use recollect::models::ggml;
use recollect::voice::audio::Recording;
use whisper_rs::{
    FullParams, SamplingStrategy, SegmentCallbackData, WhisperContext, WhisperContextParameters, WhisperSegment,
    WhisperState, get_lang_id, get_lang_str, get_lang_str_full,
};

use crate::detector::Detector;
use crate::job::{Event, Listener, Model, Options, Stopped, Task};
use crate::pauses::{self, Chunk};
use crate::words::{Token, words};

/// Nothing louder than this in a recording is silence: -66 dB.
const SILENCE: u16 = 16;
/// Tokens of a prompt: whisper.cpp uses no more than half of the model's text positions.
const PROMPT_TOKENS: usize = 224;
/// Candidates at higher temperatures, as in whisper.cpp's own program.
const BEST_OF: i32 = 5;
/// Step from one temperature to the next where the model is unsure.
const TEMPERATURE_STEP: f32 = 0.2;

/// How the model is run.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Threads that compute.
    pub threads: usize,
    /// Ways that are followed at once.
    pub beam: u8,
    /// Whether it tries again at higher temperatures where it is unsure.
    pub fallback: bool,
    /// Whether attention is computed the quick way, in 16 bits.
    pub flash_attention: bool,
}

/// A loaded model.
pub struct Transcriber {
    context: WhisperContext,
    state: WhisperState,
    detector: Option<Detector>,
    settings: Settings,
    watched: Watched,
    /// Parameters with their callbacks by language: the binding never gives back the memory of either, so both are made
    /// once and copied.
    parameters: HashMap<Option<&'static str>, FullParams<'static, 'static>>,
}

/// What the callbacks of the recording in work need to know.
struct Watch {
    listener: Listener,
    /// The part of the recording that was done before this chunk, and the share of this chunk.
    before: f64,
    share: f64,
    /// Whether text was told already: the first begins without a space.
    spoken: bool,
}

#[derive(Clone, Default)]
struct Watched(Arc<Mutex<Option<Watch>>>);

impl Watched {
    fn with<R>(&self, act: impl FnOnce(&mut Watch) -> R) -> Option<R> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(act)
    }

    fn set(&self, watch: Option<Watch>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = watch;
    }
}

impl Transcriber {
    /// Loads a model that [`ggml::check_whisper`] has looked through.
    pub fn load(path: &Path, vad: Option<&Path>, settings: Settings) -> anyhow::Result<Self> {
        let detector = vad.map(Detector::load).transpose()?;
        let mut how = WhisperContextParameters::default();
        how.flash_attn(settings.flash_attention);
        let context = WhisperContext::new_with_params(path, how).ok().with_context(|| {
            format!("whisper.cpp cannot load {}: its last words are above; get the file again", path.display())
        })?;
        let state = context
            .create_state()
            .ok()
            .with_context(|| format!("there is too little memory to run {}; use a smaller model", path.display()))?;
        // From here on whisper.cpp would tell of every recording, down to its language.
        whisper_rs::install_logging_hooks();
        let (watched, parameters) = (Watched::default(), HashMap::new());
        Ok(Self { context, state, detector, settings, watched, parameters })
    }

    fn parameters(&mut self, language: Option<&'static str>) -> FullParams<'static, 'static> {
        let (settings, watched) = (self.settings, &self.watched);
        self.parameters.entry(language).or_insert_with(|| base(settings, watched, language)).clone()
    }

    /// The chunks that somebody speaks in.
    fn chunks(&mut self, recording: &Recording, listener: &Listener) -> Result<Vec<Chunk>, Stopped> {
        let samples = &recording.samples;
        if samples.iter().all(|sample| sample.unsigned_abs() <= SILENCE) {
            return Ok(Vec::new());
        }
        match &mut self.detector {
            None => Ok(vec![Chunk::whole(samples.len())]),
            Some(detector) => match detector.spans(samples, || listener.is_gone())? {
                Some(spans) => Ok(pauses::cut(&spans, samples.len())),
                None => Err(Stopped::Cancelled),
            },
        }
    }

    /// Runs the model over one chunk; its segments are then in the state.
    fn run(
        &mut self,
        samples: &[f32],
        options: &Options,
        language: Option<&'static str>,
        first: bool,
    ) -> anyhow::Result<()> {
        let prompt = if first { self.prompt(&options.prompt)? } else { Vec::new() };
        let base = self.parameters(language);
        let mut parameters: FullParams<'_, '_> = base;
        parameters.set_translate(options.task == Task::Translate);
        parameters.set_temperature(options.temperature);
        parameters.set_token_timestamps(options.words);
        // Later chunks go on from the text of those before.
        parameters.set_no_context(first);
        if !prompt.is_empty() {
            parameters.set_tokens(&prompt);
        }
        self.state.full(parameters, samples).map_err(|error| anyhow::anyhow!("whisper.cpp failed: {error}"))
    }

    /// The last tokens of a prompt.
    fn prompt(&self, text: &str) -> anyhow::Result<Vec<i32>> {
        let text = text.replace('\0', "");
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        // A token has at least one byte: there is always room, which the binding does not check.
        let tokens = self.context.tokenize(&format!(" {}", text.trim()), text.len() + 2);
        let mut tokens = tokens.map_err(|error| anyhow::anyhow!("the prompt cannot be read: {error}"))?;
        Ok(tokens.split_off(tokens.len().saturating_sub(PROMPT_TOKENS)))
    }
}

impl Model for Transcriber {
    fn transcribe(
        &mut self,
        recording: &Recording,
        options: &Options,
        listener: &Listener,
    ) -> Result<Transcription, Stopped> {
        let chunks = self.chunks(recording, listener)?;
        let total = chunks.iter().map(Chunk::len).sum::<usize>().max(1) as f64;
        let mut language = if self.context.is_multilingual() { options.language } else { Some("en") };
        let mut written = Written::default();
        let mut done = 0.0;
        for (at, chunk) in chunks.iter().enumerate() {
            let share = chunk.len() as f64 / total;
            let spoken = !written.segments.is_empty();
            self.watched.set(Some(Watch { listener: listener.clone(), before: done, share, spoken }));
            let outcome = self.run(&chunk.take(&recording.samples), options, language, at == 0);
            self.watched.set(None);
            if listener.is_gone() {
                return Err(Stopped::Cancelled);
            }
            outcome?;
            if language.is_none() {
                language = get_lang_str(self.state.full_lang_id_from_state());
            }
            written.add(&self.state, chunk, self.context.n_vocab(), options.words.then(|| language.unwrap_or("en")));
            done += share;
        }
        let spoken = language.and_then(|code| get_lang_str_full(get_lang_id(code)?));
        Ok(Transcription {
            task: if options.task == Task::Translate { "translate" } else { "transcribe" }.to_owned(),
            language: spoken.unwrap_or_default().to_owned(),
            duration: recording.seconds(),
            text: written.text.trim().to_owned(),
            segments: Some(written.segments),
            words: options.words.then_some(written.words),
        })
    }
}

/// Parameters as whisper.cpp's own program has them, with callbacks to the recording in work.
fn base(settings: Settings, watched: &Watched, language: Option<&'static str>) -> FullParams<'static, 'static> {
    let strategy = match settings.beam {
        0 | 1 => SamplingStrategy::Greedy { best_of: BEST_OF },
        beam => SamplingStrategy::BeamSearch { beam_size: i32::from(beam), patience: -1.0 },
    };
    let mut parameters = FullParams::new(strategy);
    parameters.set_n_threads(settings.threads as i32);
    parameters.set_language(Some(language.unwrap_or("auto")));
    parameters.set_temperature_inc(if settings.fallback { TEMPERATURE_STEP } else { 0.0 });
    parameters.set_print_progress(false);
    parameters.set_print_realtime(false);
    parameters.set_print_special(false);
    parameters.set_print_timestamps(false);
    let watch = watched.clone();
    let progress: Box<dyn FnMut(i32)> = Box::new(move |percent| {
        let _idle = watch.with(|watch| {
            let done = watch.before + watch.share * f64::from(percent.clamp(0, 100)) / 100.0;
            watch.listener.tell(Event::Progress(done));
        });
    });
    parameters.set_progress_callback_safe::<_, Box<dyn FnMut(i32)>>(progress);
    let watch = watched.clone();
    let text: Box<dyn FnMut(SegmentCallbackData)> = Box::new(move |segment| {
        let _idle = watch.with(|watch| {
            let text = if watch.spoken { segment.text.as_str() } else { segment.text.trim_start() };
            if !text.is_empty() {
                watch.spoken = true;
                watch.listener.tell(Event::Text(text.to_owned()));
            }
        });
    });
    parameters.set_segment_callback_safe_lossy::<_, Box<dyn FnMut(SegmentCallbackData)>>(text);
    let watch = watched.clone();
    // The binding takes the callback for what it is only if it is given in this very type (whisper-rs 0.16.0,
    // `set_abort_callback_safe`: it stores a boxed `dyn FnMut` and reads an `F`).
    let gone: Box<dyn FnMut() -> bool> =
        Box::new(move || watch.with(|watch| watch.listener.is_gone()).unwrap_or(false));
    parameters.set_abort_callback_safe::<_, Box<dyn FnMut() -> bool>>(gone);
    parameters
}

/// What is written down so far.
#[derive(Default)]
struct Written {
    text: String,
    segments: Vec<Segment>,
    words: Vec<recollect::engine::protocol::Word>,
}

impl Written {
    /// Adds the segments of a chunk; their words too, if the language is given.
    fn add(&mut self, state: &WhisperState, chunk: &Chunk, vocabulary: i32, language: Option<&str>) {
        for segment in state.as_iter() {
            let text = segment.to_bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
            let (tokens, avg_logprob) = tokens(&segment);
            if let Some(language) = language {
                self.words.extend(words(&spoken(&segment, chunk, vocabulary), language));
            }
            let start = chunk.start(seconds(segment.start_timestamp()));
            self.text.push_str(&text);
            self.segments.push(Segment {
                id: self.segments.len(),
                start,
                end: chunk.end(seconds(segment.end_timestamp())).max(start),
                text,
                tokens,
                avg_logprob,
                no_speech_prob: f64::from(segment.no_speech_probability()),
            });
        }
    }
}

/// The tokens of a segment, and the mean logarithm of their probabilities.
fn tokens(segment: &WhisperSegment<'_>) -> (Vec<i32>, f64) {
    let data: Vec<_> = (0..segment.n_tokens()).filter_map(|at| Some(segment.get_token(at)?.token_data())).collect();
    let sum: f64 = data.iter().map(|token| f64::from(token.plog)).sum();
    (data.iter().map(|token| token.id).collect(), sum / data.len().max(1) as f64)
}

/// The tokens of a segment that are text, with their times in the recording.
fn spoken(segment: &WhisperSegment<'_>, chunk: &Chunk, vocabulary: i32) -> Vec<Token> {
    let text_tokens = end_of_text(vocabulary);
    (0..segment.n_tokens())
        .filter_map(|at| {
            let token = segment.get_token(at)?;
            let data = token.token_data();
            let bytes = token.to_bytes().ok()?.to_vec();
            let (start, end) = (chunk.start(seconds(data.t0)), chunk.end(seconds(data.t1)));
            (data.id < text_tokens).then_some(Token { bytes, start, end })
        })
        .collect()
}

/// The first token that is no text: `<|endoftext|>`.
fn end_of_text(vocabulary: i32) -> i32 {
    if vocabulary > 51_864 { 50_257 } else { 50_256 }
}

/// whisper.cpp counts in hundredths of a second.
fn seconds(ticks: i64) -> f64 {
    ticks.max(0) as f64 / 100.0
}

/// Checks a model file before it is loaded, and tells what it is.
pub fn check(path: &Path) -> anyhow::Result<ggml::WhisperShape> {
    ggml::check_whisper(path).with_context(|| format!("cannot use the model {}", path.display()))
}

//! Writes down recordings of any length, a piece at a time.
//!
//! What must stay true: memory is bounded by a piece and not by the recording; pieces are cut where it is quietest, so that
//! no word is cut in two; times are those of the whole recording; silence gives nothing, whatever the model makes of it; a
//! waiting person is served between two pieces. Where the recording lies and where the words go is left to callers.

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use super::audio::{self, AudioError, AudioLimits, Recording, SAMPLE_RATE};
use super::{VoiceError, request};
use crate::engine::protocol::{Segment as Heard, Transcription};
use crate::engine::speech::{SpeechModel, whole};
use crate::library::transcripts::{Segment, Transcript};

/// Length of a piece.
const PIECE: Duration = Duration::from_secs(120);
/// The quietest moment is looked for in so much of a piece's end.
const PAUSE_WITHIN: usize = 30 * SAMPLE_RATE as usize;
/// Length of a moment, a fifth of a second.
const MOMENT: usize = SAMPLE_RATE as usize / 5;
/// Samples up to here are silence: 60 dB below the loudest.
const SILENCE: u16 = 33;
/// Whisper's own measure of having heard nothing (Radford et al. 2022, section 4.5): so likely that nobody speaks …
const NOBODY: f64 = 0.6;
/// … and so unsure of the words, mean natural logarithm of their probabilities.
const UNSURE: f64 = -1.0;

/// What is said in the file at `path`, which may be a film, up to `longest`. `told` hears how far it is, in seconds.
///
/// # Errors
/// [`VoiceError`]; a file without sound is one.
pub async fn transcribe_long(
    speech: &dyn SpeechModel,
    path: PathBuf,
    longest: Duration,
    mut told: impl FnMut(f64),
) -> Result<Transcript, VoiceError> {
    let (mut segments, mut languages) = (Vec::new(), Vec::<(String, usize)>::new());
    let mut start = Duration::ZERO;
    while start < longest {
        let length = PIECE.min(longest - start);
        let mut piece = match decode_piece(path.clone(), start, length).await {
            // It ends exactly where a piece does.
            Err(VoiceError::Audio(AudioError::NoSound)) if !start.is_zero() => break,
            piece => piece?,
        };
        let last = piece.seconds() + 1.0 < length.as_secs_f64();
        if !last && start + length < longest {
            piece.samples.truncate(quietest(&piece.samples));
        }
        if !is_silent(&piece) {
            let mut asked = request(&piece, None);
            asked.background = true;
            let said = whole(speech.transcribe(asked)).await?;
            let found = sentences(&said, start.as_secs_f64(), piece.seconds());
            let words = found.iter().map(|segment| segment.text.len()).sum();
            segments.extend(found);
            match languages.iter_mut().find(|(language, _)| *language == said.language) {
                Some((_, sum)) => *sum += words,
                None => languages.push((said.language, words)),
            }
        }
        start += Duration::from_secs_f64(piece.seconds());
        told(start.as_secs_f64());
        if last {
            break;
        }
    }
    // Of several languages the one in which most was said.
    let language = languages.into_iter().max_by_key(|(_, words)| *words).map(|(language, _)| language);
    let language = language.filter(|_| !segments.is_empty()).unwrap_or_default();
    Ok(Transcript { language, segments })
}

async fn decode_piece(path: PathBuf, start: Duration, length: Duration) -> Result<Recording, VoiceError> {
    let decoded = tokio::task::spawn_blocking(move || {
        let limits = AudioLimits { max_bytes: u64::MAX, ..AudioLimits::default() };
        audio::decode_part(File::open(&path)?, start, length, &limits)
    });
    Ok(decoded.await.map_err(|_| VoiceError::Decoding)??)
}

fn is_silent(piece: &Recording) -> bool {
    piece.samples.iter().all(|sample| sample.unsigned_abs() <= SILENCE)
}

/// The middle of the quietest moment at the end of a piece.
fn quietest(samples: &[i16]) -> usize {
    let from = samples.len().saturating_sub(PAUSE_WITHIN).max(samples.len() / 2);
    let loudness = |moment: &[i16]| moment.iter().map(|sample| u64::from(sample.unsigned_abs())).sum::<u64>();
    let moments = samples[from..].chunks_exact(MOMENT).enumerate();
    // Of several that are alike the last: the longer the piece, the fewer there are.
    let best = moments.min_by_key(|(at, moment)| (loudness(moment), std::cmp::Reverse(*at)));
    best.map_or(samples.len(), |(at, _)| from + at * MOMENT + MOMENT / 2)
}

/// The sentences of one piece, with their times in the whole recording; an engine that gives no times has said one.
fn sentences(said: &Transcription, start: f64, length: f64) -> Vec<Segment> {
    let whole = Heard { end: length, text: said.text.clone(), ..Heard::default() };
    let heard = said.segments.clone().unwrap_or_else(|| vec![whole]);
    let ms = |seconds: f64| ((start + seconds.clamp(0.0, length)) * 1000.0).round() as i64;
    heard
        .into_iter()
        .filter(|part| !(part.no_speech_prob > NOBODY && part.avg_logprob < UNSURE))
        .map(|part| Segment { start_ms: ms(part.start), end_ms: ms(part.end.max(part.start)), text: part.text })
        .map(|part| Segment { text: part.text.split_whitespace().collect::<Vec<_>>().join(" "), ..part })
        .filter(|part| !part.text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures::StreamExt as _;

    use super::*;
    use crate::engine::speech::SpeechStream;
    use crate::engine::{SpeechEvent, SpeechRequest};

    /// Hears one sentence in the middle of each piece, and remembers how long the pieces were.
    #[derive(Default)]
    struct Listener(Mutex<Vec<f64>>);

    impl SpeechModel for Listener {
        fn name(&self) -> &str {
            "listener"
        }

        fn version(&self) -> &str {
            ""
        }

        fn transcribe(&self, request: SpeechRequest) -> SpeechStream {
            assert!(request.background);
            let seconds = (request.content.len() - 44) as f64 / 32_000.0;
            self.0.lock().unwrap().push(seconds);
            let part = |text: &str, no_speech_prob| Heard {
                start: seconds / 2.0,
                end: seconds,
                text: text.to_owned(),
                no_speech_prob,
                avg_logprob: -1.5,
                ..Heard::default()
            };
            let segments =
                Some(vec![part(" one \n sentence ", 0.1), part("Thanks for watching!", 0.9), part(" ", 0.0)]);
            let language = "english".to_owned();
            let said = Transcription { text: "one sentence".into(), language, segments, ..Transcription::default() };
            futures::stream::iter([Ok(SpeechEvent::Done(said))]).boxed()
        }
    }

    /// A tone that pauses for a second now and then.
    fn file(seconds: usize, pauses: &[usize]) -> tempfile::NamedTempFile {
        let samples =
            (0..seconds * 16_000).map(|at| if pauses.contains(&(at / 16_000)) { 0 } else { (at % 80) as i16 * 100 });
        let file = tempfile::Builder::new().suffix(".wav").tempfile().unwrap();
        std::fs::write(file.path(), Recording { samples: samples.collect() }.to_wav()).unwrap();
        file
    }

    async fn listen(file: &tempfile::NamedTempFile, longest: u64) -> (Transcript, Vec<f64>, Vec<f64>) {
        let (listener, mut told) = (Listener::default(), Vec::new());
        let longest = Duration::from_secs(longest);
        let said = transcribe_long(&listener, file.path().to_owned(), longest, |at| told.push(at)).await.unwrap();
        (said, listener.0.into_inner().unwrap(), told)
    }

    #[tokio::test]
    async fn pieces_are_cut_at_pauses_and_times_are_those_of_the_whole() {
        if audio::decoder_is_missing() {
            return eprintln!("SKIPPED: ffmpeg is not installed");
        }
        let (said, pieces, told) = listen(&file(260, &[100, 110, 225]), 10_000).await;
        assert_eq!(pieces.len(), 3, "{pieces:?}");
        assert!((110.0..111.0).contains(&pieces[0]), "{pieces:?}");
        assert!((110.0..=111.0).contains(&told[0]) && (225.0..=226.0).contains(&told[1]), "{told:?}");
        assert!((told[2] - 260.0).abs() < 0.01 && (pieces.iter().sum::<f64>() - 260.0).abs() < 0.01);
        assert_eq!(said.language, "english");
        assert_eq!(said.segments.len(), 3);
        assert!(said.segments.iter().all(|segment| segment.text == "one sentence"));
        assert_eq!(said.segments[2].end_ms, 260_000);
        assert!(said.segments.windows(2).all(|pair| pair[0].end_ms <= pair[1].start_ms), "{said:?}");
    }

    #[tokio::test]
    async fn silence_is_not_listened_to_and_a_long_recording_is_bounded() {
        let silent: Vec<usize> = (0..40).collect();
        let (said, pieces, _) = listen(&file(40, &silent), 10_000).await;
        assert_eq!((said, pieces.len()), (Transcript { language: String::new(), segments: Vec::new() }, 0));
        if audio::decoder_is_missing() {
            return eprintln!("SKIPPED: ffmpeg is not installed");
        }
        let (_, pieces, told) = listen(&file(300, &[]), 130).await;
        assert!((pieces.iter().sum::<f64>() - 130.0).abs() < 0.1, "{pieces:?} {told:?}");
    }

    #[tokio::test]
    async fn a_file_without_sound_says_so() {
        let nothing = tempfile::NamedTempFile::new().unwrap();
        let done = transcribe_long(&Listener::default(), nothing.path().to_owned(), PIECE, |_| {}).await;
        assert!(matches!(done, Err(VoiceError::Audio(AudioError::Empty))), "{done:?}");
    }
}

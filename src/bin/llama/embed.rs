//! The thread that turns texts into vectors: several texts in one batch, each a sequence of its own.
//!
//! What stays true: texts of one request come back in order; a text longer than the context is cut off at its end, and
//! keeps the token that closes it; requests that nobody waits for are not computed.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::token::LlamaToken;
use recollect::engine::text::unit_length;
use tokio::sync::{mpsc, oneshot};

use crate::metrics::Metrics;
use crate::model::{EMBEDDING_SEQUENCES, Loaded};

/// A request: texts as tokens, and where their vectors go.
#[derive(Debug)]
pub struct Texts {
    texts: Vec<Vec<LlamaToken>>,
    reply: oneshot::Sender<Result<Vec<Vec<f32>>, String>>,
}

/// Cuts texts into tokens.
pub fn tokens(loaded: &Loaded, texts: &[String]) -> Vec<Vec<LlamaToken>> {
    let vocab = loaded.model.vocab();
    let most = loaded.context as usize;
    let cut = |text: &String| {
        let mut tokens = vocab.tokenize(text.as_bytes(), true, false);
        if let Some(last) = tokens.last().copied().filter(|_| tokens.len() > most) {
            tokens.truncate(most - 1);
            tokens.push(last);
        }
        if tokens.is_empty() {
            tokens.push(vocab.eos());
        }
        tokens
    };
    texts.iter().map(cut).collect()
}

/// The vectors of the texts. Dropping the future gives the request up.
///
/// # Errors
/// What the computing thread failed with.
pub async fn ask(sender: &mpsc::UnboundedSender<Texts>, texts: Vec<Vec<LlamaToken>>) -> Result<Vec<Vec<f32>>, String> {
    let (reply, answer) = oneshot::channel();
    let gone = || "the engine is ending".to_owned();
    sender.send(Texts { texts, reply }).map_err(|_| gone())?;
    answer.await.map_err(|_| gone())?
}

/// Starts the thread. It ends when all senders are gone.
///
/// # Errors
/// When no thread can be started.
pub fn start(
    mut context: LlamaContext<'static>,
    metrics: Arc<Metrics>,
    mut requests: mpsc::UnboundedReceiver<Texts>,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("inference".to_owned()).spawn(move || {
        while let Some(request) = requests.blocking_recv() {
            if request.reply.is_closed() {
                Metrics::add(&metrics.cancelled, 1);
                continue;
            }
            let began = Instant::now();
            let vectors = compute(&mut context, &request);
            Metrics::add(&metrics.compute_us, u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
            match &vectors {
                Ok(_) => Metrics::add(&metrics.prompt_tokens, request.texts.iter().map(|text| text.len() as u64).sum()),
                Err(_) => Metrics::add(&metrics.failed, 1),
            }
            let _gone = request.reply.send(vectors);
        }
    })
}

fn compute(context: &mut LlamaContext<'_>, request: &Texts) -> Result<Vec<Vec<f32>>, String> {
    let room = context.n_batch() as usize;
    let mut vectors = Vec::with_capacity(request.texts.len());
    let mut rest = request.texts.as_slice();
    while !rest.is_empty() && !request.reply.is_closed() {
        let mut tokens = 0;
        let fitting = rest.iter().take(EMBEDDING_SEQUENCES as usize).take_while(|text| {
            tokens += text.len();
            tokens <= room
        });
        let (some, more) = rest.split_at(fitting.count().max(1));
        vectors.extend(batch(context, some)?);
        rest = more;
    }
    Ok(vectors)
}

fn batch(context: &mut LlamaContext<'_>, texts: &[Vec<LlamaToken>]) -> Result<Vec<Vec<f32>>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("the model cannot evaluate the texts: {error}");
    let mut batch = LlamaBatch::new(texts.iter().map(Vec::len).sum(), 1);
    for (text, sequence) in texts.iter().zip(0..) {
        for (token, position) in text.iter().zip(0..) {
            batch.add(*token, position, &[sequence], true).map_err(|error| failed(&error))?;
        }
    }
    context.clear_kv_cache();
    context.decode(&mut batch).map_err(|error| failed(&error))?;
    let mut places = 0;
    let vectors = texts.iter().zip(0..).map(|(text, sequence)| {
        places += i32::try_from(text.len()).unwrap_or(0);
        // A model that does not pool has a vector a token: that of the last one stands for the text.
        let vector = context.embeddings_seq_ith(sequence).ok().or_else(|| context.embeddings_ith(places - 1).ok());
        vector.map(|vector| unit_length(vector.to_vec())).ok_or_else(|| "the model gave no vector".to_owned())
    });
    vectors.collect()
}

//! Opens the model: checks its file, fits it to the machine, and knows what it is.
//!
//! A file that is damaged, or of a kind that llama.cpp does not know, or too large for the machine, is an error that
//! names the file and what to do.

use std::ffi::CString;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use anyhow::{Context as _, bail};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::{LlamaContextParams, LlamaPoolingType};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::mtmd::{MtmdContext, MtmdContextParams};
use llama_cpp_2::token_type::LlamaTokenAttr;
use llama_cpp_2::{LlamaBackendDeviceType, list_llama_ggml_backend_devices};
use recollect::engine::host::Neutral;
use recollect::models::folder::fingerprint;
use recollect::models::import::check_gguf;

use crate::arguments::{Arguments, GpuLayers};
use crate::template::Template;

/// Context of a model that was trained for more, unless asked for: what a small machine has room for.
const USUAL_CONTEXT: u32 = 8192;
/// `GGML_LOG_LEVEL_WARN` of ggml.h.
const LOG_WARNINGS: u32 = 3;
/// Texts that are turned into vectors at once.
pub const EMBEDDING_SEQUENCES: u32 = 32;

/// A model that is loaded. It lives as long as the process.
#[derive(Debug)]
pub struct Loaded {
    /// What the runtime needs to be there.
    pub backend: &'static LlamaBackend,
    /// The weights.
    pub model: &'static LlamaModel,
    /// What requests call it.
    pub name: String,
    /// Which weights.
    pub version: String,
    /// Tokens that all conversations keep at hand.
    pub context: u32,
    /// Layers on a GPU.
    pub gpu_layers: u32,
    /// Whether it turns texts into vectors, and does not chat.
    pub embeds: bool,
    /// Its chat template.
    pub template: Template,
    parameters: LlamaContextParams,
}

impl Loaded {
    /// Loads the model that the command line names.
    ///
    /// # Errors
    /// A sentence that names the file and what to do.
    pub fn open(arguments: &Arguments) -> anyhow::Result<Self> {
        let path = &arguments.model;
        check(path)?;
        let backend: &'static LlamaBackend = Box::leak(Box::new(LlamaBackend::init()?));
        let (parameters, gpu_layers) = fit(arguments)?;
        if gpu_layers == 0 {
            crate::memory::check(path)?;
        }
        let model = LlamaModel::load_from_file(backend, path, &parameters).map_err(|_| {
            anyhow::anyhow!(
                "llama.cpp cannot load {}; the lines before say why. It may be damaged (pull it again) or of an \
                 architecture that this version does not know",
                path.display()
            )
        })?;
        let model: &'static LlamaModel = Box::leak(Box::new(model));
        let embeds = arguments.embeddings || is_encoder(model);
        let context = arguments.context.unwrap_or_else(|| model.n_ctx_train().clamp(64, USUAL_CONTEXT));
        let parameters = context_parameters(arguments, context, embeds);
        let name = arguments.host.name.clone().unwrap_or_else(|| name_of(path));
        let template = template(arguments, model)?;
        let version = fingerprint(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self { backend, model, name, version, context, gpu_layers, embeds, template, parameters })
    }

    /// A context: the room in which tokens are evaluated.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn new_context(&self) -> anyhow::Result<LlamaContext<'static>> {
        self.model.new_context(self.backend, self.parameters.clone()).map_err(|_| {
            anyhow::anyhow!("there is no memory for a context of {} tokens; give a smaller --context", self.context)
        })
    }

    /// What reads pictures, if there is a projector.
    ///
    /// # Errors
    /// When the file is no projector, or not of this model.
    pub fn projector(&self, arguments: &Arguments, marker: &str) -> anyhow::Result<Option<MtmdContext>> {
        let Some(path) = &arguments.mmproj else { return Ok(None) };
        check(path)?;
        let parameters = MtmdContextParams {
            use_gpu: self.gpu_layers > 0,
            print_timings: false,
            n_threads: i32::try_from(threads(arguments)).unwrap_or(1),
            media_marker: CString::new(marker)?,
            ..MtmdContextParams::default()
        };
        let text = path.to_str().with_context(|| format!("the path {} is no valid UTF-8", path.display()))?;
        let projector = MtmdContext::init_from_file(text, self.model, &parameters).map_err(|_| {
            anyhow::anyhow!(
                "{} is no projector of {}; the lines before say why. Give the file that belongs to this model",
                path.display(),
                arguments.model.display()
            )
        })?;
        if !projector.support_vision() {
            bail!("{} reads no pictures", path.display());
        }
        Ok(Some(projector))
    }
}

/// Threads that compute.
pub fn threads(arguments: &Arguments) -> usize {
    arguments.host.threads(64)
}

/// How the model is loaded, and how many of its layers a GPU computes.
fn fit(arguments: &Arguments) -> anyhow::Result<(Pin<Box<LlamaModelParams>>, u32)> {
    let on_gpu = |kind| matches!(kind, LlamaBackendDeviceType::Gpu | LlamaBackendDeviceType::IntegratedGpu);
    let devices = list_llama_ggml_backend_devices();
    for device in devices.iter().filter(|device| on_gpu(device.device_type)) {
        let (free, total) = (device.memory_free >> 20, device.memory_total >> 20);
        tracing::info!(device = device.name, description = device.description, "GPU with {free} of {total} MiB free");
    }
    let has_gpu = devices.iter().any(|device| on_gpu(device.device_type));
    let layers = match arguments.gpu_layers {
        GpuLayers::Count(layers) if layers > 0 && !has_gpu => {
            bail!("--gpu-layers {layers}: this build finds no GPU; leave it out, or build with the feature for yours")
        }
        GpuLayers::Count(layers) => layers,
        GpuLayers::Auto if has_gpu => return fit_to_memory(arguments),
        GpuLayers::Auto => 0,
    };
    Ok((Box::pin(LlamaModelParams::default().with_n_gpu_layers(layers)), layers))
}

/// As many layers as the GPUs have room for, split among them.
fn fit_to_memory(arguments: &Arguments) -> anyhow::Result<(Pin<Box<LlamaModelParams>>, u32)> {
    let path = CString::new(arguments.model.as_os_str().as_encoded_bytes())?;
    let mut parameters = Box::pin(LlamaModelParams::default());
    let mut context = context_parameters(arguments, arguments.context.unwrap_or(USUAL_CONTEXT), false);
    // Left free on every device: what drivers and the screen need.
    let mut margins = vec![512 << 20; llama_cpp_2::max_devices().max(1)];
    let least = arguments.context.unwrap_or(USUAL_CONTEXT);
    parameters.as_mut().fit_params(&path, &mut context, &mut margins, least, LOG_WARNINGS).map_err(|_| {
        anyhow::anyhow!("the model does not fit this machine; take a smaller one or a smaller --context")
    })?;
    let layers = u32::try_from(parameters.n_gpu_layers()).unwrap_or(u32::MAX);
    Ok((parameters, layers))
}

fn context_parameters(arguments: &Arguments, context: u32, embeds: bool) -> LlamaContextParams {
    let threads = i32::try_from(threads(arguments)).unwrap_or(1);
    let parameters = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(context))
        .with_n_threads(threads)
        .with_n_threads_batch(threads)
        .with_type_k(arguments.cache_type.into())
        .with_type_v(arguments.cache_type.into())
        .with_no_perf(true);
    if embeds {
        // Encoders look at a text from both sides: it must be evaluated at once.
        return parameters
            .with_embeddings(true)
            .with_n_batch(context)
            .with_n_ubatch(context)
            .with_n_seq_max(EMBEDDING_SEQUENCES)
            .with_kv_unified(true);
    }
    parameters
        .with_n_batch(arguments.batch.max(u32::from(arguments.slots)))
        .with_n_ubatch(arguments.batch)
        .with_n_seq_max(u32::from(arguments.slots))
        // One room for all: a prompt that several begin with is kept once.
        .with_kv_unified(true)
        // Models with a sliding window keep all tokens: otherwise no follow-up could go on from what is known.
        .with_swa_full(true)
}

/// Whether the model was made for vectors.
fn is_encoder(model: &LlamaModel) -> bool {
    let architecture = model.meta_val_str("general.architecture").unwrap_or_default();
    let pooling: Option<i32> =
        model.meta_val_str(&format!("{architecture}.pooling_type")).ok().and_then(|value| value.parse().ok());
    architecture.contains("bert")
        || architecture.contains("embedding")
        || pooling.is_some_and(|kind| LlamaPoolingType::from(kind) != LlamaPoolingType::None)
}

fn check(path: &Path) -> anyhow::Result<()> {
    check_gguf(path).map_err(|error| anyhow::anyhow!("{error}; pull the model again, or give another file"))
}

fn name_of(path: &Path) -> String {
    path.file_stem().map_or_else(|| "model".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn template(arguments: &Arguments, model: &LlamaModel) -> anyhow::Result<Template> {
    let own = match &arguments.chat_template {
        Some(path) => Some(read(path)?),
        None => model.meta_val_str("tokenizer.chat_template").ok().filter(|source| !source.trim().is_empty()),
    };
    let vocab = model.vocab();
    let text = |token| vocab.text(token).map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
    let special = vocab.tokens().filter(|token| {
        let kinds = vocab.attr(*token);
        kinds.contains(LlamaTokenAttr::Control) || kinds.contains(LlamaTokenAttr::UserDefined)
    });
    let neutral = Neutral::new(special.map(text));
    Template::new(own.as_deref(), text(vocab.bos()), text(vocab.eos()), neutral)
}

fn read(path: &PathBuf) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read the chat template {}", path.display()))
}

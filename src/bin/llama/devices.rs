//! What this build of the engine can compute with: the processor's features and the devices that llama.cpp finds.

use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::{LlamaBackendDeviceType, list_llama_ggml_backend_devices};
use recollect::engine::protocol::devices::{Device, DeviceKind, Devices};

/// Prints the devices as one line of JSON.
///
/// # Errors
/// When llama.cpp cannot be started.
pub fn print() -> anyhow::Result<()> {
    let backend = LlamaBackend::init()?;
    let found = list_llama_ggml_backend_devices().into_iter().map(|device| Device {
        kind: match device.device_type {
            LlamaBackendDeviceType::Gpu | LlamaBackendDeviceType::IntegratedGpu => DeviceKind::Gpu,
            LlamaBackendDeviceType::Cpu => DeviceKind::Cpu,
            _ => DeviceKind::Other,
        },
        name: device.name,
        description: device.description,
        backend: device.backend,
        memory_free: device.memory_free as u64,
        memory_total: device.memory_total as u64,
    });
    let devices = Devices {
        offload: backend.supports_gpu_offload(),
        features: features().into_iter().map(str::to_owned).collect(),
        cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        devices: found.collect(),
    };
    println!("{}", serde_json::to_string(&devices)?);
    Ok(())
}

/// The processor's features that matrix products use.
#[cfg(target_arch = "x86_64")]
fn features() -> Vec<&'static str> {
    let all = [
        ("SSE3", is_x86_feature_detected!("sse3")),
        ("SSSE3", is_x86_feature_detected!("ssse3")),
        ("AVX", is_x86_feature_detected!("avx")),
        ("F16C", is_x86_feature_detected!("f16c")),
        ("FMA", is_x86_feature_detected!("fma")),
        ("AVX2", is_x86_feature_detected!("avx2")),
        ("AVX-VNNI", is_x86_feature_detected!("avxvnni")),
        ("AVX-512F", is_x86_feature_detected!("avx512f")),
        ("AVX-512BW", is_x86_feature_detected!("avx512bw")),
        ("AVX-512VNNI", is_x86_feature_detected!("avx512vnni")),
        ("AVX-512BF16", is_x86_feature_detected!("avx512bf16")),
    ];
    all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
}

/// The processor's features that matrix products use.
#[cfg(target_arch = "aarch64")]
fn features() -> Vec<&'static str> {
    use std::arch::is_aarch64_feature_detected;
    let all = [
        ("NEON", is_aarch64_feature_detected!("neon")),
        ("FP16", is_aarch64_feature_detected!("fp16")),
        ("DotProd", is_aarch64_feature_detected!("dotprod")),
        ("I8MM", is_aarch64_feature_detected!("i8mm")),
        ("SVE", is_aarch64_feature_detected!("sve")),
    ];
    all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
}

/// The processor's features that matrix products use.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn features() -> Vec<&'static str> {
    Vec::new()
}

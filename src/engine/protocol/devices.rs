//! What an engine can compute with: printed by `recollect-llama --devices` as one line of JSON.

use serde::{Deserialize, Serialize};

/// Everything that an engine finds to compute with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// Whether this build can give layers to a GPU.
    pub offload: bool,
    /// Features of the processor that matrix products use, such as `AVX2`.
    pub features: Vec<String>,
    /// Threads that the processor runs at once.
    pub cores: usize,
    /// What there is.
    pub devices: Vec<Device>,
}

/// One device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// What it is.
    pub kind: DeviceKind,
    /// Short name, such as `CUDA0`.
    pub name: String,
    /// What its maker calls it.
    pub description: String,
    /// What computes on it, such as `CUDA`.
    pub backend: String,
    /// Bytes that can be had.
    pub memory_free: u64,
    /// Bytes.
    pub memory_total: u64,
}

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKind {
    /// A processor.
    Cpu,
    /// A graphics processor.
    Gpu,
    /// Something else that computes.
    Other,
}

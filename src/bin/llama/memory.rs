//! Whether the machine has room for a model, asked before the system has to find out.

use std::path::Path;

use anyhow::bail;

/// What is needed beside the weights, at least: the program, a small context, buffers.
const BESIDE: u64 = 256 << 20;

/// Refuses weights that are larger than the memory that can be had.
///
/// # Errors
/// A sentence with both numbers and what to do. Where the memory cannot be known, nothing is refused.
pub fn check(path: &Path) -> anyhow::Result<()> {
    let needed = std::fs::metadata(path).map_or(0, |metadata| metadata.len()) + BESIDE;
    let Some(available) = available() else { return Ok(()) };
    if needed > available {
        bail!(
            "{} needs about {} MiB of memory and {} MiB can be had; take a smaller model (`recollect models list`), or \
             stop other programs",
            path.display(),
            needed >> 20,
            available >> 20
        );
    }
    Ok(())
}

/// Bytes that can be had without others being pushed out: the system's own figure, or less where a control group or a
/// limit of this process says so.
fn available() -> Option<u64> {
    let system = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| meminfo(&text));
    let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse().ok());
    let process = rustix::process::getrlimit(rustix::process::Resource::As).current;
    [system, group, process].into_iter().flatten().min()
}

fn meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_figure_is_read() {
        assert_eq!(meminfo("MemTotal:  10 kB\nMemAvailable:   3 kB\n"), Some(3072));
        assert_eq!(meminfo("MemTotal: 10 kB"), None);
    }

    #[test]
    fn a_model_larger_than_any_machine_is_refused_with_its_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(1 << 42).unwrap();
        let error = check(file.path()).unwrap_err().to_string();
        assert!(error.contains(file.path().to_str().unwrap()) && error.contains("smaller model"), "{error}");
    }
}

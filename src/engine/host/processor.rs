//! Whether this processor can run what ggml was built for.
//!
//! ggml (llama.cpp, whisper.cpp) is built for one set of instructions; a processor without them ends the program with a
//! signal in the middle of a model, which says nothing to anybody. Small processors of network storage lack them.

/// Instructions that ggml's own build uses on x86-64 unless it is told not to, with the variable that tells it.
#[cfg(target_arch = "x86_64")]
fn wanted() -> [(&'static str, bool, Option<&'static str>); 4] {
    [
        ("AVX2", is_x86_feature_detected!("avx2"), option_env!("GGML_AVX2")),
        ("FMA", is_x86_feature_detected!("fma"), option_env!("GGML_FMA")),
        ("F16C", is_x86_feature_detected!("f16c"), option_env!("GGML_F16C")),
        ("BMI2", is_x86_feature_detected!("bmi2"), option_env!("GGML_BMI2")),
    ]
}

#[cfg(not(target_arch = "x86_64"))]
fn wanted() -> [(&'static str, bool, Option<&'static str>); 0] {
    []
}

/// Refuses a processor that lacks what an engine with ggml was built for.
///
/// # Errors
/// What is missing and what to do, for a person.
pub fn check_processor() -> Result<(), String> {
    lacking(&wanted()).map_or(Ok(()), Err)
}

fn lacking(wanted: &[(&str, bool, Option<&str>)]) -> Option<String> {
    let missing: Vec<&str> =
        wanted.iter().filter(|(_, there, built)| !there && *built != Some("OFF")).map(|(name, ..)| *name).collect();
    if missing.is_empty() {
        return None;
    }
    let without: String = missing.iter().map(|name| format!("GGML_{name}=OFF ")).collect();
    Some(format!(
        "this processor has no {}, which this engine was built for; build it without (`{without}make build`), or let \
         another machine run the model (`chat.url`, `speech.url`)",
        missing.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_unless_it_was_built_without() {
        assert_eq!(lacking(&[("AVX2", true, None), ("FMA", false, Some("OFF"))]), None);
        let told = lacking(&[("AVX2", false, None), ("FMA", false, None), ("BMI2", true, None)]).unwrap();
        assert!(told.contains("no AVX2, FMA,") && told.contains("GGML_AVX2=OFF GGML_FMA=OFF make build"), "{told}");
    }
}

//! How the programs are linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A program at no fixed address carries a list of what to adjust when it is loaded: 10 MB for the server, read at every
    // start and counted as its memory ever after. Packed it is 100 times smaller (glibc 2.36, binutils 2.38 or newer; an
    // older linker says so and leaves it as it is).
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

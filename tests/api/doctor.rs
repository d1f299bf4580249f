//! What `recollect doctor` finds out by asking engines: what there is to compute with, and how fast the model is.

use std::process::Command;

use serde_json::Value;

use crate::clients::{OnPort, TOKEN};
use crate::llama::fixture;
use crate::program::Home;

#[test]
fn the_engine_says_what_there_is_to_compute_with() {
    let output = Command::new(env!("CARGO_BIN_EXE_recollect-llama")).arg("--devices").output().unwrap();
    let devices: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(devices["cores"].as_u64() > Some(0) && devices["features"].is_array(), "{devices}");
    assert!(devices["devices"].as_array().unwrap().iter().any(|device| device["kind"] == "cpu"), "{devices}");
    let home = Home::new();
    let said = home.run(&["doctor"]);
    assert!(said.contains("processor") && said.contains("graphics processor"), "{said}");
    let said = home.run(&["doctor", "--measure"]);
    assert!(said.contains("no language model to measure; recollect models "), "{said}");
}

#[test]
fn a_remote_model_is_measured_from_here() {
    let arguments = ["--context", "2048", "--threads", "1"];
    let engine = OnPort::start(env!("CARGO_BIN_EXE_recollect-llama"), &fixture("tiny-qwen3.gguf"), &arguments);
    let home = Home::new();
    std::fs::create_dir_all(home.data()).unwrap();
    let settings = format!("[chat]\nurl = {:?}\ntoken = {TOKEN:?}\n", engine.url);
    std::fs::write(home.data().join("recollect.toml"), settings).unwrap();
    let said = home.run(&["doctor", "--measure"]);
    let speeds = said.lines().filter(|line| line.contains("tokens/s")).count();
    assert_eq!(speeds, 2, "{said}");
}

#[test]
fn a_model_of_ours_is_measured_by_its_engine() {
    let model = fixture("tiny-qwen3.gguf");
    let output = Command::new(env!("CARGO_BIN_EXE_recollect-llama"))
        .args(["--context", "1024", "--slots", "1", "--threads", "1", "--bench", "--listen", "127.0.0.1:0", "--model"])
        .arg(model)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("0 of ") && said.contains(" layers on a GPU"), "{said}");
    assert!(said.contains("pp512 ") && said.contains("tg128 "), "{said}");
}

#[test]
fn settings_are_listed_with_their_values_where_somebody_made_them() {
    let mut home = Home::new();
    std::fs::create_dir_all(home.data()).unwrap();
    std::fs::write(home.data().join("recollect.toml"), "[server]\ntoken = \"secret\"\n").unwrap();
    home.set("RECOLLECT_JOBS_TRIES", "7");
    let line = |said: &str, key: &str| said.lines().find(|line| line.starts_with(key)).map(str::to_owned);
    let said = home.run(&["doctor"]);
    let tries = line(&said, "jobs.tries").unwrap_or_else(|| panic!("{said}"));
    assert!(tries.contains(" 7 ") && tries.contains("RECOLLECT_JOBS_TRIES"), "{tries}");
    assert!(line(&said, "server.token").is_some() && !said.contains("secret"), "{said}");
    assert_eq!(line(&said, "server.port"), None, "what nobody made is left out");
    let all = home.run(&["doctor", "--all"]);
    assert!(line(&all, "server.port").is_some_and(|line| line.contains(" 0 ") && line.contains("default")), "{all}");
}

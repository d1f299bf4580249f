//! Killed at any moment, reading and seeing go on where they were and end with the same library.
//!
//! What can be seen is seen: with the models of ../shared and ONNX Runtime, with ffmpeg, or without.

use std::collections::BTreeMap;
use std::ops::Range;
use std::process::Stdio;
use std::time::Instant;

use serde_json::Value;

use crate::program::{Home, Photo, shared};
use crate::queue::film;

const KILLS: u32 = 20;

/// RECOLLECT_TEST_KILLS asks for more.
fn kills() -> u32 {
    std::env::var("RECOLLECT_TEST_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS)
}

/// Enough that every run finds something new.
fn photos() -> u32 {
    kills().max(40)
}

fn home() -> Home {
    let mut home = Home::new();
    home.see();
    home
}

/// Every tenth picture is the portrait of somebody.
fn portrait(home: &Home, seed: u32) {
    const PEOPLE: [&str; 3] = ["Ariel_Sharon", "Colin_Powell", "Donald_Rumsfeld"];
    let name = PEOPLE[(seed / 10) as usize % PEOPLE.len()];
    let from = format!("media/krasserm-lfw/images/{name}/{name}_{:04}.jpg", seed / 30 + 1);
    if let Some(from) = shared(&from) {
        std::fs::create_dir_all(home.photos().join("Portraits")).unwrap();
        std::fs::copy(from, home.photos().join("Portraits").join(format!("F{seed:03}.jpg"))).unwrap();
    }
}

fn fill(home: &Home, photos: Range<u32>) {
    for seed in photos {
        let folder = if seed % 3 == 0 { "2024-05 Trip" } else { "Camera Roll" };
        let taken = format!("2024-05-{:02}T10:{:02}:00", seed % 28 + 1, seed % 60);
        let description = format!("picture number {seed}");
        let photo =
            Photo { seed: seed + 1, taken: &taken, description: &description, people: &["Ida"], ..Photo::default() };
        photo.write(&home.photos().join(folder).join(format!("P{seed:03}.jpg")));
        if seed % 10 == 0 {
            portrait(home, seed);
        }
        if seed % 6 == 0 {
            // Without ffmpeg there are no videos, and less to disturb.
            film(&home.photos().join(folder).join(format!("V{seed:03}.mp4")), seed);
        }
    }
}

/// The same content twice, and a file that cannot be read.
fn finish(home: &Home) {
    std::fs::copy(home.photos().join("Camera Roll/P001.jpg"), home.photos().join("copy.jpg")).unwrap();
    std::fs::write(home.photos().join("broken.jpg"), b"no picture").unwrap();
}

/// What the library says of every file, without identifiers, which differ, and without the folder it lies in.
fn state(home: &Home) -> BTreeMap<String, Value> {
    let root = home.photos();
    let mut state = BTreeMap::new();
    let mut files: Vec<_> = walk(&root);
    files.sort();
    for path in
        files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "jpg" || extension == "mp4"))
    {
        let output = home.command(&["show", path.to_str().unwrap(), "--json"]).output().unwrap();
        let mut shown: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        if let Some(fields) = shown.as_object_mut() {
            fields.remove("id");
        }
        let text = shown.to_string().replace(root.to_str().unwrap(), "");
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        state.insert(name, serde_json::from_str(&text).unwrap());
    }
    state.insert("jobs".into(), jobs(home));
    let frames = walk(&home.data().join("thumbnails")).into_iter().filter_map(|path| {
        // Named by content and time, so the same in every library.
        path.file_name()?.to_str().filter(|name| name.contains("_at_")).map(str::to_owned)
    });
    let frames: std::collections::BTreeSet<String> = frames.collect();
    state.insert("keyframes".into(), serde_json::json!(frames));
    let mut people: Vec<Vec<String>> =
        home.json(&["people", "list", "--json"]).as_array().unwrap().iter().map(shown).collect();
    people.sort();
    state.insert("people".into(), serde_json::json!(people));
    let events = home.json(&["events", "list", "--json"]);
    let events: Vec<_> =
        events.as_array().unwrap().iter().map(|e| (e["name"].clone(), e["media"].as_array().unwrap().len())).collect();
    state.insert("events".into(), serde_json::json!(events));
    state
}

/// The names of the files that show somebody, found or named.
fn shown(person: &Value) -> Vec<String> {
    let name = |path: &Value| {
        let path = std::path::Path::new(path.as_str().unwrap());
        path.file_name().unwrap().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = person["media"].as_array().unwrap().iter().map(name).collect();
    names.sort();
    names
}

/// How many jobs of each kind are in which state, and what failed why: nothing that differs with time.
fn jobs(home: &Home) -> Value {
    let jobs = home.json(&["jobs", "--json"]);
    let kind = |kind: &Value| {
        let states = ["queued", "running", "done", "failed", "cancelled"].map(|state| kind[state].clone());
        (kind["kind"].as_str().unwrap().to_owned(), states)
    };
    let kinds: BTreeMap<_, _> = jobs["by_kind"].as_array().unwrap().iter().map(kind).collect();
    let failed = jobs["failed"].as_array().unwrap().iter().map(|job| {
        let name =
            std::path::Path::new(job["path"].as_str().unwrap()).file_name().unwrap().to_string_lossy().into_owned();
        (name, job["kind"].clone(), job["code"].clone())
    });
    serde_json::json!({ "kinds": kinds, "failed": failed.collect::<Vec<_>>() })
}

/// Adds what was under way when everything was killed: kinds with how many jobs.
fn note_interrupted(home: &Home, interrupted: &mut BTreeMap<String, u32>) {
    // Before the library is there nothing is under way.
    let output = home.command(&["jobs", "--json"]).output().unwrap();
    let jobs: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    for job in jobs["running"].as_array().into_iter().flatten() {
        *interrupted.entry(job["kind"].as_str().unwrap().to_owned()).or_default() += 1;
    }
}

/// A number of 1–20 for each run, spread evenly and in no order; the same in every test, so that it can be repeated.
fn moment(run: u32) -> u32 {
    1 + (run.wrapping_mul(2_654_435_761) >> 16) % 20
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn kills_lose_nothing_and_leave_nothing_half_done() {
    let (kills_wanted, photos) = (kills(), photos());
    let share = |run: u32| (run * photos / kills_wanted)..((run + 1) * photos / kills_wanted);
    let undisturbed = home();
    fill(&undisturbed, 0..photos - photos / 10);
    finish(&undisturbed);
    undisturbed.add();

    // How long a run takes that has a little to do, on this machine and now: engines are started in it, too.
    fill(&undisturbed, photos - photos / 10..photos);
    let began = Instant::now();
    undisturbed.add();
    let mut window = began.elapsed();

    let home = home();
    let folder = home.photos();
    let add = ["add", folder.to_str().unwrap(), "--wait"];
    let (mut kills, mut runs, mut interrupted) = (0, 0, BTreeMap::new());
    while kills < kills_wanted {
        assert!(
            runs < 10 * kills_wanted,
            "only {kills} of {runs} runs were interrupted: the test does not test enough"
        );
        // Some new files for every run, so that each has something to be interrupted in.
        fill(&home, share(kills));
        let quiet = |arguments: &[&str]| home.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = quiet(&add).unwrap();
        // Every other run has help, which is killed with it.
        let mut helper = (runs % 2 == 1).then(|| quiet(&["worker"]).unwrap());
        // Spread over start-up, walking, reading, seeing, storing and indexing.
        std::thread::sleep(window * moment(runs) / 20);
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            kills += 1;
        } else {
            window = window * 9 / 10;
        }
        child.wait().unwrap();
        if let Some(helper) = &mut helper {
            // It may have ended: before the library is there it has nothing to do.
            drop(helper.kill());
            helper.wait().unwrap();
        }
        note_interrupted(&home, &mut interrupted);
        runs += 1;
    }
    eprintln!("{kills} kills in {runs} runs; under way then, jobs by kind: {interrupted:?}");
    assert!(!interrupted.is_empty(), "nothing was under way at any kill: the test tests nothing");
    finish(&home);
    home.add();
    assert_eq!(state(&home), state(&undisturbed));
    let found = home.ask("picture number 17");
    assert!(found["media"].as_array().unwrap().iter().any(|m| m["path"].as_str().unwrap().ends_with("P017.jpg")));
    let leftovers: Vec<_> = walk(&home.data())
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "tmp" || e == "new"))
        .collect();
    assert!(leftovers.is_empty(), "{leftovers:?}");
}

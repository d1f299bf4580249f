//! The queue from outside: pausing and resuming, workers beside the server, what is measured.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::program::{Home, Photo, Server};

/// A video of two scenes; a visible skip where there is no ffmpeg.
pub fn film(path: &std::path::Path, seed: u32) -> bool {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    if path.exists() {
        return true;
    }
    let first = format!("testsrc=s=160x120:r=10:d=2,hue=h={}", seed * 37 % 360);
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", &first, "-f", "lavfi", "-i", "color=c=gray:s=160x120:r=10:d=1"])
        .args(["-filter_complex", "[0][1]concat=n=2:v=1", "-c:v", "mpeg4", "-g", "10", "-bitexact"])
        .arg(path)
        .stdin(Stdio::null())
        .status();
    let made = made.is_ok_and(|status| status.success());
    if !made {
        eprintln!("SKIPPED: needs ffmpeg");
    }
    made
}

fn kind<'v>(jobs: &'v Value, name: &str) -> &'v Value {
    let kinds = jobs["by_kind"].as_array().unwrap();
    kinds.iter().find(|kind| kind["kind"] == name).unwrap_or(&Value::Null)
}

fn numbers(jobs: &Value, name: &str) -> [i64; 3] {
    ["queued", "running", "done"].map(|state| kind(jobs, name)[state].as_i64().unwrap_or(0))
}

fn jobs(server: &Server) -> Value {
    server.get("/jobs")["data"].clone()
}

#[test]
fn frames_of_videos_are_chosen_and_what_is_left_to_do_survives() {
    let home = Home::new();
    if !film(&home.photos().join("a.mp4"), 1) {
        return;
    }
    // Who does not wait leaves what is to be seen for later.
    let said = home.run(&["add", home.photos().to_str().unwrap()]);
    assert!(said.contains("recollect worker"), "{said}");
    assert_eq!(numbers(&home.json(&["jobs", "--json"]), "keyframes"), [1, 0, 0]);
    home.add();
    assert_eq!(numbers(&home.json(&["jobs", "--json"]), "keyframes"), [0, 0, 1]);
    // Held back, it waits, and nobody waits for it; the pause is there for the next process too.
    home.run(&["jobs", "pause", "keyframes"]);
    film(&home.photos().join("b.mp4"), 2);
    let summary = home.add();
    assert!(summary.contains("keyframes") && summary.contains("held back"), "{summary}");
    assert_eq!(numbers(&home.json(&["jobs", "--json"]), "keyframes"), [1, 0, 1]);
    let cancelled = home.run(&["jobs", "cancel", "keyframes"]);
    assert!(cancelled.starts_with("1 jobs are cancelled"), "{cancelled}");
    home.run(&["jobs", "resume"]);
    home.add();
    assert_eq!(numbers(&home.json(&["jobs", "--json"]), "keyframes"), [0, 0, 1], "what is cancelled stays so");
    home.run(&["jobs", "retry", "keyframes"]);
    // A worker alone finds what is left.
    let said = home.run(&["worker", "--until-idle"]);
    assert!(said.contains("1 jobs done"), "{said}");
    assert_eq!(numbers(&home.json(&["jobs", "--json"]), "keyframes"), [0, 0, 2]);
    let wrong = home.command(&["jobs", "pause", "nonsense"]).output().unwrap();
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("find_faces"));
}

#[test]
fn a_worker_beside_the_server_does_what_the_server_queues() {
    let home = Home::new();
    if !film(&home.photos().join("a.mp4"), 1) {
        return;
    }
    let server = home.serve(&[]);
    server.post("/jobs/pause", &json!({ "kind": "keyframes" }));
    server.post("/folders", &json!({ "path": home.photos(), "hurry": true }));
    server.settle();
    assert!(kind(&jobs(&server), "keyframes")["paused"] == true);
    let mut open = Vec::new();
    for seed in 2..8 {
        film(&home.photos().join(format!("{seed}.mp4")), seed);
        open.push(seed);
    }
    home.run(&["add", home.photos().to_str().unwrap(), "--wait"]);
    let waiting = numbers(&jobs(&server), "keyframes");
    assert_eq!(waiting[0] + waiting[2], 7, "{waiting:?}");
    let workers: Vec<_> = (0..2)
        .map(|_| home.command(&["worker", "--kinds", "keyframes"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn())
        .collect();
    home.run(&["jobs", "resume", "keyframes"]);
    server.settle();
    for worker in workers {
        let mut worker = worker.unwrap();
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
    let after = jobs(&server);
    assert_eq!(numbers(&after, "keyframes"), [0, 0, 7], "{after}");
    // A frame of each of its scenes, to be looked at.
    let id = server.get("/media")["data"][0]["id"].as_str().unwrap().to_owned();
    let frames = server.get(&format!("/media/{id}/keyframes"))["data"].clone();
    assert_eq!(frames, json!([{ "at_ms": 0 }, { "at_ms": 2000 }]));
    let (status, headers, picture) = server.fetch(&format!("/media/{id}/keyframes/2000"), &[]);
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap(), &picture[..2]),
        (200, "image/jpeg", &b"\xff\xd8"[..])
    );
    assert_eq!(server.fetch(&format!("/media/{id}/keyframes/7"), &[]).0, 404);
    assert_eq!(after["counts"]["failed"], 0, "{after}");
}

#[test]
fn the_queue_is_steered_and_measured_over_http() {
    let home = Home::new();
    Photo { seed: 1, taken: "2024-05-04T15:00:00", ..Photo::default() }.write(&home.photos().join("good.jpg"));
    std::fs::write(home.photos().join("broken.jpg"), b"this is no picture").unwrap();
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    let before = jobs(&server);
    let failed = before["failed"][0].clone();
    assert!(failed["path"].as_str().unwrap().ends_with("broken.jpg"), "{before}");
    assert_eq!(kind(&before, "ingest_file")["failed"], 1);
    assert!(kind(&before, "ingest_file")["p95_s"].as_f64().unwrap() > 0.0, "{before}");

    // Tried again, it fails again for the same reason; the one that is fine is not touched.
    for path in [format!("/jobs/{}/retry", failed["id"].as_str().unwrap()), "/jobs/retry".to_owned()] {
        assert_eq!(server.post(&path, &json!({}))["data"]["jobs"], 1, "{path}");
        server.settle();
        assert_eq!(jobs(&server)["failed"][0]["code"], failed["code"]);
    }
    let unknown = server.post("/jobs/019a0000-0000-7000-8000-000000000000/retry", &json!({}));
    assert_eq!(unknown["error"]["code"], "job_not_found");
    assert_eq!(server.post("/jobs/pause", &json!({ "kind": "nonsense" }))["error"]["code"], "bad_request");

    server.post("/jobs/pause", &json!({}));
    assert_eq!(jobs(&server)["paused"], true);
    Photo { seed: 2, taken: "2024-05-05T15:00:00", ..Photo::default() }.write(&home.photos().join("new.jpg"));
    server.post("/folders", &json!({ "path": home.photos() }));
    server.settle();
    assert_eq!(server.get("/media")["meta"]["total"], 1, "nothing is read while all is held back");
    server.post("/jobs/resume", &json!({}));
    server.settle();
    assert_eq!(server.get("/media")["meta"]["total"], 2);

    let (status, headers, metrics) = server.fetch(&format!("{}/metrics", server.url), &[]);
    let metrics = String::from_utf8(metrics).unwrap();
    assert_eq!(status, 200, "{metrics}");
    assert!(headers["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    for line in [
        "recollect_jobs{kind=\"ingest_file\",state=\"done\"} 2",
        "recollect_jobs{kind=\"ingest_file\",state=\"failed\"} 1",
        "recollect_job_duration_quantile_seconds{kind=\"ingest_file\",quantile=\"0.99\"} ",
        "recollect_job_duration_seconds_count{kind=\"ingest_file\"} ",
        &format!("recollect_jobs_given_up{{kind=\"ingest_file\",code={}}} 1", failed["code"]),
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    // Every line is a comment or a name with labels and a number.
    for line in metrics.lines().filter(|line| !line.starts_with('#')) {
        assert!(line.rsplit_once(' ').is_some_and(|(_, value)| value.parse::<f64>().is_ok()), "{line}");
    }
}

#[test]
fn what_is_measured_is_not_for_strangers() {
    let home = Home::new();
    let server = home.serve_with(&["--token", "secret"], &[]);
    assert_eq!(server.fetch(&format!("{}/metrics", server.url), &[]).0, 401);
    assert_eq!(server.fetch(&format!("{}/metrics", server.url), &[("authorization", "Bearer secret")]).0, 200);
}

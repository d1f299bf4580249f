//! Films from outside: asked for in words, changed in words and by hand, rendered, downloaded, deleted and taken back.

use std::time::{Duration, Instant};

use recollect::subprocess::find_program;
use serde_json::{Value, json};

use crate::program::{Home, Server, block, client, family, installed};

/// A server with the pictures of the invented family.
fn serve(home: &Home) -> Server {
    family(home);
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    server
}

/// Has a film made; its identifier, and the film.
fn make(server: &Server, prompt: &str) -> (String, Value) {
    let made = server.post("/films", &json!({ "prompt": prompt }))["data"].clone();
    (made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned(), made)
}

/// What ffprobe says of the pictures of a film.
fn pictures_of(file: &str, entries: &str) -> String {
    let mut probe = std::process::Command::new(find_program("ffprobe").unwrap());
    let asked = format!("stream={entries}");
    probe.args(["-v", "error", "-select_streams", "v", "-show_entries", &asked, "-of", "csv=p=0", file]);
    String::from_utf8_lossy(&probe.output().unwrap().stdout).trim().to_owned()
}

fn ask(server: &Server, question: &str, conversation: Option<&Value>) -> Value {
    let mut body = json!({ "question": question, "now": "2026-11-21T12:00:00" });
    if let Some(conversation) = conversation {
        body["conversation"] = conversation.clone();
    }
    server.post("/ask", &body)["data"].clone()
}

/// The last call of an answer.
fn call(answer: &Value) -> &Value {
    answer["tool_calls"].as_array().and_then(|calls| calls.last()).unwrap_or_else(|| panic!("{answer}"))
}

fn put(server: &Server, path: &str, body: &Value) -> (u16, Value) {
    block(async {
        let response = client().put(server.address(path)).json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    })
}

/// Waits until a render is in one of these states.
fn wait(server: &Server, film: &str, states: &[&str]) -> Value {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let film = server.get(&format!("/films/{film}"))["data"].clone();
        let render = film["renders"][0].clone();
        if states.iter().any(|state| render["state"] == *state) {
            return render;
        }
        assert!(Instant::now() < deadline, "{render}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_film_is_asked_for_confirmed_and_changed_by_talking_about_it() {
    let home = Home::new();
    let server = serve(&home);
    let answer = ask(&server, "Make a gentle film of Lofoten, 15 seconds", None);
    let proposed = call(&answer);
    assert_eq!(
        (&proposed["name"], &proposed["status"]),
        (&json!("create_film"), &json!("needs_confirmation")),
        "{answer}"
    );
    assert_eq!(proposed["result"]["film"]["seconds"], 15, "{proposed}");
    assert_eq!(proposed["media"].as_array().unwrap().len(), 3);
    assert!(server.get("/films")["data"].as_array().unwrap().is_empty(), "nothing is made before it is confirmed");

    let done = server.post(&format!("/tool-calls/{}/confirm", proposed["id"].as_str().unwrap()), &json!({}));
    let film = done["data"]["result"]["film"].as_str().unwrap_or_else(|| panic!("{done}")).to_owned();
    let made = server.get(&format!("/films/{film}"))["data"].clone();
    assert_eq!(
        (&made["shots"], &made["storyboard"]["format"], &made["version"]),
        (&json!(3), &json!("16:9"), &json!(1))
    );
    assert!((made["seconds"].as_f64().unwrap() - 15.0).abs() < 0.3, "{}", made["seconds"]);

    let changed = ask(&server, "vertical for the phone and no music", Some(&answer["conversation"]));
    assert_eq!(
        (&call(&changed)["name"], &call(&changed)["status"]),
        (&json!("edit_film"), &json!("done")),
        "{changed}"
    );
    let first = ask(&server, "Fang mit dem Boot an", Some(&answer["conversation"]));
    assert_eq!(call(&first)["name"], "edit_film", "{first}");
    let made = server.get(&format!("/films/{film}"))["data"].clone();
    let board = &made["storyboard"];
    assert_eq!(
        (&board["format"], &board["music"]["kind"], &made["version"]),
        (&json!("9:16"), &json!("none"), &json!(3))
    );
    let opening = board["shots"][0]["media"].as_str().unwrap();
    assert_eq!(made["media"][opening]["name"], "L3.jpg", "the boat comes first");
    // What is no change of a film is a question like any other.
    let other = ask(&server, "Who was with us in Lofoten?", Some(&answer["conversation"]));
    assert!(other["answer"].as_str().unwrap().contains("Jonas"), "{other}");
}

#[test]
fn a_storyboard_is_edited_by_hand_and_nobody_writes_over_anybody() {
    let home = Home::new();
    let server = serve(&home);
    let (film, made) = make(&server, "film of Ida");
    let path = format!("/films/{film}/storyboard");
    let mut board = made["storyboard"].clone();
    board["title"] = json!("Ida on the road");
    let (status, body) = put(&server, &path, &json!({ "version": 1, "storyboard": board }));
    assert_eq!(
        (status, &body["data"]["version"], &body["data"]["title"]),
        (200, &json!(2), &json!("Ida on the road")),
        "{body}"
    );
    let (status, body) = put(&server, &path, &json!({ "version": 1, "storyboard": board }));
    assert_eq!((status, &body["error"]["code"]), (409, &json!("conflict")), "{body}");
    board["shots"][1]["show"]["path"]["to"]["x"] = json!(0.9);
    let (status, body) = put(&server, &path, &json!({ "version": 2, "storyboard": board }));
    assert_eq!(status, 400, "{body}");
    assert!(body["error"]["message"].as_str().unwrap().contains("shot 2"), "{body}");
    let before = server.post(&format!("/films/{film}/storyboards/1/take-up"), &json!({}))["data"].clone();
    assert_eq!((&before["version"], &before["title"]), (&json!(3), &made["title"]));
    let others = server.get(&format!("/films/{film}/shots/0/alternatives"));
    assert!(others["data"].is_array(), "{others}");
    let nonsense = server.post(&format!("/films/{film}/changes"), &json!({ "text": "what a lovely day" }));
    assert!(nonsense["error"]["message"].as_str().unwrap().contains("shorter"), "{nonsense}");
    let nobody = server.post("/films", &json!({ "prompt": "film of Zebedee the unicorn in Atlantis" }));
    assert!(nobody["error"]["code"].is_string(), "{nobody}");

    assert!(server.delete(&format!("/films/{film}"))["error"].is_null());
    assert!(server.get("/films")["data"].as_array().unwrap().is_empty());
    assert!(server.post(&format!("/films/{film}/restore"), &json!({}))["error"].is_null());
    assert_eq!(server.get("/films")["data"][0]["id"], film.as_str());
}

#[test]
fn a_film_is_rendered_in_the_background_and_served_in_ranges() {
    if !installed("ffmpeg") {
        return;
    }
    let home = Home::new();
    let server = serve(&home);
    let (film, _) = make(&server, "a lively film of Lofoten, 6 seconds");
    let video = format!("/films/{film}/video?quality=preview");
    assert_eq!(server.fetch(&video, &[]).0, 404);
    let queued = server.post(&format!("/films/{film}/render?quality=preview"), &json!({}));
    assert!(queued["error"].is_null(), "{queued}");
    let render = wait(&server, &film, &["done", "failed"]);
    assert_eq!((&render["state"], &render["current"]), (&json!("done"), &json!(true)), "{render}");
    let (status, headers, bytes) = server.fetch(&video, &[("range", "bytes=4-7")]);
    assert_eq!((status, bytes.as_slice(), headers["content-type"].to_str().unwrap()), (206, &b"ftyp"[..], "video/mp4"));

    // One that is stopped leaves no file of its own.
    let changed = server.post(&format!("/films/{film}/changes"), &json!({ "text": "60 seconds" }));
    assert!(changed["error"].is_null(), "{changed}");
    server.post(&format!("/films/{film}/render?quality=full"), &json!({}));
    server.post(&format!("/films/{film}/cancel?quality=full"), &json!({}));
    let render = wait(&server, &film, &["cancelled"]);
    assert_eq!(render["quality"], "full");
    let folder = home.data().join("films").join(&film);
    let deadline = Instant::now() + Duration::from_secs(60);
    while folder.join("full").exists() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(!folder.join("full").exists() && !folder.join("full.mp4").exists());
    assert!(folder.join("preview.mp4").is_file());
}

#[test]
fn the_command_makes_a_film_from_a_prompt_and_from_a_storyboard() {
    if !installed("ffmpeg") {
        return;
    }
    let home = Home::new();
    family(&home);
    home.add();
    let file = |name: &str| home.data().join(name).display().to_string();
    let (plan, out) = (file("plan.json"), file("film.mp4"));
    let printed = home.json(&["film", "film of Lofoten for the phone, 6 seconds", "--storyboard", &plan, "--json"]);
    assert_eq!(printed["storyboard"]["format"], "9:16");
    let mut board: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
    assert_eq!(board, printed["storyboard"]);
    board["format"] = json!("1:1");
    board["title"] = json!("By hand");
    for shot in board["shots"].as_array_mut().unwrap() {
        if let Some(path) = shot["show"].get_mut("path") {
            *path = json!({ "from": { "x": 0.0, "y": 0.0, "w": 0.75, "h": 1.0 }, "to": { "x": 0.25, "y": 0.0, "w": 0.75, "h": 1.0 }, "easing": "gentle" });
        }
    }
    std::fs::write(&plan, board.to_string()).unwrap();
    let said = home.run(&["film", "film of Lofoten", "--storyboard", &plan, "--preview", "--out", &out]);
    assert!(said.contains("By hand") && said.contains("written to"), "{said}");
    assert_eq!(pictures_of(&out, "width,height,nb_frames"), "360,360,180");
}

/// An ffmpeg without AV1, whose graphics card encodes what it is tried with and then nothing.
fn wanting(home: &mut Home) {
    let real = find_program("ffmpeg").unwrap();
    let folder = home.photos().parent().unwrap().join("programs");
    std::fs::create_dir_all(&folder).unwrap();
    let script = format!(
        "#!/bin/sh\ncase \" $* \" in\n*' -encoders '*) '{0}' \"$@\" | grep -v -i av1; echo ' V....D h264_nvenc NVENC';;\n\
         *testsrc2*h264_nvenc*) exit 0;;\n*h264_nvenc*) echo 'OpenEncodeSessionEx failed: out of memory' >&2; exit 1;;\n\
         *) exec '{0}' \"$@\";;\nesac\n",
        real.display()
    );
    let program = folder.join("ffmpeg");
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    home.set("PATH", format!("{}:{}", folder.display(), std::env::var("PATH").unwrap()));
}

#[test]
fn what_ffmpeg_cannot_encode_is_told_and_hardware_that_fails_is_made_up_for() {
    if !installed("ffmpeg") {
        return;
    }
    let mut home = Home::new();
    wanting(&mut home);
    let server = serve(&home);
    let codecs = server.get("/films/codecs")["data"].clone();
    let names: Vec<&Value> = codecs.as_array().unwrap().iter().map(|codec| &codec["codec"]).collect();
    assert_eq!(names, ["h264", "hevc", "av1"]);
    assert_eq!((&codecs[0]["encoder"], &codecs[0]["hardware"]), (&json!("h264_nvenc"), &json!(true)), "{codecs}");
    assert!(codecs[2]["encoder"].is_null() && codecs[2]["missing"].as_str().unwrap().contains("libsvtav1"), "{codecs}");
    let (film, _) = make(&server, "a film of Lofoten, 5 seconds");
    let render = |how: &str| server.post(&format!("/films/{film}/render?quality=preview&{how}"), &json!({}));
    let refused = render("codec=av1");
    assert_eq!(refused["error"]["code"], "film_cannot_be_made", "{refused}");
    assert!(refused["error"]["message"].as_str().unwrap().contains("cannot make AV1"), "{refused}");
    render("codec=h264");
    let done = wait(&server, &film, &["done", "failed"]);
    assert_eq!((&done["state"], &done["codec"]), (&json!("done"), &json!("h264")), "{done}");
    let notice = done["notice"].as_str().unwrap_or_default();
    assert!(notice.contains("h264_nvenc failed (OpenEncodeSessionEx failed: out of memory)"), "{done}");
    let said = home.run(&["doctor"]);
    assert!(
        said.contains("films in AV1         MISSING") && said.contains("hardware encoders    found    h264_nvenc"),
        "{said}"
    );
}

#[test]
fn the_command_makes_a_film_in_another_codec() {
    if !installed("ffmpeg") {
        return;
    }
    let home = Home::new();
    family(&home);
    home.add();
    let out = home.data().join("film.mp4").display().to_string();
    home.run(&["film", "film of Lofoten, 5 seconds", "--preview", "--codec", "hevc", "--out", &out]);
    assert_eq!(pictures_of(&out, "codec_name,codec_tag_string"), "hevc,hvc1");
}

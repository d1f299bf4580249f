//! Music for films from outside: what the user has and gives is listed, listened to and chosen; what is made is sounded.

use serde_json::{Value, json};

use crate::program::{Home, Server, block, client, family, installed};

/// Half a second of a tone as a WAV file.
fn tone() -> Vec<u8> {
    wav(&(0..4000).map(|at: u32| if (at / 10).is_multiple_of(2) { 90 } else { 166 }).collect::<Vec<u8>>())
}

/// Half a minute of clicks, 600 ms apart, the first after 250 ms, in soft noise.
fn clicks() -> Vec<u8> {
    let mut noise: u32 = 7;
    let mut sample = |at: u32| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let since = (at + 4800 - 2000) % 4800;
        let click =
            if since < 200 { (f64::from(since) * 0.9).sin() * 100.0 * (-f64::from(since) / 60.0).exp() } else { 0.0 };
        (128.0 + click + f64::from(noise >> 30)) as u8
    };
    wav(&(0..8000 * 30).map(&mut sample).collect::<Vec<u8>>())
}

/// A WAV file: 8 bits, one channel, 8 kHz.
fn wav(samples: &[u8]) -> Vec<u8> {
    let bytes = samples.len() as u32;
    let mut file = [b"RIFF".as_slice(), &(36 + bytes).to_le_bytes(), b"WAVEfmt \x10\0\0\0\x01\0\x01\0"].concat();
    file.extend([8000_u32.to_le_bytes(), 8000_u32.to_le_bytes()].concat());
    file.extend([b"\x01\0\x08\0data".as_slice(), &bytes.to_le_bytes(), samples].concat());
    file
}

fn give(server: &Server, name: &str, bytes: Vec<u8>) -> Value {
    block(async {
        let request = client().post(server.address(&format!("/music?name={name}"))).body(bytes);
        request.send().await.unwrap().json().await.unwrap()
    })
}

#[test]
fn music_is_given_listened_to_and_chosen_for_a_film() {
    if !installed("ffmpeg") {
        return;
    }
    let mut home = Home::new();
    family(&home);
    let own = home.photos().parent().unwrap().join("my music");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("Waltz.wav"), tone()).unwrap();
    home.set("RECOLLECT_FILM_MUSIC", own.to_str().unwrap());
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();

    let refused = give(&server, "letter.mp3", b"dear all".to_vec());
    assert!(refused["error"]["message"].as_str().unwrap().contains("no music"), "{refused}");
    let given = give(&server, "Summer%20rain.wav", tone())["data"].clone();
    assert_eq!((&given["title"], &given["given"]), (&json!("Summer rain"), &json!(true)), "{given}");
    let listed = server.get("/music")["data"].clone();
    let titles: Vec<_> = listed.as_array().unwrap().iter().map(|tune| tune["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Summer rain", "Waltz"]);
    let (status, headers, bytes) = server.fetch(&format!("/music/{}/audio", given["id"].as_str().unwrap()), &[]);
    assert_eq!((status, headers["content-type"].to_str().unwrap(), bytes), (200, "audio/wav", tone()));
    assert_eq!(server.fetch("/music/0123456789abcdef/audio", &[]).0, 404);

    let film = server.post("/films", &json!({ "prompt": "a film of Lofoten, 6 seconds" }))["data"].clone();
    let address = format!("/films/{}", film["id"].as_str().unwrap());
    let sample = |mood: &str| server.fetch(&format!("{address}/music?mood={mood}"), &[]).2;
    let (gentle, epic) = (sample("gentle"), sample("epic"));
    assert_eq!((&gentle[..4], gentle.len()), (&b"RIFF"[..], 44 + 20 * 48_000 * 4));
    assert!(gentle != epic && gentle == sample("gentle"), "a mood has its own music, the same each time");
    let mut board = film["storyboard"].clone();
    board["music"] = json!({ "kind": "file", "path": given["path"] });
    let put = server.put(&format!("{address}/storyboard"), &json!({ "version": film["version"], "storyboard": board }));
    assert_eq!(put["data"]["storyboard"]["music"]["path"], given["path"], "{put}");
}

#[test]
fn a_film_is_cut_on_the_beats_of_music_that_has_them() {
    if !installed("ffmpeg") {
        return;
    }
    let home = Home::new();
    family(&home);
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    let film = server.post("/films", &json!({ "prompt": "a film of Lofoten, 15 seconds" }))["data"].clone();
    let address = format!("/films/{}", film["id"].as_str().unwrap());
    let with = |film: &Value, music: Value| {
        let mut board = film["storyboard"].clone();
        board["music"] = music;
        server.put(&format!("{address}/storyboard"), &json!({ "version": film["version"], "storyboard": board }))
    };
    let steady = give(&server, "March.wav", clicks())["data"]["path"].clone();
    let put = with(&film, json!({ "kind": "file", "path": steady }))["data"].clone();
    let beats = &put["storyboard"]["music"]["beats"];
    assert!(
        (beats["tempo"].as_f64().unwrap() - 100.0).abs() < 1.0
            && put["said"].as_str().unwrap().contains("100 a minute"),
        "{put}"
    );
    let shots = put["storyboard"]["shots"].as_array().unwrap();
    let mut cut = 0;
    for shot in &shots[..shots.len() - 1] {
        cut += shot["duration_ms"].as_u64().unwrap();
        let off = (cut + 300 - 250) % 600;
        assert!(off.abs_diff(300) <= 25, "{cut} ms is {} ms from a beat", off.abs_diff(300));
    }
    let seconds = |film: &Value| film["seconds"].as_f64().unwrap();
    assert!((seconds(&put) - seconds(&film)).abs() < 0.001, "the film stays as long: {}", put["seconds"]);
    // What is changed in words stays on the beats, and they are not found anew.
    let changed = server.post(&format!("{address}/changes"), &json!({ "text": "12 seconds" }))["data"].clone();
    assert_eq!(changed["storyboard"]["music"], put["storyboard"]["music"]);
    assert!((seconds(&changed) - 12.0).abs() < 0.24, "{}", changed["seconds"]);
    // A tone is no march, and what is not there is told at once.
    let hum = give(&server, "Hum.wav", tone())["data"]["path"].clone();
    let put = with(&changed, json!({ "kind": "file", "path": hum }))["data"].clone();
    assert!(put["said"].as_str().unwrap().contains("no clear beat"), "{put}");
    let gone = with(&put, json!({ "kind": "file", "path": "/nowhere/song.mp3" }));
    assert!(gone["error"]["message"].as_str().unwrap().contains("/nowhere/song.mp3 cannot be read"), "{gone}");
}

#[test]
fn the_command_takes_music_by_its_file_its_mood_or_none() {
    if !installed("ffmpeg") {
        return;
    }
    let home = Home::new();
    family(&home);
    let song = home.photos().parent().unwrap().join("March.wav");
    std::fs::write(&song, clicks()).unwrap();
    std::fs::write(song.with_file_name("letter.mp3"), b"dear all").unwrap();
    home.add();
    let film = |music: &str| home.json(&["film", "a film of Lofoten, 6 seconds", "--music", music, "--json"]);
    let moody = film("epic");
    assert_eq!((&moody["storyboard"]["music"]["kind"], &moody["storyboard"]["mood"]), (&json!("made"), &json!("epic")));
    let plan = home.data().join("plan.json").display().to_string();
    home.run(&["film", "a film of Lofoten, 6 seconds", "--storyboard", &plan]);
    let given = home.json(&["film", "Lofoten", "--storyboard", &plan, "--music", "none", "--json"]);
    assert_eq!((&given["storyboard"]["music"]["kind"], &given["version"]), (&json!("none"), &json!(1)));
    for wrong in ["jazz", song.with_file_name("letter.mp3").to_str().unwrap()] {
        let out = home.command(&["film", "a film of Lofoten", "--music", wrong]).output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(!out.status.success() && said.contains("a mood: gentle, happy"), "{said}");
    }

    // With a server the same.
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    assert_eq!(server.get("/films")["data"].as_array().unwrap().len(), 3, "what was refused left no film");
    let marching = film(song.to_str().unwrap());
    let music = &marching["storyboard"]["music"];
    assert_eq!((&music["kind"], &music["path"]), (&json!("file"), &json!(song.to_str().unwrap())), "{marching}");
    assert!((music["beats"]["tempo"].as_f64().unwrap() - 100.0).abs() < 1.0, "{music}");
}

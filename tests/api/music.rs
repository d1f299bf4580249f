//! Music for films from outside: what the user has and gives is listed, listened to and chosen; what is made is sounded.

use recollect::subprocess::find_program;
use serde_json::{Value, json};

use crate::program::{Home, Server, block, client, family};

/// Half a second of a tone as a WAV file: 8 bits, one channel, 8 kHz.
fn tone() -> Vec<u8> {
    let samples: Vec<u8> = (0..4000).map(|at: u32| if (at / 10).is_multiple_of(2) { 90 } else { 166 }).collect();
    let bytes = samples.len() as u32;
    let mut file = [b"RIFF".as_slice(), &(36 + bytes).to_le_bytes(), b"WAVEfmt \x10\0\0\0\x01\0\x01\0"].concat();
    file.extend([8000_u32.to_le_bytes(), 8000_u32.to_le_bytes()].concat());
    file.extend([b"\x01\0\x08\0data".as_slice(), &bytes.to_le_bytes(), &samples].concat());
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
    if find_program("ffmpeg").is_none() {
        println!("skipped: ffmpeg is not installed");
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

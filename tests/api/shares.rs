//! Albums and events given away: by the API while they are sent, by command line, and read by another library.

use std::io::{Cursor, Read};

use serde_json::{Value, json};

use crate::program::{Home, Server, family};

fn served() -> (Home, Server, String) {
    let home = Home::new();
    family(&home);
    home.add();
    let server = home.serve(&[]);
    let made = server.post("/albums", &json!({ "name": "Ida ../ \"x\"", "rule": "people: Ida" }));
    let id = made["data"]["album"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    (home, server, id)
}

fn names(zip: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    names.sort();
    names
}

#[test]
fn an_album_is_downloaded_in_every_form() {
    let (_home, server, id) = served();
    let export = |query: &str| server.fetch(&format!("/albums/{id}/export?{query}"), &[("accept-encoding", "gzip")]);
    let (status, headers, zip) = export("form=zip");
    assert_eq!((status, &headers["content-type"]), (200, &"application/zip".parse().unwrap()));
    assert_eq!(headers.get("content-encoding"), None, "what is packed is not packed again");
    let disposition = headers["content-disposition"].to_str().unwrap();
    assert_eq!(disposition, "attachment; filename*=UTF-8''Ida%20%2E%2E%5F%20%5Fx%5F.zip");
    let top = "Ida .._ _x_";
    let files = ["C2.jpg", "C2.jpg.xmp", "L1.jpg", "L1.jpg.xmp", "L2.jpg", "L2.jpg.xmp"];
    assert_eq!(names(&zip), files.map(|name| format!("{top}/{name}")));

    let (_, _, copies) = export("form=zip&pictures=copies&size=256");
    assert_eq!(names(&copies), ["C2", "L1", "L2"].map(|name| format!("{top}/{name}.jpg")));
    let (_, _, page) = export("form=page");
    let mut archive = zip::ZipArchive::new(Cursor::new(page)).unwrap();
    let mut html = String::new();
    archive.by_name(&format!("{top}/index.html")).unwrap().read_to_string(&mut html).unwrap();
    assert!(html.contains("midnight sun over the sea") && !html.contains("Norway"), "{html}");
    for form in ["sheet", "book&paper=letter"] {
        let (status, headers, pdf) = export(&format!("form={form}"));
        assert_eq!((status, &headers["content-type"]), (200, &"application/pdf".parse().unwrap()));
        assert!(pdf.starts_with(b"%PDF-1.7") && pdf.ends_with(b"%%EOF\n"), "{form}");
    }
    let event = server.get("/events")["data"][0]["id"].as_str().unwrap().to_owned();
    let (status, _, sheet) = server.fetch(&format!("/events/{event}/export?form=sheet&location=true"), &[]);
    assert!(status == 200 && sheet.starts_with(b"%PDF"));
}

#[test]
fn what_cannot_be_shared_is_refused_with_a_reason() {
    let (_home, server, id) = served();
    let refused = |path: &str| {
        let (status, _, body) = server.fetch(path, &[]);
        let body: Value = serde_json::from_slice(&body).unwrap();
        (status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    let export = |query: &str| refused(&format!("/albums/{id}/export?{query}"));
    for query in ["", "form=folder", "form=zip&location=false", "form=page&size=1", "form=book&pictures=originals"] {
        assert_eq!(export(query), (400, "bad_request".to_owned()), "{query}");
    }
    let empty = server.post("/albums", &json!({ "name": "Empty" }))["data"]["album"]["id"].clone();
    let (status, code) = refused(&format!("/albums/{}/export?form=zip", empty.as_str().unwrap()));
    assert_eq!((status, code.as_str()), (409, "nothing_to_share"));
    let gone = "00000000-0000-7000-8000-000000000000";
    assert_eq!(refused(&format!("/albums/{gone}/export?form=zip")).0, 404);
    assert_eq!(refused(&format!("/events/{gone}/export?form=zip")).0, 404);
}

#[test]
fn a_folder_is_read_by_another_library_as_it_was() {
    let (home, _server, _) = served();
    // Beside the server that holds the library.
    let out = home.data().parent().unwrap().join("given");
    let arguments = ["album", "export", "Ida ../ \"x\"", "--form", "folder", "--json", "--out", out.to_str().unwrap()];
    let made = home.json(&arguments);
    assert_eq!((&made["media"], &made["left_out"]), (&json!(3), &json!([])), "{made}");
    let again = home.command(&arguments).output().unwrap();
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("is there already"));

    let other = Home::new();
    other.run(&["add", out.to_str().unwrap(), "--wait"]);
    for (name, folder) in [("L2.jpg", "2023-07 Lofoten"), ("C2.jpg", "Camera Roll")] {
        let show = |home: &Home, path: &std::path::Path| home.json(&["show", path.to_str().unwrap(), "--json"]);
        let before = show(&home, &home.photos().join(folder).join(name));
        let after = show(&other, &out.canonicalize().unwrap().join(name));
        for field in ["taken", "description", "keywords", "rating", "city", "country", "utc_offset_minutes"] {
            assert_eq!(before[field], after[field], "{name} {field}");
        }
        let people = |shown: &Value| -> Vec<Value> {
            shown["people"].as_array().unwrap().iter().map(|person| person["name"].clone()).collect()
        };
        assert_eq!(people(&before), people(&after), "{name}");
        let near = |axis: &str| {
            let [before, after] = [&before, &after].map(|shown| shown[axis].as_f64().unwrap());
            (before - after).abs() < 1e-6
        };
        assert!(near("lat") && near("lon"), "{name}");
    }
    let book = home.data().parent().unwrap().join("book.pdf");
    let event = home.json(&["events", "list", "--json"])[0]["id"].as_str().unwrap().to_owned();
    let made = home.run(&["events", "export", &event, "--form", "book", "--out", book.to_str().unwrap()]);
    assert!(made.starts_with("written to ") && std::fs::read(book).unwrap().starts_with(b"%PDF"), "{made}");
}

//! Concepts from outside: taught by a few real pictures, found in the others, asked about, gone back on, kept from guests.
//!
//! Needs ../shared and ONNX Runtime, as scripts/setup puts it in the models folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::program::{Home, Server, block, client, shared};

/// The family library's pictures that are shown here: two trips and what else there is, by what they are of.
fn pictures(home: &Home) -> Option<BTreeMap<String, Vec<String>>> {
    let (library, truth) = (shared("library/photos")?, shared("library/truth.json")?);
    let truth: Value = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    let mut of: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (at, item) in truth["items"].as_array().unwrap().iter().enumerate() {
        let event = item["event"].as_str().unwrap_or("none");
        let photo = item["media_type"] == "photo" && item["dup_kind"].is_null();
        let wanted = event == "rome-2024" || event == "hike-2019" && at % 2 == 0 || at % 6 == 0;
        if !photo || !wanted {
            continue;
        }
        let path = library.join(item["path"].as_str().unwrap());
        let name = format!("{at:03}.{}", path.extension().unwrap().to_string_lossy());
        let copy = home.photos().join(name);
        std::fs::copy(path, &copy).unwrap();
        of.entry(event.to_owned()).or_default().push(copy.to_string_lossy().into_owned());
    }
    Some(of)
}

fn concept(home: &Home, name: &str) -> Value {
    let all = home.json(&["concepts", "list", "--json"]);
    all.as_array().unwrap().iter().find(|concept| concept["name"] == name).cloned().unwrap_or_else(|| panic!("{all}"))
}

fn paths(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|path| path.as_str().unwrap().to_owned()).collect()
}

/// Precision and recall of what belongs, without what was taught.
fn judged(home: &Home, name: &str, meant: &[String]) -> (f64, f64) {
    let known = concept(home, name);
    let taught = &paths(&known["belonging"]) | &paths(&known["others"]);
    let found = &paths(&known["media"]) - &taught;
    let meant = &meant.iter().cloned().collect::<BTreeSet<_>>() - &taught;
    let right = found.intersection(&meant).count() as f64;
    (right / (found.len() as f64).max(1.0), right / meant.len() as f64)
}

fn add(home: &Home, name: &str, pictures: &[String]) {
    let mut arguments = vec!["concepts", "add", name];
    arguments.extend(pictures.iter().map(String::as_str));
    let said = home.run(&arguments);
    assert!(said.contains("belong"), "{said}");
}

fn patch(server: &Server, path: &str, body: &Value) -> Value {
    let send = async { client().patch(server.address(path)).json(body).send().await.unwrap().json().await.unwrap() };
    block(send)
}

/// An identifier of a medium by its file's name.
fn id_of(server: &Server, path: &str) -> String {
    let name = Path::new(path).file_name().unwrap().to_string_lossy().into_owned();
    let all = server.get("/media?limit=500");
    let found = all["data"].as_array().unwrap().iter().find(|card| card["name"] == name.as_str());
    found.unwrap_or_else(|| panic!("{name}"))["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_few_pictures_teach_what_is_meant() {
    let mut home = Home::new();
    let Some(of) = pictures(&home) else { return };
    if !home.compare() {
        return;
    }
    home.add();
    let (rome, hike) = (&of["rome-2024"], &of["hike-2019"]);
    // Every fourth, so that they are from all over the trip.
    let taught =
        |all: &[String], count: usize| all.iter().step_by(all.len() / count).take(count).cloned().collect::<Vec<_>>();
    add(&home, "our way", &taught(hike, 5));
    let (precision, recall) = judged(&home, "our way", hike);
    let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
    assert!(f1 > 0.6, "from five pictures of a hike: precision {precision}, recall {recall}");
    add(&home, "roman days", &taught(rome, 5));
    let (precision, recall) = judged(&home, "roman days", rome);
    assert!(precision > 0.2 && recall > 0.4, "from five of a town: precision {precision}, recall {recall}");

    let found = home.json(&["search", "pictures of our way", "--json", "--limit", "500"]);
    let why = found["media"][0]["why"].as_array().unwrap();
    assert!(why.iter().any(|why| why == "concept: our way (100 %)"), "{why:?}");
    assert_eq!(found["total"], concept(&home, "our way")["media"].as_array().unwrap().len());
    let without = home.json(&["search", "pictures that are not roman days", "--json", "--limit", "500"]);
    let roman = paths(&concept(&home, "roman days")["media"]);
    assert!(without["media"].as_array().unwrap().iter().all(|one| !roman.contains(one["path"].as_str().unwrap())));
    let counted = home.ask("how many pictures of our way do we have?");
    assert_eq!(counted["count"], found["total"], "{counted}");

    let screens = concept(&home, "Screenshots");
    assert!(screens["problem"].as_str().unwrap().contains("marked as screenshots"), "{screens}");
    home.run(&["concepts", "remove", "roman days"]);
    let gone = home.command(&["concepts", "train", "roman days"]).output().unwrap();
    assert!(!gone.status.success() && String::from_utf8_lossy(&gone.stderr).contains("no concept called roman days"));
}

#[test]
fn answers_refine_a_concept_and_can_be_taken_back() {
    let mut home = Home::new();
    let Some(of) = pictures(&home) else { return };
    if !home.compare() {
        return;
    }
    home.add();
    let hike = &of["hike-2019"];
    home.set("RECOLLECT_SERVER_TOKEN", "");
    let server = home.serve(&[]);
    server.settle();
    let ids: Vec<String> = hike.iter().take(3).map(|path| id_of(&server, path)).collect();
    let made = server.post("/concepts", &json!({ "name": "our way", "belonging": ids }));
    assert_eq!(made["data"]["ready"], true, "{made}");
    let address = format!("/concepts/{}", made["data"]["id"].as_str().unwrap());
    let meant: BTreeSet<String> = hike.iter().map(|path| id_of(&server, path)).collect();
    let f1 = |server: &Server| {
        let found = server.get(&format!("{address}/media?limit=500"));
        let found: BTreeSet<String> = found["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["media"]["id"].as_str().unwrap().to_owned())
            .collect();
        2.0 * found.intersection(&meant).count() as f64 / (found.len() + meant.len()) as f64
    };
    let before = f1(&server);
    for _ in 0..3 {
        let asked = server.get(&format!("{address}/questions?limit=5"));
        let asked = asked["data"].as_array().unwrap().iter().map(|one| one["media"]["id"].as_str().unwrap().to_owned());
        let (yes, no): (Vec<String>, Vec<String>) = asked.partition(|id| meant.contains(id));
        assert!(yes.iter().chain(&no).all(|id| !ids.contains(id)), "what was said is not asked");
        server.post(&format!("{address}/examples"), &json!({ "belonging": yes, "others": no }));
    }
    let after = f1(&server);
    assert!(after > before && after > 0.7, "fifteen answers: F1 {before}, then {after}");

    let detail = server.get(&address);
    let examples = detail["data"]["examples"].as_array().unwrap().len();
    assert_eq!(examples, 18);
    assert!(detail["data"]["quality"]["recognised"].as_f64().unwrap() > 0.3, "{detail}");
    let undone = server.post(&format!("{address}/undo"), &json!({}));
    assert_eq!(undone["data"]["belonging"].as_i64().unwrap() + undone["data"]["others"].as_i64().unwrap(), 13);
    let why = server.get(&format!("{address}/media/{}", id_of(&server, &hike[7])));
    let like = why["data"]["like"].as_array().unwrap();
    assert!(like.len() == 3 && like[0]["alike"].as_f64() >= like[1]["alike"].as_f64(), "{why}");
    let strict = patch(&server, &address, &json!({ "threshold": 0.95 }));
    let loose = patch(&server, &address, &json!({ "threshold": 0.05 }));
    assert!(strict["data"]["count"].as_i64() < loose["data"]["count"].as_i64());
    let refused = patch(&server, &address, &json!({ "threshold": 7 }));
    assert_eq!(refused["error"]["code"], "conflict");
}

#[test]
fn what_hides_is_kept_from_guests_and_from_the_owner_who_asks_for_it() {
    let mut home = Home::new();
    let Some(of) = pictures(&home) else { return };
    if !home.compare() {
        return;
    }
    home.add();
    add(&home, "not for guests", &of["hike-2019"][..5]);
    let secret = concept(&home, "not for guests")["media"].as_array().unwrap().len() as i64;
    home.set("RECOLLECT_SERVER_TOKEN", "owner");
    home.set("RECOLLECT_SERVER_GUEST_TOKEN", "guest");
    let server = home.serve(&[]);
    let ask = |method: reqwest::Method, path: &str, token: &str, cookie: &str| -> (u16, Value) {
        block(async {
            let request = client().request(method, server.address(path)).bearer_auth(token).header("cookie", cookie);
            let response = request.json(&json!({ "hides": true })).send().await.unwrap();
            (response.status().as_u16(), response.json().await.unwrap_or(Value::Null))
        })
    };
    let get = |path: &str, token: &str, cookie: &str| ask(reqwest::Method::GET, path, token, cookie).1;
    let id = get("/concepts", "owner", "")["data"][0]["id"].as_str().unwrap().to_owned();
    let total = |token: &str, cookie: &str| get("/timeline", token, cookie)["data"]["total"].as_i64().unwrap();
    let all = total("owner", "");
    assert_eq!(total("guest", ""), all, "nothing hides yet");
    ask(reqwest::Method::PATCH, &format!("/concepts/{id}"), "owner", "");
    assert_eq!((total("owner", ""), total("guest", "")), (all, all - secret));
    assert_eq!(total("owner", "recollect_guarded=1"), all - secret, "the owner may have them left out");
    let hidden =
        get(&format!("/concepts/{id}/media"), "owner", "")["data"][0]["media"]["id"].as_str().unwrap().to_owned();
    for path in [format!("/media/{hidden}"), format!("/media/{hidden}/thumbnail"), format!("/media/{hidden}/original")]
    {
        assert_eq!(ask(reqwest::Method::GET, &path, "owner", "").0, 200, "{path}");
        assert_eq!(ask(reqwest::Method::GET, &path, "guest", "").0, 404, "{path}");
    }
    let found = get("/search?q=pictures&limit=500", "guest", "");
    assert_eq!(found["data"]["total"], all - secret, "{}", found["data"]["reading"]);
    // Nor does it leave in what is shared, unless the owner says so.
    let album = block(async {
        let request = client().post(server.address("/albums")).bearer_auth("owner");
        let made = request.json(&json!({ "name": "All", "rule": "photo" })).send().await.unwrap();
        made.json::<Value>().await.unwrap()["data"]["album"]["id"].as_str().unwrap().to_owned()
    });
    let shared = |token: &str, private: bool| {
        let path = format!("/albums/{album}/export?form=zip&pictures=copies&size=256&private={private}");
        let (status, _, zip) = server.fetch(&path, &[("authorization", &format!("Bearer {token}"))]);
        assert_eq!(status, 200);
        zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap().len() as i64
    };
    let told = shared("owner", false);
    assert_eq!(shared("owner", true), told + secret);
    assert_eq!((shared("guest", false), shared("guest", true)), (told, told));
    for (method, path) in [
        (reqwest::Method::GET, "/conversations"),
        (reqwest::Method::POST, "/conversations"),
        (reqwest::Method::PATCH, &*format!("/concepts/{id}")),
        (reqwest::Method::GET, "/jobs"),
    ] {
        let (status, answer) = ask(method, path, "guest", "");
        assert_eq!((status, &answer["error"]["code"]), (403, &json!("guests_only_look")), "{path}");
    }
    assert_eq!(ask(reqwest::Method::GET, "/timeline", "stranger", "").0, 401);
}

#[test]
fn pictures_that_a_machine_made_are_found_and_left_out() {
    let home = Home::new();
    let text = |keyword: &str, text: &str| {
        let body = [b"tEXt".as_slice(), keyword.as_bytes(), b"\0", text.as_bytes()].concat();
        [&u32::try_from(body.len() - 4).unwrap().to_be_bytes()[..], &body, &[0; 4]].concat()
    };
    for (name, chunk) in [
        ("made.png", Some(text("parameters", "a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"))),
        ("drawn.png", Some(text("Software", "GIMP 2.10"))),
        ("taken.png", None),
    ] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let shade = u8::try_from(name.len() * 9).unwrap();
        image::RgbImage::from_pixel(64, 48, image::Rgb([shade, 90, 60]))
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        let mut bytes = bytes.into_inner();
        // Behind the signature and the header.
        bytes.splice(33..33, chunk.unwrap_or_default());
        std::fs::write(home.photos().join(name), bytes).unwrap();
    }
    home.add();
    let names = |query: &str| {
        let found = home.json(&["search", query, "--json"]);
        let name =
            |one: &Value| Path::new(one["path"].as_str().unwrap()).file_name().unwrap().to_string_lossy().into_owned();
        found["media"].as_array().unwrap().iter().map(name).collect::<BTreeSet<_>>()
    };
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(names("AI-generated pictures"), set(&["made.png"]));
    assert_eq!(names("KI-generierte Bilder"), set(&["made.png"]));
    assert_eq!(names("pictures without AI pictures"), set(&["drawn.png", "taken.png"]));
    let server = home.serve(&[]);
    server.settle();
    let found = server.get("/search?q=AI%20images");
    let detail = server.get(&format!("/media/{}", found["data"]["hits"][0]["media"]["id"].as_str().unwrap()));
    assert_eq!(detail["data"]["generated"], "made");
}

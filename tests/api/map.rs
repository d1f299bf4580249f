//! The map from outside: marks by zoom, the pictures of a mark, the stops of a trip, and what turning tiles on allows.

use serde_json::{Value, json};

use crate::program::{Home, Photo, Server, family};

/// The family's pictures and one from the day before, an hour's drive away.
fn serve(home: &Home) -> Server {
    family(home);
    let reine = Photo {
        seed: 77,
        taken: "2023-07-09T18:00:00",
        description: "steep mountains over the village",
        position: Some((67.9324, 13.0886)),
        ..Photo::default()
    };
    reine.write(&home.photos().join("2023-07 Lofoten/L0.jpg"));
    let server = home.serve(&[home.photos().to_str().unwrap()]);
    server.settle();
    server
}

fn clusters(server: &Server, area: &str, zoom: u32) -> Vec<Value> {
    let found = server.get(&format!("/map/clusters?{area}&zoom={zoom}"));
    found["data"].as_array().unwrap_or_else(|| panic!("{found}")).clone()
}

fn counts(clusters: &[Value]) -> Vec<i64> {
    clusters.iter().map(|cluster| cluster["count"].as_i64().unwrap()).collect()
}

const EARTH: &str = "west=-180&south=-85&east=180&north=85";

#[test]
fn marks_part_as_one_comes_closer_and_hold_their_pictures() {
    let home = Home::new();
    let server = serve(&home);
    let map = server.get("/map")["data"].clone();
    let located = map["located"].as_i64().unwrap();
    assert!(located >= 5 && map["bounds"].as_array().unwrap().len() == 4, "{map}");
    let world = clusters(&server, EARTH, 0);
    assert_eq!((world.len(), counts(&world).iter().sum::<i64>()), (1, located));
    assert_eq!(world[0]["place"], Value::Null, "several countries have no name in common");
    let europe = clusters(&server, EARTH, 4);
    assert_eq!(europe.len(), 2, "{europe:?}");
    let north = europe.iter().find(|mark| mark["lat"].as_f64() > Some(60.0)).unwrap();
    assert_eq!((&north["count"], &north["place"]), (&json!(4), &json!("Nordland")));
    assert_eq!(north["cover"]["rating"], 5, "the best picture stands for them");
    let near = clusters(&server, "west=12&south=67&east=16&north=69", 9);
    assert_eq!(counts(&near), [3, 1]);

    let areas = |mark: &Value| {
        let text = |area: &Value| area.as_array().unwrap().iter().map(Value::to_string).collect::<Vec<_>>().join(",");
        mark["areas"].as_array().unwrap().iter().map(text).collect::<Vec<_>>().join(";")
    };
    for mark in [&near[0], &near[1], north] {
        let media = server.get(&format!("/map/media?areas={}&limit=2", areas(mark)));
        assert_eq!(media["meta"]["total"], mark["count"], "{media}");
    }
    let first = server.get(&format!("/map/media?areas={}", areas(&near[1])));
    assert_eq!(first["data"][0]["name"], "L0.jpg");
    // Across the antimeridian lies nothing of Europe.
    assert_eq!(clusters(&server, "west=170&south=-85&east=-170&north=85", 3), Vec::<Value>::new());
    for wrong in
        ["/map/clusters?west=0&south=9&east=1&north=2&zoom=3", "/map/media?areas=1,2,3", "/map/media?areas=nan,0,0,0"]
    {
        assert_eq!(server.get(wrong)["error"]["code"], "bad_request", "{wrong}");
    }
}

#[test]
fn a_trip_has_its_stops_in_order_of_time() {
    let home = Home::new();
    let server = serve(&home);
    let events = server.get("/events")["data"].clone();
    let trip = events.as_array().unwrap().iter().find(|event| event["count"] == 4).unwrap().clone();
    let whole = server.get(&format!("/events/{}", trip["id"].as_str().unwrap()))["data"].clone();
    let stops = whole["stops"].as_array().unwrap();
    let told: Vec<(usize, &str)> =
        stops.iter().map(|stop| (stop["media"].as_array().unwrap().len(), stop["start"].as_str().unwrap())).collect();
    assert_eq!(told, [(1, "2023-07-09T18:00:00"), (3, "2023-07-10T10:00:00")]);
    assert!(stops[0]["lat"].as_f64() < stops[1]["lat"].as_f64());
}

#[test]
fn pages_may_load_tiles_only_where_the_owner_turned_them_on() {
    let mut home = Home::new();
    home.set("RECOLLECT_SERVER_GUEST_TOKEN", "guest");
    home.set("RECOLLECT_MAP_TILES", "https://tiles.example/{z}/{x}/{y}.png");
    let server = home.serve(&[]);
    let policy = |cookie: &str| {
        let (_, headers, _) = server.fetch("/", &[("cookie", cookie)]);
        headers["content-security-policy"].to_str().unwrap().to_owned()
    };
    assert!(!policy("").contains("tiles.example"));
    assert!(policy("recollect_online_map=1").ends_with("; img-src 'self' https://tiles.example"));
    assert_eq!(server.get("/map")["data"]["tiles"]["host"], "tiles.example");
    let (_, _, guests) = server.fetch("/map", &[("cookie", "recollect_token=guest")]);
    let guests: Value = serde_json::from_slice(&guests).unwrap();
    assert_eq!(guests["data"]["tiles"], Value::Null);
}

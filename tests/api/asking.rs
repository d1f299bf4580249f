//! Asking by command line: answers, counts, follow-ups, proposals.

use crate::program::{Home, Photo, family, names};

fn home() -> Home {
    let home = Home::new();
    family(&home);
    let summary = home.add();
    assert!(summary.contains("6 files read") && summary.contains("0 failed"), "{summary}");
    home
}

#[test]
fn people_places_and_dates_choose_the_media() {
    let home = home();
    assert_eq!(names(&home.ask("photos of Ida")), ["C2.jpg", "L1.jpg", "L2.jpg"]);
    assert_eq!(names(&home.ask("Ida with Jonas")), ["L2.jpg"]);
    assert_eq!(names(&home.ask("pictures from Norway")), ["L1.jpg", "L2.jpg", "L3.jpg"]);
    assert_eq!(names(&home.ask("what did we take in june 2024")), ["C1.jpg"]);
    assert_eq!(names(&home.ask("Bilder von Jonas in Hamburg")), ["B1.jpg"]);
    assert_eq!(names(&home.ask("5 star photos")), ["L1.jpg"]);
}

#[test]
fn words_of_captions_find_media_and_nothing_is_an_answer() {
    let home = home();
    assert_eq!(names(&home.ask("chocolate cake")), ["B1.jpg"]);
    let answer = home.ask("photos of penguins");
    assert_eq!(names(&answer), [""; 0]);
    assert!(answer["answer"].as_str().unwrap().contains("no photos"), "{answer}");
    assert_eq!(names(&home.ask("pictures from Japan")), [""; 0]);
}

#[test]
fn what_is_said_by_the_way_is_left_out_and_said_so() {
    let home = home();
    let answer = home.ask("wibbly photos of Ida");
    assert_eq!(names(&answer), ["C2.jpg", "L1.jpg", "L2.jpg"]);
    assert!(answer["answer"].as_str().unwrap().contains("says anything of “wibbly”"), "{answer}");
    // What could be seen is asked for, and so is what has a name, is quoted, or decides a yes.
    for question in ["Ida with a unicorn", "Ida on the Wibblywob", "Ida \"wibbly\"", "was Ida wibbly in Norway?"] {
        assert_eq!(names(&home.ask(question)), [""; 0], "{question}");
    }
    let conversation = answer["conversation"].as_str().unwrap();
    let second = home.json(&["ask", "only the ones with Jonas", "--json", "--conversation", conversation]);
    assert_eq!(names(&second), ["L2.jpg"], "a follow-up narrows what was shown");
}

#[test]
fn counts_dates_and_places_come_from_the_library() {
    let home = home();
    let count = home.ask("how many photos do we have from Lofoten?");
    assert_eq!(count["count"], 3, "{count}");
    let when = home.ask("when was Jonas' birthday?");
    assert!(when["answer"].as_str().unwrap().contains("May 4, 2024"), "{when}");
    let place = home.ask("where was the fishing boat?");
    assert!(place["answer"].as_str().unwrap().contains("Norway"), "{place}");
}

#[test]
fn how_often_counts_occasions_and_whether_is_answered_with_yes_or_no() {
    let home = home();
    let said = |question: &str| {
        let answer = home.ask(question);
        (answer["answer"].as_str().unwrap().to_owned(), answer["count"].as_u64(), names(&answer).len())
    };
    let (text, count, media) = said("how often were we in Norway?");
    assert!(text.starts_with("**Once**") && text.contains("3 photos"), "{text}");
    assert_eq!((count, media), (Some(1), 3));
    assert_eq!(said("how many times does Ida appear?").1, Some(3));
    assert!(said("Wie oft waren wir in Japan?").0.starts_with("Nie,"));
    let (text, _, media) = said("Has Ida been to Norway?");
    assert!(text.starts_with("Yes: I found **2 photos**") && media == 2, "{text}");
    assert!(said("War Jonas schon in Japan?").0.starts_with("Nein, ich habe keine Fotos"));
    assert!(said("thanks!").0.starts_with("You're welcome"));
}

#[test]
fn a_follow_up_refines_the_question_before() {
    let home = home();
    let first = home.ask("photos of Ida");
    let conversation = first["conversation"].as_str().unwrap();
    let second = home.json(&["ask", "only the ones with Jonas", "--json", "--conversation", conversation]);
    assert_eq!(names(&second), ["L2.jpg"]);
    let others = home.json(&["ask", "and the others?", "--json", "--conversation", conversation]);
    assert_eq!(names(&others), ["C2.jpg", "L1.jpg"]);
    let sorted = home.json(&["ask", "oldest first", "--json", "--conversation", conversation]);
    assert_eq!(names(&sorted), ["C2.jpg", "L1.jpg"]);
}

#[test]
fn writes_are_proposed_and_nothing_is_written() {
    let home = home();
    let answer = home.ask("make an album called North of the Lofoten pictures");
    let calls = answer["tool_calls"].as_array().unwrap();
    let call = calls.iter().find(|call| call["name"] == "create_album").unwrap();
    assert_eq!(call["status"], "needs_confirmation");
    assert_eq!(call["arguments"]["name"], "North");
    assert_eq!(call["media"].as_array().unwrap().len(), 3);
    assert_eq!(home.json(&["albums", "list", "--json"]).as_array().unwrap().len(), 0);
}

#[test]
fn lists_hold_the_media_of_each() {
    let home = home();
    let people = home.json(&["people", "list", "--json"]);
    let ida = people.as_array().unwrap().iter().find(|person| person["name"] == "Ida").unwrap();
    assert_eq!(ida["media"].as_array().unwrap().len(), 3);
    let events = home.json(&["events", "list", "--json"]);
    let names: Vec<_> = events.as_array().unwrap().iter().map(|event| event["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Jonas birthday", "Lofoten"]);
}

#[test]
fn agent_mode_says_what_is_missing() {
    let home = home();
    let output = home.command(&["ask", "hello", "--mode", "agent"]).output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("language model") && !said.contains("Error {"), "{said}");
}

#[test]
fn pictures_in_black_and_white_are_found_by_that() {
    let home = Home::new();
    for seed in 1..5 {
        let path = home.photos().join(format!("{seed}.jpg"));
        Photo { seed, taken: "2024-05-04T15:00:00", ..Photo::default() }.write(&path);
        if seed == 3 {
            image::open(&path).unwrap().grayscale().save(&path).unwrap();
        }
    }
    home.add();
    for question in
        ["black and white photos", "Bilder in Schwarz-Weiß", "photos en noir et blanc", "fotos en blanco y negro"]
    {
        assert_eq!(names(&home.ask(question)), ["3.jpg"], "{question}");
    }
}

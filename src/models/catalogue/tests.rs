//! What a catalogue must say, and what the one that the program carries does say.

use super::*;

const MINIMAL: &str = r#"
    [[model]]
    id = "m"
    role = "text-encoder"
    engine = "encoder"
    tiers = ["nas"]
    description = "d"
    licence = "MIT"
    home = "https://example.org"
    base = "https://example.org/m/"
    weights = "w.bin"
    dimensions = 3
    [[model.file]]
    path = "w.bin"
    size = 1
    sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
"#;

#[test]
fn the_embedded_catalogue_is_valid_and_has_a_text_encoder_for_every_tier() {
    let catalogue = Catalogue::embedded().unwrap();
    for tier in [Tier::Nas, Tier::Laptop, Tier::Gpu] {
        assert!(catalogue.tier(tier).any(|model| model.role == Role::TextEncoder && model.dimensions.is_some()));
    }
}

#[test]
fn every_file_of_the_folder_is_in_the_program_and_says_where_its_names_are_documented() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let files = std::fs::read_dir(folder).unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    let mut files: Vec<String> = files.filter(|name| name.ends_with(".toml")).collect();
    let mut carried: Vec<String> = EMBEDDED.iter().map(|(name, _)| (*name).to_owned()).collect();
    files.sort();
    carried.sort();
    assert_eq!(files, carried);
    for model in Catalogue::embedded().unwrap().models {
        assert!(!model.source.is_empty(), "{} says not where its names are documented", model.id);
        assert!(model.size() > 0 && model.memory_mb.is_some(), "{}", model.id);
    }
}

#[test]
fn every_tier_has_one_model_of_each_kind_that_fits_it() {
    let catalogue = Catalogue::embedded().unwrap();
    let common = [
        Role::Language,
        Role::Vision,
        Role::TextEncoder,
        Role::Speech,
        Role::VoiceActivity,
        Role::FaceDetector,
        Role::FaceEncoder,
        Role::ObjectDetector,
        Role::TextDetector,
        Role::TextReader,
    ];
    for tier in [Tier::Nas, Tier::Laptop, Tier::Gpu] {
        for role in common {
            assert_eq!(catalogue.tier(tier).filter(|model| model.role == role).count(), 1, "{tier:?} {role:?}");
        }
        assert!(catalogue.tier(tier).filter(|model| model.role == Role::ImageEncoder).count() <= 1);
        assert!(catalogue.tier(tier).all(|model| model.restriction.is_none()));
    }
}

#[test]
fn an_address_is_made_of_the_hub_the_repository_and_the_revision_or_commit() {
    let catalogue = Catalogue::embedded().unwrap();
    let model = catalogue.get("whisper-base").unwrap();
    let hub = "https://mirror.example/";
    assert_eq!(model.address(hub, None), "https://mirror.example/ggerganov/whisper.cpp/resolve/main/");
    assert_eq!(model.address(hub, Some("abc")), "https://mirror.example/ggerganov/whisper.cpp/resolve/abc/");
    let elsewhere = catalogue.get("yolox-nano").unwrap();
    assert!(elsewhere.address(hub, Some("abc")).starts_with("https://github.com/"));
}

#[test]
fn a_model_is_found_whatever_its_case_and_an_unknown_one_names_the_others() {
    let catalogue = Catalogue::parse(MINIMAL).unwrap();
    assert_eq!(catalogue.get("M").unwrap().version(), Some("0011223344556677"));
    assert!(catalogue.get("x").unwrap_err().to_string().ends_with("it has m"));
}

#[test]
fn what_could_leave_the_folder_or_cannot_be_checked_is_refused() {
    for (from, to, why) in [
        ("path = \"w.bin\"", "path = \"../w.bin\"", "inside"),
        ("path = \"w.bin\"", "path = \"/w.bin\"", "inside"),
        ("id = \"m\"", "id = \"a/b\"", "characters"),
        ("id = \"m\"", "id = \".partial\"", "reserved"),
        ("weights = \"w.bin\"", "weights = \"v.bin\"", "among its files"),
        ("sha256 = \"0011", "sha256 = \"zz11", "checksum"),
        ("size = 1", "size = -1", "size"),
        ("licence", "license", "unknown field"),
        ("MIT", "CC-BY-NC-4.0", "say what it forbids"),
        ("licence = \"MIT\"", "licence = \"X\"\nrestriction = \"no\"", "belongs to no tier"),
        ("base = \"https://example.org/m/\"", "", "either `repository` or `base`"),
        ("base = \"https://example.org/m/\"", "repository = \"m\"", "owner/name"),
        ("dimensions = 3", "mmproj = \"p.gguf\"", "projector"),
        ("dimensions = 3", "[[model.mirror]]\nkind = \"pip\"", "`package`"),
    ] {
        let error = Catalogue::parse(&MINIMAL.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(why), "{to}: {error}");
    }
    let twice = format!("{MINIMAL}\n{MINIMAL}");
    assert!(Catalogue::parse(&twice).unwrap_err().to_string().contains("twice"));
}

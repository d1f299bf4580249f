//! Whether a file says that a machine made the picture: Content Credentials, the IPTC's digital source type, and what the
//! programs that make pictures write about how they were made.
//!
//! Read from the values that all readers note, so that it does not matter where one stands. Only what a maker says of its
//! own picture counts; a picture that says nothing may still be made by a machine. Names checked against the programs'
//! own readers: AUTOMATIC1111 and its kin write `parameters`, ComfyUI `prompt` and `workflow`, InvokeAI
//! `invokeai_metadata` (earlier `sd-metadata`, `Dream`), NovelAI its name, Midjourney a `Job ID`.

use super::model::{Generated, Source, Sourced, SourcedValue};

/// Under this name the Content Credentials' digital source type of the picture itself is noted …
pub(super) const CREDENTIALS: &str = "C2PA digitalSourceType";
/// … and under this that of a picture it was made from.
pub(super) const INGREDIENT: &str = "C2PA ingredient digitalSourceType";
/// What the credentials say made them.
pub(super) const CLAIM: &str = "C2PA claim generator";

/// The IPTC's terms (cv.iptc.org/newscodes/digitalsourcetype) for pictures that a trained model made, whole or in parts.
const MADE: &str = "trainedalgorithmicmedia";
const PARTLY: [&str; 2] = ["compositewithtrainedalgorithmicmedia", "compositesynthetic"];

/// Programs that do nothing but make pictures, as they call themselves in the fields for a program's name.
const PROGRAMS: [&str; 12] = [
    "novelai",
    "midjourney",
    "stable diffusion",
    "comfyui",
    "invokeai",
    "fooocus",
    "draw things",
    "dall-e",
    "dall·e",
    "adobe firefly",
    "made with google ai",
    "bing image creator",
];

/// What the values say, the surest first: credentials, then the source type, then what programs write.
pub(super) fn of(values: &[SourcedValue]) -> Option<Sourced<Generated>> {
    let ways: [fn(&SourcedValue) -> Option<Generated>; 3] = [credentials, source_type, program];
    ways.into_iter().find_map(|way| {
        let said = values.iter().filter_map(|value| Some(Sourced { value: way(value)?, source: value.source }));
        // That all of it was made says more than that parts were.
        said.max_by_key(|said| said.value == Generated::Made)
    })
}

fn credentials(value: &SourcedValue) -> Option<Generated> {
    match value.name.as_str() {
        CREDENTIALS => term(&value.value),
        INGREDIENT => term(&value.value).map(|_| Generated::Partly),
        _ => None,
    }
}

fn source_type(value: &SourcedValue) -> Option<Generated> {
    value.name.ends_with("DigitalSourceType").then(|| term(&value.value)).flatten()
}

/// A term of the vocabulary, alone or at the end of its address.
fn term(text: &str) -> Option<Generated> {
    let term = text.trim().rsplit(['/', ':']).next().unwrap_or_default().to_lowercase();
    match term.as_str() {
        MADE => Some(Generated::Made),
        term if PARTLY.contains(&term) => Some(Generated::Partly),
        _ => None,
    }
}

/// What a program writes of how it made a picture.
fn program(value: &SourcedValue) -> Option<Generated> {
    let text = &value.value;
    let made = match value.name.as_str() {
        "PNG parameters" | "UserComment" | "exif:UserComment" => is_parameters(text),
        "PNG prompt" | "PNG workflow" => text.contains("\"class_type\"") || text.contains("\"nodes\""),
        "PNG invokeai_metadata" | "PNG sd-metadata" => text.trim_start().starts_with('{'),
        "PNG Dream" => text.contains(" -s") || text.contains("-S"),
        "PNG Description" | "dc:description" | "ImageDescription" => is_midjourney(text),
        "PNG Software" | "PNG Source" | "Software" | "xmp:CreatorTool" | "photoshop:Credit" | "PNG Credit"
        | "PNG Author" => {
            let text = text.to_lowercase();
            PROGRAMS.iter().any(|program| text.starts_with(program))
        }
        CLAIM => false,
        _ => false,
    };
    made.then_some(Generated::Made)
}

/// The lines of AUTOMATIC1111's settings, or the JSON of SwarmUI and Fooocus.
fn is_parameters(text: &str) -> bool {
    let json = text.contains("\"sui_image_params\"") || text.contains("\"performance_selection\"");
    json || text.contains("Steps: ")
        && (text.contains("Sampler: ") || text.contains("CFG scale: ") || text.contains("Seed: "))
}

fn is_midjourney(text: &str) -> bool {
    text.contains("Job ID: ") && (text.contains("--v ") || text.contains("--ar ") || text.contains("--niji"))
}

impl Generated {
    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Partly => "partly",
        }
    }
}

/// Everything that can tell it is noted under a source that is inside the file or beside it.
pub(super) const SOURCE: Source = Source::Container;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(values: &[(&str, &str)]) -> Option<Generated> {
        let value = |(name, value): &(&str, &str)| SourcedValue {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
            source: Source::Xmp,
        };
        of(&values.iter().map(value).collect::<Vec<_>>()).map(|said| said.value)
    }

    #[test]
    fn what_makers_write_is_understood() {
        let iptc = "http://cv.iptc.org/newscodes/digitalsourcetype/";
        let a1111 = "a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1";
        for value in [
            ("Iptc4xmpExt:DigitalSourceType", &*format!("{iptc}trainedAlgorithmicMedia")),
            (CREDENTIALS, "trainedAlgorithmicMedia"),
            ("PNG parameters", a1111),
            ("UserComment", a1111),
            ("PNG prompt", r#"{"3": {"class_type": "KSampler", "inputs": {}}}"#),
            ("PNG invokeai_metadata", r#"{"app_version": "3.0"}"#),
            ("PNG Software", "NovelAI"),
            ("PNG Description", "a fox --ar 3:2 --v 6 Job ID: 00000000-0000-0000-0000-000000000000"),
            ("photoshop:Credit", "Made with Google AI"),
        ] {
            assert_eq!(told(&[value]), Some(Generated::Made), "{value:?}");
        }
        let partly = format!("{iptc}compositeWithTrainedAlgorithmicMedia");
        assert_eq!(told(&[("Iptc4xmpExt:DigitalSourceType", &partly)]), Some(Generated::Partly));
        assert_eq!(told(&[(INGREDIENT, "trainedAlgorithmicMedia")]), Some(Generated::Partly));
    }

    #[test]
    fn what_people_and_cameras_write_is_not_taken_for_it() {
        for value in [
            ("Iptc4xmpExt:DigitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"),
            ("Iptc4xmpExt:DigitalSourceType", "algorithmicMedia"),
            ("PNG Description", "Steps: 20 to the top"),
            ("PNG parameters", "exposure 1/60"),
            ("UserComment", "Steps: up the tower"),
            ("Software", "Adobe Photoshop 25.0"),
            ("PNG prompt", "what to do next"),
            ("dc:description", "Our talk on Midjourney and stable diffusion"),
            (CLAIM, "Leica M11-P"),
        ] {
            assert_eq!(told(&[value]), None, "{value:?}");
        }
    }
}

//! Marks of machine-made pictures in every container that carries them, written here segment by segment; and real
//! photographs, none of which is taken for one.

use super::input::Input;
use super::jumbf::tests::store;
use super::{Generated, Limits, Metadata, Refusal, choose, read, read_input};

fn told(block: Vec<u8>) -> Metadata {
    let limits = Limits::default();
    match read_input(&mut Input::memory(block, &limits), &limits) {
        Ok(facts) => choose::choose(facts),
        Err(Refusal::Io(error)) => panic!("{error}"),
        Err(Refusal::NotMedia(found)) => panic!("taken for {found}"),
    }
}

fn made(block: Vec<u8>) -> Option<Generated> {
    told(block).generated.map(|said| said.value)
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap();
    [&[0xff, marker][..], &length.to_be_bytes(), body].concat()
}

fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
    let frame = segment(0xc0, &[8, 0, 4, 0, 4, 1, 1, 0x11, 0]);
    [&[0xff, 0xd8][..], &segments.concat(), &frame, &[0xff, 0xda, 0, 2, 0xff, 0xd9]].concat()
}

/// A store in segments of so many bytes, each but the first with the header of the box again.
fn app11(store: &[u8], size: usize) -> Vec<Vec<u8>> {
    let pieces: Vec<&[u8]> = store.chunks(size).collect();
    let one = |(at, piece): (usize, &&[u8])| {
        let header = if at == 0 { &[][..] } else { &store[..8] };
        let number = u32::try_from(at + 1).unwrap().to_be_bytes();
        segment(0xeb, &[b"JP\x02\x11", &number[..], header, piece].concat())
    };
    pieces.iter().enumerate().map(one).collect()
}

fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let header: (&[u8; 4], &[u8]) = (b"IHDR", &[0, 0, 0, 4, 0, 0, 0, 4, 8, 2, 0, 0, 0]);
    for (kind, body) in [&[header][..], chunks, &[(b"IEND", &[])]].concat() {
        file.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        file.extend(kind);
        file.extend(body);
        file.extend([0; 4]);
    }
    file
}

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes()[..], kind, &body].concat()
}

const UUID: &[u8] = b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81";

#[test]
fn content_credentials_are_read_in_every_container() {
    let store = store(&["trainedAlgorithmicMedia"]);
    for size in [60_000, 90] {
        assert_eq!(made(jpeg(&app11(&store, size))), Some(Generated::Made), "segments of {size}");
    }
    assert_eq!(made(png(&[(b"caBX", &store)])), Some(Generated::Made));
    let chunk = |kind: &[u8], body: &[u8]| [kind, &u32::try_from(body.len()).unwrap().to_le_bytes(), body].concat();
    let webp = [&b"WEBP"[..], &chunk(b"VP8X", &[0; 10]), &chunk(b"C2PA", &store)].concat();
    assert_eq!(made(chunk(b"RIFF", &webp)), Some(Generated::Made));
    let jxl = [&b"\0\0\0\x0cJXL \r\n\x87\n"[..], &store, &boxed(b"jxlc", &[&[0xff, 0x0a, 0, 0, 0, 0]])].concat();
    assert_eq!(made(jxl), Some(Generated::Made));
    let credentials = boxed(b"uuid", &[UUID, &[0; 4], b"manifest\0", &[0; 8], &store]);
    let heic = [boxed(b"ftyp", &[b"heic\0\0\0\0heicmif1"]), credentials.clone(), boxed(b"meta", &[&[0; 4]])].concat();
    assert_eq!(made(heic), Some(Generated::Made));
    let film = told([boxed(b"ftyp", &[b"isom\0\0\0\0isom"]), credentials, video()].concat());
    assert_eq!(film.generated.map(|said| said.value), Some(Generated::Made));
}

/// The least of a film: a track of pictures.
fn video() -> Vec<u8> {
    let handler = boxed(b"hdlr", &[&[0; 8], b"vide", &[0; 12]]);
    boxed(b"moov", &[&boxed(b"trak", &[&boxed(b"mdia", &[&handler])])])
}

#[test]
fn a_picture_made_from_one_is_partly_made() {
    let picture = store(&["trainedAlgorithmicMedia", "digitalCapture"]);
    let read = told(jpeg(&app11(&picture, 60_000)));
    assert_eq!(read.generated.as_ref().map(|said| said.value), Some(Generated::Partly));
    assert!(read.values_of("C2PA claim generator").any(|value| value.value == "Painter"));
    assert_eq!(made(jpeg(&app11(&store(&["digitalCapture"]), 60_000))), None, "a camera signs its pictures too");
}

#[test]
fn what_programs_write_is_read_in_every_container() {
    let xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
               <rdf:Description xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' e:DigitalSourceType=\
               'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia'/>\
               </rdf:RDF></x:xmpmeta>";
    let packet = [b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat();
    assert_eq!(made(jpeg(&[segment(0xe1, &packet)])), Some(Generated::Partly));
    let settings = b"parameters\0a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512";
    assert_eq!(made(png(&[(b"tEXt", settings)])), Some(Generated::Made));
    let graph = br#"prompt{"3": {"class_type": "KSampler", "inputs": {}}}"#;
    let graph = [&graph[..6], b"\0", &graph[6..]].concat();
    assert_eq!(made(png(&[(b"tEXt", &graph)])), Some(Generated::Made));
    assert_eq!(made(png(&[(b"tEXt", b"Software\0GIMP 2.10")])), None);
}

#[test]
fn no_real_photograph_is_taken_for_one() {
    let Some(photos) = crate::fixtures::shared("library/photos") else { return };
    let mut folders = vec![photos];
    let mut read_files = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(metadata) = read(&path, &Limits::default()) {
                assert_eq!(metadata.generated, None, "{}", path.display());
                read_files += 1;
            }
        }
    }
    assert!(read_files > 300, "{read_files}");
}

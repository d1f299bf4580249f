//! Files of formats for which no real sample is at hand, built here byte by byte from their descriptions.
//!
//! Each holds just what the reader looks for; real files are the agreement test's.

use super::input::Input;
use super::{Limits, Metadata, Refusal, Size, Source, choose, read_input};

fn read(block: Vec<u8>) -> Metadata {
    let limits = Limits::default();
    match read_input(&mut Input::memory(block, &limits), &limits) {
        Ok(facts) => choose::choose(facts),
        Err(Refusal::Io(error)) => panic!("{error}"),
        Err(Refusal::NotMedia(found)) => panic!("taken for {found}"),
    }
}

fn size(width: u32, height: u32) -> Option<Size> {
    Some(Size { width, height })
}

/// A value of a directory entry.
enum Entry<'v> {
    Short(u16),
    Long(u32),
    Text(&'v str),
    /// Numbers over their denominators.
    Ratios(&'v [(u32, u32)]),
    /// A directory written behind this one.
    Directory(&'v [(u16, Entry<'v>)]),
}

/// A little-endian directory at `at`, its values and sub-directories behind it.
fn directory(entries: &[(u16, Entry<'_>)], at: usize) -> Vec<u8> {
    let mut head = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
    let mut tail = Vec::new();
    let tail_at = at + 2 + entries.len() * 12 + 4;
    for (tag, entry) in entries {
        let offset = u32::try_from(tail_at + tail.len()).unwrap();
        let (kind, count, value) = match entry {
            Entry::Short(value) => (3_u16, 1, u32::from(*value)),
            Entry::Long(value) => (4, 1, *value),
            Entry::Text(text) => {
                tail.extend(text.bytes().chain([0; 5]));
                (2, u32::try_from(text.len() + 5).unwrap(), offset)
            }
            Entry::Ratios(ratios) => {
                tail.extend(
                    ratios.iter().flat_map(|(above, below)| [above.to_le_bytes(), below.to_le_bytes()].concat()),
                );
                (5, u32::try_from(ratios.len()).unwrap(), offset)
            }
            Entry::Directory(entries) => {
                tail.extend(directory(entries, tail_at + tail.len()));
                (4, 1, offset)
            }
        };
        head.extend(
            [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &u32::to_le_bytes(count), &value.to_le_bytes()].concat(),
        );
    }
    head.extend([0; 4]);
    head.extend(tail);
    head
}

fn tiff(magic: &[u8; 4], entries: &[(u16, Entry<'_>)]) -> Vec<u8> {
    [&magic[..], &8_u32.to_le_bytes(), &directory(entries, 8)].concat()
}

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes()[..], kind, &body].concat()
}

#[test]
fn raw_formats_are_told_apart_and_sized_by_their_sensor() {
    for (make, mime, compression) in [
        ("NIKON CORPORATION", "image/x-nikon-nef", 34_713),
        ("SONY", "image/x-sony-arw", 32_767),
        ("PENTAX", "image/x-pentax-pef", 65_535),
    ] {
        let sensor = [(0x100, Entry::Long(6000)), (0x101, Entry::Long(4000)), (0x103, Entry::Short(compression))];
        let metadata = read(tiff(
            b"II*\0",
            &[
                (0x100, Entry::Long(160)),
                (0x101, Entry::Long(120)),
                (0x10f, Entry::Text(make)),
                (0x112, Entry::Short(8)),
                (0x14a, Entry::Directory(&sensor)),
            ],
        ));
        assert_eq!((metadata.mime.as_str(), metadata.raw, metadata.stored_size), (mime, true, size(6000, 4000)));
        assert_eq!(metadata.displayed_size, size(4000, 6000));
    }
    let sides = [(0x100, Entry::Long(4032)), (0x101, Entry::Long(3024))];
    assert_eq!(read(tiff(b"IIRO", &sides)).mime, "image/x-olympus-orf");
    assert_eq!(read(tiff(b"II*\0", &sides)).mime, "image/tiff");
    let borders = [(4, Entry::Short(8)), (5, Entry::Short(12)), (6, Entry::Short(3472)), (7, Entry::Short(4628))];
    let panasonic = read(tiff(b"IIU\0", &borders));
    assert_eq!((panasonic.mime.as_str(), panasonic.stored_size), ("image/x-panasonic-rw2", size(4616, 3464)));
    let canon = [b"II*\0\x10\0\0\0CR\x02\0\0\0\0\0".to_vec(), directory(&sides, 16)].concat();
    assert_eq!((read(canon.clone()).mime.as_str(), read(canon).stored_size), ("image/x-canon-cr2", size(4032, 3024)));
}

#[test]
fn exif_gives_time_with_fraction_and_borrowed_offset_and_place() {
    let exif = [
        (0x9003, Entry::Text("2019:06:09 14:59:29")),
        (0x9291, Entry::Text("45")),
        (0x829a, Entry::Ratios(&[(1, 320)])),
        (0x9010, Entry::Text("+10:00")),
    ];
    let gps = [
        (1, Entry::Text("S")),
        (2, Entry::Ratios(&[(33, 1), (33, 1), (1874, 100)])),
        (3, Entry::Text("E")),
        (4, Entry::Ratios(&[(151, 1), (12, 1), (0, 0)])),
        (6, Entry::Ratios(&[(845, 10)])),
    ];
    let metadata = read(tiff(
        b"II*\0",
        &[
            (0x132, Entry::Text("2019:06:09 14:59:29")),
            (0x8769, Entry::Directory(&exif)),
            (0x8825, Entry::Directory(&gps)),
        ],
    ));
    let taken = metadata.taken.unwrap();
    assert_eq!(taken.value.instant.unwrap().to_string(), "2019-06-09T04:59:29.45Z");
    let position = metadata.position.unwrap();
    assert!((position.value.lat + 33.555_205).abs() < 1e-5 && (position.value.lon - 151.2).abs() < 1e-9);
    assert_eq!((position.value.altitude, position.source), (Some(84.5), Source::Gps));
    assert_eq!(metadata.exposure.exposure_s, Some(1.0 / 320.0));
}

#[test]
fn canons_cr3_is_read_from_its_boxes() {
    let main =
        tiff(b"II*\0", &[(0x100, Entry::Long(6000)), (0x101, Entry::Long(4000)), (0x110, Entry::Text("Canon EOS R"))]);
    let exif = tiff(b"II*\0", &[(0x9003, Entry::Text("2021:05:01 10:00:00"))]);
    let gps = tiff(
        b"II*\0",
        &[(1, Entry::Text("N")), (2, Entry::Ratios(&[(48, 1)])), (3, Entry::Text("W")), (4, Entry::Ratios(&[(11, 1)]))],
    );
    let canon = b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";
    let uuid = boxed(b"uuid", &[canon, &boxed(b"CMT1", &[&main]), &boxed(b"CMT2", &[&exif]), &boxed(b"CMT4", &[&gps])]);
    let metadata = read([boxed(b"ftyp", &[b"crx \0\0\0\x01crx "]), boxed(b"moov", &[&uuid])].concat());
    assert_eq!((metadata.mime.as_str(), metadata.stored_size), ("image/x-canon-cr3", size(6000, 4000)));
    assert_eq!(metadata.taken.unwrap().value.local.to_string(), "2021-05-01T10:00:00");
    assert_eq!(metadata.position.unwrap().value.lon, -11.0);
    assert_eq!(metadata.camera.unwrap().value.label, "Canon EOS R");
}

#[test]
fn fujis_raf_and_canons_crw_are_read() {
    let jpeg = [
        &b"\xff\xd8\xff\xe1"[..],
        &{
            let exif = [b"Exif\0\0".to_vec(), tiff(b"II*\0", &[(0x110, Entry::Text("X-T2"))])].concat();
            [&u16::try_from(exif.len() + 2).unwrap().to_be_bytes()[..], &exif].concat()
        },
        b"\xff\xd9",
    ]
    .concat();
    let mut raf = [b"FUJIFILMCCD-RAW ".to_vec(), vec![0; 84]].concat();
    let table =
        [&2_u32.to_be_bytes()[..], &[1, 0, 0, 4, 0x10, 0, 0x18, 0], &[1, 0x11, 0, 4, 0x0f, 0xa0, 0x17, 0x70]].concat();
    let mut put =
        |at: usize, value: usize| raf[at..at + 4].copy_from_slice(&u32::try_from(value).unwrap().to_be_bytes());
    put(84, 100);
    put(88, jpeg.len());
    put(92, 100 + jpeg.len());
    put(96, table.len());
    let metadata = read([raf, jpeg, table].concat());
    assert_eq!((metadata.mime.as_str(), metadata.stored_size), ("image/x-fuji-raf", size(6000, 4000)));
    assert_eq!(metadata.camera.unwrap().value.model.as_deref(), Some("X-T2"));

    let names = b"Canon\0Canon PowerShot G2\0";
    let picture = [2272_u32, 1704, 0, 90].map(u32::to_le_bytes).concat();
    let clock = 1_000_000_000_u32.to_le_bytes();
    let mut heap = [&names[..], &picture, &clock].concat();
    let table_at = u32::try_from(heap.len()).unwrap();
    let mut offset = 0_u32;
    heap.extend(3_u16.to_le_bytes());
    for (kind, len) in [(0x080a_u16, names.len()), (0x1810, 16), (0x180e, 4)] {
        let len = u32::try_from(len).unwrap();
        heap.extend([&kind.to_le_bytes()[..], &len.to_le_bytes(), &offset.to_le_bytes()].concat());
        offset += len;
    }
    heap.extend(table_at.to_le_bytes());
    // The header is 26 bytes long, as it says itself.
    let metadata = read([b"II\x1a\0\0\0HEAPCCDR".to_vec(), vec![0; 12], heap].concat());
    assert_eq!((metadata.mime.as_str(), metadata.displayed_size), ("image/x-canon-crw", size(1704, 2272)));
    assert_eq!(metadata.taken.unwrap().value.local.to_string(), "2001-09-09T01:46:40");
    assert_eq!(metadata.camera.unwrap().value.label, "Canon PowerShot G2");
}

#[test]
fn rotation_and_mirror_of_heif_combine() {
    let extent = boxed(b"ispe", &[&[0; 4], &4000_u32.to_be_bytes(), &3000_u32.to_be_bytes()]);
    let properties = boxed(b"ipco", &[&extent, &boxed(b"irot", &[&[3]]), &boxed(b"imir", &[&[1]])]);
    let association = boxed(b"ipma", &[&[0; 4], &1_u32.to_be_bytes(), &[0, 1, 3, 1, 0x82, 0x83]]);
    let primary = boxed(b"pitm", &[&[0, 0, 0, 0, 0, 1]]);
    let meta = boxed(b"meta", &[&[0; 4], &primary, &boxed(b"iprp", &[&properties, &association])]);
    let metadata = read([boxed(b"ftyp", &[b"heic\0\0\0\0mif1heic"]), meta].concat());
    assert_eq!((metadata.stored_size, metadata.displayed_size), (size(4000, 3000), size(3000, 4000)));
    // A quarter turn to the right, then left and right exchanged: the diagonal mirror.
    assert_eq!(metadata.orientation.unwrap().value, 5);
}

fn movie_header(created: u32, timescale: u32, duration: u32) -> Vec<u8> {
    boxed(
        b"mvhd",
        &[&[0; 4], &created.to_be_bytes(), &[0; 4], &timescale.to_be_bytes(), &duration.to_be_bytes(), &[0; 80]],
    )
}

fn picture_track(matrix: [i32; 9], width: u32, height: u32) -> Vec<u8> {
    let matrix = matrix.map(i32::to_be_bytes).concat();
    let header = boxed(b"tkhd", &[&[0; 40], &matrix, &(width << 16).to_be_bytes(), &(height << 16).to_be_bytes()]);
    let handler = boxed(b"hdlr", &[&[0; 8], b"vide", &[0; 12]]);
    boxed(b"trak", &[&header, &boxed(b"mdia", &[&handler])])
}

#[test]
fn films_give_length_rotation_and_places_of_every_kind() {
    let turned = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x4000_0000];
    let place = b"\x15\xc7\0\0\0\x12\x15\xc7+48.1234+011.5678/";
    let xyz = boxed(b"udta", &[&boxed(b"\xa9xyz", &[&place[4..]])]);
    let moov = boxed(b"moov", &[&movie_header(3_669_080_400, 600, 1200), &picture_track(turned, 1920, 1080), &xyz]);
    let metadata = read([boxed(b"ftyp", &[b"3gp4\0\0\0\0"]), moov].concat());
    assert_eq!((metadata.mime.as_str(), metadata.video, metadata.duration_s), ("video/3gpp", true, Some(2.0)));
    assert_eq!((metadata.stored_size, metadata.displayed_size), (size(1920, 1080), size(1080, 1920)));
    assert!(metadata.taken.unwrap().value.needs_zone());
    assert!((metadata.position.unwrap().value.lon - 11.5678).abs() < 1e-9);

    let fixed = |degrees: i32| (degrees << 16).to_be_bytes();
    let loci = boxed(b"loci", &[&[0, 0, 0, 0, 0x15, 0xc7], b"Home\0", &[0], &fixed(-89), &fixed(43), &fixed(260)]);
    let moov = boxed(b"moov", &[&movie_header(0, 600, 0), &boxed(b"udta", &[&loci])]);
    let metadata = read([boxed(b"ftyp", &[b"mp42\0\0\0\0"]), moov].concat());
    let position = metadata.position.unwrap().value;
    assert_eq!((position.lat, position.lon, position.altitude), (43.0, -89.0, Some(260.0)));
    assert!(metadata.taken.is_none() && metadata.duration_s.is_none());
}

#[test]
fn sound_without_pictures_is_no_medium() {
    let handler = boxed(b"hdlr", &[&[0; 8], b"soun", &[0; 12]]);
    let track = boxed(b"trak", &[&boxed(b"mdia", &[&handler])]);
    let block = [boxed(b"ftyp", &[b"mp42\0\0\0\0"]), boxed(b"moov", &[&movie_header(0, 600, 600), &track])].concat();
    let limits = Limits::default();
    assert!(matches!(read_input(&mut Input::memory(block, &limits), &limits), Err(Refusal::NotMedia("audio/mp4"))));
}

#[test]
fn samsungs_trailer_is_found_behind_a_jpeg() {
    let film = boxed(b"ftyp", &[b"mp42\0\0\0\0"]);
    let block = [&[0, 0, 0x30, 0x0a][..], &16_u32.to_le_bytes(), b"MotionPhoto_Data", &film].concat();
    let len = u32::try_from(block.len()).unwrap().to_le_bytes();
    let entry = [&[0, 0, 0x30, 0x0a][..], &len, &len].concat();
    let directory = [&b"SEFH"[..], &101_u32.to_le_bytes(), &1_u32.to_le_bytes(), &entry].concat();
    let tail = [&u32::try_from(directory.len()).unwrap().to_le_bytes()[..], b"SEFT"].concat();
    let still = b"\xff\xd8\xff\xc0\0\x0b\x08\0\x10\0\x20\x01\x01\x11\0\xff\xda\0\x02\xff\xd9".to_vec();
    let offset = still.len() as u64 + 24;
    let metadata = read([still, block, directory, tail].concat());
    let motion = metadata.motion.unwrap().value;
    assert_eq!((motion.offset, motion.length), (offset, film.len() as u64));
    assert_eq!(metadata.stored_size, size(32, 16));
}

#[test]
fn dates_of_avi_and_matroska_films_are_read() {
    let mut header = vec![0; 56];
    for (index, value) in [(0, 40_000_u32), (4, 50), (8, 320), (9, 240)] {
        header[index * 4..index * 4 + 4].copy_from_slice(&value.to_le_bytes());
    }
    let chunk =
        |kind: &[u8; 4], body: &[u8]| [&kind[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), body].concat();
    let list = [&b"hdrl"[..], &chunk(b"avih", &header), &chunk(b"IDIT", b"Mon Mar 10 15:04:43 2003\n\0")].concat();
    let avi = read([b"RIFF\0\x01\0\0AVI ".to_vec(), chunk(b"LIST", &list)].concat());
    assert_eq!(avi.taken.unwrap().value.local.to_string(), "2003-03-10T15:04:43");
    assert_eq!((avi.duration_s, avi.stored_size), (Some(2.0), size(320, 240)));

    let element = |id: &[u8], body: &[u8]| [id, &[0x80 | u8::try_from(body.len()).unwrap()], body].concat();
    let info = [
        element(b"\x2a\xd7\xb1", &1_000_000_u32.to_be_bytes()),
        element(b"\x44\x89", &2500_f64.to_be_bytes()),
        element(b"\x44\x61", &(86_400_000_000_000_i64).to_be_bytes()),
    ]
    .concat();
    let video = element(b"\xe0", &[element(b"\xb0", &[2, 0x80]), element(b"\xba", &[1, 0x68])].concat());
    let body = [element(b"\x15\x49\xa9\x66", &info), element(b"\x16\x54\xae\x6b", &element(b"\xae", &video))].concat();
    let film = read(
        [element(b"\x1a\x45\xdf\xa3", &element(b"\x42\x82", b"webm")), element(b"\x18\x53\x80\x67", &body)].concat(),
    );
    assert_eq!((film.mime.as_str(), film.duration_s, film.stored_size), ("video/webm", Some(2.5), size(640, 360)));
    assert_eq!(film.taken.unwrap().value.instant.unwrap().to_string(), "2001-01-02T00:00:00Z");
}

#[test]
fn small_headers_give_their_sizes() {
    let mut bmp = b"BM".to_vec();
    bmp.extend([0; 12]);
    bmp.extend([40_u32, 640, (-480_i32).cast_unsigned()].map(u32::to_le_bytes).concat());
    assert_eq!(read(bmp).stored_size, size(640, 480));
    // Small: 8 × (1 + 4) high, ratio 7 (2:1); extra fields with orientation 6.
    let bits = 0b1 | 4 << 1 | 7 << 6 | 1 << 10 | 5 << 11_u32;
    let jxl = read([&[0xff, 0x0a][..], &u32::to_le_bytes(bits), &[0; 8]].concat());
    assert_eq!((jxl.stored_size, jxl.displayed_size), (size(80, 40), size(40, 80)));
    let webp = b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0".to_vec();
    assert_eq!(read(webp).stored_size, size(640, 480));
}

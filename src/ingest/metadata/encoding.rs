//! Text as the formats of pictures encode it: UTF-8, UTF-16, Latin letters of old programs.
//!
//! Never fails: what is not valid in any way is replaced, because a name with one wrong letter beats no name.

/// Text that is UTF-8 if it can be, and Windows-1252 otherwise.
pub(super) fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => windows_1252(bytes),
    }
}

/// Text up to the first NUL, as [`text`] reads it.
pub(super) fn c_text(bytes: &[u8]) -> String {
    text(bytes.split(|&byte| byte == 0).next().unwrap_or_default())
}

/// UTF-16 of a known byte order, up to the first NUL.
pub(super) fn utf16(bytes: &[u8], little: bool) -> String {
    let units = bytes.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    });
    char::decode_utf16(units.take_while(|&unit| unit != 0)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Text that may start with a byte order mark: UTF-16 either way, or UTF-8.
pub(super) fn marked(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, true),
        [0xfe, 0xff, rest @ ..] => utf16(rest, false),
        [0xef, 0xbb, 0xbf, rest @ ..] => text(rest),
        [b'<', 0, ..] => utf16(bytes, true),
        [0, b'<', ..] => utf16(bytes, false),
        _ => text(bytes),
    }
}

/// Windows-1252, which is Latin-1 with letters and signs in place of the C1 controls.
pub(super) fn windows_1252(bytes: &[u8]) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    bytes
        .iter()
        .map(|&byte| match byte {
            0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
            _ => char::from(byte),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_new_letters_are_read() {
        assert_eq!(text("Käfer".as_bytes()), "Käfer");
        assert_eq!(text(b"K\xe4fer \x80"), "Käfer €");
        assert_eq!(c_text(b"Canon\0\0junk"), "Canon");
        assert_eq!(utf16(b"A\0n\0\xe4\0\0\0x\0", true), "Anä");
        assert_eq!(marked(b"\xfe\xff\0A"), "A");
        assert_eq!(marked(b"\xef\xbb\xbf<x/>"), "<x/>");
    }
}

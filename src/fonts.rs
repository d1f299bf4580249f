//! The fonts that films and books are written in: embedded, so that both look the same on every machine.
//!
//! Noto (SIL Open Font License 1.1) for most scripts, Droid Sans Fallback (Apache-2.0) for Chinese, Japanese and Korean;
//! `data/fonts/README.md` says where they are from.

use std::io::Read;
use std::sync::{Arc, OnceLock};

use brotli_decompressor::Decompressor;
use resvg::usvg::fontdb::Database;

/// The font of titles.
pub const SERIF: &str = "Noto Serif Display";
/// The font of everything else.
pub const SANS: &str = "Noto Sans Display";

static FILES: [&[u8]; 11] = [
    include_bytes!("../data/fonts/sans.ttf.br"),
    include_bytes!("../data/fonts/serif.ttf.br"),
    include_bytes!("../data/fonts/arabic.ttf.br"),
    include_bytes!("../data/fonts/armenian.ttf.br"),
    include_bytes!("../data/fonts/bengali.ttf.br"),
    include_bytes!("../data/fonts/devanagari.ttf.br"),
    include_bytes!("../data/fonts/georgian.ttf.br"),
    include_bytes!("../data/fonts/hebrew.ttf.br"),
    include_bytes!("../data/fonts/tamil.ttf.br"),
    include_bytes!("../data/fonts/thai.ttf.br"),
    include_bytes!("../data/fonts/cjk.ttf.br"),
];

/// All fonts, unpacked at the first call.
pub fn all() -> Arc<Database> {
    static ALL: OnceLock<Arc<Database>> = OnceLock::new();
    let load = || {
        let mut fonts = Database::new();
        for file in FILES {
            let mut bytes = Vec::with_capacity(file.len() * 3);
            // They are part of the program; a test reads them all.
            if Decompressor::new(file, 1 << 16).read_to_end(&mut bytes).is_ok() {
                fonts.load_font_data(bytes);
            }
        }
        fonts.set_serif_family(SERIF);
        fonts.set_sans_serif_family(SANS);
        Arc::new(fonts)
    };
    Arc::clone(ALL.get_or_init(load))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_fonts_are_there() {
        let fonts = all();
        assert_eq!(fonts.len(), FILES.len());
        for family in [SERIF, SANS] {
            assert!(fonts.faces().any(|face| face.families.iter().any(|(name, _)| name == family)), "{family}");
        }
    }
}

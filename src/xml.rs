//! Text as it stands in XML, whatever it holds: in drawings that words are set by, and in XMP packets.

/// Text for an element or a quoted attribute; what no XML document may hold is left out (XML 1.0, section 2.2).
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A reader would make a line break of it.
            '\r' => {}
            '\t' | '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let hostile = "</script>\u{0}\"&amp;\u{7}\u{ffff}\r\nä🎂";
        let document = format!("<a b=\"{0}\">{0}</a>", escaped(hostile));
        let document = roxmltree::Document::parse(&document).unwrap();
        assert_eq!(document.root_element().text(), Some("</script>\"&amp;\nä🎂"));
        assert_eq!(document.root_element().attribute("b"), Some("</script>\"&amp; ä🎂"));
    }
}

//! Subtitles: SubRip (SRT) and WebVTT (W3C).

use std::fmt::Write as _;

use recollect::engine::protocol::Segment;

/// SubRip.
pub fn srt(segments: &[Segment]) -> String {
    let mut text = String::new();
    for (number, segment) in segments.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ok = write!(
            text,
            "{}\n{} --> {}\n{}\n\n",
            number + 1,
            time(segment.start, ','),
            time(segment.end, ','),
            one_paragraph(&segment.text)
        );
    }
    text
}

/// WebVTT. `&` and `<` would begin markup.
pub fn vtt(segments: &[Segment]) -> String {
    let mut text = "WEBVTT\n\n".to_owned();
    for segment in segments {
        let said = one_paragraph(&segment.text).replace('&', "&amp;").replace('<', "&lt;").replace("-->", "--&gt;");
        let _ok = write!(text, "{} --> {}\n{said}\n\n", time(segment.start, '.'), time(segment.end, '.'));
    }
    text
}

/// An empty line would end the subtitle.
fn one_paragraph(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn time(seconds: f64, point: char) -> String {
    let ms = (seconds.max(0.0) * 1000.0).round() as u64;
    format!("{:02}:{:02}:{:02}{point}{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments() -> Vec<Segment> {
        let segment = |start, end, text: &str| Segment { start, end, text: text.to_owned(), ..Segment::default() };
        vec![segment(0.0, 1.5, " Salt & <pepper>"), segment(3661.25, 3662.0, " two\n\nlines")]
    }

    #[test]
    fn subrip_counts_from_one_and_has_commas() {
        let expected = "1\n00:00:00,000 --> 00:00:01,500\nSalt & <pepper>\n\n\
                        2\n01:01:01,250 --> 01:01:02,000\ntwo\nlines\n\n";
        assert_eq!(srt(&segments()), expected);
    }

    #[test]
    fn webvtt_has_its_header_and_no_markup() {
        let expected = "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nSalt &amp; &lt;pepper>\n\n\
                        01:01:01.250 --> 01:01:02.000\ntwo\nlines\n\n";
        assert_eq!(vtt(&segments()), expected);
        assert_eq!(vtt(&[]), "WEBVTT\n\n");
    }
}

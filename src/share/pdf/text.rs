//! Sets text in lines: shaped, in the right direction, each letter in a font that has it, as wide as there is room.

use resvg::usvg::fontdb::ID;
use resvg::usvg::{Group, Node, Options, Text, Tree};

use crate::fonts;
use crate::xml::escaped;

/// No more of a text is looked at, characters.
const LONGEST: usize = 2_000;

/// A glyph in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// The font.
    pub font: ID,
    /// Its number in the font.
    pub id: u16,
    /// Points from the beginning of the line.
    pub x: f32,
    /// Points above the line.
    pub y: f32,
    /// What it stands for.
    pub means: String,
}

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Line {
    /// Its glyphs.
    pub glyphs: Vec<Glyph>,
    /// How wide it is, points.
    pub width: f32,
    /// Size of the letters, points.
    pub size: f32,
}

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// [`fonts::SERIF`] or [`fonts::SANS`].
    pub family: &'static str,
    /// Points.
    pub size: f32,
}

/// Sets a line, however wide it gets.
pub fn line(text: &str, style: Style) -> Line {
    let Style { family, size } = style;
    let empty = Line { size, ..Line::default() };
    if text.trim().is_empty() {
        return empty;
    }
    let text = escaped(text);
    let drawing = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>\
         <text font-family='{family}' font-size='{size}'>{text}</text></svg>"
    );
    let options = Options { fontdb: fonts::all(), ..Options::default() };
    let Ok(tree) = Tree::from_str(&drawing, &options) else { return empty };
    let Some(set) = first_text(tree.root()) else { return empty };
    let mut glyphs = Vec::new();
    for glyph in set.layouted().iter().flat_map(|span| &span.positioned_glyphs) {
        // What no font has is left out: an empty box says nothing.
        let Some(id) = u16::try_from(glyph.id.0).ok().filter(|id| *id != 0) else { continue };
        let place = glyph.transform();
        glyphs.push(Glyph { font: glyph.font, id, x: place.tx, y: -place.ty, means: glyph.text.clone() });
    }
    Line { glyphs, width: set.bounding_box().right().max(0.0), size }
}

fn first_text(group: &Group) -> Option<&Text> {
    group.children().iter().find_map(|node| match node {
        Node::Text(text) => Some(&**text),
        Node::Group(group) => first_text(group),
        _ => None,
    })
}

/// Sets text in at most so many lines of a width; what does not fit ends in an ellipsis.
pub fn lines(text: &str, style: Style, width: f32, most: usize) -> Vec<Line> {
    let text: String = text.chars().take(LONGEST).collect();
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.reverse();
    let mut set = Vec::new();
    while !words.is_empty() && set.len() < most {
        let last = set.len() + 1 == most;
        set.push(if last { ended(&mut words, style, width) } else { begun(&mut words, style, width) });
    }
    set
}

/// A line of as many words as fit; of a word that is wider than the line, as many letters.
fn begun(words: &mut Vec<&str>, style: Style, width: f32) -> Line {
    let mut taken = String::new();
    let mut set = Line::default();
    while let Some(word) = words.last() {
        let longer = if taken.is_empty() { (*word).to_owned() } else { format!("{taken} {word}") };
        let tried = line(&longer, style);
        if tried.width > width {
            break;
        }
        (taken, set) = (longer, tried);
        words.pop();
    }
    if taken.is_empty()
        && let Some(word) = words.pop()
    {
        let (at, cut) = longest(word, style, width, "");
        if at < word.len() {
            words.push(&word[at..]);
        }
        return cut;
    }
    set
}

/// The last line: all that is left, or as much of it as fits before an ellipsis.
fn ended(words: &mut Vec<&str>, style: Style, width: f32) -> Line {
    let rest = words.iter().rev().copied().collect::<Vec<_>>().join(" ");
    words.clear();
    let whole = line(&rest, style);
    if whole.width <= width { whole } else { longest(&rest, style, width, "…").1 }
}

/// The longest beginning of a text that fits with an ending, at least a letter, and where it ends.
fn longest(text: &str, style: Style, width: f32, ending: &str) -> (usize, Line) {
    let ends: Vec<usize> = text.char_indices().skip(1).map(|(at, _)| at).chain([text.len()]).collect();
    let tried = |at: usize| line(&format!("{}{ending}", text[..at].trim_end()), style);
    // The number of letters that fit, by halving.
    let (mut fit, mut beyond) = (1, ends.len() + 1);
    while beyond - fit > 1 {
        let middle = fit.midpoint(beyond);
        if tried(ends[middle - 1]).width <= width { fit = middle } else { beyond = middle }
    }
    let at = ends.get(fit - 1).copied().unwrap_or(text.len());
    (at, tried(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { family: fonts::SANS, size: 10.0 };

    #[test]
    fn every_script_has_its_letters() {
        for text in ["Lofoten", "Σαντορίνη", "Байкал", "東京の夏", "กรุงเทพ", "القاهرة", "ירושלים", "दिल्ली", "Երևան"]
        {
            let set = line(text, STYLE);
            assert!(set.width > 15.0 && set.glyphs.len() > 2, "{text}: {set:?}");
        }
        assert!(line("🎂", STYLE).glyphs.is_empty());
        assert!(line(" ", STYLE).glyphs.is_empty());
    }

    #[test]
    fn lines_are_as_wide_as_there_is_room_and_say_when_something_is_missing() {
        let text = "In the evening we rowed out to the island and stayed until the sun was back";
        let set = lines(text, STYLE, 120.0, 9);
        assert!(set.len() > 2 && set.iter().all(|line| line.width <= 120.0), "{set:?}");
        let said: String = set.iter().flat_map(|line| &line.glyphs).map(|glyph| glyph.means.as_str()).collect();
        assert_eq!(said.replace(' ', ""), text.replace(' ', ""));
        let cut = lines(text, STYLE, 120.0, 2);
        assert_eq!((cut.len(), cut[1].glyphs.last().map(|glyph| glyph.means.as_str())), (2, Some("…")));
        let unbroken = lines(&"東京".repeat(40), STYLE, 100.0, 3);
        assert!(unbroken.len() == 3 && unbroken.iter().all(|line| line.width <= 100.0));
        assert!(lines("", STYLE, 100.0, 3).is_empty());
    }
}

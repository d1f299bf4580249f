//! Changes of a film read from words, English and German.

use std::sync::LazyLock;

use regex::Regex;

use super::Edit;
use crate::film::storyboard::{Format, Mood};
use crate::library::fold;

/// What a phrase stands for, given what stands behind it.
type Make = fn(&str) -> Option<Edit>;

/// Patterns over folded text; the first that fits a clause counts.
static PATTERNS: LazyLock<Vec<(Regex, Make)>> = LazyLock::new(|| {
    let list: [(&str, Make); 22] = [
        (r"^(?:make it |mach ihn |mach es )?(?:in |auf )?(\d+) ?(?:s|sec|seconds?|sekunden?)(?: long| lang)?$", |n| {
            n.parse().ok().filter(|s| (3..=600).contains(s)).map(|s: u64| Edit::Length(s * 1000))
        }),
        (r"^(?:make it |mach ihn |mach es )?(\d+) ?(?:min|minutes?|minuten?)(?: long| lang)?$", |n| {
            n.parse().ok().filter(|m| (1..=10).contains(m)).map(|m: u64| Edit::Length(m * 60_000))
        }),
        (r"\b(?:shorter|shorten|kurzer|kurze|kurzen)\b()", |_| Some(Edit::Shorter)),
        (r"\b(?:longer|lengthen|langer|verlangere|verlangern)\b()", |_| Some(Edit::Longer)),
        (r"\b(?:slower|calmer|langsamer|ruhiger)\b()", |_| Some(Edit::Slower)),
        (r"\b(?:faster|quicker|livelier|schneller|flotter)\b()", |_| Some(Edit::Faster)),
        (
            r"\b(?:without|no|remove the|ohne|keine) (?:captions?|text|texte|titles|words|untertitel|beschriftung(?:en)?|bildunterschriften)\b()",
            |_| Some(Edit::Captions(false)),
        ),
        (r"\b(?:with|add|mit) (?:captions?|text|titles|untertiteln?|beschriftung(?:en)?)\b()", |_| {
            Some(Edit::Captions(true))
        }),
        (r"\b(?:without|no|remove the|ohne|keine) (?:music|musik)\b()", |_| Some(Edit::Music(false))),
        (r"\b(?:with|add|mit) (?:music|musik)\b()", |_| Some(Edit::Music(true))),
        (
            r"\b(?:vertical|upright|for (?:the|my|a) phone|hochkant|hochformat|furs handy|fur das handy|9:16)\b()",
            |_| Some(Edit::Format(Format::Tall)),
        ),
        (r"\b(?:square|quadratisch|1:1)\b()", |_| Some(Edit::Format(Format::Square))),
        (r"\b(?:widescreen|landscape format|horizontal|querformat|for (?:the|my|a) tv|16:9)\b()", |_| {
            Some(Edit::Format(Format::Wide))
        }),
        (r"\b(?:more of|more|mehr von|mehr) (.+)$", |what| named(what).map(Edit::More)),
        (r"\b(?:less of|less|fewer|weniger von|weniger) (.+)$", |what| named(what).map(|what| Edit::Less(what, false))),
        (r"\b(?:start|begin|open|beginne?|fang|starte?) (?:\w+ )?(?:with|mit) (.+?)(?: an)?$", |what| {
            named(what).map(Edit::First)
        }),
        (r"\b(?:end|finish|close|ende|hor|beende) (?:\w+ )?(?:with|mit) (.+?)(?: auf)?$", |what| {
            named(what).map(Edit::Last)
        }),
        (
            r"\b(?:replace|swap|change|ersetze?|tausche?) (?:the |shot |picture |das |den |die |bild |clip )*(.+?)(?: aus)?$",
            |what| number(what).map(Edit::Replace),
        ),
        (
            r"\b(?:remove|delete|drop|cut|take out|entferne?|losche?|streiche?) (?:the |shot |picture |das |den |die |bild |clip )*(.+)$",
            |what| number(what).map(Edit::Remove).or_else(|| named(what).map(|what| Edit::Less(what, true))),
        ),
        (r"^(?:without|no|ohne) (.+)$", |what| named(what).map(|what| Edit::Less(what, true))),
        (r"^(?:call it|title|name it|nenne? (?:ihn|es)|titel) (.+)$", |what| named(what).map(Edit::Title)),
        (
            r"\b(?:more )?(gentle|gentler|sanft|sanfter|happy|happier|frohlich|frohlicher|nostalgic|nostalgisch|epic|episch|energetic|upbeat|energisch)\b",
            |what| {
                Some(Edit::Mood(match &what[..4.min(what.len())] {
                    "gent" | "sanf" => Mood::Gentle,
                    "happ" | "froh" => Mood::Happy,
                    "nost" => Mood::Nostalgic,
                    "epic" | "epis" => Mood::Epic,
                    _ => Mood::Energetic,
                }))
            },
        ),
    ];
    let compiled = list.into_iter().filter_map(|(pattern, make)| Regex::new(pattern).ok().map(|regex| (regex, make)));
    compiled.collect()
});

/// The changes that a sentence asks for; none when it asks for something else.
pub fn read(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    for clause in clauses(text) {
        match one(&clause) {
            Some(edit) => edits.push(edit),
            // A clause that is no change: the sentence is about something else.
            None => return Vec::new(),
        }
    }
    edits
}

/// The parts of a sentence that stand for themselves.
fn clauses(text: &str) -> Vec<String> {
    static BETWEEN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[,;.!?]+|\b(?:and|und|then|dann)\b").ok());
    let mut parts = vec![String::new()];
    match BETWEEN.as_ref() {
        Some(between) => parts = between.split(text).map(str::trim).map(str::to_owned).collect(),
        None => text.clone_into(&mut parts[0]),
    }
    parts.retain(|part| {
        !fold(part).is_empty() && !matches!(fold(part).as_str(), "please" | "bitte" | "now" | "jetzt" | "also" | "auch")
    });
    parts
}

fn one(clause: &str) -> Option<Edit> {
    let folded = fold(clause);
    PATTERNS.iter().find_map(|(pattern, make)| {
        let found = pattern.captures(&folded)?;
        let what = found.get(1)?;
        // A title keeps its capitals.
        let same = folded.len() == clause.len();
        match make(what.as_str())? {
            Edit::Title(_) if same => clause.get(what.range()).map(|title| Edit::Title(unquoted(title))),
            edit => Some(edit),
        }
    })
}

fn unquoted(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || "\"'“”„»«".contains(c)).to_owned()
}

/// What is named: without articles.
fn named(what: &str) -> Option<String> {
    let mut rest = what.trim();
    while let Some((first, tail)) = rest.split_once(' ') {
        let article = [
            "the", "a", "an", "our", "my", "of", "der", "die", "das", "den", "dem", "ein", "eine", "einem", "von",
            "please", "bitte",
        ];
        if !article.contains(&first) {
            break;
        }
        rest = tail;
    }
    let rest = unquoted(rest.trim_end_matches(" please").trim_end_matches(" bitte"));
    (!rest.is_empty()).then_some(rest)
}

/// "third", "3", "3rd shot", "dritte", "last": the number of a shot, 0 being the last.
fn number(what: &str) -> Option<usize> {
    const NAMES: [&str; 10] = [
        "first|erste",
        "second|zweite",
        "third|dritte",
        "fourth|vierte",
        "fifth|funfte",
        "sixth|sechste",
        "seventh|siebte",
        "eighth|achte",
        "ninth|neunte",
        "tenth|zehnte",
    ];
    let word = what.split_whitespace().next()?;
    if word.starts_with("last") || word.starts_with("letzte") {
        return Some(0);
    }
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    if let Ok(number @ 1..) = digits.parse() {
        return Some(number);
    }
    let named = NAMES
        .iter()
        .position(|names| names.split('|').any(|name| word.strip_prefix(name).is_some_and(|end| end.len() < 2)));
    named.map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> String {
        words.to_owned()
    }

    #[test]
    fn changes_are_read_in_two_languages() {
        assert_eq!(read("shorter"), [Edit::Shorter]);
        assert_eq!(read("Mach ihn bitte kürzer"), [Edit::Shorter]);
        assert_eq!(read("make it 30 seconds"), [Edit::Length(30_000)]);
        assert_eq!(read("more of Rex"), [Edit::More(text("rex"))]);
        assert_eq!(read("mehr von Anna"), [Edit::More(text("anna"))]);
        assert_eq!(read("start with the boat"), [Edit::First(text("boat"))]);
        assert_eq!(read("Fang mit dem Boot an"), [Edit::First(text("boot"))]);
        assert_eq!(read("replace the third"), [Edit::Replace(3)]);
        assert_eq!(read("ersetze das dritte Bild"), [Edit::Replace(3)]);
        assert_eq!(read("remove the last one"), [Edit::Remove(0)]);
        assert_eq!(read("vertical for the phone"), [Edit::Format(Format::Tall)]);
        assert_eq!(read("ohne Musik"), [Edit::Music(false)]);
        assert_eq!(read("call it Summer at the Lake"), [Edit::Title(text("Summer at the Lake"))]);
    }

    #[test]
    fn several_changes_are_said_at_once() {
        let edits = read("Slower, without captions and no music please");
        assert_eq!(edits, [Edit::Slower, Edit::Captions(false), Edit::Music(false)]);
    }

    #[test]
    fn what_is_no_change_is_left_alone() {
        for other in ["show me Anna in Rome", "how many photos of Rex are there?", "who is that", ""] {
            assert!(read(other).is_empty(), "{other}");
        }
    }
}

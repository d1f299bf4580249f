//! Splits a question into words that know where they stand in it.
//!
//! Ranges are byte ranges of the question and lie on character boundaries. Words are compared in folded form:
//! lower case, without diacritics. Every CJK character is a word of its own, so that phrases match without a dictionary.
//! What a word means is left to the readers.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Lower case, without diacritics and without possessive ending.
    pub fold: String,
    /// Bytes of the question that the word takes, its possessive ending included.
    pub range: Range<usize>,
    /// Whether it ended in a possessive `'s` or `s'`.
    pub possessive: bool,
    /// Whether it begins with an upper-case letter.
    pub capital: bool,
    /// Whether it is a single CJK character.
    pub cjk: bool,
    /// What stands between it and the word before, if there is no white space: '-', '/', '.', ':' and the like.
    pub glue: Option<char>,
    /// A punctuation mark that parts it from the word before: ',', '(', '?' and the like.
    pub mark: Option<char>,
    /// Which quotation it is in: an index into [`Text::quotes`].
    pub quote: Option<usize>,
}

/// A question cut into words.
#[derive(Debug, Clone)]
pub struct Text<'q> {
    /// The question.
    pub source: &'q str,
    /// Its words, in order.
    pub tokens: Vec<Token>,
    /// Bytes within quotation marks, the marks left out.
    pub quotes: Vec<Range<usize>>,
}

/// Lower case without diacritics; ligatures and sharp s written out; compatibility forms made plain.
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

/// Folded form with umlauts written out, as in "Joerg" for "Jörg"; `None` where that changes nothing.
pub fn fold_umlauts(word: &str) -> Option<String> {
    word.chars().any(|c| "äöüÄÖÜ".contains(c)).then(|| {
        let spelt: String = word
            .chars()
            .map(|c| match c {
                'ä' | 'Ä' => "ae".to_owned(),
                'ö' | 'Ö' => "oe".to_owned(),
                'ü' | 'Ü' => "ue".to_owned(),
                other => other.to_string(),
            })
            .collect();
        fold(&spelt)
    })
}

/// Whether a character belongs to the CJK ideographs.
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}' | '`')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// French and Italian words that lose their vowel before another: "l'été", "d'Anna".
const ELISIONS: [&str; 13] = ["l", "d", "j", "n", "s", "t", "c", "m", "qu", "jusqu", "lorsqu", "puisqu", "aujourd"];

/// Cuts `source` into words.
pub fn tokenize(source: &str) -> Text<'_> {
    let quotes = quotations(source);
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(start) = source[at..].find(|c: char| is_word(c) || c == '&').map(|offset| at + offset) {
        let end = word_end(source, start);
        let between = tokens.last().map_or("", |last| &source[last.range.end..start]);
        let (fold, possessive) = word_form(&source[start..end]);
        at = end;
        if fold.is_empty() {
            continue;
        }
        let first = source[start..].chars().next().unwrap_or(' ');
        tokens.push(Token {
            fold,
            range: start..end,
            possessive,
            capital: first.is_uppercase(),
            cjk: is_cjk(first),
            glue: between.chars().next().filter(|_| !between.contains(char::is_whitespace)),
            mark: between
                .chars()
                .find(|c| ",;:()!?.…—–|/、，。？！；：（）".contains(*c))
                .or_else(|| between.contains(" - ").then_some('–')),
            quote: quotes.iter().position(|quote| quote.contains(&start)),
        });
    }
    Text { source, tokens, quotes }
}

/// Folded words of a name, compared with those of a question.
pub fn words(text: &str) -> Vec<String> {
    tokenize(text).tokens.into_iter().map(|token| token.fold).filter(|fold| fold != "&").collect()
}

fn word_end(source: &str, start: usize) -> usize {
    let mut chars = source[start..].char_indices().peekable();
    let Some((_, first)) = chars.next() else { return start };
    if first == '&' || is_cjk(first) {
        return start + first.len_utf8();
    }
    if let Some(end) = dotted_letters(&source[start..]) {
        return start + end;
    }
    let mut end = start + first.len_utf8();
    while let Some((offset, c)) = chars.next() {
        if is_word(c) && !is_cjk(c) {
            end = start + offset + c.len_utf8();
        } else if is_apostrophe(c) && chars.peek().is_some_and(|(_, next)| next.is_alphabetic()) {
            let rest = &source[end + c.len_utf8()..];
            let long = rest.chars().nth(1).is_some_and(char::is_alphabetic);
            if long && ELISIONS.contains(&fold(&source[start..end]).as_str()) {
                return end;
            }
        } else {
            break;
        }
    }
    end
}

/// Length of an abbreviation such as "u.s." or "U.S.A." at the start of `text`, its last dot left out.
fn dotted_letters(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let mut end = 1;
    while bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_alphabetic) {
        end += 2;
    }
    let closed = !text[end..].starts_with(is_word);
    (end > 2 && closed).then_some(end)
}

/// Folded form of a word as written, and whether it was a possessive.
fn word_form(written: &str) -> (String, bool) {
    let ending = written.char_indices().rev().find(|(_, c)| is_apostrophe(*c));
    if let Some((at, c)) = ending {
        let after = &written[at + c.len_utf8()..];
        if after.eq_ignore_ascii_case("s") && at > 0 {
            return (fold(&written[..at]).replace(is_apostrophe, ""), true);
        }
    }
    (fold(written).chars().filter(|c| !is_apostrophe(*c) && *c != '.').collect(), false)
}

/// Bytes within each pair of quotation marks.
fn quotations(source: &str) -> Vec<Range<usize>> {
    const PAIRS: [(char, &[char]); 9] = [
        ('"', &['"', '\u{201d}']),
        ('\u{201c}', &['\u{201d}', '"']),
        ('\u{201e}', &['\u{201c}', '\u{201d}', '"']),
        ('«', &['»']),
        ('\u{2018}', &['\u{2019}']),
        ('\'', &['\'']),
        ('「', &['」']),
        ('『', &['』']),
        ('《', &['》']),
    ];
    let mut quotes = Vec::new();
    let mut from = 0;
    while let Some((offset, open)) =
        source[from..].char_indices().find(|(_, c)| PAIRS.iter().any(|(open, _)| open == c))
    {
        let at = from + offset;
        let inner = at + open.len_utf8();
        from = inner;
        let free = source[..at].chars().next_back().is_none_or(|c| !is_word(c) || is_cjk(c));
        let closers = PAIRS.iter().find(|(mark, _)| *mark == open).map_or(&[][..], |(_, closers)| *closers);
        let close = source[inner..].char_indices().map(|(offset, c)| (inner + offset, c)).find(|(end, c)| {
            closers.contains(c)
                && source[end + c.len_utf8()..].chars().next().is_none_or(|next| !is_word(next) || is_cjk(next))
        });
        if let (true, Some((end, c))) = (free, close)
            && end > inner
            && !source[inner..].starts_with(char::is_whitespace)
        {
            quotes.push(inner..end);
            from = end + c.len_utf8();
        }
    }
    quotes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folds(text: &str) -> Vec<String> {
        tokenize(text).tokens.into_iter().map(|t| t.fold).collect()
    }

    #[test]
    fn words_are_folded_and_possessives_marked() {
        let text = tokenize("Grandma's Zürich trip, 80th");
        assert_eq!(folds("Grandma's Zürich trip, 80th"), ["grandma", "zurich", "trip", "80th"]);
        assert!(text.tokens[0].possessive && text.tokens[1].capital && !text.tokens[2].capital);
        assert_eq!(text.tokens[3].mark, Some(','));
        assert_eq!(folds("don't L'été d'Anna U.S. O'Brien"), ["dont", "l", "ete", "d", "anna", "us", "obrien"]);
        assert_eq!(folds("what's l's"), ["what", "l"]);
    }

    #[test]
    fn glue_tells_dates_and_compounds() {
        let text = tokenize("2016-02-14 portrait-format");
        assert_eq!(
            text.tokens.iter().map(|t| t.glue).collect::<Vec<_>>(),
            [None, Some('-'), Some('-'), None, Some('-')]
        );
    }

    #[test]
    fn cjk_characters_stand_alone() {
        assert_eq!(folds("2021年滑雪"), ["2021", "年", "滑", "雪"]);
    }

    #[test]
    fn quotations_keep_apostrophes_apart() {
        let text = tokenize("put Anna's photos into 'Mum's best' and \"B\" 《春节》");
        let quoted: Vec<&str> = text.quotes.iter().map(|q| &text.source[q.clone()]).collect();
        assert_eq!(quoted, ["Mum's best", "B", "春节"]);
    }

    #[test]
    fn umlauts_can_be_written_out() {
        assert_eq!(fold_umlauts("Jörg").as_deref(), Some("joerg"));
        assert_eq!(fold_umlauts("Jorg"), None);
    }

    proptest! {
        #[test]
        fn ranges_are_ordered_and_on_boundaries(source in "\\PC{0,60}") {
            let text = tokenize(&source);
            let mut last = 0;
            for token in &text.tokens {
                prop_assert!(token.range.start >= last && token.range.start < token.range.end);
                prop_assert!(source.get(token.range.clone()).is_some());
                last = token.range.end;
            }
        }
    }
}

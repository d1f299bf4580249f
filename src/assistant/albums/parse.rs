//! Reads a rule from its line of text; what cannot be read is told at the word, every clause on its own.

use std::ops::Range;

use super::rule::{
    COPIES, Clause, Compare, Condition, GENERATED, KINDS, Key, Measure, NOBODY, Pick, Rule, SHAPES, SOMEBODY, UNKNOWN,
    Which,
};
use super::spans::{Dates, Minutes, month, weekday};
use crate::library::filter::DaySpan;

/// No rule is longer, bytes.
pub const LONGEST: usize = 4000;

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, in bytes of the text.
    pub range: Range<usize>,
    /// What is wrong and what is expected instead.
    pub message: String,
}

/// A rule, and where its parts stand in the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// The rule.
    pub rule: Rule,
    /// One for each clause.
    pub places: Vec<ClausePlace>,
}

/// Where a clause stands in the text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClausePlace {
    /// All of it.
    pub whole: Range<usize>,
    /// Each of its values; empty for conditions without.
    pub values: Vec<Range<usize>>,
}

/// The keys whose values are no names.
pub(super) const PLAIN_KEYS: &[&str] = &["date", "month", "day", "weekday", "time", "kind", "shape", "copies"];

/// Reads a rule.
///
/// # Errors
/// Everything that is wrong, in the order of the text.
pub fn parse(text: &str) -> Result<Parsed, Vec<Problem>> {
    if text.len() > LONGEST {
        let message = format!("the rule is longer than {LONGEST} bytes");
        return Err(vec![Problem { range: 0..text.len(), message }]);
    }
    let (mut parsed, mut problems) = (Parsed::default(), Vec::new());
    for (whole, _) in split(text, 0..text.len(), &[';']) {
        if whole.is_empty() {
            continue;
        }
        match (Reader { text }).clause(whole.clone()) {
            Ok(Read::Clause(clause, values)) => {
                parsed.rule.clauses.push(clause);
                parsed.places.push(ClausePlace { whole, values });
            }
            Ok(Read::Pick(_)) if parsed.rule.pick.is_some() => {
                let message = "only one of `best`, `newest` and `oldest` can be asked for".to_owned();
                problems.push(Problem { range: whole, message });
            }
            Ok(Read::Pick(pick)) => parsed.rule.pick = Some(pick),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() && parsed.rule == Rule::default() {
        let message = "the rule is empty; write a condition such as `people: Anna` or `rating >= 4`".to_owned();
        problems.push(Problem { range: 0..text.len(), message });
    }
    if problems.is_empty() { Ok(parsed) } else { Err(problems) }
}

/// Cuts a stretch of text at marks that stand outside quotation marks: the trimmed pieces, each with the mark before it.
pub(super) fn split(text: &str, range: Range<usize>, marks: &[char]) -> Vec<(Range<usize>, Option<char>)> {
    let (mut pieces, mut from, mut before) = (Vec::new(), range.start, None);
    let mut state = Quotes::default();
    for (at, c) in text[range.clone()].char_indices().map(|(at, c)| (at + range.start, c)) {
        if !state.inside(c) && marks.contains(&c) {
            pieces.push((trimmed(text, from..at), before));
            (from, before) = (at + c.len_utf8(), Some(c));
        }
    }
    pieces.push((trimmed(text, from..range.end), before));
    pieces
}

/// Whether one is within quotation marks, letter by letter.
#[derive(Default)]
pub(super) struct Quotes {
    open: bool,
    escaped: bool,
}

impl Quotes {
    /// Goes on by one letter; whether it belongs to something quoted.
    pub fn inside(&mut self, c: char) -> bool {
        if self.escaped {
            self.escaped = false;
        } else if c == '\\' && self.open {
            self.escaped = true;
        } else if c == '"' {
            self.open = !self.open;
            return true;
        }
        self.open
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    start..start.max(range.start + piece.trim_end().len())
}

/// Lower case, single spaces.
fn plain(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

enum Read {
    Clause(Clause, Vec<Range<usize>>),
    Pick(Pick),
}

/// A value as it was written, unquoted.
struct Value {
    text: String,
    quoted: bool,
    range: Range<usize>,
}

struct Reader<'t> {
    text: &'t str,
}

fn problem<T>(range: Range<usize>, message: impl Into<String>) -> Result<T, Problem> {
    Err(Problem { range, message: message.into() })
}

impl Reader<'_> {
    fn clause(&self, whole: Range<usize>) -> Result<Read, Problem> {
        let (not, rest) = negation(self.text, whole.clone());
        if rest.is_empty() {
            return problem(whole, "after `not` comes a condition, such as `not screenshot`");
        }
        let mut quotes = Quotes::default();
        let mark = self.text[rest.clone()].char_indices().find(|(_, c)| !quotes.inside(*c) && ":<>=≤≥".contains(*c));
        let (condition, values) = match mark {
            None => match self.bare(rest.clone())? {
                Read::Pick(_) if not => {
                    return problem(rest, "what is kept at the most cannot be turned around by `not`");
                }
                Read::Pick(pick) => return Ok(Read::Pick(pick)),
                Read::Clause(clause, _) => (clause.condition, Vec::new()),
            },
            Some((at, ':')) => self.keyed(rest.start..rest.start + at, rest.start + at + 1..rest.end)?,
            Some((at, _)) => (self.measured(rest.clone(), rest.start + at)?, Vec::new()),
        };
        Ok(Read::Clause(Clause { not, condition }, values))
    }

    /// A condition that is one or two words, or how many are kept.
    fn bare(&self, range: Range<usize>) -> Result<Read, Problem> {
        let words = plain(&self.text[range.clone()]);
        let clause = |condition| Ok(Read::Clause(Clause { not: false, condition }, Vec::new()));
        if words == GENERATED {
            return clause(Condition::Generated);
        }
        if let Some(kind) = in_table(KINDS, &words) {
            return clause(Condition::Kinds(vec![kind]));
        }
        let (first, rest) = words.split_once(' ').unwrap_or((&words, ""));
        if let Some(which) = Which::read(first) {
            return match rest.parse() {
                Ok(number @ 1..=1_000_000) => Ok(Read::Pick(Pick { which, number })),
                _ => problem(range, format!("say how many: `{} 40`", which.word())),
            };
        }
        if first == "date" || Key::read(first).is_some() || PLAIN_KEYS.contains(&first) {
            return problem(range, format!("after `{first}` comes `:` and what it is"));
        }
        if let Some(measure) = Measure::read(first) {
            return problem(range, format!("after `{first}` comes a comparison, such as `{} >= 3`", measure.word()));
        }
        let shown: String = words.chars().take(40).collect();
        let message = format!(
            "`{shown}` is no condition; write `people: Anna`, `rating >= 4`, `video` or the like, and `shows: {shown}` \
             to search for it"
        );
        problem(range, message)
    }

    fn keyed(&self, key: Range<usize>, values: Range<usize>) -> Result<(Condition, Vec<Range<usize>>), Problem> {
        let key = trimmed(self.text, key);
        let name = plain(&self.text[key.clone()]);
        let named = Key::read(&name);
        if named.is_none() && !PLAIN_KEYS.contains(&name.as_str()) {
            // Without a key the colon stands alone.
            let at = if key.is_empty() { key.start..values.start } else { key };
            return problem(at, unknown_key(&name));
        }
        let pieces = split(self.text, values.clone(), &['|', '&']);
        let joined: Vec<char> = pieces.iter().filter_map(|(_, mark)| *mark).collect();
        if let Some(at) = joined.iter().position(|mark| *mark != joined[0]) {
            let message = "`&` and `|` do not mix; write a clause for each, such as `people: Anna; people: Ben | Joe`";
            return problem(pieces[at + 1].0.clone(), message);
        }
        let all = joined.first() == Some(&'&');
        let read: Vec<Value> =
            pieces.into_iter().map(|(range, _)| self.value(&name, key.start, range)).collect::<Result<_, _>>()?;
        let ranges = read.iter().map(|value| value.range.clone()).collect();
        let condition = match named {
            Some(key) => names(key, read, all)?,
            None if all => {
                return problem(trimmed(self.text, values), format!("of `{name}` one of several is written with `|`"));
            }
            None => plain_condition(&name, &read)?,
        };
        Ok((condition, ranges))
    }

    fn value(&self, key: &str, from: usize, range: Range<usize>) -> Result<Value, Problem> {
        let written = &self.text[range.clone()];
        if written.is_empty() {
            let here = from..range.end.max(from + 1).min(self.text.len());
            return problem(here, format!("after `{key}:` comes {}", expected(key)));
        }
        let Some(inner) = written.strip_prefix('"') else {
            if written.contains('"') {
                return problem(range, "a name that has quotation marks stands in them as a whole");
            }
            let text = written.split_whitespace().collect::<Vec<_>>().join(" ");
            return Ok(Value { text, quoted: false, range });
        };
        let (mut text, mut letters) = (String::new(), inner.chars());
        loop {
            match letters.next() {
                None => return problem(range, "the quotation marks are not closed"),
                Some('"') => break,
                Some('\\') => text.extend(letters.next()),
                Some(letter) => text.push(letter),
            }
        }
        match (letters.as_str().trim().is_empty(), text.trim().is_empty()) {
            (true, false) => Ok(Value { text, quoted: true, range }),
            (true, true) => problem(range, format!("between the quotation marks comes {}", expected(key))),
            (false, _) => problem(range, "after the quotation marks comes `|`, `&`, `;` or the end"),
        }
    }

    fn measured(&self, whole: Range<usize>, mark: usize) -> Result<Condition, Problem> {
        let head = trimmed(self.text, whole.start..mark);
        let name = plain(&self.text[head.clone()]);
        let rest = &self.text[mark..whole.end];
        let sign: String = rest.chars().take_while(|c| "<>=≤≥".contains(*c)).collect();
        let Some(measure) = Measure::read(&name) else {
            let at = if head.is_empty() { mark..mark + sign.len() } else { head };
            return problem(at, format!("`{name}` has no number; those that have one are rating, people and length"));
        };
        let Some(compare) = Compare::read(&sign) else {
            return problem(mark..mark + sign.len(), "numbers compare by >=, <=, >, < or =");
        };
        let range = trimmed(self.text, mark + sign.len()..whole.end);
        let text = plain(&self.text[range.clone()]);
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        let factor = match (measure, text[digits..].trim()) {
            (_, "") | (Measure::Length, "s" | "sec" | "second" | "seconds") => 1,
            (Measure::Length, "m" | "min" | "minute" | "minutes") => 60,
            _ => 0,
        };
        let number: Option<u32> =
            text[..digits].parse::<u32>().ok().filter(|number| *number <= 1_000_000 && factor > 0);
        let allowed = match (measure, compare) {
            (Measure::Rating, Compare::More) => 0..=4,
            (Measure::Rating, Compare::Less) => 2..=6,
            (Measure::Rating, _) => 1..=5,
            (_, Compare::Less) => 1..=1_000_000,
            _ => 0..=1_000_000,
        };
        match number.filter(|number| allowed.contains(number)) {
            Some(number) => Ok(Condition::Measured { measure, compare, number: number * factor }),
            None => {
                let expected = match measure {
                    Measure::Rating => "stars go from 1 to 5: `rating >= 4`",
                    Measure::People => "people are counted in whole numbers: `people >= 3`",
                    Measure::Length => "the length of a video is in seconds or minutes: `length <= 30 s`",
                };
                problem(if range.is_empty() { whole } else { range }, expected)
            }
        }
    }
}

/// Whether a stretch of text begins with `not`, and the rest of it.
pub(super) fn negation(text: &str, range: Range<usize>) -> (bool, Range<usize>) {
    let piece = &text[range.clone()];
    let first = piece.split_whitespace().next().unwrap_or_default();
    match first.eq_ignore_ascii_case("not") {
        true => (true, trimmed(text, range.start + first.len()..range.end)),
        false => (false, range),
    }
}

fn in_table<T: Copy>(table: &[(T, &[&str])], word: &str) -> Option<T> {
    table.iter().find(|(_, words)| words.contains(&word)).map(|(value, _)| *value)
}

/// What comes after a key, for the person who writes.
fn expected(key: &str) -> &'static str {
    match Key::read(key) {
        Some(Key::People | Key::Only) => "a name, such as `Anna` or `Anna & Ben`",
        Some(Key::Place) => "a city, region or country",
        Some(Key::Shows) => "what is to be seen, such as `sunset`",
        Some(Key::Text) => "the words",
        Some(_) => "its name",
        None => match key {
            "date" => "a date: 2019, 2019-06, 2019-06..2019-08, last 30 days",
            "month" => "a month, such as `June`",
            "day" => "a day of the year, such as `12-24`",
            "weekday" => "a weekday, such as `Saturday`",
            "time" => "a time of the day, such as `18:00..22:00`",
            "kind" => "photo, video, screenshot, panorama, live photo or raw",
            "shape" => "portrait, landscape or square",
            _ => "exact, near or burst",
        },
    }
}

fn unknown_key(name: &str) -> String {
    let known = Key::ALL.iter().map(|key| key.word()).chain(PLAIN_KEYS.iter().copied());
    let near = known.clone().map(|key| (strsim::osa_distance(key, name), key)).min().filter(|(far, _)| *far <= 2);
    let hint = near.map(|(_, key)| format!("did you mean `{key}`? ")).unwrap_or_default();
    format!("there is no condition called `{name}`; {hint}There are {}", known.collect::<Vec<_>>().join(", "))
}

fn names(key: Key, values: Vec<Value>, all: bool) -> Result<Condition, Problem> {
    let special = |value: &Value| match (key, value.quoted, plain(&value.text).as_str()) {
        (Key::People, false, SOMEBODY) => Some(Condition::Somebody(true)),
        (Key::People, false, NOBODY) => Some(Condition::Somebody(false)),
        (Key::Place, false, UNKNOWN) => Some(Condition::NoPlace),
        _ => None,
    };
    if let Some((value, condition)) = values.iter().find_map(|value| Some((value, special(value)?))) {
        let message = format!("`{}` stands alone; a name that is written so goes in quotation marks", value.text);
        return if values.len() == 1 { Ok(condition) } else { problem(value.range.clone(), message) };
    }
    Ok(Condition::Named { key, names: values.into_iter().map(|value| value.text).collect(), all })
}

/// A condition whose values are no names.
fn plain_condition(key: &str, values: &[Value]) -> Result<Condition, Problem> {
    fn each<T>(values: &[Value], read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, Problem> {
        let one = |value: &Value| {
            read(&plain(&value.text)).map_err(|message| Problem { range: value.range.clone(), message })
        };
        values.iter().map(one).collect()
    }
    let wrong = |text: &str| format!("`{text}` is not what `{key}` can be; it is {}", expected(key));
    Ok(match key {
        "date" => Condition::Dates(each(values, Dates::read)?),
        "month" => Condition::Months(each(values, |text| month(text).ok_or_else(|| wrong(text)))?),
        "day" => Condition::Days(each(values, |text| day_of_year(text).ok_or_else(|| wrong(text)))?),
        "weekday" => Condition::Weekdays(each(values, |text| weekday(text).ok_or_else(|| wrong(text)))?),
        "time" => Condition::Times(each(values, |text| time_of_day(text).ok_or_else(|| wrong(text)))?),
        "kind" => Condition::Kinds(each(values, |text| in_table(KINDS, text).ok_or_else(|| wrong(text)))?),
        "shape" => Condition::Shapes(each(values, |text| in_table(SHAPES, text).ok_or_else(|| wrong(text)))?),
        _ => Condition::Copies(each(values, |text| in_table(COPIES, text).ok_or_else(|| wrong(text)))?),
    })
}

/// `12-24`: month and day. A leap year has them all.
fn day_of_year(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    jiff::civil::Date::new(2000, month, day).is_ok().then_some((month, day))
}

fn time_of_day(text: &str) -> Option<DaySpan> {
    let (from, to) = text.split_once("..")?;
    let (Minutes(from), Minutes(to)) = (Minutes::read(from.trim())?, Minutes::read(to.trim())?);
    (from < 24 * 60 && from != to).then_some(DaySpan { from, to })
}

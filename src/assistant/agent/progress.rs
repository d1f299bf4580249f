//! What a run has come to so far: calls, the media and numbers they gave, the text that was said.
//!
//! It outlives the run, so that a turn that is stopped keeps what it had.

use std::collections::HashSet;

use jiff::civil::DateTime;
use serde_json::Value;

use super::Answered;
use super::numbers::{self, Numbers};
use super::speech::{Checked, Grounds, check};
use crate::assistant::TurnEvent;
use crate::assistant::compose::{Finding, compose};
use crate::assistant::tools::references::References;
use crate::assistant::tools::{Scored, ToolCall, count_media};
use crate::assistant::understand::{Reading, Role, has_cjk};
use crate::library::{MediaId, fold};

/// A run so far.
#[derive(Debug, Default)]
pub(in crate::assistant) struct Progress {
    pub references: References,
    pub calls: Vec<ToolCall>,
    /// What each call found, by its position among `calls`.
    pub found: Vec<Vec<Scored>>,
    /// What was said.
    pub answer: String,
    /// A change that waits for the person, and what it is about.
    pub proposal: Option<(Finding, Vec<MediaId>)>,
    /// Name and arguments of every call, to notice repetitions.
    pub made: HashSet<(String, String)>,
    numbers: Numbers,
    /// Words of the library that tools gave.
    words: HashSet<String>,
    cited: Vec<MediaId>,
    unfounded: usize,
}

impl Progress {
    /// Numbers of the conditions that the person gave, and today's date, may be said back.
    pub(super) fn allow_conditions(&mut self, reading: &Reading, now: DateTime) {
        for part in
            reading.parts.iter().filter(|part| !matches!(part.role, Role::Content | Role::Without | Role::Order))
        {
            numbers::given(&part.text, &mut self.numbers);
            numbers::given(&part.label, &mut self.numbers);
        }
        numbers::given(&now.date().to_string(), &mut self.numbers);
    }

    /// Numbers of a result may be said.
    pub(super) fn allow(&mut self, digest: &Value) {
        numbers::given(&digest.to_string(), &mut self.numbers);
        collect_words(digest, &mut self.words);
    }

    /// Whether what was said rests on anything: a change that was proposed, a citation, a number or at least a word that a
    /// tool gave.
    pub(in crate::assistant) fn is_founded(&self) -> bool {
        let of_library = || telling(&self.answer).any(|word| self.words.contains(&word));
        self.proposal.is_some() || !self.cited.is_empty() || self.counted().is_some() || of_library()
    }

    /// A call that has ended, with what it found.
    pub(super) fn record(&mut self, call: ToolCall, found: Vec<Scored>) {
        self.calls.push(call);
        self.found.push(found);
    }

    /// Says a sentence, if it is borne out.
    pub(super) fn say(&mut self, sentence: &str, reading: &Reading, tell: &(dyn Fn(TurnEvent) + Sync)) {
        let grounds = Grounds { references: &self.references, numbers: &self.numbers, language: reading.language };
        match check(sentence, &grounds) {
            Ok(Checked { text, cited }) => {
                self.cited.extend(cited);
                self.answer.push_str(&text);
                tell(TurnEvent::Text(text));
            }
            Err(number) => {
                self.unfounded += 1;
                tracing::info!(number, "a sentence is not said: no tool gave its number");
            }
        }
    }

    /// What was said turns out to be no answer: tools are called after it.
    pub(super) fn take_back(&mut self, tell: &(dyn Fn(TurnEvent) + Sync)) {
        if !self.answer.is_empty() {
            self.answer.clear();
            tell(TurnEvent::TakeBack);
        }
        self.cited.clear();
        self.unfounded = 0;
    }

    /// The media that the last call found.
    pub(super) fn last_media(&self) -> Vec<MediaId> {
        let last = self.found.iter().rev().find(|found| !found.is_empty());
        last.into_iter().flatten().map(|scored| scored.id).collect()
    }

    /// The answer with the media that it rests on.
    pub(in crate::assistant) fn into_answer(self, reading: &Reading) -> Answered {
        let (media, count) = (self.rests_on(), self.counted());
        let text = match &self.proposal {
            Some((finding, _)) => compose(finding, reading.language),
            None => self.answer.trim().to_owned(),
        };
        Answered { text, media, count, calls: self.calls }
    }

    /// The whole of what each cited medium was found by: of the calls that found it, the one that found least. Without
    /// citations, what the last call found.
    fn rests_on(&self) -> Vec<Scored> {
        if let Some((_, about)) = &self.proposal {
            let of = |id: &MediaId| {
                let known = self.found.iter().flatten().find(|scored| scored.id == *id);
                known.cloned().unwrap_or_else(|| Scored::listed(*id))
            };
            return about.iter().map(of).collect();
        }
        let mut sources: Vec<usize> = Vec::new();
        for id in &self.cited {
            let holds = |(_, found): &(usize, &Vec<Scored>)| found.iter().any(|scored| scored.id == *id);
            let least = self.found.iter().enumerate().filter(holds).min_by_key(|(_, found)| found.len());
            sources.extend(least.map(|(position, _)| position));
        }
        if sources.is_empty() {
            sources.extend(self.found.iter().rposition(|found| !found.is_empty()));
        }
        sources.sort_unstable();
        sources.dedup();
        let mut seen = HashSet::new();
        let media = sources.into_iter().flat_map(|position| &self.found[position]);
        media.filter(|scored| seen.insert(scored.id)).cloned().collect()
    }

    /// The number of the last count, if the answer states it.
    fn counted(&self) -> Option<u64> {
        let mut said = Numbers::new();
        numbers::given(&self.answer, &mut said);
        let counts = self.calls.iter().rev().filter(|call| call.name == count_media::NAME);
        counts.filter_map(|call| call.result["total"].as_u64()).find(|total| said.contains(&total.to_string()))
    }
}

/// Letters that a word has at least that says something: shorter ones are in every text.
const TELLING: usize = 4;

fn telling(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.bytes().all(|b| b.is_ascii_digit()));
    words.flat_map(|word| match has_cjk(word) {
        // Words are not parted there: any two characters may be one.
        true => word.chars().collect::<Vec<_>>().windows(2).map(|pair| pair.iter().collect()).collect(),
        false if word.chars().count() >= TELLING => vec![fold(word)],
        false => Vec::new(),
    })
}

/// The words of a result's texts; the names of its fields are none.
fn collect_words(result: &Value, into: &mut HashSet<String>) {
    match result {
        Value::String(text) => into.extend(telling(text)),
        Value::Array(values) => values.iter().for_each(|value| collect_words(value, into)),
        Value::Object(fields) => fields.values().for_each(|value| collect_words(value, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use serde_json::json;

    use super::*;

    fn scored(ids: &[MediaId]) -> Vec<Scored> {
        ids.iter().map(|id| Scored::listed(*id)).collect()
    }

    fn run(sentence: &str) -> (Vec<MediaId>, Answered) {
        let ids: Vec<MediaId> = (0..5).map(|_| MediaId::new()).collect();
        let mut run = Progress::default();
        for id in &ids {
            run.references.name(*id);
        }
        for found in [&ids[..], &ids[1..3]] {
            let result = json!({ "total": found.len() });
            run.allow(&result);
            let call = ToolCall::done(count_media::NAME, &json!({}), result, Vec::new(), Instant::now());
            run.record(call, scored(found));
        }
        let reading = Reading::default();
        run.say(sentence, &reading, &|_| ());
        (ids, run.into_answer(&reading))
    }

    #[test]
    fn an_answer_rests_on_the_whole_of_the_narrowest_result_that_it_cites() {
        let of = |answered: &Answered| answered.media.iter().map(|scored| scored.id).collect::<Vec<_>>();
        let (ids, answered) = run("A boat [m2].");
        assert_eq!(of(&answered), ids[1..3]);
        let (ids, answered) = run("A boat [m2] and a hut [m5].");
        assert_eq!(of(&answered).len(), ids.len());
        let (ids, answered) = run("Boats.");
        assert_eq!(of(&answered), ids[1..3], "the last result, where nothing is cited");
    }

    #[test]
    fn an_answer_is_founded_on_what_tools_gave() {
        let founded = |sentence: &str| {
            let mut run = Progress::default();
            let id = MediaId::new();
            run.references.name(id);
            run.allow(&json!({ "total": 3, "media": [{ "caption": "red cabins by the water" }] }));
            let result = json!({ "total": 3 });
            run.record(
                ToolCall::done(count_media::NAME, &json!({}), result, Vec::new(), Instant::now()),
                scored(&[id]),
            );
            run.say(sentence, &Reading::default(), &|_| ());
            run.is_founded()
        };
        assert!(founded("A boat [m1]."), "a citation");
        assert!(founded("There are 3."), "a number");
        assert!(founded("You stayed in Cabins."), "a word");
        assert!(!founded("aying,sssss, the the total."), "nothing");
    }

    #[test]
    fn a_count_is_what_a_tool_counted_and_the_answer_says() {
        assert_eq!(run("There are 5.").1.count, Some(5));
        assert_eq!(run("Some.").1.count, None);
        let made_up = run("There are 57.").1;
        assert_eq!((made_up.count, made_up.text.as_str()), (None, ""));
    }
}

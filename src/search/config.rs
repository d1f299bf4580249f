//! Settings of the search: what a match is worth, and where a ranking ends.
//!
//! Every value has a default that was measured on a family library (see [`super::fusion`] for the rules they belong to);
//! none depends on a library's content. Missing values in a configuration file mean the default.

use serde::{Deserialize, Serialize};

use super::document::SourceField;

/// Settings of the search.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchConfig {
    /// What a word is worth by the field it stands in.
    pub fields: FieldWeights,
    /// How words are scored.
    pub words: WordConfig,
    /// How meaning is scored.
    pub meaning: MeaningConfig,
    /// How it is scored that pictures look like what is asked for.
    pub looks: LooksConfig,
    /// Where a ranking ends.
    pub cut_off: CutOffConfig,
}

/// What a word is worth by the field it stands in; 1 is a word of a description. `seen` is apart: the worth, 0–1, of
/// something that a model is certain to have seen; being evidence of the thing itself it needs no second one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "one weight a field; SourceField documents the fields")]
pub struct FieldWeights {
    pub description: f32,
    pub title: f32,
    pub keywords: f32,
    pub people: f32,
    pub places: f32,
    pub events: f32,
    pub file_name: f32,
    pub folders: f32,
    pub camera: f32,
    pub ocr: f32,
    pub transcript: f32,
    pub note: f32,
    pub group_note: f32,
    pub seen: f32,
    pub caption: f32,
    pub caption_tags: f32,
}

impl Default for FieldWeights {
    fn default() -> Self {
        Self {
            description: 1.0,
            title: 1.0,
            keywords: 1.0,
            people: 1.0,
            places: 0.8,
            events: 0.7,
            file_name: 0.8,
            folders: 0.6,
            camera: 0.6,
            ocr: 0.9,
            transcript: 0.6,
            note: 0.9,
            group_note: 0.5,
            seen: 0.9,
            caption: 0.9,
            caption_tags: 0.8,
        }
    }
}

impl FieldWeights {
    /// The weight of a field.
    pub fn of(&self, field: SourceField) -> f32 {
        match field {
            SourceField::Description => self.description,
            SourceField::Title => self.title,
            SourceField::Keywords => self.keywords,
            SourceField::People => self.people,
            SourceField::Places => self.places,
            SourceField::Events => self.events,
            SourceField::FileName => self.file_name,
            SourceField::Folders => self.folders,
            SourceField::Camera => self.camera,
            SourceField::Ocr => self.ocr,
            SourceField::Transcript => self.transcript,
            SourceField::Note => self.note,
            SourceField::GroupNote => self.group_note,
            SourceField::Seen => self.seen,
            SourceField::Caption => self.caption,
            SourceField::CaptionTags => self.caption_tags,
        }
    }
}

/// How words are scored: BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", 2004).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WordConfig {
    /// Saturation of repeated words (BM25's k1).
    pub k1: f32,
    /// How much long texts are held against a word's match (BM25's b), 0–1. Captions are short: little.
    pub b: f32,
    /// How much a word that the library lacks counts in what is asked for, against the rarest word it has, 0–1. Less than
    /// 1, because the library may say it in another way; not 0, because what is asked for may not be there.
    pub absent: f32,
    /// Shortest word stem for which one typing error is forgiven, in characters.
    pub one_typo: usize,
    /// Shortest word stem for which two typing errors are forgiven, in characters.
    pub two_typos: usize,
    /// Worth of a match with one typing error; with two it is this squared.
    pub typo_weight: f32,
}

impl Default for WordConfig {
    fn default() -> Self {
        Self { k1: 1.2, b: 0.3, absent: 0.7, one_typo: 5, two_typos: 7, typo_weight: 0.8 }
    }
}

/// How meaning is scored. The similarities are cosines, as all-MiniLM-L6-v2 and its kin give them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeaningConfig {
    /// Similarity up to which a text has nothing to do with the question.
    pub unrelated: f32,
    /// Similarity from which a text says the same as the question.
    pub same: f32,
    /// Mean similarity of unrelated texts with this kind of model.
    pub usual: f32,
    /// How many texts of the library the usual mean weighs as much as.
    pub usual_weight: f32,
    /// How much of a question's own background, beyond the usual, is taken off its similarities, 0–1.
    pub background: f32,
    /// Worth of meaning for a question of one word, against 1 for a longer one: a single word is near to all of its topic
    /// ("tractor" to any farm), and whether it occurs is the better evidence.
    pub single_word: f32,
    /// Worth of what a note on an event or album means for the media in it, against 1 for a note on a medium.
    pub group_note: f32,
    /// Worth of what a model's description means, against 1 for what somebody wrote.
    pub caption: f32,
    /// Most media that meaning hands on to fusion.
    pub candidates: usize,
}

impl MeaningConfig {
    /// What the meaning of a text of this field is worth.
    pub fn of(&self, field: SourceField) -> f32 {
        match field {
            SourceField::GroupNote => self.group_note,
            SourceField::Caption => self.caption,
            _ => 1.0,
        }
    }
}

impl Default for MeaningConfig {
    fn default() -> Self {
        Self {
            unrelated: 0.25,
            same: 0.75,
            usual: 0.08,
            usual_weight: 30.0,
            background: 0.5,
            single_word: 0.6,
            group_note: 0.6,
            caption: 0.9,
            candidates: 300,
        }
    }
}

/// How it is scored that pictures look like what is asked for; see [`super::looks`]. A step is how far the similarities of
/// most pictures to a question spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LooksConfig {
    /// Steps up to which a picture has nothing to do with the question.
    pub unrelated: f32,
    /// Steps from which it shows what is asked for.
    pub same: f32,
    /// A step that is usual with SigLIP, as a cosine.
    pub usual_step: f32,
    /// How many pictures of the library the usual step weighs as much as.
    pub usual_weight: f32,
    /// Most media that looks hand on to fusion.
    pub candidates: usize,
}

impl Default for LooksConfig {
    fn default() -> Self {
        Self { unrelated: 2.5, same: 5.0, usual_step: 0.03, usual_weight: 10.0, candidates: 300 }
    }
}

/// Where a ranking ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CutOffConfig {
    /// Worth of covering all words of a question, against 1 for saying the same; without meaning it is 1.
    pub words: f32,
    /// Least score of any hit; when no medium reaches it, the answer is "nothing".
    pub least: f32,
    /// Least share of the best hit's score.
    pub of_best: f32,
}

impl Default for CutOffConfig {
    fn default() -> Self {
        Self { words: 0.6, least: 0.4, of_best: 0.7 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_leaves_out_is_the_default() -> Result<(), serde_json::Error> {
        let config: SearchConfig = serde_json::from_str(r#"{"fields": {"camera": 0.1}, "cut_off": {"least": 0.3}}"#)?;
        assert_eq!(config.fields.camera, 0.1);
        assert_eq!(config.fields.title, FieldWeights::default().title);
        assert_eq!(config.cut_off.of_best, CutOffConfig::default().of_best);
        assert!(serde_json::from_str::<SearchConfig>(r#"{"feilds": {}}"#).is_err());
        Ok(())
    }
}

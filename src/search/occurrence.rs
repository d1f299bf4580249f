//! Whether the library's texts have a word at all.

use std::sync::Arc;

use super::document::QueryText;
use super::text::language::Stemmers;
use super::text::query::WordQuery;
use super::{Search, SearchError};

impl Search {
    /// Whether any text of the library has this word, in whatever form; `language` is the code of the question's.
    ///
    /// # Errors
    /// When the index of words cannot be read.
    pub async fn has_word(&self, word: &str, language: &str) -> Result<bool, SearchError> {
        let query = QueryText {
            text: word.to_owned(),
            original: word.to_owned(),
            language: Some(language.to_owned()),
            ..QueryText::default()
        };
        let config = Arc::clone(&self.config);
        let found = self
            .on_words(move |words| words.search(&WordQuery::new(&query, &mut Stemmers::new()), None, &config))
            .await?;
        Ok(!found.matches.is_empty())
    }
}

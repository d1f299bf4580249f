//! Picks the next token: by the request's settings, and within a grammar where one is in force.

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data::LlamaTokenData;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use crate::calls::grammar::{Grammar, Trigger};
use crate::likeliest::{MOST_CONTENDERS, contenders, likeliest, ranked};

/// How tokens are picked. The defaults are llama.cpp's.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// 0 picks the likeliest.
    pub temperature: f32,
    /// Among so many of the likeliest; 0 for all.
    pub top_k: i32,
    /// Among the likeliest that together have this probability.
    pub top_p: f32,
    /// Not less likely than this share of the likeliest.
    pub min_p: f32,
    /// Penalty for tokens by how often they were written.
    pub frequency_penalty: f32,
    /// Penalty for tokens that were written.
    pub presence_penalty: f32,
    /// Start of the random numbers; `None` takes another one each time.
    pub seed: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            temperature: 0.8,
            top_k: 40,
            top_p: 0.95,
            min_p: 0.05,
            frequency_penalty: 0.0,
            presence_penalty: 0.0,
            seed: None,
        }
    }
}

/// Tokens back to which penalties look.
const PENALTY_WINDOW: i32 = 256;
/// llama.cpp's sign for "another seed each time".
const ANY_SEED: u32 = u32::MAX;

/// The likeliest tokens that are shown to a grammar which refused the choice, before all are.
const NEXT_BEST: usize = 32;

/// Picks the tokens of one answer.
#[derive(Debug)]
pub struct Sampler {
    chain: LlamaSampler,
    scope: Scope,
    grammar: Option<LlamaSampler>,
    /// What the chain picks from; kept, because its room is as large as the vocabulary where all are looked at.
    candidates: LlamaTokenDataArray,
    /// What ends an answer when a grammar leaves no choice.
    eos: LlamaToken,
}

/// What of the vocabulary the chain has to see to pick what it would pick from all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Nothing: it is the token with the highest score.
    Likeliest,
    /// What may be among so many of the likeliest.
    Contenders(usize),
    /// Everything.
    All,
}

impl Sampler {
    /// A sampler for an answer of `model`.
    ///
    /// # Errors
    /// When llama.cpp cannot read the grammar.
    pub fn new(model: &LlamaModel, settings: &Settings, grammar: Option<&Grammar>) -> anyhow::Result<Self> {
        let grammar = match grammar {
            None => None,
            Some(Grammar { rules, trigger: None }) => Some(LlamaSampler::grammar(model, rules, "root")),
            Some(Grammar { rules, trigger: Some(Trigger::Word(word)) }) => {
                Some(LlamaSampler::grammar_lazy(model, rules, "root", [word], &[]))
            }
            Some(Grammar { rules, trigger: Some(Trigger::Pattern(pattern)) }) => {
                Some(LlamaSampler::grammar_lazy_patterns(model, rules, "root", std::slice::from_ref(pattern), &[]))
            }
        };
        let grammar = grammar.transpose().map_err(|error| anyhow::anyhow!("the grammar cannot be used: {error}"))?;
        Ok(Self::free(settings, model.n_vocab(), grammar, model.vocab().eos()))
    }

    fn free(settings: &Settings, vocabulary: i32, grammar: Option<LlamaSampler>, eos: LlamaToken) -> Self {
        let candidates = LlamaTokenDataArray::new(Vec::new(), false);
        Self { chain: settings.chain(vocabulary), scope: settings.scope(), grammar, candidates, eos }
    }

    /// The next token, after the one whose logits are at `index` of the last batch.
    pub fn next(&mut self, context: &LlamaContext<'_>, index: i32) -> LlamaToken {
        let scores = context.get_logits_ith(index);
        let mut token = self.choose(scores);
        // A grammar looks at a token's letters, which is slow for all tokens: mostly the first choice fits.
        if let Some(mut grammar) = self.grammar.take() {
            if !fits(&mut grammar, token) {
                token = self.choose_within(&mut grammar, scores);
            }
            match grammar.try_accept(token) {
                Ok(()) => self.grammar = Some(grammar),
                Err(error) => tracing::warn!(%error, "the grammar does not follow the answer any more and is dropped"),
            }
        }
        self.chain.accept(token);
        token
    }

    /// The token that the settings pick by these scores, one for each of the vocabulary.
    fn choose(&mut self, scores: &[f32]) -> LlamaToken {
        match self.scope {
            Scope::Likeliest => return likeliest(scores),
            Scope::Contenders(k) if k < scores.len() => contenders(scores, k, &mut self.candidates.data),
            Scope::Contenders(_) | Scope::All => self.see_all(scores),
        }
        self.pick()
    }

    /// The token that the settings pick among those that the grammar allows.
    fn choose_within(&mut self, grammar: &mut LlamaSampler, scores: &[f32]) -> LlamaToken {
        if self.scope == Scope::Likeliest {
            ranked(scores, NEXT_BEST.min(scores.len()), &mut self.candidates.data);
            self.keep_allowed(grammar);
            if let Some(candidate) = self.candidates.data.first() {
                return candidate.id();
            }
        }
        self.see_all(scores);
        self.keep_allowed(grammar);
        if self.candidates.data.is_empty() { self.eos } else { self.pick() }
    }

    fn see_all(&mut self, scores: &[f32]) {
        let all = (0_i32..).zip(scores).map(|(token, score)| LlamaTokenData::new(LlamaToken(token), *score, 0.0));
        self.candidates.data.clear();
        self.candidates.data.extend(all);
    }

    fn keep_allowed(&mut self, grammar: &mut LlamaSampler) {
        (self.candidates.sorted, self.candidates.selected) = (false, None);
        self.candidates.apply_sampler(grammar);
        self.candidates.data.retain(|candidate| candidate.logit() > f32::NEG_INFINITY);
    }

    /// What the chain picks of the candidates.
    fn pick(&mut self) -> LlamaToken {
        (self.candidates.sorted, self.candidates.selected) = (false, None);
        self.candidates.apply_sampler(&mut self.chain);
        self.candidates.selected_token().unwrap_or(self.eos)
    }
}

impl Settings {
    fn has_penalties(&self) -> bool {
        self.frequency_penalty != 0.0 || self.presence_penalty != 0.0
    }

    /// llama.cpp's samplers, in the order in which they narrow the choice.
    fn chain(&self, vocabulary: i32) -> LlamaSampler {
        let mut chain = Vec::new();
        if self.has_penalties() {
            let (frequency, presence) = (self.frequency_penalty, self.presence_penalty);
            chain.push(LlamaSampler::penalties(vocabulary, PENALTY_WINDOW, 1.0, frequency, presence));
        }
        if self.temperature <= 0.0 {
            chain.push(LlamaSampler::greedy());
        } else {
            chain.extend([
                LlamaSampler::top_k(self.top_k),
                LlamaSampler::top_p(self.top_p, 1),
                LlamaSampler::min_p(self.min_p, 1),
                LlamaSampler::temp(self.temperature),
                LlamaSampler::dist(self.seed.unwrap_or(ANY_SEED)),
            ]);
        }
        LlamaSampler::chain(chain, true)
    }

    fn scope(&self) -> Scope {
        match usize::try_from(self.top_k) {
            // A penalty may put any token in another place.
            _ if self.has_penalties() => Scope::All,
            _ if self.temperature <= 0.0 => Scope::Likeliest,
            Ok(k @ 1..=MOST_CONTENDERS) => Scope::Contenders(k),
            _ => Scope::All,
        }
    }
}

fn fits(grammar: &mut LlamaSampler, token: LlamaToken) -> bool {
    let one = LlamaTokenData::new(token, 1.0, 0.0);
    let mut candidates = LlamaTokenDataArray::new(vec![one], false);
    candidates.apply_sampler(grammar);
    candidates.data.first().is_some_and(|candidate| candidate.logit() > f32::NEG_INFINITY)
}

#[cfg(test)]
mod tests;

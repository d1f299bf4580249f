//! Picks the next token: by the request's settings, and within a grammar where one is in force.

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use crate::calls::grammar::{Grammar, Trigger};

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

/// Picks the tokens of one answer.
#[derive(Debug)]
pub struct Sampler {
    chain: LlamaSampler,
    grammar: Option<LlamaSampler>,
    /// What ends an answer when a grammar leaves no choice.
    eos: LlamaToken,
}

impl Sampler {
    /// A sampler for an answer of `model`.
    ///
    /// # Errors
    /// When llama.cpp cannot read the grammar.
    pub fn new(model: &LlamaModel, settings: &Settings, grammar: Option<&Grammar>) -> anyhow::Result<Self> {
        let mut chain = Vec::new();
        if settings.frequency_penalty != 0.0 || settings.presence_penalty != 0.0 {
            let (frequency, presence) = (settings.frequency_penalty, settings.presence_penalty);
            chain.push(LlamaSampler::penalties(model.n_vocab(), PENALTY_WINDOW, 1.0, frequency, presence));
        }
        if settings.temperature <= 0.0 {
            chain.push(LlamaSampler::greedy());
        } else {
            chain.extend([
                LlamaSampler::top_k(settings.top_k),
                LlamaSampler::top_p(settings.top_p, 1),
                LlamaSampler::min_p(settings.min_p, 1),
                LlamaSampler::temp(settings.temperature),
                LlamaSampler::dist(settings.seed.unwrap_or(ANY_SEED)),
            ]);
        }
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
        Ok(Self { chain: LlamaSampler::chain(chain, true), grammar, eos: model.vocab().eos() })
    }

    /// The next token, after the one whose logits are at `index` of the last batch.
    pub fn next(&mut self, context: &LlamaContext<'_>, index: i32) -> LlamaToken {
        let Some(grammar) = &mut self.grammar else { return self.chain.sample(context, index) };
        // The grammar looks at a token's letters, which is slow for all tokens: mostly the first choice fits.
        let mut candidates = context.token_data_array_ith(index);
        candidates.apply_sampler(&mut self.chain);
        let choice = candidates.selected_token().filter(|token| fits(grammar, *token));
        let token = choice.unwrap_or_else(|| {
            let mut candidates = context.token_data_array_ith(index);
            candidates.apply_sampler(grammar);
            candidates.data.retain(|candidate| candidate.logit() > f32::NEG_INFINITY);
            candidates.apply_sampler(&mut self.chain);
            candidates.selected_token().unwrap_or(self.eos)
        });
        self.chain.accept(token);
        if let Err(error) = grammar.try_accept(token) {
            tracing::warn!(%error, "the grammar does not follow the answer any more and is dropped");
            self.grammar = None;
        }
        token
    }
}

fn fits(grammar: &mut LlamaSampler, token: LlamaToken) -> bool {
    let one = llama_cpp_2::token::data::LlamaTokenData::new(token, 1.0, 0.0);
    let mut candidates = LlamaTokenDataArray::new(vec![one], false);
    candidates.apply_sampler(grammar);
    candidates.data.first().is_some_and(|candidate| candidate.logit() > f32::NEG_INFINITY)
}

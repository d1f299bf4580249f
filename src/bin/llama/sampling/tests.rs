//! What is picked the quick way is what llama.cpp's samplers pick from the whole vocabulary.

use super::*;

/// Numbers that look like chance and are the same in each run (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Between -`reach` and `reach`, in so many steps: few steps make many equals.
    fn scores(&mut self, count: usize, reach: f32, steps: u64) -> Vec<f32> {
        let mut score = || (self.next() % steps) as f32 / (steps - 1) as f32 * 2.0 * reach - reach;
        (0..count).map(|_| score()).collect()
    }
}

/// Rows of scores that make different trouble.
fn rows() -> Vec<Vec<f32>> {
    let mut chance = Chance(7);
    let mut rows = Vec::new();
    for count in [1, 7, 40, 41, 127, 128, 129, 1000, 5003] {
        for steps in [2, 5, 300, 1 << 24] {
            rows.push(chance.scores(count, 12.0, steps));
        }
        rows.push(vec![0.25; count]);
        rows.push((0..count).map(|place| place as f32).collect());
        rows.push((0..count).map(|place| -(place as f32)).collect());
        let mut extreme = chance.scores(count, 1.0, 1 << 20);
        for place in 0..count {
            match chance.next() % 9 {
                0 => extreme[place] = f32::NEG_INFINITY,
                1 => extreme[place] = f32::MAX,
                2 => extreme[place] = f32::MIN,
                3 => extreme[place] = if place % 2 == 0 { 0.0 } else { -0.0 },
                _ => {}
            }
        }
        rows.push(extreme);
    }
    rows
}

fn sampler(settings: &Settings) -> Sampler {
    Sampler::free(settings, 6000, None, LlamaToken(-1))
}

/// The tokens picked the quick way and from all tokens, one after the other.
fn both(settings: &Settings, rows: &[Vec<f32>]) -> (Vec<LlamaToken>, Vec<LlamaToken>) {
    let (mut quick, mut slow) = (sampler(settings), sampler(settings));
    let picked = rows.iter().map(|scores| {
        let one = quick.choose(scores);
        slow.see_all(scores);
        (one, slow.pick())
    });
    picked.unzip()
}

#[test]
fn the_likeliest_is_the_one_that_llama_cpp_takes() {
    let settings = Settings { temperature: 0.0, ..Settings::default() };
    assert_eq!(settings.scope(), Scope::Likeliest);
    let (quick, slow) = both(&settings, &rows());
    assert_eq!(quick, slow);
}

#[test]
fn contenders_give_the_tokens_that_all_tokens_give() {
    let rows = rows();
    for seed in 0..20 {
        for top_k in [1, 2, 40, 128] {
            let settings = Settings { seed: Some(seed), top_k, temperature: 1.5, min_p: 0.0, ..Settings::default() };
            assert_eq!(settings.scope(), Scope::Contenders(usize::try_from(top_k).expect("it is positive")));
            let (quick, slow) = both(&settings, &rows);
            assert_eq!(quick, slow, "seed {seed}, the best {top_k}");
        }
    }
}

#[test]
fn contenders_are_few_in_a_large_vocabulary() {
    let scores = Chance(3).scores(152_000, 10.0, 1 << 24);
    let mut found = Vec::new();
    contenders(&scores, 40, &mut found);
    assert!(found.len() < 1000, "{} of {}", found.len(), scores.len());
}

#[test]
fn penalties_and_no_bound_need_all_tokens() {
    let usual = Settings::default();
    assert_eq!(Settings { presence_penalty: 0.5, temperature: 0.0, ..usual.clone() }.scope(), Scope::All);
    assert_eq!(Settings { top_k: 0, ..usual.clone() }.scope(), Scope::All);
    assert_eq!(Settings { top_k: 129, ..usual }.scope(), Scope::All);
}

#[test]
fn equals_are_ranked_as_they_stand_in_the_vocabulary() {
    for scores in rows() {
        let mut expected: Vec<usize> = (0..scores.len()).collect();
        expected.sort_by(|one, other| scores[*other].partial_cmp(&scores[*one]).expect("all are numbers"));
        let (mut found, k) = (Vec::new(), NEXT_BEST.min(scores.len()));
        ranked(&scores, k, &mut found);
        let found: Vec<usize> = found.iter().map(|one| usize::try_from(one.id().0).expect("a place")).collect();
        assert_eq!(found, expected[..k]);
    }
}

#[test]
fn scores_that_are_no_numbers_do_no_harm() {
    let mut scores = vec![f32::NAN; 300];
    scores[200] = 1.0;
    assert_eq!(likeliest(&scores), LlamaToken(200));
    let mut found = Vec::new();
    contenders(&scores, 40, &mut found);
    assert!(found.iter().any(|one| one.id() == LlamaToken(200)));
}

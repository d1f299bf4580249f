//! From the vectors of a text's tokens to the vector of the text.

/// How the vectors of tokens become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// Their mean, padding left out.
    Mean,
    /// That of the first token.
    First,
}

/// The vector of length 1 of a text, of the vectors of its tokens: `tokens` holds rows of `dimensions` floats.
///
/// No tokens, or vectors that cancel each other out, give the zero vector.
pub fn pool(tokens: &[f32], dimensions: usize, pooling: Pooling) -> Vec<f32> {
    let rows = tokens.chunks_exact(dimensions.max(1));
    let mut sum = vec![0.0_f64; dimensions];
    let taken = match pooling {
        Pooling::Mean => usize::MAX,
        Pooling::First => 1,
    };
    for row in rows.take(taken) {
        for (total, value) in sum.iter_mut().zip(row) {
            *total += f64::from(*value);
        }
    }
    // Dividing by the number of rows first would change nothing: the length becomes 1 anyway.
    let norm = sum.iter().map(|value| value * value).sum::<f64>().sqrt();
    let scale = if norm > 0.0 { norm.recip() } else { 0.0 };
    sum.into_iter().map(|value| (value * scale) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_over_tokens_and_has_length_one() {
        assert_eq!(pool(&[1.0, 0.0, 5.0, 8.0], 2, Pooling::Mean), [0.6, 0.8]);
        assert_eq!(pool(&[0.0, -2.0, 5.0, 8.0], 2, Pooling::First), [0.0, -1.0]);
    }

    #[test]
    fn nothing_gives_the_zero_vector() {
        assert_eq!(pool(&[], 3, Pooling::Mean), [0.0; 3]);
        assert_eq!(pool(&[1.0, -1.0], 1, Pooling::Mean), [0.0]);
    }
}

//! Why a picture belongs, and which pictures to ask about.

use crate::library::MediaId;
use crate::perception::faces::gallery::dot;

/// Of the pictures that are least certain, so many times as many as are asked about are looked at.
const CHOICE: usize = 8;

/// An example that a picture is like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// The example.
    pub id: MediaId,
    /// Cosine of the angle between the pictures' vectors.
    pub alike: f32,
}

/// Why a picture belongs, or does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// How certain it is that it belongs, 0–1; `None` when nothing is known of its picture.
    pub certainty: Option<f64>,
    /// What the user said of it.
    pub said: Option<bool>,
    /// The examples that it is most like.
    pub like: Vec<Likeness>,
    /// The counter-examples that it is most like.
    pub unlike: Vec<Likeness>,
}

/// The vectors most like this one: their places in `among` and how alike they are (cosine), the most alike first.
pub fn nearest(vector: &[f32], among: &[Vec<f32>], most: usize) -> Vec<(usize, f32)> {
    let fits = |(_, other): &(usize, &Vec<f32>)| other.len() == vector.len();
    let mut alike: Vec<(usize, f32)> =
        among.iter().enumerate().filter(fits).map(|(at, other)| (at, dot(vector, other))).collect();
    alike.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    alike.truncate(most);
    alike
}

/// Of pictures with their certainties and vectors, those whose answer helps most: close to the threshold, and unlike each
/// other, because of ten frames of one burst one answer tells as much as ten. Returns places in `pictures`.
pub fn to_ask(pictures: &[(f32, Vec<f32>)], threshold: f32, most: usize) -> Vec<usize> {
    let doubt = |at: usize| (pictures[at].0 - threshold).abs();
    let mut least_certain: Vec<usize> = (0..pictures.len()).collect();
    least_certain.sort_by(|a, b| doubt(*a).total_cmp(&doubt(*b)).then(a.cmp(b)));
    least_certain.truncate(most.saturating_mul(CHOICE));
    let mut asked: Vec<usize> = Vec::new();
    while asked.len() < most && !least_certain.is_empty() {
        let alike = |at: usize| {
            let like = asked.iter().map(|known| dot(&pictures[at].1, &pictures[*known].1));
            like.fold(0.0_f32, f32::max)
        };
        // One asked already and much like it is worth little, however uncertain.
        let worth = |at: usize| (1.0 - doubt(at)) * (1.0 - alike(at).clamp(0.0, 0.99));
        let mut best = 0;
        for at in 1..least_certain.len() {
            if worth(least_certain[at]) > worth(least_certain[best]) {
                best = at;
            }
        }
        asked.push(least_certain.remove(best));
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_of_one_burst_one_is_asked_about() {
        let pictures =
            vec![(0.50, vec![1.0, 0.0]), (0.51, vec![1.0, 0.0]), (0.60, vec![0.0, 1.0]), (0.99, vec![0.6, 0.8])];
        assert_eq!(to_ask(&pictures, 0.5, 2), [0, 2]);
        assert_eq!(to_ask(&pictures, 0.5, 9).len(), 4);
        assert!(to_ask(&[], 0.5, 3).is_empty());
    }

    #[test]
    fn the_most_alike_come_first_and_other_models_not_at_all() {
        let among = vec![vec![0.0, 1.0], vec![1.0, 0.0], vec![1.0]];
        assert_eq!(nearest(&[0.8, 0.6], &among, 5), [(1, 0.8), (0, 0.6)]);
    }
}

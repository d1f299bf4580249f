//! Of pictures that are all but the same, the best: a photo book shows a sight once.
//!
//! Alike are near copies (a wallpaper made of a photo, the same picture sent around) and the pictures of one burst, as the
//! library has found them. The best has the most stars, then a title, then the most pixels, and was the earliest.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::LeftOut;
use super::gather::Item;
use crate::library::MediaId;

/// Keeps the best of each group, in the order in which they stand; `groups` holds the keys of those that a medium is in.
pub(super) fn once(items: Vec<Item>, groups: &HashMap<MediaId, Vec<String>>) -> (Vec<Item>, Vec<LeftOut>) {
    let mut ranked: Vec<usize> = (0..items.len()).collect();
    ranked.sort_by_key(|at| {
        let medium = &items[*at].medium;
        let pixels = medium.width.unwrap_or(0) * medium.height.unwrap_or(0);
        Reverse((medium.rating, medium.title.is_some(), pixels, Reverse(*at)))
    });
    let mut standing: HashMap<&str, usize> = HashMap::new();
    let mut for_whom = vec![None; items.len()];
    for at in ranked {
        let keys = groups.get(&items[at].medium.id).map(Vec::as_slice).unwrap_or_default();
        for_whom[at] = keys.iter().find_map(|key| standing.get(key.as_str()).copied());
        if for_whom[at].is_none() {
            standing.extend(keys.iter().map(|key| (key.as_str(), at)));
        }
    }
    let stands = |at: &Option<usize>| at.map(|better| items[better].medium.name.clone());
    let names: Vec<Option<String>> = for_whom.iter().map(stands).collect();
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for (item, better) in items.into_iter().zip(names) {
        match better {
            None => kept.push(item),
            Some(better) => {
                left_out.push(LeftOut { name: item.medium.name, reason: format!("all but the same as {better}") });
            }
        }
    }
    (kept, left_out)
}

//! A camera's name as people say it, from the maker and model that it writes.
//!
//! "OLYMPUS IMAGING CORP." and "E-PM1" give "Olympus E-PM1"; a maker that the model repeats is said once.
//! The same camera gives the same label whichever program rewrote the spelling.

/// Makers whose spelling is their own; others keep theirs, or lose their capitals if they shout.
const MAKERS: [(&str, &str); 33] = [
    ("apple", "Apple"),
    ("asus", "Asus"),
    ("canon", "Canon"),
    ("casio", "Casio"),
    ("dji", "DJI"),
    ("eastman kodak", "Kodak"),
    ("fairphone", "Fairphone"),
    ("fuji", "Fujifilm"),
    ("google", "Google"),
    ("gopro", "GoPro"),
    ("hasselblad", "Hasselblad"),
    ("hewlett-packard", "HP"),
    ("hmd global", "Nokia"),
    ("honor", "Honor"),
    ("htc", "HTC"),
    ("huawei", "Huawei"),
    ("kodak", "Kodak"),
    ("konica minolta", "Konica Minolta"),
    ("leica", "Leica"),
    ("lg", "LG"),
    ("minolta", "Minolta"),
    ("motorola", "Motorola"),
    ("nikon", "Nikon"),
    ("nokia", "Nokia"),
    ("olympus", "Olympus"),
    ("om digital", "OM System"),
    ("oneplus", "OnePlus"),
    ("panasonic", "Panasonic"),
    ("pentax", "Pentax"),
    ("ricoh", "Ricoh"),
    ("samsung", "Samsung"),
    ("sony", "Sony"),
    ("xiaomi", "Xiaomi"),
];

/// The label of a camera; `None` when nothing is known of it.
pub fn label(make: Option<&str>, model: Option<&str>) -> Option<String> {
    let tidy = |text: Option<&str>| {
        let text = text?.split_whitespace().collect::<Vec<_>>().join(" ");
        text.chars().any(char::is_alphanumeric).then_some(text)
    };
    let (make, model) = (tidy(make), tidy(model));
    let Some(model) = model else { return make.as_deref().map(maker) };
    let Some(make) = make else { return Some(model) };
    let maker = maker(&make);
    // "NIKON D90", "Canon EOS 70D", "PENTAX K-5": the model starts with the maker, short or in full.
    if let Some(rest) = strip_word(&model, &make).or_else(|| strip_word(&model, &maker)) {
        return Some(if rest.is_empty() { maker } else { format!("{maker} {rest}") });
    }
    let first = model.split(' ').next().unwrap_or_default();
    if let Some((_, known)) = MAKERS.iter().find(|(key, _)| first.eq_ignore_ascii_case(key)) {
        return Some(format!("{known} {}", model[first.len()..].trim_start()).trim_end().to_owned());
    }
    Some(format!("{maker} {model}"))
}

/// What follows `word` at the start of `text`, without regard to case.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.get(..word.len())?;
    let rest = &text[word.len()..];
    (head.eq_ignore_ascii_case(word) && (rest.is_empty() || rest.starts_with(' '))).then(|| rest.trim_start())
}

/// A maker's name as people say it.
fn maker(make: &str) -> String {
    let lower = make.to_lowercase();
    let known = MAKERS.iter().find(|(key, _)| {
        lower
            .strip_prefix(key)
            .is_some_and(|rest| rest.is_empty() || *key == "fuji" || !rest.starts_with(char::is_alphanumeric))
    });
    if let Some((_, known)) = known {
        return (*known).to_owned();
    }
    const COMPANY: [&str; 14] = [
        "corporation",
        "corp",
        "company",
        "co",
        "ltd",
        "inc",
        "limited",
        "gmbh",
        "ag",
        "imaging",
        "electronics",
        "technologies",
        "technology",
        "optical",
    ];
    let words: Vec<&str> = make.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let kept = words
        .iter()
        .position(|word| COMPANY.contains(&word.trim_matches('.').to_lowercase().as_str()))
        .unwrap_or(words.len());
    let words = if kept == 0 { &words[..] } else { &words[..kept] };
    let calm = words.iter().map(|word| {
        let shouts = word.chars().count() > 3 && word.chars().all(|c| c.is_uppercase());
        if !shouts {
            return (*word).to_owned();
        }
        let mut letters = word.chars();
        letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect()
    });
    calm.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cameras_are_called_what_people_call_them() {
        for (make, model, expected) in [
            ("Canon", "Canon EOS 70D", "Canon EOS 70D"),
            ("OLYMPUS IMAGING CORP.", "E-PM1", "Olympus E-PM1"),
            ("OLYMPUS IMAGING CORP.  ", "E-PM1           ", "Olympus E-PM1"),
            ("Apple", "iPhone 11", "Apple iPhone 11"),
            ("NIKON CORPORATION", "NIKON D90", "Nikon D90"),
            ("SONY", "ILCE-9M2", "Sony ILCE-9M2"),
            ("CASIO COMPUTER CO.,LTD.", "EX-FH20", "Casio EX-FH20"),
            ("EASTMAN KODAK COMPANY", "KODAK DX4900 ZOOM DIGITAL CAMERA", "Kodak DX4900 ZOOM DIGITAL CAMERA"),
            ("FUJIFILM", "FinePix S4500", "Fujifilm FinePix S4500"),
            ("samsung", "SM-G973F", "Samsung SM-G973F"),
            ("HUAWEI", "ELE-L29", "Huawei ELE-L29"),
            ("LG Electronics", "LG-H815", "LG LG-H815"),
            ("ACME OPTICAL CO", "X1", "Acme X1"),
            ("", "K-5", "K-5"),
            ("Leica Camera AG", "M9", "Leica M9"),
        ] {
            assert_eq!(label(Some(make), Some(model)).as_deref(), Some(expected));
        }
        assert_eq!(label(None, None), None);
        assert_eq!(label(Some(" "), Some("---")), None);
    }
}

//! What kind of paper a text in a picture is on: so far, receipts.
//!
//! A receipt has amounts of money on several lines, and a word that only stands beside such: a total, a tax, a change. Menus
//! have the first without the second, letters the second without the first. Words of the five languages of questions.

use std::sync::LazyLock;

use regex::Regex;

use super::sights::Sight;
use super::text::analysis::fold;
use crate::library::jobs::ModelKey;
use crate::library::lettering::TextLine;

/// Lines with amounts that a receipt has at least.
const AMOUNTS: usize = 3;
/// How certain it is then.
const CERTAINTY: f32 = 0.9;
/// Other words for it, and what they are worth.
const OTHERS: [(&str, f32); 2] = [("bill", 0.85), ("invoice", 0.8)];

/// "10,86", "€ 3.49": two digits behind a point or comma, and no date or time around them.
static AMOUNT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(^|[^\d.,:/])\d{1,5}[.,]\d{2}($|[^\d.,:/])").ok());

/// Words, folded, that stand beside amounts on receipts and hardly elsewhere.
const TOTALS: [&str; 30] = [
    "total",
    "subtotal",
    "sum",
    "amount",
    "tax",
    "change",
    "cash",
    "visa",
    "mastercard",
    "paid",
    "due",
    "summe",
    "gesamt",
    "betrag",
    "zwischensumme",
    "mwst",
    "ruckgeld",
    "gegeben",
    "girocard",
    "rechnung",
    "montant",
    "tva",
    "payer",
    "rendu",
    "importe",
    "iva",
    "pagar",
    "cambio",
    "efectivo",
    "合计",
];

/// What kinds of paper these lines are on, in words.
pub fn of(lines: &[(TextLine, ModelKey)]) -> Vec<Sight> {
    if !is_receipt(lines.iter().map(|(line, _)| line.text.as_str())) {
        return Vec::new();
    }
    let own = Sight { word: "receipt".to_owned(), certainty: CERTAINTY, own: true };
    let others = OTHERS.iter().map(|(word, worth)| Sight { word: (*word).to_owned(), certainty: *worth, own: false });
    std::iter::once(own).chain(others).collect()
}

fn is_receipt<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let Some(amount) = AMOUNT.as_ref() else { return false };
    let (mut amounts, mut totals) = (0, false);
    for line in lines {
        amounts += usize::from(amount.is_match(line));
        let folded = fold(line);
        totals |= folded.split(|c: char| !c.is_alphanumeric()).any(|word| TOTALS.contains(&word));
    }
    totals && amounts >= AMOUNTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_a_total_are_a_receipt_in_any_language() {
        for receipt in [
            &["MADISON GROCERY", "Whole Milk 3.49", "Bread 4.99", "TOTAL $8.48"][..],
            &["REWE", "Brötchen 2,34 B", "Käse 3,49", "Summe EUR 5,83", "Rückgeld 4,17"],
            &["Boulangerie", "Croissant 2,60", "Café 2,80", "Total à payer 5,40"],
            &["Bar Sol", "Café 1,20", "Pan 0,90", "Importe 2,10 €"],
        ] {
            assert!(is_receipt(receipt.iter().copied()), "{receipt:?}");
        }
    }

    #[test]
    fn menus_dates_and_letters_are_none() {
        for other in [
            &["Soup 4.50", "Salad 6.00", "Pizza 9.80", "Coffee 2.20"][..],
            &["Total solar eclipse", "12.08.2026", "11.05.2030", "20.03.2034"],
            &["The total amount of 3.50 is due", "Yours sincerely"],
            &["Departures", "10:35", "11:20", "12:05", "Total delay"],
        ] {
            assert!(!is_receipt(other.iter().copied()), "{other:?}");
        }
    }
}

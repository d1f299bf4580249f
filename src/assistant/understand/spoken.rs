//! Reads "where I talked about grandpa's boat": what follows was said and need not be seen.
//!
//! The words of talking go, and what was talked about is content whatever it names: whoever is spoken of need not be in the
//! picture, and a place that is mentioned is not where it was taken.

use std::ops::Range;
use std::sync::LazyLock;

use super::phrases::Phrases;
use super::sentence::{Claim, Sentence};

/// Before what was said.
static LEADS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    let verbs = "talked about|talk about|talking about|talks about|was talking about|am talking about|spoke about|spoke of|speak about|\
                 speak of|speaking of|speaking about|told about|told of|told something about|mentioned|mention|mentions|\
                 said something about|say something about|was saying something about|told a story about|tell a story about";
    let starts = [
        "",
        "i ",
        "we ",
        "where i ",
        "where we ",
        "in which i ",
        "in which we ",
        "where i have ",
        "that i ",
        "do i ",
        "did i ",
    ];
    let english = starts.iter().flat_map(|start| verbs.split('|').map(move |verb| format!("{start}{verb}")));
    let others = "my note about|my notes about|my voice note about|my voice notes about|the voice note about|voice note about|voice notes about|\
         with a voice note about|with a note about|with my note about|\
         wo ich über|wo ich von|wo wir über|wo wir von|in dem ich über|in der ich über|auf dem ich über|in dem wir über|bei dem ich über|\
         zu dem ich über|zu dem ich von|meine notiz über|meine sprachnotiz über|sprachnotiz über|sprachnotizen über|\
         où je parle de|où je parle d|où je parle du|où j'ai parlé de|où j'ai parlé d|où j'ai parlé du|où nous parlons de|où nous parlons du|où on parle de|\
         où on parle du|où je mentionne|dans laquelle je parle de|dans laquelle je parle du|ma note vocale sur|ma note sur|note vocale sur|\
         donde hablo de|donde hablo del|donde hablé de|donde hablé del|donde hablamos de|donde hablamos del|donde menciono|en la que hablo de|en la que hablo del|\
         en la que hablé de|en el que hablo de|mi nota de voz sobre|mi nota sobre|nota de voz sobre|\
         我说到|我提到|我谈到|我讲到|我们说到|我们提到|我们谈到|说到|提到|谈到|讲到";
    let english: Vec<String> = english.collect();
    let groups = english.iter().map(String::as_str).chain([others]);
    Phrases::new(groups.map(|group| (group, ())))
});

/// After it: verbs, where a language puts them last, which go (`true`), and words for media, which others read.
static ENDS: LazyLock<Phrases<bool>> = LazyLock::new(|| {
    Phrases::new([
        (
            "spreche|gesprochen habe|sprechen|gesprochen haben|rede|geredet habe|reden|geredet haben|erzähle|erzählt habe|\
             erzählen|erzählt haben|sage|gesagt habe",
            true,
        ),
        ("的照片|的图片|的视频|的录像|的相片|照片|图片|视频|的那张|的那段", false),
    ])
});

/// Sets aside what was said; [`Sentence::release_said`] makes it content.
pub fn read(s: &mut Sentence) {
    let Some((at, length, ())) = LEADS.find(s.tokens()) else { return };
    let Some(said) = said(s, at + length) else { return };
    s.skip(at..at + length);
    if let Some((length, true)) = ENDS.at(s.tokens(), said.end) {
        s.skip(said.end..said.end + length);
    }
    s.claims[said].fill(Claim::Said);
}

/// What follows, up to where it ends: a mark, a word after it, or the end.
fn said(s: &Sentence, from: usize) -> Option<Range<usize>> {
    let ends = |at: usize| at > from && (s.tokens()[at].mark.is_some() || ENDS.is_at(s.tokens(), at));
    let end = (from..s.len()).find(|at| ends(*at)).unwrap_or(s.len());
    (from < end).then_some(from..end)
}

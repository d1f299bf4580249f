//! Says a reading in one line, so that tests can state what a question must mean.

use std::collections::HashMap;

use super::super::{Action, FollowUp, Intent, Manner, Order, Pick, Reading};
use crate::library::filter::{MediaFilter, PlaceRef, TimeSpan};

/// The reading in one line: intent, then what is not empty, in a fixed order.
pub fn of(reading: &Reading, names: &HashMap<String, String>) -> String {
    let name = |id: String| names.get(&id).cloned().unwrap_or(id);
    let mut parts = vec![intent(&reading.intent)];
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            parts.push(format!("{key}={value}"));
        }
    };
    let f = &reading.filter;
    let people: Vec<String> = f
        .people
        .iter()
        .map(|group| group.iter().map(|id| name(id.to_string())).collect::<Vec<_>>().join("|"))
        .collect();
    add("p", people.join("+"));
    add("-p", f.without_people.iter().map(|id| name(id.to_string())).collect::<Vec<_>>().join("+"));
    add("only", if f.only_these_people { "yes".to_owned() } else { String::new() });
    add("people", f.has_people.map_or(String::new(), |has| if has { "some" } else { "none" }.to_owned()));
    add("unnamed", if f.somebody_unnamed { "yes".to_owned() } else { String::new() });
    add("n", f.people_count.map_or(String::new(), |span| bounds(Some(span.least).filter(|n| *n > 0), span.most)));
    add("pl", places(&f.places));
    add("located", f.located.map_or(String::new(), |located| located.to_string()));
    add("-pl", places(&f.without_places));
    times(f, &mut add);
    add("k", f.kinds.iter().map(|kind| format!("{kind:?}").to_lowercase()).collect::<Vec<_>>().join("|"));
    add("s", bounds(f.min_seconds, f.max_seconds));
    add("cam", f.cameras.join("|"));
    add("r", rating(f));
    add("shape", f.shapes.iter().map(|shape| format!("{shape:?}").to_lowercase()).collect::<Vec<_>>().join("|"));
    add("e", f.events.iter().map(|id| name(id.to_string())).collect::<Vec<_>>().join("|"));
    add("-e", f.without_events.iter().map(|id| name(id.to_string())).collect::<Vec<_>>().join("|"));
    add("album", f.albums.iter().map(|id| name(id.to_string())).collect::<Vec<_>>().join("|"));
    add("tag", f.tags.join("+"));
    add("-tag", f.without_tags.join("+"));
    add("copies", f.copies.map_or(String::new(), |copies| format!("{copies:?}").to_lowercase()));
    if let Some(content) = &reading.content {
        add("c", content.wording.english.clone());
        if content.alternatives.len() > 1 {
            add(
                "alt",
                content.alternatives.iter().map(|wording| wording.english.clone()).collect::<Vec<_>>().join("|"),
            );
        }
    }
    add("-c", reading.without_content.iter().map(|wording| wording.english.clone()).collect::<Vec<_>>().join("|"));
    add("ord", order(reading));
    add("unclear", reading.unclear.join("|"));
    add("unk", reading.unknown_names.join("|"));
    add("yes", if reading.yes_or_no { "no".to_owned() } else { String::new() });
    add(
        "fu",
        match reading.follow_up {
            FollowUp::None => String::new(),
            other => format!("{other:?}").to_lowercase(),
        },
    );
    for end in &reading.ends {
        parts.push(format!("[{}]", of(end, names)));
    }
    parts.join(" ")
}

fn bounds(least: Option<u32>, most: Option<u32>) -> String {
    match (least, most) {
        (None, None) => String::new(),
        (Some(least), Some(most)) => format!("{least}..{most}"),
        (Some(least), None) => format!("{least}.."),
        (None, Some(most)) => format!("..{most}"),
    }
}

fn times(f: &MediaFilter, add: &mut impl FnMut(&str, String)) {
    add("t", f.taken.iter().map(span).collect::<Vec<_>>().join("|"));
    add("m", f.months.iter().map(i8::to_string).collect::<Vec<_>>().join(","));
    let days: Vec<String> = f.month_days.iter().map(|(month, day)| format!("{month}-{day}")).collect();
    add("md", if days.len() > 4 { format!("{}..{}", days[0], days[days.len() - 1]) } else { days.join(",") });
    add("wd", f.weekdays.iter().map(i8::to_string).collect::<Vec<_>>().join(","));
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    add(
        "tod",
        f.times_of_day
            .iter()
            .map(|span| format!("{}-{}", clock(span.from), clock(span.to)))
            .collect::<Vec<_>>()
            .join("|"),
    );
    add("dated", f.dated.map_or(String::new(), |dated| dated.to_string()));
}

fn span(span: &TimeSpan) -> String {
    let point = |at: jiff::civil::DateTime| {
        let text = at.to_string();
        text.strip_suffix("T00:00:00").unwrap_or(&text).to_owned()
    };
    let start = if span.start.year() == 1 { String::new() } else { point(span.start) };
    let end = if span.end.year() == 9999 { String::new() } else { point(span.end) };
    format!("{start}..{end}")
}

fn places(places: &[PlaceRef]) -> String {
    let one = |place: &PlaceRef| {
        place.city.clone().or_else(|| place.region.clone()).or_else(|| place.country_code.clone()).unwrap_or_default()
    };
    if places.len() > 6 {
        format!("{} places", places.len())
    } else {
        places.iter().map(one).collect::<Vec<_>>().join("|")
    }
}

fn rating(f: &MediaFilter) -> String {
    match (f.min_rating, f.max_rating) {
        (Some(min), None) => format!("{min}+"),
        (Some(min), Some(max)) => format!("{min}-{max}"),
        (None, Some(max)) => format!("-{max}"),
        (None, None) => String::new(),
    }
}

fn order(reading: &Reading) -> String {
    let limit = reading.limit.map_or(String::new(), |limit| format!("/{limit}"));
    match reading.order {
        Order::Relevance => limit,
        order => format!("{}{limit}", format!("{order:?}").to_lowercase()),
    }
}

fn intent(intent: &Intent) -> String {
    let low = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
    match intent {
        Intent::Count { distinct: Some(by) } => format!("count:{}", low(by)),
        Intent::Group { by, pick: Pick::All } => format!("group:{}", low(by)),
        Intent::Group { by, pick } => format!("group:{}:{}", low(by), low(pick)),
        Intent::When { unit: Some(unit), .. } => format!("when:{}", low(unit)),
        Intent::When { edge: Some(edge), .. } => format!("when:{}", low(edge)),
        Intent::Where { level: Some(level) } => format!("where:{}", low(level)),
        Intent::List { what } => format!("list:{}", low(what)),
        Intent::Count { .. } => "count".to_owned(),
        Intent::Between { unit } => format!("between:{}", low(unit)),
        Intent::When { .. } => "when".to_owned(),
        Intent::Where { .. } => "where".to_owned(),
        Intent::ShowMore => "more".to_owned(),
        Intent::Summarize { manner } if *manner == Manner::default() => "summarize".to_owned(),
        Intent::Summarize { manner: Manner { tone, length, language } } => {
            let language = language.map_or(String::new(), |language| format!(" {}", language.code()));
            format!("summarize({} {}{language})", tone.name(), length.name())
        }
        Intent::Act { action } => match action {
            Action::CreateAlbum { name } => format!("album({})", name.clone().unwrap_or_default()),
            Action::KeepAlbum { name, .. } => format!("keep_album({})", name.clone().unwrap_or_default()),
            Action::AddTags { tags } => format!("tags({})", tags.join(",")),
            Action::CreateFilm { title, seconds, .. } => {
                format!(
                    "film({}{})",
                    title.clone().unwrap_or_default(),
                    seconds.map_or(String::new(), |s| format!(" {s}s"))
                )
            }
            Action::Annotate { description } => format!("annotate({description})"),
            Action::Unsupported { verb } => format!("unsupported({verb})"),
        },
        other => low(other),
    }
}

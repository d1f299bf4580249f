//! Answers as models of each family write them, whole and one character at a time.

use recollect::engine::host::reply::Piece;

use super::split::Splitter;
use super::*;

/// The pieces of `answer`, neighbours of one kind joined.
fn pieces(family: Family, answer: &str, thinking: bool, step: usize) -> Vec<Piece> {
    let mut splitter = Splitter::new(family, true, thinking);
    let letters: Vec<char> = answer.chars().collect();
    let mut found: Vec<Piece> = Vec::new();
    let mut all = Vec::new();
    for letters in letters.chunks(step) {
        all.extend(splitter.push(&letters.iter().collect::<String>()));
    }
    all.extend(splitter.finish());
    for piece in all {
        match (found.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(more)) | (Some(Piece::Thinking(before)), Piece::Thinking(more)) => {
                before.push_str(&more);
            }
            (_, piece) => found.push(piece),
        }
    }
    found
}

fn check(family: Family, answer: &str, expected: &[Piece]) {
    for step in [1, 3, 1000] {
        assert_eq!(pieces(family, answer, false, step), expected, "{family} in steps of {step}: {answer}");
    }
}

fn text(text: &str) -> Piece {
    Piece::Text(text.to_owned())
}

fn thinking(text: &str) -> Piece {
    Piece::Thinking(text.to_owned())
}

fn call(name: &str, arguments: &str) -> Piece {
    Piece::Call(Call { name: name.to_owned(), arguments: arguments.to_owned() })
}

#[test]
fn families_are_recognised_by_their_templates() {
    for (template, family) in [
        ("{% if tools %}<tool_call>{% endif %}<|im_start|>", Family::Hermes),
        ("<|start_header_id|>{{ tools }} \"parameters\"", Family::Llama3),
        ("[AVAILABLE_TOOLS] [TOOL_CALLS] [/INST]", Family::MistralList),
        ("[TOOL_CALLS]{{ name }}[ARGS]", Family::MistralNamed),
        ("<|tool_list_start|><|im_start|>", Family::Lfm2),
        ("<start_function_call>call:", Family::FunctionGemma),
        ("<|start|>assistant<|channel|>final", Family::Harmony),
        ("<start_of_turn>user", Family::Hermes),
    ] {
        assert_eq!(Family::of(template), family, "{template}");
    }
}

#[test]
fn hermes() {
    check(Family::Hermes, "Hello <b>there</b>", &[text("Hello <b>there</b>")]);
    check(
        Family::Hermes,
        "<think>\nhm < 3\n</think>\n\nLet me look.\n<tool_call>\n{\"name\": \"search\", \"arguments\": {\"q\": \"<tool\"}}\n</tool_call>\n<tool_call>{\"name\":\"b\"}</tool_call>",
        &[
            thinking("\nhm < 3\n"),
            text("Let me look.\n"),
            call("search", r#"{"q":"<tool"}"#),
            text("\n"),
            call("b", "{}"),
        ],
    );
    check(Family::Hermes, "<tool_call>no json</tool_call>", &[text("no json")]);
    assert_eq!(pieces(Family::Hermes, "a</think>b", true, 1), [thinking("a"), text("b")]);
    assert_eq!(pieces(Family::Hermes, "<tool_call>{\"name\":\"cut", false, 4), [text("{\"name\":\"cut")]);
}

#[test]
fn without_tools_a_call_is_text() {
    let mut splitter = Splitter::new(Family::Hermes, false, false);
    assert_eq!(splitter.push("<tool_call>"), [text("<tool_call>")]);
}

#[test]
fn llama3() {
    check(Family::Llama3, r#"{"name": "f", "parameters": {"a": 1}}"#, &[call("f", r#"{"a":1}"#)]);
    check(
        Family::Llama3,
        r#"<|python_tag|>{"name": "f", "parameters": {}}; {"name": "g"}"#,
        &[call("f", "{}"), call("g", "{}")],
    );
    check(Family::Llama3, "A {brace} is text.", &[text("A {brace} is text.")]);
}

#[test]
fn mistral() {
    check(
        Family::MistralList,
        r#"[TOOL_CALLS][{"name": "f", "arguments": {"a": [1]}, "id": "123456789"}, {"name": "g", "arguments": {}}]"#,
        &[call("f", r#"{"a":[1]}"#), call("g", "{}")],
    );
    check(
        Family::MistralNamed,
        r#"[THINK]so[/THINK]Well. [TOOL_CALLS]f[ARGS]{"a": 1}[TOOL_CALLS]g[CALL_ID]12[ARGS]{}"#,
        &[thinking("so"), text("Well. "), call("f", r#"{"a":1}"#), call("g", "{}")],
    );
}

#[test]
fn lfm2() {
    check(
        Family::Lfm2,
        "<|tool_call_start|>[f(a=\"it's\", b=-1.5, c=True, d=['x', None], e={'k': 'v'}), g()]<|tool_call_end|>Looking.",
        &[
            call("f", r#"{"a":"it's","b":-1.5,"c":true,"d":["x",null],"e":{"k":"v"}}"#),
            call("g", "{}"),
            text("Looking."),
        ],
    );
    check(
        Family::Lfm2,
        "<|tool_call_start|>[f(a=__import__('os'))]<|tool_call_end|>",
        &[text("[f(a=__import__('os'))]")],
    );
}

#[test]
fn functiongemma() {
    check(
        Family::FunctionGemma,
        "<start_function_call>call:f{place:<escape>Oslo, {Norway}<escape>,n:3,on:true,l:[<escape>a<escape>,2]}<end_function_call>",
        &[call("f", r#"{"place":"Oslo, {Norway}","n":3,"on":true,"l":["a",2]}"#)],
    );
}

#[test]
fn harmony() {
    check(
        Family::Harmony,
        "<|channel|>analysis<|message|>need it<|end|><|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a\":1}<|call|>",
        &[thinking("need it"), call("f", r#"{"a":1}"#)],
    );
    check(Family::Harmony, "<|channel|>final<|message|>Two pictures.", &[text("Two pictures.")]);
    check(
        Family::Harmony,
        "<|start|>assistant to=functions.g<|channel|>commentary json<|message|>{}<|call|>",
        &[call("g", "{}")],
    );
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_written_is_lost_or_panics(answer in "[a-z<>/_|{}\\[\\]\" ]{0,60}", step in 1usize..7) {
        for family in [Family::Hermes, Family::Llama3, Family::MistralList, Family::Lfm2, Family::FunctionGemma, Family::Harmony] {
            let found = pieces(family, &answer, false, step);
            if found.iter().all(|piece| matches!(piece, Piece::Text(_))) && family == Family::Hermes && !answer.contains("tool_call") {
                let told: String = found.iter().map(|piece| match piece { Piece::Text(text) => text.as_str(), _ => "" }).collect();
                proptest::prop_assert_eq!(told, answer.trim_start());
            }
        }
    }
}

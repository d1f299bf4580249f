//! The engine for language models as it is shipped: real requests, what it evaluates, parity with llama.cpp's own
//! programs, faults.
//!
//! `tiny-qwen3.gguf` and its projector have seeded random weights (`scripts/reference/random_gguf.py`); what llama.cpp's
//! own programs write with them is in `llama_reference.json` (`scripts/reference/llama.py`). stories260K writes English.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::StreamExt as _;
use recollect::engine::protocol::chat::ChatRequest;
use recollect::engine::{
    ChatEvent, ChatModel as _, ChatSettings, EngineChat, EngineError, EngineSpec, Priority, Supervisor,
};
use serde_json::{Value, json};

use crate::program::shared;

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn engine(model: &Path, more: &[&str]) -> Supervisor {
    let mut spec = EngineSpec::new("llama", PathBuf::from(env!("CARGO_BIN_EXE_recollect-llama")));
    spec.arguments = vec!["--model".into(), model.into(), "--threads".into(), "1".into()];
    spec.arguments.extend(more.iter().map(Into::into));
    spec.idle_after = None;
    Supervisor::new(spec)
}

fn tiny(more: &[&str]) -> Supervisor {
    engine(&fixture("tiny-qwen3.gguf"), more)
}

fn user(text: &str, most: u32) -> Value {
    json!({"messages": [{"role": "user", "content": text}], "temperature": 0, "max_tokens": most})
}

async fn chat(engine: &Supervisor, request: &Value) -> Result<Value, EngineError> {
    let lease = engine.lease().await?;
    match lease.client().post("/v1/chat/completions", request).await {
        Ok(answer) => Ok(answer),
        Err(error) => Err(lease.explain(error).await),
    }
}

fn said(answer: &Value) -> &str {
    answer["choices"][0]["message"]["content"].as_str().unwrap()
}

/// A counter of `/metrics`.
async fn counter(engine: &Supervisor, name: &str) -> u64 {
    let text = stream_http(engine).await.0.get("http://localhost/metrics").send().await.unwrap().text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with(&format!("recollect_llama_{name} "))).unwrap();
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

/// A plain client on the engine's socket, and the engine's process.
async fn stream_http(engine: &Supervisor) -> (reqwest::Client, u32) {
    let lease = engine.lease().await.unwrap();
    let recollect::engine::Endpoint::Unix(path) = lease.client().endpoint().clone() else { panic!("no socket") };
    let recollect::engine::EngineState::Running { pid } = engine.state() else { panic!("not running") };
    (reqwest::Client::builder().unix_socket(path.as_path()).no_proxy().build().unwrap(), pid)
}

#[tokio::test]
async fn greedy_answers_are_those_of_llama_cpp_itself() {
    let reference: Value =
        serde_json::from_str(&std::fs::read_to_string(fixture("llama_reference.json")).unwrap()).unwrap();
    let engine = tiny(&["--slots", "2"]);
    for case in reference["text"].as_array().unwrap() {
        let answer = chat(&engine, &user(case["prompt"].as_str().unwrap(), 48)).await.unwrap();
        assert_eq!(said(&answer), case["answer"].as_str().unwrap(), "{}", case["prompt"]);
        assert_eq!(answer["usage"]["completion_tokens"], 48);
    }
    engine.shutdown().await;
}

#[tokio::test]
async fn answers_about_pictures_are_those_of_llama_cpp_itself() {
    use base64::Engine as _;
    let reference: Value =
        serde_json::from_str(&std::fs::read_to_string(fixture("llama_reference.json")).unwrap()).unwrap();
    let projector = fixture("tiny-projector.gguf");
    let engine = tiny(&["--mmproj", projector.to_str().unwrap()]);
    for case in reference["pictures"].as_array().unwrap() {
        let picture = std::fs::read(fixture(case["picture"].as_str().unwrap())).unwrap();
        let url = format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(picture));
        let request = json!({"temperature": 0, "max_tokens": 32, "messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": case["prompt"]}]}]});
        for cached in [false, true] {
            let answer = chat(&engine, &request).await.unwrap();
            assert_eq!(said(&answer), case["answer"].as_str().unwrap(), "{} again: {cached}", case["picture"]);
            let known = answer["usage"]["prompt_tokens_details"]["cached_tokens"].as_u64().unwrap();
            assert_eq!(known > 0, cached, "the picture is evaluated once");
        }
    }
    engine.shutdown().await;
}

#[tokio::test]
async fn a_story_is_english() {
    let Some(model) = shared("models/stories260K-f32.gguf") else { return };
    let engine = engine(&model, &[]);
    let answer = chat(&engine, &user("Once upon a time", 60)).await.unwrap();
    let words: Vec<&str> = said(&answer).split_whitespace().collect();
    let common = ["the", "a", "was", "to", "and", "she", "he", "her", "it", "big", "there", "in", "of", "one", "day"];
    let known = words.iter().filter(|word| common.contains(&word.to_lowercase().trim_matches(['.', ','])));
    assert!(words.len() > 15 && known.count() > 5, "{answer}");
    engine.shutdown().await;
}

#[tokio::test]
async fn a_follow_up_evaluates_only_what_is_new() {
    let engine = tiny(&["--context", "512"]);
    let mut text = "the first question of a conversation ".repeat(4);
    let first = chat(&engine, &user(&text, 20)).await.unwrap();
    assert_eq!(first["usage"]["prompt_tokens_details"]["cached_tokens"], 0);
    let before = counter(&engine, "prompt_tokens_total").await;
    text.push_str(said(&first));
    text.push_str(" and another one");
    let second = chat(&engine, &user(&text, 5)).await.unwrap();
    let new = counter(&engine, "prompt_tokens_total").await - before;
    let known = second["usage"]["prompt_tokens_details"]["cached_tokens"].as_u64().unwrap();
    let all = second["usage"]["prompt_tokens"].as_u64().unwrap();
    assert_eq!(new, all - known);
    assert!(new <= 30, "{new} of {all} tokens were evaluated");
    // Another conversation with the same beginning, while the first keeps its place.
    let other = format!("{}something else", "the first question of a conversation ".repeat(4));
    let third = chat(&engine, &user(&other, 5)).await.unwrap();
    let known = third["usage"]["prompt_tokens_details"]["cached_tokens"].as_u64().unwrap();
    assert!(known * 10 >= third["usage"]["prompt_tokens"].as_u64().unwrap() * 8, "{third}");
    engine.shutdown().await;
}

#[tokio::test]
async fn conversations_at_the_same_time_do_not_mix() {
    let engine = tiny(&["--slots", "4", "--context", "512"]);
    // Batches of other sizes add in another order. With random weights two tokens are sometimes almost as likely as each
    // other, and then the text may turn on that; these twelve say the same at a temperature of 0.001, whatever the seed.
    let settled = [0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 13, 17];
    let prompts = settled.map(|n| format!("{n} question about {}", "things ".repeat(n)));
    let mut alone = Vec::new();
    for prompt in &prompts {
        alone.push(said(&chat(&engine, &user(prompt, 24)).await.unwrap()).to_owned());
    }
    let together = futures::future::join_all(prompts.iter().map(|prompt| {
        let engine = engine.clone();
        async move { said(&chat(&engine, &user(prompt, 24)).await.unwrap()).to_owned() }
    }));
    assert_eq!(together.await, alone);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_full_cache_costs_time_and_no_text() {
    // Four conversations of some 110 tokens each do not fit 256 at the same time.
    let roomy = tiny(&["--slots", "4", "--context", "1024"]);
    let narrow = tiny(&["--slots", "4", "--context", "256"]);
    let ask = |engine: &Supervisor| {
        let engine = engine.clone();
        futures::future::join_all((0..4).map(move |n| {
            let engine = engine.clone();
            let prompt = format!("{n}{}", " words".repeat(10));
            async move { chat(&engine, &user(&prompt, 80)).await.unwrap() }
        }))
    };
    for (narrow, roomy) in ask(&narrow).await.iter().zip(&ask(&roomy).await) {
        assert_eq!(narrow["usage"]["completion_tokens"], 80);
        // What starts again is evaluated in other batches, whose sums differ in the last bit; with random weights two
        // tokens are sometimes as likely as each other to that bit, and from there on the texts part.
        let alike = said(narrow).chars().zip(said(roomy).chars()).take_while(|(a, b)| a == b).count();
        assert!(alike > 20, "{narrow}\n{roomy}");
    }
    roomy.shutdown().await;
    narrow.shutdown().await;
}

#[tokio::test]
async fn a_call_always_fits_its_schema() {
    let engine = tiny(&[]);
    let tools = json!([{"type": "function", "function": {"name": "search_media", "parameters": {"type": "object",
        "properties": {"place": {"type": "string", "enum": ["Oslo", "Rome"]}, "limit": {"type": "integer"}},
        "required": ["place", "limit"], "additionalProperties": false}}}]);
    for seed in 0..8 {
        let mut request = user("where", 160);
        request["tools"] = tools.clone();
        request["tool_choice"] = json!("required");
        request["temperature"] = json!(1.0);
        request["seed"] = json!(seed);
        let answer = chat(&engine, &request).await.unwrap();
        let choice = &answer["choices"][0];
        if choice["finish_reason"] == "length" {
            continue;
        }
        assert_eq!(choice["finish_reason"], "tool_calls", "{answer}");
        for call in choice["message"]["tool_calls"].as_array().unwrap() {
            assert_eq!(call["function"]["name"], "search_media");
            let arguments: Value = serde_json::from_str(call["function"]["arguments"].as_str().unwrap()).unwrap();
            assert!(["Oslo", "Rome"].contains(&arguments["place"].as_str().unwrap()), "{arguments}");
            assert!(arguments["limit"].is_i64() && arguments.as_object().unwrap().len() == 2, "{arguments}");
        }
    }
    let mut request = user("a", 200);
    request["response_format"] = json!({"type": "json_schema", "json_schema": {"name": "n", "schema": {
        "type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"], "additionalProperties": false}}});
    let answer = chat(&engine, &request).await.unwrap();
    let told: Value = serde_json::from_str(said(&answer)).unwrap();
    assert!(told["ok"].is_boolean(), "{answer}");
    engine.shutdown().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said() {
    let engine = tiny(&["--context", "128"]);
    let long = "word ".repeat(200);
    for (request, reason) in [
        (json!({"messages": []}), "at least one message"),
        (json!({"messages": [{"role": "nobody"}]}), "unknown variant"),
        (json!({"messages": [{"role": "user", "content": "a"}], "temperature": 9}), "between 0 and 5"),
        (json!({"messages": [{"role": "user", "content": "a"}], "tool_choice": "required"}), "no tools"),
        (json!({"messages": [{"role": "user", "content": "a"}], "model": "other"}), "not served here"),
        (user(&long, 5), "--context"),
        (
            json!({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}]}),
            "--mmproj",
        ),
    ] {
        let error = chat(&engine, &request).await.unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let mut request = json!({"messages": [
        {"role": "system", "content": "rules"},
        {"role": "user", "content": long}, {"role": "assistant", "content": "old"},
        {"role": "user", "content": "new"}], "max_tokens": 4, "truncation": "auto"});
    let shortened = chat(&engine, &request).await.unwrap();
    assert!(shortened["usage"]["prompt_tokens"].as_u64().unwrap() < 20, "{shortened}");
    request["truncation"] = json!("disabled");
    assert!(chat(&engine, &request).await.is_err());
    engine.shutdown().await;
}

#[tokio::test]
async fn a_client_that_goes_stops_its_answer() {
    let engine = tiny(&["--slots", "1", "--context", "512"]);
    let (http, _) = stream_http(&engine).await;
    let mut request = user("a long answer", 480);
    request["stream"] = json!(true);
    let response = http.post("http://localhost/v1/chat/completions").json(&request).send().await.unwrap();
    let mut pieces = response.bytes_stream();
    pieces.next().await.unwrap().unwrap();
    drop(pieces);
    for _ in 0..100 {
        if counter(&engine, "cancelled_total").await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(counter(&engine, "cancelled_total").await, 1);
    assert!(counter(&engine, "written_tokens_total").await < 480);
    engine.shutdown().await;
}

#[tokio::test]
async fn two_hundred_requests_at_once_are_answered_or_refused_with_a_hint() {
    let engine = tiny(&["--slots", "4", "--queue", "40"]);
    let _started = engine.lease().await.unwrap();
    let all = futures::future::join_all((0..200).map(|n| {
        let engine = engine.clone();
        async move { chat(&engine, &user(&format!("number {n}"), 8)).await }
    }))
    .await;
    let answered = all.iter().filter(|answer| answer.is_ok()).count();
    let busy = all.iter().filter(|answer| matches!(answer, Err(EngineError::Busy { .. }))).count();
    assert_eq!(answered + busy, 200, "{:?}", all.iter().find(|answer| answer.is_err()));
    assert!(answered >= 44, "{answered}");
    assert!(chat(&engine, &user("after", 4)).await.is_ok());
    engine.shutdown().await;
}

/// As the assistant asks: what comes of one question.
async fn ask(chat: &EngineChat, text: &str, most: u32, mut on_text: impl FnMut()) -> Result<String, EngineError> {
    let request: ChatRequest = serde_json::from_value(user(text, most)).unwrap();
    let mut said = String::new();
    let mut answer = chat.chat(request, Priority::Chat);
    while let Some(event) = answer.next().await {
        if let ChatEvent::Text(piece) = event? {
            said.push_str(&piece);
            on_text();
        }
    }
    Ok(said)
}

#[tokio::test]
async fn killed_in_the_middle_of_an_answer_it_says_so_and_the_next_question_is_answered() {
    let settings = ChatSettings {
        model: String::new(),
        version: String::new(),
        context: 512,
        idle: Duration::from_secs(60),
        slots: 1,
        waiting: 4,
    };
    for round in 0..50 {
        let engine = tiny(&["--context", "512"]);
        let chat = EngineChat::local(engine.clone(), settings.clone());
        drop(engine.lease().await.unwrap());
        let recollect::engine::EngineState::Running { pid } = engine.state() else { panic!("not running") };
        let process = rustix::process::Pid::from_raw(pid as i32).unwrap();
        let mut killed = false;
        let kill = || {
            if !std::mem::replace(&mut killed, true) {
                rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
            }
        };
        let error =
            ask(&chat, &format!("{round}"), 500, kill).await.expect_err("an answer that was cut off is an error");
        assert!(matches!(error, EngineError::Crashed { .. } | EngineError::Unreachable { .. }), "{round}: {error}");
        assert!(!Path::new(&format!("/proc/{pid}/exe")).exists() || process_is_dead(pid), "round {round}: an orphan");
        let again = ask(&chat, "again", 4, || ()).await;
        assert!(again.is_ok_and(|said| !said.is_empty()), "round {round}");
        engine.shutdown().await;
    }
}

fn process_is_dead(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| stat.contains(") Z "))
}

#[tokio::test]
async fn a_damaged_model_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let whole = std::fs::read(fixture("tiny-qwen3.gguf")).unwrap();
    let mut damaged: Vec<(String, Vec<u8>)> =
        (0..20).map(|n| (format!("cut-{n}.gguf"), whole[..whole.len() * n / 20].to_vec())).collect();
    let noise: Vec<u8> = (0..50_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    damaged.push(("noise.gguf".to_owned(), noise.clone()));
    damaged.push(("noise-behind-magic.gguf".to_owned(), [b"GGUF\x03\0\0\0".as_slice(), &noise].concat()));
    for (name, bytes) in damaged {
        let path = folder.path().join(&name);
        std::fs::write(&path, bytes).unwrap();
        let engine = engine(&path, &[]);
        let error = chat(&engine, &user("a", 4)).await.unwrap_err();
        assert!(matches!(error, EngineError::Start { .. }), "{name}: {error}");
        assert!(error.to_string().contains(&name), "{name}: {error}");
        assert!(!error.to_string().contains("signal"), "{name} crashes the engine: {error}");
        engine.shutdown().await;
    }
}

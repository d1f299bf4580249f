//! The engine that runs mistral.rs, as it is shipped: parity with the transformers library, demanded calls, faults.
//!
//! `tiny-llama` has seeded random weights; what transformers writes with them is in its `reference.json`
//! (`scripts/reference/llama_random.py`). Built and run with `make test-mistralrs`.

use std::path::{Path, PathBuf};
use std::process::Command;

use futures::StreamExt as _;
use recollect::engine::{Endpoint, EngineError, EngineSpec, EngineState, Supervisor};
use serde_json::{Value, json};

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny-llama")
}

fn engine(more: &[&str]) -> Supervisor {
    let mut spec = EngineSpec::new("mistralrs", PathBuf::from(env!("CARGO_BIN_EXE_recollect-mistralrs")));
    spec.arguments = vec!["--model".into(), tiny().into(), "--threads".into(), "1".into(), "--cpu".into()];
    spec.arguments.extend(["--dtype".into(), "f32".into()]);
    spec.arguments.extend(more.iter().map(Into::into));
    spec.idle_after = None;
    Supervisor::new(spec)
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

/// A plain client on the engine's socket, and the engine's process.
async fn plain(engine: &Supervisor) -> (reqwest::Client, u32) {
    let lease = engine.lease().await.unwrap();
    let Endpoint::Unix(path) = lease.client().endpoint().clone() else { panic!("no socket") };
    let EngineState::Running { pid } = engine.state() else { panic!("not running") };
    (reqwest::Client::builder().unix_socket(path.as_path()).no_proxy().build().unwrap(), pid)
}

fn said(answer: &Value) -> &str {
    answer["choices"][0]["message"]["content"].as_str().unwrap()
}

#[tokio::test]
async fn greedy_answers_are_those_of_transformers() {
    let reference: Value =
        serde_json::from_str(&std::fs::read_to_string(tiny().join("reference.json")).unwrap()).unwrap();
    let cases = reference["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == "chat");
    let engine = engine(&[]);
    let mut compared = 0;
    for case in cases {
        let tokens = case["tokens"].as_array().unwrap().len();
        let answer = chat(&engine, &user(case["question"].as_str().unwrap(), tokens as u32)).await.unwrap();
        // mistral.rs leaves out the space that an answer may begin with.
        assert_eq!(said(&answer), case["text"].as_str().unwrap().trim_start(), "{}", case["question"]);
        assert_eq!(answer["usage"]["prompt_tokens"], case["prompt_tokens"].as_array().unwrap().len(), "{answer}");
        assert_eq!(answer["usage"]["completion_tokens"], tokens, "{answer}");
        compared += 1;
    }
    assert!(compared >= 5, "{compared} conversations");
    engine.shutdown().await;
}

#[tokio::test]
async fn a_stream_is_the_answer_in_pieces() {
    let engine = engine(&[]);
    let whole = said(&chat(&engine, &user("What is in the picture?", 24)).await.unwrap()).to_owned();
    let (client, _) = plain(&engine).await;
    let mut request = user("What is in the picture?", 24);
    request["stream"] = json!(true);
    request["stream_options"] = json!({"include_usage": true});
    let answer = client.post("http://localhost/v1/chat/completions").json(&request).send().await.unwrap();
    let text = answer.text().await.unwrap();
    let events: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    assert_eq!(events.last(), Some(&"[DONE]"));
    let chunks: Vec<Value> =
        events[..events.len() - 1].iter().map(|event| serde_json::from_str(event).unwrap()).collect();
    let pieces = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str());
    assert_eq!(pieces.collect::<String>(), whole);
    assert_eq!(chunks[chunks.len() - 2]["choices"][0]["finish_reason"], "length");
    assert_eq!(chunks[chunks.len() - 1]["usage"]["completion_tokens"], 24);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_demanded_call_and_a_demanded_form_are_valid_even_from_random_weights() {
    let engine = engine(&[]);
    let tool = json!({"type": "function", "function": {"name": "count_media", "parameters": {
        "type": "object", "additionalProperties": false, "required": ["year", "kind"],
        "properties": {"year": {"enum": [2019, 2020]}, "kind": {"enum": ["photo", "video"]}}}}});
    let mut request = user("how many?", 120);
    request["tools"] = json!([tool]);
    request["tool_choice"] = json!("required");
    let answer = chat(&engine, &request).await.unwrap();
    let call = &answer["choices"][0]["message"]["tool_calls"][0]["function"];
    assert_eq!((&call["name"], &answer["choices"][0]["finish_reason"]), (&json!("count_media"), &json!("tool_calls")));
    let arguments: Value = serde_json::from_str(call["arguments"].as_str().unwrap()).unwrap();
    assert!([2019, 2020].map(Value::from).contains(&arguments["year"]), "{arguments}");
    assert!(["photo", "video"].map(Value::from).contains(&arguments["kind"]), "{arguments}");

    let mut request = user("a title", 60);
    let schema = json!({"type": "object", "additionalProperties": false, "required": ["mood"],
        "properties": {"mood": {"enum": ["gentle", "wild"]}}});
    request["response_format"] = json!({"type": "json_schema", "json_schema": {"name": "m", "schema": schema}});
    let form: Value = serde_json::from_str(said(&chat(&engine, &request).await.unwrap())).unwrap();
    assert!(["gentle", "wild"].map(Value::from).contains(&form["mood"]), "{form}");
    engine.shutdown().await;
}

#[tokio::test]
async fn what_this_engine_cannot_do_is_refused_with_the_reason() {
    let engine = engine(&[]);
    let picture = json!({"messages": [{"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]});
    let other = json!({"model": "other", "messages": [{"role": "user", "content": "a"}]});
    let mut long = user("a", 4);
    long["truncation"] = json!("auto");
    let none = json!({"messages": []});
    let endless = user(&"word ".repeat(4000), 4);
    for (request, reason) in
        [(picture, "reads no pictures"), (other, "other"), (long, "leaves out no"), (none, "no message"), (endless, "")]
    {
        let error = chat(&engine, &request).await.unwrap_err().to_string();
        assert!(error.contains(reason), "{reason}: {error}");
    }
    assert!(!said(&chat(&engine, &user("still there?", 4)).await.unwrap()).is_empty());
    engine.shutdown().await;
}

#[tokio::test]
async fn too_many_at_once_are_told_when_to_come_again_and_the_others_are_answered() {
    let engine = engine(&["--queue", "20", "--slots", "4"]);
    let (client, _) = plain(&engine).await;
    let asked = (0..200).map(|number| {
        let client = client.clone();
        async move {
            let request = user(&format!("question {number}"), 4);
            let answer = client.post("http://localhost/v1/chat/completions").json(&request).send().await.unwrap();
            (answer.status().as_u16(), answer.headers().contains_key("retry-after"))
        }
    });
    let answers = futures::future::join_all(asked).await;
    assert!(answers.iter().all(|(status, retry)| *status == 200 || (*status == 429 && *retry)), "{answers:?}");
    assert!(answers.iter().filter(|(status, _)| *status == 200).count() >= 24);
    engine.shutdown().await;
}

#[tokio::test]
async fn an_engine_killed_in_mid_answer_is_an_error_and_the_next_request_works() {
    let engine = engine(&[]);
    for _ in 0..3 {
        let (client, pid) = plain(&engine).await;
        let mut request = user("tell me a long story", 400);
        request["stream"] = json!(true);
        let answer = client.post("http://localhost/v1/chat/completions").json(&request).send().await.unwrap();
        let mut pieces = answer.bytes_stream();
        assert!(pieces.next().await.unwrap().is_ok());
        assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
        while let Some(Ok(_)) = pieces.next().await {}
        // The supervisor may first have to notice.
        let mut answered = false;
        for _ in 0..20 {
            answered |= chat(&engine, &user("and now?", 4)).await.is_ok();
            if answered {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        assert!(answered);
    }
    engine.shutdown().await;
}

#[test]
fn broken_models_are_refused_with_the_name_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(tiny()).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    let weights = folder.path().join("model.safetensors");
    let bytes = std::fs::read(&weights).unwrap();
    let refused = |name: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_recollect-mistralrs"))
            .args(["--cpu", "--listen", "unix:/tmp/never-listened", "--model"])
            .arg(folder.path())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(name), "{name}: {told}");
    };
    for part in 0..20 {
        std::fs::write(&weights, &bytes[..bytes.len() * part / 20]).unwrap();
        refused("model.safetensors");
    }
    let noise: Vec<u8> = (0..bytes.len()).map(|place| (place * 2_654_435_761 >> 7) as u8).collect();
    std::fs::write(&weights, noise).unwrap();
    refused("model.safetensors");
    std::fs::write(&weights, &bytes).unwrap();
    std::fs::write(folder.path().join("config.json"), r#"{"architectures": ["NobodyForCausalLM"]}"#).unwrap();
    refused(&folder.path().file_name().unwrap().to_string_lossy());
}

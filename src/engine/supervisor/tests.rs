//! The supervisor with a real child process: this very test program, run again as an engine that can be made to misbehave.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};

use super::*;
use crate::engine::client::Endpoint;

const BEHAVIOUR: &str = "RECOLLECT_TEST_ENGINE";

/// No test: the engine. Runs only in a child that a test below has started.
#[tokio::test]
async fn engine_for_the_tests_below() {
    let Ok(behaviour) = std::env::var(BEHAVIOUR) else { return };
    let socket = std::env::args().find_map(|argument| argument.strip_prefix("unix:").map(str::to_owned));
    if behaviour == "refuse" {
        eprintln!("the shared library is missing");
        std::process::exit(3);
    }
    let listener = tokio::net::UnixListener::bind(socket.unwrap()).unwrap();
    let app = Router::new()
        .route("/health", get(|| async {}))
        .route(
            "/v1/embeddings",
            post(|State(behaviour): State<String>| async move {
                if behaviour == "greedy" {
                    let much = vec![1_u8; 2 << 30];
                    eprintln!("it had {} bytes", much.len());
                }
                if behaviour == "crash" {
                    eprintln!("out of memory");
                    std::process::exit(9);
                }
                std::future::pending::<()>().await;
            }),
        )
        .with_state(behaviour.clone());
    // As the real engines do; "deaf" ones have to be killed.
    std::thread::spawn(move || {
        let mut byte = [0];
        while matches!(std::io::Read::read(&mut std::io::stdin(), &mut byte), Ok(1)) {}
        if behaviour != "deaf" {
            std::process::exit(0);
        }
    });
    axum::serve(listener, app).await.unwrap();
}

fn spec(behaviour: &str) -> EngineSpec {
    let mut spec = EngineSpec::new("test", std::env::current_exe().unwrap());
    let name = format!("{}::engine_for_the_tests_below", module_path!().split_once("::").unwrap().1);
    // The test harness takes what follows `--` as names of tests to run, and knows no `--listen`.
    spec.program = "/bin/sh".into();
    let script = r#"exec "$0" "$1" --exact --nocapture --test-threads 1 "$3""#;
    spec.arguments = vec!["-c".into(), script.into(), std::env::current_exe().unwrap().into(), name.into()];
    spec.environment = vec![(BEHAVIOUR.to_owned(), behaviour.into())];
    spec.start_within = Duration::from_secs(30);
    spec
}

fn alive(pid: u32) -> bool {
    // A zombie has ended too.
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

async fn until(mut condition: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come to pass");
}

fn running(supervisor: &Supervisor) -> u32 {
    match supervisor.state() {
        EngineState::Running { pid } => pid,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_child_serves_all_callers_and_goes_at_shutdown() {
    let supervisor = Supervisor::new(spec("well"));
    assert_eq!(supervisor.state(), EngineState::Stopped);
    let (a, b) = tokio::join!(supervisor.lease(), supervisor.lease());
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!(a.client().endpoint(), b.client().endpoint());
    let pid = running(&supervisor);
    let Endpoint::Unix(socket) = a.client().endpoint() else { panic!("a local engine listens on a socket") };
    let mode = std::fs::metadata(socket.parent().unwrap()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700, "others must not enter the socket's folder");
    supervisor.shutdown().await;
    assert!(!alive(pid));
    assert_eq!(supervisor.state(), EngineState::ShutDown);
    assert!(matches!(supervisor.lease().await.unwrap_err(), EngineError::ShutDown { .. }));
}

#[tokio::test]
async fn a_crash_fails_the_request_in_flight_and_the_next_one_gets_a_new_child() {
    let supervisor = Supervisor::new(spec("crash"));
    let lease = supervisor.lease().await.unwrap();
    let first = running(&supervisor);
    let error = lease.client().embed("m", &["a".to_owned()]).await.unwrap_err();
    let error = lease.explain(error).await;
    assert!(matches!(&error, EngineError::Crashed { status, .. } if status.contains("out of memory")), "{error}");
    let _lease = supervisor.lease().await.unwrap();
    assert_ne!(running(&supervisor), first);
    supervisor.shutdown().await;
}

#[tokio::test]
async fn what_keeps_failing_is_started_ever_more_rarely_and_says_why() {
    let supervisor = Supervisor::new(spec("refuse"));
    let error = supervisor.lease().await.unwrap_err();
    assert!(
        matches!(&error, EngineError::Start { reason, .. } if reason.contains("shared library is missing")),
        "{error}"
    );
    let began = Instant::now();
    for _ in 0..2 {
        assert!(matches!(supervisor.lease().await.unwrap_err(), EngineError::Start { .. }));
    }
    assert!(began.elapsed() >= back_off(1) + back_off(2));
    assert!(matches!(supervisor.state(), EngineState::Failed { failures: 3, .. }));
    supervisor.lease().await.unwrap_err();
    let error = supervisor.lease().await.unwrap_err();
    assert!(matches!(error, EngineError::BackingOff { failures: 4, .. }), "{error}");
}

#[tokio::test]
async fn an_idle_engine_ends_but_not_while_it_is_used() {
    let mut spec = spec("well");
    spec.idle_after = Some(Duration::from_millis(200));
    let supervisor = Supervisor::new(spec);
    let lease = supervisor.lease().await.unwrap();
    let pid = running(&supervisor);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(alive(pid), "it is in use");
    drop(lease);
    until(|| !alive(pid)).await;
    until(|| supervisor.state() == EngineState::Stopped).await;
    drop(supervisor.lease().await.unwrap());
    supervisor.shutdown().await;
}

#[tokio::test]
async fn a_child_that_does_not_listen_is_killed_and_none_outlives_its_supervisor() {
    let supervisor = Supervisor::new(spec("deaf"));
    drop(supervisor.lease().await.unwrap());
    let deaf = running(&supervisor);
    supervisor.shutdown().await;
    assert!(!alive(deaf));

    let supervisor = Supervisor::new(spec("well"));
    drop(supervisor.lease().await.unwrap());
    let pid = running(&supervisor);
    drop(supervisor);
    until(|| !alive(pid)).await;
}

#[tokio::test]
async fn a_missing_program_is_named() {
    let mut spec = spec("well");
    spec.program = "/nowhere/recollect-none".into();
    let error = Supervisor::new(spec).lease().await.unwrap_err();
    assert!(error.to_string().contains("/nowhere/recollect-none"), "{error}");
    let error = program("recollect-none").unwrap_err();
    assert!(matches!(&error, EngineError::ProgramMissing { folders, .. } if !folders.is_empty()), "{error}");
}

#[test]
fn the_back_off_doubles_up_to_a_minute() {
    let seconds: Vec<f64> = [1, 2, 3, 8, 9, 4_000_000].map(|n| back_off(n).as_secs_f64()).to_vec();
    assert_eq!(seconds, [0.5, 1.0, 2.0, 60.0, 60.0, 60.0]);
}

#[tokio::test]
async fn what_fails_too_often_is_left_alone_and_tried_again_later() {
    let mut spec = spec("refuse");
    (spec.give_up_after, spec.resume_after) = (2, Duration::from_millis(800));
    let supervisor = Supervisor::new(spec);
    for _ in 0..2 {
        assert!(matches!(supervisor.lease().await.unwrap_err(), EngineError::Start { .. }));
    }
    let error = supervisor.lease().await.unwrap_err();
    assert!(matches!(&error, EngineError::GaveUp { failures: 2, last, .. } if last.contains("missing")), "{error}");
    assert!(!error.is_transient());
    assert!(matches!(supervisor.state(), EngineState::GaveUp { failures: 2, .. }));
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert!(matches!(supervisor.lease().await.unwrap_err(), EngineError::Start { .. }), "one more attempt is made");
    assert!(matches!(supervisor.lease().await.unwrap_err(), EngineError::GaveUp { failures: 3, .. }));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_greedy_engine_fails_alone() {
    let mut spec = spec("greedy");
    spec.memory = Some(1 << 30);
    let supervisor = Supervisor::new(spec);
    let lease = supervisor.lease().await.unwrap();
    let error = lease.client().embed("m", &["a".to_owned()]).await.unwrap_err();
    let error = lease.explain(error).await;
    assert!(matches!(&error, EngineError::Crashed { status, .. } if !status.contains("it had")), "{error}");
    drop(supervisor.lease().await.unwrap());
    supervisor.shutdown().await;
}

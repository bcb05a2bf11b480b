use crate::artifact::Artifact;
use crate::engine::Engine;
use crate::error::CallError;
use crate::host::Host;
use crate::plugin::Plugin;
use crate::standard::{ProcessRequest, Standard};

#[allow(dead_code, unreachable_pub, reason = "it is written for many tests")]
#[path = "../../tests/support/guest.rs"]
mod guest;

use guest::Guest;

async fn prepared(engine: Engine) -> Plugin<Standard> {
    let host = Host::<Standard>::builder().engine(engine).build().unwrap();
    let artifact = Artifact::from_bytes(Guest::echo().build()).unwrap();
    host.prepare("echo", artifact).await.unwrap()
}

/// Nothing would stop an endless loop, so nothing is run.
#[tokio::test]
async fn without_a_ticker_calls_are_refused() {
    for engine in [Engine::with_dead_ticker(), Engine::with_stuck_ticker()] {
        let error = prepared(engine).await.instantiate().await.unwrap_err();
        assert_eq!(error.code(), "PLG0505");
        assert!(error.to_string().contains("has not ticked for a second"), "{error}");
    }
}

/// The instance is well: the refused call never began.
#[tokio::test]
async fn a_call_that_is_refused_leaves_the_instance_as_it_was() {
    let engine = Engine::new().unwrap();
    let mut instance = prepared(engine.clone()).await.instantiate().await.unwrap();
    engine.set_ticker_dead(true);
    let refused: CallError = instance.process(&ProcessRequest::new("x")).await.unwrap_err();
    assert_eq!(refused.code(), "PLG0614");
    assert!(refused.is_retryable());
    assert!(instance.is_alive());
    engine.set_ticker_dead(false);
    assert_eq!(instance.process(&ProcessRequest::new("x")).await.unwrap().output, "x");
}

/// A host that gives each plugin a name of its own may run for years.
#[tokio::test]
async fn names_of_plugins_that_are_gone_are_forgotten() {
    let host = Host::<Standard>::builder().build().unwrap();
    let artifact = Artifact::from_bytes(Guest::echo().build()).unwrap();
    let stays = host.load("stays", artifact.clone()).await.unwrap();
    for number in 0..5 {
        let name = format!("p{number}");
        drop(host.load(&name, artifact.clone()).await.unwrap());
        host.unload(&name).await.unwrap();
    }
    // the last one goes when the next one comes
    assert_eq!(host.capabilities().names(), 2);
    assert!(host.capabilities().effective("stays").is_some());
    stays.process(&ProcessRequest::new("x")).await.unwrap();
}

//! Events of the application and of other plugins, on their way to a plugin.

mod support;

use std::time::Duration;

use plug_host::policy::Policy;
use plug_host::{
    CallError, DeliveryInfo, Events, Host, HostBuilder, Limits, LoadError, PluginHandle, ProcessRequest,
    Standard,
};
use support::{Guest, policy};
use tokio::sync::oneshot;

const HEARS: &str = "package acme:hears@1.0.0;
    world hears { include plug:plugin/plugin@1.0.0; export plug:plugin/event-handler@1.0.0; }";

/// Both plugins may send and hear `news.*`, and send what they heard under `heard`.
const POLICY: &str =
    "[defaults]\n\"events:emit\" = [\"news.*\", \"heard\", \"secret\"]\n\"events:subscribe\" = [\"news.*\"]";

/// A plugin whose handler has that body, with the locals `$topic`, `$topic_len`, `$payload` and
/// `$payload_len`.
fn hears(body: &str) -> Guest {
    Guest::of(HEARS, "hears")
        .host_api()
        .wanting(["events:emit=heard", "events:subscribe"])
        .process("(call $reply (local.get $input) (local.get $input_len))")
        .item(&format!(
            r#"(data (i32.const 3072) "heardbadly")
            (func (export "plug:plugin/event-handler@1.0.0#on-event")
                (param $topic i32) (param $topic_len i32) (param $payload i32) (param $payload_len i32)
                (result i32)
                {body})"#
        ))
}

/// It says of each event that it heard it: the payload under the topic `heard`.
const SAYS: &str =
    "(drop (call $emit (i32.const 3072) (i32.const 5) (local.get $payload) (local.get $payload_len)))
     (call $ok)";

/// Emits what it is given under the topic `news.plugin`, and under `secret`.
fn tells() -> Guest {
    Guest::echo()
        .host_api()
        .wanting(["events:emit"])
        .item(r#"(data (i32.const 3072) "news.pluginsecret")"#)
        .process(
            "(drop (call $emit (i32.const 3072) (i32.const 11) (local.get $input) (local.get $input_len)))
             (drop (call $emit (i32.const 3083) (i32.const 6) (local.get $input) (local.get $input_len)))
             (call $reply (local.get $input) (local.get $input_len))",
        )
}

fn builder() -> HostBuilder<Standard> {
    Host::builder().policy(policy(POLICY))
}

/// What plugins say that they heard, until so many have said so.
async fn heard(events: &mut Events, count: usize) -> Vec<String> {
    let mut heard = Vec::new();
    while heard.len() < count {
        let next = tokio::time::timeout(Duration::from_secs(30), events.next()).await;
        let event = next.unwrap_or_else(|_| panic!("only {heard:?}")).expect("the host lives");
        if &*event.event_type == "heard" {
            heard.push(format!("{}: {}", event.emitter, event.payload));
        }
    }
    heard
}

async fn when(handle: &PluginHandle<Standard>, reached: impl Fn(DeliveryInfo) -> bool) -> DeliveryInfo {
    for _ in 0..3000 {
        let info = handle.info().events.expect("a handler");
        if reached(info) {
            return info;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?}", handle.info())
}

#[tokio::test]
async fn a_plugin_hears_others_and_the_host_in_order() {
    let host = builder().build().unwrap();
    let mut events = host.events();
    let ear = host.load("ear", hears(SAYS).artifact()).await.unwrap();
    let mouth = host.load("mouth", tells().artifact()).await.unwrap();
    assert_eq!((ear.info().events.is_some(), mouth.info().events), (true, None));
    for round in 0..20 {
        host.emit("news.host", format!("h{round}"));
        mouth.process(&ProcessRequest::new(format!("p{round}"))).await.unwrap();
        // not a topic of the plugin's
        host.emit("weather", "rain");
    }
    let expected: Vec<String> =
        (0..20).flat_map(|round| [format!("ear: h{round}"), format!("ear: p{round}")]).collect();
    assert_eq!(heard(&mut events, 40).await, expected);
    let info = when(&ear, |info| info.delivered == 40).await;
    assert_eq!((info.failed, info.missed, info.waiting), (0, 0, 0));
    // what plugins say goes to the application as well, by name
    host.emit("news.host", "last");
    let event = events.next().await.unwrap();
    assert_eq!((event.plugin(), &*event.event_type, &*event.payload), (None, "news.host", "last"));
}

/// What it emits itself does not come back, whatever it subscribes to.
#[tokio::test]
async fn nobody_hears_itself() {
    let everything = "[defaults]\n\"events:emit\" = [\"*\"]\n\"events:subscribe\" = [\"*\"]";
    let host = Host::<Standard>::builder().policy(policy(everything)).build().unwrap();
    let mut events = host.events();
    let ear = host.load("ear", hears(SAYS).artifact()).await.unwrap();
    host.emit("a", "x");
    assert_eq!(heard(&mut events, 1).await, ["ear: x"]);
    host.emit("b", "y");
    assert_eq!(heard(&mut events, 1).await, ["ear: y"]);
    assert_eq!(when(&ear, |info| info.waiting == 0).await.delivered, 2);
}

#[tokio::test]
async fn only_what_is_wanted_and_granted_is_heard() {
    for (wants, lines) in [
        (vec!["events:emit=heard"], "\"events:subscribe\" = [\"news.*\"]"),
        (
            vec!["events:emit=heard", "events:subscribe=other"],
            "\"events:subscribe\" = [\"news.*\", \"other\"]",
        ),
        (vec!["events:emit=heard", "events:subscribe"], "\"events:subscribe\" = [\"other\"]"),
        (vec!["events:emit=heard", "events:subscribe"], "\"events:emit\" = [\"news.*\", \"heard\"]"),
    ] {
        let host =
            Host::<Standard>::builder().policy(policy(&format!("[defaults]\n{lines}"))).build().unwrap();
        let deaf = host.load("deaf", hears(SAYS).wanting(wants).artifact()).await.unwrap();
        host.emit("news.host", "x");
        let info = deaf.info().events.unwrap();
        assert_eq!((info.waiting, info.delivered), (0, 0), "{lines}");
        tokio::task::yield_now().await;
        assert_eq!(deaf.info().events.unwrap().delivered, 0, "{lines}");
    }
}

/// It is busy, so its events wait, and the oldest make room. Who emits does not notice.
#[tokio::test]
async fn a_slow_plugin_slows_nobody() {
    let host = builder().limits(Limits::default().event_queue(3)).build().unwrap();
    let mut events = host.events();
    let ear = host.load("ear", hears(SAYS).artifact()).await.unwrap();
    let other = host.load("other", hears(SAYS).artifact()).await.unwrap();
    let (sender, receiver) = oneshot::channel::<()>();
    let busy = async {
        ear.call(async |_, _| {
            receiver.await.ok();
            Ok(())
        })
        .await
    };
    let rest = async {
        // the first one waits for its turn, and the others in the queue
        host.emit("news", "0");
        host.emit("news.0", "0");
        when(&other, |info| info.delivered == 1).await;
        when(&ear, |info| info.waiting == 0).await;
        for number in 1..=10 {
            host.emit(format!("news.{number}"), number.to_string());
            // emitting does not wait for anything: nobody else has run
            assert_eq!(ear.info().events.unwrap().delivered, 0);
            when(&other, |info| info.delivered == 1 + number).await;
        }
        let info = ear.info().events.unwrap();
        assert_eq!((info.missed, info.waiting), (7, 3));
        sender.send(()).unwrap();
    };
    let (outcome, ()) = tokio::join!(busy, rest);
    outcome.unwrap();
    let all = heard(&mut events, 11 + 4).await;
    let of = |name: &str| -> Vec<String> {
        all.iter().filter_map(|said| Some(said.strip_prefix(name)?.to_owned())).collect()
    };
    assert_eq!(of("other: "), (0..=10).map(|number| number.to_string()).collect::<Vec<_>>());
    assert_eq!(of("ear: "), ["0", "8", "9", "10"]);
}

#[tokio::test]
async fn a_plugin_that_breaks_on_an_event_gets_the_next_one_afresh() {
    let breaks = "(if (i32.eq (local.get $payload_len) (i32.const 3)) (then unreachable))
        (if (i32.eq (local.get $payload_len) (i32.const 2))
            (then (return (call $err (i32.const 3077) (i32.const 5)))))
        (if (i32.eq (local.get $payload_len) (i32.const 4)) (then (loop $forever (br $forever))))";
    let (lines, _guard) = support::listen();
    let limits = Limits::default().cpu(Duration::from_millis(50));
    let host = builder().limits(limits).build().unwrap();
    let mut events = host.events();
    let ear = host.load("ear", hears(&format!("{breaks} {SAYS}")).artifact()).await.unwrap();
    for payload in ["1", "two", "2", "no", "3", "spin", "4"] {
        host.emit("news.host", payload);
    }
    assert_eq!(heard(&mut events, 4).await, ["ear: 1", "ear: 2", "ear: 3", "ear: 4"]);
    let info = when(&ear, |info| info.delivered == 7).await;
    assert_eq!(info.failed, 3);
    // it can be called in between, as ever
    assert_eq!(ear.process(&ProcessRequest::new("hi")).await.unwrap().output, "hi");
    let warnings: Vec<_> =
        lines.all().into_iter().filter(|line| line.message.starts_with("an event was not handled")).collect();
    let [panicked, refused, spun] = &warnings[..] else { panic!("{warnings:?}") };
    assert!(panicked.message.contains("panicked or aborted"), "{panicked:?}");
    assert!(refused.message.contains("answered: badly"), "{refused:?}");
    assert!(spun.message.contains("computed longer"), "{spun:?}");
}

/// Also what waits already.
#[tokio::test]
async fn a_subscription_is_revoked_at_once() {
    let host = builder().build().unwrap();
    let mut events = host.events();
    let ear = host.load("ear", hears(SAYS).artifact()).await.unwrap();
    let (sender, receiver) = oneshot::channel::<()>();
    let busy = ear.call(async |_, _| {
        receiver.await.ok();
        Ok(())
    });
    let rest = async {
        host.emit("news.host", "first");
        when(&ear, |info| info.waiting == 0).await;
        host.emit("news.host", "second");
        assert_eq!(ear.info().events.unwrap().waiting, 1);
        let grant = "events:subscribe=news.*".parse().unwrap();
        host.capabilities().revoke("ear", &grant, "no more").unwrap();
        host.emit("news.host", "third");
        assert_eq!(ear.info().events.unwrap().waiting, 1);
        sender.send(()).unwrap();
    };
    let (outcome, ()) = tokio::join!(busy, rest);
    outcome.unwrap();
    when(&ear, |info| info.waiting == 0).await;
    assert_eq!(ear.process(&ProcessRequest::new("hi")).await.unwrap().output, "hi");
    assert_eq!(ear.info().events.unwrap().delivered, 0, "the one that waited for its turn, too");
    // granted again, it hears again, in the same instance
    host.capabilities().grant("ear", "events:subscribe=news.*".parse().unwrap(), "after all").unwrap();
    host.emit("news.host", "fourth");
    assert_eq!(heard(&mut events, 1).await, ["ear: fourth"]);
}

/// An instance never gains: what is granted later is for the next one.
#[tokio::test]
async fn a_subscription_comes_with_the_next_instance() {
    let lines = "[defaults]\n\"events:emit\" = [\"heard\"]";
    let host = Host::<Standard>::builder().policy(policy(lines)).build().unwrap();
    let mut events = host.events();
    let ear = host.load("ear", hears(SAYS).artifact()).await.unwrap();
    host.capabilities().grant("ear", "events:subscribe=news.*".parse().unwrap(), "from now on").unwrap();
    host.emit("news.host", "too early");
    when(&ear, |info| info.waiting == 0).await;
    assert_eq!(ear.process(&ProcessRequest::new("hi")).await.unwrap().output, "hi");
    assert_eq!(ear.info().events.unwrap().delivered, 0);
    // the call that is dropped takes the instance with it
    drop(support::poll_once(ear.call(async |_, _| {
        std::future::pending::<()>().await;
        Ok(())
    })));
    host.emit("news.host", "in time");
    assert_eq!(heard(&mut events, 1).await, ["ear: in time"]);
}

/// The application's own code is not the plugin's fault, and no reason to fall silent.
#[tokio::test]
async fn a_panic_of_the_application_costs_one_event() {
    let made = std::sync::atomic::AtomicUsize::new(0);
    let builder = Host::<Standard>::builder_with(move |_| {
        let number = made.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        assert!(number != 1, "the application cannot make its second state");
    });
    let host = builder.policy(policy(POLICY)).build().unwrap();
    let mut events = host.events();
    let ear = host.load("ear", hears(SAYS).artifact()).await.unwrap();
    // the call that is dropped takes the instance with it, so that the event needs a new one
    drop(support::poll_once(ear.call(async |_, _| {
        std::future::pending::<()>().await;
        Ok(())
    })));
    host.emit("news.host", "lost");
    host.emit("news.host", "told");
    assert_eq!(heard(&mut events, 1).await, ["ear: told"]);
    let info = when(&ear, |info| info.delivered == 2).await;
    assert_eq!((info.failed, info.missed), (1, 0));
}

/// Its events take no place of a call: they wait for their turn however long that is.
#[tokio::test]
async fn events_take_no_place_in_the_queue_of_calls() {
    let lines = format!("{POLICY}\nlimits = {{ queue = 0, deadline = \"200ms\" }}");
    let host = Host::<Standard>::builder().policy(policy(&lines)).build().unwrap();
    let mut events = host.events();
    let ear = host.load("ear", hears(SAYS).artifact()).await.unwrap();
    for number in 0..3 {
        // overdue in the end, and longer than an event of a call's time could have waited
        let busy = ear.call(async |_, _| {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        });
        let (outcome, ()) = tokio::join!(busy, async { host.emit("news.host", number.to_string()) });
        assert!(outcome.unwrap_err().is_deadline());
        when(&ear, |info| info.delivered == number + 1).await;
    }
    assert_eq!(heard(&mut events, 3).await, ["ear: 0", "ear: 1", "ear: 2"]);
    let info = ear.info().events.unwrap();
    assert_eq!((info.failed, info.missed), (0, 0));
}

#[tokio::test]
async fn an_unloaded_plugin_hears_nothing_and_is_gone() -> Result<(), CallError> {
    let host = builder().build().unwrap();
    let mut events = host.events();
    let ear = host.load("ear", hears(SAYS).artifact()).await.unwrap();
    host.emit("news.host", "x");
    assert_eq!(heard(&mut events, 1).await, ["ear: x"]);
    host.unload("ear").await.unwrap();
    host.emit("news.host", "y");
    let info = ear.info().events.unwrap();
    assert_eq!((info.delivered, info.waiting), (1, 0));
    // the host and the last handle gone, the task ends: the channel to the application closes
    drop((host, ear));
    let end = tokio::time::timeout(Duration::from_secs(30), async { while events.next().await.is_some() {} });
    end.await.expect("somebody holds the host");
    Ok(())
}

/// As with every optional interface: absent is fine, and something else under its name is not.
#[tokio::test]
async fn a_handler_of_another_type_is_refused() {
    // on the same track, as the host finds it
    let wit = "package acme:hears@1.0.0;
        world hears { include plug:plugin/plugin@1.0.0; export plug:plugin/event-handler@1.0.5; }
        package plug:plugin@1.0.5 { interface event-handler { on-event: func(event-type: string) -> u32; } }";
    let guest = Guest::of(wit, "hears")
        .process("(call $reply (local.get $input) (local.get $input_len))")
        .item(
            r#"(func (export "plug:plugin/event-handler@1.0.5#on-event") (param i32 i32) (result i32) (i32.const 0))"#,
        );
    let host = Host::<Standard>::builder().policy(Policy::restricted()).build().unwrap();
    let error = host.load("x", guest.artifact()).await.unwrap_err();
    assert!(matches!(error, LoadError::Link { .. }), "{error:?}");
}

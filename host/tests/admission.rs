//! Who is let in: pins, signatures, and what else speaks against a plugin, told together.

mod support;

use std::io::Cursor;

use minisign::KeyPair;
use plug_host::admission::{Admission, Lock, Pin, PublicKey, Stage, Trust, TrustedKey, comment};
use plug_host::policy::Wanted;
use plug_host::{
    Artifact, DynamicOptions, DynamicPlugin, Engine, Host, HostBuilder, Limits, LoadError, MIB, Standard,
};
use support::{Guest, policy};

/// Somebody who signs plugins.
struct Somebody(KeyPair);

impl Somebody {
    fn new() -> Somebody {
        Somebody(KeyPair::generate_unencrypted_keypair().unwrap())
    }

    fn trusted_as(&self, name: &str) -> Trust {
        let key: PublicKey = self.0.pk.to_base64().parse().unwrap();
        Trust::new().with(TrustedKey::new(name, key).plugins(["*".parse().unwrap()]))
    }

    fn sign(&self, plugin: &str, artifact: &Artifact) -> Vec<u8> {
        let comment = comment(plugin, &artifact.digest());
        let bytes = Cursor::new(artifact.bytes());
        minisign::sign(None, &self.0.sk, bytes, Some(&comment), None).unwrap().to_string().into_bytes()
    }
}

fn builder() -> HostBuilder<Standard> {
    Host::builder()
}

fn pin(artifact: &Artifact) -> Pin {
    let wants = artifact.section().map(|section| Wanted::read(&section.manifest.capabilities).unwrap());
    Pin::new(artifact.digest(), artifact.contract().hash()).capabilities(&wants.unwrap_or_default())
}

fn refusal(error: &LoadError) -> Vec<(Stage, &'static str)> {
    let LoadError::NotAdmitted { refused, .. } = error else { panic!("{error}") };
    refused.failures().iter().map(|failure| (failure.stage(), failure.code())).collect()
}

#[tokio::test]
async fn only_what_is_pinned_is_loaded() {
    let echo = Guest::echo().artifact();
    let mut lock = Lock::new();
    lock.set("echo", pin(&echo)).unwrap();
    let host = builder().admission(Admission::new().lock(lock)).build().unwrap();
    let loaded = host.load("echo", echo.clone()).await.unwrap();
    assert!(loaded.plugin().admitted().is_pinned);

    let error = host.load("other", echo).await.unwrap_err();
    assert_eq!(refusal(&error), [(Stage::Digest, "PLG1105")], "{error}");
    let changed = Guest::echo().named("changed").artifact();
    host.unload("echo").await.unwrap();
    let error = host.load("echo", changed).await.unwrap_err();
    assert_eq!(refusal(&error), [(Stage::Digest, "PLG1106")], "{error}");
    assert!(host.get("echo").is_none());
}

#[tokio::test]
async fn a_policy_can_require_signatures() {
    let author = Somebody::new();
    let text = "[plugin.signed]\nrequire-signature = true";
    let admission = Admission::new().trust(author.trusted_as("Ada"));
    let host = builder().admission(admission).policy(policy(text)).build().unwrap();

    let echo = Guest::echo().artifact();
    let signed = echo.clone().signed(author.sign("signed", &echo));
    host.load("signed", signed).await.unwrap();
    assert_eq!(host.list()[0].signer.as_ref().unwrap().name, "Ada");
    host.unload("signed").await.unwrap();

    let error = host.load("signed", echo.clone()).await.unwrap_err();
    assert_eq!(refusal(&error), [(Stage::Signature, "PLG1110")], "{error}");
    // others need none, but one that is there has to be good
    host.load("unsigned", echo.clone()).await.unwrap();
    let stranger = Somebody::new().sign("other", &echo);
    let error = host.load("other", echo.signed(stranger)).await.unwrap_err();
    assert_eq!(refusal(&error)[0].0, Stage::Signature, "{error}");
}

#[tokio::test]
async fn the_signature_beside_a_file_is_taken() {
    let author = Somebody::new();
    let echo = Guest::echo().artifact();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("echo.wasm");
    std::fs::write(&file, echo.bytes()).unwrap();
    let admission = || Admission::new().trust(author.trusted_as("Ada")).require_signature(true);
    let host = builder().admission(admission()).build().unwrap();
    let error = host.load("echo", Artifact::from_file(&file).unwrap()).await.unwrap_err();
    assert_eq!(refusal(&error), [(Stage::Signature, "PLG1110")], "{error}");

    std::fs::write(dir.path().join("echo.wasm.minisig"), author.sign("echo", &echo)).unwrap();
    host.load("echo", Artifact::from_file(&file).unwrap()).await.unwrap();

    // one byte of the file
    let mut bytes = echo.bytes().to_vec();
    let at = bytes.windows(4).position(|window| window == b"echo").unwrap();
    bytes[at] = b'E';
    std::fs::write(&file, bytes).unwrap();
    let host = builder().admission(admission()).build().unwrap();
    let error = host.load("echo", Artifact::from_file(&file).unwrap()).await.unwrap_err();
    assert_eq!(refusal(&error)[0].0, Stage::Signature, "{error}");
}

#[tokio::test]
async fn all_that_speaks_against_a_plugin_is_told_together() {
    let wit = "package acme:other@1.0.0; interface job { run: func() -> string; } \
               world other { include plug:plugin/base@1.0.0; export job; }";
    let greedy = Guest::of(wit, "other")
        .item(r#"(func (export "acme:other/job@1.0.0#run") (result i32) (i32.const 272))"#)
        .needing(["net=evil.example:443"])
        .artifact();
    let mut lock = Lock::new();
    lock.set("greedy", pin(&Guest::echo().artifact())).unwrap();
    let admission =
        Admission::new().lock(lock).trust(Somebody::new().trusted_as("Ada")).require_signature(true);
    let host = builder().admission(admission).build().unwrap();
    let error = host.load("greedy", greedy).await.unwrap_err();
    let stages: Vec<Stage> = refusal(&error).into_iter().map(|(stage, _)| stage).collect();
    for stage in [Stage::Digest, Stage::Signature, Stage::Contract, Stage::Capabilities] {
        assert!(stages.contains(&stage), "{stage} is not told:\n{error}");
    }
    let text = error.to_string();
    for part in ["PLG0301", "PLG1007", "plug:plugin/processor", "net = [\"evil.example:443\"]"] {
        assert!(text.contains(part), "no {part} in:\n{text}");
    }
}

#[tokio::test]
async fn a_revision_is_all_that_makes_a_difference() {
    let echo = || Guest::echo().wanting(["net"]).artifact();
    let revision = async |host: HostBuilder<Standard>, artifact| {
        let host = host.build().unwrap();
        host.load("echo", artifact).await.unwrap();
        let revision = host.list()[0].revision;
        assert!(revision.to_string().starts_with("rev1:"), "{revision}");
        (revision, host)
    };
    let net = || policy("[plugin.echo]\nnet = [\"example.com:443\"]");
    let base = || builder().policy(net());
    let (first, host) = revision(base(), echo()).await;
    assert_eq!(revision(base(), echo()).await.0, first);
    let others = [
        revision(base(), Guest::echo().wanting(["net"]).named("other").artifact()).await.0,
        revision(base().config("echo", [("a", "1")]), echo()).await.0,
        revision(base().limits(Limits::default().handles(7)), echo()).await.0,
        revision(builder().policy(policy("[plugin.echo]\nnet = [\"example.com:80\"]")), echo()).await.0,
        revision(builder().limits(Limits::default().memory(32 * MIB)), Guest::echo().artifact()).await.0,
    ];
    for (place, other) in others.iter().enumerate() {
        assert_ne!(*other, first, "{place}");
        assert!(!others[..place].contains(other), "{place}");
    }
    // what is granted while it runs makes another, and taking it away the first again
    let grant = "net=example.com:80".parse::<plug_host::policy::Grant>().unwrap();
    host.capabilities().grant("echo", grant.clone(), "a test").unwrap();
    assert_ne!(host.list()[0].revision, first);
    host.capabilities().revoke("echo", &grant, "a test").unwrap();
    assert_eq!(host.list()[0].revision, first);
}

/// A component without a contract is held to the same.
#[tokio::test]
async fn what_is_called_by_name_is_signed_and_pinned_too() {
    let (me, echo) = (Somebody::new(), Guest::echo().artifact());
    let engine = Engine::new().unwrap();
    let compile = async |options: DynamicOptions| {
        DynamicPlugin::compile(&engine, "echo", echo.clone(), options).await.map(drop)
    };
    let strict = || DynamicOptions::default().policy(policy("[defaults]\nrequire-signature = true"));
    let trusting = || strict().admission(Admission::new().trust(me.trusted_as("me")));
    // a policy that asks for it is enough, and nobody who is trusted means nobody who is good enough
    assert!(compile(DynamicOptions::default()).await.is_ok());
    assert_eq!(refusal(&compile(strict()).await.unwrap_err())[0].0, Stage::Signature);
    assert_eq!(refusal(&compile(trusting()).await.unwrap_err()), [(Stage::Signature, "PLG1110")]);
    compile(trusting().signature(Some(me.sign("echo", &echo)))).await.unwrap();
    let stolen = trusting().signature(Some(me.sign("other", &echo)));
    assert_eq!(refusal(&compile(stolen).await.unwrap_err()), [(Stage::Signature, "PLG1116")]);

    let mut lock = Lock::new();
    lock.set("echo", pin(&echo)).unwrap();
    compile(DynamicOptions::default().admission(Admission::new().lock(lock))).await.unwrap();
    let empty = DynamicOptions::default().admission(Admission::new().lock(Lock::new()));
    assert_eq!(refusal(&compile(empty).await.unwrap_err()), [(Stage::Digest, "PLG1105")]);
}

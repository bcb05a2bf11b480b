//! Artifacts, keys and signatures, made for a test.
#![allow(dead_code, reason = "no test uses all")]

use std::io::Cursor;

use minisign::KeyPair;
use plug_admission::{Admission, Candidate, Failure, PublicKey, Refused, Trust, TrustedKey, comment};
use plug_contract::{ContractHash, Digest, SECTION_NAME};
use wasm_encoder::{ComponentSection as _, CustomSection, Encode as _};
use wasmparser::{Parser, Payload};

/// A component with code, a section of ours, and one of somebody else.
pub(crate) fn artifact() -> Vec<u8> {
    let mut bytes = wat::parse_str(
        r#"(component
            (core module $m (func (export "run") (result i32) i32.const 7))
            (core instance $i (instantiate $m))
            (func (export "run") (result u32) (canon lift (core func $i "run"))))"#,
    )
    .unwrap();
    for (name, data) in [("producers", &b"\0"[..]), (SECTION_NAME, br#"{"format":1,"wants":[]}"#)] {
        append(&mut bytes, name, data);
    }
    bytes
}

/// Appends a custom section to a component.
pub(crate) fn append(bytes: &mut Vec<u8>, name: &str, data: &[u8]) {
    let section = CustomSection { name: name.into(), data: data.into() };
    bytes.push(section.id());
    section.encode(bytes);
}

/// The component without its custom sections of that name, as tools that strip leave it.
pub(crate) fn stripped(component: &[u8], name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut copied = 0;
    let mut end = 8;
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload.unwrap();
        match &payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::CustomSection(section) if depth == 1 && section.name() == name => {
                out.extend_from_slice(&component[copied..end]);
                copied = section.range().end;
            }
            _ => {}
        }
        if depth == 1 {
            end = match &payload {
                Payload::End(offset) => *offset,
                other => other.as_section().map_or(end, |(_, range)| range.end),
            };
        }
    }
    out.extend_from_slice(&component[copied..]);
    assert!(out.len() < component.len(), "there was such a section");
    out
}

/// Somebody who signs.
pub(crate) struct Somebody(pub(crate) KeyPair);

impl Somebody {
    pub(crate) fn new() -> Somebody {
        Somebody(KeyPair::generate_unencrypted_keypair().unwrap())
    }

    pub(crate) fn key(&self) -> PublicKey {
        self.0.pk.to_base64().parse().unwrap()
    }

    /// Signs with a trusted comment of their own.
    pub(crate) fn sign_saying(&self, artifact: &[u8], comment: &str) -> Vec<u8> {
        let signature = minisign::sign(None, &self.0.sk, Cursor::new(artifact), Some(comment), None);
        signature.unwrap().to_string().into_bytes()
    }

    /// Signs as the command line does.
    pub(crate) fn sign(&self, plugin: &str, artifact: &[u8]) -> Vec<u8> {
        let comment = format!("{}\ttimestamp:1700000000", comment(plugin, &Digest::of(artifact)));
        self.sign_saying(artifact, &comment)
    }

    /// Trusted under the name `acme`, for the plugins that match.
    pub(crate) fn trusted(&self, plugins: &[&str]) -> TrustedKey {
        TrustedKey::new("acme", self.key()).plugins(plugins.iter().map(|text| text.parse().unwrap()))
    }
}

/// An admission that requires a signature of somebody who may sign `upper`.
pub(crate) fn signed_only(somebody: &Somebody) -> Admission {
    Admission::new().trust(Trust::new().with(somebody.trusted(&["upper"]))).require_signature(true)
}

/// Whatever contract.
pub(crate) fn contract(seed: char) -> ContractHash {
    format!("wit1-{}a", seed.to_string().repeat(51)).parse().unwrap()
}

/// Why `upper` is refused.
pub(crate) fn codes(refused: &Refused) -> Vec<&'static str> {
    refused.failures().iter().map(Failure::code).collect()
}

/// The codes that an artifact and its signature are refused with as `upper`.
pub(crate) fn refusal(admission: &Admission, bytes: &[u8], signature: Option<&[u8]>) -> Vec<&'static str> {
    let candidate = Candidate::new("upper", bytes).signature(signature);
    match admission.check(&candidate) {
        Ok(admitted) => panic!("admitted: {admitted:?}"),
        Err(refused) => codes(&refused),
    }
}

//! An artifact's bytes: what they are, and their digest.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::nesting::MAX_NESTING;
use crate::printable;

/// The largest artifact that is looked at: a Python guest with its interpreter has 18 MB.
pub const MAX_ARTIFACT_BYTES: u64 = 256 << 20;

/// SHA-256 of an artifact's bytes, printed as `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// The 32 bytes of the SHA-256.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        f.pad(&format!("sha256:{hex}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A text that is no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a digest: expected `sha256:` and 64 hexadecimal digits in lower case")]
pub struct DigestParseError(());

impl FromStr for Digest {
    type Err = DigestParseError;

    fn from_str(text: &str) -> Result<Digest, DigestParseError> {
        let hex = text.strip_prefix("sha256:").filter(|hex| hex.len() == 64).ok_or(DigestParseError(()))?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            let digit = |char: u8| match char {
                b'0'..=b'9' => Ok(char - b'0'),
                b'a'..=b'f' => Ok(char - b'a' + 10),
                _ => Err(DigestParseError(())),
            };
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Digest(bytes))
    }
}

/// What a file of WebAssembly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArtifactKind {
    /// A component: the only kind that is a plugin.
    Component,
    /// A WIT package in binary form: a component of types alone.
    WitPackage,
}

/// Bytes that are no component. `Display` says what they are instead and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArtifactError {
    /// No WebAssembly at all.
    #[error("not WebAssembly: {found}")]
    NotWasm {
        /// What the bytes look like.
        found: &'static str,
    },
    /// A core module: built for the wrong target, or not yet made into a component.
    #[error("a core module, not a component; build it for the target wasm32-wasip2")]
    CoreModule,
    /// A component, but a broken one.
    #[error("not a valid component")]
    Invalid {
        /// What is wrong with it, with the offset.
        #[source]
        source: InvalidBytes,
    },
    /// Components or types that lie in each other deeper than 100 levels.
    #[error(
        "not a valid component: components or types within each other, more than {MAX_NESTING} levels of them"
    )]
    TooDeep,
    /// Valid, but its types cannot be read as WIT.
    #[error("a component whose types cannot be read as WIT: {}", printable::lines(.reason))]
    NoWit {
        /// What could not be read.
        reason: String,
    },
    /// A WIT package where a plugin was wanted.
    #[error("a WIT package in binary form, which has types but no code")]
    WitPackage,
    /// Made with canonical names, where an interface's version is split in two.
    #[error(
        "a component with canonical names, where `{}` stands apart from `{}`: wasmtime 48 cannot load it",
        printable::line(.name),
        printable::line(.suffix)
    )]
    CanonicalNames {
        /// The first of them: `wasi:cli/exit@0.2`.
        name: String,
        /// What its version goes on with: `.1`.
        suffix: String,
    },
    /// Larger than [`MAX_ARTIFACT_BYTES`].
    #[error("{size} bytes, more than the {MAX_ARTIFACT_BYTES} that an artifact may have")]
    TooLarge {
        /// Its size in bytes.
        size: u64,
    },
}

/// What is wrong with the bytes of a component, with the offset.
///
/// wasmparser's words name what is in the component, so they are shown with control characters escaped.
#[derive(Debug)]
pub struct InvalidBytes(wasmparser::BinaryReaderError);

impl From<wasmparser::BinaryReaderError> for InvalidBytes {
    fn from(error: wasmparser::BinaryReaderError) -> InvalidBytes {
        InvalidBytes(error)
    }
}

impl fmt::Display for InvalidBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable::line(&self.0.to_string()))
    }
}

impl std::error::Error for InvalidBytes {}

impl ArtifactError {
    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ArtifactError::NotWasm { .. } => "PLG0201",
            ArtifactError::CoreModule => "PLG0202",
            ArtifactError::Invalid { .. } | ArtifactError::TooDeep => "PLG0203",
            ArtifactError::NoWit { .. } => "PLG0211",
            ArtifactError::TooLarge { .. } => "PLG0206",
            ArtifactError::WitPackage => "PLG0209",
            ArtifactError::CanonicalNames { .. } => "PLG0210",
        }
    }
}

/// What the bytes are, from their first ones and their exports; they may still be broken further on.
///
/// # Errors
/// When they are no component: text, an archive, a core module, empty, too large.
pub fn sniff(bytes: &[u8]) -> Result<ArtifactKind, ArtifactError> {
    if bytes.len() as u64 > MAX_ARTIFACT_BYTES {
        return Err(ArtifactError::TooLarge { size: bytes.len() as u64 });
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(ArtifactError::NotWasm { found: describe(bytes) });
    }
    if wasmparser::Parser::is_core_wasm(bytes) {
        return Err(ArtifactError::CoreModule);
    }
    // Anything else with the magic number goes to the validator, which names what is wrong.
    Ok(if is_wit_package(bytes) { ArtifactKind::WitPackage } else { ArtifactKind::Component })
}

/// A WIT package is a component that has no code, only exported component types.
fn is_wit_package(bytes: &[u8]) -> bool {
    let mut exports = false;
    for payload in wasmparser::Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(wasmparser::Payload::ComponentExportSection(section)) => {
                for export in section {
                    match export {
                        Ok(export) if export.kind == wasmparser::ComponentExternalKind::Type => {
                            exports = true
                        }
                        _ => return false,
                    }
                }
            }
            Ok(
                wasmparser::Payload::ModuleSection { .. }
                | wasmparser::Payload::ComponentSection { .. }
                | wasmparser::Payload::ComponentImportSection(_),
            )
            | Err(_) => return false,
            Ok(_) => {}
        }
    }
    exports
}

/// The first name of an import or export whose version stands apart from it, with the rest of that
/// version. wasmtime's parser stops there and speaks of a feature that nobody can switch on.
pub(crate) fn canonical_name(bytes: &[u8]) -> Option<(String, String)> {
    use wasmparser::Payload;
    let split = |name: wasmparser::ComponentExternName<'_>| {
        name.version_suffix.map(|suffix| (name.name.to_owned(), suffix.to_owned()))
    };
    wasmparser::Parser::new(0).parse_all(bytes).map_while(Result::ok).find_map(|payload| match payload {
        Payload::ComponentImportSection(imports) => {
            imports.into_iter().map_while(Result::ok).find_map(|import| split(import.name))
        }
        Payload::ComponentExportSection(exports) => {
            exports.into_iter().map_while(Result::ok).find_map(|export| split(export.name))
        }
        _ => None,
    })
}

fn describe(bytes: &[u8]) -> &'static str {
    match bytes {
        [] => "the file is empty",
        [b'\x7f', b'E', b'L', b'F', ..] => {
            "a native program or library (ELF); build it for the target wasm32-wasip2"
        }
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] => {
            "a native program or library (Mach-O); build it for the target wasm32-wasip2"
        }
        [b'M', b'Z', ..] => "a native program or library (PE); build it for the target wasm32-wasip2",
        [0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..] => "a compressed archive; unpack it first",
        _ if bytes.trim_ascii_start().starts_with(b"(component")
            || bytes.trim_ascii_start().starts_with(b"(module") =>
        {
            "WebAssembly in its text form (WAT); assemble it first"
        }
        _ if std::str::from_utf8(&bytes[..bytes.len().min(4096)])
            .map_or_else(|e| e.error_len().is_none(), |_| true) =>
        {
            "a text file"
        }
        _ => "it does not begin with the four bytes of WebAssembly",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bytes_are() {
        assert_eq!(
            Digest::of(b"").to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        let digest = Digest::of(b"a");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        let text = digest.to_string();
        for bad in ["", "sha256:", &text[..70], &text.to_uppercase(), &text.replace("sha256", "sha512")] {
            assert!(bad.parse::<Digest>().is_err(), "{bad}");
        }
        let code = |bytes: &[u8]| sniff(bytes).unwrap_err().code();
        assert_eq!(code(b""), "PLG0201");
        assert_eq!(code(b"hello"), "PLG0201");
        assert_eq!(code(b"\0asm\x01\0\0\0"), "PLG0202");
        assert_eq!(sniff(b"\0asm\x0d\0\x01\0").unwrap(), ArtifactKind::Component);
        assert_eq!(describe(b"(component)"), "WebAssembly in its text form (WAT); assemble it first");
        assert_eq!(describe(b"\xff\xfe\x00"), "it does not begin with the four bytes of WebAssembly");
    }

    #[test]
    fn canonical_names_are_seen_wherever_they_are() {
        let split = |text: &str| canonical_name(&wat::parse_str(text).unwrap());
        let found = |name: &str, suffix: &str| Some((name.to_owned(), suffix.to_owned()));
        assert_eq!(
            split(r#"(component (import "wasi:cli/exit@0.2" (versionsuffix ".1") (instance)))"#),
            found("wasi:cli/exit@0.2", ".1")
        );
        assert_eq!(
            split(
                r#"(component (component (instance $i)
                    (export "acme:images/image-filter@1" (versionsuffix ".2.0") (instance $i))))"#
            ),
            found("acme:images/image-filter@1", ".2.0")
        );
        assert_eq!(split(r#"(component (import "wasi:cli/exit@0.2.1" (instance)))"#), None);
        assert_eq!(canonical_name(b"\0asm\x0d\0\x01\0\x0a\xff"), None);
    }
}

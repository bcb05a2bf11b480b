//! Whether an artifact may be loaded here, as far as that needs no engine.
//!
//! In this order: its size, whether it is a component, its digest, its signature, its contract, its
//! capabilities. The first four are decided here, and of the last two whether they are those that
//! somebody agreed to; that the contract fits the host and that the policy grants what is wanted, the
//! host finds out and adds. What is wrong for reasons of their own is told together.
//!
//! - A [`Lock`] pins plugins: `plug.lock` says which bytes each name stands for.
//! - A [`Trust`] says whose signatures count, and for which plugins. Signatures are those of
//!   [minisign](https://jedisct1.github.io/minisign/), over the whole artifact.
//! - [`Admission::check`] decides, and says in a [`Refused`] all that speaks against.
//! - A [`Revision`] is the fingerprint of a plugin as it is deployed.
//!
//! ```
//! use plug_admission::{Admission, Candidate, Lock, Pin};
//! use plug_contract::Digest;
//!
//! let artifact = b"\0asm\x0d\0\x01\0";
//! let contract = "wit1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?;
//! let mut lock = Lock::new();
//! lock.set("upper", Pin::new(Digest::of(artifact), contract))?;
//!
//! let admission = Admission::new().lock(lock);
//! let candidate = Candidate::new("upper", artifact).contract(contract);
//! assert!(admission.check(&candidate).is_ok());
//!
//! let changed = b"\0asm\x0d\0\x01\0\0\x02\x01x";
//! let refused = admission.check(&Candidate::new("upper", changed).contract(contract)).unwrap_err();
//! assert_eq!(refused.failures()[0].code(), "PLG1106");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate has no clock and no I/O but reading a lock or a trust file, and never panics on foreign
//! bytes.

mod admission;
mod failure;
mod file;
mod key;
mod lock;
mod name;
mod refused;
mod revision;
mod signature;
mod trust;

pub use admission::{Admission, Admitted, Candidate};
pub use failure::{Failure, Refusal, SizeError, Stage};
pub use file::FileError;
pub use key::{KeyError, KeyId, PublicKey};
pub use lock::{LOCK_FORMAT, Lock, MAX_LOCK_BYTES, Pin, PinError};
pub use name::{NameError, check_name};
pub use refused::Refused;
pub use revision::{Deployment, Revision, RevisionParseError};
pub use signature::{MAX_SIGNATURE_BYTES, SIGNATURE_SUFFIX, Signature, SignatureError, Signer, comment};
pub use trust::{MAX_TRUST_BYTES, Trust, TrustedKey};

//! `--allow`, `--policy`, `--trust` and `--lock`

use plug_admission::Admission;
use plug_policy::{Grant, Policy};

use super::CallCommandError;
use crate::cli::Call;
use crate::commands::verify::{read_lock, read_signature, read_trust};
use crate::env::Place;
use crate::failure::Failure;
use crate::policy_file;

/// What the command line grants.
#[derive(Debug)]
#[cfg_attr(not(feature = "run"), allow(dead_code, reason = "only `call` runs plugins"))]
pub(super) struct Granted {
    pub(super) policy: Option<Policy>,
    /// Beside what the policy grants.
    pub(super) grants: Vec<Grant>,
    /// What the component has to be.
    pub(super) admission: Admission,
    pub(super) signature: Option<Vec<u8>>,
}

impl Granted {
    /// Folders are those below the current one.
    pub(super) fn read(args: &Call, place: &Place) -> Result<Granted, Failure> {
        let grants = args.allow.iter().map(|text| text.parse::<Grant>());
        let grants: Vec<Grant> = grants.collect::<Result<_, _>>().map_err(CallCommandError::Grant)?;
        let folder = place.resolve(std::path::Path::new(""));
        let grants = grants.into_iter().map(|grant| grant.anchored(&folder)).collect();
        let policy = args.policy.as_deref().map(|path| policy_file::read(path, place)).transpose()?;
        let mut admission = Admission::new();
        if let Some(path) = &args.trust {
            admission = admission.trust(read_trust(path, place)?);
        }
        if let Some(path) = &args.lock {
            admission = admission.lock(read_lock(path, place)?);
        }
        let signature = read_signature(&args.file, place)?;
        Ok(Granted { policy, grants, admission, signature })
    }
}

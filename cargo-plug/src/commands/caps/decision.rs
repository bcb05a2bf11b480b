//! What a policy says of a component.

use std::path::Path;

use plug_policy::{Denied, Effective, Policy, PolicyLine, Refused, Wanted};

use super::subject::Subject;

#[derive(Debug)]
pub(crate) struct Decision {
    /// The name that the policy was asked for.
    pub(crate) plugin: String,
    /// What would take effect; if it is refused, what would if it could do without the rest.
    pub(crate) effective: Effective,
    pub(crate) refused: Option<Refused>,
}

impl Decision {
    pub(super) fn of(subject: &Subject, wants: &[Wanted], policy: &Policy, name: Option<&str>) -> Self {
        let own = subject.identity.as_ref().map(|(name, _)| name.as_str()).filter(|name| !name.is_empty());
        let file = || Path::new(&subject.file).file_stem().unwrap_or_default().to_string_lossy();
        let plugin = name.or(own).map_or_else(|| file().into_owned(), str::to_owned);
        let grants = policy.resolve(&plugin, subject.contract.as_deref()).grants;
        match Effective::decide(&plugin, wants, &grants) {
            Ok(effective) => Self { plugin, effective, refused: None },
            Err(refused) => Self { plugin, effective: refused.effective().clone(), refused: Some(refused) },
        }
    }

    /// All that is wanted and not wholly granted, required or not.
    pub(crate) fn denied(&self) -> &[Denied] {
        &self.effective.denied
    }

    /// The head of the table in which its lines would stand.
    pub(crate) fn table(&self) -> String {
        PolicyLine::table(&self.plugin)
    }
}

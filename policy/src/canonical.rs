//! What takes effect as bytes, for fingerprints.

use crate::effective::Effective;
use crate::grant::FsAccess;

impl Effective {
    /// All that takes effect, one power each, sorted: equal powers have equal bytes, and others have
    /// other ones. The values of variables are in it, so it is nothing to show.
    #[must_use]
    pub fn canonical(&self) -> Vec<Vec<u8>> {
        let folders = self.fs.preopens().iter().map(|preopen| {
            let access: &[u8] = match preopen.access {
                FsAccess::Read => b"fs:read",
                FsAccess::Write => b"fs:write",
            };
            let host = preopen.host.as_os_str().as_encoded_bytes();
            // no path has a NUL in it, so the parts stay apart
            [access, host, preopen.beneath.as_bytes(), preopen.guest.as_str().as_bytes()].join(&0)
        });
        let others = self.others().into_iter().map(|grant| grant.to_string().into_bytes());
        let mut powers: Vec<Vec<u8>> = folders.chain(others).collect();
        powers.sort();
        powers
    }
}

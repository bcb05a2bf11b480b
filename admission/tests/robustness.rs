//! Foreign bytes are refused, and nothing panics.

mod support;

use plug_admission::{Admission, Candidate, Signature, Trust};
use proptest::prelude::*;
use support::{Somebody, artifact};

proptest! {
    #[test]
    fn any_bytes_are_no_signature(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(Signature::read(&bytes).is_err());
    }

    #[test]
    fn any_lines_are_no_signature(lines in proptest::collection::vec("(untrusted comment: |trusted comment: |RU|RW)?[A-Za-z0-9+/=]{0,110}", 0..6)) {
        let text = lines.join("\n");
        if let Ok(signature) = Signature::read(text.as_bytes()) {
            // of the right form by chance, and still nobody's
            let bytes = artifact();
            let admission = Admission::new().trust(Trust::new().with(Somebody::new().trusted(&["*"])));
            let candidate = Candidate::new("upper", &bytes).signature(Some(text.as_bytes()));
            prop_assert!(admission.check(&candidate).is_err(), "{signature:?}");
        }
    }

    #[test]
    fn any_artifact_is_decided(bytes in proptest::collection::vec(any::<u8>(), 0..400), header in any::<bool>()) {
        let bytes = if header { [b"\0asm\x0d\0\x01\0", bytes.as_slice()].concat() } else { bytes };
        let decided = Admission::new().check(&Candidate::new("upper", &bytes));
        prop_assert_eq!(decided.is_ok(), header);
    }
}

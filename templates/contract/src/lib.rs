//! A plugin for the contract `{{world}}`, which lies in the folder `wit`.

use plug_guest_sdk::prelude::*;

{{impl}}

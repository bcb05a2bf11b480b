//! Finds, checks and installs what building a plugin needs.

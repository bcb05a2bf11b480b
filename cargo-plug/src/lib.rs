//! Create, build, inspect and call Plug plugins.

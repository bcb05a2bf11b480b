//! Write a Plug plugin: one impl under #[plugin].

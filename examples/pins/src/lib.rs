//! Holds the features of dependencies. There is no code here.

//! Holds the features of shared dependencies the same in every build of this repository
//! (`docs/decisions/0006`). There is no code here.

//! Real guests, real host, real command line.

//! Contracts between plugins and their hosts: model, hash and compatibility.

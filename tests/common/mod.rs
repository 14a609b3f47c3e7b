//! What the tests of fixtures and sources share.
#![allow(dead_code)]

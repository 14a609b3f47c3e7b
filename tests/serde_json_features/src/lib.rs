//! Features unify over a whole build, so that another crate of a service may switch on serde_json's `arbitrary_precision`,
//! `raw_value` and `preserve_order`. The tests of this crate show that nothing is decided otherwise then.

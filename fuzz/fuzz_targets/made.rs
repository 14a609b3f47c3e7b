#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| user_patch_fuzz::made::run(data));

//! Compares the public API with `docs/public-api.txt`; with `--update` writes it there. `run` beside this folder calls it.

use std::{env, fs, process::ExitCode};

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/public-api.txt");

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let json = arguments.next().expect("the path of rustdoc's JSON");
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .expect("rustdoc's JSON can be read")
        .to_string();
    if arguments.next().as_deref() == Some("--update") {
        fs::write(KEPT, &api).expect("docs/public-api.txt can be written");
    }
    let kept = fs::read_to_string(KEPT).unwrap_or_default();
    if kept == api {
        println!("{} public items, as docs/public-api.txt has them", api.lines().count());
        return ExitCode::SUCCESS;
    }
    let (now, then): (Vec<_>, Vec<_>) = (api.lines().collect(), kept.lines().collect());
    then.iter().filter(|line| !now.contains(line)).for_each(|line| println!("- {line}"));
    now.iter().filter(|line| !then.contains(line)).for_each(|line| println!("+ {line}"));
    println!("the public API is not that of docs/public-api.txt: if it is meant so, run `tests/public_api/run --update`");
    ExitCode::FAILURE
}

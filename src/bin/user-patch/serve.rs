//! The stand-in, until it is told to stop.

use std::{io, path::Path};

use user_patch::stand_in::{Config, Data, Seed, StandIn};

use crate::{args::Serve, failure::Failure, input::Input};

/// Runs until SIGINT or SIGTERM.
pub(crate) fn run(args: &Serve) -> Result<(), Failure> {
    let mut config = Config::default();
    config.addr = args.addr;
    config.faults = !args.no_faults;
    config.synced = args.sync;
    config.data = if args.data == Path::new(":memory:") { Data::Memory } else { Data::File(args.data.clone()) };
    if let Some(path) = &args.seed {
        let Input { name, bytes } = Input::file(path)?;
        config.seed = Seed::from_json(&bytes).map_err(|wrong| Failure::new(format!("{name}: {wrong}")))?;
    }
    tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(false).with_target(false).init();
    let failure = |wrong: io::Error| Failure::new(format!("cannot run: {wrong}"));
    let runtime = tokio::runtime::Runtime::new().map_err(failure)?;
    runtime.block_on(async {
        let running = StandIn::new(config).start().await.map_err(|wrong| Failure::new(wrong.to_string()))?;
        told_to_stop().await.map_err(failure)?;
        running.shutdown().await;
        Ok(())
    })
}

/// Waits for SIGINT or SIGTERM.
#[cfg(unix)]
async fn told_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! { _ = interrupt.recv() => Ok(()), _ = terminate.recv() => Ok(()) }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
async fn told_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

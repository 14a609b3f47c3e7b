//! Starting a stand-in, and stopping it.

use std::{fmt, io, net::SocketAddr, sync::Arc, thread, time::Duration};

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    serve::ListenerExt,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

use super::{
    app::{App, Parts},
    config::Config,
    elastic, fireworks,
    log::noted,
    login, own, page,
    passwords::Passwords,
    requests::Requests,
    rest,
    seed::Seed,
    sessions::Sessions,
    store::{Store, StoreError},
    trusted_twin,
};

/// A stand-in that is not started yet.
///
/// ```
/// use user_patch::stand_in::{Config, StandIn};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let running = StandIn::new(Config::default()).start().await?;
/// let base_url = format!("http://{}", running.addr()); // for the client under test
/// # let _ = base_url;
/// running.shutdown().await;
/// # Ok(())
/// # })
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct StandIn {
    config: Config,
}

/// Why a stand-in did not start: the address cannot be listened on, or the database cannot be opened.
///
/// ```
/// use user_patch::stand_in::{Config, Data, StandIn};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let mut config = Config::default();
/// config.data = Data::File("/no/such/folder/users.sqlite".into());
/// let wrong = StandIn::new(config).start().await.unwrap_err();
/// assert!(wrong.to_string().starts_with("the database: "));
/// # Ok(())
/// # })
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StartError(#[from] Why);

#[derive(Debug, thiserror::Error)]
enum Why {
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl StandIn {
    /// A stand-in of this configuration.
    pub const fn new(config: Config) -> Self {
        Self { config }
    }

    /// Opens the database and listens. It runs as tasks of the runtime that it is started in, until it is shut down or what this
    /// gives is dropped.
    ///
    /// # Errors
    /// Where the address cannot be listened on or the database cannot be opened.
    pub async fn start(self) -> Result<Running, StartError> {
        let Config { addr, data, synced, seed, faults, token_lasts, left_out } = self.config;
        let Seed { fireworks, accounts, trusted_twin, account, elastic, logged_in, users } = seed;
        let listen = |wrong| Why::Listen(addr, wrong);
        let listener = TcpListener::bind(addr).await.map_err(listen)?;
        let addr = listener.local_addr().map_err(listen)?;
        let (store, users) = Store::open(&data, synced, &users).map_err(Why::from)?;
        let requests = Requests::default();
        let app = App(Arc::new(Parts {
            store: store.clone(),
            requests,
            fireworks,
            accounts,
            trusted_twin,
            account,
            elastic,
            logged_in,
            sessions: Arc::new(Sessions::lasting(token_lasts)),
            passwords: Passwords::default(),
            faults,
            left_out,
        }));
        let (stop, stopped) = oneshot::channel::<()>();
        // An answer does not wait for more to be sent with it.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let server = axum::serve(listener, router(app)).with_graceful_shutdown(async {
            // Dropped or sent, it ends.
            let _ = stopped.await;
        });
        let server = tokio::spawn(server.into_future());
        tracing::info!(%addr, "listening");
        Ok(Running { addr, stop, server, store, users })
    }
}

fn router(app: App) -> Router {
    Router::new()
        .merge(fireworks::routes())
        .merge(trusted_twin::routes())
        .merge(elastic::routes())
        .merge(login::routes())
        .merge(own::routes())
        .merge(page::routes())
        .fallback(own::fallback)
        .layer(from_fn(rest::read))
        .layer(from_fn_with_state(app.clone(), noted))
        .with_state(app)
}

/// A stand-in that runs. Dropped, it stops taking connections and ends with the last one.
///
/// ```
/// use user_patch::stand_in::{Config, Running, StandIn};
///
/// /// For a test: what is sent there is answered as the vendors answer.
/// async fn stand_in() -> Running {
///     StandIn::new(Config::default()).start().await.expect("a free port")
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let running = stand_in().await;
/// assert_ne!(running.addr().port(), 0);
/// running.shutdown().await;
/// # Ok(())
/// # })
/// # }
/// ```
pub struct Running {
    addr: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
    store: Store,
    users: thread::JoinHandle<()>,
}

/// How long a shutdown waits for requests that are being answered.
const PATIENCE: Duration = Duration::from_secs(5);

impl Running {
    /// Where it listens.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Takes no further connections, answers what has been asked, for at most five seconds, and closes the database, for which it
    /// waits as long at most.
    pub async fn shutdown(self) {
        let Self { stop, mut server, store, users, .. } = self;
        let _ = stop.send(());
        if timeout(PATIENCE, &mut server).await.is_err() {
            server.abort();
            let _ = server.await;
        }
        // A connection on which half of a request has come is still there, and has its way to the database: that is closed all the
        // same, and the rest of the request comes too late. What the database is at is not waited for without end.
        let closed = async {
            store.close().await;
            tokio::task::spawn_blocking(move || users.join()).await
        };
        let _ = timeout(PATIENCE, closed).await;
        tracing::info!("stopped");
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("addr", &self.addr).finish_non_exhaustive()
    }
}

//! Time for tests that talk over real sockets.

use std::future::Future;
use std::sync::mpsc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How far the clock moves at once.
const STEP: Duration = Duration::from_millis(50);

/// Runs `work` under a clock that moves one step with each round trip over a socket, so that minutes pass in
/// milliseconds, and yet never faster than answers travel. `moved` is told of each step.
///
/// tokio moves a paused clock by itself as soon as nothing but the network is waited for, which would end every request
/// with a timeout. It does not while a blocking task is alive, so one is.
pub(crate) async fn fast<T>(work: impl Future<Output = T>, mut moved: impl FnMut(Duration)) -> T {
    let (done, alive) = mpsc::channel::<()>();
    // A test that fails meanwhile never says that it is done.
    tokio::task::spawn_blocking(move || alive.recv_timeout(Duration::from_secs(120)));
    tokio::time::pause();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (mut far, _) = listener.accept().await.unwrap();
    let passing = async {
        loop {
            near.write_all(b"x").await.unwrap();
            far.read_u8().await.unwrap();
            tokio::time::advance(STEP).await;
            moved(STEP);
        }
    };
    let result = tokio::select! {
        result = work => result,
        () = passing => unreachable!("time never ends"),
    };
    drop(done);
    tokio::time::resume();
    result
}

/// Runs `work` under such a clock when nobody has to be told.
pub(crate) async fn quickly<T>(work: impl Future<Output = T>) -> T {
    fast(work, |_| {}).await
}

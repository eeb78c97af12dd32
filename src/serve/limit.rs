//! Connections that come to an end: of so many at a time, and each only while its client keeps up.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};

/// Connections at a time; more wait until one ends.
const CONNECTIONS: usize = 400;
/// From the first byte of a request to its answer, and from one piece of an answer to the next.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between an answer and the next request; open tabs say more often that they are there.
const IDLE: Duration = Duration::from_mins(1);

/// Accepts connections up to the limit.
pub(super) struct Limited {
    listener: TcpListener,
    free: Arc<Semaphore>,
}

impl Limited {
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, free: Arc::new(Semaphore::new(CONNECTIONS)) }
    }
}

impl Listener for Limited {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let permit = self.free.clone().acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Answers are small, and somebody waits for each.
        let _ = stream.set_nodelay(true);
        (
            Connection {
                stream,
                since: Since::Idle,
                timer: Box::pin(sleep_until(Instant::now() + PATIENCE)),
                _permit: permit,
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that fails when its client is too slow.
pub(super) struct Connection {
    stream: TcpStream,
    since: Since,
    timer: Pin<Box<Sleep>>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// What the timer runs for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Since {
    /// The next request may come.
    Idle,
    /// A request has begun, and the answer has not.
    Asked,
    /// The client must take what was written.
    Answering,
}

impl Connection {
    fn set(&mut self, since: Since, patience: Duration) {
        self.since = since;
        self.timer.as_mut().reset(Instant::now() + patience);
    }

    fn late<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        match self.timer.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }

    fn wrote<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match written {
            Poll::Pending => {
                if self.since != Since::Answering {
                    self.set(Since::Answering, PATIENCE);
                }
                self.late(context)
            }
            Poll::Ready(result) => {
                self.set(Since::Idle, IDLE);
                Poll::Ready(result)
            }
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let this = &mut *self;
        match Pin::new(&mut this.stream).poll_read(context, into) {
            Poll::Pending => this.late(context),
            Poll::Ready(result) => {
                if into.filled().len() > before && this.since == Since::Idle {
                    this.set(Since::Asked, PATIENCE);
                }
                Poll::Ready(result)
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.wrote(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

//! Connections that come to an end: of so many at a time, and each only while its client keeps up. In a crowd, who has
//! got no answer yet makes room for who comes.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};

/// Connections at a time; for more, those make room that have got no answer yet, and where there are none, they wait.
const CONNECTIONS: usize = 400;
/// From the first byte of a request to its answer, and from one piece of an answer to the next.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between an answer and the next request; open tabs say more often that they are there.
const IDLE: Duration = Duration::from_mins(1);

/// Accepts connections up to the limit.
pub(super) struct Limited {
    listener: TcpListener,
    free: Arc<Semaphore>,
    newcomers: Newcomers,
}

impl Limited {
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, free: Arc::new(Semaphore::new(CONNECTIONS)), newcomers: Newcomers::default() }
    }

    /// A place for one more.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = self.free.clone().try_acquire_owned() {
            return Some(permit);
        }
        self.newcomers.part_with_the_oldest();
        self.free.clone().acquire_owned().await.ok()
    }
}

/// Connections that have got no answer yet, by the order in which they came, with what wakes each.
#[derive(Clone, Default)]
struct Newcomers(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    next: u64,
    wakers: BTreeMap<u64, Option<Waker>>,
}

impl Newcomers {
    fn enter(&self) -> u64 {
        let mut waiting = self.waiting();
        let number = waiting.next;
        waiting.next += 1;
        waiting.wakers.insert(number, None);
        number
    }

    /// Has this one woken when it is parted with; whether it is among them still.
    fn wait(&self, number: u64, waker: &Waker) -> bool {
        let mut waiting = self.waiting();
        let known = waiting.wakers.get_mut(&number);
        known.map(|known| *known = Some(waker.clone())).is_some()
    }

    fn leave(&self, number: u64) {
        self.waiting().wakers.remove(&number);
    }

    fn part_with_the_oldest(&self) {
        let oldest = self.waiting().wakers.pop_first();
        if let Some((_, Some(waker))) = oldest {
            waker.wake();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener for Limited {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let permit = self.place().await;
        // Answers are small, and somebody waits for each.
        let _ = stream.set_nodelay(true);
        (
            Connection {
                stream,
                since: Since::Idle,
                timer: Box::pin(sleep_until(Instant::now() + PATIENCE)),
                newcomer: Some(self.newcomers.enter()),
                newcomers: self.newcomers.clone(),
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
    /// Its number, until it gets an answer.
    newcomer: Option<u64>,
    newcomers: Newcomers,
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

    /// It has got an answer, or has ended.
    fn settle(&mut self) {
        if let Some(number) = self.newcomer.take() {
            self.newcomers.leave(number);
        }
    }

    fn late<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        match self.timer.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }

    fn wrote<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.settle();
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

impl Drop for Connection {
    fn drop(&mut self) {
        self.settle();
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let this = &mut *self;
        match Pin::new(&mut this.stream).poll_read(context, into) {
            Poll::Pending => match this.newcomer {
                Some(number) if !this.newcomers.wait(number, context.waker()) => {
                    Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
                }
                _ => this.late(context),
            },
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

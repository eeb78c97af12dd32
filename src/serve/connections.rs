//! A bounded number of connections. When the limit is reached, the client with the most connections loses one: first
//! one without a request, then one that is being answered, last an open tab. So no client can block others.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

/// The maximum number of connections.
pub(super) const LIMIT: usize = 200;
/// How long an answer may make no progress.
const STALLED: Duration = Duration::from_secs(10);
/// How many times that long a connection may stay open without a request, and a tab without a message.
const IDLE: u32 = 6;

/// What a connection is used for, in the order in which connections are closed for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Activity {
    /// No request, or an incomplete one.
    Waiting,
    /// A request is being answered.
    Answering,
    /// An open tab receives changes.
    Tab,
}

/// All open connections.
#[derive(Clone)]
pub(super) struct Connections {
    limit: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    next: u64,
    entries: BTreeMap<u64, Entry>,
}

struct Entry {
    client: IpAddr,
    activity: Activity,
    /// Increases with each activity on any connection.
    last: u64,
    closed: Arc<Notify>,
}

impl Connections {
    pub fn new(limit: usize) -> Self {
        Self { limit, open: Arc::default() }
    }

    /// Adds a connection, and closes another one if the limit is reached.
    pub fn add(&self, client: IpAddr) -> Arc<Connection> {
        let mut open = self.lock();
        while open.entries.len() >= self.limit {
            open.close_one();
        }
        let closed = Arc::new(Notify::new());
        let id = open.next_number();
        open.entries.insert(id, Entry { client, activity: Activity::Waiting, last: id, closed: closed.clone() });
        Arc::new(Connection { id, all: self.clone(), closed })
    }

    /// Closes a connection because another resource is exhausted.
    pub fn close_one(&self) {
        self.lock().close_one();
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn next_number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn close_one(&mut self) {
        let mut counts: BTreeMap<IpAddr, usize> = BTreeMap::new();
        self.entries.values().for_each(|entry| *counts.entry(entry.client).or_default() += 1);
        let most = counts.values().max().copied();
        let of_most = |(_, entry): &(&u64, &Entry)| counts.get(&entry.client).copied() == most;
        let id = self
            .entries
            .iter()
            .filter(of_most)
            .min_by_key(|(_, entry)| (entry.activity, entry.last))
            .map(|(id, _)| *id);
        if let Some(entry) = id.and_then(|id| self.entries.remove(&id)) {
            entry.closed.notify_one();
        }
    }
}

/// An open connection; dropping this removes it.
pub(super) struct Connection {
    id: u64,
    all: Connections,
    closed: Arc<Notify>,
}

impl Connection {
    /// Sets what it is used for, and records activity.
    pub fn set_activity(&self, activity: Activity) {
        let mut open = self.all.lock();
        let last = open.next_number();
        if let Some(entry) = open.entries.get_mut(&self.id) {
            (entry.activity, entry.last) = (activity, last);
        }
    }

    /// Records the end of a response; a tab stays a tab.
    pub fn set_answered(&self) {
        let mut open = self.all.lock();
        let last = open.next_number();
        if let Some(entry) = open.entries.get_mut(&self.id).filter(|entry| entry.activity == Activity::Answering) {
            (entry.activity, entry.last) = (Activity::Waiting, last);
        }
    }

    /// Completes when the connection must be closed: for another one, or because its client is too slow.
    pub async fn must_close(&self) {
        let (mut before, mut still) = (None, 0);
        while timeout(STALLED, self.closed.notified()).await.is_err() {
            let now = self.all.lock().entries.get(&self.id).map(|entry| (entry.activity, entry.last));
            still = if now == before { still + 1 } else { 0 };
            before = now;
            let allowed = if now.is_some_and(|(activity, _)| activity == Activity::Answering) { 1 } else { IDLE };
            if still >= allowed {
                return;
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.lock().entries.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    fn is_open(connection: &Connection) -> bool {
        connection.all.lock().entries.contains_key(&connection.id)
    }

    fn client(number: u8) -> IpAddr {
        [10, 0, 0, number].into()
    }

    #[test]
    fn a_new_connection_replaces_first_an_idle_one_then_a_request_then_a_tab() {
        let all = Connections::new(4);
        let open: Vec<_> = (0..4).map(|_| all.add(client(1))).collect();
        open[0].set_activity(Activity::Tab);
        open[1].set_activity(Activity::Answering);
        let mut more = Vec::new();
        for left in [[true, true, false, true], [true, true, false, false]] {
            more.push(all.add(client(1)));
            assert_eq!(open.iter().map(|one| is_open(one)).collect::<Vec<_>>(), left);
        }
        more.iter().for_each(|one| one.set_activity(Activity::Answering));
        more.push(all.add(client(1)));
        assert_eq!(open.iter().map(|one| is_open(one)).collect::<Vec<_>>(), [true, false, false, false]);
        more.iter().for_each(|one| one.set_activity(Activity::Tab));
        more.push(all.add(client(1)));
        assert!(!is_open(&open[0]));
    }

    #[test]
    fn the_client_with_most_connections_loses_one() {
        let all = Connections::new(4);
        let many: Vec<_> = (0..3).map(|_| all.add(client(1))).collect();
        many.iter().for_each(|one| one.set_activity(Activity::Tab));
        let few = all.add(client(2));
        let other = all.add(client(3));
        assert!(is_open(&few) && is_open(&other) && !is_open(&many[0]) && is_open(&many[1]));
        drop((few, other));
        assert_eq!(all.lock().entries.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_client_is_disconnected() {
        let all = Connections::new(4);
        let after = async |activity: Activity| {
            let connection = all.add(client(1));
            connection.set_activity(activity);
            let start = Instant::now();
            connection.must_close().await;
            start.elapsed().as_secs()
        };
        assert_eq!(
            (after(Activity::Answering).await, after(Activity::Waiting).await, after(Activity::Tab).await),
            (20, 70, 70)
        );
        // A client that reads slowly keeps the connection.
        let (connection, start) = (all.add(client(1)), Instant::now());
        let keep_up = async {
            for _ in 0..100 {
                connection.set_activity(Activity::Answering);
                tokio::time::sleep(Duration::from_secs(9)).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! { () = connection.must_close() => {}, () = keep_up => {} }
        assert!(start.elapsed() >= Duration::from_secs(900));
    }
}

//! The gate against a small model of Procore's counting, under a paused clock.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::*;

/// When the model's clock starts, in unix seconds.
const EPOCH: u64 = 1_466_182_247;

/// Procore's counting, as far as documented: fixed windows, and headers about the one that is likelier to run out.
struct Meter {
    started: Instant,
    windows: [Counted; 2],
    refused: u32,
}

struct Counted {
    span: u64,
    limit: u32,
    began: u64,
    used: u32,
}

impl Meter {
    fn new(hour: u32, spike: u32) -> Self {
        let window = |span, limit| Counted { span, limit, began: 0, used: 0 };
        Self { started: Instant::now(), windows: [window(3600, hour), window(10, spike)], refused: 0 }
    }

    fn answer(&mut self) -> (StatusCode, HeaderMap) {
        let now = self.started.elapsed().as_secs();
        for window in &mut self.windows {
            if now >= window.began + window.span {
                (window.began, window.used) = (now - now % window.span, 0);
            }
        }
        let over = self.windows.iter().any(|window| window.used >= window.limit);
        self.refused += u32::from(over);
        for window in &mut self.windows {
            window.used = (window.used + 1).min(window.limit);
        }
        let left = |window: &&Counted| (window.limit - window.used) * 1000 / window.limit;
        let shown = self.windows.iter().min_by_key(left).unwrap();
        let reset = EPOCH + shown.began + shown.span;
        let status = if over { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::OK };
        (status, limits(shown.limit, shown.limit - shown.used, reset, EPOCH + now))
    }
}

fn limits(limit: u32, remaining: u32, reset: u64, now: u64) -> HeaderMap {
    let date = jiff::Timestamp::from_second(i64::try_from(now).unwrap()).unwrap();
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let pairs = [
        ("x-rate-limit-limit", limit.to_string()),
        ("x-rate-limit-remaining", remaining.to_string()),
        ("x-rate-limit-reset", reset.to_string()),
        ("date", date),
    ];
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

/// Sends `count` requests at once through one gate, each taking a while, and returns how many were refused and how many
/// seconds it took.
async fn flood(pace: Arc<Pace>, meter: Meter, count: u64) -> (u32, u64) {
    let (meter, started) = (Arc::new(Mutex::new(meter)), Instant::now());
    let mut tasks = JoinSet::new();
    for n in 0..count {
        let (pace, meter) = (Arc::clone(&pace), Arc::clone(&meter));
        tasks.spawn(async move {
            let permit = pace.permit().await;
            sleep(Duration::from_millis(n * 7 % 40)).await;
            let (status, headers) = meter.lock().unwrap().answer();
            sleep(Duration::from_millis(n * 13 % 90)).await;
            permit.answered(status, &headers);
        });
    }
    tasks.join_all().await;
    let refused = meter.lock().unwrap().refused;
    (refused, started.elapsed().as_secs())
}

async fn answer(pace: &Arc<Pace>, status: u16, headers: &HeaderMap) {
    pace.permit().await.answered(StatusCode::from_u16(status).unwrap(), headers);
}

/// Returns how many seconds pass before the next request may go.
async fn wait(pace: &Arc<Pace>) -> u64 {
    let started = Instant::now();
    drop(pace.permit().await);
    started.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn no_request_is_refused_however_many_come_at_once() {
    let (refused, seconds) = flood(Pace::new(None), Meter::new(3600, 25), 200).await;
    assert_eq!(refused, 0);
    assert!((70..=90).contains(&seconds), "8 windows of 25 took {seconds} s");
}

#[tokio::test(start_paused = true)]
async fn the_hour_is_kept_although_headers_mostly_show_the_spike() {
    let (refused, seconds) = flood(Pace::new(None), Meter::new(600, 25), 1000).await;
    assert_eq!(refused, 0);
    assert!((3600..=3800).contains(&seconds), "{seconds} s");
}

#[tokio::test(start_paused = true)]
async fn the_operators_hourly_limit_holds_without_any_header() {
    let pace = Pace::new(Some(10));
    for _ in 0..10 {
        answer(&pace, 200, &HeaderMap::new()).await;
    }
    assert_eq!(wait(&pace).await, 3660);
}

#[tokio::test(start_paused = true)]
async fn a_window_shorter_than_an_hour_starts_anew_when_procore_says_so() {
    let pace = Pace::new(Some(3600));
    for used in 1..=100 {
        answer(&pace, 200, &limits(100, 100 - used, EPOCH + 60, EPOCH)).await;
    }
    assert_eq!(wait(&pace).await, 61);
    assert_eq!(wait(&pace).await, 0);
}

#[tokio::test(start_paused = true)]
async fn requests_of_others_are_counted_too() {
    let pace = Pace::new(None);
    answer(&pace, 200, &limits(25, 24, EPOCH + 10, EPOCH)).await;
    answer(&pace, 200, &limits(25, 0, EPOCH + 10, EPOCH)).await;
    assert_eq!(wait(&pace).await, 11);
}

#[tokio::test(start_paused = true)]
async fn requests_under_way_are_taken_off_what_remains() {
    let pace = Pace::new(None);
    answer(&pace, 200, &limits(25, 4, EPOCH + 10, EPOCH)).await;
    let first = pace.permit().await;
    let others = (pace.permit().await, pace.permit().await);
    first.answered(StatusCode::OK, &limits(25, 3, EPOCH + 10, EPOCH));
    assert_eq!(pace.budget().spike.remaining, Some(1));
    drop(pace.permit().await);
    assert_eq!(wait(&pace).await, 11);
    drop(others);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_overtaken_changes_nothing() {
    let pace = Pace::new(None);
    answer(&pace, 200, &limits(25, 20, EPOCH + 15, EPOCH + 5)).await;
    answer(&pace, 200, &limits(25, 0, EPOCH + 5, EPOCH + 4)).await;
    assert_eq!(wait(&pace).await, 0);
}

#[tokio::test(start_paused = true)]
async fn until_the_first_answer_one_request_goes_ahead_alone() {
    let pace = Pace::new(None);
    let first = pace.permit().await;
    assert!(timeout(Duration::from_secs(100), pace.permit()).await.is_err());
    first.answered(StatusCode::OK, &HeaderMap::new());
    let permits = (pace.permit().await, pace.permit().await, pace.permit().await);
    drop(permits);

    let unlucky = Pace::new(None);
    drop(unlucky.permit().await);
    assert_eq!(wait(&unlucky).await, 0, "a request without an answer does not block the next");
}

#[tokio::test(start_paused = true)]
async fn a_429_stops_everybody_for_as_long_as_it_says() {
    let retry_after: HeaderMap =
        [("retry-after".parse().unwrap(), "30".parse().unwrap())].into_iter().collect();
    let pace = Pace::new(None);
    answer(&pace, 429, &retry_after).await;
    assert_eq!(wait(&pace).await, 30);
    answer(&pace, 503, &retry_after).await;
    assert_eq!(wait(&pace).await, 30);
    answer(&pace, 429, &HeaderMap::new()).await;
    assert_eq!(wait(&pace).await, 10);
}

#[tokio::test(start_paused = true)]
async fn headers_that_lie_or_vanish_stop_nothing_for_good() {
    let pace = Pace::new(None);
    answer(&pace, 200, &limits(600, 0, EPOCH + 999_999_999, EPOCH)).await;
    assert_eq!(wait(&pace).await, 3601, "a reset in thirty years");
    answer(&pace, 200, &limits(25, 0, EPOCH - 500, EPOCH)).await;
    assert_eq!(wait(&pace).await, 1, "a reset in the past");
    answer(&pace, 200, &limits(25, 20, EPOCH + 999_999_999, EPOCH + 999_999_000)).await;
    answer(&pace, 200, &limits(25, 0, EPOCH + 10, EPOCH)).await;
    assert_eq!(wait(&pace).await, 11, "a clock that jumped back is followed");
    for _ in 0..20 {
        answer(&pace, 200, &HeaderMap::new()).await;
    }
    assert_eq!(wait(&pace).await, 0);
}

#[tokio::test(start_paused = true)]
async fn requests_go_in_the_order_in_which_they_came() {
    let pace = Pace::new(None);
    answer(&pace, 200, &limits(25, 0, EPOCH + 10, EPOCH)).await;
    let (order, mut tasks) = (Arc::new(AtomicU32::new(0)), JoinSet::new());
    for n in 0..20 {
        let (pace, order) = (Arc::clone(&pace), Arc::clone(&order));
        tasks.spawn(async move {
            drop(pace.permit().await);
            assert_eq!(order.fetch_add(1, Ordering::Relaxed), n);
        });
        tokio::task::yield_now().await;
    }
    tasks.join_all().await;
}

#[tokio::test(start_paused = true)]
async fn the_budget_says_what_is_left_of_both_windows() {
    let pace = Pace::new(Some(3600));
    answer(&pace, 200, &limits(600, 589, EPOCH + 1800, EPOCH)).await;
    answer(&pace, 200, &limits(25, 24, EPOCH + 10, EPOCH)).await;
    let seconds = Duration::from_secs;
    let hour =
        WindowBudget { limit: Some(600), remaining: Some(588), resets_in: Some(seconds(1801)), sent: 2 };
    let spike = WindowBudget { limit: Some(25), remaining: Some(24), resets_in: Some(seconds(11)), sent: 2 };
    assert_eq!(pace.budget(), Budget { hour, spike });
    sleep(seconds(1802)).await;
    let hour = WindowBudget { remaining: None, resets_in: None, ..hour };
    let spike = WindowBudget { remaining: None, resets_in: None, sent: 0, ..spike };
    assert_eq!(pace.budget(), Budget { hour, spike });
}

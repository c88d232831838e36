//! A policy that does what its settings say, misbehaving included.

#![expect(clippy::print_stdout, clippy::panic, reason = "it prints and panics because it is told to")]

mod everything;
mod hostile;

use std::time::{Duration, Instant, SystemTime};

use muster_policy::{Decision, Event, Policy, Refusal, UserId, clock, user_steps, users};
use serde::Deserialize;

use crate::everything::Target;

struct Puppet;

muster_policy::export!(Puppet);

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
enum Order {
    /// Says which event it got, as debug output.
    Echo,
    /// Says what every read about a user, a project and an item answers, as debug output.
    ReadAll(Target),
    /// Says what one read answers, as debug output.
    Read {
        only: String,
        #[serde(flatten)]
        target: Target,
    },
    /// Adds one step of every power and leaves an item.
    ProposeAll(Target),
    /// Uses some powers, or leaves an item, in this order, and nothing else.
    Propose {
        only: Vec<String>,
        #[serde(flatten)]
        target: Target,
    },
    /// Shows users one by one, and says how many there are.
    ShowAll { from: u64, to: u64 },
    /// Proposes to deactivate users, and decides as told.
    Deactivate {
        users: Vec<u64>,
        #[serde(default)]
        hold: bool,
        #[serde(default)]
        nothing: bool,
    },
    /// Says what clocks and randomness show, sleeping in between.
    Look,
    /// Prints this many bytes.
    Print { bytes: usize },
    /// Proposes something, then hits an instruction that can't be carried out.
    Trap { user: u64 },
    /// Panics.
    Panic { message: String },
    /// Computes without end.
    Spin,
    /// Calls itself without end.
    Recurse,
    /// Takes memory without end.
    Eat,
    /// Ends the process.
    Exit { status: i32 },
    /// Asks the same question for ever.
    Ask { user: u64 },
    /// Adds steps for ever.
    Flood { user: u64 },
    /// Shows users for ever, each once.
    AskOn { from: u64 },
    /// Asks for the time so many times.
    Now { times: u64 },
    /// Gives a reason of this many characters.
    LongReason { user: u64, characters: usize },
    /// Gives a reason that is no UTF-8.
    BadText { user: u64 },
    /// Uses a text for everything that it can say: what it prints, the reason of a step, and its explanation.
    Quote { user: u64, text: String },
    /// Fills its memory over and over: much work in few instructions.
    Fill,
    /// Asks for this much randomness at once.
    Random { bytes: u64 },
    /// Takes handles for ever and gives none back.
    Hoard,
    /// Sleeps for this many seconds.
    Sleep { seconds: u64 },
    /// Tries files and sockets, and says what came of it.
    Reach,
    /// Leaves a mark all over its memory.
    Mark,
    /// Looks all over its memory for the mark of another decision.
    FindMark,
    /// Refuses.
    Refuse { words: String },
}

impl Policy for Puppet {
    type Settings = Order;

    fn decide(event: Event, order: Order) -> Result<Decision, Refusal> {
        let say = |words: String| Ok(Decision::Nothing(words.chars().take(2_000).collect()));
        match order {
            Order::Echo => say(format!("{:?}", event.kind)),
            Order::ReadAll(target) => say(target.read_all()),
            Order::Read { only, target } => say(target.read(&only)),
            Order::ProposeAll(target) => target.propose(everything::POWERS),
            Order::Propose { only, target } => {
                target.propose(&only.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Order::ShowAll { from, to } => {
                let shown =
                    (from..to).filter(|user| matches!(users::show(UserId { value: *user }), Ok(Some(_))));
                say(format!("{} users", shown.count()))
            }
            Order::Deactivate { users, hold, nothing } => {
                for user in users {
                    user_steps::deactivate(UserId { value: user }, "the puppet was told to")?;
                }
                let words = "as told".to_owned();
                Ok(match (nothing, hold) {
                    (true, _) => Decision::Nothing(words),
                    (_, true) => Decision::Hold(words),
                    _ => Decision::Proposed(words),
                })
            }
            Order::Look => {
                let (unix, slept) = clocks();
                let environment = std::env::vars().count() + std::env::args().count();
                let random: std::collections::HashMap<_, _> = (0..8).map(|number| (number, ())).collect();
                let order: Vec<_> = random.keys().collect();
                say(format!("{unix:?} {slept:?} {environment} {order:?}"))
            }
            Order::Print { bytes } => {
                for _ in 0..bytes / 64 {
                    println!("{}", "x".repeat(63));
                }
                say("printed".to_owned())
            }
            Order::Trap { user } => {
                user_steps::deactivate(UserId { value: user }, "never to be carried out")?;
                hostile::trap()
            }
            Order::Panic { message } => std::panic::panic_any(message),
            Order::Spin => hostile::spin(),
            Order::Recurse => say(hostile::recurse(1).to_string()),
            Order::Eat => hostile::eat(),
            Order::Exit { status } => std::process::exit(status),
            Order::Ask { user } => loop {
                users::show(UserId { value: user })?;
            },
            Order::Flood { user } => loop {
                user_steps::deactivate(UserId { value: user }, "again")?;
            },
            Order::AskOn { from } => {
                for user in from.. {
                    users::show(UserId { value: user })?;
                }
                say("never said".to_owned())
            }
            Order::BadText { user } => {
                user_steps::deactivate(UserId { value: user }, &hostile::not_utf8())?;
                say("never said".to_owned())
            }
            Order::Now { times } => {
                for _ in 0..times {
                    clock::now()?;
                }
                say("asked".to_owned())
            }
            Order::Quote { user, text } => {
                println!("{text}");
                user_steps::deactivate(UserId { value: user }, &text)?;
                Ok(Decision::Proposed(text))
            }
            Order::Fill => hostile::fill(),
            Order::Random { bytes } => say(hostile::random(bytes)),
            Order::Hoard => hostile::hoard(),
            Order::Sleep { seconds } => {
                std::thread::sleep(Duration::from_secs(seconds));
                say("slept".to_owned())
            }
            Order::Reach => say(hostile::reach()),
            Order::Mark => say(hostile::mark()),
            Order::FindMark => say(hostile::find_mark()),
            Order::LongReason { user, characters } => {
                user_steps::deactivate(UserId { value: user }, &"x".repeat(characters))?;
                say("never said".to_owned())
            }
            Order::Refuse { words } => Err(Refusal::Directory(words)),
        }
    }
}

/// Returns the time of day, and how long an hour of sleep took.
#[expect(
    clippy::disallowed_methods,
    reason = "these clocks are the sandbox's: the test looks at what they show"
)]
fn clocks() -> (Duration, Duration) {
    let before = Instant::now();
    std::thread::sleep(Duration::from_secs(3600));
    (SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default(), before.elapsed())
}

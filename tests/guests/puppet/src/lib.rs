//! A policy that does what its settings say, misbehaving included.

#![expect(clippy::print_stdout, clippy::panic, reason = "it prints and panics because it is told to")]

mod hostile;

use std::time::{Duration, Instant, SystemTime};

use muster_policy::{
    Decision, Event, HeldAs, ItemKind, ItemRef, Policy, ProjectId, Refusal, UserId, clock, item_steps, items,
    membership_steps, memberships, projects, templates, user_steps, users,
};
use serde::Deserialize;

struct Puppet;

muster_policy::export!(Puppet);

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
enum Order {
    /// Says which event it got, as debug output.
    Echo,
    /// Says what every read about a user, a project and an item answers, as debug output.
    ReadAll { user: u64, project: u64, item: u64, email: String },
    /// Adds one step of every power and leaves an item.
    ProposeAll { user: u64, project: u64, item: u64, to: u64 },
    /// Uses one power, or leaves an item, and nothing else.
    Propose { only: String, user: u64, project: u64, item: u64, to: u64 },
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
            Order::ReadAll { user, project, item, email } => say(read_all(user, project, item, &email)),
            Order::ProposeAll { user, project, item, to } => propose_all(user, project, item, to),
            Order::Propose { only, user, project, item, to } => propose(&only, user, project, item, to),
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

fn read_all(user: u64, project: u64, item: u64, email: &str) -> String {
    let (user, project) = (UserId { value: user }, ProjectId { value: project });
    let item = ItemRef { kind: ItemKind::Rfi, project, id: item };
    [
        format!("now {:?}", clock::now()),
        format!("show {:?}", users::show(user)),
        format!("find-by-email {:?}", users::find_by_email(email)),
        format!("of-user {:?}", memberships::of_user(user)),
        format!("project {:?}", projects::show(project)),
        format!("active {:?}", projects::active()),
        format!("for-company {:?}", templates::for_company()),
        format!("for-projects {:?}", templates::for_projects()),
        format!("held-by {:?}", items::held_by(user)),
        format!("candidates {:?}", items::candidates(item, HeldAs::Manager)),
    ]
    .iter()
    .map(|line| {
        println!("{line}");
        line.split(' ').next().unwrap_or_default()
    })
    .collect::<Vec<_>>()
    .join(" ")
}

fn propose_all(user: u64, project: u64, item: u64, to: u64) -> Result<Decision, Refusal> {
    let (user, to, project) = (UserId { value: user }, UserId { value: to }, ProjectId { value: project });
    let item = ItemRef { kind: ItemKind::Rfi, project, id: item };
    item_steps::reassign(item, HeldAs::Assignee, user, to, "one")?;
    item_steps::close(item, "two")?;
    membership_steps::remove(user, project, "three")?;
    user_steps::deactivate(user, "four")?;
    item_steps::leave(item, HeldAs::Manager, user, "five")?;
    Ok(Decision::Proposed("everything".to_owned()))
}

fn propose(only: &str, user: u64, project: u64, item: u64, to: u64) -> Result<Decision, Refusal> {
    let (user, to, project) = (UserId { value: user }, UserId { value: to }, ProjectId { value: project });
    let item = ItemRef { kind: ItemKind::Rfi, project, id: item };
    match only {
        "item-steps.reassign" => _ = item_steps::reassign(item, HeldAs::Assignee, user, to, "as told")?,
        "item-steps.close" => _ = item_steps::close(item, "as told")?,
        "item-steps.leave" => item_steps::leave(item, HeldAs::Assignee, user, "as told")?,
        "membership-steps.remove" => _ = membership_steps::remove(user, project, "as told")?,
        "user-steps.deactivate" => _ = user_steps::deactivate(user, "as told")?,
        other => return Err(Refusal::Settings(format!("there is no power {other}"))),
    }
    Ok(Decision::Proposed("as told".to_owned()))
}

//! Procore simulated: a company with people, projects and items, behind Procore's REST API over real HTTP.
//!
//! This crate is an independent reading of Procore's documents. It depends on nothing of ours and shares no type with the
//! client, so that a mistake in one of them can't hide in the other. Where the documents disagree or are silent, it does
//! what catches more mistakes of a caller.
//!
//! - [`Company`] is the state: [`Company::seeded`] makes up a whole one, [`Company::new`] an empty one that a test fills.
//! - [`Simulator`] serves it under `/rest` and `/oauth`, and shows under `/sim` what Procore would not: the whole state,
//!   exact counts of calls, the last requests, and the faults that it was told to have. At `/` there is a page for people.
//! - [`Account`] is who calls: what it may see and do follows from the directory and from the projects it was given.
//! - [`Script`] says what goes wrong, at which calls of which operations.
//! - [`Dialect`] says which reading of Procore's API is served, and [`Switches`] what of it nobody knows.
//! - [`Clock`] gives the time for windows, tokens and records; with a [`ManualClock`] a test moves it.
//!
//! ```
//! # async fn example() -> Result<(), muster_sim::Error> {
//! use muster_sim::{Company, Config, Simulator};
//!
//! let config = Config::default();
//! let company = Company::seeded(&config.seed);
//! let simulator = Simulator::start(config, company, ([127, 0, 0, 1], 0).into()).await?;
//! assert!(simulator.base_url().starts_with("http://127.0.0.1:"));
//! simulator.stop().await;
//! # Ok(())
//! # }
//! ```

mod account;
mod calls;
mod clock;
mod company;
mod config;
mod dice;
mod endpoint;
mod fault;
mod limits;
mod mishap;
mod script;
mod seed;
mod server;
mod simulator;
mod switches;
mod view;

pub use account::{Account, NewAccount, Permitted, Role};
pub use calls::Calls;
pub use clock::{Clock, ClockError, ManualClock};
pub use company::{
    ActionPlan, AddedAssignee, Category, Company, Contact, ContactMembership, CoordinationIssue,
    Correspondence, CorrespondenceStatus, CorrespondenceType, Court, DistributionGroup, FixtureError, HeldAs,
    Holding, Inspection, InspectionStatus, Invalid, IssueStatus, Item, Items, Kind, Level, Mail, Meeting,
    MeetingCategory, MeetingTopic, Membership, NewActionPlan, NewCoordinationIssue, NewCorrespondence,
    NewInspection, NewMeeting, NewMeetingTopic, NewMembership, NewObservation, NewPlanAssignee, NewPreset,
    NewProject, NewPunchItem, NewRfi, NewSubmittal, NewTask, NewUser, NewWorkflow, Observation,
    ObservationStatus, Party, PlanAssignee, PlanItem, PlanStatus, Preset, PresetGroup, Project,
    PunchAssignment, PunchItem, PunchResponse, PunchStatus, Reassignment, Rfi, RfiStatus, StatusType,
    Submittal, SubmittalApprover, SubmittalResponse, SubmittalStatus, Task, TaskStatus, Template,
    TemplateKind, Tool, TopicStatus, User, Vendor, Workflow, WorkflowStep, WorkflowTemplate, WorkflowTool,
};
pub use config::{Config, Dialect};
pub use fault::Fault;
pub use limits::{Limits, LimitsError};
pub use mishap::{Happens, Mishap};
pub use script::{Rule, Script, ScriptError, Trouble, When};
pub use seed::Seed;
pub use server::operation::served;
pub use server::token::Credentials;
pub use simulator::{Error, Simulator};
pub use switches::{
    DeleteWithItems, ErrorForm, InactiveInvite, RowIds, SecondAdd, Spared, Switches, ToolOff,
};

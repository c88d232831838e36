//! What companies, trades, jobs and sites are called.

/// A job: its title, the templates that go with it, and the role on a project.
pub(super) struct Job {
    /// The job title.
    pub(super) title: &'static str,
    /// The template for company tools.
    pub(super) company: &'static str,
    /// The template for project tools.
    pub(super) project: &'static str,
    /// The role on a project, if there is a name for it.
    pub(super) role: Option<&'static str>,
}

const fn job(
    title: &'static str,
    company: &'static str,
    project: &'static str,
    role: Option<&'static str>,
) -> Job {
    Job { title, company, project, role }
}

const STAFF: &str = "Office Staff";
const FIELD: &str = "Field Staff";
const CLOSED: &str = "No Company Tools";
/// Most outsiders have no template for the company's tools at all.
const NONE: &str = "";

/// Jobs of company admins.
pub(super) const ADMINS: &[Job] = &[
    job("Director of Operations", "Company Administrator", "Project Manager", None),
    job("IT Manager", "Company Administrator", "Office", None),
    job("Procore Administrator", "Company Administrator", "Project Manager", None),
    job(
        "Vice President, Construction",
        "Company Administrator",
        "Project Manager",
        Some("Project Executive"),
    ),
];

/// Jobs of the company's own people. The commoner ones stand here more than once.
pub(super) const EMPLOYEES: &[Job] = &[
    job("Project Executive", STAFF, "Project Manager", Some("Project Executive")),
    job("Senior Project Manager", STAFF, "Project Manager", Some("Project Manager")),
    job("Project Manager", STAFF, "Project Manager", Some("Project Manager")),
    job("Project Manager", STAFF, "Project Manager", Some("Project Manager")),
    job("Assistant Project Manager", STAFF, "Project Engineer", Some("Assistant Project Manager")),
    job("Project Engineer", STAFF, "Project Engineer", Some("Project Engineer")),
    job("Project Engineer", STAFF, "Project Engineer", Some("Project Engineer")),
    job("Field Engineer", FIELD, "Project Engineer", Some("Field Engineer")),
    job("General Superintendent", FIELD, "Superintendent", Some("General Superintendent")),
    job("Superintendent", FIELD, "Superintendent", Some("Superintendent")),
    job("Superintendent", FIELD, "Superintendent", Some("Superintendent")),
    job("Assistant Superintendent", FIELD, "Superintendent", Some("Assistant Superintendent")),
    job("Concrete Foreman", FIELD, "Superintendent", None),
    job("Safety Manager", FIELD, "Safety and Quality", Some("Safety Manager")),
    job("Quality Control Manager", FIELD, "Safety and Quality", Some("Quality Manager")),
    job("VDC Coordinator", STAFF, "Project Engineer", None),
    job("Scheduler", STAFF, "Office", None),
    job("Estimator", STAFF, "Read Only", None),
    job("Preconstruction Manager", STAFF, "Read Only", None),
    job("Project Accountant", "Accounting", "Office", Some("Project Accountant")),
    job("Contracts Administrator", "Accounting", "Office", None),
    job("Document Control Specialist", STAFF, "Office", None),
];

/// Jobs at firms that design.
pub(super) const DESIGNERS: &[Job] = &[
    job("Principal Architect", NONE, "Design Team", Some("Architect")),
    job("Project Architect", NONE, "Design Team", Some("Architect")),
    job("Job Captain", NONE, "Design Team", None),
    job("Structural Engineer", NONE, "Design Team", Some("Structural Engineer")),
    job("Mechanical Engineer", NONE, "Design Team", None),
    job("Civil Engineer", NONE, "Design Team", None),
    job("Construction Administrator", NONE, "Design Team", None),
];

/// Jobs at firms that build.
pub(super) const BUILDERS: &[Job] = &[
    job("Project Manager", NONE, "Subcontractor", None),
    job("Project Manager", NONE, "Subcontractor", None),
    job("Foreman", NONE, "Subcontractor", None),
    job("General Foreman", NONE, "Subcontractor", None),
    job("Detailer", NONE, "Subcontractor", None),
    job("Estimator", NONE, "Subcontractor", None),
    job("Operations Manager", NONE, "Subcontractor", None),
    job("Safety Coordinator", NONE, "Subcontractor", None),
    job("Office Manager", NONE, "Read Only", None),
];

/// Jobs at those who pay and those who check.
pub(super) const OWNERS: &[Job] = &[
    job("Owner's Representative", CLOSED, "Owner", Some("Owner's Representative")),
    job("Facilities Director", CLOSED, "Owner", None),
    job("Development Manager", CLOSED, "Owner", None),
    job("Special Inspector", CLOSED, "Inspector", Some("Inspector")),
];

/// What firms that design are called after.
pub(super) const DESIGN_TRADES: &[&str] =
    &["Architects", "Architecture Studio", "Structural Engineers", "Consulting Engineers", "Civil Design"];

/// What firms that build are called after.
pub(super) const BUILD_TRADES: &[&str] = &[
    "Mechanical",
    "Electric",
    "Plumbing",
    "Concrete",
    "Steel Erectors",
    "Drywall",
    "Glazing",
    "Roofing",
    "Masonry",
    "Excavating",
    "Fire Protection",
    "Elevator",
    "Millwork",
    "Flooring",
    "Painting",
    "Insulation",
    "Sheet Metal",
    "Waterproofing",
    "Landscape",
    "Crane Services",
    "Scaffold",
    "Controls",
    "Doors and Hardware",
    "Rebar",
];

/// What firms that pay or check are called after.
pub(super) const OWNER_TRADES: &[&str] =
    &["Development", "Properties", "Owner Services", "Testing and Inspection"];

/// What firms are called, and sites after them.
pub(super) const PLACES: &[&str] = &[
    "Alder Creek",
    "Ashford",
    "Aspen Ridge",
    "Bayview",
    "Beacon Hill",
    "Bear Valley",
    "Birchwood",
    "Blue Mesa",
    "Briar Glen",
    "Cascade",
    "Cedar Ridge",
    "Chestnut Hill",
    "Clearwater",
    "Copper Canyon",
    "Cottonwood",
    "Cypress",
    "Deer Park",
    "Eagle Rock",
    "East Wharf",
    "Elk Meadow",
    "Fairmount",
    "Foxglove",
    "Garnet",
    "Granite Peak",
    "Greenway",
    "Harbor Point",
    "Hawthorne",
    "Highland",
    "Holly Springs",
    "Ironwood",
    "Juniper",
    "Keystone",
    "Lakeshore",
    "Laurel",
    "Liberty",
    "Lone Tree",
    "Maple Grove",
    "Meridian",
    "Mill Creek",
    "Mission Bay",
    "Monarch",
    "North Fork",
    "Oak Hollow",
    "Old Quarry",
    "Orchard",
    "Palisade",
    "Pine Bluff",
    "Pioneer",
    "Prairie View",
    "Quail Run",
    "Red Rock",
    "Ridgeline",
    "Riverbend",
    "Rosemont",
    "Sagebrush",
    "Silver Lake",
    "Southgate",
    "Stonebridge",
    "Summit",
    "Sycamore",
    "Tamarack",
    "Timberline",
    "Union Station",
    "Valley Forge",
    "Vista Grande",
    "Walnut Street",
    "West Shore",
    "Whitewater",
    "Willow Park",
    "Wind River",
];

/// What is built, and the type that it counts as.
pub(super) const BUILDINGS: &[(&str, &str)] = &[
    ("Tower", "Commercial"),
    ("Medical Center", "Healthcare"),
    ("Outpatient Clinic", "Healthcare"),
    ("Elementary School", "Education"),
    ("High School", "Education"),
    ("Science Building", "Education"),
    ("Student Housing", "Residential"),
    ("Apartments", "Residential"),
    ("Senior Living", "Residential"),
    ("Lofts", "Residential"),
    ("Water Treatment Plant", "Infrastructure"),
    ("Bridge Replacement", "Infrastructure"),
    ("Transit Center", "Infrastructure"),
    ("Parking Structure", "Commercial"),
    ("Office Park", "Commercial"),
    ("Retail Center", "Commercial"),
    ("Hotel", "Hospitality"),
    ("Conference Center", "Hospitality"),
    ("Distribution Center", "Industrial"),
    ("Data Center", "Industrial"),
    ("Cold Storage", "Industrial"),
    ("Library", "Civic"),
    ("Fire Station", "Civic"),
    ("Courthouse", "Civic"),
    ("Recreation Center", "Civic"),
];

/// What tells buildings of one site apart.
pub(super) const PARTS: &[&str] =
    &["", "", "", "", "A", "B", "C", "Phase 1", "Phase 2", "Renovation", "Expansion", "Tenant Improvements"];

/// Stages of active projects.
pub(super) const STAGES: &[&str] = &[
    "Bidding",
    "Pre-Construction",
    "Course of Construction",
    "Course of Construction",
    "Course of Construction",
];

/// Stages of projects that are over.
pub(super) const LAST_STAGES: &[&str] = &["Post-Construction", "Warranty", "Closed Out"];

/// Streets.
pub(super) const STREETS: &[&str] = &[
    "Main Street",
    "Market Street",
    "Mill Road",
    "Quarry Lane",
    "Railroad Avenue",
    "Harbor Drive",
    "Foundry Street",
    "Park Avenue",
    "College Avenue",
    "Industrial Way",
    "Orchard Road",
    "Canal Street",
];

/// Where people and projects are.
#[derive(Clone, Copy)]
pub(super) struct City {
    /// The name.
    pub(super) name: &'static str,
    /// The state.
    pub(super) state: &'static str,
    /// The postal code.
    pub(super) zip: &'static str,
    /// The area code of phones.
    pub(super) area: &'static str,
    /// The zone of clocks.
    pub(super) zone: &'static str,
    /// The region that the company counts it to.
    pub(super) region: &'static str,
}

const fn city(
    name: &'static str,
    state: &'static str,
    zip: &'static str,
    area: &'static str,
    zone: &'static str,
    region: &'static str,
) -> City {
    City { name, state, zip, area, zone, region }
}

/// The city of whom nothing else is known.
pub(super) const HOME: City = city("Denver", "CO", "80202", "303", "America/Denver", "Mountain");

/// The cities.
pub(super) const CITIES: &[City] = &[
    HOME,
    city("Salt Lake City", "UT", "84101", "801", "America/Denver", "Mountain"),
    city("Boise", "ID", "83702", "208", "America/Boise", "Mountain"),
    city("Phoenix", "AZ", "85004", "602", "America/Phoenix", "Mountain"),
    city("Seattle", "WA", "98101", "206", "America/Los_Angeles", "Pacific"),
    city("Portland", "OR", "97204", "503", "America/Los_Angeles", "Pacific"),
    city("Sacramento", "CA", "95814", "916", "America/Los_Angeles", "Pacific"),
    city("San Diego", "CA", "92101", "619", "America/Los_Angeles", "Pacific"),
    city("Austin", "TX", "78701", "512", "America/Chicago", "Central"),
    city("Omaha", "NE", "68102", "402", "America/Chicago", "Central"),
    city("Minneapolis", "MN", "55401", "612", "America/Chicago", "Central"),
    city("Columbus", "OH", "43215", "614", "America/New_York", "East"),
    city("Raleigh", "NC", "27601", "919", "America/New_York", "East"),
    city("Pittsburgh", "PA", "15222", "412", "America/New_York", "East"),
];

/// What an RFI can be about; `{g}` is a grid, `{l}` a level, `{r}` a room and `{s}` a sheet.
pub(super) const SUBJECTS: &[&str] = &[
    "Slab edge dimension at grid {g}",
    "Column base plate elevation at grid {g}",
    "Beam penetration near grid {g}, level {l}",
    "Door hardware at room {r}",
    "Ceiling height conflict in room {r}",
    "Duct routing conflict at level {l}, grid {g}",
    "Fire damper location at shaft {g}",
    "Waterproofing termination at grid {g}",
    "Curtain wall anchor embed at level {l}",
    "Rebar congestion at shear wall {g}",
    "Missing dimension on sheet {s}",
    "Discrepancy between sheet {s} and specifications",
    "Stair handrail detail at level {l}",
    "Elevator pit depth",
    "Roof drain location at grid {g}",
    "Paint color at corridor, level {l}",
    "Substitution of floor tile in room {r}",
    "Electrical panel clearance in room {r}",
    "Sprinkler head layout at level {l}",
    "Concrete mix for footings at grid {g}",
    "Underground conflict with storm line near grid {g}",
    "Steel connection at grid {g}, level {l}",
    "Window head flashing on sheet {s}",
    "Equipment pad size in room {r}",
    "Fire rating of wall at room {r}",
];

//! The requests themselves, a row each.

/// What to ask, the body, and the status of the answer. Names in braces are ids of the site. A body that starts with a brace
/// is JSON, any other a form: of several parts after a plus.
pub(crate) type Row = (&'static str, &'static str, u16);

/// How a token is asked for.
#[rustfmt::skip]
pub(super) const TOKEN: Row = ("POST /oauth/token", "grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}", 200);

/// Requests to everything that is served in the reference's dialect, in their order.
#[rustfmt::skip]
pub(crate) const REQUESTS: &[Row] = &[
    TOKEN,
    ("POST /oauth/token", "grant_type=client_credentials&client_id={client_id}&client_secret=wrong", 401),
    ("POST /oauth/token", r#"{"grant_type":"password"}"#, 400),
    ("GET /oauth/authorize?response_type=code&client_id={client_id}&redirect_uri=http://127.0.0.1:9/back&state=s1", "", 302),
    ("POST /oauth/token", "grant_type=authorization_code&client_id={client_id}&client_secret={client_secret}&code={code}&redirect_uri=http://127.0.0.1:9/back", 200),
    ("POST /oauth/token", "grant_type=refresh_token&client_id={client_id}&client_secret={client_secret}&refresh_token={refresh_token}", 200),
    ("GET /oauth/token/info", "", 200),
    ("POST /oauth/revoke", "token={refresh_token}&client_id={client_id}&client_secret={client_secret}", 200),

    // Who we are and what we may do.
    ("GET /rest/v1.0/companies", "", 200),
    ("GET /rest/v1.0/me", "", 200),
    ("GET /rest/v1.0/me?company_id={company}", "", 200),
    ("GET /rest/v1.0/me?project_id={project}", "", 200),
    ("GET /rest/v1.3/companies/{company}/me", "", 200),
    ("GET /rest/v1.0/settings/permissions?company_id={company}", "", 200),
    ("GET /rest/v1.0/settings/permissions?project_id={project}", "", 200),

    // Users of the company.
    ("GET /rest/v1.3/companies/{company}/users", "", 200),
    ("GET /rest/v1.3/users?company_id={company}", "", 200),
    ("GET /rest/v1.0/companies/{company}/users/inactive", "", 200),
    ("GET /rest/v1.3/companies/{company}/users/{user}", "", 200),
    ("GET /rest/v1.3/companies/{company}/users/{inactive}", "", 200),
    ("GET /rest/v1.3/companies/{company}/users/1", "", 404),
    ("POST /rest/v1.3/companies/{company}/users", r#"{"user":{"email_address":"new@example.com","last_name":"New","first_name":"Ada","is_employee":true,"employee_id":"E-9","vendor_id":{vendor},"default_permission_template_id":{template}}}"#, 201),
    ("POST /rest/v1.3/companies/{company}/users", r#"{"user":{"email_address":"new@example.com","last_name":"Twice"}}"#, 409),
    ("POST /rest/v1.3/companies/{company}/users", r#"{"user":{"first_name":"Nobody"}}"#, 400),
    ("PATCH /rest/v1.3/companies/{company}/users/{user}", r#"{"user":{"job_title":"Estimator"}}"#, 200),
    ("PATCH /rest/v1.3/companies/{company}/users/{user}", r#"{"user":{"email_address":"moved@example.com","last_name":"Moved","is_employee":true,"business_phone_extension":12}}"#, 200),
    ("PATCH /rest/v1.3/companies/{company}/users/{inactive}", r#"{"user":{"is_active":true}}"#, 400),
    ("PATCH /rest/v1.3/companies/{company}/users/{user}/invite", "", 202),
    ("PATCH /rest/v1.3/companies/{company}/users/{inactive}/invite", "", 400),
    ("PATCH /rest/v1.3/companies/{company}/users/sync", r#"{"updates":[{"id":{user},"job_title":"Lead"},{"email_address":"synced@example.com","last_name":"Synced"},{"id":5,"is_active":false}]}"#, 200),
    ("PATCH /rest/v1.0/companies/{company}/users/inactive/{inactive}", "", 200),
    ("GET /rest/v1.0/companies/{company}/users", "", 200),
    ("GET /rest/v1.0/companies/{company}/users/{user}", "", 200),
    ("POST /rest/v1.0/companies/{company}/users", r#"{"user":{"email_address":"older@example.com","last_name":"Older"}}"#, 201),
    ("PATCH /rest/v1.0/companies/{company}/users/{user}", r#"{"user":{"city":"Denver"}}"#, 200),
    ("POST /rest/v2.0/companies/{company}/people/bulk_deactivate", r#"{"ids":[{inactive_party},1]}"#, 200),
    ("POST /rest/v2.0/companies/{company}/people/bulk_activate", r#"{"ids":[{inactive_party},{party}]}"#, 200),

    // Many memberships at once.
    ("POST /rest/v1.3/companies/{company}/users/bulk_add", r#"{"users":[{"user_id":{user},"project_id":{other_project},"permission_template_id":{template}}]}"#, 200),
    ("POST /rest/v1.3/companies/{company}/users/bulk_add", r#"{"users":[{"user_id":{user},"project_id":{other_project}},{"user_id":5,"project_id":{project}}]}"#, 207),
    ("POST /rest/v1.3/companies/{company}/users/bulk_remove", r#"{"users":[{"user_id":{user},"project_id":{other_project}},{"user_id":5,"project_id":{project}}]}"#, 200),
    ("POST /rest/v2.0/companies/{company}/users/bulk_add", r#"{"users":[{"user_id":"{user}","project_id":"{other_project}","permission_template_id":"{template}"}]}"#, 200),
    ("POST /rest/v2.0/companies/{company}/users/bulk_add", r#"{"users":[{"user_id":"{user}","project_id":"{other_project}"},{"user_id":"5","project_id":"{project}"}]}"#, 207),
    ("POST /rest/v2.0/companies/{company}/users/bulk_remove", r#"{"users":[{"user_id":"{user}","project_id":"{other_project}"}]}"#, 200),
    ("POST /rest/v2.0/companies/{company}/users/bulk_add", r#"{"users":[{many}]}"#, 202),
    ("GET /rest/v2.0/companies/{company}/users/bulk/status/{batch}", "", 200),
    ("POST /rest/v2.0/companies/{company}/users/bulk_remove", r#"{"users":[{many}]}"#, 202),
    ("GET /rest/v2.0/companies/{company}/users/bulk/status/{batch}", "", 200),

    // Projects and their users.
    ("GET /rest/v1.1/projects?company_id={company}", "", 200),
    ("GET /rest/v1.0/projects/{project}?company_id={company}", "", 200),
    ("GET /rest/v1.0/companies/{company}/users/{user}/project_assignments", "", 200),
    ("GET /rest/v1.0/projects/{project}/users", "", 200),
    ("GET /rest/v1.0/projects/{project}/users/inactive", "", 200),
    ("GET /rest/v1.0/projects/{project}/users/{user}", "", 200),
    ("GET /rest/v1.0/projects/{project}/users/1", "", 404),
    ("POST /rest/v1.0/projects/{project}/users", r#"{"user":{"email_address":"onsite@example.com","last_name":"Onsite","permission_template_id":{template}}}"#, 201),
    ("POST /rest/v1.0/projects/{project}/users", r#"{"user":{"id":{other}}}"#, 400),
    ("PATCH /rest/v1.0/projects/{project}/users/{user}", r#"{"user":{"job_title":"Super"}}"#, 200),
    ("PATCH /rest/v1.0/projects/{project}/users/{gone}", r#"{"user":{"is_active":true}}"#, 400),
    ("PATCH /rest/v1.0/projects/{project}/users/inactive/{gone}", "", 200),
    ("POST /rest/v1.0/projects/{other_project}/users/{user}/actions/add", r#"{"user":{"permission_template_id":{template}}}"#, 201),
    ("POST /rest/v1.0/projects/{project}/users/{other}/actions/add", "", 201),
    ("PATCH /rest/v1.0/projects/{project}/permission_template_assignments", r#"{"permission_template_assignments":{"user_id":{user},"permission_template_id":{template}}}"#, 200),
    ("PATCH /rest/v1.0/projects/{project}/permission_template_assignments", r#"{"permission_template_assignments":{"user_id":5,"permission_template_id":{template}}}"#, 422),
    ("GET /rest/v1.0/projects/{project}/assignable_users", "", 200),
    ("DELETE /rest/v1.0/projects/{other_project}/users/{user}/actions/remove", "", 204),

    // Contacts and their memberships.
    ("GET /rest/v1.0/projects/{project}/project_memberships", "", 200),
    ("POST /rest/v1.0/projects/{project}/project_memberships", r#"{"project_membership":{"party_id":{free_contact}}}"#, 201),
    ("POST /rest/v1.0/projects/{project}/project_memberships", r#"{"project_membership":{"party_id":{party}}}"#, 400),
    ("POST /rest/v1.0/projects/{project}/project_memberships/bulk_add", r#"{"party_ids":[{freer_contact}]}"#, 201),
    ("GET /rest/v1.0/companies/{company}/people", "", 200),
    ("GET /rest/v1.0/companies/{company}/people/inactive", "", 200),
    ("GET /rest/v1.0/projects/{project}/people", "", 200),
    ("GET /rest/v1.0/projects/{project}/people/inactive", "", 200),
    ("POST /rest/v1.0/companies/{company}/people", r#"{"person":{"last_name":"Field","first_name":"Mia","is_employee":true,"employee_id":"E-8"}}"#, 201),
    ("POST /rest/v1.0/projects/{project}/people?view=extended", r#"{"person":{"last_name":"Yard"}}"#, 201),
    ("PATCH /rest/v1.0/companies/{company}/people/{contact}", r#"{"person":{"last_name":"Cruz","active":false}}"#, 200),
    ("PATCH /rest/v1.0/companies/{company}/people/{contact}?view=extended", r#"{"person":{"last_name":"Cruz","active":true}}"#, 200),
    ("PATCH /rest/v1.0/projects/{project}/people/{contact}", r#"{"person":{"last_name":"Cruz"}}"#, 200),
    ("DELETE /rest/v1.0/projects/{project}/project_memberships/{contact_membership}?party_id={contact}", "", 204),
    ("DELETE /rest/v2.0/companies/{company}/projects/{project}/project_memberships/bulk_remove", r#"{"party_ids":[{free_contact},{party}]}"#, 200),

    // Vendors and distribution groups.
    ("GET /rest/v1.0/vendors?company_id={company}", "", 200),
    ("GET /rest/v1.0/vendors/{vendor}?company_id={company}", "", 200),
    ("PATCH /rest/v1.0/vendors/{vendor}", r#"{"company_id":{company},"vendor":{"name":"Own Co","notes":"ours"}}"#, 200),
    ("GET /rest/v1.0/companies/{company}/vendors/inactive", "", 200),
    ("PATCH /rest/v1.0/companies/{company}/vendors/inactive/{inactive_vendor}", "", 200),
    ("GET /rest/v1.0/companies/{company}/distribution_groups", "", 200),
    ("GET /rest/v1.0/projects/{project}/distribution_groups", "", 200),
    ("GET /rest/v1.0/projects/{project}/distribution_groups/{group}", "", 200),
    ("PATCH /rest/v1.0/projects/{project}/distribution_groups/{group}", r#"{"distribution_group":{"user_ids":[{user}]}}"#, 200),

    // Templates.
    ("GET /rest/v1.0/companies/{company}/permission_templates", "", 200),
    ("GET /rest/v1.0/companies/{company}/permission_templates?filters[type]=company_tools", "", 200),
    ("GET /rest/v1.0/companies/{company}/permission_templates?filters[type]=global", "", 200),
    ("GET /rest/v1.0/companies/{company}/permission_templates?view=with_permissions", "", 200),
    ("GET /rest/v1.0/companies/{company}/permission_templates/{template}", "", 200),
    ("GET /rest/v1.0/projects/{project}/permission_templates", "", 200),

    // RFIs.
    ("GET /rest/v1.0/projects/{rfi_project}/rfis", "", 200),
    ("GET /rest/v1.0/projects/{rfi_project}/rfis?sort[attribute]=due_date&sort[direction]=desc", "", 200),
    ("GET /rest/v1.0/projects/{rfi_project}/rfis/potential_assignees", "", 200),
    ("GET /rest/v1.0/projects/{rfi_project}/rfis/potential_rfi_managers", "", 200),
    ("GET /rest/v1.0/projects/{rfi_project}/rfis/{rfi}", "", 200),
    ("PATCH /rest/v1.0/projects/{rfi_project}/rfis/{rfi}", r#"{"rfi":{"subject":"Wall"}}"#, 200),
];

/// Requests to what the guide states otherwise.
#[rustfmt::skip]
pub(crate) const GUIDE: &[Row] = &[
    ("GET /rest/v1.0/companies/{company}/users?page=1&per_page=100", "", 200),
    ("GET /rest/v1.0/companies/{company}/users?search=Gone", "", 200),
    ("GET /rest/v1.0/companies/{company}/users?updated_after=2020-01-01", "", 200),
    ("GET /rest/v1.0/companies/{company}/users/{user}", "", 200),
    ("GET /rest/v1.0/companies/{company}/users/1", "", 404),
    ("POST /rest/v1.0/companies/{company}/users", r#"{"user":{"login":"john.smith@example.com","first_name":"John","last_name":"Smith","is_employee":true}}"#, 201),
    ("POST /rest/v1.0/companies/{company}/users", r#"{"user":{"login":"john.smith@example.com","first_name":"John","last_name":"Smith"}}"#, 409),
    ("POST /rest/v1.0/companies/{company}/users", r#"{"user":{"first_name":"Nobody"}}"#, 400),
    ("PATCH /rest/v1.0/companies/{company}/users/{user}", r#"{"user":{"job_title":"Senior PM","is_active":false}}"#, 200),
    ("GET /rest/v1.0/projects/{project}/users?page=1&per_page=100", "", 200),
    ("POST /rest/v1.0/projects/{other_project}/users", r#"{"user":{"id":{manager},"permission_template_id":{template}}}"#, 201),
    ("GET /rest/v1.0/projects/{other_project}/users/{manager}", "", 200),
    ("DELETE /rest/v1.0/projects/{other_project}/users/{manager}", "", 204),
    ("DELETE /rest/v1.0/companies/{company}/users/{inactive}", "", 204),
];

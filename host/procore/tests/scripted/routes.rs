//! A server that answers by path, and what was sent to it, readable.

use muster_procore::{Connection, Dialect, connect};
use serde_json::Value;

use crate::server::{Request, Server, answer};

/// Starts a server that answers as the first route says that a request begins with (`GET /path?query`), and with 404
/// where there is none.
pub(crate) async fn serve(
    dialect: Dialect,
    routes: impl IntoIterator<Item = (&'static str, u16, Value)>,
) -> (Server, Connection) {
    serve_with(dialect, &[], routes).await
}

/// Starts such a server whose answers all have these headers too.
pub(crate) async fn serve_with(
    dialect: Dialect,
    headers: &'static [(&'static str, &'static str)],
    routes: impl IntoIterator<Item = (&'static str, u16, Value)>,
) -> (Server, Connection) {
    let routes: Vec<_> = routes.into_iter().collect();
    let server = Server::start(move |request: &Request, _| {
        let asked = plain(request);
        match routes.iter().find(|(begin, ..)| asked.starts_with(begin)) {
            Some((_, status, body)) => answer(*status, headers, &body.to_string()),
            None => answer(404, &[], r#"{"errors":["Not Found"]}"#),
        }
    })
    .await;
    let mut settings = server.settings();
    settings.dialect = dialect;
    let connection = connect(settings).unwrap();
    (server, connection)
}

/// Returns the requests as `METHOD target body`, without the escapes of the query.
pub(crate) fn sent(server: &Server) -> Vec<String> {
    let line = |request: &Request| format!("{} {}", plain(request), request.body).trim_end().to_owned();
    server.requests().iter().map(line).collect()
}

/// Returns the same, but each list once: its first page, without what is asked of pages.
pub(crate) fn asked(server: &Server) -> Vec<String> {
    let first = |line: &String| !line.contains("page=") || line.contains("page=1&per_page=100");
    let bare = |line: String| line.replace("page=1&per_page=100", "").trim_end_matches(['?', '&']).to_owned();
    sent(server).into_iter().filter(first).map(bare).collect()
}

fn plain(request: &Request) -> String {
    let target = request.target.replace("%5B", "[").replace("%5D", "]").replace("%40", "@");
    format!("{} {target}", request.method)
}

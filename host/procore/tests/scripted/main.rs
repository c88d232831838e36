//! The client against a server that answers as told, over real HTTP.

#[cfg(test)]
mod auth;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod endpoints;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod login;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod rates;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod server;

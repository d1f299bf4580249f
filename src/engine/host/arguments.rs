//! The arguments that every engine program takes, and what of them makes no sense.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

/// Where an engine listens, for whom, and how long it lives.
#[derive(Debug, Clone, Args)]
pub struct HostArguments {
    /// Where to listen: HOST:PORT (port 0 picks one) or unix:PATH.
    #[arg(long, value_name = "HOST:PORT|unix:PATH")]
    pub listen: Listen,
    /// Token that requests must carry as `Authorization: Bearer TOKEN`. Needed beyond this machine.
    #[arg(long, env = "RECOLLECT_ENGINE_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// What requests call the model. [default: the name of its file or folder]
    #[arg(long)]
    pub name: Option<String>,
    /// Threads that compute. [default: the number of processor cores, within what the engine can use]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// Ends when standard input is closed: how a parent that was killed takes its engine with it.
    #[arg(long)]
    pub exit_with_stdin: bool,
}

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// A Unix socket.
    Unix(PathBuf),
    /// A TCP address.
    Tcp(SocketAddr),
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() { Err("`unix:` needs a path".to_owned()) } else { Ok(Self::Unix(path.into())) };
        }
        let mut addresses =
            text.to_socket_addrs().map_err(|error| format!("neither HOST:PORT nor unix:PATH: {error}"))?;
        addresses.next().map(Self::Tcp).ok_or_else(|| "the host has no address".to_owned())
    }
}

impl HostArguments {
    /// Refuses what is no good idea: an engine open to the network without a token.
    ///
    /// # Errors
    /// A sentence for a person.
    pub fn check(&self) -> Result<(), String> {
        if self.token.as_deref().is_some_and(|token| token.trim().is_empty()) {
            return Err("the token is empty; leave --token out or give a real one".to_owned());
        }
        match &self.listen {
            Listen::Tcp(address) if !is_local(address.ip()) && self.token.is_none() => Err(format!(
                "{address} is reachable from other machines: give a --token (or RECOLLECT_ENGINE_TOKEN), or listen on 127.0.0.1"
            )),
            _ => Ok(()),
        }
    }

    /// Threads that compute: as given, or one a core, but no more than `most`.
    pub fn threads(&self, most: usize) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from).min(most);
        self.threads.map_or_else(cores, usize::from)
    }
}

fn is_local(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        host: HostArguments,
    }

    fn parse(arguments: &[&str]) -> Result<HostArguments, String> {
        let all = ["engine"].iter().chain(arguments);
        let parsed = Program::try_parse_from(all).map_err(|error| error.to_string())?.host;
        parsed.check()?;
        Ok(parsed)
    }

    #[test]
    fn sockets_and_addresses_are_told_apart() {
        assert_eq!(parse(&["--listen", "unix:/a/b"]).unwrap().listen, Listen::Unix("/a/b".into()));
        assert!(matches!(parse(&["--listen", "127.0.0.1:0"]).unwrap().listen, Listen::Tcp(_)));
        assert!(parse(&["--listen", "nonsense"]).is_err());
        assert!(parse(&["--listen", "unix:"]).is_err());
    }

    #[test]
    fn beyond_this_machine_a_token_is_demanded() {
        assert!(parse(&["--listen", "0.0.0.0:1"]).unwrap_err().contains("--token"));
        assert!(parse(&["--listen", "[::]:1"]).unwrap_err().contains("--token"));
        assert!(parse(&["--listen", "0.0.0.0:1", "--token", "s3cret"]).is_ok());
        assert!(parse(&["--listen", "127.0.0.1:1", "--token", " "]).unwrap_err().contains("empty"));
    }

    #[test]
    fn threads_are_those_that_were_given_or_at_most_so_many() {
        assert_eq!(parse(&["--listen", "unix:/a", "--threads", "9"]).unwrap().threads(4), 9);
        assert_eq!(parse(&["--listen", "unix:/a"]).unwrap().threads(1), 1);
    }
}

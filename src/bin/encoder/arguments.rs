//! The command line of the engine, and what of it makes no sense.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::bail;
use clap::Parser;

/// Serves a text encoder by OpenAI's HTTP API: /v1/embeddings, /v1/models, /health.
#[derive(Debug, Parser)]
#[command(name = "recollect-encoder", version)]
pub struct Arguments {
    /// Folder of the model (tokenizer.json, config.json and onnx/model.onnx or model.safetensors), or a weights file in it.
    #[arg(long, value_name = "DIR_OR_FILE")]
    pub model: PathBuf,
    /// Where to listen: HOST:PORT (port 0 picks one) or unix:PATH.
    #[arg(long, value_name = "HOST:PORT|unix:PATH")]
    pub listen: Listen,
    /// Token that requests must carry as `Authorization: Bearer TOKEN`. Needed beyond this machine.
    #[arg(long, env = "RECOLLECT_ENGINE_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// Threads that compute. [default: the number of processor cores, 4 at most]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// ONNX Runtime's shared library. Also looked for in RECOLLECT_ONNXRUNTIME, the models folder's `runtime`, the system.
    #[arg(long, value_name = "PATH_TO_libonnxruntime.so")]
    pub runtime: Option<PathBuf>,
    /// What requests call the model. [default: the name of its folder]
    #[arg(long)]
    pub name: Option<String>,
    /// Texts that may wait; more are answered with 429.
    #[arg(long, default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub queue: u32,
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

impl Arguments {
    /// Refuses what is no good idea: an engine open to the network without a token.
    pub fn check(&self) -> anyhow::Result<()> {
        if self.token.as_deref().is_some_and(|token| token.trim().is_empty()) {
            bail!("the token is empty; leave --token out or give a real one");
        }
        match &self.listen {
            Listen::Tcp(address) if !is_local(address.ip()) && self.token.is_none() => {
                bail!(
                    "{address} is reachable from other machines: give a --token (or RECOLLECT_ENGINE_TOKEN), or listen on 127.0.0.1"
                )
            }
            _ => Ok(()),
        }
    }

    /// Threads that compute.
    pub fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from).min(4);
        self.threads.map_or_else(cores, usize::from)
    }
}

fn is_local(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        let all = ["recollect-encoder", "--model", "m"].iter().chain(arguments);
        let parsed = Arguments::try_parse_from(all).map_err(|error| error.to_string())?;
        parsed.check().map_err(|error| error.to_string())?;
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
}

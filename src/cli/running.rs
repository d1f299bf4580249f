//! The server that holds a data folder, if one runs: how it says where it listens, and how commands speak with it, or do
//! without it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;

use super::Global;
use crate::app::{App, DataLock};
use crate::engine::Multipart;

/// A server that holds the folder and does not listen is waited for so long.
const ANSWERS_WITHIN: Duration = Duration::from_secs(4);

/// What a server writes into its data folder.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Listening {
    /// Base address.
    pub url: String,
    /// What clients must present.
    pub token: Option<String>,
    /// Process identifier.
    pub pid: u32,
}

/// A running server.
pub(super) struct Server {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

fn file(data: &Path) -> PathBuf {
    data.join("server.json")
}

impl Listening {
    /// Tells other processes; only this user may read it.
    pub fn announce(&self, data: &Path) -> anyhow::Result<()> {
        let path = file(data);
        let temporary = path.with_extension("json.new");
        std::fs::write(&temporary, serde_json::to_vec(self)?)
            .with_context(|| format!("{} cannot be written", temporary.display()))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&temporary, std::fs::Permissions::from_mode(0o600))?;
        }
        std::fs::rename(&temporary, &path).with_context(|| format!("{} cannot be written", path.display()))
    }

    /// Takes the announcement back.
    pub fn withdraw(data: &Path) {
        // It may be gone already; a stale one is found out by asking.
        drop(std::fs::remove_file(file(data)));
    }
}

#[derive(Deserialize)]
struct Reply<T> {
    data: Option<T>,
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    message: String,
    hint: Option<String>,
}

impl Server {
    /// The server that holds `data`; `None` when none answers.
    pub async fn find(data: &Path) -> Option<Self> {
        let given_up = Instant::now() + ANSWERS_WITHIN;
        loop {
            let server = Self::announced(data)?;
            // Whoever holds the lock is alive; whoever does not is a leftover of a process that was killed.
            if !crate::app::is_held(data) {
                return None;
            }
            // One that is ending holds the folder for a moment without listening, and so does one that begins where the
            // one before was killed.
            if server.listens().await {
                return Some(server);
            }
            if Instant::now() > given_up {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The server that was announced last, if its announcement was not taken back.
    fn announced(data: &Path) -> Option<Self> {
        let listening: Listening = serde_json::from_slice(&std::fs::read(file(data)).ok()?).ok()?;
        let http = reqwest::Client::builder().no_proxy().connect_timeout(Duration::from_secs(2)).build().ok()?;
        Some(Self { http, url: listening.url, token: listening.token })
    }

    async fn listens(&self) -> bool {
        let Some(addresses) = reqwest::Url::parse(&self.url).ok().and_then(|url| url.socket_addrs(|| None).ok()) else {
            return false;
        };
        tokio::net::TcpStream::connect(addresses.as_slice()).await.is_ok()
    }

    /// Reads from the API.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> anyhow::Result<T> {
        self.send(self.http.get(format!("{}/api/v1{path}", self.url)).query(query)).await
    }

    /// Sends to the API.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> anyhow::Result<T> {
        self.send(self.http.post(format!("{}/api/v1{path}", self.url)).json(body)).await
    }

    /// Puts something in place of something by the API.
    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> anyhow::Result<T> {
        self.send(self.http.put(format!("{}/api/v1{path}", self.url)).json(body)).await
    }

    /// Changes by the API.
    pub async fn patch<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> anyhow::Result<T> {
        self.send(self.http.patch(format!("{}/api/v1{path}", self.url)).json(body)).await
    }

    /// Takes something out of something by the API.
    pub async fn take_out<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> anyhow::Result<T> {
        self.send(self.http.delete(format!("{}/api/v1{path}", self.url)).json(body)).await
    }

    /// Deletes by the API.
    pub async fn delete<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        self.send(self.http.delete(format!("{}/api/v1{path}", self.url))).await
    }

    /// Sends a file to the API.
    pub async fn upload<T: DeserializeOwned>(&self, path: &str, file: &Path) -> anyhow::Result<T> {
        let content = tokio::fs::read(file).await.with_context(|| format!("{} cannot be read", file.display()))?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (kind, body) = Multipart::default().file("file", &name, &content).finish();
        let request = self.http.post(format!("{}/api/v1{path}", self.url));
        self.send(request.header("content-type", kind).body(body)).await
    }

    /// Saves what the API serves into a file, which is there whole or not at all.
    pub async fn download(&self, path: &str, file: &Path) -> anyhow::Result<()> {
        let mut request = self.http.get(format!("{}/api/v1{path}", self.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.with_context(|| format!("the server at {} does not answer", self.url))?;
        let mut response = response.error_for_status().context("the server does not give the file")?;
        let part = file.with_extension("part");
        let mut to =
            tokio::fs::File::create(&part).await.with_context(|| format!("{} cannot be written", part.display()))?;
        while let Some(some) = response.chunk().await.context("the server broke off")? {
            to.write_all(&some).await.with_context(|| format!("{} cannot be written", part.display()))?;
        }
        to.sync_all().await?;
        tokio::fs::rename(&part, file).await.with_context(|| format!("{} cannot be written", file.display()))
    }

    async fn send<T: DeserializeOwned>(&self, mut request: reqwest::RequestBuilder) -> anyhow::Result<T> {
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.with_context(|| format!("the server at {} does not answer", self.url))?;
        let reply: Reply<T> = response.json().await.context("the server's answer cannot be read")?;
        match (reply.data, reply.error) {
            (Some(data), None) => Ok(data),
            (_, Some(Failure { message, hint: Some(hint) })) => bail!("{message}; {hint}"),
            (_, Some(Failure { message, hint: None })) => bail!("{message}"),
            (None, None) => bail!("the server's answer is empty"),
        }
    }
}

/// Where changes are made: by the server that holds the library, or here. Either way the library can be read.
pub(super) enum Access {
    /// By the server; the library is open beside it.
    Remote(Server, App),
    /// Here, where nobody else holds it.
    Here {
        /// Held as long as this.
        _lock: DataLock,
        /// The application.
        app: App,
    },
}

impl Access {
    /// Access to the library that the command is about.
    pub async fn open(global: &Global) -> anyhow::Result<Self> {
        match Server::find(&global.data()).await {
            Some(server) => Ok(Self::Remote(server, global.open_to_read().await?)),
            None => {
                global.existing_library()?;
                let (_lock, app) = global.open(&[]).await?;
                Ok(Self::Here { _lock, app })
            }
        }
    }

    /// The application, to read with.
    pub fn app(&self) -> &App {
        match self {
            Self::Remote(_, app) | Self::Here { app, .. } => app,
        }
    }
}

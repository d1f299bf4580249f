//! The model hub: where it is, who asks, and what it says of a file before the file is fetched.
//!
//! The hub is Hugging Face or a mirror of it. `HF_ENDPOINT`, `HF_TOKEN` and `HF_HUB_OFFLINE` mean what they mean to its
//! own client (huggingface_hub, "Environment variables"). A token is sent to that host and to no other. Of a large file
//! the hub states size and SHA-256 before it redirects to its storage (`x-linked-size`, `x-linked-etag`), of any file the
//! commit (`x-repo-commit`); the tag of a small file is a git hash and is not believed to be a checksum.

use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_LENGTH, ETAG, HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Url};

use super::catalogue::is_sha256;
use super::error::ModelError;

/// Where models come from when nothing else is said.
pub const USUAL_HUB: &str = "https://huggingface.co";
/// A hub answers a question about a file within this time.
const STATES_WITHIN: Duration = Duration::from_secs(20);
/// Redirects within the hub that are followed before its storage is reached.
const MOST_STEPS: usize = 5;

/// Which hub is asked, and how.
#[derive(Clone)]
pub struct Hub {
    /// Its address.
    pub endpoint: String,
    /// What proves who asks; only for repositories that demand it.
    pub token: Option<String>,
    /// Nothing may be fetched.
    pub offline: bool,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let token = self.token.as_ref().map(|_| "…");
        f.debug_struct("Hub")
            .field("endpoint", &self.endpoint)
            .field("token", &token)
            .field("offline", &self.offline)
            .finish()
    }
}

impl Default for Hub {
    fn default() -> Self {
        Self { endpoint: USUAL_HUB.to_owned(), token: None, offline: false }
    }
}

/// What the hub says of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    /// Bytes.
    pub size: Option<u64>,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: Option<String>,
    /// Commit of the repository.
    pub commit: Option<String>,
}

impl Hub {
    /// The hub that the environment names, else the usual one.
    pub fn from_environment() -> Self {
        let set = |name: &str| std::env::var(name).ok().map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        Self {
            endpoint: set("HF_ENDPOINT").unwrap_or_else(|| USUAL_HUB.to_owned()),
            token: set("HF_TOKEN"),
            offline: set("HF_HUB_OFFLINE")
                .is_some_and(|v| ["1", "on", "yes", "true"].contains(&v.to_lowercase().as_str())),
        }
    }

    /// A request, with the token if it goes to the hub itself.
    pub fn request(&self, http: &Client, method: Method, url: &str) -> RequestBuilder {
        let request = http.request(method, url).header(ACCEPT_ENCODING, "identity");
        match &self.token {
            Some(token) if same_host(url, &self.endpoint) => request.bearer_auth(token),
            _ => request,
        }
    }

    /// Asks what a file is. A server that does not know such questions states nothing, which is no error: the download
    /// finds out what is wrong, if anything is.
    ///
    /// # Errors
    /// [`ModelError::Transfer`] when no client can be made.
    pub async fn state(&self, url: &str) -> Result<Stated, ModelError> {
        let http = Client::builder()
            .connect_timeout(Duration::from_secs(8))
            .timeout(STATES_WITHIN)
            .redirect(Policy::none())
            .user_agent(concat!("recollect/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| ModelError::Transfer { url: url.to_owned(), reason: error.to_string() })?;
        let mut address = url.to_owned();
        let mut stated = Stated::default();
        for _ in 0..MOST_STEPS {
            let Ok(response) = self.request(&http, Method::HEAD, &address).send().await else { break };
            let status = response.status();
            if !status.is_success() && !status.is_redirection() {
                break;
            }
            stated.take(response.headers(), status.is_success());
            // A redirect within the hub is another name of the same file; one to elsewhere is its storage.
            match next(&address, response.headers()) {
                Some(step) if status.is_redirection() && same_host(&step, &address) && stated.sha256.is_none() => {
                    address = step;
                }
                _ => break,
            }
        }
        Ok(stated)
    }
}

impl Stated {
    fn take(&mut self, headers: &HeaderMap, is_file: bool) {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        self.commit = self.commit.take().or_else(|| text("x-repo-commit").filter(|c| is_commit(c)).map(str::to_owned));
        let tag = text("x-linked-etag").or_else(|| text(ETAG.as_str()).filter(|_| self.commit.is_some()));
        self.sha256 = self.sha256.take().or_else(|| tag.and_then(sha256_of_tag));
        let length = text("x-linked-size").or_else(|| text(CONTENT_LENGTH.as_str()).filter(|_| is_file));
        self.size = self.size.or_else(|| length.and_then(|length| length.parse().ok()));
    }
}

/// A commit goes into an address: digits and letters only.
fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The checksum in an entity tag (RFC 9110 section 8.8.3), if it is one.
fn sha256_of_tag(tag: &str) -> Option<String> {
    let digits = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"').to_lowercase();
    is_sha256(&digits).then_some(digits)
}

fn next(address: &str, headers: &HeaderMap) -> Option<String> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    Some(Url::parse(address).ok()?.join(location).ok()?.into())
}

fn same_host(one: &str, other: &str) -> bool {
    let host = |text: &str| {
        let url = Url::parse(text).ok()?;
        Some((url.scheme().to_owned(), url.host_str()?.to_owned(), url.port_or_known_default()))
    };
    host(one).is_some() && host(one) == host(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::http::StatusCode;
    use axum::response::IntoResponse as _;
    use axum::routing::get;

    const COMMIT: &str = "23749fefcc72300e3a2ad315e1317431b06b590a";

    async fn serve(app: Router) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}")
    }

    #[tokio::test]
    async fn size_checksum_and_commit_are_read_before_the_redirect_to_the_storage() {
        let digest = "AB".repeat(32);
        let tag = format!("\"{digest}\"");
        let large = move || {
            let headers = [
                ("x-repo-commit", COMMIT.to_owned()),
                ("x-linked-size", "123456".to_owned()),
                ("x-linked-etag", tag.clone()),
                ("location", "http://127.0.0.1:1/storage".to_owned()),
            ];
            std::future::ready((StatusCode::FOUND, headers).into_response())
        };
        let small = || {
            let headers = [("x-repo-commit", COMMIT), ("etag", "\"0123456789012345678901234567890123456789\"")];
            std::future::ready((headers, "{}").into_response())
        };
        let moved = || std::future::ready((StatusCode::TEMPORARY_REDIRECT, [("location", "/small")]).into_response());
        let app = Router::new().route("/large", get(large)).route("/small", get(small)).route("/moved", get(moved));
        let address = serve(app).await;
        let hub = Hub { endpoint: address.clone(), ..Hub::default() };
        let commit = Some(COMMIT.to_owned());
        let stated = hub.state(&format!("{address}/large")).await.unwrap();
        assert_eq!(stated, Stated { size: Some(123_456), sha256: Some("ab".repeat(32)), commit: commit.clone() });
        let stated = hub.state(&format!("{address}/moved")).await.unwrap();
        assert_eq!(stated, Stated { size: Some(2), sha256: None, commit }, "a git hash is no SHA-256");
        assert_eq!(hub.state(&format!("{address}/none")).await.unwrap(), Stated::default());
        assert_eq!(hub.state("http://127.0.0.1:1/w").await.unwrap(), Stated::default());
    }

    #[test]
    fn a_token_goes_to_the_hub_and_to_no_other_host() {
        let hub = Hub { endpoint: "https://hub.example/".into(), token: Some("secret".into()), offline: false };
        let http = Client::new();
        let sent = |url: &str| {
            let request = hub.request(&http, Method::GET, url).build().unwrap();
            request.headers().contains_key("authorization")
        };
        assert!(sent("https://hub.example/a/b/resolve/main/w"));
        for other in ["https://cdn.example/w", "http://hub.example/w", "https://hub.example.evil/w", "nonsense:/"] {
            if Url::parse(other).is_ok_and(|url| url.has_host()) {
                assert!(!sent(other), "{other}");
            }
        }
        assert!(!format!("{hub:?}").contains("secret"));
    }

    #[test]
    fn a_commit_is_only_what_can_stand_in_an_address() {
        assert!(is_commit(COMMIT));
        for wrong in ["", "../..", "main", "23749fefcc72300e3a2ad315e1317431b06b590a/x"] {
            assert!(!is_commit(wrong), "{wrong}");
        }
    }
}

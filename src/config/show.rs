//! Settings of what is shown: maps and films.

use serde::{Deserialize, Serialize};

use crate::film::render::Allowed;

/// Maps: drawn from data of the program itself, unless the owner turns online tiles on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MapConfig {
    /// Where the tiles come from that the owner can turn on in the web app: an address with `{z}`, `{x}` and `{y}`. Its
    /// server learns which areas are looked at. Empty: they cannot be turned on.
    pub tiles: String,
    /// Whom its makers want to be named.
    pub credit: String,
}

impl Default for MapConfig {
    fn default() -> Self {
        Self {
            tiles: "https://tile.openstreetmap.org/{z}/{x}/{y}.png".into(),
            credit: "© OpenStreetMap contributors".into(),
        }
    }
}

impl MapConfig {
    /// The scheme, host and port that tiles come from; none when there are no tiles or their address is not one.
    pub fn tile_origin(&self) -> Option<String> {
        let whole = ["{z}", "{x}", "{y}"].iter().all(|part| self.tiles.contains(part));
        let (scheme, rest) =
            self.tiles.split_once("://").filter(|(scheme, _)| whole && matches!(*scheme, "http" | "https"))?;
        let host = rest.split('/').next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        (!host.is_empty() && host.chars().all(plain)).then(|| format!("{scheme}://{host}"))
    }
}

/// Films.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilmConfig {
    /// A folder with music of the user's own, to be chosen from in the studio. Empty: none but what was given to the app.
    pub music: String,
    /// What may encode films: `auto`, hardware where it works; `software`, processors alone, with the same frames each time.
    pub encoder: Allowed,
}

#[cfg(test)]
mod tests {
    use super::MapConfig;

    #[test]
    fn tiles_come_from_a_host_and_nothing_else_reaches_the_policy_of_pages() {
        let origin = |tiles: &str| MapConfig { tiles: tiles.into(), credit: String::new() }.tile_origin();
        assert_eq!(MapConfig::default().tile_origin().as_deref(), Some("https://tile.openstreetmap.org"));
        assert_eq!(origin("http://nas:8080/{z}/{x}/{y}.webp").as_deref(), Some("http://nas:8080"));
        for none in [
            "",
            "https://tiles.example/{z}/{x}.png",
            "ftp://a/{z}/{x}/{y}",
            "https:///{z}/{x}/{y}",
            "https://a; script-src */{z}/{x}/{y}",
        ] {
            assert_eq!(origin(none), None, "{none}");
        }
    }
}

//! The map: what there is to show, the marks of an area, and the media of a mark.

use std::collections::HashMap;

use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::audience::Audience;
use super::collections::{covers, next};
use super::error::{ApiError, Envelope, data, page};
use super::media::window;
use super::views::MediaCard;
use super::{Api, Reply};
use crate::library::MediaId;
use crate::library::positions::Area;
use crate::map::clusters::{Cluster, cell_size, join};

/// The most areas of a mark.
const MOST_AREAS: usize = 200;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_map)).routes(routes!(list_clusters)).routes(routes!(list_media))
}

/// West, south, east, north in degrees.
type Edges = [f64; 4];

fn edges(area: &Area) -> Edges {
    [area.west, area.south, area.east, area.north]
}

/// What there is to show on a map.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct MapView {
    /// Media with a position.
    located: i64,
    /// Where they are, west, south, east, north; null when none has a position.
    bounds: Option<[f64; 4]>,
    /// Online tiles that the owner can turn on; null for guests and where there are none.
    tiles: Option<TilesView>,
}

/// Pictures of the map from elsewhere.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct TilesView {
    /// Their address, with `{z}`, `{x}` and `{y}`.
    url: String,
    /// Whom their makers want to be named.
    credit: String,
    /// Who learns which areas are looked at.
    host: String,
}

/// What there is to show on a map.
#[utoipa::path(get, path = "/map", responses((status = 200, body = Envelope<MapView>)))]
async fn get_map(State(api): State<Api>) -> Reply<MapView> {
    // The whole earth as one cell.
    let earth = api.library().cells(&Area::EARTH, (400.0, 400.0)).await?.pop();
    let config = &api.app.configured.config.map;
    let origin = config.tile_origin().filter(|_| api.audience != Audience::Guest);
    let tiles = origin.map(|origin| TilesView {
        url: config.tiles.clone(),
        credit: config.credit.clone(),
        host: origin.split_once("://").map_or_else(String::new, |(_, host)| host.to_owned()),
    });
    Ok(data(MapView {
        located: earth.as_ref().map_or(0, |earth| earth.count),
        bounds: earth.map(|earth| edges(&earth.area)),
        tiles,
    }))
}

/// The area that is on the screen.
#[derive(Debug, Deserialize, IntoParams)]
struct Viewed {
    /// Western edge, degrees east; greater than `east` across the antimeridian.
    west: f64,
    /// Southern edge, degrees north.
    south: f64,
    /// Eastern edge, degrees east.
    east: f64,
    /// Northern edge, degrees north.
    north: f64,
    /// Zoom as tiled maps count it: at 0 the world is 256 pixels wide.
    zoom: f64,
}

/// Media near each other on the map.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ClusterView {
    /// Their mean position, degrees north.
    lat: f64,
    /// Degrees east.
    lon: f64,
    /// How many there are.
    count: i64,
    /// The town they are all in, else the region, else the country; null when they are in several.
    place: Option<String>,
    /// The one that stands for them.
    cover: Option<MediaCard>,
    /// Where they are: each west, south, east, north. No other media are there.
    areas: Vec<[f64; 4]>,
}

impl ClusterView {
    fn of(cluster: Cluster, covers: &HashMap<MediaId, MediaCard>) -> Self {
        Self {
            lat: cluster.centre.0,
            lon: cluster.centre.1,
            count: cluster.count,
            place: Some(cluster.place).filter(|place| !place.is_empty()),
            cover: covers.get(&cluster.cover).cloned(),
            areas: cluster.areas.iter().map(edges).collect(),
        }
    }
}

/// The marks of an area of the map, those with the most media first.
#[utoipa::path(get, path = "/map/clusters", params(Viewed), responses((status = 200, body = Envelope<Vec<ClusterView>>)))]
async fn list_clusters(State(api): State<Api>, Query(viewed): Query<Viewed>) -> Reply<Vec<ClusterView>> {
    let area = area([viewed.west, viewed.south, viewed.east, viewed.north])?;
    if !(0.0..=24.0).contains(&viewed.zoom) {
        return Err(ApiError::bad_request("`zoom` is between 0 and 24"));
    }
    let cells = api.library().cells(&area, cell_size(&area, viewed.zoom)).await?;
    let clusters = join(&cells, viewed.zoom);
    let covers = covers(&api, clusters.iter().map(|cluster| Some(cluster.cover))).await?;
    let total = clusters.iter().map(|cluster| cluster.count).sum::<i64>();
    let views = clusters.into_iter().map(|cluster| ClusterView::of(cluster, &covers)).collect();
    Ok(page(views, total.unsigned_abs(), None))
}

/// Where media are asked for.
#[derive(Debug, Deserialize, IntoParams)]
struct Within {
    /// Areas, each `west,south,east,north`, separated by semicolons.
    areas: String,
    /// Where to go on.
    cursor: Option<String>,
    /// Number of media, 500 at the most.
    limit: Option<u32>,
}

/// Media in areas of the map, latest first.
#[utoipa::path(get, path = "/map/media", params(Within), responses((status = 200, body = Envelope<Vec<MediaCard>>)))]
async fn list_media(State(api): State<Api>, Query(within): Query<Within>) -> Reply<Vec<MediaCard>> {
    let (offset, limit) = window(within.cursor.as_deref(), within.limit)?;
    let areas = within.areas.split(';').map(read_area).collect::<Result<Vec<_>, _>>()?;
    if areas.len() > MOST_AREAS {
        return Err(ApiError::bad_request(format!("there are more than {MOST_AREAS} areas")));
    }
    let (media, total) = api.library().media_within(&areas, offset, limit).await?;
    Ok(page(media.iter().map(MediaCard::from).collect(), total, next(offset, media.len(), total)))
}

fn read_area(text: &str) -> Result<Area, ApiError> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    let edges = numbers.and_then(|numbers| Edges::try_from(numbers).ok());
    area(edges.ok_or_else(|| ApiError::bad_request(format!("`{text}` is not an area: west,south,east,north")))?)
}

fn area([west, south, east, north]: Edges) -> Result<Area, ApiError> {
    let within = |value: f64, most: f64| value.is_finite() && value.abs() <= most;
    if within(west, 180.0) && within(east, 180.0) && within(south, 90.0) && within(north, 90.0) && south <= north {
        Ok(Area { west, south, east, north })
    } else {
        let hint = "longitudes lie between -180 and 180, latitudes between -90 and 90, the south first";
        Err(ApiError::bad_request("this is no part of the earth").hint(hint))
    }
}

//! Where media were taken: gathered in the cells of a grid, and those of an area.
//!
//! Cells are counted by the database, so that a map of 100,000 media moves a few hundred rows. What is off limits is
//! neither counted nor shown. Which cells are near each other on a screen is left to [`crate::map`].

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::filter::MediaFilter;
use super::media::{COLUMNS, Medium};
use super::{Library, LibraryError, MediaId, Result};

/// The most cells of a map.
const MOST_CELLS: i64 = 4000;

/// A part of the earth between two meridians and two parallels, in degrees, its edges included. Where `west` is greater
/// than `east` it lies across the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Degrees east of its western edge.
    pub west: f64,
    /// Degrees north of its southern edge.
    pub south: f64,
    /// Degrees east of its eastern edge.
    pub east: f64,
    /// Degrees north of its northern edge.
    pub north: f64,
}

impl Area {
    /// All of it.
    pub const EARTH: Self = Self { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    /// Appends the condition that a row `m` of `media` lies in it.
    fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        query.push("(m.lat BETWEEN ").push_bind(self.south).push(" AND ").push_bind(self.north);
        query.push(" AND (m.lon >= ").push_bind(self.west);
        query.push(if self.west > self.east { " OR m.lon <= " } else { " AND m.lon <= " });
        query.push_bind(self.east).push("))");
    }
}

/// The media of a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// How many there are.
    pub count: i64,
    /// Their mean position: degrees north, degrees east.
    pub centre: (f64, f64),
    /// The smallest area that holds them.
    pub area: Area,
    /// The best of them, by stars, then the latest.
    pub cover: MediaId,
    /// City, region and country, each as far as all of them are in the same.
    pub place: [Option<String>; 3],
}

#[derive(FromRow)]
struct Row {
    count: i64,
    lat: f64,
    lon: f64,
    west: f64,
    south: f64,
    east: f64,
    north: f64,
    best: String,
    city: Option<String>,
    city_last: Option<String>,
    region: Option<String>,
    region_last: Option<String>,
    country: Option<String>,
    country_last: Option<String>,
}

impl TryFrom<Row> for Cell {
    type Error = LibraryError;

    fn try_from(row: Row) -> Result<Self> {
        let best = row.best.rsplit('|').next().unwrap_or_default();
        let same = |first: Option<String>, last: Option<String>| if first == last { first } else { None };
        Ok(Self {
            count: row.count,
            centre: (row.lat, row.lon),
            area: Area { west: row.west, south: row.south, east: row.east, north: row.north },
            cover: best.parse().map_err(|_| LibraryError::Stored(row.best.clone()))?,
            place: [
                same(row.city, row.city_last),
                same(row.region, row.region_last),
                same(row.country, row.country_last),
            ],
        })
    }
}

/// A cell in one row. The best medium is the greatest text: whether there is a picture of it, its stars, when it was
/// taken, and which it is.
const CELL: &str = "SELECT COUNT(*) AS count, AVG(m.lat) AS lat, AVG(m.lon) AS lon, MIN(m.lon) AS west, \
     MIN(m.lat) AS south, MAX(m.lon) AS east, MAX(m.lat) AS north, \
     MAX(CASE WHEN m.problem_code IS NULL THEN '1' ELSE '0' END || CAST(COALESCE(m.rating, 0) AS TEXT) \
      || COALESCE(m.taken, '') || '|' || m.id) AS best, \
     MIN(COALESCE(m.city, m.locality, '')) AS city, MAX(COALESCE(m.city, m.locality, '')) AS city_last, \
     MIN(COALESCE(m.region, '')) AS region, MAX(COALESCE(m.region, '')) AS region_last, \
     MIN(COALESCE(m.country, '')) AS country, MAX(COALESCE(m.country, '')) AS country_last FROM media m WHERE ";

impl Library {
    /// The media of an area in the cells of a grid, `cell` degrees of latitude high and of longitude wide; those with the
    /// most media first, 4000 at the most.
    pub async fn cells(&self, area: &Area, cell: (f64, f64)) -> Result<Vec<Cell>> {
        let mut query = QueryBuilder::<Sqlite>::new(CELL);
        self.push_filter(&mut query, &MediaFilter::default());
        query.push(" AND ");
        area.push(&mut query);
        // How a database rounds moves the grid, and nothing else.
        query.push(" GROUP BY CAST((m.lat + 90.0) / ").push_bind(cell.0);
        query.push(" AS INTEGER), CAST((m.lon + 180.0) / ").push_bind(cell.1);
        query.push(" AS INTEGER) ORDER BY COUNT(*) DESC, MIN(m.lat), MIN(m.lon) LIMIT ").push_bind(MOST_CELLS);
        let rows = query.build_query_as::<Row>().fetch_all(&self.read).await?;
        rows.into_iter().map(Cell::try_from).collect()
    }

    /// A page of the media in any of some areas, latest first, and how many there are.
    pub async fn media_within(&self, areas: &[Area], offset: u32, limit: u32) -> Result<(Vec<Medium>, u64)> {
        let condition = |query: &mut QueryBuilder<Sqlite>| {
            self.push_filter(query, &MediaFilter::default());
            query.push(" AND (1 = 0");
            for area in areas {
                query.push(" OR ");
                area.push(query);
            }
            query.push(")");
        };
        let mut count = QueryBuilder::<Sqlite>::new("SELECT COUNT(*) FROM media m WHERE ");
        condition(&mut count);
        let count: i64 = count.build_query_scalar().fetch_one(&self.read).await?;
        let mut query = QueryBuilder::<Sqlite>::new(format!("SELECT {COLUMNS} FROM media m WHERE "));
        condition(&mut query);
        query.push(" ORDER BY m.taken IS NULL, m.taken DESC, m.name DESC, m.id LIMIT ").push_bind(i64::from(limit));
        query.push(" OFFSET ").push_bind(i64::from(offset));
        Ok((query.build_query_as().fetch_all(&self.read).await?, count.max(0) as u64))
    }
}

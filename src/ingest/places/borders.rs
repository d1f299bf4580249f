//! Which country a position lies in, by the borders that Natural Earth draws.
//!
//! A border is a line that knows the country on either side. Looking due west from a position, the nearest line crossed
//! shows its eastern side: the country of the position, or water. Coasts are drawn coarsely (about 2 km) and islands of a
//! few kilometres are not drawn, so "water" only means that the nearest settlement has to decide; borders on land are good
//! to a few hundred metres. Disputed areas follow the country that GeoNames gives most settlements there.

use std::sync::LazyLock;

use super::data::{Container, DataError};

/// Buckets a degree of latitude.
const BANDS_PER_DEGREE: f64 = 10.0;
const BANDS: usize = 1801;
/// The lines end shortly past this latitude: everything farther south is Antarctica.
const SOUTHERNMOST: f64 = -85.0;

/// Index of the empty code that stands first among the countries.
const WATER: u8 = 0;

/// One straight piece of a border, degrees, from south to north.
struct Piece {
    south: (f32, f32),
    north: (f32, f32),
    /// Index of the country to the east, or [`WATER`].
    east: u8,
}

/// All borders, bucketed by latitude.
pub(super) struct Borders {
    countries: Vec<String>,
    /// Sorted by band, then by the westernmost longitude.
    pieces: Vec<Piece>,
    bands: Vec<u32>,
}

impl Borders {
    /// The borders, decoded on first use.
    pub(super) fn get() -> &'static Self {
        static BORDERS: LazyLock<Borders> = LazyLock::new(|| {
            let packed = include_bytes!("../../../data/places/borders.bin.br");
            // The data are part of the program, and the tests read them: they cannot be broken where it runs.
            Container::open(packed).and_then(|data| Borders::read(&data)).unwrap_or_else(|error| panic!("{error}"))
        });
        &BORDERS
    }

    fn read(data: &Container) -> Result<Self, DataError> {
        let countries: Vec<String> = data.text(0)?.split('\n').map(str::to_owned).collect();
        if countries.first().is_none_or(|code| !code.is_empty()) {
            return Err(DataError::Broken("the countries of the borders"));
        }
        let grid: Vec<f64> = data.text(1)?.split('\n').filter_map(|number| number.parse().ok()).collect();
        let [scale_x, scale_y, move_x, move_y] = grid[..] else {
            return Err(DataError::Broken("the grid of the borders"));
        };
        let degrees =
            |x: i32, y: i32| ((f64::from(x) * scale_x + move_x) as f32, (f64::from(y) * scale_y + move_y) as f32);
        let mut head = data.numbers(2)?;
        let mut body = data.numbers(3)?;
        let mut banded = Vec::new();
        while !head.is_done() {
            let sides = [country(head.unsigned()?, &countries)?, country(head.unsigned()?, &countries)?];
            let points = head.unsigned()?;
            let (mut x, mut y) = (0i32, 0i32);
            let mut last = None;
            for _ in 0..points {
                x = x.wrapping_add(body.signed()?);
                y = y.wrapping_add(body.signed()?);
                let here = degrees(x, y);
                if let Some(last) = last {
                    spread(last, here, sides, &mut banded);
                }
                last = Some(here);
            }
        }
        banded.sort_by(|a: &(usize, Piece), b| a.0.cmp(&b.0).then(a.1.west().total_cmp(&b.1.west())));
        let bands = (0..=BANDS).map(|band| banded.partition_point(|piece| piece.0 < band) as u32).collect();
        Ok(Self { countries, pieces: banded.into_iter().map(|piece| piece.1).collect(), bands })
    }

    /// ISO code of the country at a position, degrees; `None` in the water and on islands too small to be drawn.
    pub(super) fn country_at(&self, lat: f64, lon: f64) -> Option<&str> {
        // Natural Earth draws Antarctica down to here.
        let lat = lat.max(SOUTHERNMOST);
        let band = band(lat);
        let pieces = &self.pieces[self.bands[band] as usize..self.bands[band + 1] as usize];
        // Nothing up to the antimeridian: look on from its other side.
        let east = east_of_line(pieces, lat as f32, lon as f32).or_else(|| east_of_line(pieces, lat as f32, 180.0))?;
        Some(self.countries[usize::from(east)].as_str()).filter(|code| !code.is_empty())
    }
}

/// The country to the east of the nearest line west of a position.
fn east_of_line(pieces: &[Piece], lat: f32, lon: f32) -> Option<u8> {
    let mut best: Option<(f32, u8)> = None;
    for piece in &pieces[..pieces.partition_point(|piece| piece.west() <= lon)] {
        if piece.south.1 <= lat && lat < piece.north.1 {
            let share = (lat - piece.south.1) / (piece.north.1 - piece.south.1);
            let crossing = piece.south.0 + share * (piece.north.0 - piece.south.0);
            // Two lines lie on the antimeridian where land is cut in two; the one that faces land is meant.
            let nearer =
                best.is_none_or(|(nearest, _)| crossing > nearest || (crossing == nearest && piece.east != WATER));
            if crossing <= lon && nearer {
                best = Some((crossing, piece.east));
            }
        }
    }
    best.map(|(_, east)| east)
}

impl Piece {
    fn west(&self) -> f32 {
        self.south.0.min(self.north.0)
    }
}

fn country(number: u32, countries: &[String]) -> Result<u8, DataError> {
    let known = (number as usize) < countries.len();
    u8::try_from(number).ok().filter(|_| known).ok_or(DataError::Broken("a country of the borders"))
}

fn band(lat: f64) -> usize {
    // The cast is in range: latitudes give 0 to 1800.
    ((lat + 90.0) * BANDS_PER_DEGREE).clamp(0.0, (BANDS - 1) as f64) as usize
}

/// Puts a piece of a line into every band it touches. `sides` are the countries on its left and right.
fn spread(from: (f32, f32), to: (f32, f32), sides: [u8; 2], banded: &mut Vec<(usize, Piece)>) {
    if from.1 == to.1 {
        return;
    }
    // A piece across the antimeridian stands on both sides of the map.
    let turn = 360.0 * ((from.0 - to.0) / 360.0).round();
    stand(from, (to.0 + turn, to.1), sides, banded);
    if turn != 0.0 {
        stand((from.0 - turn, from.1), to, sides, banded);
    }
}

fn stand(from: (f32, f32), to: (f32, f32), sides: [u8; 2], banded: &mut Vec<(usize, Piece)>) {
    // Going north, the east is on the right.
    let (south, north, east) = if from.1 < to.1 { (from, to, sides[1]) } else { (to, from, sides[0]) };
    for band in band(f64::from(south.1))..=band(f64::from(north.1)) {
        banded.push((band, Piece { south, north, east }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_where_they_are() {
        let at = |lat, lon| Borders::get().country_at(lat, lon);
        assert_eq!(at(46.8, 8.2), Some("CH"));
        assert_eq!(at(-25.0, 134.0), Some("AU"));
        assert_eq!(at(-90.0, 0.0), Some("AQ"));
        assert_eq!(at(67.0, -178.0), Some("RU"), "Chukotka reaches past the antimeridian");
        assert_eq!(at(66.0, 179.0), Some("RU"));
        assert_eq!(at(4.0, -53.0), Some("GF"), "not France");
        assert_eq!(at(-29.6, 28.2), Some("LS"), "an enclave");
        assert_eq!(at(-79.0, -100.0), Some("AQ"));
        assert_eq!(at(-75.0, 179.0), None, "the Ross Sea");
        assert_eq!(at(30.0, -40.0), None);
    }
}

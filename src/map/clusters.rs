//! Marks on a map: cells of a grid, joined where they would lie on top of each other.

use crate::library::MediaId;
use crate::library::positions::{Area, Cell};

/// Pixels of the world at zoom 0.
const WORLD: f64 = 256.0;
/// Pixels of a cell.
const CELL: f64 = 44.0;
/// Marks are so far apart, pixels.
const APART: f64 = 62.0;
/// The most marks of a map; the grid is taken coarser until there are no more.
const MOST: usize = 300;
/// The projection ends here, degrees of latitude.
const EDGE: f64 = 85.051_128;

/// Media that one mark stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// How many there are.
    pub count: i64,
    /// Their mean position: degrees north, degrees east.
    pub centre: (f64, f64),
    /// Where they are, and no other media: the areas of their cells.
    pub areas: Vec<Area>,
    /// The one that stands for them.
    pub cover: MediaId,
    /// The town they are all in, else the region, else the country; empty when they are in several.
    pub place: String,
}

/// The size of a cell for a map of an area: degrees of latitude and of longitude.
pub fn cell_size(area: &Area, zoom: f64) -> (f64, f64) {
    let wide = 360.0 / (WORLD * zoom.exp2()) * CELL;
    // A degree of latitude takes more pixels the further it is from the equator.
    let middle = f64::midpoint(area.south, area.north).clamp(-80.0, 80.0);
    (wide * middle.to_radians().cos(), wide)
}

/// Cells, those with the most media first, as marks that do not lie on top of each other.
pub fn join(cells: &[Cell], zoom: f64) -> Vec<Cluster> {
    let mut apart = APART;
    loop {
        let clusters = joined(cells, zoom, apart);
        if clusters.len() <= MOST {
            return clusters;
        }
        apart *= 1.5;
    }
}

fn joined(cells: &[Cell], zoom: f64, apart: f64) -> Vec<Cluster> {
    let mut groups: Vec<((f64, f64), Vec<&Cell>)> = Vec::new();
    for cell in cells {
        let at = on_screen(cell.centre, zoom);
        let distance = |other: &(f64, f64)| (other.0 - at.0).hypot(other.1 - at.1);
        let near = groups.iter_mut().filter(|(seat, _)| distance(seat) < apart);
        match near.min_by(|(a, _), (b, _)| distance(a).total_cmp(&distance(b))) {
            Some((_, group)) => group.push(cell),
            None => groups.push((at, vec![cell])),
        }
    }
    groups.into_iter().map(|(_, group)| cluster(&group)).collect()
}

fn cluster(cells: &[&Cell]) -> Cluster {
    let count: i64 = cells.iter().map(|cell| cell.count).sum();
    let mean =
        |of: fn(&Cell) -> f64| cells.iter().map(|cell| of(cell) * cell.count as f64).sum::<f64>() / count.max(1) as f64;
    let same = |level: usize| {
        let first = cells.first()?.place[level].as_deref().filter(|name| !name.is_empty())?;
        cells.iter().all(|cell| cell.place[level].as_deref() == Some(first)).then(|| first.to_owned())
    };
    Cluster {
        count,
        centre: (mean(|cell| cell.centre.0), mean(|cell| cell.centre.1)),
        areas: cells.iter().map(|cell| cell.area).collect(),
        cover: cells[0].cover,
        place: (0..3).find_map(same).unwrap_or_default(),
    }
}

/// Pixels from the left and upper edge of the world.
fn on_screen((lat, lon): (f64, f64), zoom: f64) -> (f64, f64) {
    let world = WORLD * zoom.exp2();
    let up = lat.clamp(-EDGE, EDGE).to_radians().tan().asinh() / std::f64::consts::PI;
    ((lon + 180.0) / 360.0 * world, (1.0 - up) / 2.0 * world)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(count: i64, lat: f64, lon: f64, city: &str) -> Cell {
        let area = Area { west: lon, south: lat, east: lon, north: lat };
        let place = [Some(city.to_owned()), Some("Nordland".to_owned()), Some("Norway".to_owned())];
        Cell { count, centre: (lat, lon), area, cover: MediaId::new(), place }
    }

    #[test]
    fn what_is_near_on_the_screen_becomes_one_mark_and_parts_as_one_comes_closer() {
        let cells = [cell(30, 67.93, 13.09, "Reine"), cell(10, 68.23, 14.57, "Svolvær"), cell(5, 59.91, 10.75, "Oslo")];
        let far = join(&cells, 3.0);
        assert_eq!(far.iter().map(|mark| mark.count).collect::<Vec<_>>(), [40, 5]);
        assert_eq!((far[0].place.as_str(), far[0].cover, far[0].areas.len()), ("Nordland", cells[0].cover, 2));
        assert!((far[0].centre.0 - (67.93 * 0.75 + 68.23 * 0.25)).abs() < 1e-9);
        let near = join(&cells, 8.0);
        assert_eq!(near.iter().map(|mark| mark.place.as_str()).collect::<Vec<_>>(), ["Reine", "Svolvær", "Oslo"]);
    }

    #[test]
    fn a_crowded_map_has_fewer_marks_and_loses_nothing() {
        let cells: Vec<Cell> = (0..2000)
            .map(|at| cell(1, f64::from(at / 50) * 3.0 - 60.0, f64::from(at % 50) * 7.0 - 175.0, "Somewhere"))
            .collect();
        let marks = join(&cells, 5.0);
        assert!(marks.len() <= MOST, "{}", marks.len());
        assert_eq!(marks.iter().map(|mark| mark.count).sum::<i64>(), 2000);
    }

    #[test]
    fn cells_are_as_high_as_wide_on_the_screen() {
        let area = Area { west: 10.0, south: 59.0, east: 11.0, north: 61.0 };
        let (high, wide) = cell_size(&area, 6.0);
        let (low, up) = (on_screen((60.0, 0.0), 6.0), on_screen((60.0 + high, wide), 6.0));
        assert!((up.0 - low.0 - CELL).abs() < 1e-6);
        assert!((low.1 - up.1 - CELL).abs() < 2.0, "{}", low.1 - up.1);
    }
}

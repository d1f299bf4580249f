//! The settlements of the world: where they are, how many people live there, and which is nearest.
//!
//! A settlement is a number. Settlements of one region have consecutive numbers, and a region belongs to one country.
//! Decoded on first use and kept (about 15 MB). Which side of a border a position lies on is left to `borders`.

use std::sync::LazyLock;

use super::data::{Container, DataError};
use super::nearest::{Tree, kilometres, point, squared_chord};

/// Settlements of so many people can be the city that a position around them belongs to.
const CITY_PEOPLE: u32 = 10_000;
/// Kilometres that a city reaches for each root of its people: 24 km for 9 million, 4 km for 270,000.
const REACH_KM: f64 = 0.008;
/// Bounds of the reach of a city, kilometres.
const REACH_BOUNDS_KM: (f64, f64) = (2.0, 36.0);
/// So far past its reach, kilometres, a position can still belong to a city, if the city is the relatively nearest.
const BEYOND_REACH_KM: f64 = 5.0;
/// So much nearer, kilometres, the largest towns count when the locality is chosen: half of their reach at most.
const EDGE_KM: f64 = 2.0;
/// Grid of the coordinates in the data, a degree.
const GRID: f64 = 200.0;
/// Steps of the logarithm of the population in the data.
const POPULATION_STEPS: f64 = 15.0;

/// A settlement near a position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Near {
    /// Number of the settlement.
    pub(super) id: u32,
    /// Great-circle distance, kilometres.
    pub(super) km: f64,
}

/// A first-level division of a country, or a country that has none (then its name is empty).
pub(super) struct Region {
    /// ISO code of the country.
    pub(super) country: String,
    /// English name as people type it.
    pub(super) name: String,
    /// Numbers of its settlements.
    pub(super) settlements: std::ops::Range<u32>,
    /// Where its people live.
    pub(super) crowd: Crowd,
}

/// People and their centre: what regions, countries and parts of the world add up to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Crowd {
    people: u64,
    sum: [f64; 3],
}

impl Crowd {
    fn settle(&mut self, lat: f64, lon: f64, people: u32) {
        let (lat, lon, weight) = (lat.to_radians(), lon.to_radians(), f64::from(people) + 1.0);
        let place = [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()];
        self.people += u64::from(people);
        (0..3).for_each(|axis| self.sum[axis] += weight * place[axis]);
    }

    /// Adds the people of another crowd.
    pub(super) fn join(&mut self, other: &Crowd) {
        self.people += other.people;
        (0..3).for_each(|axis| self.sum[axis] += other.sum[axis]);
    }

    /// How many people.
    pub(super) fn people(&self) -> u64 {
        self.people
    }

    /// Latitude and longitude of their centre, degrees.
    pub(super) fn centre(&self) -> (f64, f64) {
        let [x, y, z] = self.sum;
        (z.atan2(f64::hypot(x, y)).to_degrees(), y.atan2(x).to_degrees())
    }
}

/// All settlements.
pub(super) struct World {
    regions: Vec<Region>,
    zones: Vec<String>,
    names: String,
    name_ends: Vec<u32>,
    cells: Vec<(i16, i32)>,
    people: Vec<u8>,
    region: Vec<u16>,
    zone: Vec<u16>,
    all: Tree,
    cities: Tree,
}

impl World {
    /// The settlements, decoded on first use.
    pub(super) fn get() -> &'static Self {
        static WORLD: LazyLock<World> = LazyLock::new(|| {
            let numbers = include_bytes!("../../../data/places/settlements.bin.br");
            let names = include_bytes!("../../../data/places/settlement_names.txt.br");
            // The data are part of the program, and the tests read them: they cannot be broken where it runs.
            World::read(numbers, names).unwrap_or_else(|error| panic!("{error}"))
        });
        &WORLD
    }

    fn read(numbers: &[u8], names: &[u8]) -> Result<Self, DataError> {
        let data = Container::open(numbers)?;
        let names = Container::open(names)?.text(0)?.to_owned();
        let mut regions = read_regions(&data)?;
        let count = regions.last().map_or(0, |region| region.settlements.end as usize);
        let region: Vec<u16> = (0u16..)
            .zip(&regions)
            .flat_map(|(number, region)| region.settlements.clone().map(move |_| number))
            .collect();
        let mut cells = Vec::with_capacity(count);
        let (mut lats, mut lons) = (data.numbers(3)?, data.numbers(4)?);
        let (mut lat, mut lon) = (0i32, 0i32);
        for _ in 0..count {
            lat = lat.wrapping_add(lats.signed()?);
            lon = lon.wrapping_add(lons.signed()?);
            cells.push((i16::try_from(lat).map_err(|_| DataError::Broken("a latitude"))?, lon));
        }
        let people = data.section(5)?.to_vec();
        let zones: Vec<String> = data.text(1)?.split('\n').map(str::to_owned).collect();
        let zone = read_runs(&data, zones.len())?;
        let name_ends: Vec<u32> = line_ends(&names);
        if [people.len(), zone.len(), name_ends.len()] != [count; 3] {
            return Err(DataError::Broken("the number of settlements"));
        }
        for (settled, cell, people) in
            region.iter().zip(&cells).zip(&people).map(|((region, cell), people)| (region, cell, people))
        {
            let (lat, lon) = (f64::from(cell.0) / GRID, f64::from(cell.1) / GRID);
            regions[usize::from(*settled)].crowd.settle(lat, lon, inhabitants(*people));
        }
        let at = |id: u32| point(f64::from(cells[id as usize].0) / GRID, f64::from(cells[id as usize].1) / GRID);
        let all = Tree::new((0..count as u32).map(|id| (at(id), id)).collect());
        let large = |id: &u32| inhabitants(people[*id as usize]) >= CITY_PEOPLE;
        let cities = Tree::new((0..count as u32).filter(large).map(|id| (at(id), id)).collect());
        Ok(Self { regions, zones, names, name_ends, cells, people, region, zone, all, cities })
    }

    /// The settlement nearest to a position, nearer than `limit_km`.
    pub(super) fn nearest(&self, lat: f64, lon: f64, limit_km: f64) -> Option<Near> {
        self.search(lat, lon, limit_km, |_| true)
    }

    /// The settlement of a country nearest to a position, nearer than `limit_km`.
    pub(super) fn nearest_in(&self, lat: f64, lon: f64, limit_km: f64, country_code: &str) -> Option<Near> {
        self.search(lat, lon, limit_km, |id| self.country_code(id) == country_code)
    }

    /// The settlement that a position is in, given the nearest one of its country: a large town counts as nearer than a
    /// hamlet on its edge, or a quarter across the river.
    pub(super) fn settled_in(&self, lat: f64, lon: f64, near: Near) -> Near {
        let country = self.country_code(near.id);
        let edge = |id: u32, km: f64| km - (REACH_KM * f64::from(self.population(id)).sqrt() / 2.0).min(EDGE_KM);
        let mut best = (edge(near.id, near.km), near);
        self.all.within(point(lat, lon), squared_chord(near.km + EDGE_KM), |id, chord| {
            let km = kilometres(chord);
            let distance = edge(id, km);
            if distance < best.0 && self.country_code(id) == country {
                best = (distance, Near { id, km });
            }
        });
        best.1
    }

    fn search(&self, lat: f64, lon: f64, limit_km: f64, accept: impl FnMut(u32) -> bool) -> Option<Near> {
        let found = self.all.nearest(point(lat, lon), squared_chord(limit_km), accept);
        found.map(|(id, chord)| Near { id, km: kilometres(chord) })
    }

    /// The notable city that a position near the settlement `locality` belongs to, within the same region.
    ///
    /// The largest city whose reach, growing with the root of its people, covers the position; failing that, the city that is
    /// nearest in relation to its reach; failing that, the locality itself.
    pub(super) fn city_of(&self, lat: f64, lon: f64, locality: u32) -> u32 {
        let region = self.region[locality as usize];
        let mut covering: Option<(u32, u32)> = None;
        let mut closest: Option<(f64, u32)> = None;
        let limit = squared_chord(REACH_BOUNDS_KM.1 + BEYOND_REACH_KM);
        self.cities.within(point(lat, lon), limit, |id, chord| {
            if self.region[id as usize] != region {
                return;
            }
            let (people, km) = (self.population(id), kilometres(chord));
            let reach = (REACH_KM * f64::from(people).sqrt()).clamp(REACH_BOUNDS_KM.0, REACH_BOUNDS_KM.1);
            if km <= reach && covering.is_none_or(|(most, _)| people > most) {
                covering = Some((people, id));
            }
            let ratio = km / reach;
            if ratio <= 2.0 && km <= reach + BEYOND_REACH_KM && closest.is_none_or(|(least, _)| ratio < least) {
                closest = Some((ratio, id));
            }
        });
        covering.map(|found| found.1).or(closest.map(|found| found.1)).unwrap_or(locality)
    }

    /// English name of a settlement.
    pub(super) fn name(&self, id: u32) -> &str {
        let start = if id == 0 { 0 } else { self.name_ends[id as usize - 1] as usize + 1 };
        &self.names[start..self.name_ends[id as usize] as usize]
    }

    /// Latitude and longitude of a settlement, degrees.
    pub(super) fn position(&self, id: u32) -> (f64, f64) {
        let (lat, lon) = self.cells[id as usize];
        (f64::from(lat) / GRID, f64::from(lon) / GRID)
    }

    /// People who live in a settlement, to about 3 %.
    pub(super) fn population(&self, id: u32) -> u32 {
        inhabitants(self.people[id as usize])
    }

    /// IANA time zone of a settlement.
    pub(super) fn zone(&self, id: u32) -> &str {
        &self.zones[usize::from(self.zone[id as usize])]
    }

    /// English name of the region of a settlement, if its country has regions.
    pub(super) fn region(&self, id: u32) -> Option<&str> {
        Some(self.regions[usize::from(self.region[id as usize])].name.as_str()).filter(|name| !name.is_empty())
    }

    /// ISO code of the country of a settlement.
    pub(super) fn country_code(&self, id: u32) -> &str {
        &self.regions[usize::from(self.region[id as usize])].country
    }

    /// All regions, sorted by country.
    pub(super) fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// Number of settlements.
    pub(super) fn len(&self) -> u32 {
        self.cells.len() as u32
    }
}

fn inhabitants(step: u8) -> u32 {
    // At most e^17: in range.
    (f64::from(step) / POPULATION_STEPS).exp_m1().round() as u32
}

fn read_regions(data: &Container) -> Result<Vec<Region>, DataError> {
    let mut counts = data.numbers(2)?;
    let mut start = 0u32;
    let mut regions = Vec::new();
    for line in data.text(0)?.split('\n') {
        let (country, name) = line.split_once('\t').ok_or(DataError::Broken("a region"))?;
        let end = start.checked_add(counts.unsigned()?).ok_or(DataError::Broken("the size of a region"))?;
        regions.push(Region {
            country: country.to_owned(),
            name: name.to_owned(),
            settlements: start..end,
            crowd: Crowd::default(),
        });
        start = end;
    }
    if regions.len() > usize::from(u16::MAX) { Err(DataError::Broken("the number of regions")) } else { Ok(regions) }
}

fn read_runs(data: &Container, zones: usize) -> Result<Vec<u16>, DataError> {
    let mut runs = data.numbers(6)?;
    let mut zone = Vec::new();
    while !runs.is_done() {
        let number = u16::try_from(runs.unsigned()?).ok().filter(|number| usize::from(*number) < zones);
        let number = number.ok_or(DataError::Broken("a time zone"))?;
        let length = runs.unsigned()?;
        zone.extend((0..length).map(|_| number));
    }
    Ok(zone)
}

fn line_ends(text: &str) -> Vec<u32> {
    let mut ends: Vec<u32> = text.bytes().zip(0u32..).filter(|(byte, _)| *byte == b'\n').map(|(_, at)| at).collect();
    ends.push(text.len() as u32);
    ends
}

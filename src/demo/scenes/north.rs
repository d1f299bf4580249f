//! The journey to Lofoten.

use super::shores::gulls;
use crate::demo::draw::animals::{sheep, whale_fluke};
use crate::demo::draw::buildings::cabin_on_stilts;
use crate::demo::draw::canvas::Canvas;
use crate::demo::draw::colour::{Rgb, rgb};
use crate::demo::draw::figure::{Figure, Pose, Wear, line_up, person};
use crate::demo::draw::land::{beach, grass, hill, light_on_water, peaks, water};
use crate::demo::draw::sky::{sky, sun};
use crate::demo::draw::things::tent;
use crate::demo::draw::vehicles::{camper, fishing_boat, rowing_boat};

/// The grey-green rock of Norway.
const FJORD: Rgb = rgb(0x5c6f7c);

/// Red cabins on stilts in a fjord between steep mountains.
pub fn fjord_cabins(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.55);
    peaks(c, h * 0.58, h * 0.5, 4, FJORD, 0.16, 0.42);
    peaks(c, h * 0.6, h * 0.34, 3, FJORD.dark(0.1), 0.1, 0.18);
    hill(c, h * 0.57, h * 0.015, rgb(0x6f9a5a), 0.2);
    water(c, h * 0.6, h, rgb(0x2a6a80));
    gulls(c, 5);
    let red = rgb(0xc23b33);
    for (x, y, s) in [(0.12, 0.655, 0.13), (0.29, 0.665, 0.15), (0.85, 0.66, 0.14), (0.66, 0.65, 0.12)] {
        c.ellipse(w * x, h * (y + 0.075), w * s * 0.5, h * 0.02, red.dark(0.3).fade(0.28));
        cabin_on_stilts(c, w * x, h * y, w * s, if x == 0.66 { rgb(0xe0a93b) } else { red });
    }
    fishing_boat(c, w * 0.49, h * 0.75, w * 0.14, rgb(0x2c5f8d));
    let deck = c.down(c.lit(rgb(0xa78663)), c.lit(rgb(0x7a5e46)));
    c.poly(&[(0.0, h * 0.9), (w, h * 0.88), (w, h), (0.0, h)], &deck);
    for i in 0..14 {
        c.line((w * i as f32 / 13.0, h * 0.89), (w * (i as f32 * 1.2 - 1.3) / 13.0, h), 2.5, c.lit(rgb(0x5a4434)));
    }
    line_up(
        c,
        cast,
        (w * 0.3, w * 0.7),
        h * 0.97,
        h * 0.42,
        Wear::Mild,
        &[Pose::REST, Pose::WAVE, Pose::POINT, Pose::HOLD],
    );
}

/// A wide view over sea and mountains, with nobody in it but the sheep that no one has told.
pub fn fjord_panorama(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.6);
    sun(c, w * 0.68, h * 0.46, h * 0.06);
    peaks(c, h * 0.62, h * 0.3, 9, FJORD, 0.12, 0.55);
    peaks(c, h * 0.64, h * 0.46, 7, FJORD.dark(0.06), 0.15, 0.25);
    water(c, h * 0.62, h * 0.95, rgb(0x2f7288));
    light_on_water(c, w * 0.68, h * 0.63, h * 0.9);
    for (x, y, s) in [(0.2, 0.7, 0.03), (0.42, 0.66, 0.02), (0.56, 0.74, 0.035)] {
        fishing_boat(c, w * x, h * y, w * s, rgb(0xb8423a));
    }
    for (x, s) in [(0.05, 0.05), (0.1, 0.06), (0.155, 0.05)] {
        cabin_on_stilts(c, w * x, h * 0.78, w * s, rgb(0xc23b33));
    }
    hill(c, h * 0.88, h * 0.03, rgb(0x6d9a55), 0.0);
    grass(c, h * 0.9, h, rgb(0x6d9a55), 160);
    for i in 0..5 {
        let (x, flip) = (c.rng.between(0.3, 0.95), if i % 2 == 0 { 1.0 } else { -1.0 });
        sheep(c, w * x, h * 0.93, h * 0.07 * flip);
    }
    line_up(c, cast, (w * 0.4, w * 0.6), h * 0.98, h * 0.34, Wear::Mild, &[Pose::REST]);
}

/// People in a boat with a fishing rod.
pub fn fishing(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.46);
    peaks(c, h * 0.5, h * 0.36, 4, FJORD, 0.14, 0.38);
    water(c, h * 0.48, h, rgb(0x2d6f86));
    gulls(c, 4);
    let (bx, by) = (w * 0.48, h * 0.8);
    let count = cast.len().max(1) as f32;
    for (i, who) in cast.iter().enumerate() {
        let x = bx + w * 0.4 * ((i as f32 + 0.5) / count - 0.5);
        let pose = if i == 0 { Pose { right: (62.0, 12.0), ..Pose::REST } } else { Pose::HOLD };
        person(c, who, x, by - h * 0.02, h * 0.56, Wear::Mild, pose.half());
    }
    rowing_boat(c, bx, by, w * 0.66, rgb(0x2f7f8a));
    let tip = (w * 0.86, h * 0.34);
    c.stroke(
        &format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
            bx - w * 0.01,
            by - h * 0.16,
            w * 0.66,
            h * 0.36,
            tip.0,
            tip.1
        ),
        6.0,
        c.lit(rgb(0x5a4030)),
    );
    c.line(tip, (w * 0.89, h * 0.74), 1.8, rgb(0xffffff).fade(0.8));
    c.disc(w * 0.89, h * 0.745, 9.0, c.lit(rgb(0xe0433a)));
    c.ellipse(w * 0.89, h * 0.757, 26.0, 5.0, rgb(0xffffff).fade(0.4));
}

/// The fluke of a whale, seen from a boat.
pub fn whale(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.42);
    peaks(c, h * 0.45, h * 0.24, 6, FJORD, 0.2, 0.5);
    water(c, h * 0.43, h, rgb(0x1f5f7d));
    gulls(c, 5);
    whale_fluke(c, w * 0.6, h * 0.66, w * 0.34);
    if !cast.is_empty() {
        let count = cast.len() as f32;
        for (i, who) in cast.iter().enumerate() {
            person(
                c,
                who,
                w * (0.06 + 0.36 * (i as f32 + 0.5) / count),
                h * 1.0,
                h * 0.6,
                Wear::Winter,
                if i % 2 == 0 { Pose::POINT.half() } else { Pose::HOLD.looking(0.5).half() },
            );
        }
        c.rect(0.0, h * 0.9, w * 0.5, h * 0.018, c.lit(rgb(0xf4f4ee)));
        for i in 0..5 {
            c.rect(w * 0.1 * i as f32, h * 0.9, w * 0.008, h * 0.1, c.lit(rgb(0xf4f4ee)));
        }
    }
}

/// A tent behind a beach in the night that does not get dark.
pub fn midnight_sun(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    sun(c, w * 0.34, h * 0.42, h * 0.05);
    peaks(c, h * 0.52, h * 0.3, 5, FJORD, 0.0, 0.35);
    water(c, h * 0.5, h * 0.78, rgb(0x31708a));
    light_on_water(c, w * 0.34, h * 0.51, h * 0.7);
    beach(c, h * 0.68, rgb(0xeedfc0));
    hill(c, h * 0.88, h * 0.02, rgb(0x8aa35a), 0.0);
    grass(c, h * 0.88, h, rgb(0x8aa35a), 110);
    tent(c, w * 0.74, h * 0.9, w * 0.32, rgb(0xf08a3c));
    line_up(c, cast, (w * 0.14, w * 0.52), h * 0.93, h * 0.36, Wear::Mild, &[Pose::REST, Pose::CHEER, Pose::HOLD]);
}

/// A camper van by the road along the coast.
pub fn road_trip(c: &mut Canvas, cast: &[Figure]) {
    let (w, h) = (c.w, c.h);
    sky(c, h * 0.5);
    peaks(c, h * 0.56, h * 0.42, 5, FJORD, 0.16, 0.35);
    water(c, h * 0.55, h * 0.72, rgb(0x2f7288));
    hill(c, h * 0.68, h * 0.012, rgb(0x79a35a), 0.06);
    let road = c.down(c.lit(rgb(0x8d9097)), c.lit(rgb(0x63666e)));
    c.poly(&[(0.0, h * 0.78), (w, h * 0.74), (w, h * 0.9), (0.0, h * 0.98)], &road);
    for i in 0..7 {
        let x = w * (0.02 + 0.15 * i as f32);
        c.line(
            (x, h * (0.875 - 0.008 * i as f32)),
            (x + w * 0.07, h * (0.871 - 0.008 * i as f32)),
            5.0,
            c.lit(rgb(0xfff6dc)),
        );
    }
    grass(c, h * 0.92, h, rgb(0x79a35a), 70);
    camper(c, w * 0.38, h * 0.84, w * 0.42, rgb(0x3f9a94));
    line_up(c, cast, (w * 0.64, w * 0.94), h * 0.93, h * 0.38, Wear::Mild, &[Pose::WAVE, Pose::REST, Pose::CHEER]);
}

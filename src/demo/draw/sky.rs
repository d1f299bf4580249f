//! The sky and what falls from it.

use super::canvas::Canvas;
use super::colour::{Rgb, rgb};
use super::light::{Hour, Weather};

/// The sky down to the height `y`, with stars, clouds and haze as hour and weather have them.
pub fn sky(c: &mut Canvas, y: f32) {
    let light = c.light;
    let fill = c.down3(light.zenith, light.middle, light.horizon, 0.55);
    c.rect(0.0, 0.0, c.w, y + 2.0, &fill);
    // Below lies haze, for whatever gap the land leaves.
    c.rect(0.0, y, c.w, c.h - y, light.horizon);
    if light.hour == Hour::Night && matches!(light.weather, Weather::Clear | Weather::Cloudy) {
        stars(c, y * 0.95, 150);
    }
    let (count, opacity) = match light.weather {
        Weather::Clear => (3, 0.75),
        Weather::Cloudy => (9, 0.8),
        Weather::Rain | Weather::Snow => (9, 0.45),
        Weather::Fog => (0, 0.0),
    };
    let opacity = if light.hour == Hour::Night { opacity * 0.18 } else { opacity };
    for i in 0..count {
        let x = c.w * ((i as f32 + c.rng.between(0.1, 0.9)) / count as f32);
        let cloud_y = y * c.rng.between(0.08, 0.62);
        let size = c.w.min(c.h) * c.rng.between(0.07, 0.14) * (1.25 - cloud_y / y);
        cloud(c, x, cloud_y, size, opacity);
    }
}

/// A heap of cloud around `x`, `y`, about four times `size` wide, lit from above.
pub fn cloud(c: &mut Canvas, x: f32, y: f32, size: f32, opacity: f32) {
    let (top, bottom) = match c.light.hour {
        Hour::Dusk => (rgb(0xffc39a), rgb(0xb06a9e)),
        Hour::Golden => (rgb(0xfff3dc), rgb(0xf4b98a)),
        Hour::Dawn => (rgb(0xfff0ea), rgb(0xe2b3c3)),
        Hour::Night => (rgb(0xb7c0e4), rgb(0x49568e)),
        Hour::Day | Hour::Indoors => (rgb(0xffffff), c.light.middle.light(0.45)),
    };
    let (top, bottom) =
        if matches!(c.light.weather, Weather::Rain) { (rgb(0xa9b3be), rgb(0x76828f)) } else { (top, bottom) };
    // One outline for the whole heap: overlapping see-through discs would show their seams.
    let mut d = format!("M{:.1} {:.1}", x - 2.0 * size, y);
    let bumps = 5;
    for i in 0..bumps {
        let t = (i as f32 + 0.5) / bumps as f32;
        let radius = size * (0.42 + 0.62 * (t * std::f32::consts::PI).sin()) * c.rng.between(0.85, 1.15);
        let end = x - 2.0 * size + 4.0 * size * ((i + 1) as f32 / bumps as f32);
        let rise = if i + 1 == bumps { 0.0 } else { -size * 0.5 * (t * std::f32::consts::PI).sin() };
        d.push_str(&format!("A{radius:.1} {radius:.1} 0 0 1 {end:.1} {:.1}", y + rise));
    }
    d.push('Z');
    let fill = c.down(top.fade(opacity), bottom.fade(opacity * 0.55));
    c.path(&d, &fill);
}

/// Stars above `y`.
pub fn stars(c: &mut Canvas, y: f32, count: usize) {
    for _ in 0..count {
        let (sx, sy) = (c.rng.between(0.0, c.w), c.rng.between(0.0, y));
        let (r, opacity) = (c.rng.between(0.7, 2.2), c.rng.between(0.35, 0.95));
        c.disc(sx, sy, r, rgb(0xfff6dd).fade(opacity));
    }
    for _ in 0..6 {
        let (sx, sy) = (c.rng.between(0.0, c.w), c.rng.between(0.0, y * 0.8));
        c.glow(sx, sy, 12.0, rgb(0xfff6dd), 0.8);
        c.disc(sx, sy, 2.4, rgb(0xffffff));
    }
}

/// The sun with its light around it.
pub fn sun(c: &mut Canvas, x: f32, y: f32, r: f32) {
    let (core, halo) = match c.light.hour {
        Hour::Golden => (rgb(0xfff3c4), rgb(0xffd27a)),
        Hour::Dusk => (rgb(0xffe1a8), rgb(0xff9a58)),
        Hour::Dawn => (rgb(0xfff0d8), rgb(0xffc4a8)),
        _ => (rgb(0xfffbe6), rgb(0xfff2b8)),
    };
    c.glow(x, y, r * 7.0, halo, 0.85);
    c.disc(x, y, r, core);
}

/// The moon, with its light around it.
pub fn moon(c: &mut Canvas, x: f32, y: f32, r: f32) {
    c.glow(x, y, r * 5.0, rgb(0xcfd8ff), 0.5);
    c.disc(x, y, r, rgb(0xf6f2dc));
    for (dx, dy, size) in [(-0.3, -0.2, 0.2), (0.25, 0.3, 0.26), (0.3, -0.35, 0.13), (-0.25, 0.42, 0.12)] {
        c.disc(x + dx * r, y + dy * r, size * r, rgb(0xdcd6b8));
    }
}

/// Rain over everything.
pub fn rain(c: &mut Canvas) {
    for _ in 0..170 {
        let (x, y, length) = (c.rng.between(0.0, c.w * 1.1), c.rng.between(-40.0, c.h), c.rng.between(22.0, 58.0));
        let opacity = c.rng.between(0.18, 0.45);
        c.line((x, y), (x - length * 0.22, y + length), 2.0, rgb(0xe6f0f8).fade(opacity));
    }
}

/// Snowflakes over everything, the near ones large.
pub fn snowfall(c: &mut Canvas, count: usize) {
    for _ in 0..count {
        let (x, y, r) = (c.rng.between(0.0, c.w), c.rng.between(0.0, c.h), c.rng.between(1.5, 6.5));
        c.disc(x, y, r, rgb(0xffffff).fade(if r > 5.0 { 0.55 } else { 0.85 }));
    }
}

/// A band of fog around `y`.
pub fn fog(c: &mut Canvas, y: f32, height: f32, opacity: f32) {
    let veil = c.light.horizon.light(0.2);
    let (upper, lower) = (c.down(veil.fade(0.0), veil.fade(opacity)), c.down(veil.fade(opacity), veil.fade(0.0)));
    c.rect(0.0, y - height, c.w, height, &upper);
    c.rect(0.0, y, c.w, height, &lower);
}

/// A rainbow whose centre is `x`, `y`.
pub fn rainbow(c: &mut Canvas, x: f32, y: f32, r: f32) {
    let colours = [0xe4574c, 0xf29a4a, 0xf7d95a, 0x7ccf7a, 0x58a8e0, 0x6f6cc8];
    for (i, colour) in colours.into_iter().enumerate() {
        c.ring(x, y, r - i as f32 * r * 0.024, r * 0.026, rgb(colour).fade(0.5));
    }
}

/// A burst of fireworks.
pub fn firework(c: &mut Canvas, x: f32, y: f32, r: f32, colour: Rgb) {
    c.glow(x, y, r * 1.5, colour, 0.45);
    let rays = 22;
    for i in 0..rays {
        let angle = (i as f32 + c.rng.between(-0.2, 0.2)) / rays as f32 * std::f32::consts::TAU;
        let (dx, dy) = (angle.cos(), angle.sin());
        let reach = r * c.rng.between(0.8, 1.08);
        let end = (x + dx * reach, y + dy * reach + reach * 0.1);
        let d = format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
            x + dx * r * 0.16,
            y + dy * r * 0.16,
            x + dx * reach * 0.7,
            y + dy * reach * 0.68,
            end.0,
            end.1
        );
        c.stroke(&d, r * 0.016, colour.light(0.25).fade(0.85));
        c.disc(end.0, end.1, r * 0.026, colour.light(0.65));
        c.disc(x + dx * reach * 0.55, y + dy * reach * 0.55, r * 0.014, colour.light(0.4));
    }
    c.disc(x, y, r * 0.06, colour.light(0.8));
}

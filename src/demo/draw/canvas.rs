//! An SVG picture under construction: shapes, gradients, light, and the faces that have been drawn into it.
//!
//! Coordinates are pixels of the finished picture, origin top left. Faces are kept in those coordinates, so that a
//! picture's metadata can say where they are; whatever draws a face draws it outside of any transformed group.

use std::fmt::Write;

use super::colour::{Fill, Rgb, Rng};
use super::light::Light;

/// Somebody's face, or a pet, as drawn: the centre and the size of its box in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// Whose it is.
    pub name: String,
    /// Whether it is a pet rather than a person.
    pub pet: bool,
    /// Centre, from the left.
    pub x: f32,
    /// Centre, from the top.
    pub y: f32,
    /// Width of the box.
    pub w: f32,
    /// Height of the box.
    pub h: f32,
}

/// The picture: its size, the light in it, and what has been drawn so far.
#[derive(Debug)]
pub struct Canvas {
    /// Width in pixels.
    pub w: f32,
    /// Height in pixels.
    pub h: f32,
    /// Hour and weather.
    pub light: Light,
    /// What varies the drawing.
    pub rng: Rng,
    /// The faces drawn so far, in the order they were drawn.
    pub faces: Vec<Face>,
    body: String,
    definitions: String,
    gradients: usize,
}

impl Canvas {
    /// An empty picture of `w` × `h` pixels.
    pub fn new(w: u32, h: u32, light: Light, seed: u64) -> Self {
        let (w, h) = (w as f32, h as f32);
        let (body, definitions) = (String::with_capacity(1 << 16), String::new());
        Self { w, h, light, rng: Rng::new(seed), faces: Vec::new(), body, definitions, gradients: 0 }
    }

    /// The whole picture as an SVG document.
    pub fn svg(&self) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\"><defs>{}</defs>{}</svg>",
            self.w, self.h, self.definitions, self.body
        )
    }

    fn put(&mut self, shape: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.body.write_fmt(shape);
    }

    /// A rectangle with its corner at `x`, `y`.
    pub fn rect(&mut self, x: f32, y: f32, w: f32, h: f32, fill: impl Into<Fill>) {
        self.round(x, y, w, h, 0.0, fill);
    }

    /// A rectangle with round corners of radius `r`.
    pub fn round(&mut self, x: f32, y: f32, w: f32, h: f32, r: f32, fill: impl Into<Fill>) {
        let fill = fill.into();
        self.put(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"{r:.1}\" fill=\"{fill}\"/>"
        ));
    }

    /// A disc.
    pub fn disc(&mut self, x: f32, y: f32, r: f32, fill: impl Into<Fill>) {
        self.ellipse(x, y, r, r, fill);
    }

    /// A filled ellipse with the half axes `rx` and `ry`.
    pub fn ellipse(&mut self, x: f32, y: f32, rx: f32, ry: f32, fill: impl Into<Fill>) {
        let fill = fill.into();
        self.put(format_args!("<ellipse cx=\"{x:.1}\" cy=\"{y:.1}\" rx=\"{rx:.2}\" ry=\"{ry:.2}\" fill=\"{fill}\"/>"));
    }

    /// A ring: the outline of an ellipse.
    pub fn ring(&mut self, x: f32, y: f32, r: f32, width: f32, colour: impl Into<Fill>) {
        let colour = colour.into();
        self.put(format_args!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.2}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width:.2}\"/>"
        ));
    }

    /// A filled path; `d` is SVG path data.
    pub fn path(&mut self, d: &str, fill: impl Into<Fill>) {
        let fill = fill.into();
        self.put(format_args!("<path d=\"{d}\" fill=\"{fill}\"/>"));
    }

    /// A stroked path with round ends.
    pub fn stroke(&mut self, d: &str, width: f32, colour: impl Into<Fill>) {
        let colour = colour.into();
        self.put(format_args!(
            "<path d=\"{d}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width:.2}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"
        ));
    }

    /// A straight stroke with round ends.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, colour: impl Into<Fill>) {
        self.stroke(&format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1), width, colour);
    }

    /// A filled polygon.
    pub fn poly(&mut self, points: &[(f32, f32)], fill: impl Into<Fill>) {
        let mut d = String::new();
        for (i, (x, y)) in points.iter().enumerate() {
            let _ = write!(d, "{}{x:.1} {y:.1}", if i == 0 { 'M' } else { 'L' });
        }
        d.push('Z');
        self.path(&d, fill);
    }

    /// What `draw` draws in a frame of its own: moved to `x`, `y` and `scale` times as large (negative: mirrored).
    pub fn at(&mut self, x: f32, y: f32, scale: f32, draw: impl FnOnce(&mut Self)) {
        let flip = scale.signum();
        self.put(format_args!(
            "<g transform=\"translate({x:.1} {y:.1}) scale({:.4} {:.4})\">",
            scale.abs() * flip,
            scale.abs()
        ));
        draw(self);
        self.body.push_str("</g>");
    }

    /// What `draw` draws, turned by `degrees` around `x`, `y`.
    pub fn turned(&mut self, degrees: f32, x: f32, y: f32, draw: impl FnOnce(&mut Self)) {
        self.put(format_args!("<g transform=\"rotate({degrees:.2} {x:.1} {y:.1})\">"));
        draw(self);
        self.body.push_str("</g>");
    }

    fn gradient(&mut self, element: &str, axis: &str, stops: &[(f32, Fill)]) -> Fill {
        self.gradients += 1;
        let id = self.gradients;
        let _ = write!(self.definitions, "<{element} id=\"g{id}\" {axis}>");
        for (offset, Fill(colour)) in stops {
            let _ = write!(self.definitions, "<stop offset=\"{offset:.3}\" stop-color=\"{colour}\"/>");
        }
        let _ = write!(self.definitions, "</{element}>");
        Fill(format!("url(#g{id})"))
    }

    /// A gradient from the top of the painted shape to its bottom.
    pub fn down(&mut self, top: impl Into<Fill>, bottom: impl Into<Fill>) -> Fill {
        self.gradient(
            "linearGradient",
            "x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"",
            &[(0.0, top.into()), (1.0, bottom.into())],
        )
    }

    /// A gradient from the top through the middle (at `at`, 0–1) to the bottom.
    pub fn down3(&mut self, top: Rgb, middle: Rgb, bottom: Rgb, at: f32) -> Fill {
        let stops = [(0.0, top.into()), (at, middle.into()), (1.0, bottom.into())];
        self.gradient("linearGradient", "x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"", &stops)
    }

    /// A gradient from the left of the painted shape to its right.
    pub fn across(&mut self, left: impl Into<Fill>, right: impl Into<Fill>) -> Fill {
        self.gradient(
            "linearGradient",
            "x1=\"0\" y1=\"0\" x2=\"1\" y2=\"0\"",
            &[(0.0, left.into()), (1.0, right.into())],
        )
    }

    /// A gradient from the middle of the painted shape to its rim.
    pub fn radial(&mut self, middle: impl Into<Fill>, rim: impl Into<Fill>) -> Fill {
        self.gradient("radialGradient", "cx=\"0.5\" cy=\"0.5\" r=\"0.5\"", &[(0.0, middle.into()), (1.0, rim.into())])
    }

    /// A soft light around `x`, `y`.
    pub fn glow(&mut self, x: f32, y: f32, r: f32, colour: Rgb, opacity: f32) {
        let fill = self.gradient(
            "radialGradient",
            "cx=\"0.5\" cy=\"0.5\" r=\"0.5\"",
            &[(0.0, colour.fade(opacity)), (0.4, colour.fade(opacity * 0.35)), (1.0, colour.fade(0.0))],
        );
        self.disc(x, y, r, &fill);
    }

    /// The soft shadow of something that stands on the ground at `x`, `y`.
    pub fn shadow(&mut self, x: f32, y: f32, rx: f32, ry: f32) {
        let fill = self.radial(Rgb(16, 12, 32).fade(0.34), Rgb(16, 12, 32).fade(0.0));
        self.ellipse(x, y, rx, ry, &fill);
    }

    /// A colour as it looks in this picture's light.
    pub fn lit(&self, colour: Rgb) -> Rgb {
        colour.mix(self.light.ambient, self.light.strength)
    }

    /// A colour as it looks in this light from afar: `distance` 0 (near) to 1 (lost in the haze).
    pub fn far(&self, colour: Rgb, distance: f32) -> Rgb {
        self.lit(colour).mix(self.light.horizon, distance)
    }
}

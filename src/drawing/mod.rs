//! Pictures as numbers: the land of a part of the Earth as the path of an SVG, and where words beside
//! points have room. Pure functions; a theme makes elements of what they give.

mod labels;
mod land;
mod path;
mod ring;
mod view;

pub use labels::{Label, Point, Side, Style, arrange, reach, width_of};
pub use path::{graticule, land};
pub use ring::{Node, Ring, RingStyle, ring};
pub use view::{Place, Shape, View};

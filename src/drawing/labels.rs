//! Where the names of points have room: beside, above or below each, where they cover neither another
//! point nor another name.

/// A point with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// From the left of the drawing.
    pub x: f64,
    /// From its top.
    pub y: f64,
    /// The name.
    pub name: String,
    /// The height of a line of the name, in sizes of its letters: that of Nastaliq is about 2.
    pub line: f64,
}

/// How names are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// The size of the letters in units of the drawing.
    pub size: f64,
    /// The radius of a point's mark.
    pub dot: f64,
    /// Whether a reader begins at the right, and looks for a name to the left of its point.
    pub rtl: bool,
}

/// Which part of a name stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Its left end.
    Left,
    /// Its middle.
    Middle,
    /// Its right end.
    Right,
}

/// Where a name is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// The place of the part that `side` names.
    pub x: f64,
    /// The base line.
    pub y: f64,
    /// What is at `x`.
    pub side: Side,
}

/// A box: left, top, right, bottom.
type Rect = (f64, f64, f64, f64);

/// The size of a cell of [`Room`] in units of the drawing.
const CELL: f64 = 4.0;

/// Finds room for as many names as there is; `None` for each that has none.
#[must_use]
pub fn arrange(points: &[Point], style: &Style, width: f64, height: f64) -> Vec<Option<Label>> {
    let mut free = Room::new(width, height);
    for point in points {
        let r = style.dot;
        free.take((point.x - r, point.y - r, point.x + r, point.y + r));
    }
    // What is placed first has the best place. No order is always the best one: those in a crowd have the
    // least choice, long names have the least room.
    let crowd = crowds(points, style);
    let long = |at: usize| points.get(at).map_or(0, |point| point.name.chars().count());
    let near = |at: usize| crowd.get(at).copied().unwrap_or_default();
    let given = || 0..points.len();
    let mut best: Option<Placed> = None;
    for order in [
        sorted(given(), near),
        sorted(given(), long),
        sorted(given(), |at| near(at) * long(at)),
        given().collect(),
    ] {
        let placed = place(points, &order, style, free.clone());
        if best.as_ref().is_none_or(|best| placed.cost < best.cost) {
            best = Some(placed);
        }
    }
    best.map(|best| best.labels).unwrap_or_default()
}

/// What a name costs that is not shown: more than the worst of places.
const HIDDEN: usize = 20;

/// Names with their places, and how far from the best ones these are.
struct Placed {
    labels: Vec<Option<Label>>,
    cost: usize,
}

/// Numbers by what is said of them, the greatest first.
fn sorted(numbers: std::ops::Range<usize>, by: impl Fn(usize) -> usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = numbers.collect();
    numbers.sort_by_key(|n| std::cmp::Reverse(by(*n)));
    numbers
}

fn place(points: &[Point], order: &[usize], style: &Style, mut room: Room) -> Placed {
    let mut placed = Placed { labels: vec![None; points.len()], cost: 0 };
    for at in order {
        let Some(point) = points.get(*at) else { continue };
        let found = candidates(point, style)
            .into_iter()
            .enumerate()
            .find(|(_, (rect, _))| room.is_free(*rect));
        match (found, placed.labels.get_mut(*at)) {
            (Some((rank, (rect, label))), Some(slot)) => {
                room.take(rect);
                *slot = Some(label);
                placed.cost += rank;
            }
            _ => placed.cost += HIDDEN,
        }
    }
    placed
}

/// The places that a name may have, the best first, each with the box that it takes.
fn candidates(point: &Point, style: &Style) -> [(Rect, Label); 8] {
    let (size, away) = (style.size, style.dot + style.size * 0.3);
    let (width, line) = (width_of(&point.name) * size, point.line * size);
    let near = if style.rtl { -1.0 } else { 1.0 };
    // Names of points that are at one place stand in lines, so that each has its own.
    let (slant, lines) = (away * 0.6, line + CELL);
    [
        (near, 0.0),
        (-near, 0.0),
        (0.0, -1.0),
        (0.0, 1.0),
        (near, -1.0),
        (near, 1.0),
        (-near, -1.0),
        (-near, 1.0),
    ]
    .map(|(across, down): (f64, f64)| {
        let off = if down == 0.0 || across == 0.0 { away } else { slant };
        let above = if across == 0.0 { lines.max(away + line / 2.0) } else { lines };
        let middle = point.y + down * above;
        let (left, side, x) = if across > 0.0 {
            (point.x + off, Side::Left, point.x + off)
        } else if across < 0.0 {
            (point.x - off - width, Side::Right, point.x - off)
        } else {
            (point.x - width / 2.0, Side::Middle, point.x)
        };
        let rect = (left, middle - line / 2.0, left + width, middle + line / 2.0);
        (rect, Label { x, y: middle + size * 0.34, side })
    })
}

/// How far around each point its mark may be hit: as far as is wanted, but no farther than half the way to
/// the nearest other, and at least as far as the mark is drawn.
#[must_use]
pub fn reach(points: &[Point], dot: f64, wanted: f64) -> Vec<f64> {
    let mut order: Vec<(usize, &Point)> = points.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| a.x.total_cmp(&b.x));
    let mut reaches = vec![wanted.max(dot); points.len()];
    for (n, (at, point)) in order.iter().enumerate() {
        let near =
            order.iter().skip(n + 1).take_while(|(_, other)| other.x - point.x < wanted * 2.0);
        for (other_at, other) in near {
            let half = (other.x - point.x).hypot(other.y - point.y) / 2.0;
            for at in [at, other_at] {
                if let Some(reach) = reaches.get_mut(*at) {
                    *reach = reach.min(half).max(dot);
                }
            }
        }
    }
    reaches
}

/// How many points are near each.
fn crowds(points: &[Point], style: &Style) -> Vec<usize> {
    let around = style.size * 6.0;
    #[allow(clippy::cast_possible_truncation, reason = "a cast to a whole number saturates")]
    let cell =
        |point: &Point| ((point.x / around).floor() as i32, (point.y / around).floor() as i32);
    let mut cells: Vec<(i32, i32)> = points.iter().map(cell).collect();
    cells.sort_unstable();
    let count = |cell: (i32, i32)| {
        cells.partition_point(|c| *c <= cell) - cells.partition_point(|c| *c < cell)
    };
    let near = |point: &Point| {
        let (x, y) = cell(point);
        let around = (-1..=1)
            .flat_map(|dx| (-1..=1).map(move |dy| (x.saturating_add(dx), y.saturating_add(dy))));
        around.map(count).sum()
    };
    points.iter().map(near).collect()
}

/// Which cells of a drawing are taken.
#[derive(Clone)]
struct Room {
    columns: usize,
    rows: usize,
    taken: Vec<bool>,
}

impl Room {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    fn new(width: f64, height: f64) -> Self {
        let cells = |length: f64| (length.clamp(0.0, 10_000.0) / CELL) as usize;
        let (columns, rows) = (cells(width), cells(height));
        Self { columns, rows, taken: vec![false; columns * rows] }
    }

    /// The cells that a box touches: columns and rows from … to, the last not included.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    fn cells(&self, (left, top, right, bottom): Rect) -> [usize; 4] {
        let from = |n: f64, most: usize| ((n / CELL).floor().max(0.0) as usize).min(most);
        let to = |n: f64, most: usize| ((n / CELL).ceil().max(0.0) as usize).min(most);
        [
            from(left, self.columns),
            from(top, self.rows),
            to(right, self.columns),
            to(bottom, self.rows),
        ]
    }

    /// Whether a box is inside of the drawing, and nothing else is where it is.
    #[allow(clippy::cast_precision_loss, reason = "a few thousand cells")]
    fn is_free(&self, rect: Rect) -> bool {
        let inside = rect.0 >= 0.0
            && rect.1 >= 0.0
            && rect.2 <= self.columns as f64 * CELL
            && rect.3 <= self.rows as f64 * CELL;
        let [left, top, right, bottom] = self.cells(rect);
        let row =
            |row: usize| self.taken.get(row * self.columns + left..row * self.columns + right);
        inside && (top..bottom).all(|y| !row(y).unwrap_or_default().contains(&true))
    }

    fn take(&mut self, rect: Rect) {
        let [left, top, right, bottom] = self.cells(rect);
        for y in top..bottom {
            let row = y * self.columns;
            self.taken.get_mut(row + left..row + right.max(left)).unwrap_or_default().fill(true);
        }
    }
}

/// About how wide a text is, in sizes of its letters; rather more than less.
#[must_use]
pub fn width_of(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

fn advance(c: char) -> f64 {
    match c {
        // Marks over and under letters, and what is not seen.
        '\u{0300}'..='\u{036F}'
        | '\u{064B}'..='\u{065F}'
        | '\u{0670}'
        | '\u{06D6}'..='\u{06ED}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' => 0.0,
        ' ' | '\u{A0}' => 0.3,
        '.' | ',' | ':' | ';' | '\'' | '’' | '!' | '|' | '،' | '·' => 0.3,
        'i' | 'j' | 'l' | 'f' | 't' | 'r' | 'I' | '-' | '(' | ')' => 0.42,
        'm' | 'w' | 'M' | 'W' => 0.95,
        'ا' | 'أ' | 'إ' | 'آ' | 'ل' => 0.34,
        'د' | 'ذ' | 'ر' | 'ز' | 'و' | 'ؤ' | 'ء' | 'ڑ' | 'ڈ' => 0.48,
        'س' | 'ش' | 'ص' | 'ض' => 0.92,
        '\u{0600}'..='\u{08FF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' => 0.64,
        // Ideographs, kana, Hangul, and their wide signs.
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{20000}'..='\u{3FFFF}' => 1.02,
        c if c.is_uppercase() => 0.74,
        c if c.is_ascii() => 0.58,
        _ => 0.66,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { size: 24.0, dot: 8.0, rtl: false };

    fn point(x: f64, y: f64, name: &str) -> Point {
        Point { x, y, name: name.into(), line: 1.4 }
    }

    /// The box of a name as it was placed.
    fn rect(point: &Point, label: &Label, style: &Style) -> Rect {
        let width = width_of(&point.name) * style.size;
        let left = match label.side {
            Side::Left => label.x,
            Side::Middle => label.x - width / 2.0,
            Side::Right => label.x - width,
        };
        let middle = label.y - style.size * 0.34;
        let half = point.line * style.size / 2.0;
        (left, middle - half, left + width, middle + half)
    }

    fn meet(a: Rect, b: Rect) -> bool {
        a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
    }

    fn check(points: &[Point], style: &Style, least: usize) {
        let labels = arrange(points, style, 1000.0, 600.0);
        let placed: Vec<(usize, Rect)> = points
            .iter()
            .zip(&labels)
            .enumerate()
            .filter_map(|(at, (point, label))| Some((at, rect(point, label.as_ref()?, style))))
            .collect();
        assert!(placed.len() >= least, "{} of {}", placed.len(), points.len());
        for (i, (at, a)) in placed.iter().enumerate() {
            assert!(a.0 >= 0.0 && a.1 >= 0.0 && a.2 <= 1000.0 && a.3 <= 600.0, "{a:?}");
            assert!(placed.iter().skip(i + 1).all(|(_, b)| !meet(*a, *b)), "{at}");
            let dot = |p: &Point| (p.x - 8.0, p.y - 8.0, p.x + 8.0, p.y + 8.0);
            assert!(points.iter().all(|p| !meet(*a, dot(p))), "{at}");
        }
    }

    #[test]
    fn names_cover_neither_each_other_nor_a_point() {
        let close = [
            point(400.0, 300.0, "Kashgar"),
            point(395.0, 330.0, "Khunjerab Pass"),
            point(380.0, 362.0, "Islamabad"),
            point(980.0, 10.0, "Beijing"),
            point(3.0, 597.0, "Gwadar Port"),
        ];
        check(&close, &STYLE, 5);
        check(&close, &Style { rtl: true, ..STYLE }, 5);
        let many: Vec<Point> = (0..2000_u32)
            .map(|n| point(f64::from(n * 379 % 1000), f64::from(n * 211 % 600), "name"))
            .collect();
        check(&many, &STYLE, 0);
        let one_point = vec![point(500.0, 300.0, "here"); 12];
        check(&one_point, &STYLE, 4);
    }

    #[test]
    fn a_name_stands_where_its_reader_goes_on() {
        let alone = [point(500.0, 300.0, "بكين")];
        let label = |rtl| arrange(&alone, &Style { rtl, ..STYLE }, 1000.0, 600.0)[0].unwrap();
        assert!(label(false).x > 500.0 && label(false).side == Side::Left);
        assert!(label(true).x < 500.0 && label(true).side == Side::Right);
    }

    #[test]
    fn a_drawing_without_room_has_no_names() {
        assert_eq!(arrange(&[point(1.0, 1.0, "name")], &STYLE, 20.0, 20.0), [None]);
        assert_eq!(arrange(&[point(1.0, 1.0, "name")], &STYLE, 0.0, 0.0), [None]);
        assert_eq!(arrange(&[point(-900.0, 9e9, "name")], &STYLE, 100.0, 100.0), [None]);
        assert_eq!(arrange(&[], &STYLE, 100.0, 100.0), []);
    }

    #[test]
    fn a_mark_may_be_hit_around_it_but_not_on_another() {
        let points = [
            point(0.0, 0.0, ""),
            point(500.0, 0.0, ""),
            point(524.0, 32.0, ""),
            point(500.0, 0.0, ""),
        ];
        assert_eq!(reach(&points[..3], 8.0, 24.0), [24.0, 20.0, 20.0]);
        assert_eq!(reach(&points, 8.0, 24.0), [24.0, 8.0, 20.0, 8.0]);
        assert!(reach(&[], 8.0, 24.0).is_empty());
    }

    #[test]
    fn widths_follow_the_script() {
        let near = |text: &str, em: f64| {
            let width = width_of(text);
            assert!((width - em).abs() < 0.2 * em, "{text}: {width}");
        };
        near("北京", 2.0);
        near("Islamabad", 4.9);
        near("ميناء غوادر", 5.1);
        assert_eq!(width_of("مَمَرّ"), width_of("ممر"));
    }
}

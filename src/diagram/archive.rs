//! What is drawn for good, found again by where it is.

use std::ops::Range;

use super::scene::Item;

/// How high a drawer is.
const DRAWER: f64 = 512.0;

/// Items that never change, filed by height: finding those in view costs the same however many there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Archive {
    items: Vec<(Item, Range<f64>)>,
    drawers: Vec<Vec<u32>>,
}

impl Archive {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Files an item.
    pub fn push(&mut self, item: Item) {
        let extent = item.vertical_extent();
        let number = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        for drawer in drawers(&extent) {
            if self.drawers.len() <= drawer {
                self.drawers.resize(drawer + 1, Vec::new());
            }
            self.drawers[drawer].push(number);
        }
        self.items.push((item, extent));
    }

    /// Keeps the first `len` items.
    pub fn truncate(&mut self, len: usize) {
        self.items.truncate(len);
        for drawer in &mut self.drawers {
            let end = drawer.partition_point(|number| (*number as usize) < len);
            drawer.truncate(end);
        }
    }

    /// The items that touch `view`, in no particular order.
    pub fn in_view(&self, view: &Range<f64>) -> Vec<Item> {
        let mut in_view = Vec::new();
        let (first, last) = drawers(view).into_inner();
        for (drawer, numbers) in self.drawers.iter().enumerate().take(last.saturating_add(1)).skip(first) {
            for number in numbers {
                let (item, extent) = &self.items[*number as usize];
                // What lies in several drawers is found in the first of them that is looked into.
                let is_found_here = (*drawers(extent).start()).max(first) == drawer;
                if is_found_here && extent.start < view.end && extent.end > view.start {
                    in_view.push(item.clone());
                }
            }
        }
        in_view
    }
}

fn drawers(extent: &Range<f64>) -> std::ops::RangeInclusive<usize> {
    // What begins above the picture is in the first drawer; the conversion saturates.
    let drawer = |y: f64| (y / DRAWER).max(0.0) as usize;
    drawer(extent.start)..=drawer(extent.end)
}

//! The sink that builds live nodes, and the picture made of them. Nodes of what has not changed are kept, so a step
//! costs as much as what it changes.

use litemap::LiteMap;
use wasm_bindgen::JsValue;
use web_sys::{Document, Element, SvgElement};

use crate::diagram::metrics::FONT_FAMILY;
use crate::diagram::{Item, Key, Layer, Scene};
use crate::svg::{ROOT_CLASS, Sink, item, number};

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// A picture in a page.
///
/// It fills an `<svg>` element that the page has placed and whose size the page decides; the colors come from the
/// style sheet [`STYLE`](crate::svg::STYLE), which the page adopts.
#[derive(Debug)]
pub struct DomPicture {
    document: Document,
    root: SvgElement,
    content: Element,
    layers: Vec<(Layer, Element)>,
    drawn: LiteMap<(Layer, Key), Drawn>,
    /// How often it was drawn.
    drawings: u32,
    view_box: String,
    shift: String,
}

/// An item of the scene and the node that shows it.
#[derive(Debug)]
struct Drawn {
    item: Item,
    node: Element,
    /// In which drawing it was last there.
    drawing: u32,
}

impl DomPicture {
    /// Takes over `root`: what it shows, such as a picture from before the module was there, is replaced.
    ///
    /// # Errors
    /// If the element belongs to no document.
    pub fn new(root: SvgElement) -> Result<Self, JsValue> {
        let document = root.owner_document().ok_or_else(|| JsValue::from_str("the element belongs to no document"))?;
        let content = document.create_element_ns(Some(NAMESPACE), "g")?;
        let mut layers = Vec::new();
        for layer in Layer::ALL {
            let group = document.create_element_ns(Some(NAMESPACE), "g")?;
            group.set_attribute("class", layer.name())?;
            content.append_child(&group)?;
            layers.push((layer, group));
        }
        while let Some(child) = root.last_child() {
            root.remove_child(&child)?;
        }
        root.class_list().add_1(ROOT_CLASS)?;
        root.set_attribute("font-family", FONT_FAMILY)?;
        root.append_child(&content)?;
        Ok(Self {
            document,
            root,
            content,
            layers,
            drawn: LiteMap::new(),
            drawings: 0,
            view_box: String::new(),
            shift: String::new(),
        })
    }

    /// Makes the picture show `scene`: its view from top to bottom fills the root element.
    ///
    /// # Errors
    /// What the browser throws; it does so only if it is out of memory.
    pub fn draw(&mut self, scene: &Scene) -> Result<(), JsValue> {
        // The root changes only with the size of the view: its layout is what costs most.
        let height = (scene.view.end - scene.view.start).max(1.0);
        let view_box = format!("0 0 {} {}", number(scene.width), number(height));
        if view_box != self.view_box {
            self.root.set_attribute("viewBox", &view_box)?;
            self.view_box = view_box;
        }
        let shift = format!("translate(0 {})", number(-scene.view.start));
        if shift != self.shift {
            self.content.set_attribute("transform", &shift)?;
            self.shift = shift;
        }
        self.drawings = self.drawings.wrapping_add(1);
        let drawing = self.drawings;
        for it in &scene.items {
            let key = (it.layer, it.key);
            match self.drawn.get_mut(&key) {
                Some(before) if before.item == *it => before.drawing = drawing,
                Some(before) => {
                    let node = build(&self.document, it)?;
                    before.node.replace_with_with_node_1(&node)?;
                    *before = Drawn { item: it.clone(), node, drawing };
                }
                None => {
                    let node = build(&self.document, it)?;
                    if let Some((_, group)) = self.layers.iter().find(|(layer, _)| *layer == it.layer) {
                        group.append_child(&node)?;
                    }
                    self.drawn.insert(key, Drawn { item: it.clone(), node, drawing });
                }
            }
        }
        self.drawn.retain(|_, it| {
            let stays = it.drawing == drawing;
            if !stays {
                it.node.remove();
            }
            stays
        });
        Ok(())
    }
}

/// The node that shows an item.
fn build(document: &Document, it: &Item) -> Result<Element, JsValue> {
    let mut sink = DomSink::new(document);
    item(&mut sink, it);
    sink.finish()
}

/// Builds one element with all that is in it. The first error ends the building and is kept.
#[derive(Debug)]
struct DomSink<'a> {
    document: &'a Document,
    open: Vec<Element>,
    done: Option<Element>,
    error: Option<JsValue>,
}

impl<'a> DomSink<'a> {
    fn new(document: &'a Document) -> Self {
        Self { document, open: Vec::new(), done: None, error: None }
    }

    fn finish(self) -> Result<Element, JsValue> {
        match (self.error, self.done) {
            (Some(error), _) => Err(error),
            (None, Some(element)) => Ok(element),
            (None, None) => Err(JsValue::from_str("nothing was drawn")),
        }
    }

    fn attempt<T>(&mut self, result: Result<T, JsValue>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.error.get_or_insert(error);
                None
            }
        }
    }
}

impl Sink for DomSink<'_> {
    fn open(&mut self, name: &'static str) {
        let created = self.document.create_element_ns(Some(NAMESPACE), name);
        if let Some(element) = self.attempt(created) {
            self.open.push(element);
        }
    }

    fn attribute(&mut self, name: &'static str, value: &str) {
        if let Some(result) = self.open.last().map(|element| element.set_attribute(name, value)) {
            self.attempt(result);
        }
    }

    fn text(&mut self, words: &str) {
        let node = self.document.create_text_node(words);
        if let Some(result) = self.open.last().map(|element| element.append_child(&node)) {
            self.attempt(result);
        }
    }

    fn close(&mut self) {
        let Some(element) = self.open.pop() else { return };
        match self.open.last().map(|parent| parent.append_child(&element)) {
            Some(result) => {
                self.attempt(result);
            }
            None => self.done = Some(element),
        }
    }
}

//! A window with a line of text and nothing else, on the same renderer as Waxwing: what `make bench` compares it with.

use eframe::egui;

/// How many frames have begun; the first one is on the screen when the second begins.
struct Bare(u32);

impl eframe::App for Bare {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.0 += 1;
        match self.0 {
            1 => ui.ctx().request_repaint(),
            2 => eprintln!("first frame"),
            _ => {}
        }
        ui.label("Nothing.");
    }
}

fn main() -> eframe::Result {
    let viewport = egui::ViewportBuilder::default().with_title("Bare").with_inner_size([1440.0, 900.0]);
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native("bare", options, Box::new(|_| Ok(Box::new(Bare(0)))))
}

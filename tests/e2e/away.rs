//! A desktop is gone, without a word, with work before it.

use egui::{Key, Modifiers};
use reqwest::Method;
use serde_json::Value;
use waxwing_protocol::{history, workbin::CHANGES};

use crate::{wait, window::Window, world::World};

/// After this silence a desktop counts as gone, as long as nobody has set it otherwise.
const AWAY_SECONDS: i64 = 300;

fn contact(number: usize) -> String {
    format!("1555010090{number}")
}

/// Ana has answered five contacts, and is writing to the last of them.
fn busy(world: &World) -> Window {
    let mut ana = Window::open(world);
    for number in 0..5 {
        world.say(&contact(number), &format!("Question {number}"));
        ana.click(", waiting 00:");
        ana.see(&format!("Question {number}"));
        ana.send(&format!("Answer {number}"));
        wait::until("the answer leaves", || {
            ana.step();
            (world.received().len() == number + 1).then_some(())
        });
        ana.lose(", waiting 00:");
    }
    ana.write("Half an");
    wait::until("the gateway has the draft", || {
        ana.step();
        world.snapshot().to_string().contains("Half an").then_some(())
    });
    ana
}

/// What lies anywhere.
fn lying(world: &World) -> Vec<Value> {
    let mut told = world.as_lead(Method::GET, CHANGES, Vec::new());
    // Nothing is told where there is nothing.
    serde_json::from_value(told["items"].take()).unwrap_or_default()
}

fn is_in_workbin(item: &Value) -> bool {
    item["interaction"]["phase"] == "in_workbin" && item["place"] == "workbin"
}

#[test]
fn a_desktop_that_is_gone_leaves_all_that_was_before_it_in_the_workbin_and_nothing_is_lost() {
    let world = World::start();
    let ana = busy(&world);
    assert!(lying(&world).is_empty());
    drop(ana);
    world.pass(AWAY_SECONDS + 1);
    let items = wait::until("all five lie there", || Some(lying(&world)).filter(|items| items.len() == 5));
    for item in &items {
        assert!(is_in_workbin(item) && item["interaction"]["owner"].is_null(), "{item}");
        let id = item["interaction"]["id"].as_str().expect("an id").parse().expect("an id");
        let record = world.as_lead(Method::GET, &history::interaction(id), Vec::new());
        let steps = record["steps"].as_array().expect("a list");
        assert_eq!(steps.last().expect("a step")["why"], "logged_off", "{record}");
    }

    // Nobody is ready: whoever writes waits in the queue, and is not without anybody to see them.
    world.say(&contact(3), "Still there?");
    let waiting = wait::until("it waits in the queue", || {
        lying(&world).into_iter().find(|item| item["interaction"]["phase"] == "queued")
    });
    assert_eq!(waiting["place"], "queue", "{waiting}");
    assert_eq!(lying(&world).len(), 5);

    let mut ana = Window::open(&world);
    ana.click(", waiting ");
    ana.see("Still there?");
    ana.see("Answer 3");
    ana.key(Modifiers::COMMAND, Key::Num2);
    ana.see("My WhatsApp workbin, 4");
    for number in [0, 1, 2, 4] {
        ana.see(&format!(", Answer {number}"));
    }
    ana.click(", Answer 4");
    ana.see("Read only. ");
    ana.key(Modifiers::NONE, Key::Enter);
    ana.see("Message to ");
    ana.reads("Half an");
    ana.see("Question 4");
    let answers: Vec<_> = (0..5).map(|number| format!("Answer {number}")).collect();
    assert_eq!(world.received(), answers, "nothing left twice");
}

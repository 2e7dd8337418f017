//! The gateway goes away and comes back.

use crate::{
    wait,
    window::Window,
    world::{CONTACT, World},
};

#[test]
fn while_the_gateway_is_away_the_agent_writes_on_and_everything_leaves_once_when_it_is_back() {
    let mut world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Hello?");
    window.click(", waiting 00:");
    world.stop_gateway();
    window.see("Reconnecting since");
    window.send("first");
    window.send("second");
    window.see("Queued · ");
    assert_eq!(world.received(), Vec::<String>::new());

    world.start_gateway();
    window.see("Connected");
    wait::until("both leave", || (world.received().len() == 2).then_some(()));
    window.lose("Queued · ");
    assert_eq!(world.received(), ["first", "second"]);
}

//! The sign-in screen.

use egui_kittest::kittest::Queryable as _;
use waxwing::{
    desk::input::{CallError, Command, Input, Outcome, Password},
    ui::Action,
};
use waxwing_protocol::problem::{Problem, ProblemCode};

use crate::fixture::{empty_desk, now, window};

#[test]
fn name_and_password_sign_in() {
    let mut harness = window(empty_desk(), 1440.0);
    harness.get_by_label("Sign in to Waxwing");
    harness.get_by_role_and_label(egui::accesskit::Role::TextInput, "User name").focus();
    harness.run_steps(2);
    harness.event(egui::Event::Text("jana".to_owned()));
    harness.run_steps(2);
    harness.get_by_role_and_label(egui::accesskit::Role::PasswordInput, "Password").focus();
    harness.run_steps(2);
    harness.event(egui::Event::Text("a long password".to_owned()));
    harness.run_steps(2);
    harness.key_press(egui::Key::Enter);
    harness.run_steps(2);
    let asked = Action::Command(Command::SignIn {
        user_name: "jana".to_owned(),
        password: Password("a long password".to_owned()),
    });
    assert_eq!(harness.state().actions, [asked]);
}

#[test]
fn a_refusal_is_shown_where_it_happened() {
    let mut desk = empty_desk();
    let command = Command::SignIn { user_name: "jana".to_owned(), password: Password("wrong".to_owned()) };
    desk.step(Input::Command(command), now());
    let problem = Problem::new(ProblemCode::WrongCredentials, "The user name or the password is wrong.");
    desk.step(Input::Outcome(Outcome::SignedIn(Err(CallError::Refused(problem)))), now());
    let harness = window(desk, 1440.0);
    harness.get_by_label_contains("The user name or the password is wrong.");
}

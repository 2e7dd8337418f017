//! `agent`: who may sign in.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use waxwing_protocol::agent::Role;

use super::{Failure, open_store, say, secret};
use crate::{
    auth,
    clock::Clock,
    config::Config,
    handling,
    store::agents::{self, NewAgent},
};

#[derive(Debug, Subcommand)]
pub(super) enum Agent {
    /// Add an agent, or a team lead.
    Add(Add),
    /// Show all agents.
    List,
    /// Change what is known of an agent: what is not given stays.
    Set(Set),
    /// Take away an agent's right to sign in; what they have before them goes into their workbin, and whoever waits for an answer
    /// to somebody else.
    Disable {
        /// What they sign in with.
        user_name: String,
    },
    /// Give an agent another password; they are signed out everywhere.
    Password {
        /// What they sign in with.
        user_name: String,
        #[command(flatten)]
        password: PasswordSource,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// What they sign in with.
    user_name: String,
    /// What colleagues read; the user name if it is not given.
    #[arg(long)]
    name: Option<String>,
    /// What they may do.
    #[arg(long, value_enum, default_value = "agent")]
    role: RoleName,
    /// How many interactions they are given at most at once.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    capacity: u32,
    /// The team they belong to; team leads without one lead every team.
    #[arg(long)]
    team: Option<String>,
    #[command(flatten)]
    password: PasswordSource,
}

#[derive(Debug, Args)]
pub(super) struct Set {
    /// What they sign in with.
    user_name: String,
    /// What colleagues read.
    #[arg(long)]
    name: Option<String>,
    /// What they may do.
    #[arg(long, value_enum)]
    role: Option<RoleName>,
    /// How many interactions they are given at most at once.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100))]
    capacity: Option<u32>,
    /// The team they belong to; empty for none.
    #[arg(long)]
    team: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct PasswordSource {
    /// A file that holds the password; without it, you are asked.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl PasswordSource {
    fn hash(&self) -> Result<String, Failure> {
        let password = secret::read("password", self.password_file.as_deref())?;
        auth::acceptable(&password).map_err(|problem| Failure::of("password", problem))?;
        Ok(auth::hash_password(&password))
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    Agent,
    TeamLead,
}

impl RoleName {
    const fn role(self) -> Role {
        match self {
            Self::Agent => Role::Agent,
            Self::TeamLead => Role::TeamLead,
        }
    }
}

/// A team as it was given; none if that is empty.
fn team_of(given: &str) -> Option<String> {
    let team = given.trim();
    (!team.is_empty()).then(|| team.to_owned())
}

impl Agent {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(config).await,
            Self::List => list(config).await,
            Self::Set(set) => set.run(config).await,
            Self::Disable { user_name } => disable(config, &user_name).await,
            Self::Password { user_name, password } => set_password(config, &user_name, &password).await,
        }
    }
}

impl Add {
    async fn run(self, config: &Config) -> Result<(), Failure> {
        let user_name = self.user_name.trim();
        if user_name.is_empty() || user_name.contains(char::is_whitespace) {
            return Err(Failure::of("user name", "must be one word"));
        }
        let password_hash = self.password.hash()?;
        let new = NewAgent {
            user_name: user_name.to_owned(),
            display_name: self.name.unwrap_or_else(|| user_name.to_owned()),
            role: self.role.role(),
            capacity: self.capacity,
            team: self.team.as_deref().and_then(team_of),
            password_hash,
        };
        let store = open_store(config).await?;
        let mut change = store.begin().await?;
        let added = agents::add_agent(&mut change, &new, Clock::system().now()).await?;
        let id = added.ok_or_else(|| Failure::of("user name", format!("{user_name} is taken")))?;
        change.commit().await?;
        store.close().await;
        say(format_args!("Added {user_name} ({id})."));
        Ok(())
    }
}

impl Set {
    async fn run(self, config: &Config) -> Result<(), Failure> {
        let store = open_store(config).await?;
        let mut change = store.begin().await?;
        let known = agents::credentials(change.db(), &self.user_name).await?;
        let (id, _) = known.ok_or_else(|| nobody(&self.user_name))?;
        let record = agents::get(change.db(), id).await?.ok_or_else(|| nobody(&self.user_name))?;
        let mut agent = record.agent;
        agent.display_name = self.name.unwrap_or(agent.display_name);
        agent.role = self.role.map_or(agent.role, RoleName::role);
        agent.capacity = self.capacity.unwrap_or(agent.capacity);
        agent.team = match self.team {
            Some(team) => team_of(&team),
            None => agent.team,
        };
        agents::set(&mut change, &agent).await?;
        change.commit().await?;
        store.close().await;
        say(format_args!("{} is changed.", self.user_name));
        Ok(())
    }
}

async fn list(config: &Config) -> Result<(), Failure> {
    let store = open_store(config).await?;
    let mut read = store.read().await?;
    for record in agents::list_agents(read.db()).await? {
        let agent = record.agent;
        let role = match agent.role {
            Role::TeamLead => "team lead",
            Role::Agent | Role::Unknown => "agent",
        };
        let may = if record.disabled { ", disabled" } else { "" };
        let team = agent.team.map(|team| format!(", team {team}")).unwrap_or_default();
        say(format_args!(
            "{}\t{}\t{role}{team}, up to {} at once{may}",
            agent.user_name, agent.display_name, agent.capacity
        ));
    }
    drop(read);
    store.close().await;
    Ok(())
}

async fn disable(config: &Config, user_name: &str) -> Result<(), Failure> {
    let store = open_store(config).await?;
    let mut change = store.begin().await?;
    let disabled = handling::status::disable(&mut change, user_name, Clock::system().now()).await?;
    disabled.ok_or_else(|| nobody(user_name))?;
    change.commit().await?;
    store.close().await;
    say(format_args!("{user_name} can no longer sign in."));
    Ok(())
}

async fn set_password(config: &Config, user_name: &str, password: &PasswordSource) -> Result<(), Failure> {
    let hash = password.hash()?;
    let store = open_store(config).await?;
    let mut change = store.begin().await?;
    agents::set_password(&mut change, user_name, &hash).await?.ok_or_else(|| nobody(user_name))?;
    change.commit().await?;
    store.close().await;
    say(format_args!("{user_name} has another password and is signed out everywhere."));
    Ok(())
}

fn nobody(user_name: &str) -> Failure {
    Failure::of("user name", format!("nobody signs in as {user_name}"))
}

//! `recollect people`: list everybody, name, merge and part them, and take any of it back.
//!
//! People are given by name, nickname or identifier, faces by identifier. Changes go through the running server when
//! there is one, so that both agree on what is so. What only tells is in `tell`.

mod tell;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::running::Server;
use super::{Global, print_json, print_line};
use crate::app::App;
use crate::library::people::change::Action;
use crate::library::{ChangeId, FaceId, PersonId, fold};

#[derive(Debug, Args)]
pub(super) struct PeopleArguments {
    #[command(subcommand)]
    command: PeopleCommand,
}

#[derive(Debug, Subcommand)]
enum PeopleCommand {
    /// List them all, found groups without a name among them
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Give a person or a found group a name
    Rename {
        /// Name or identifier
        person: String,
        /// The new name
        name: String,
    },
    /// Say that several people are one
    Merge {
        /// Who stays: name or identifier
        into: String,
        /// Who they are, too
        #[arg(required = true)]
        people: Vec<String>,
    },
    /// Make faces somebody else's: a new person's, or those of the one with this name
    Split {
        /// Name of the person; without it a new group
        #[arg(long)]
        name: Option<String>,
        /// Identifiers of faces
        #[arg(required = true)]
        faces: Vec<FaceId>,
    },
    /// Say that faces are not whose they are said to be
    Reject {
        /// Identifiers of faces
        #[arg(required = true)]
        faces: Vec<FaceId>,
    },
    /// Say that faces are whose they are said to be
    Confirm {
        /// Identifiers of faces
        #[arg(required = true)]
        faces: Vec<FaceId>,
    },
    /// Say that these are no faces
    NotAFace {
        /// Identifiers of what are none
        #[arg(required = true)]
        faces: Vec<FaceId>,
    },
    /// Say that two people are never one
    Apart {
        /// Name or identifier
        one: String,
        /// Name or identifier
        other: String,
    },
    /// Say that a keyword is the name of a pet: it is in all pictures that have it, and known on others by its looks
    Pet {
        /// The keyword
        name: String,
        /// Say that it is no pet's name
        #[arg(long)]
        not: bool,
    },
    /// Say more of a person
    Describe {
        /// Name or identifier
        person: String,
        /// What the family calls them
        #[arg(long)]
        nickname: Option<String>,
        /// Day of birth, such as 2014-05-01
        #[arg(long)]
        born: Option<String>,
        /// Who they are to you, such as "grandmother"
        #[arg(long)]
        relation: Option<String>,
        /// Whether they are a favourite
        #[arg(long)]
        favourite: Option<bool>,
        /// Whether they are a pet
        #[arg(long)]
        pet: Option<bool>,
    },
    /// Leave a person out of the list of people; they are still found by name
    Hide {
        /// Name or identifier
        person: String,
        /// Show them again
        #[arg(long)]
        not: bool,
    },
    /// The faces of a person, with their identifiers
    Faces {
        /// Name or identifier
        person: String,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Questions about keywords that may be pets' names and about faces, those first whose answer settles the most
    Questions {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// What was changed, the latest last
    Changes {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Take a change back: the latest, or the one with this identifier
    Undo {
        /// Identifier of a change
        change: Option<ChangeId>,
    },
    /// Find out anew whose all faces are that nobody confirmed
    Cluster,
    /// Delete what identifies a person: vectors and crops of faces, names, records of changes. The pictures stay
    Forget {
        /// Name or identifier
        person: String,
        /// Do it; it cannot be undone
        #[arg(long)]
        yes: bool,
    },
}

pub(super) async fn run(global: &Global, arguments: PeopleArguments) -> anyhow::Result<()> {
    let command = match arguments.command {
        PeopleCommand::List { json } => return tell::list(global, json).await,
        PeopleCommand::Faces { person, json } => return tell::faces(global, &person, json).await,
        PeopleCommand::Questions { json } => return tell::questions(global, json).await,
        PeopleCommand::Changes { json } => return tell::changes(global, json).await,
        command => command,
    };
    let people = People::open(global).await?;
    let done = people.command(command).await;
    people.close().await;
    done
}

/// Where changes are made: by the server that holds the library, or here.
enum People {
    Remote(Server, App),
    Here { _lock: crate::app::DataLock, app: App },
}

impl People {
    async fn open(global: &Global) -> anyhow::Result<Self> {
        match Server::find(&global.data()).await {
            Some(server) => Ok(Self::Remote(server, global.open_to_read().await?)),
            None => {
                // Reading first says in the usual words that there is no library.
                global.open_to_read().await?.close().await;
                let (_lock, app) = global.open(&[]).await?;
                Ok(Self::Here { _lock, app })
            }
        }
    }

    fn app(&self) -> &App {
        match self {
            Self::Remote(_, app) | Self::Here { app, .. } => app,
        }
    }

    async fn close(self) {
        self.app().close().await;
    }

    async fn command(&self, command: PeopleCommand) -> anyhow::Result<()> {
        match command {
            PeopleCommand::Undo { change } => self.undo(change).await,
            PeopleCommand::Cluster => self.cluster().await,
            PeopleCommand::Forget { person, yes } => self.forget(&person, yes).await,
            command => {
                let action = self.action(command).await?;
                self.change(&action).await
            }
        }
    }

    async fn action(&self, command: PeopleCommand) -> anyhow::Result<Action> {
        Ok(match command {
            PeopleCommand::Rename { person, name } => Action::Rename { person: self.find(&person).await?, name },
            PeopleCommand::Merge { into, people } => {
                let mut ids = Vec::with_capacity(people.len());
                for person in &people {
                    ids.push(self.find(person).await?);
                }
                Action::Merge { into: self.find(&into).await?, people: ids }
            }
            PeopleCommand::Split { faces, name } => Action::Split { faces, name },
            PeopleCommand::Reject { faces } => Action::Reject { faces, person: None },
            PeopleCommand::Confirm { faces } => Action::Confirm { faces },
            PeopleCommand::NotAFace { faces } => Action::NotAFace { faces },
            PeopleCommand::Apart { one, other } => {
                Action::Apart { one: self.find(&one).await?, other: self.find(&other).await? }
            }
            PeopleCommand::Pet { name, not: true } => Action::NoPet { name },
            PeopleCommand::Pet { name, not: false } => {
                let folded = fold(&name);
                let examples = self.app().library.animals_beside(std::slice::from_ref(&folded)).await?.remove(&folded);
                Action::Pet { name, faces: examples.map(|examples| examples.animals).unwrap_or_default() }
            }
            PeopleCommand::Describe { person, nickname, born, relation, favourite, pet } => {
                let person = self.find(&person).await?;
                Action::Describe { person, nickname, born, relation, hidden: None, favourite, pet }
            }
            PeopleCommand::Hide { person, not } => Action::Describe {
                person: self.find(&person).await?,
                nickname: None,
                born: None,
                relation: None,
                hidden: Some(!not),
                favourite: None,
                pet: None,
            },
            _ => bail!("this is no change"),
        })
    }

    async fn find(&self, text: &str) -> anyhow::Result<PersonId> {
        find(self.app(), text).await
    }

    async fn change(&self, action: &Action) -> anyhow::Result<()> {
        let summary = match self {
            Self::Remote(server, _) => text(&server.post::<Value>("/people/changes", action).await?, "summary"),
            Self::Here { app, .. } => {
                let (change, _) = app.library.change_people(action).await?;
                app.indexer.run_until_searchable(|_| {}).await?;
                change.summary
            }
        };
        print_line(&summary)
    }

    async fn undo(&self, change: Option<ChangeId>) -> anyhow::Result<()> {
        let changes = self.app().library.people_changes(500).await?;
        let latest = changes.iter().find(|change| change.undone.is_none() && change.undoes.is_none());
        let id = change.or(latest.map(|change| change.id)).context("there is nothing to take back")?;
        let (summary, kept) = match self {
            Self::Remote(server, _) => {
                let done: Value = server.post(&format!("/people/changes/{id}/undo"), &json!({})).await?;
                (text(&done, "summary"), done["kept"].as_u64().unwrap_or(0))
            }
            Self::Here { app, .. } => {
                let (change, kept) = app.library.undo_people_change(id).await?;
                app.indexer.run_until_searchable(|_| {}).await?;
                (change.summary, kept as u64)
            }
        };
        print_line(&summary)?;
        if kept > 0 {
            print_line(&format!("{kept} things were changed since and stay as they are"))?;
        }
        Ok(())
    }

    async fn cluster(&self) -> anyhow::Result<()> {
        match self {
            Self::Remote(server, _) => {
                server.post::<Value>("/people/placing", &json!({})).await?;
                while server.get::<Value>("/people/placing", &[]).await?["running"] == true {
                    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                }
            }
            Self::Here { app, .. } => {
                app.identifier.place_everything().await?;
                app.indexer.run_until_searchable(|_| {}).await?;
            }
        }
        let people = self.app().library.everybody().await?;
        let named = people.iter().filter(|person| !person.name.is_empty()).count();
        print_line(&format!("{named} people with a name, {} without", people.len() - named))
    }

    async fn forget(&self, person: &str, yes: bool) -> anyhow::Result<()> {
        let id = self.find(person).await?;
        let known = self.app().library.person(id).await?;
        let name = if known.name.is_empty() { id.to_string() } else { known.name };
        anyhow::ensure!(
            yes,
            "this deletes what identifies {name} in {} pictures and cannot be undone; the pictures stay. Add --yes to do it",
            known.count
        );
        match self {
            Self::Remote(server, _) => {
                let report: Value = server.post(&format!("/people/{id}/forget"), &json!({ "confirm": name })).await?;
                print_json(&report)
            }
            Self::Here { app, .. } => {
                let (rows, crops) = app.forget_person(id).await?;
                app.indexer.run_until_searchable(|_| {}).await?;
                let mut report = serde_json::to_value(rows)?;
                report["crops_deleted"] = crops.into();
                report["waiting_for_index"] = app.indexer.behind().await?.into();
                print_json(&report)
            }
        }
    }
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

/// A person by identifier, name, nickname or the beginning of an identifier.
async fn find(app: &App, text: &str) -> anyhow::Result<PersonId> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    if let Some(id) = app.library.person_called(text).await? {
        return Ok(id);
    }
    let everybody = app.library.everybody().await?;
    let called = |nickname: &Option<String>| nickname.as_deref().is_some_and(|nickname| fold(nickname) == fold(text));
    let begins = |id: PersonId| text.len() >= 8 && id.to_string().starts_with(text);
    let mut fitting = everybody.iter().filter(|person| called(&person.nickname) || begins(person.id));
    match (fitting.next(), fitting.next()) {
        (Some(person), None) => Ok(person.id),
        (Some(_), Some(_)) => bail!("several people are called {text}; give an identifier"),
        (None, _) => bail!("there is nobody called {text}; `recollect people list` tells who there is"),
    }
}

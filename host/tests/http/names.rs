//! A resolver that says what a test has it say.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use plug_host::{Resolver, Resolving};

/// Knows some names, and counts who asks.
#[derive(Clone, Default)]
pub struct Names(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    answers: HashMap<String, VecDeque<Vec<IpAddr>>>,
    asked: Vec<String>,
}

impl Names {
    pub fn none() -> Names {
        Names::default()
    }

    /// `name` leads to these addresses from now on.
    pub fn lead(&self, name: &str, to: &[&str]) {
        self.lead_in_turn(name, &[to]);
    }

    /// `name` leads to the first of them when it is asked for the first time, and so on; the last one
    /// stays.
    pub fn lead_in_turn(&self, name: &str, turns: &[&[&str]]) {
        let read = |to: &&[&str]| to.iter().map(|address| address.parse().unwrap()).collect();
        self.0.lock().unwrap().answers.insert(name.to_owned(), turns.iter().map(read).collect());
    }

    /// All that was asked for since the last time.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }
}

impl Resolver for Names {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
        let mut known = self.0.lock().unwrap();
        known.asked.push(name.to_owned());
        let answer = known.answers.get_mut(name).map(|turns| match turns.len() {
            1 => turns[0].clone(),
            _ => turns.pop_front().unwrap_or_default(),
        });
        let is_silent = name == "silent.example";
        Box::pin(async move {
            if is_silent {
                std::future::pending::<()>().await;
            }
            answer.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there is no such name"))
        })
    }
}

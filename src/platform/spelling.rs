//! Marks misspelled words, by the Hunspell dictionaries that this system has.
//!
//! Dictionaries are read and words looked up on a thread of their own: a large dictionary takes a second to read, a
//! suggestion a tenth. The window asks about a text as often as it draws it; the answer is there a little later, and
//! wakes it. Without a dictionary nothing is marked, and the log says so once.

use std::{
    collections::VecDeque,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
};

use thiserror::Error;

mod dictionary;
#[cfg(test)]
mod tests;
mod words;

use dictionary::Dictionaries;

/// How many questions wait at most. What doesn't find a place is asked again with the next frame.
const MOST_QUESTIONS: usize = 4;
/// How many answers are kept for texts and words that are still looked at: a few composers.
const MOST_ANSWERS: usize = 8;
/// How many suggestions there are for one word at most.
const MOST_SUGGESTIONS: usize = 5;

/// Something about the dictionaries that the agent should know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpellingProblem {
    /// There is a dictionary, but it can't be read or makes no sense.
    #[error("the spelling dictionary {} can't be used: {why}", path.display())]
    Unusable {
        /// Its `.aff` or `.dic` file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// Marks misspelled words. The thread ends with it.
#[derive(Debug)]
pub struct Speller {
    questions: Option<SyncSender<Question>>,
    answers: Receiver<Answer>,
    /// Asked and not answered yet.
    asked: Vec<Question>,
    checked: VecDeque<(String, Vec<Range<usize>>)>,
    suggested: VecDeque<(String, Vec<String>)>,
    problems: VecDeque<SpellingProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Question {
    /// Which words of this text are misspelled.
    Check(String),
    /// What this word could have been.
    Suggest(String),
}

enum Answer {
    Checked(String, Vec<Range<usize>>),
    Suggested(String, Vec<String>),
    Problem(SpellingProblem),
}

impl Speller {
    /// Starts the thread, which reads the dictionaries of these languages, given by their IETF tags (RFC 5646), from
    /// the folders where this system has them. `wake` is called on that thread whenever there is an answer.
    #[must_use]
    pub fn start(languages: &[String], wake: impl Fn() + Send + 'static) -> Self {
        Self::start_in(dictionary::folders(), languages, wake)
    }

    fn start_in(folders: Vec<PathBuf>, languages: &[String], wake: impl Fn() + Send + 'static) -> Self {
        let (questions, asked) = sync_channel(MOST_QUESTIONS);
        let (tell, answers) = sync_channel(MOST_QUESTIONS);
        let languages = languages.to_vec();
        let thread = std::thread::Builder::new()
            .name("spelling".to_owned())
            .spawn(move || answer_all(&folders, &languages, &asked, &Told { tell, wake }));
        let questions = match thread {
            Ok(_ends_with_the_questions) => Some(questions),
            Err(error) => {
                tracing::warn!(%error, "no thread for spelling: nothing is marked");
                None
            }
        };
        Self {
            questions,
            answers,
            asked: Vec::new(),
            checked: VecDeque::new(),
            suggested: VecDeque::new(),
            problems: VecDeque::new(),
        }
    }

    /// The misspelled words of a text, in bytes, in order; the word that is being typed among them. None while they
    /// aren't known, which asks for them, or if there is no dictionary.
    ///
    /// A word is right if it is right in one of the languages. Addresses, words with digits, single letters, short words
    /// of capitals, and words in a script that no dictionary is written in are not looked at.
    pub fn check(&mut self, text: &str) -> Option<&[Range<usize>]> {
        self.collect();
        let at = self.checked.iter().position(|(checked, _)| checked == text);
        if at.is_none() {
            self.ask(Question::Check(text.to_owned()));
        }
        Some(&self.checked[at?].1)
    }

    /// What a misspelled word could have been, best first, at most five. None while it isn't known, which asks for it,
    /// or if there is no dictionary.
    pub fn suggest(&mut self, word: &str) -> Option<&[String]> {
        self.collect();
        let at = self.suggested.iter().position(|(suggested, _)| suggested == word);
        if at.is_none() {
            self.ask(Question::Suggest(word.to_owned()));
        }
        Some(&self.suggested[at?].1)
    }

    /// Something that was wrong with a dictionary; each is told once.
    pub fn take_problem(&mut self) -> Option<SpellingProblem> {
        self.collect();
        self.problems.pop_front()
    }

    fn ask(&mut self, question: Question) {
        if self.asked.contains(&question) {
            return;
        }
        let Some(questions) = &self.questions else { return };
        match questions.try_send(question.clone()) {
            Ok(()) => self.asked.push(question),
            Err(TrySendError::Full(_)) => {}
            Err(TrySendError::Disconnected(_)) => self.questions = None,
        }
    }

    fn collect(&mut self) {
        while let Ok(answer) = self.answers.try_recv() {
            let question = match answer {
                Answer::Checked(text, marks) => {
                    keep(&mut self.checked, text.clone(), marks);
                    Question::Check(text)
                }
                Answer::Suggested(word, suggestions) => {
                    keep(&mut self.suggested, word.clone(), suggestions);
                    Question::Suggest(word)
                }
                Answer::Problem(problem) => {
                    self.problems.push_back(problem);
                    continue;
                }
            };
            self.asked.retain(|asked| *asked != question);
        }
    }
}

/// Keeps an answer, and forgets the oldest one if there are many.
fn keep<T>(answers: &mut VecDeque<(String, T)>, about: String, answer: T) {
    if answers.len() == MOST_ANSWERS {
        answers.pop_front();
    }
    answers.push_back((about, answer));
}

/// The way back to the window.
struct Told<W> {
    tell: SyncSender<Answer>,
    wake: W,
}

impl<W: Fn()> Told<W> {
    /// False when nobody listens any more.
    fn tell(&self, answer: Answer) -> bool {
        let is_heard = self.tell.send(answer).is_ok();
        (self.wake)();
        is_heard
    }
}

/// The thread: reads the dictionaries, then answers until nobody asks any more.
fn answer_all(
    folders: &[PathBuf],
    languages: &[String],
    questions: &Receiver<Question>,
    told: &Told<impl Fn()>,
) {
    let (dictionaries, problems) = Dictionaries::load(folders, languages);
    for problem in problems {
        tracing::warn!(%problem, "spelling");
        if !told.tell(Answer::Problem(problem)) {
            return;
        }
    }
    if dictionaries.is_empty() {
        tracing::info!(?languages, "no dictionary for these languages: spelling isn't marked");
        return;
    }
    while let Ok(question) = questions.recv() {
        let answer = match question {
            Question::Check(text) => {
                let marks = unless_it_panics(|| words::misspelled(&text, &dictionaries));
                Answer::Checked(text, marks)
            }
            Question::Suggest(word) => {
                let suggestions = unless_it_panics(|| dictionaries.suggest(&word, MOST_SUGGESTIONS));
                Answer::Suggested(word, suggestions)
            }
        };
        if !told.tell(answer) {
            return;
        }
    }
}

/// Dictionaries are programs of a kind, written by many hands: one that trips up the checker marks nothing, and doesn't
/// end it.
fn unless_it_panics<T: Default>(look_up: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(look_up)).unwrap_or_else(|_panic| {
        tracing::error!("a dictionary can't cope with what was written: nothing is marked there");
        T::default()
    })
}

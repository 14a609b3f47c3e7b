//! Who has logged in, for as long as that lasts. In memory alone: with the stand-in every token ends.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How many tokens are known at most. Where there are as many, the one that ends first ends.
const MOST: usize = 10_000;

/// What each token begins with, so that one that has ended, or was changed on its way, is not taken for any key.
const PREFIX: &str = "session-";
const RANDOM: usize = 32;

/// Who has logged in.
pub(super) struct Sessions {
    /// How long a token is good.
    lasts: Duration,
    open: Mutex<HashMap<String, Session>>,
}

struct Session {
    who: Arc<str>,
    /// Where it lasts longer than a clock can tell, it does not end.
    ends: Option<Instant>,
}

impl Session {
    fn is_open(&self, now: Instant) -> bool {
        self.ends.is_none_or(|ends| now < ends)
    }
}

impl Sessions {
    pub(super) fn lasting(lasts: Duration) -> Self {
        Self { lasts, open: Mutex::default() }
    }

    /// Whether a key has the form of a token.
    pub(super) fn is_token(key: &str) -> bool {
        let random = key.strip_prefix(PREFIX);
        random.is_some_and(|random| random.len() == 2 * RANDOM && random.bytes().all(|digit| digit.is_ascii_hexdigit()))
    }

    /// Whether a key has the beginning of a token in it, in whatever case and behind whatever sign.
    pub(super) fn is_like_a_token(key: &str) -> bool {
        let mut words = key.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-');
        words.any(|word| word.get(..PREFIX.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(PREFIX)))
    }

    /// A token for a user.
    pub(super) fn begin(&self, who: Arc<str>, now: Instant) -> Result<String, getrandom::Error> {
        let token = any_token()?;
        self.add(&mut self.open(), token.clone(), who, now);
        Ok(token)
    }

    /// Another token for the user of one that has not ended. Whatever ends that one from now on ends both.
    pub(super) fn renew(&self, token: &str, now: Instant) -> Result<Option<String>, getrandom::Error> {
        let new = any_token()?;
        let mut open = self.open();
        let who = open.get(token).filter(|session| session.is_open(now)).map(|session| Arc::clone(&session.who));
        let Some(who) = who else { return Ok(None) };
        self.add(&mut open, new.clone(), who, now);
        Ok(Some(new))
    }

    fn add(&self, open: &mut HashMap<String, Session>, token: String, who: Arc<str>, now: Instant) {
        open.retain(|_, session| session.is_open(now));
        if open.len() >= MOST {
            let first = open.iter().min_by_key(|(_, session)| (session.ends.is_none(), session.ends));
            if let Some(first) = first.map(|(token, _)| token.clone()) {
                open.remove(&first);
            }
        }
        open.insert(token, Session { who, ends: now.checked_add(self.lasts) });
    }

    /// Whose token it is, where it has not ended.
    pub(super) fn who(&self, token: &str, now: Instant) -> Option<Arc<str>> {
        let open = self.open();
        open.get(token).filter(|session| session.is_open(now)).map(|session| Arc::clone(&session.who))
    }

    pub(super) fn end(&self, token: &str) {
        self.open().remove(token);
    }

    /// Ends every token of a user.
    pub(super) fn end_of(&self, who: &str) {
        self.open().retain(|_, session| *session.who != *who);
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn any_token() -> Result<String, getrandom::Error> {
    let mut random = [0; RANDOM];
    getrandom::fill(&mut random)?;
    Ok(random.iter().fold(PREFIX.to_owned(), |token, byte| format!("{token}{byte:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_until_it_ends() {
        let sessions = Sessions::lasting(Duration::from_secs(60));
        let now = Instant::now();
        let [ada, again, bob] = ["ada", "ada", "bob"].map(|who| sessions.begin(who.into(), now).unwrap());
        assert!([&ada, &again, &bob].iter().all(|token| Sessions::is_token(token)) && ada != again);
        assert!(!Sessions::is_token("session-") && !Sessions::is_token(&ada[1..]) && !Sessions::is_token("any"));
        let who = |token: &str, seconds: u64| sessions.who(token, now + Duration::from_secs(seconds));
        assert_eq!((who(&ada, 0).as_deref(), who(&bob, 59).as_deref()), (Some("ada"), Some("bob")));
        assert_eq!((who(&ada, 60), who("session-", 0)), (None, None));
        sessions.end(&ada);
        assert_eq!((who(&ada, 0), who(&again, 0).as_deref()), (None, Some("ada")));
        let renewed = sessions.renew(&again, now).unwrap().unwrap();
        assert_eq!((who(&again, 0).as_deref(), who(&renewed, 0).as_deref()), (Some("ada"), Some("ada")));
        assert_eq!(sessions.renew(&ada, now), Ok(None));
        assert_eq!(sessions.renew(&again, now + Duration::from_secs(60)), Ok(None));
        sessions.end_of("ada");
        assert_eq!((who(&again, 0), who(&renewed, 0), who(&bob, 0).as_deref()), (None, None, Some("bob")));

        // Those that have ended are forgotten when another begins.
        sessions.begin("eve".into(), now + Duration::from_secs(60)).unwrap();
        assert_eq!(sessions.open().len(), 1);
    }

    #[test]
    fn what_is_nearly_a_token_is_known_by_its_beginning() {
        for like in ["session-", "SESSION-0", "Bearer session-1", "\"Session-2\"", "x,session-3"] {
            assert!(Sessions::is_like_a_token(like), "{like}");
        }
        for key in ["", "session", "mysession-1", "my-session-1", "sessíon-1", "é"] {
            assert!(!Sessions::is_like_a_token(key), "{key}");
        }
    }

    #[test]
    fn no_more_are_known_than_there_is_room_for() {
        let sessions = Sessions::lasting(Duration::MAX);
        let now = Instant::now();
        let first = sessions.begin("first".into(), now).unwrap();
        assert!(sessions.who(&first, now + Duration::from_secs(1 << 30)).is_some());
        sessions.open().clear();
        let sessions = Sessions { lasts: Duration::from_secs(60), ..sessions };
        let first = sessions.begin("first".into(), now).unwrap();
        let later = now + Duration::from_secs(1);
        for number in 0..MOST {
            let session = Session { who: "other".into(), ends: Some(later + Duration::from_secs(60)) };
            sessions.open().insert(number.to_string(), session);
        }
        let last = sessions.begin("last".into(), later).unwrap();
        assert_eq!((sessions.who(&first, later), sessions.open().len()), (None, MOST + 1));
        assert!(sessions.who(&last, later).is_some());
    }
}

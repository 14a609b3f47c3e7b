//! The texts of the families. Nothing here knows the crate but the vendors' names.

use std::fmt::Write;

use serde_json::Value;
use user_patch::vendor::Vendor;

use super::Kind;

pub(crate) struct Texts {
    pub stored: String,
    pub body: String,
}

/// The same in every run.
pub(crate) fn texts(vendor: Vendor, kind: Kind) -> Texts {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (stored_members, members) = match kind.members() {
        // Half of the members of the body are stored, with other values, and as many others.
        Some((count, together)) => {
            (dictionary(&mut dice, 0..count, together), dictionary(&mut dice, count / 2..count + count / 2, together))
        }
        None => (dictionary(&mut dice, 0..8, 8), dictionary(&mut dice, 4..10, 10)),
    };
    let stored = stored(vendor, &mut dice, &stored_members);
    let name = dice.words(2);
    let usual = match vendor {
        Vendor::Fireworks => format!(r#"{{"role":"contributor","displayName":"{name}","email":"{}"}}"#, dice.mail()),
        Vendor::TrustedTwin => {
            format!(r#"{{"name":"{name}","role":"{}","description":{members}}}"#, dice.uuid())
        }
        Vendor::Elastic => format!(
            r#"{{"full_name":"{name}","email":"{}","security":{{"roles":["ece_platform_admin"],"enabled":true}},"metadata":{members}}}"#,
            dice.mail()
        ),
    };
    let body = match kind {
        Kind::Smallest => match vendor {
            Vendor::Fireworks => r#"{"role":"admin"}"#.to_owned(),
            Vendor::TrustedTwin => r#"{"name":"Bo Li"}"#.to_owned(),
            Vendor::Elastic => r#"{"full_name":"Bo Li"}"#.to_owned(),
        },
        Kind::Usual => usual,
        Kind::Echo => echo(&stored, &name),
        Kind::Pretty => pretty(&echo(&stored, &name)),
        Kind::Escaped => escaped(&usual),
        Kind::Flat50 | Kind::Nested50 | Kind::Flat1000 | Kind::Nested1000 => match vendor {
            Vendor::TrustedTwin => format!(r#"{{"description":{members}}}"#),
            Vendor::Fireworks | Vendor::Elastic => format!(r#"{{"metadata":{members}}}"#),
        },
    };
    Texts { stored, body }
}

/// A user as the vendor writes it.
fn stored(vendor: Vendor, dice: &mut Dice, members: &str) -> String {
    let (name, mail) = (dice.words(2), dice.mail());
    match vendor {
        Vendor::Fireworks => format!(
            r#"{{"name":"accounts/{}/users/{}","role":"user","displayName":"{name}","createTime":"2024-03-09T08:15:00Z","email":"{mail}","state":"READY","status":{{"code":"OK","message":"{}"}},"updateTime":"2025-11-02T17:40:12Z"}}"#,
            dice.word(),
            dice.word(),
            dice.words(4),
        ),
        Vendor::TrustedTwin => format!(
            r#"{{"uuid":"{}","name":"{name}","account":"{}","role":"{}","description":{members},"created_ts":1646754515.142,"updated_ts":1652429600.5}}"#,
            dice.uuid(),
            dice.uuid(),
            dice.uuid(),
        ),
        Vendor::Elastic => {
            let members = members.trim_start_matches('{');
            format!(
                r#"{{"user_name":"{}","full_name":"{name}","email":"{mail}","security":{{"roles":["ece_platform_admin"],"enabled":true,"permissions":["{}","{}"],"security_realm":{{"type":"native","id":"{}"}}}},"metadata":{{"created_by":"{}","created_at":"2024-03-09T08:15:00Z","updated_by":"{}","updated_at":"2025-11-02T17:40:12.250Z",{members},"builtin":false}}"#,
                dice.word(),
                dice.words(1),
                dice.words(1),
                dice.word(),
                dice.word(),
                dice.word(),
            )
        }
    }
}

/// The user with another name.
fn echo(stored: &str, name: &str) -> String {
    let mut echoed = String::new();
    for known in ["\"displayName\":\"", "\"full_name\":\"", "\",\"name\":\""] {
        if let Some((before, rest)) = stored.split_once(known) {
            let (_, after) = rest.split_once('"').unwrap();
            echoed = format!("{before}{known}{name}\"{after}");
            break;
        }
    }
    echoed
}

/// With line breaks and indentation, the members in their order.
fn pretty(text: &str) -> String {
    let (mut out, mut level, mut is_inside) = (String::new(), 0, false);
    let line = |out: &mut String, level: usize| write!(out, "\n{:1$}", "", 2 * level).unwrap();
    for letter in text.chars() {
        match letter {
            _ if is_inside && letter != '"' => out.push(letter),
            '"' => {
                is_inside = !is_inside;
                out.push(letter);
            }
            '{' | '[' => {
                level += 1;
                out.push(letter);
                line(&mut out, level);
            }
            '}' | ']' => {
                level -= 1;
                line(&mut out, level);
                out.push(letter);
            }
            ',' => {
                out.push(letter);
                line(&mut out, level);
            }
            ':' => out.push_str(": "),
            _ => out.push(letter),
        }
    }
    out
}

/// Inside of strings each character that is no letter or digit as an escape, as the most careful writer sends it.
fn escaped(text: &str) -> String {
    let (mut out, mut is_inside) = (String::new(), false);
    for letter in text.chars() {
        match letter {
            '"' => {
                is_inside = !is_inside;
                out.push(letter);
            }
            _ if is_inside && !letter.is_ascii_alphanumeric() => write!(out, "\\u{:04x}", u32::from(letter)).unwrap(),
            _ => out.push(letter),
        }
    }
    let _: Value = serde_json::from_str(&out).unwrap();
    out
}

/// Members of these numbers, so many in one object. What the values are is chosen at random.
fn dictionary(dice: &mut Dice, numbers: std::ops::Range<usize>, together: usize) -> String {
    let member = |dice: &mut Dice, number: usize| {
        let value = match dice.below(5) {
            0 => dice.below(1_000_000).to_string(),
            1 => format!("{}.{}", dice.below(1_000), 1 + dice.below(9)),
            2 => ["true", "false"][dice.below(2)].to_owned(),
            _ => format!("\"{}\"", dice.words(2)),
        };
        // By its number alone, so that a body and a user have members in common.
        format!("\"{}_{number}\":{value}", ["attr", "quota", "site_of", "last_seen"][number % 4])
    };
    let numbers: Vec<_> = numbers.collect();
    if together >= numbers.len() {
        let members: Vec<_> = numbers.into_iter().map(|number| member(dice, number)).collect();
        return format!("{{{}}}", members.join(","));
    }
    let groups = numbers.chunks(together).map(|numbers| {
        let members: Vec<_> = numbers.iter().map(|&number| member(dice, number)).collect();
        format!("\"group_{}\":{{{}}}", numbers[0] / together, members.join(","))
    });
    format!("{{{}}}", groups.collect::<Vec<_>>().join(","))
}

/// xorshift64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as usize % limit
    }

    fn word(&mut self) -> String {
        (0..4 + self.below(6)).map(|_| char::from(b'a' + self.below(26) as u8)).collect()
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn mail(&mut self) -> String {
        format!("{}.{}@example.com", self.word(), self.word())
    }

    fn uuid(&mut self) -> String {
        let digits = |dice: &mut Self, count: usize| -> String {
            (0..count).map(|_| char::from_digit(dice.below(16) as u32, 16).unwrap()).collect()
        };
        [8, 4, 4, 4, 12].map(|count| digits(self, count)).join("-")
    }
}

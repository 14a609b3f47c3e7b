//! What holds a service against the pages, held to find what it is for: each rule that a service does not know.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;

use user_patch::{
    conformance::{Case, Difference, Report, Response, Target, cases, report, trials},
    exchange::{Decision, Question},
    report::{Change, Effect},
    vendor::Vendor,
};

/// The library as a service.
fn decide(case: &Case) -> Decision {
    case.question().ask(case.vendor()).unwrap()
}

fn service(case: &Case) -> Response {
    match decide(case) {
        Decision::Done { reply, .. } => reply.into(),
        Decision::Refused { reply, .. } => {
            let response = Response::from(reply);
            match case.target() {
                Target::User(user) => response.with_user_after(user.text()),
                _ => response,
            }
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_library_conforms() {
    for &vendor in Vendor::ALL {
        let report = report(cases(vendor), service);
        assert!(report.is_conformant(), "{report}");
        assert_eq!(report.rows().len(), vendor.rules().len(), "each rule is asked about");
        assert_eq!(report.rows().iter().map(|row| row.passed()).sum::<usize>(), cases(vendor).len());
        let order: Vec<_> = report.rows().iter().map(|row| row.rule().id).collect();
        assert_eq!(order, vendor.rules().iter().map(|rule| rule.id).collect::<Vec<_>>());
    }
}

/// A service that accepts, and changes nothing, where the library refuses for this rule alone.
fn without(rule: &str, case: &Case, decision: &Decision) -> Response {
    match decision {
        Decision::Done { reply, .. } => reply.clone().into(),
        Decision::Refused { violations, .. } if violations.iter().all(|violation| violation.rule().id == rule) => {
            match case.target() {
                Target::User(user) => Response::new(200, user.text()),
                _ => Response::new(200, "{}"),
            }
        }
        Decision::Refused { reply, .. } => reply.clone().into(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_rule_that_is_left_out_is_found() {
    for &vendor in Vendor::ALL {
        let decisions: BTreeMap<_, _> = cases(vendor).iter().map(|case| (case.title(), decide(case))).collect();
        for rule in vendor.rules().into_iter().filter(|rule| rule.effect == Effect::Refuses) {
            let report = report(cases(vendor), |case| without(rule.id, case, &decisions[&case.title()]));
            assert!(!report.is_conformant(), "{} is not missed", rule.id);
            let row = report.rows().iter().find(|row| row.rule().id == rule.id).unwrap();
            assert!(row.failed() > 0, "{} is not missed where it is shown: {report}", rule.id);
            assert!(report.failures().all(|failure| {
                failure
                    .differences()
                    .iter()
                    .any(|difference| matches!(difference, Difference::Status { answered: 200, .. }))
            }));
        }
    }
}

/// Each rule that decides is obeyed by some case, and a service that decides nothing obeys none of those.
#[test]
fn a_service_that_changes_nothing_is_found() {
    for &vendor in Vendor::ALL {
        let report = report(cases(vendor), |case| match case.target() {
            Target::User(user) => Response::new(200, user.text()),
            _ => Response::new(200, "{}"),
        });
        for row in report.rows() {
            assert!(row.failed() > 0, "{}", row.rule().id);
        }
    }
}

#[test]
fn a_refusal_that_changes_the_user_is_found() {
    let case = cases(Vendor::Elastic).iter().find(|case| case.name() == "another user_name").unwrap();
    let Decision::Refused { reply, .. } = decide(case) else { panic!("it is refused") };
    let response = Response::from(reply);
    assert_eq!(response.status(), case.expected().status());
    assert_eq!(case.compare(&response), Ok(()));
    assert_eq!(case.compare(&response.clone().with_user_after(r#"{"security": {}, "user_name": "ada"}"#)), Ok(()));
    for after in [r#"{"user_name":"bob","security":{}}"#, "", "[]"] {
        let mismatch = case.compare(&response.clone().with_user_after(after)).unwrap_err();
        assert_eq!(mismatch.differences(), [Difference::UserChanged]);
        assert!(
            mismatch.to_string().ends_with("\n  user: expected as before the refusal, answered another"),
            "{mismatch}"
        );
    }
}

#[test]
fn headers_that_are_documented_count_and_others_do_not() {
    let case = cases(Vendor::Elastic).iter().find(|case| case.name() == "another user_name").unwrap();
    let body = case.expected().body().text();
    let with = |headers: &[(&str, &str)]| {
        let response =
            headers.iter().fold(Response::new(400, body), |response, &(name, value)| response.with_header(name, value));
        case.compare(&response).map_err(|mismatch| mismatch.differences()[0].to_string())
    };
    const NAME: &str = "X-Cloud-Error-Codes";
    assert_eq!(with(&[("Date", "today"), (NAME, " user.restricted_field")]), Ok(()));
    let expected = "header x-cloud-error-codes: expected \"user.restricted_field\", answered ";
    assert_eq!(with(&[]), Err(format!("{expected}none")));
    assert_eq!(with(&[(NAME, "hunter2")]), Err(format!("{expected}another value")));
    let twice = [(NAME, "user.restricted_field"), (NAME, "user.restricted_field")];
    assert_eq!(with(&twice), Err(format!("{expected}another value")));

    let case = cases(Vendor::Elastic).iter().find(|case| case.name() == "user_name as it is").unwrap();
    let response = Response::new(200, case.expected().body().text()).with_header(NAME, "hunter2");
    let mismatch = case.compare(&response).unwrap_err();
    assert_eq!(mismatch.differences()[0].to_string(), "header x-cloud-error-codes: expected none, answered one");
}

/// The order of members is of no account; digits, the order of elements and what is too much are.
#[test]
fn bodies_are_compared_as_json() {
    let case = cases(Vendor::TrustedTwin).iter().find(|case| case.name() == "a user by an upper case UUID").unwrap();
    let members: Vec<_> = case.expected().body().members().map(|(name, value)| format!("{name:?} : {value}")).collect();
    let body = format!("{{ {} }}", members.iter().rev().cloned().collect::<Vec<_>>().join(" ,\n"));
    assert_eq!(case.compare(&Response::new(200, body.clone())), Ok(()));
    let differs = |body: &str| {
        let mismatch = case.compare(&Response::new(200, body)).unwrap_err();
        mismatch.differences().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        differs(&body.replace("Operator-7", "hunter2")),
        r#"body at /name: expected "Operator-7", answered another string"#
    );
    assert_eq!(
        differs(&body.replace("\"Operator-7\"", "null")),
        r#"body at /name: expected "Operator-7", answered null"#
    );
    assert_eq!(
        differs(&body.replacen('{', "{\"x\\u001b/y\":[1],", 1)),
        r"body at /x\u001b~1y: expected nothing, answered an array"
    );
    for (other, noun) in [("7", "a number"), ("true", "a boolean"), ("{}", "an object"), ("[]", "an array")] {
        assert_eq!(
            differs(&body.replace("\"Operator-7\"", other)),
            format!(r#"body at /name: expected "Operator-7", answered {noun}"#)
        );
    }
    assert_eq!(differs("[]").rsplit(", answered ").next(), Some("an array"));
    assert_eq!(differs("hunter2"), "body: expected JSON, answered what is not: expected a value at line 1 column 1");
    assert_eq!(differs(""), "body: expected JSON, answered what is not: empty at line 1 column 1");

    let exact = cases(Vendor::Elastic).iter().find(|case| case.body() == br#"{"a":1.0}"#);
    let digits =
        cases(Vendor::Elastic).iter().find(|case| case.expected().body().text().contains("1.0")).or(exact).unwrap();
    let body = digits.expected().body().text();
    assert_eq!(digits.compare(&Response::new(200, body)), Ok(()));
    assert!(digits.compare(&Response::new(200, body.replace("1.0", "1"))).is_err());
}

#[test]
fn a_mismatch_shows_nothing_of_what_was_answered_and_is_bounded() {
    let members: Vec<_> = (0..5_000).map(|at| format!(r#""m{at}":"hunter2""#)).collect();
    let response = Response::new(200, format!(r#"{{"user_name":"hunter2",{}}}"#, members.join(",")));
    assert!(!format!("{response:?}").contains("hunter2"));
    for case in cases(Vendor::Elastic) {
        let mismatch = case.compare(&response).unwrap_err();
        assert!(!format!("{mismatch} {mismatch:?}").contains("hunter2"));
        assert!(mismatch.omitted() > 4_900 && mismatch.differences().len() == 16);
        assert!(mismatch.to_string().len() < 20_000);
    }
    let deep = format!("{}1{}", r#"{"a":"#.repeat(200), "}".repeat(200));
    assert!(cases(Vendor::Elastic)[0].compare(&Response::new(200, deep)).is_err());
}

/// A service that is on the air keeps the time by itself.
#[test]
fn a_clock_of_its_own_is_no_fault() {
    let stamped = |case: &Case| {
        let Decision::Done { reply, changed, .. } = decide(case) else { return service(case).with_own_clock() };
        if changed.is_empty() {
            return Response::from(reply).with_own_clock();
        }
        let mut body: serde_json::Map<_, _> = match serde_json::from_str(&reply.body) {
            Ok(body) => body,
            // A number that `serde_json` cannot hold.
            Err(_) => return Response::from(reply).with_own_clock(),
        };
        let says = |name: &str| case.context().members().any(|(member, _)| member == name);
        match case.vendor() {
            Vendor::Fireworks if !says("now") => {
                body.insert("updateTime".to_owned(), "2030-01-01T00:00:00Z".into());
                if case.method() == "POST" {
                    body.insert("createTime".to_owned(), "2030-01-01T00:00:00Z".into());
                }
            }
            Vendor::TrustedTwin if !says("now") => {
                body.insert("updated_ts".to_owned(), 1_900_000_000.into());
            }
            Vendor::Elastic if !says("now") && !says("actor") => {
                let metadata = body.entry("metadata").or_insert_with(|| serde_json::json!({}));
                metadata["updated_at"] = "2030-01-01T00:00:00Z".into();
                metadata["updated_by"] = "eve".into();
            }
            _ => return Response::from(reply).with_own_clock(),
        }
        // Only where nothing else is lost on the way through `serde_json`.
        match serde_json::to_string(&serde_json::from_str::<serde_json::Value>(&reply.body).unwrap()) {
            Ok(text) if text.len() == reply.body.len() => {
                Response::new(200, serde_json::to_string(&body).unwrap()).with_own_clock()
            }
            _ => Response::from(reply).with_own_clock(),
        }
    };
    for &vendor in Vendor::ALL {
        let report = report(cases(vendor), stamped);
        assert!(report.is_conformant(), "{report}");
    }
    // What does not change is not stamped.
    let still = cases(Vendor::TrustedTwin)
        .iter()
        .find(|case| case.file() == "unchanged" && case.expected().changed().is_empty());
    let body = still.unwrap().expected().body().text().replacen('{', r#"{"updated_ts":1900000000,"#, 1);
    assert!(still.unwrap().compare(&Response::new(200, body).with_own_clock()).is_err());
}

/// What changes and no audit tells of is a password, and nothing else; and of what an audit tells, no line is missing.
#[test]
fn what_is_told_of_a_change_without_its_value_is_a_password() {
    let mut unshown = 0;
    for case in Vendor::ALL.iter().copied().flat_map(cases) {
        let Question::Apply(update) = case.question() else { continue };
        let Ok(Decision::Audited { audit, changed }) = Question::Audit(update).ask(case.vendor()) else { continue };
        let changes = audit.changes().with_unshown(&changed);
        for change in changes.iter().filter(|change| matches!(change, Change::Unshown { .. })) {
            let names: Vec<_> = change.path().tokens().map(|name| name.to_lowercase()).collect();
            let holds_one = case.body().to_ascii_lowercase().windows(8).any(|word| word == b"password");
            assert!(names.iter().any(|name| name == "password") || holds_one, "{}: {change}", case.title());
            unshown += 1;
        }
        assert_eq!(changes.is_empty(), audit.is_empty() && changed.is_empty(), "{}", case.title());
        assert_eq!(changes.to_string().lines().count(), changes.len(), "{}", case.title());
    }
    assert!(unshown > 5, "{unshown}");
}

#[test]
fn a_report_is_a_table_by_rule() {
    let asked = cases(Vendor::Elastic).iter().filter(|case| case.file() == "restricted" || case.file() == "builtin");
    let told = report(asked, |case| match case.name() {
        "another user_name" => Some(Response::new(200, "{}")),
        "builtin is not removed" => None,
        _ => Some(service(case)),
    });
    let lines: Vec<_> = told.to_string().lines().map(str::to_owned).collect();
    let rows: Vec<Vec<_>> = lines.iter().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["rule", "passed", "failed", "skipped"]);
    let restricted = rows.iter().find(|row| row.first() == Some(&"elastic.restricted")).unwrap();
    assert_eq!(restricted[2..], ["1", "1"]);
    let row = told.rows().iter().find(|row| row.rule().id == "elastic.restricted").unwrap();
    assert_eq!((row.passed().to_string().as_str(), row.failed(), row.skipped()), (restricted[1], 1, 1));
    assert_eq!(row.failures().len(), 1);
    let all = rows.iter().find(|row| row.first() == Some(&"all")).unwrap();
    assert_eq!(all[2..], ["1", "1"]);
    let column = |line: &str| line.find("  ").map(|_| line.len());
    assert!(
        lines[1..].iter().take_while(|line| !line.is_empty()).all(|line| column(line) == column(&lines[0])),
        "{told}"
    );
    assert!(
        told.to_string().contains("\nelastic::restricted::another user_name\n  shows elastic.restricted: "),
        "{told}"
    );
    assert!(!told.is_conformant());
    assert_eq!(told.failures().next().unwrap().case().name(), "another user_name");
    let none: Report = report(&[], service);
    assert!(none.is_conformant() && none.rows().is_empty());
}

#[test]
fn each_case_is_a_trial_with_a_name() {
    let mut names = Vec::new();
    for &vendor in Vendor::ALL {
        for (name, run) in trials(cases(vendor).iter().filter(|case| case.is_of_default_policy()), service) {
            run().unwrap_or_else(|mismatch| panic!("{mismatch}"));
            names.push(name);
        }
    }
    assert!(names.len() > 900);
    assert!(names.contains(&"elastic::restricted::another user_name".to_owned()));
    let failing = trials(cases(Vendor::Fireworks), |_: &Case| Response::new(500, "{}"));
    assert!(failing.into_iter().all(|(name, run)| run().unwrap_err().to_string().starts_with(&name)));
    let skipping = trials(cases(Vendor::Fireworks), |_: &Case| None);
    assert!(skipping.into_iter().all(|(_, run)| run().is_ok()));
}

//! The pages' cases, asked over HTTP.

use user_patch::{
    conformance::{Case, Report, Response, Target, cases, report},
    report::Rule,
    vendor::Vendor,
};

use super::client::{Answer, Server, encoded, seeded};

/// What the context of a case is where it has none: that of a caller of the vendor's module, written down.
fn context(case: &Case) -> String {
    match case.context().is_null() {
        true => "{}".to_owned(),
        false => case.context().text().to_owned(),
    }
}

/// Asks a stand-in that has the user of the case, and a caller with its context.
fn ask(case: &Case, left_out: Option<&'static Rule>) -> Response {
    let context = context(case);
    let (seed, scheme, path) = match (case.vendor(), case.target()) {
        (Vendor::Fireworks, Target::User(user)) => (
            format!(
                r#"{{"fireworks":{{"callers":[{{"key":"k","context":{context}}},{{"key":"reader"}}],"users":{{"accounts/acme/users/alice":{user}}}}}}}"#
            ),
            "Bearer ",
            "/v1/accounts/acme/users/alice".to_owned(),
        ),
        (Vendor::Fireworks, Target::Account { account, user_id }) => {
            let query = user_id.as_ref().map_or(String::new(), |id| format!("?userId={}", encoded(id)));
            (
                format!(
                    r#"{{"fireworks":{{"accounts":["acme","0-9","a"],"callers":[{{"key":"k","context":{context}}}]}}}}"#
                ),
                "Bearer ",
                format!("/v1/accounts/{}/users{query}", encoded(account)),
            )
        }
        (Vendor::TrustedTwin, Target::User(user)) => {
            let uuid = user.members().find(|(name, _)| name == "uuid").unwrap().1.as_str().unwrap().into_owned();
            (
                format!(
                    r#"{{"trustedTwin":{{"callers":[{{"key":"k","context":{context}}},{{"key":"reader"}}],"users":{{"{uuid}":{user}}}}}}}"#
                ),
                "",
                format!("/users/{uuid}"),
            )
        }
        (Vendor::Elastic, Target::User(user)) => (
            format!(
                r#"{{"elastic":{{"callers":[{{"key":"k","user":"ada","context":{context}}},{{"key":"reader","user":"ada","context":{{}}}}],"users":{{"ada":{user}}}}}}}"#
            ),
            "ApiKey ",
            "/api/v1/user".to_owned(),
        ),
        _ => panic!("what is asked is known"),
    };
    let mut config = seeded(&seed);
    config.left_out = left_out;
    let server = Server::of(config);
    let mut client = server.client().with_key(&format!("{scheme}k"));
    let path_with_mask = match case.mask() {
        Some(mask) => format!("{path}?updateMask={}", encoded(mask)),
        None => path.clone(),
    };
    let Answer { status, headers, body } = client.send(case.method(), &path_with_mask, &[], case.body());
    let mut response = Response::new(status, body).with_own_clock();
    for (name, value) in headers {
        response = response.with_header(name, value);
    }
    if let Target::User(_) = case.target() {
        let mut reader = server.client().with_key(&format!("{scheme}reader"));
        response = response.with_user_after(reader.get(&path).body);
    }
    response
}

fn all(vendor: Vendor) -> Report {
    report(cases(vendor), |case| ask(case, None))
}

#[test]
fn the_stand_in_conforms_to_every_page() {
    for &vendor in Vendor::ALL {
        let report = all(vendor);
        assert!(report.is_conformant(), "{report}");
        assert_eq!(report.rows().len(), vendor.rules().len(), "each rule is asked about");
        assert_eq!(report.rows().iter().map(|row| row.passed()).sum::<usize>(), cases(vendor).len());
    }
}

#[test]
fn a_stand_in_with_a_rule_left_out_is_found_for_every_rule() {
    for &vendor in Vendor::ALL {
        for rule in vendor.rules() {
            let shown = cases(vendor).iter().filter(|case| case.rule().id == rule.id);
            let report = report(shown, |case| ask(case, Some(rule)));
            let row = report.rows().first().unwrap_or_else(|| panic!("{} is shown", rule.id));
            assert!(row.failed() > 0, "{} is not missed where it is shown", rule.id);
        }
    }
}

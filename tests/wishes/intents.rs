//! One wish, three vendors: the table is held against the pages, and the patches against the table.

use std::fs;

use user_patch::{
    elastic,
    engine::Json,
    intent::{Capability, Intent, NoPatch, Wish, capability},
    report::Basis,
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

use crate::tree::json;

fn page(vendor: Vendor, name: &str) -> String {
    let path = format!("{}/tests/fixtures/{}/{name}.txt", env!("CARGO_MANIFEST_DIR"), vendor.module());
    fs::read_to_string(path).unwrap()
}

fn update_page(vendor: Vendor) -> String {
    page(
        vendor,
        match vendor {
            Vendor::Fireworks => "fireworks-update-user",
            Vendor::TrustedTwin => "trusted-twin-update-a-user",
            Vendor::Elastic => "elastic-update-current-user",
        },
    )
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names of the members that the page gives an update: those of its request, or for a merge patch those of the user.
fn members(vendor: Vendor) -> Vec<String> {
    let page = update_page(vendor);
    let between = |from: &str, to: &str| page.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned();
    match vendor {
        Vendor::Fireworks => {
            let lines = between("\nBody\n", "\nResponse\n");
            let lines: Vec<_> = lines.lines().collect();
            let is_type = |line: &str| ["string", "boolean"].contains(&line);
            lines.windows(2).filter(|pair| is_type(pair[1])).map(|pair| pair[0].to_owned()).collect()
        }
        Vendor::TrustedTwin => {
            let lines = between("# Request", "\n*\n");
            let lines: Vec<_> = lines.lines().collect();
            lines.windows(2).filter(|pair| pair[1].starts_with("optional")).map(|pair| pair[0].to_owned()).collect()
        }
        Vendor::Elastic => {
            let attributes = between("User successfully updated", "• Some of the provided roles are invalid");
            let name = |line: &str| Some(line.trim().strip_prefix("• ")?.split_once(' ')?.0.to_owned());
            let mut names: Vec<_> = attributes.lines().filter_map(name).collect();
            // Their names are in the example of the page alone.
            names.extend(
                ["full_name", "security_realm", "created_by", "updated_by", "elevated_permissions"].map(str::to_owned),
            );
            names
        }
    }
}

#[test]
fn the_members_of_the_pages_are_found() {
    assert_eq!(members(Vendor::Fireworks), ["role", "displayName", "serviceAccount", "email", "permissionPreset"]);
    assert_eq!(members(Vendor::TrustedTwin), ["name", "role", "description"]);
    let elastic = members(Vendor::Elastic);
    assert!(
        ["user_name", "security", "roles", "enabled", "metadata", "email"]
            .iter()
            .all(|name| elastic.iter().any(|known| known == name)),
        "{elastic:?}"
    );
}

#[test]
fn the_table_rests_on_the_pages() {
    for &vendor in Vendor::ALL {
        let text = folded(&update_page(vendor));
        let members = members(vendor);
        for &wish in Wish::ALL {
            let what = format!("{vendor} {wish}");
            let basis = match capability(vendor, wish) {
                Capability::Said { pointer, basis } => {
                    let name = pointer.tokens().last().unwrap().into_owned();
                    assert!(members.contains(&name), "{what}: {name}");
                    assert!(matches!(basis, Basis::Stated { .. }), "{what}");
                    basis
                }
                Capability::Unsaid { why, basis } => {
                    // By what names a page could have such a member.
                    let names: &[&str] = match wish {
                        Wish::DisplayName => &["display", "nick"],
                        Wish::FullName => &["full"],
                        Wish::Email => &["mail"],
                        Wish::Role => &["role"],
                        Wish::Enabled => &["enabled", "disabled", "active", "state", "status", "locked"],
                        // Here it is no matter of a member.
                        Wish::Attributes | Wish::AddedAttributes if vendor != Vendor::Fireworks => &[],
                        Wish::Attributes | Wish::AddedAttributes => {
                            &["attributes", "description", "metadata", "labels", "annotations"]
                        }
                        other => panic!("{other}"),
                    };
                    let known =
                        members.iter().find(|member| names.iter().any(|name| member.to_lowercase().contains(name)));
                    assert_eq!(known, None, "{what}");
                    assert!(!why.is_empty() && !why.ends_with('.'), "{what}");
                    basis
                }
                other => panic!("{other:?}"),
            };
            if let Basis::Stated { quote } = basis {
                assert!(text.contains(quote), "{what}: {quote}");
            }
        }
    }
    // What the reason against disabling a user of Fireworks says of the page.
    assert!(folded(&update_page(Vendor::Fireworks)).contains("The state of the user."));
    let older = folded(&page(Vendor::Fireworks, "fireworks-update-user-openapi"));
    assert!(older.contains("description: The state of the user. readOnly: true"));
}

/// Read off the pages by hand; all other wishes cannot be said.
#[test]
fn each_wish_is_said_where_the_page_has_it() {
    let places = [
        (Vendor::Fireworks, Wish::DisplayName, "/displayName"),
        (Vendor::Fireworks, Wish::Email, "/email"),
        (Vendor::Fireworks, Wish::Role, "/role"),
        (Vendor::TrustedTwin, Wish::DisplayName, "/name"),
        (Vendor::TrustedTwin, Wish::Role, "/role"),
        (Vendor::TrustedTwin, Wish::Attributes, "/description"),
        (Vendor::Elastic, Wish::FullName, "/full_name"),
        (Vendor::Elastic, Wish::Email, "/email"),
        (Vendor::Elastic, Wish::Role, "/security/roles"),
        (Vendor::Elastic, Wish::Enabled, "/security/enabled"),
        (Vendor::Elastic, Wish::AddedAttributes, "/metadata"),
    ];
    let mut said = Vec::new();
    for &vendor in Vendor::ALL {
        for &wish in Wish::ALL {
            if let Capability::Said { pointer, .. } = capability(vendor, wish) {
                said.push((vendor, wish, pointer.to_string()));
            }
        }
    }
    assert_eq!(said, places.map(|(vendor, wish, place)| (vendor, wish, place.to_owned())));
}

/// What each wish puts there.
#[test]
fn the_values_are_the_wished_ones() {
    fn body<M: UpdateModel>(wish: Wish) -> String {
        M::patch_json(&wishing(wish).patch::<M>(&M::Context::default()).unwrap())
    }
    for (body, expected) in [
        (body::<Fireworks>(Wish::DisplayName), r#"{"displayName":"Night Operator"}"#),
        (body::<Fireworks>(Wish::Email), r#"{"email":"ada@example.com"}"#),
        (body::<Fireworks>(Wish::Role), r#"{"role":"contributor"}"#),
        (body::<TrustedTwin>(Wish::DisplayName), r#"{"name":"Night Operator"}"#),
        (body::<TrustedTwin>(Wish::Role), r#"{"role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c11"}"#),
        (body::<TrustedTwin>(Wish::Attributes), r#"{"description":{"quota":123456789012345678901234567890}}"#),
        (body::<Elastic>(Wish::FullName), r#"{"full_name":"Ada Lovelace"}"#),
        (body::<Elastic>(Wish::Email), r#"{"email":"ada@example.com"}"#),
        (body::<Elastic>(Wish::Role), r#"{"security":{"roles":["ece_platform_viewer"]}}"#),
        (body::<Elastic>(Wish::Enabled), r#"{"security":{"enabled":false}}"#),
        (body::<Elastic>(Wish::AddedAttributes), r#"{"metadata":{"quota":123456789012345678901234567890}}"#),
    ] {
        assert_eq!(body, expected);
    }
}

/// An intent with this wish alone, of which no user below has anything.
fn wishing(wish: Wish) -> Intent {
    let intent = Intent::new();
    let big = json("123456789012345678901234567890");
    match wish {
        Wish::DisplayName => intent.display_name("Night Operator"),
        Wish::FullName => intent.full_name("Ada Lovelace"),
        Wish::Email => intent.email("ada@example.com"),
        Wish::Role => intent.role(|vendor| {
            Some(match vendor {
                Vendor::Fireworks => "contributor",
                Vendor::TrustedTwin => "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c11",
                Vendor::Elastic => "ece_platform_viewer",
            })
        }),
        Wish::Enabled => intent.enabled(false),
        Wish::Attributes => intent.attributes([("quota", &big)]),
        Wish::AddedAttributes => intent.added_attributes([("quota", &big)]),
        other => panic!("{other}"),
    }
}

#[test]
fn a_wish_changes_what_the_table_says_and_nothing_else() {
    fn check<M: UpdateModel>(stored: &str) {
        let (ctx, before) = (M::Context::default(), M::user(stored.as_bytes()).unwrap());
        for &wish in Wish::ALL {
            let intent = wishing(wish);
            let what = format!("{} {wish}", M::VENDOR);
            match capability(M::VENDOR, wish) {
                Capability::Said { pointer, .. } => {
                    let patch = intent.patch::<M>(&ctx).unwrap();
                    assert_eq!(M::check(&patch, &before, &ctx).unwrap().len(), 0, "{what}");
                    let mut after = before.clone();
                    let applied = M::apply(&patch, &mut after, &ctx).unwrap();
                    let place = match wish {
                        Wish::AddedAttributes => pointer.child("quota"),
                        _ => pointer,
                    };
                    assert_eq!(applied.changed(), [place], "{what}");
                    assert_eq!(M::audit(&before, &after).operations().len(), 1, "{what}");
                    assert!(intent.unsaid(M::VENDOR).is_empty());
                }
                Capability::Unsaid { why, basis } => {
                    let Err(NoPatch::Unsaid(unsaid)) = intent.patch::<M>(&ctx) else { panic!("{what}") };
                    assert_eq!(unsaid.len(), 1);
                    assert_eq!((unsaid[0].wish(), unsaid[0].why(), unsaid[0].basis()), (wish, why, basis));
                    assert_eq!(intent.unsaid(M::VENDOR), unsaid);
                }
                other => panic!("{other:?}"),
            }
        }
    }
    check::<Fireworks>(r#"{"role":"user","displayName":"Al","email":"al@example.com"}"#);
    check::<TrustedTwin>(
        r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"a":1}}"#,
    );
    check::<Elastic>(
        r#"{"user_name":"ada","security":{"roles":["ece_platform_admin"]},"metadata":{"badge":1},"full_name":"A","email":"a"}"#,
    );
}

/// What is said of several wishes is all of them, and what cannot be is told all at once.
#[test]
fn all_wishes_are_said_or_told() {
    let intent = Intent::new()
        .display_name("hush")
        .full_name("hush")
        .email("hush")
        .enabled(false)
        .attributes([("quota", "hush")])
        .added_attributes([("badge", "hush")])
        .role(|_| None::<&str>);
    assert_eq!(intent.wishes().collect::<Vec<_>>(), Wish::ALL);
    let wishes = |vendor| intent.unsaid(vendor).iter().map(|unsaid| unsaid.wish()).collect::<Vec<_>>();
    use Wish::{AddedAttributes, Attributes, DisplayName, Email, Enabled, FullName, Role};
    assert_eq!(wishes(Vendor::Fireworks), [FullName, Role, Enabled, Attributes, AddedAttributes]);
    assert_eq!(wishes(Vendor::TrustedTwin), [FullName, Email, Role, Enabled, AddedAttributes]);
    assert_eq!(wishes(Vendor::Elastic), [DisplayName, Role, Attributes]);
    let wrong = intent.patch::<Elastic>(&Default::default()).unwrap_err();
    assert!(
        wrong.to_string().starts_with("the update cannot say: display name: no member is a display name (inferred: ")
    );
    for told in [wrong.to_string(), format!("{wrong:?}"), format!("{intent:?}"), format!("{intent:#?}")] {
        assert!(!told.contains("hush"), "{told}");
    }
    let rest = intent.without(DisplayName).without(Role).without(Attributes);
    assert_eq!(
        rest.patch::<Elastic>(&Default::default()).unwrap().to_json(),
        r#"{"email":"hush","full_name":"hush","metadata":{"badge":"hush"},"security":{"enabled":false}}"#
    );
}

/// RFC 7386: a null removes, an object is merged, an array takes the place of what is there.
#[test]
fn a_merge_patch_cannot_say_every_attribute() {
    let ctx = elastic::Context::default();
    let intent = Intent::new().added_attributes([
        ("a", json("null")),
        ("b", json("[null,{\"c\":null}]")),
        ("c", json("{}")),
        ("d", Json::string("x")),
    ]);
    let unsaid = intent.unsaid(Vendor::Elastic);
    assert_eq!(unsaid.iter().map(|unsaid| unsaid.attribute().unwrap()).collect::<Vec<_>>(), ["a", "c"]);
    let told: Vec<_> = unsaid.iter().map(ToString::to_string).collect();
    assert!(told[0].starts_with("added attributes /a: ") && told[1].starts_with("added attributes /c: "), "{told:?}");
    let said = Intent::new().added_attributes([("b", json("[null,{\"c\":null}]"))]).patch::<Elastic>(&ctx).unwrap();
    let mut user = elastic::User::new("ada").unwrap().with(&["metadata", "b"], "old").unwrap();
    let _ = said.apply(&mut user, &ctx).unwrap();
    assert_eq!(user.to_json(), r#"{"user_name":"ada","security":{},"metadata":{"b":[null,{"c":null}]}}"#);
}

#[test]
fn attributes_that_no_document_can_hold_are_refused() {
    let deep = |levels: usize| format!("{}7{}", "[".repeat(levels), "]".repeat(levels));
    let refused = |levels: usize| {
        let attributes = Intent::new().attributes([("a", json(&deep(levels)))]);
        attributes.patch::<TrustedTwin>(&trusted_twin::Context::default()).map_err(|wrong| wrong.to_string())
    };
    let told = refused(254).unwrap_err();
    assert!(told.starts_with("trusted_twin.body.depth at /description/a: nested deeper than 255 levels"), "{told}");
    assert!(refused(253).unwrap_err().contains("128"), "the policy of the context");
    assert!(refused(126).is_ok());
}

#[test]
fn no_attributes_are_an_empty_dictionary() {
    let ctx = trusted_twin::Context::default();
    let none = Intent::new().attributes::<Json<'_>>([]);
    assert_eq!(none.patch::<TrustedTwin>(&ctx).unwrap().to_json(), r#"{"description":{}}"#);
    let null = Intent::new().attributes([("a", Json::null()), ("a", json("{\"b\":null}"))]);
    assert_eq!(null.patch::<TrustedTwin>(&ctx).unwrap().to_json(), r#"{"description":{"a":{"b":null}}}"#);
}

#[test]
fn what_no_reading_accepts_is_refused() {
    let mut ctx = trusted_twin::Context::default();
    ctx.statement = serde_json::from_str(r#"{"effect":"deny","actions":["update_user"]}"#).unwrap();
    let wrong = wishing(Wish::DisplayName).patch::<TrustedTwin>(&ctx).unwrap_err();
    assert!(matches!(wrong, NoPatch::Refused(violations) if violations.contains(trusted_twin::Refusal::NotAllowed)));
}

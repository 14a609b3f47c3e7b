//! What can be said of patches without applying them.

use super::{Context, Patch, Policy, StringBody, User, patch::in_security, rules};
use crate::{
    engine::{
        Conflict, Field, Json, Kind, Limits, MergePatch, Node, NotComposable, Object, Pointer, diff_objects, keeps,
        rebase as rebase_members,
    },
    report::{Audit, Diff, Reason, Unreachable},
};

/// The members of `security` that a null sets to a default, with it.
const DEFAULTS: [(&str, &str); 2] = [("roles", "[]"), ("enabled", "true")];

/// The smallest patch that makes `after` of `before` under the default context: a merge patch of the members that differ,
/// with null where a member goes or becomes its default.
///
/// ```
/// use user_patch::elastic::{User, diff};
///
/// let before = User::from_json(br#"{"user_name":"ada","security":{"roles":["ece_platform_admin"],"enabled":false},"email":"ada@example.com"}"#)?;
/// let after = User::from_json(br#"{"user_name":"ada","security":{"roles":["ece_platform_admin"],"enabled":true}}"#)?;
/// let patch = diff(&before, &after)?.patch().unwrap();
/// assert_eq!(patch.to_json(), r#"{"email":null,"security":{"enabled":null}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Every reason why no patch gets there: a restricted member differs, a null that a merge patch cannot write, a member with a
/// default that would have to go, or a patch that would be refused.
pub fn diff(before: &User, after: &User) -> Result<Diff<Patch<'static>>, Unreachable> {
    diff_with(before, after, &Context::default())
}

/// As [`diff`], for a patch that is to be accepted in `ctx`.
///
/// # Errors
/// As [`diff`].
pub fn diff_with(before: &User, after: &User, ctx: &Context) -> Result<Diff<Patch<'static>>, Unreachable> {
    if before == after {
        return Ok(Diff::Unchanged);
    }
    let mut nulls = Vec::new();
    let mut body = diff_objects(&before.document, &after.document, &Pointer::root, &mut nulls);
    let cannot = |pointer| Reason::new(&rules::NULL, pointer, "holds a null that a merge patch cannot write");
    let mut reasons: Vec<_> = nulls.into_iter().map(cannot).collect();
    if let Some(Node::Object(security)) = body.get_mut("security") {
        for (name, default) in DEFAULTS {
            let place = || Pointer::root().child("security").child(name);
            match security.get(name).and_then(Node::as_leaf).map(Json::text) {
                Some("null") if after.leaf(&["security", name]).is_none() => {
                    reasons.push(Reason::new(&rules::NULL, place(), "has a default, and cannot be removed"));
                }
                // Where nothing was, null leaves nothing.
                Some(text) if text == default && before.leaf(&["security", name]).is_some() => {
                    security.set(name, Node::Leaf(Json::null()));
                }
                _ => {}
            }
        }
    }
    let text = body.to_string();
    let policy = Policy { string_body: StringBody::Refuse, ..ctx.policy.clone() };
    let patch = Patch::parse_with(text.as_bytes(), &policy).map(Patch::into_owned);
    match &patch {
        Ok(patch) => {
            reasons.extend(patch.violations(before, ctx).iter().map(Reason::from));
            let done_unasked = patch.notices(before, ctx).into_iter();
            reasons.extend(
                done_unasked.map(|notice| Reason::new(notice.rule(), notice.pointer().clone(), notice.message())),
            );
        }
        Err(violations) => reasons.extend(violations.iter().map(Reason::from)),
    }
    Unreachable::of(reasons)?;
    Ok(patch.map_or(Diff::Unchanged, Diff::Patch))
}

/// What an update changed, as an RFC 6902 patch from one rendering to the other and its inverse. No user holds a password,
/// so no audit does.
///
/// ```
/// use user_patch::elastic::{Context, Patch, User, audit};
///
/// let before = User::from_json(br#"{"user_name":"ada","security":{},"email":"ada@example.com"}"#)?;
/// let mut after = before.clone();
/// let _ = Patch::parse(br#"{"email":null}"#)?.apply(&mut after, &Context::default())?;
/// let undo = audit(&before, &after).inverted();
/// assert_eq!(undo.to_json(), r#"[{"op":"add","path":"/email","value":"ada@example.com"}]"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn audit(before: &User, after: &User) -> Audit {
    Audit::between(&before.document, &after.document)
}

/// The patch `ours`, made on `base`, for `theirs`, which somebody else has made of `base`: without what `theirs` has already
/// and without repetitions of what `theirs` has changed. A password stays in it, as no user tells whether it is new.
///
/// ```
/// use user_patch::elastic::{Patch, User, rebase};
///
/// let base = User::from_json(br#"{"user_name":"ada","security":{},"email":"a@example.com"}"#)?;
/// let theirs = User::from_json(br#"{"user_name":"ada","security":{},"email":"b@example.com"}"#)?;
/// let ours = Patch::parse(br#"{"email":"a@example.com","full_name":"Ada"}"#)?;
/// assert_eq!(rebase(&base, &ours, &theirs)?.to_json(), r#"{"full_name":"Ada"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The members that both changed, and differently.
pub fn rebase(base: &User, ours: &Patch<'_>, theirs: &User) -> Result<Patch<'static>, Conflict> {
    let mut conflicts = Vec::new();
    let mut moved =
        rebase_members(&base.document, ours.outside_security(), &theirs.document, &Pointer::root, &mut conflicts);
    if let Field::Set(security) = &ours.documented.security {
        let place = || Pointer::root().child("security");
        let empty = Object::default();
        let [base_in, theirs_in] = [base, theirs].map(|user| in_security(user).unwrap_or(&empty));
        let mut inner = rebase_members(base_in, ours.in_security(), theirs_in, &place, &mut conflicts);
        let mut result = base.clone();
        ours.merge(&mut result);
        for (name, _) in DEFAULTS {
            let Some((_, value)) = security.members().find(|(member, _)| member == name) else { continue };
            let [base, ours, theirs] = [base, &result, theirs].map(|user| user.document.at(&["security", name]));
            if keeps(base, ours, theirs, &|| place().child(name), &mut conflicts) {
                inner.push(name, Node::Leaf(value.into_owned()));
            }
        }
        if let Some((_, value)) = security.members().find(|(name, _)| name == "password") {
            inner.push("password", Node::Leaf(value.into_owned()));
        }
        if security.kind() != Kind::Object {
            moved.push("security", Node::of(security));
        } else if !inner.is_empty() || security.members().next().is_none() {
            moved.push("security", Node::Object(inner));
        }
    } else if ours.documented.security == Field::Null {
        moved.push("security", Node::Leaf(Json::null()));
    }
    Conflict::of(conflicts)?;
    Ok(Patch::of_object(&moved))
}

impl Patch<'_> {
    /// One patch that does what this one and then `next` do.
    ///
    /// On every user on which both are accepted in turn, under one context, it is accepted, makes the same user (where
    /// the two undo each other, but for the time of the update) and hands
    /// over the last password. The checks that depend on the state in between are made on the state before.
    ///
    /// ```
    /// use user_patch::elastic::Patch;
    ///
    /// let first = Patch::parse(br#"{"email":"ada@example.com","metadata":{"office":"zrh"}}"#)?;
    /// let both = first.then(&Patch::parse(br#"{"email":null,"metadata":{"floor":2}}"#)?)?;
    /// assert_eq!(both.to_json(), r#"{"email":null,"metadata":{"floor":2,"office":"zrh"}}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where no single merge patch does both: this one removes or replaces what `next` puts members into; or this one makes a
    /// platform admin, and `next` sets `security.enabled`, which only one who is an admin before may; or `next` repeats a time
    /// of the last update that this one moves.
    pub fn then(&self, next: &Patch<'_>) -> Result<Patch<'static>, NotComposable> {
        let makes_admin = self.documented.role_set.as_ref().is_some_and(|roles| roles.has_platform_admin());
        if makes_admin && next.documented.enabled.is_present() {
            return Err(NotComposable::at(Pointer::fixed("/security/enabled")));
        }
        // What the first patch changes moves the time of the update, which the second repeats.
        let (moves, repeats) = (self.updated_at(), next.updated_at());
        if repeats.as_ref().is_some_and(|time| !time.is_null())
            && repeats != moves
            && self.body.members().next().is_some()
        {
            return Err(NotComposable::at(Pointer::fixed("/metadata/updated_at")));
        }
        let both = MergePatch::from(self.body.borrowed()).then(&MergePatch::from(next.body.borrowed()))?;
        let mut both = Object::parse(both.as_json().text().as_bytes(), &Limits::STORED).unwrap_or_default();
        if let Some(Node::Object(security)) = both.get_mut("security") {
            // A null writes the default where something is, and here the earlier patch has put something.
            for (name, default, first, next) in [
                ("roles", "[]", &self.documented.roles, &next.documented.roles),
                ("enabled", "true", &self.documented.enabled, &next.documented.enabled),
            ] {
                if let (Field::Set(_), Field::Null) = (first, next) {
                    security.set(name, Node::Leaf(Json::fixed(default)));
                }
            }
        }
        // A password that is null sets none, so that the earlier one stays.
        if let (Field::Null, Field::Set(password), Some(Node::Object(security))) =
            (&next.documented.password, &self.documented.password, both.get_mut("security"))
        {
            security.set("password", Node::Leaf(password.clone().into_owned()));
        }
        Ok(Patch::of_object(&both))
    }

    fn updated_at(&self) -> Option<Json<'static>> {
        let metadata = self.documented.metadata.set()?;
        metadata.members().find_map(|(name, value)| (name == "updated_at").then(|| value.into_owned()))
    }
}

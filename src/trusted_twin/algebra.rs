//! What can be said of patches without applying them.

use std::collections::BTreeMap;

use super::{
    Context, Patch, Refusal, User,
    patch::{NAME, ROLE},
    user::DESCRIPTION,
};
use crate::{
    engine::{Conflict, Field, Json, Limits, NotComposable, Object, Pointer},
    report::{Audit, Diff, Reason, Refuses, Unreachable},
};

/// The smallest patch that makes `after` of `before` under the default context: the members that differ, a description
/// whole, as null where it goes and as `{}` where it is emptied.
///
/// ```
/// use user_patch::trusted_twin::{User, diff};
///
/// let user = |rest: &str| User::from_json(format!(
///     r#"{{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"{rest}}}"#
/// ).as_bytes());
/// let before = user(r#","description":{"a":1}"#)?;
/// assert_eq!(diff(&before, &user("")?)?.patch().unwrap().to_json(), r#"{"description":null}"#);
/// assert_eq!(diff(&before, &user(r#","description":{}"#)?)?.patch().unwrap().to_json(), r#"{"description":{}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Every reason why no patch gets there: a member differs that an update does not have, or the patch would be refused.
pub fn diff(before: &User, after: &User) -> Result<Diff<Patch<'static>>, Unreachable> {
    diff_with(before, after, &Context::default())
}

/// As [`diff`], for a patch that is to be accepted in `ctx`.
///
/// # Errors
/// As [`diff`].
pub fn diff_with(before: &User, after: &User, ctx: &Context) -> Result<Diff<Patch<'static>>, Unreachable> {
    let patch = Patch {
        name: set_if(before.name != after.name, || Json::string(&after.name)),
        role: set_if(!before.role.eq_ignore_ascii_case(&after.role), || Json::string(&after.role)),
        description: match &after.description {
            same if *same == before.description => Field::Absent,
            None => Field::Null,
            Some(description) => Field::Set(description.clone()),
        },
        ..Patch::default()
    };
    let mut reasons = Vec::new();
    let account = |user: &User| user.account.as_deref().map(str::to_ascii_lowercase);
    for (pointer, differs) in [
        ("/uuid", !before.uuid.eq_ignore_ascii_case(&after.uuid)),
        ("/account", account(before) != account(after)),
        ("/created_ts", before.created_ts != after.created_ts),
        ("/updated_ts", before.updated_ts != after.updated_ts),
    ] {
        if differs {
            let message = "differs, and only the response has it";
            reasons.push(Reason::new(Refusal::ReadOnly.rule(), Pointer::fixed(pointer), message));
        }
    }
    for pointer in before.others.differing(&after.others) {
        let message = "differs, and an update does not have it";
        reasons.push(Reason::new(Refusal::UnknownMember.rule(), pointer, message));
    }
    if reasons.is_empty() && patch == Patch::default() {
        return Ok(Diff::Unchanged);
    }
    if let Err(unreadable) = Patch::parse_with(patch.to_json().as_bytes(), &ctx.policy) {
        reasons.extend(unreadable.iter().map(Reason::from));
    }
    reasons.extend(patch.violations(ctx).iter().map(Reason::from));
    Unreachable::of(reasons)?;
    Ok(Diff::Patch(patch))
}

fn set_if(differs: bool, value: impl FnOnce() -> Json<'static>) -> Field<Json<'static>> {
    if differs { Field::Set(value()) } else { Field::Absent }
}

/// What an update changed, as an RFC 6902 patch from one rendering to the other and its inverse. A description changes
/// attribute by attribute here.
///
/// ```
/// use user_patch::trusted_twin::{Context, Patch, User, audit};
///
/// let before = User::from_json(br#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"a":1,"b":2}}"#)?;
/// let mut after = before.clone();
/// let _ = Patch::parse(br#"{"description":{"b":2}}"#)?.apply(&mut after, &Context::default())?;
/// assert_eq!(audit(&before, &after).to_json(), r#"[{"op":"remove","path":"/description/a"}]"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn audit(before: &User, after: &User) -> Audit {
    Audit::between(&before.to_object(), &after.to_object())
}

/// The patch `ours`, made on `base`, for `theirs`, which somebody else has made of `base`: without what `theirs` has already
/// and without repetitions of what `theirs` has changed. A description is one member, as it is replaced whole.
///
/// ```
/// use user_patch::trusted_twin::{Patch, User, rebase};
///
/// let user = |name: &str| User::from_json(format!(
///     r#"{{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"{name}","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}}"#
/// ).as_bytes());
/// let ours = Patch::parse(br#"{"name":"Operator","description":{}}"#)?;
/// let moved = rebase(&user("Operator")?, &ours, &user("Operator-2")?)?;
/// assert_eq!(moved.to_json(), r#"{"description":{}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The members that both changed, and differently.
pub fn rebase(base: &User, ours: &Patch<'_>, theirs: &User) -> Result<Patch<'static>, Conflict> {
    let mut result = base.clone();
    ours.write(&mut result);
    let mut moved = ours.clone().into_owned();
    let mut conflicts = Vec::new();
    let mut keep = |place: Pointer, field: &mut Field<Json<'static>>, [base, ours, theirs]: [Option<Json<'_>>; 3]| {
        if theirs != base {
            *field = Field::Absent;
            if ours != base && ours != theirs {
                conflicts.push(place);
            }
        }
    };
    let users = [base, &result, theirs];
    keep(NAME, &mut moved.name, users.map(|user| Some(Json::string(&user.name))));
    keep(ROLE, &mut moved.role, users.map(|user| Some(Json::string(&user.role.to_ascii_lowercase()))));
    keep(DESCRIPTION, &mut moved.description, users.map(|user| user.description.as_ref().map(Json::borrowed)));
    Conflict::of(conflicts)?;
    if !moved.description.is_present() {
        moved.bad_keys.clear();
    }
    Ok(moved)
}

impl Patch<'_> {
    /// One patch that does what this one and then `next` do: every member is replaced whole, so the later one counts.
    ///
    /// On every user on which both are accepted in turn, under one context, it is accepted and makes the same user (where
    /// the two undo each other, but for the time of the update): no check
    /// depends on the state in between. Its body may be longer than either, and than a limit.
    ///
    /// ```
    /// use user_patch::trusted_twin::Patch;
    ///
    /// let first = Patch::parse(br#"{"name":"Operator","description":{"a":1}}"#)?;
    /// let both = first.then(&Patch::parse(br#"{"description":null}"#)?)?;
    /// assert_eq!(both.to_json(), r#"{"name":"Operator","description":null}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// None: the `Result` is that of the other rooms.
    pub fn then(&self, next: &Patch<'_>) -> Result<Patch<'static>, NotComposable> {
        let (first, next) = (self.clone().into_owned(), next.clone().into_owned());
        let bad_keys = if next.description.is_present() { next.bad_keys } else { first.bad_keys };
        let unknown: BTreeMap<_, _> = first.unknown.into_iter().chain(next.unknown).collect();
        Ok(Patch {
            name: next.name.or(first.name),
            role: next.role.or(first.role),
            description: next.description.or(first.description),
            bad_keys,
            unknown: unknown.into_iter().collect(),
        })
    }
}

impl User {
    fn to_object(&self) -> Object {
        // What is written here is read without fail.
        Object::parse(self.to_json().as_bytes(), &Limits::STORED).unwrap_or_default()
    }
}

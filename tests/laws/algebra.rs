//! `diff` and `then`: the inverse and the product of an update.

use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
};
use user_patch::{
    elastic::{Patch, User},
    engine::{Limits, MergePatch},
    report::Diff,
};

use crate::{
    common::{Elastic, Fireworks, Room, TrustedTwin},
    strategies::{Request, Say, Strategies, Wish, applied, edited, holds, in_every_room, json::Tree, spelled, stored},
};

in_every_room! {
    diff_arrives,
    diff_is_unchanged_where_the_users_are_equal,
    diff_is_the_smallest,
    diff_tells_why_not,
    diff_keeps_within_the_limits,
    diff_reaches_what_a_patch_reaches,
    then_is_one_after_the_other,
    then_is_associative,
    the_empty_patch_is_neutral,
}

/// Two users, of which one was made of the other, and who asks.
fn pairs<R: Strategies>() -> impl Strategy<Value = (Tree, Tree, R::Context)> {
    (R::users(), R::edits(), R::contexts()).prop_map(|(before, edits, ctx)| {
        let after = edited(&before, &edits);
        (before, after, ctx)
    })
}

/// Apply(diff(a, b), a) = b.
fn diff_arrives<R: Strategies>() {
    holds(pairs::<R>(), |(before, after, ctx)| {
        let (before, after) = (stored::<R>(&before), stored::<R>(&after));
        if let Ok(Diff::Patch(patch)) = R::diff(&before, &after, &ctx) {
            let arrived = applied::<R>(&patch, &before, &R::clockless(ctx.clone()));
            prop_assert_eq!(arrived.as_ref(), Some(&after));
            let arrived = applied::<R>(&patch, &before, &ctx).map(|user| ageless::<R>(&user));
            prop_assert_eq!(arrived, Some(ageless::<R>(&after)), "but for the time of the update");
        }
        Ok(())
    });
}

/// A user without the time of its last update.
pub fn ageless<R: Strategies>(user: &R::User) -> Tree {
    let mut tree = R::tree(user);
    tree.remove(R::UPDATED);
    let (_, place) = R::UPDATED.split_last().unwrap();
    if !place.is_empty() && tree.at(place).is_some_and(|place| *place == Tree::empty() || *place == Tree::Null) {
        tree.remove(place);
    }
    tree
}

/// The diff is empty exactly where a = b.
fn diff_is_unchanged_where_the_users_are_equal<R: Strategies>() {
    holds((pairs::<R>(), any::<u64>()), |((before, after, ctx), seed)| {
        let (user, other) = (stored::<R>(&before), stored::<R>(&after));
        prop_assert_eq!(R::diff(&user, &other, &ctx) == Ok(Diff::Unchanged), user == other);
        prop_assert_eq!(user == other, R::tree(&user) == R::tree(&other));
        let same = R::user(before.spelled(seed).as_bytes()).unwrap();
        prop_assert_eq!(R::diff(&user, &same, &ctx), Ok(Diff::Unchanged));
        Ok(())
    });
}

/// No proper subset of the members of a diff gets there.
fn diff_is_the_smallest<R: Strategies>() {
    holds((pairs::<R>(), any::<u64>()), |((before, after, ctx), choice)| {
        let (before, after) = (stored::<R>(&before), stored::<R>(&after));
        let ctx = R::clockless(ctx);
        let Ok(Diff::Patch(patch)) = R::diff(&before, &after, &ctx) else { return Ok(()) };
        let body = Tree::read(&R::to_body(&patch));
        let members: Vec<_> = body.members().unwrap().iter().collect();
        let some = members.iter().enumerate().filter(|(at, _)| choice >> (at % 64) & 1 == 1);
        let some: Vec<_> = some.map(|(_, (name, value))| ((*name).clone(), (*value).clone())).collect();
        let several = Some(Tree::Object(some.into_iter().collect())).filter(|some| *some != body);
        for less in body.without_one().into_iter().chain(several) {
            let patch = spelled::<R>(&less.text(), "", &ctx);
            let arrived = applied::<R>(&patch, &before, &ctx);
            prop_assert_ne!(arrived.as_ref(), Some(&after), "{:?} is enough", less);
        }
        Ok(())
    });
}

/// Where there is no diff, each reason says where, in order and once.
fn diff_tells_why_not<R: Strategies>() {
    holds(pairs::<R>(), |(before, after, ctx)| {
        let Err(unreachable) = R::diff(&stored::<R>(&before), &stored::<R>(&after), &ctx) else { return Ok(()) };
        let reasons: Vec<_> = unreachable.iter().map(|reason| (reason.pointer().as_str(), reason.rule().id)).collect();
        prop_assert!(!reasons.is_empty());
        prop_assert!(reasons.is_sorted() && reasons.windows(2).all(|pair| pair[0] != pair[1]), "{:?}", reasons);
        for (pointer, _) in &reasons {
            let documented = R::DOCUMENTED.iter().any(|name| pointer.split('/').nth(1) == Some(name));
            let is_there = before.pointed(pointer).is_some() || after.pointed(pointer).is_some();
            prop_assert!(documented || is_there, "{} is nowhere", pointer);
        }
        for reason in &unreachable {
            prop_assert!(R::rules().contains(&reason.rule()) && !reason.message().is_empty());
        }
        Ok(())
    });
}

/// A diff that is to be accepted in a context is one that can be read in it.
fn diff_keeps_within_the_limits<R: Strategies>() {
    let limits = (prop::option::of(2..200_usize), 1..6_u8);
    holds((pairs::<R>(), limits), |((before, after, ctx), (max_bytes, max_depth))| {
        let ctx = R::limited(ctx, max_bytes, max_depth);
        if let Ok(Diff::Patch(patch)) = R::diff(&stored::<R>(&before), &stored::<R>(&after), &ctx) {
            let body = R::to_body(&patch);
            prop_assert_eq!(R::parse(body.as_bytes(), &ctx).map(R::into_owned), Ok(patch), "{}", body);
        }
        Ok(())
    });
}

/// What a body makes of a user, the diff finds a way to.
fn diff_reaches_what_a_patch_reaches<R: Strategies>() {
    holds((R::users(), R::wishes(), R::contexts()), |(user, wish, ctx)| {
        let ctx = R::clockless(ctx);
        let before = stored::<R>(&user);
        // A mask can leave the role alone, and a diff has none.
        let Request { body, .. } = wish.on(&user);
        let patch = spelled::<R>(&body.text(), "", &ctx);
        let Some(after) = applied::<R>(&patch, &before, &ctx) else { return Ok(()) };
        match R::diff(&before, &after, &ctx) {
            Ok(Diff::Unchanged) => prop_assert_eq!(before, after),
            Ok(Diff::Patch(diff)) => {
                prop_assert_eq!(applied::<R>(&diff, &before, &ctx), Some(after));
            }
            Err(unreachable) => prop_assert!(false, "{} from {:?} to {:?}", unreachable, before, after),
        }
        Ok(())
    });
}

/// A user, and two patches each of which is made for the user that the one before makes.
type Queue<R> = (Tree, Wish, Wish, <R as Room>::Context);

fn queues<R: Strategies>() -> impl Strategy<Value = Queue<R>> {
    (R::users(), R::wishes(), R::wishes(), R::contexts())
}

/// The patch, and the user it makes.
fn step<R: Strategies>(wish: &Wish, user: &R::User, ctx: &R::Context) -> Option<(R::Patch<'static>, R::User)> {
    let patch = wish.on(&Tree::read(&R::to_json(user))).patch::<R>(ctx);
    let after = applied::<R>(&patch, user, ctx)?;
    Some((patch, after))
}

/// Apply(p.then(q), u) = apply(q, apply(p, u)).
fn then_is_one_after_the_other<R: Strategies>() {
    holds(queues::<R>(), |(user, first, next, ctx)| {
        let user = stored::<R>(&user);
        for ctx in [R::clockless(ctx.clone()), ctx] {
            let Some((first, between)) = step::<R>(&first, &user, &ctx) else { continue };
            let Some((next, after)) = step::<R>(&next, &between, &ctx) else { continue };
            let Ok(both) = R::then(&first, &next) else { continue };
            let told = || format!("{}\nthen {}\nis {}", R::to_body(&first), R::to_body(&next), R::to_body(&both));
            let outcome = R::check(&both, &user, &ctx);
            prop_assert!(outcome.is_ok(), "{}: {:?}", told(), outcome);
            let at_once = applied::<R>(&both, &user, &ctx).unwrap();
            if ctx == R::clockless(ctx.clone()) {
                prop_assert_eq!(&at_once, &after, "{}", told());
            }
            prop_assert_eq!(ageless::<R>(&at_once), ageless::<R>(&after), "but for the time of the update: {}", told());
        }
        Ok(())
    });
}

/// (p.then(q)).then(r) = p.then(q.then(r)), where both are defined.
fn then_is_associative<R: Strategies>() {
    holds((queues::<R>(), R::wishes()), |((user, first, second, ctx), third)| {
        let (user, ctx) = (stored::<R>(&user), R::clockless(ctx));
        let Some((first, after)) = step::<R>(&first, &user, &ctx) else { return Ok(()) };
        let Some((second, after)) = step::<R>(&second, &after, &ctx) else { return Ok(()) };
        let Some((third, after)) = step::<R>(&third, &after, &ctx) else { return Ok(()) };
        let left = R::then(&first, &second).and_then(|both| R::then(&both, &third));
        let right = R::then(&second, &third).and_then(|both| R::then(&first, &both));
        for all in [&left, &right].into_iter().flatten() {
            prop_assert_eq!(applied::<R>(all, &user, &ctx), Some(after.clone()), "{}", R::to_body(all));
        }
        Ok(())
    });
}

/// The empty patch changes nothing, before and after.
fn the_empty_patch_is_neutral<R: Strategies>() {
    holds((R::users(), R::wishes(), R::contexts()), |(user, wish, ctx)| {
        let patch = wish.on(&user).patch::<R>(&ctx);
        let user = stored::<R>(&user);
        let empty = spelled::<R>("{}", "", &ctx);
        for same in [R::then(&patch, &empty), R::then(&empty, &patch)] {
            let same = same.unwrap();
            if let Some(after) = applied::<R>(&patch, &user, &ctx) {
                prop_assert_eq!(applied::<R>(&same, &user, &ctx), Some(after));
            }
            if wish.mask.is_empty() {
                prop_assert_eq!(&same, &patch);
            }
        }
        Ok(())
    });
}

/// Two Trusted Twin patches are always one.
#[test]
fn trusted_twin_then_is_always_defined() {
    type R = TrustedTwin;
    holds((R::users(), R::wishes(), R::wishes(), R::contexts()), |(user, first, next, ctx)| {
        prop_assert!(R::then(&first.on(&user).patch::<R>(&ctx), &next.on(&user).patch::<R>(&ctx)).is_ok());
        Ok(())
    });
}

/// Two Fireworks patches are one, except where the first leaves `custom` and the second comes back to it.
#[test]
fn fireworks_then_is_defined_but_for_the_preset() {
    type R = Fireworks;
    holds((R::users(), R::wishes(), R::wishes(), R::contexts()), |(user, first, next, ctx)| {
        let (first, next) = (first.on(&user), next.on(&user));
        let Err(wrong) = R::then(&first.patch::<R>(&ctx), &next.patch::<R>(&ctx)) else { return Ok(()) };
        prop_assert_eq!(wrong.pointer().as_str(), "/permissionPreset");
        for request in [&first, &next] {
            let mentioned = ["permissionPreset", "permission_preset"].map(|name| request.body.at(&[name]).is_some());
            prop_assert!(mentioned == [false; 2] || !request.mask.is_empty());
        }
        prop_assert!(next.body.at(&["role"]) == Some(&Tree::string("custom")));
        prop_assert!(first.body.at(&["role"]) != Some(&Tree::string("custom")));
        Ok(())
    });
}

/// Two Elastic patches are one where two merge patches are, except where the first makes an admin and the second does
/// what only an admin may, and where the second repeats the time that the first has moved.
#[test]
fn elastic_then_is_defined_where_it_is_for_merge_patches() {
    type R = Elastic;
    holds((R::users(), R::wishes(), R::wishes(), R::contexts()), |(user, first, next, ctx)| {
        let (first, next) = (first.on(&user), next.on(&user));
        let both = R::then(&first.patch::<R>(&ctx), &next.patch::<R>(&ctx));
        let texts = [&first, &next].map(|request| request.body.text());
        let [one, other] = texts.each_ref().map(|text| MergePatch::parse(text.as_bytes(), &Limits::default()).unwrap());
        match (both, one.then(&other)) {
            (Ok(_), merged) => prop_assert!(merged.is_ok()),
            (Err(wrong), Err(in_merge)) if wrong == in_merge => {}
            // The first moves the time that the second repeats.
            (Err(wrong), _) if wrong.pointer().as_str() == "/metadata/updated_at" => {
                let [one, other] = [&first, &next].map(|request| request.body.at(R::UPDATED));
                let empty = first.body == Tree::empty();
                prop_assert!(other.is_some() && one != other && !empty);
            }
            (Err(wrong), _) => {
                prop_assert_eq!(wrong.pointer().as_str(), "/security/enabled");
                prop_assert!(next.body.at(&["security", "enabled"]).is_some());
                prop_assert!(texts[0].contains("ece_platform_admin"));
            }
        }
        Ok(())
    });
}

/// Two Elastic patches together hand over the password that is the last one in turn.
#[test]
fn elastic_then_hands_over_the_last_password() {
    type R = Elastic;
    let passwords = || {
        let password = select(&[None, Some("null"), Some(r#""correct horse""#), Some(r#""battery staple""#)][..]);
        (R::wishes(), password).prop_map(|(mut wish, password)| {
            let password = password.map(|text| (vec!["security", "password"], Say::Value(Tree::read(text))));
            wish.says.extend(password);
            wish
        })
    };
    holds((R::users(), passwords(), passwords(), R::contexts()), |(user, first, next, ctx)| {
        let user = stored::<R>(&user);
        let take = |patch: &Patch<'_>, user: &mut User| {
            patch.apply(user, &ctx).ok().map(|mut applied| applied.take_password())
        };
        let Some((first, mut between)) = step::<R>(&first, &user, &ctx) else { return Ok(()) };
        let Some((next, _)) = step::<R>(&next, &between, &ctx) else { return Ok(()) };
        let Ok(both) = R::then(&first, &next) else { return Ok(()) };
        let earlier = take(&first, &mut user.clone()).flatten();
        let last = take(&next, &mut between).flatten().or(earlier);
        prop_assert_eq!(take(&both, &mut user.clone()).map(|both| both == last), Some(true));
        Ok(())
    });
}

/// Of several patches any part can be taken together first.
#[test]
fn trusted_twin_then_folds_any_way() {
    type R = TrustedTwin;
    let queues = vec(R::wishes(), 2..6).prop_flat_map(|wishes| {
        let cuts: Vec<_> = (1..wishes.len()).collect();
        (Just(wishes), subsequence(cuts, 1))
    });
    holds((R::users(), queues), |(user, (wishes, cut))| {
        let ctx = <R as Room>::Context::default();
        let patches: Vec<_> = wishes.iter().map(|wish| wish.on(&user).patch::<R>(&ctx)).collect();
        let fold = |patches: &[<R as Room>::Patch<'static>]| {
            let (first, rest) = patches.split_first().unwrap();
            rest.iter().fold(first.clone(), |both, next| R::then(&both, next).unwrap())
        };
        let (left, right) = patches.split_at(cut[0]);
        prop_assert_eq!(R::then(&fold(left), &fold(right)).unwrap(), fold(&patches));
        Ok(())
    });
}

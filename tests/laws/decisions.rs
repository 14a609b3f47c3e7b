//! `check` and `apply`: what is decided, and that nothing else happens.

use proptest::prelude::*;

use crate::strategies::{
    Request, Strategies, holds, in_every_room,
    json::{Tree, tokens},
    spelled, stored,
};

in_every_room! {
    check_and_apply_agree,
    what_is_refused_changes_nothing,
    what_is_accepted_is_what_the_page_says,
    what_is_accepted_is_a_stored_user,
    an_updated_user_is_the_one_that_is_read_back,
    what_is_absent_stays,
    changed_is_what_changed,
    once_is_enough,
    the_update_time_moves_with_a_change,
    the_spelling_of_a_body_says_nothing,
    an_owned_patch_is_the_same_patch,
    a_stored_user_reads_back,
}

fn requests<R: Strategies>() -> impl Strategy<Value = (Tree, Request, R::Context)> {
    (R::users(), R::wishes(), R::contexts()).prop_map(|(user, wish, ctx)| {
        let request = wish.on(&user);
        (user, request, ctx)
    })
}

/// Check is Ok exactly where apply is, with the same violations and the same notices.
fn check_and_apply_agree<R: Strategies>() {
    holds(requests::<R>(), |(user, request, ctx)| {
        let patch = request.patch::<R>(&ctx);
        let before = stored::<R>(&user);
        let mut user = before.clone();
        let checked = R::check(&patch, &user, &ctx);
        prop_assert_eq!(R::to_json(&user), R::to_json(&before), "a check changes nothing");
        let mut told: Vec<_> = R::notices(&patch, &user, &ctx);
        told.sort_by_key(|notice| (notice.pointer().clone(), notice.rule().id));
        match R::apply(&patch, &mut user, &ctx) {
            Ok((_, notices)) => {
                prop_assert_eq!(checked, Ok(()));
                prop_assert_eq!(notices, told);
            }
            Err(violations) => {
                let places: Vec<_> = violations.iter().map(|told| (told.pointer().as_str(), told.rule().id)).collect();
                prop_assert!(!places.is_empty() && places.is_sorted(), "{:?}", places);
                prop_assert_eq!(checked, Err(violations));
            }
        }
        Ok(())
    });
}

/// A refused update leaves the user equal, byte for byte.
fn what_is_refused_changes_nothing<R: Strategies>() {
    holds(requests::<R>(), |(user, request, ctx)| {
        let before = stored::<R>(&user);
        let mut user = before.clone();
        if R::apply(&request.patch::<R>(&ctx), &mut user, &ctx).is_err() {
            prop_assert_eq!(&user, &before);
            prop_assert_eq!(R::to_json(&user), R::to_json(&before));
        }
        Ok(())
    });
}

/// An accepted update makes what the page says it makes.
fn what_is_accepted_is_what_the_page_says<R: Strategies>() {
    holds(requests::<R>(), |(user, request, ctx)| {
        let ctx = R::clockless(ctx);
        let before = stored::<R>(&user);
        let mut user = before.clone();
        if R::apply(&request.patch::<R>(&ctx), &mut user, &ctx).is_ok() {
            prop_assert_eq!(R::tree(&user), R::result(&R::tree(&before), &request));
        }
        Ok(())
    });
}

/// An accepted user is one that can be stored and read back, and no user holds a password.
fn what_is_accepted_is_a_stored_user<R: Strategies>() {
    holds(requests::<R>(), |(user, request, ctx)| {
        let mut user = stored::<R>(&user);
        if R::apply(&request.patch::<R>(&ctx), &mut user, &ctx).is_ok() {
            let text = R::to_json(&user);
            let again = R::user(text.as_bytes());
            prop_assert_eq!(again.as_ref(), Ok(&user));
            prop_assert_eq!(R::to_json(&again.unwrap()), &*text);
            if R::NAME == "elastic" {
                let tree = Tree::read(&text);
                prop_assert_eq!(tree.at(&["security", "password"]), None);
                let debug = format!("{user:?}");
                prop_assert!(!text.contains("correct horse") && !debug.contains("correct horse"));
            }
        }
        Ok(())
    });
}

/// Nothing is decided by what a user was before: one that was updated and one that is read back from what was written are
/// updated alike.
fn an_updated_user_is_the_one_that_is_read_back<R: Strategies>() {
    holds((requests::<R>(), R::wishes()), |((user, request, ctx), next)| {
        let mut user = stored::<R>(&user);
        if R::apply(&request.patch::<R>(&ctx), &mut user, &ctx).is_err() {
            return Ok(());
        }
        let mut again = R::user(R::to_json(&user).as_bytes()).unwrap();
        let next = next.on(&Tree::read(&R::to_json(&user))).patch::<R>(&ctx);
        prop_assert_eq!(R::apply(&next, &mut user, &ctx), R::apply(&next, &mut again, &ctx));
        prop_assert_eq!(R::to_json(&user), R::to_json(&again));
        prop_assert_eq!(user, again);
        Ok(())
    });
}

/// Whether a body or its mask mentions what a pointer points to, or something around or inside it.
fn mentions(request: &Request, name: &str) -> bool {
    let spelled = |other: &str| other.replace('_', "").eq_ignore_ascii_case(&name.replace('_', ""));
    request.body.members().unwrap().keys().any(|member| spelled(member))
        || request.mask.split([',', '.']).any(|path| path == "*" || spelled(path))
}

/// A member that the body does not mention keeps its value to the last digit.
fn what_is_absent_stays<R: Strategies>() {
    holds(requests::<R>(), |(user, request, ctx)| {
        let before = stored::<R>(&user);
        let mut user = before.clone();
        let Ok((_, notices)) = R::apply(&request.patch::<R>(&ctx), &mut user, &ctx) else { return Ok(()) };
        let (before, after) = (Tree::read(&R::to_json(&before)), Tree::read(&R::to_json(&user)));
        let unasked = |name: &str| notices.iter().any(|notice| tokens(notice.pointer().as_str()) == [name]);
        for (name, value) in before.members().unwrap() {
            if name != R::UPDATED[0] && !mentions(&request, name) && !unasked(name) {
                prop_assert_eq!(after.at(&[name]), Some(value), "{}", name);
            }
        }
        Ok(())
    });
}

/// `changed` names the members that have another value now, and no other.
fn changed_is_what_changed<R: Strategies>() {
    holds(requests::<R>(), |(user, request, ctx)| {
        let ctx = R::clockless(ctx);
        let before = stored::<R>(&user);
        let mut user = before.clone();
        let Ok((changed, _)) = R::apply(&request.patch::<R>(&ctx), &mut user, &ctx) else { return Ok(()) };
        prop_assert!(changed.is_sorted() && changed.windows(2).all(|pair| pair[0] != pair[1]));
        prop_assert_eq!(changed.is_empty(), user == before);
        let (mut before, after) = (R::tree(&before), R::tree(&user));
        for pointer in &changed {
            let path = tokens(pointer.as_str());
            prop_assert_ne!(before.at(&path), after.at(&path), "{}", pointer);
            before.copy(&path, &after);
        }
        prop_assert_eq!(before, after, "nothing else changed");
        Ok(())
    });
}

/// Apply twice is apply once.
fn once_is_enough<R: Strategies>() {
    holds(requests::<R>(), |(user, request, ctx)| {
        // Who says what the time of the last update is, or that there is none, is refused once it has moved.
        let says_when = (1..=R::UPDATED.len()).any(|end| match request.body.at(&R::UPDATED[..end]) {
            Some(Tree::Null) => true,
            Some(_) => end == R::UPDATED.len(),
            None => false,
        });
        let ctx = if says_when { R::clockless(ctx) } else { ctx };
        let patch = request.patch::<R>(&ctx);
        let mut user = stored::<R>(&user);
        if R::apply(&patch, &mut user, &ctx).is_ok() {
            let once = user.clone();
            match R::apply(&patch, &mut user, &ctx) {
                Ok((changed, _)) => prop_assert_eq!(changed, []),
                Err(violations) => prop_assert!(false, "{}", violations),
            }
            prop_assert_eq!(R::to_json(&user), R::to_json(&once));
        }
        Ok(())
    });
}

/// The time of the update moves exactly where something changed, be it a password, and the time is known.
fn the_update_time_moves_with_a_change<R: Strategies>() {
    holds(requests::<R>(), |(user, request, ctx)| {
        let before = stored::<R>(&user);
        let (mut timed, mut timeless) = (before.clone(), before.clone());
        let patch = request.patch::<R>(&ctx);
        let outcome = R::apply(&patch, &mut timed, &ctx);
        let without = R::apply(&patch, &mut timeless, &R::clockless(ctx.clone()));
        prop_assert_eq!(&outcome, &without, "the time decides nothing");
        let Ok((changed, _)) = outcome else { return Ok(()) };
        let password = matches!(request.body.at(&["security", "password"]), Some(Tree::String(_)));
        if changed.is_empty() && !password || ctx == R::clockless(ctx.clone()) {
            prop_assert_eq!(R::to_json(&timed), R::to_json(&timeless));
        } else {
            let now = match R::NAME {
                "trusted_twin" => Tree::Number("1767225600.25".to_owned()),
                _ => Tree::string("2026-01-01T00:00:00Z"),
            };
            let (mut expected, timed) = (R::tree(&timeless), R::tree(&timed));
            expected.set(R::UPDATED, now);
            prop_assert_eq!(timed, expected);
        }
        Ok(())
    });
}

/// The order of the members, white space and escapes change nothing.
fn the_spelling_of_a_body_says_nothing<R: Strategies>() {
    holds((requests::<R>(), any::<u64>()), |((user, request, ctx), seed)| {
        let patch = request.patch::<R>(&ctx);
        let other = spelled::<R>(&request.body.spelled(seed), &request.mask, &ctx);
        let (mut one, mut two) = (stored::<R>(&user), stored::<R>(&user));
        prop_assert_eq!(R::apply(&patch, &mut one, &ctx), R::apply(&other, &mut two, &ctx));
        prop_assert_eq!(one, two);
        prop_assert_eq!(patch, other);
        Ok(())
    });
}

/// A patch that owns its text decides the same.
fn an_owned_patch_is_the_same_patch<R: Strategies>() {
    holds((requests::<R>(), any::<u64>()), |((user, request, ctx), seed)| {
        let text = request.body.spelled(seed);
        let borrowed = R::with_mask(R::parse(text.as_bytes(), &ctx).unwrap(), &request.mask);
        let owned = R::into_owned(borrowed.clone());
        let (mut one, mut two) = (stored::<R>(&user), stored::<R>(&user));
        prop_assert_eq!(R::apply(&borrowed, &mut one, &ctx), R::apply(&owned, &mut two, &ctx));
        prop_assert_eq!(R::to_json(&one), R::to_json(&two));
        prop_assert_eq!(R::to_body(&borrowed), R::to_body(&owned));
        Ok(())
    });
}

/// What is written is what is read: `from_json(to_json(u)) == u`, and the text is stable.
fn a_stored_user_reads_back<R: Strategies>() {
    holds((R::users(), any::<u64>()), |(user, seed)| {
        let read = R::user(user.spelled(seed).as_bytes()).unwrap();
        let text = R::to_json(&read);
        let again = R::user(text.as_bytes());
        prop_assert_eq!(again.as_ref(), Ok(&read));
        prop_assert_eq!(R::to_json(&again.unwrap()), &*text);
        prop_assert_eq!(&read, &stored::<R>(&user));
        // Nothing is lost: what the rooms leave out stands for nothing.
        let text = Tree::read(&text);
        for (name, value) in user.members().unwrap() {
            match text.at(&[name]) {
                Some(written) => prop_assert_eq!(written, value),
                None => prop_assert!(*value == Tree::string("") || *value == Tree::Null, "{} is lost", name),
            }
        }
        Ok(())
    });
}

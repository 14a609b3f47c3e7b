//! A patch renders back to the body it stands for.

use proptest::prelude::*;
use user_patch::elastic::{Context, StringBody};

use crate::{
    common::Elastic,
    strategies::{Strategies, applied, holds, in_every_room, json::Tree, spelled, stored},
};

in_every_room! { parse_render_parse_is_stable, a_rendered_body_says_the_same }

/// Parse∘render∘parse is parse, and rendering twice is rendering once.
fn parse_render_parse_is_stable<R: Strategies>() {
    holds((R::users(), R::wishes(), R::contexts(), any::<u64>()), |(user, wish, ctx, seed)| {
        let patch = spelled::<R>(&wish.on(&user).body.spelled(seed), "", &ctx);
        let body = R::to_body(&patch);
        let again = spelled::<R>(&body, "", &ctx);
        prop_assert_eq!(R::to_body(&again), body);
        prop_assert_eq!(again, patch);
        Ok(())
    });
}

/// What is rendered is the body that was read, but for the spelling.
fn a_rendered_body_says_the_same<R: Strategies>() {
    holds((R::users(), R::wishes(), R::contexts(), any::<u64>()), |(user, wish, ctx, seed)| {
        let mut request = wish.on(&user);
        let patch = spelled::<R>(&request.body.spelled(seed), &request.mask, &ctx);
        let written = Tree::read(&R::to_body(&patch));
        // Under the names of the page.
        for (name, snake) in wish.spelled {
            if let Some(value) = request.body.at(&[snake]).cloned() {
                request.body.remove(&[snake]);
                request.body.set(&[name], value);
            }
        }
        prop_assert_eq!(&written, &request.body);
        let again = spelled::<R>(&R::to_body(&patch), &request.mask, &ctx);
        let user = stored::<R>(&user);
        prop_assert_eq!(applied::<R>(&again, &user, &ctx), applied::<R>(&patch, &user, &ctx));
        Ok(())
    });
}

/// Under `stringBody: decode`, a string that holds a body is that body.
#[test]
fn elastic_reads_a_body_inside_a_string() {
    type R = Elastic;
    holds((R::users(), R::wishes(), any::<[u64; 2]>()), |(user, wish, [inside, outside])| {
        let mut ctx = Context::default();
        ctx.policy.string_body = StringBody::Decode;
        let body = wish.on(&user).body;
        let string = Tree::String(body.spelled(inside)).spelled(outside);
        prop_assert_eq!(spelled::<R>(&string, "", &ctx), spelled::<R>(&body.text(), "", &ctx));
        Ok(())
    });
}

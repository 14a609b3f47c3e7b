//! What bytes make, as the documentation of `user_patch::arbitrary` says it.
#![cfg(feature = "arbitrary")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use arbitrary::{Arbitrary, Unstructured};
use proptest::prelude::*;
use user_patch::{
    arbitrary::Request,
    elastic, fireworks, trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

trait Made: UpdateModel<User: for<'a> Arbitrary<'a>, Context: for<'a> Arbitrary<'a>> {}

impl<M: UpdateModel<User: for<'a> Arbitrary<'a>, Context: for<'a> Arbitrary<'a>>> Made for M {}

fn of<T: for<'a> Arbitrary<'a>>(bytes: &[u8]) -> T {
    T::arbitrary_take_rest(Unstructured::new(bytes)).unwrap()
}

fn any_bytes_are_a_request<M: Made>(bytes: &[u8]) {
    let request: Request<M> = of(bytes);
    assert_eq!(request.reply().status == 200, request.decide().is_ok());
    // And part of something larger.
    let (one, other, rest): (Request<M>, Request<M>, Vec<u8>) = of(bytes);
    assert!(one.body.len() + other.body.len() + rest.len() <= bytes.len());
    let (user, ctx): (M::User, M::Context) = of(bytes);
    let request = Request::<M> { user, body: rest, mask: None, ctx };
    assert_eq!(request.reply().status == 200, request.decide().is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_request_to_each(bytes: Vec<u8>) {
        any_bytes_are_a_request::<Fireworks>(&bytes);
        any_bytes_are_a_request::<TrustedTwin>(&bytes);
        any_bytes_are_a_request::<Elastic>(&bytes);
    }
}

#[test]
fn texts_stay_as_they_stand() {
    let request: Request<Fireworks> = of(b"000{\"role\":\"user\"}\0role,email\0 {\"role\":\0 1}");
    assert_eq!(Fireworks::user_json(&request.user), r#"{"role":"user"}"#);
    assert_eq!((request.mask.as_deref(), &*request.body), (Some("role,email"), &b" {\"role\":\0 1}"[..]));
    assert_eq!(request.ctx, fireworks::Context::default());
    let request: Request<Fireworks> = of(b"000{\"role\":\"user\"}\0{}");
    assert_eq!((Fireworks::user_json(&request.user).len(), request.mask, &*request.body), (15, None, &b"{}"[..]));
    let request: Request<Fireworks> = of(b"000{\"role\":\"user\"}\0\0{\xFF\n");
    let shown = format!("{request:?}");
    assert!(shown.contains(r#"user: {"role":"user"}"#) && shown.contains(r"body: {\xff\n,"), "{shown}");
    let request: Request<Fireworks> = of(b"000{}");
    assert_eq!((request.mask, &*request.body, request.ctx), (None, &b"{}"[..], fireworks::Context::default()));
}

#[test]
fn what_ends_too_early_is_the_default() {
    for bytes in [&b""[..], b"0", b"00", b"000"] {
        assert_eq!(of::<Request<Elastic>>(bytes), of::<Request<Elastic>>(b"000"));
        assert_eq!(of::<elastic::Context>(bytes), elastic::Context::default());
    }
}

/// Whoever makes something larger shares the bytes out by these.
#[test]
fn no_more_bytes_are_taken_than_is_told() {
    fn takes<T: for<'a> Arbitrary<'a> + PartialEq + std::fmt::Debug>() {
        let (least, most) = T::size_hint(0);
        let bytes = [0xFF; 16];
        let mut rest = Unstructured::new(&bytes);
        let made = T::arbitrary(&mut rest).unwrap();
        let taken = bytes.len() - rest.len();
        assert!(least <= taken && most == Some(taken), "{taken} of {least} to {most:?}");
        assert_eq!(of::<T>(&bytes[..taken]), made, "it is made of those alone");
    }
    takes::<fireworks::Context>();
    takes::<fireworks::Policy>();
    takes::<trusted_twin::Context>();
    takes::<trusted_twin::Policy>();
    takes::<elastic::Context>();
    takes::<elastic::Policy>();
}

/// A text that is a user is that user; any other is one of the library's, which the selector chooses.
#[test]
fn a_selector_chooses_a_user() {
    fn users<M: Made>() -> usize {
        let users = (0..16).map(|at| M::user_json(&of::<M::User>(&[b'0' ^ at])));
        users.collect::<std::collections::BTreeSet<_>>().len()
    }
    assert_eq!((users::<Fireworks>(), users::<TrustedTwin>(), users::<Elastic>()), (6, 4, 7));
    let user: elastic::User = of(br#"3{"user_name":"bob","security":{}}"#);
    assert_eq!(user.user_name(), "bob");
    assert_eq!(of::<elastic::User>(b"3{\"user_name\":1}"), of::<elastic::User>(b"3"));
}

/// The bits of the table, each of which makes another context, and the others none: those of the context, then those of the
/// policy, from 8 on of the first selector.
#[test]
fn the_bits_choose_a_context() {
    fn bits<C: Default + PartialEq + for<'a> Arbitrary<'a>>() -> (Vec<u8>, Vec<u8>) {
        let chooses = |selectors: [u8; 3]| of::<C>(&selectors.map(|selector| selector ^ b'0')) != C::default();
        let context = (0..8).filter(|bit| chooses([0, 1 << bit, 0]));
        let policy = (0..12).filter(|bit| {
            let [low, high] = (1_u16 << bit).to_le_bytes();
            chooses([high << 4, 0, low])
        });
        (context.collect(), policy.collect())
    }
    assert_eq!(bits::<fireworks::Context>(), (vec![0, 1, 2, 3, 6, 7], (0..10).collect()));
    assert_eq!(bits::<trusted_twin::Context>(), ((0..6).collect(), (0..6).collect()));
    assert_eq!(bits::<elastic::Context>(), (vec![0, 1, 2, 4, 5], (0..4).collect()));
    let policy: trusted_twin::Policy = of(&[b'0', b'0', b'0' ^ 0b10]);
    assert_eq!(policy.unknown_members, trusted_twin::UnknownMembers::Keep);
    assert_eq!(&policy, of::<trusted_twin::Context>(&[b'0', b'0', b'0' ^ 0b10]).policy());
}

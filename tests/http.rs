//! Replies as responses of the crate `http`, and back.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use http::{HeaderValue, Response, header::CONTENT_TYPE};
use user_patch::{
    elastic,
    http::{InvalidReply, InvalidResponse, failure},
    report::{ErrorCode, Outside, Reply},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

#[test]
fn a_reply_is_a_response_and_reads_back() {
    fn check<M: UpdateModel>() {
        for &which in Outside::ALL {
            let reply = M::outside(which, &M::Context::default());
            let response: Response<String> = reply.clone().try_into().unwrap();
            assert_eq!((response.status().as_u16(), response.body()), (reply.status, &reply.body));
            assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
            assert_eq!(response.headers().len(), 1 + reply.headers.len());
            for (name, value) in &reply.headers {
                assert_eq!(response.headers()[*name], value);
            }
            let failure = failure::<M, _>(&response);
            assert!(failure.is_in_form() && failure.codes().all(|code| code.status() == reply.status));
            assert_eq!(failure.codes().count(), 1);
            assert_eq!(Reply::try_from(response).unwrap(), reply);
        }
    }
    check::<Fireworks>();
    check::<TrustedTwin>();
    check::<Elastic>();
}

#[test]
fn a_body_is_of_any_type_that_a_text_makes() {
    let reply = elastic::not_found();
    let response: Response<Vec<u8>> = reply.clone().try_into().unwrap();
    assert_eq!(response.body(), reply.body.as_bytes());
    assert_eq!(Reply::try_from(response).unwrap(), reply);
}

#[test]
fn a_content_type_of_its_own_stays() {
    let mut reply = elastic::not_found();
    reply.headers.push(("Content-Type", "application/json; charset=utf-8".to_owned()));
    let response: Response<String> = reply.try_into().unwrap();
    let types: Vec<_> = response.headers().get_all(CONTENT_TYPE).iter().collect();
    assert_eq!(types, ["application/json; charset=utf-8"]);
}

#[test]
fn what_no_response_can_carry_is_told() {
    let with = |change: fn(&mut Reply)| {
        let mut reply = elastic::not_found();
        change(&mut reply);
        Response::<String>::try_from(reply).unwrap_err()
    };
    assert_eq!(with(|reply| reply.status = 99), InvalidReply::Status(99));
    assert_eq!(with(|reply| reply.headers[0].0 = "a b"), InvalidReply::Name("a b"));
    let hush = with(|reply| reply.headers[0].1 = "hush\n".to_owned());
    assert_eq!(hush, InvalidReply::Value("x-cloud-error-codes"));
    assert_eq!(hush.to_string(), "the header x-cloud-error-codes has a value that no header can have");
}

#[test]
fn what_is_no_reply_is_told() {
    assert_eq!(Reply::try_from(Response::new(b"\xFF")), Err(InvalidResponse::Body));
    let mut response = Response::new("{}");
    response.headers_mut().insert(elastic::CODES_HEADER, HeaderValue::from_bytes(b"\xFF").unwrap());
    response.headers_mut().insert("other", HeaderValue::from_bytes(b"\xFF").unwrap());
    assert_eq!(Reply::try_from(response.clone()), Err(InvalidResponse::Value(elastic::CODES_HEADER)));
    assert_eq!(failure::<Elastic, _>(&response).errors(), []);
    response.headers_mut().remove(elastic::CODES_HEADER);
    assert_eq!(Reply::try_from(response).unwrap().headers, [], "only what a page documents is kept");
}

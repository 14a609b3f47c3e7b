"""The client `fireworks-ai`, synchronous and asynchronous, against the stand-in."""

import asyncio
import itertools
import json
import os
import unittest
import urllib.request

import fireworks
from fireworks import AsyncFireworks, Fireworks

URL = os.environ["STAND_IN"]
NUMBERS = itertools.count()
BREAK, POLICY = "x-user-patch-break", "x-user-patch-policy"


class Users:
    """`client.users`, whichever client it is: what is asynchronous is waited for."""

    def __init__(self, is_async, **settings):
        settings = {"api_key": "any", "account_id": "acme", "base_url": URL, "max_retries": 0, **settings}
        self.is_async = is_async
        self.client = None if is_async else Fireworks(**settings)
        self.settings = settings

    def __getattr__(self, name):
        def call(*args, **kwargs):
            if not self.is_async:
                return getattr(self.client.users, name)(*args, **kwargs)

            async def wait():
                async with AsyncFireworks(**self.settings) as client:
                    return await getattr(client.users, name)(*args, **kwargs)

            return asyncio.run(wait())

        return call

    def all(self, **kwargs):
        if not self.is_async:
            return list(self.client.users.list(**kwargs))

        async def wait():
            async with AsyncFireworks(**self.settings) as client:
                return [user async for user in client.users.list(**kwargs)]

        return asyncio.run(wait())


class Cases:
    is_async = False

    def setUp(self):
        self.users = Users(self.is_async)
        self.id = f"user-{'a' if self.is_async else 's'}-{next(NUMBERS)}"
        self.users.create(role="user", user_id=self.id, display_name="Alice", email=f"{self.id}@example.com")

    def name(self):
        return f"accounts/acme/users/{self.id}"

    def test_create_and_get(self):
        user = self.users.get(self.id)
        self.assertEqual((user.name, user.role, user.display_name), (self.name(), "user", "Alice"))
        self.assertIsNotNone(user.create_time)
        other = self.users.create(role="admin", email=f"{self.id}.other@example.com")
        self.assertEqual(other.name, f"accounts/acme/users/{self.id}-other")
        # Left out of the query.
        other = self.users.create(role="admin", user_id=None, email=f"{self.id}.third@example.com", service_account=True)
        self.assertEqual((other.name, other.service_account), (f"accounts/acme/users/{self.id}-third", True))

    def test_list_goes_through_the_pages(self):
        names = {user.name for user in self.users.all(page_size=1)}
        self.assertIn(self.name(), names)
        self.assertEqual(names, {user.name for user in self.users.all()})

    def test_list_by_filter_order_and_mask(self):
        other = self.users.create(role="admin", user_id=f"{self.id}-b", display_name="Bob")
        mine = f"name = accounts/acme/users/{self.id}*"
        names = [user.name for user in self.users.all(filter=mine, order_by="display_name desc", page_size=1)]
        self.assertEqual(names, [other.name, self.name()])
        one, = self.users.all(filter=f"({mine}) AND role = user", read_mask="name,displayName")
        self.assertEqual(one.to_dict(), {"name": self.name(), "displayName": "Alice"})
        self.assertEqual(self.users.get(self.id, read_mask="role").to_dict(), {"role": "user"})
        self.assertEqual(self.users.get(self.id, read_mask="*").to_dict(), self.users.get(self.id).to_dict())
        for wrong in ({"filter": "nick = x"}, {"order_by": "nick"}, {"read_mask": "nick"}, {"page_token": "x"}):
            body = self.refused(fireworks.BadRequestError, 400, self.users.all, **wrong)
            self.assertEqual(body["code"], 3)

    def test_update_by_every_keyword(self):
        user = self.users.update(
            self.id, role="contributor", display_name="Al", email="al@example.com", service_account=True
        )
        told = (user.role, user.display_name, user.email, user.service_account)
        self.assertEqual(told, ("contributor", "Al", "al@example.com", True))
        self.assertEqual(self.users.get(self.id).to_dict(), user.to_dict())

    def test_omitted_is_left(self):
        self.assertEqual(self.users.update(self.id, role="admin").display_name, "Alice")

    def test_none_and_empty_clear(self):
        for nothing in (None, ""):
            self.users.update(self.id, role="user", display_name="Alice")
            self.assertIn(self.users.update(self.id, role="user", display_name=nothing).display_name, (None, ""))
        self.assertIn(self.users.update(self.id, role="user", service_account=None).service_account, (None, False))

    def test_mask_by_extra_query(self):
        mask = {"updateMask": ["role", "displayName"]}
        user = self.users.update(self.id, role="admin", email="not@masked.org", extra_query=mask)
        self.assertEqual((user.role, user.email), ("admin", f"{self.id}@example.com"))
        self.assertIn(user.display_name, (None, ""))
        user = self.users.update(self.id, role="user", display_name="A", extra_query={"updateMask": "display_name"})
        self.assertEqual((user.role, user.display_name), ("admin", "A"))

    def test_preset_by_extra_body(self):
        user = self.users.update(self.id, role="custom", extra_body={"permissionPreset": "read-only"})
        self.assertEqual(user.to_dict()["permissionPreset"], "read-only")

    def test_a_read_user_sent_back(self):
        user = self.users.get(self.id)
        members = {name: value for name, value in user.to_dict(use_api_names=False).items()
                   if name in ("role", "display_name", "email", "service_account")}
        rest = {name: value for name, value in user.to_dict().items()
                if name not in ("role", "displayName", "email", "serviceAccount")}
        self.assertTrue({"name", "createTime", "updateTime"} <= rest.keys())
        again = self.users.update(self.id, **members, extra_body=rest)
        self.assertEqual(again.to_dict(), user.to_dict())

    def refused(self, kind, status, call, *args, **kwargs):
        with self.assertRaises(kind) as caught:
            call(*args, **kwargs)
        self.assertEqual(caught.exception.status_code, status)
        return caught.exception.body

    def test_refusals(self):
        update = self.users.update
        body = self.refused(fireworks.BadRequestError, 400, update, self.id, role="root")
        self.assertEqual(body["code"], 3)
        self.assertEqual(body["details"][0]["fieldViolations"][0]["field"], "role")
        self.refused(fireworks.BadRequestError, 400, update, self.id, role="user", display_name="x" * 64)
        self.refused(fireworks.BadRequestError, 400, update, self.id, role="custom")
        self.refused(fireworks.NotFoundError, 404, update, "nobody", role="user")
        self.refused(fireworks.NotFoundError, 404, self.users.get, "nobody")
        self.refused(fireworks.NotFoundError, 404, self.users.get, self.id, account_id="nowhere")
        self.refused(fireworks.ConflictError, 409, self.users.create, role="user", user_id=self.id)
        self.assertEqual(self.users.get(self.id).role, "user")

    def test_refusals_on_demand(self):
        for code, kind, status in [
            ("401", fireworks.AuthenticationError, 401),
            ("429", fireworks.RateLimitError, 429),
            ("500", fireworks.InternalServerError, 500),
            ("503", fireworks.InternalServerError, 503),
        ]:
            self.refused(kind, status, self.users.update, self.id, role="user", extra_headers={BREAK: code})

    def test_every_refusal_is_a_typed_exception(self):
        for rule in RULES:
            kind, status = fireworks.BadRequestError, 400
            if rule == "fireworks.service_account.admin":
                kind, status = fireworks.PermissionDeniedError, 403
            self.refused(kind, status, self.users.update, self.id, role="user", extra_headers={BREAK: rule})
        self.assertGreater(len(RULES), 15)

    def test_without_a_key(self):
        no_key = {"Authorization": "Basic any"}
        self.refused(fireworks.AuthenticationError, 401, self.users.get, self.id, extra_headers=no_key)

    def test_a_policy_for_one_request(self):
        policy = {POLICY: '{"immutable":true}'}
        change = {"role": "user", "email": "new@example.com"}
        self.refused(fireworks.BadRequestError, 400, self.users.update, self.id, **change, extra_headers=policy)
        self.assertEqual(self.users.update(self.id, **change).email, "new@example.com")


class Sync(Cases, unittest.TestCase):
    is_async = False


class Async(Cases, unittest.TestCase):
    is_async = True


def rules():
    with urllib.request.urlopen(URL + "/-/rules") as reply:
        rules = json.load(reply)
    return [rule["id"] for rule in rules if (rule["vendor"], rule["effect"]) == ("fireworks", "refuses")]


RULES = rules()

if __name__ == "__main__":
    unittest.main()

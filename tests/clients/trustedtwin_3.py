"""The client `trustedtwin` 3.x, synchronous and asynchronous, against the stand-in: it gives status and text, and never raises
for a status."""

import asyncio
import importlib.metadata
import json
import os
import time
import unittest
import uuid

import aiohttp
from trustedtwin.tt_api import TTRESTService
from trustedtwin.tt_api_async import TTAsyncRESTService

URL = os.environ["STAND_IN"]
ROLE = "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"
POLICY, BREAK = "x-user-patch-policy", "x-user-patch-break"
NUMBER = {POLICY: '{"subcode":"number"}', BREAK: "trusted_twin.name"}
IS_FIRST = importlib.metadata.version("trustedtwin").startswith("3.3.")


class Client:
    """The service, whichever it is: what is asynchronous is waited for."""

    def __init__(self, is_async):
        kind = TTAsyncRESTService if is_async else TTRESTService
        self.service, self.is_async = kind(tt_auth="secret", tt_base=URL, tt_dict={"any": "thing"}), is_async

    def __getattr__(self, name):
        call = getattr(self.service, name)
        if not self.is_async:
            return call

        async def wait(*args, **kwargs):
            return await call(*args, **kwargs)

        return lambda *args, **kwargs: asyncio.run(wait(*args, **kwargs))


class Cases:
    is_async = False

    def setUp(self):
        self.client = Client(self.is_async)
        status, text = self.client.create_user(body={"name": "Operator", "role": ROLE, "description": {"a": 1}})
        self.assertEqual(status, 201, text)
        self.uuid = json.loads(text)["uuid"]

    def update(self, status, *args, **kwargs):
        answered, text = self.client.update_user(self.uuid, *args, **kwargs)
        self.assertEqual(answered, status, text)
        return json.loads(text)

    def test_get_and_list_and_delete(self):
        status, text = self.client.get_user(self.uuid)
        user = json.loads(text)
        self.assertEqual((status, user["name"], user["role"]), (200, "Operator", ROLE))
        status, text = self.client.get_users()
        self.assertEqual((status, json.loads(text)["users"][self.uuid]), (200, user))
        status, text = self.client.delete_user(self.uuid)
        self.assertEqual((status, json.loads(text)), (200, user))
        status, text = self.client.get_user(self.uuid)
        self.assertEqual((status, json.loads(text)["subcode"]), (404, "404653"))

    def test_every_form_of_description(self):
        self.assertEqual(self.update(200, json={"name": "Op-2"})["description"], {"a": 1})
        self.assertEqual(self.update(200, json={"description": {"b": None, "c": {"D": [1.0]}}})["description"],
                         {"b": None, "c": {"D": [1.0]}})
        self.assertEqual(self.update(200, json={"description": {}})["description"], {})
        self.assertNotIn("description", self.update(200, json={"description": None}))
        self.assertEqual(self.update(200, body={"description": {"text": "\u00e9\U0001d11e"}})["description"]["text"],
                         "\u00e9\U0001d11e")
        for wrong in ("text", 1, [], {"A": 1}):
            self.assertEqual(self.update(400, json={"description": wrong})["subcode"], "400589")

    def test_no_arguments(self):
        # No byte is sent, for `json={}` too.
        for nothing in ({}, {"json": {}}, {"json": None}):
            self.assertEqual(self.update(400, **nothing)["subcode"], "400415")
            unchanged = {POLICY: '{"emptyBody":"unchanged"}'}
            self.assertEqual(self.update(200, **nothing, headers=unchanged)["name"], "Operator")

    def test_the_example_of_the_docstring(self):
        example = {
            "name": "Updated_user_name",
            "role": "1a624db2-fcfe-4f36-bdd7-7309cb743e55",
            "description": {"custom_field": "updated_value"},
            "activity": None,
        }
        self.assertIn("/activity", self.update(400, body=example)["description"])
        user = self.update(200, body=example, headers={POLICY: '{"unknownMembers":"keep"}'})
        self.assertEqual({name: user[name] for name in example}, example)

    def test_a_read_user_sent_back(self):
        user = json.loads(self.client.get_user(self.uuid)[1])
        self.assertEqual(self.update(400, json=user)["subcode"], "400589")
        self.assertEqual(self.update(200, json=user, headers={POLICY: '{"readOnly":"refuseChanged"}'}), user)

    def test_errors(self):
        self.assertEqual(self.update(400, json={"name": "x"})["subcode"], "400589")
        self.assertEqual(self.update(401, json={"name": "Op"}, headers={"Authorization": ""})["subcode"], "401000")
        for code, status in [("429", 429), ("trusted_twin.statement", 403), ("trusted_twin.role.known", 404)]:
            self.assertTrue(self.update(status, json={"name": "Op"}, headers={BREAK: code})["trace"])
        self.assertEqual(self.update(400, json={"name": "Op"}, headers=NUMBER)["subcode"], 400589)
        status, text = self.client.update_user("no-uuid", json={"name": "Op"})
        self.assertEqual((status, json.loads(text)["subcode"]), (400, "400589"))

    def test_what_fails_is_sent_again(self):
        if self.is_async and IS_FIRST:
            # It reads the body when it has let go of the response, which raises unless all of it had come; and then gives nothing.
            try:
                self.assertIsNone(self.client.update_user(self.uuid, json={}, headers={BREAK: "503"}, retries=1))
            except aiohttp.ClientConnectionError:
                pass
            return
        begin = time.monotonic()
        self.assertEqual(self.update(503, json={"name": "Op"}, headers={BREAK: "503"}, retries=2)["subcode"], "503000")
        self.assertGreater(time.monotonic() - begin, 3)

    def test_a_uuid_that_is_no_text(self):
        if IS_FIRST:
            with self.assertRaises(TypeError):
                self.client.get_user(uuid.UUID(self.uuid))
        else:
            self.assertEqual(self.client.get_user(uuid.UUID(self.uuid))[0], 200)

    def test_a_dictionary_of_one_request(self):
        self.assertEqual(self.update(200, json={"name": "Op-3"}, dictionary={"any": "thing"})["name"], "Op-3")


class Sync(Cases, unittest.TestCase):
    is_async = False


class Async(Cases, unittest.TestCase):
    is_async = True


if __name__ == "__main__":
    unittest.main()

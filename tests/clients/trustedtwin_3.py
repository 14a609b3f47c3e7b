"""The client `trustedtwin` 3.18 against the stand-in: it gives status and text, and never raises for a status."""

import json
import os
import time
import unittest

from trustedtwin.tt_api import TTRESTService

URL = os.environ["STAND_IN"]
ROLE = "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"
POLICY, BREAK = "x-user-patch-policy", "x-user-patch-break"
NUMBER = {POLICY: '{"subcode":"number"}', BREAK: "trusted_twin.name"}


class Cases(unittest.TestCase):
    def setUp(self):
        self.client = TTRESTService(tt_auth="secret", tt_base=URL, tt_dict={"any": "thing"})
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
        begin = time.monotonic()
        self.assertEqual(self.update(503, json={"name": "Op"}, headers={BREAK: "503"}, retries=2)["subcode"], "503000")
        self.assertGreater(time.monotonic() - begin, 3)


if __name__ == "__main__":
    unittest.main()

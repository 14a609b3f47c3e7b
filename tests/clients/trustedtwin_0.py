"""The client `trustedtwin` 0.4.20 against the stand-in: it finds its exceptions by subcodes that are numbers."""

import os
import unittest

import requests
from trustedtwin import exceptions
from trustedtwin.service import RestService

URL = os.environ["STAND_IN"]
ROLE = "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"


def client(policy='{"subcode":"number"}', **headers):
    session = requests.Session()
    session.headers["x-user-patch-policy"] = policy
    session.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return RestService(auth="secret", api_host=URL, session=session).users


class Cases(unittest.TestCase):
    def setUp(self):
        self.users = client()
        self.uuid = self.users.create(name="Operator", role=ROLE, description={"a": 1})["uuid"]

    def test_create_get_list_update_delete(self):
        self.assertEqual(self.users.get(self.uuid)["name"], "Operator")
        self.assertIn(self.uuid, self.users.get_all()["users"])
        self.assertEqual(self.users.update(self.uuid, name="Op-2", role=ROLE.upper())["name"], "Op-2")
        self.assertEqual(self.users.update(self.uuid, description={})["description"], {})
        self.assertNotIn("description", self.users.update(self.uuid, description=None))
        self.assertEqual(self.users.delete(self.uuid)["uuid"], self.uuid)
        with self.assertRaises(exceptions.TTResourceNotFound):
            self.users.get(self.uuid)

    def test_nothing_to_update(self):
        with self.assertRaises(exceptions.TTRequestError) as caught:
            self.users.update(self.uuid)
        self.assertEqual(caught.exception.subcode, 400415)
        unchanged = client('{"subcode":"number","emptyBody":"unchanged"}')
        self.assertEqual(unchanged.update(self.uuid)["name"], "Operator")

    def test_typed_exceptions(self):
        for kind, subcode, arguments in [
            (exceptions.TTRequestError, 400589, {"name": "x"}),
            (exceptions.TTRequestError, 400589, {"activity": None}),
            (exceptions.TTRequestError, 400141, {"description": {"a": "x" * 65_536}}),
        ]:
            with self.assertRaises(kind) as caught:
                self.users.update(self.uuid, **arguments)
            self.assertEqual(caught.exception.subcode, subcode)
        for kind, subcode, broken in [
            (exceptions.TTForbiddenError, 403535, "trusted_twin.statement"),
            (exceptions.TTResourceNotFound, 404653, "trusted_twin.role.known"),
            (exceptions.TTRequestError, 400314, "trusted_twin.body.utf8"),
            (exceptions.TTUnauthorizedError, 401000, "401"),
            (exceptions.TTInternalError, 500000, "500"),
        ]:
            with self.assertRaises(kind) as caught:
                client(x_user_patch_break=broken).update(self.uuid, name="Op")
            self.assertEqual(caught.exception.subcode, subcode)
            self.assertTrue(caught.exception.trace)

    def test_subcodes_that_are_strings_are_not_found(self):
        with self.assertRaises(KeyError):
            client("{}").update(self.uuid, name="x")


if __name__ == "__main__":
    unittest.main()

"""Requests as `user-patch batch` takes them, one a line: `generate.py LINES`. The same in every run.

Only rules that a schema can state are broken, so that each of the three programs can be asked for the same verdict.
"""

import json
import random
import sys

ROLES = ["ece_platform_admin", "ece_platform_viewer", "ece_deployment_manager", "ece_deployment_viewer"]
UUID = "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"


def word(dice):
    return "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(4, 9)))


def name(dice):
    return f"{word(dice).capitalize()} {word(dice).capitalize()}"


def members(dice, count):
    values = [lambda: dice.randint(0, 10**6), lambda: name(dice), lambda: dice.random() < 0.5, lambda: [word(dice)]]
    return {f"{word(dice)}_{at}": dice.choice(values)() for at in range(count)}


def fireworks(dice, breaks):
    user = {"role": dice.choice(["admin", "user", "contributor"]), "displayName": name(dice),
            "createTime": "2024-03-09T08:15:00Z", "email": f"{word(dice)}@example.com", "state": "READY"}
    patch = {"role": dice.choice(["admin", "user", "contributor", "inference-user"]), "displayName": name(dice)}
    if dice.random() < 0.5:
        patch["email"] = f"{word(dice)}@example.com"
    if breaks:
        dice.choice([lambda: patch.pop("role"), lambda: patch.update(role="root"),
                     lambda: patch.update(displayName="A" * 64), lambda: patch.update(nickname="ally"),
                     lambda: patch.update(email=7)])()
    return "fireworks", user, patch


def trusted_twin(dice, breaks):
    user = {"uuid": "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", "name": name(dice), "account": UUID, "role": UUID,
            "description": members(dice, 6), "created_ts": 1646754515.142}
    patch = {"name": name(dice)}
    if dice.random() < 0.7:
        patch["description"] = members(dice, dice.randint(1, 12))
    if breaks:
        dice.choice([lambda: patch.update(name="-Operator"), lambda: patch.update(role="operator"),
                     lambda: patch.update(description={"Quota": 1}), lambda: patch.update(nickname="ally"),
                     lambda: patch.update(description=[1])])()
    return "trusted-twin", user, patch


def elastic(dice, breaks):
    user = {"user_name": word(dice), "full_name": name(dice), "email": f"{word(dice)}@example.com",
            "security": {"roles": ["ece_platform_admin"], "enabled": True},
            "metadata": {"created_by": "root", **members(dice, 6)}}
    patch = {"full_name": name(dice), "security": {"roles": [dice.choice(ROLES)]},
             "metadata": members(dice, dice.randint(1, 8))}
    if dice.random() < 0.3:
        patch["email"] = None
    if breaks:
        dice.choice([lambda: patch.update(full_name=7), lambda: patch["security"].update(roles=["root"]),
                     lambda: patch["security"].update(enabled="yes"), lambda: patch.update(metadata="x"),
                     lambda: patch.update(email=[])])()
    return "elastic", user, patch


def main():
    dice = random.Random(7)
    for at in range(int(sys.argv[1])):
        vendor, user, patch = dice.choice([fireworks, trusted_twin, elastic])(dice, dice.random() < 0.2)
        request = {"id": at, "vendor": vendor, "user": user, "patch": patch}
        sys.stdout.write(json.dumps(request, separators=(",", ":")) + "\n")


main()

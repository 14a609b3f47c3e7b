"""What a service in Python does with the lines of `generate.py`: `pydantic` for the rules, `json-merge-patch` for the change."""

import json
import sys
from typing import Annotated, Any, Literal, Optional

from json_merge_patch import merge
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, StringConstraints, ValidationError

Text = Optional[StrictStr]


class Fireworks(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Literal["admin", "user", "contributor", "inference-user", "custom"]
    displayName: Optional[Annotated[StrictStr, Field(max_length=63)]] = None
    serviceAccount: Optional[StrictBool] = None
    email: Text = None
    permissionPreset: Text = None


Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9A-Za-z][0-9A-Za-z_ -]{0,30}[0-9A-Za-z]$")]
Key = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z_][0-9a-z_]{0,63}$")]
Uuid = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")]


class TrustedTwin(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Name = ""
    role: Uuid = ""
    description: Optional[dict[Key, Any]] = None


class Security(BaseModel):
    model_config = ConfigDict(extra="allow")
    roles: Optional[
        list[Literal["ece_platform_admin", "ece_platform_viewer", "ece_deployment_manager", "ece_deployment_viewer"]]
    ] = None
    enabled: Optional[StrictBool] = None
    password: Optional[Annotated[StrictStr, Field(min_length=8)]] = None


class Elastic(BaseModel):
    model_config = ConfigDict(extra="allow")
    full_name: Text = None
    email: Text = None
    security: Security = Security()
    metadata: Optional[dict[str, Any]] = None


RULES = {"fireworks": Fireworks, "trusted-twin": TrustedTwin, "elastic": Elastic}


def main():
    out = sys.stdout
    for line in sys.stdin.buffer:
        request = json.loads(line)
        vendor, patch = request["vendor"], request["patch"]
        try:
            RULES[vendor].model_validate(patch)
        except ValidationError as wrong:
            told = [f"{error['loc']} {error['msg']}" for error in wrong.errors(include_url=False, include_input=False)]
            reply = {"id": request["id"], "status": 400, "body": {"errors": told}}
        else:
            body = merge(request["user"], patch)
            # The page replaces the dictionary whole.
            if vendor == "trusted-twin" and "description" in patch:
                body["description"] = patch["description"]
            reply = {"id": request["id"], "status": 200, "body": body}
        out.write(json.dumps(reply, separators=(",", ":")))
        out.write("\n")


main()

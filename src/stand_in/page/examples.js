// What there is to try. The users are those that the stand-in is started with, so that the `curl` line is answered alike.

const alice = `{
  "name": "accounts/acme/users/alice",
  "role": "user",
  "displayName": "Alice",
  "email": "alice@example.com",
  "state": "READY",
  "createTime": "2026-01-01T00:00:00Z",
  "updateTime": "2026-01-01T00:00:00Z"
}`;
const custom = `{
  "name": "accounts/acme/users/alice",
  "role": "custom",
  "permissionPreset": "inference-read-only",
  "displayName": "Alice"
}`;
const operator = `{
  "uuid": "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11",
  "name": "Operator",
  "account": "3d0d8f2c-6d3b-4a65-8b0e-6d4a5b7c8d9e",
  "role": "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10",
  "description": {"shift": "day"},
  "created_ts": 1767225600,
  "updated_ts": 1767225600
}`;
const admin = `{
  "user_name": "admin",
  "full_name": "Admin",
  "email": "admin@example.com",
  "builtin": false,
  "security": {
    "enabled": true,
    "roles": ["ece_platform_admin"],
    "security_realm": {"id": "native", "type": "native"}
  },
  "metadata": {"created_at": "2026-01-01T00:00:00Z"}
}`;

export const EXAMPLES = {
  fireworks: [
    { name: "A preset beside the wrong role, a misspelled member", user: alice, body: `{
  "role": "user",
  "permissionPreset": "inference-read-only",
  "nickname": "Al"
}` },
    { name: "Role and display name", user: alice, body: `{"role": "admin", "displayName": "Alice A."}` },
    { name: "The display name alone, by a mask", user: alice, body: `{"displayName": "Al"}`, mask: "displayName" },
    { name: "What was read, sent back", user: alice, body: alice },
    { name: "Out of the role custom", user: custom, body: `{"role": "user"}` },
    { name: "The role is missing", user: alice, body: `{"displayName": "Al"}` },
    { name: "A body that is cut short", user: alice, body: `{"role": "admin", "displayName": "Al` },
  ],
  "trusted-twin": [
    { name: "A name and a key out of pattern", user: operator, body: `{
  "name": "-",
  "description": {"shift": "night", "Site": "zrh"}
}` },
    { name: "Another description; numbers keep their digits", user: operator, body: `{"description": {"quota": 123456789012345678901234567890.10}}` },
    { name: "The description is taken away", user: operator, body: `{"description": null}` },
    { name: "A member of a later page", user: operator, body: `{"name": "Night Operator", "activity": null}` },
    { name: "A member of a later page, under a policy that keeps it", user: operator, body: `{"name": "Night Operator", "activity": null}`,
      context: `{"policy":{"unknownMembers":"keep"}}` },
    { name: "One who may not", user: operator, body: `{"name": "Night Operator"}`, context: `{"statement":{"effect":"allow","actions":["get_user"]},"trace":"a3f1"}` },
  ],
  elastic: [
    { name: "Another name, and a role beside the platform admin’s", user: admin, body: `{
  "user_name": "countess",
  "security": {"roles": ["ece_platform_admin", "ece_deployment_viewer"]}
}` },
    { name: "Email away, an office, another role", user: admin, body: `{
  "email": null,
  "metadata": {"office": "zrh-2"},
  "security": {"roles": ["ece_platform_viewer"]}
}`, context: `{"actor":"admin","now":"2026-02-01T09:00:00Z"}` },
    { name: "Passwords: too short, and in the wrong place", user: admin, body: `{"password": "correct horse", "security": {"password": "short"}}` },
    { name: "A new password", user: admin, body: `{"security": {"password": "correct horse"}}` },
    { name: "A role that does not exist", user: admin, body: `{"security": {"roles": ["ece_wizard"]}}` },
  ],
};

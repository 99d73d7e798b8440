"""What is too broad, or of no effect, in the roles of a packaged template, by AWS's own service authorization reference.

The reference comes with policy_sentry. Run as `python tools/rehearse/scan/policies.py <template.json>`; it ends with 1 and a line for each
finding. It knows nothing of what a function needs: that is the table of permissions, written by hand, in test/template/golden.ts.
"""

import json
import re
import sys

from policy_sentry.querying.actions import get_action_data

# Lambda attaches and detaches a function's network interfaces in its name, on interfaces that are not known before.
WITHOUT_RESOURCE = {f"ec2:{name}PrivateIpAddresses" for name in ("Assign", "Unassign")} | {
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
}


def main(path):
    with open(path, encoding="utf8") as file:
        resources = json.load(file)["Resources"]
    found = [
        f"{name}: {fault}"
        for name, resource in resources.items()
        if resource["Type"] == "AWS::IAM::Role"
        for policy in resource["Properties"].get("Policies", [])
        for statement in listed(policy["PolicyDocument"]["Statement"])
        if statement["Effect"] == "Allow"
        for fault in faults_of(statement)
    ]
    print("\n".join(found) or "nothing too broad")
    return 1 if found else 0


def faults_of(statement):
    for action in listed(statement["Action"]):
        service, name = action.split(":")
        rows = (get_action_data(service, name) or {}).get(service, [])
        if "*" in action or not rows:
            yield f"{action} is no single action of the reference"
            continue
        if rows[0]["access_level"] in ("Permissions management", "Tagging"):
            yield f"{action} changes who may do what"
        formats = [row["resource_arn_format"] for row in rows if row["resource_arn_format"] != "*"]
        for resource in map(text_of, listed(statement["Resource"])):
            if resource == "*" and formats and action not in WITHOUT_RESOURCE:
                yield f"{action} takes a resource, and stands with *"
            if resource and resource != "*" and not any(fits(resource, form) for form in formats):
                yield f"{action} is never asked for on {resource}"
        known = {key for row in rows for key in row["condition_keys"]}
        for key in sorted(keys_of(statement.get("Condition", {}))):
            if key.split(":")[0] == service and not is_known(key, known):
                yield f"{action} does not know the condition {key}"


def keys_of(condition):
    return {key for test in condition.values() for key in test}


def is_known(key, known):
    """A key may have a part that is the request's own, as kms:EncryptionContext:<name> has."""
    return any(re.fullmatch(re.sub(r"\\\$\\\{.*?\\\}", ".+", re.escape(name)), key) for name in known)


def text_of(resource):
    """As it is written, with any account, region and partition. None for what is a reference to another resource."""
    if isinstance(resource, dict):
        resource = resource.get("Fn::Sub")
    if not isinstance(resource, str):
        return None
    # A log group with ":*:*" behind it stands for its streams.
    return re.sub(r"\$\{AWS::\w+\}", "x", resource).replace(":*:*", ":log-stream:*")


def fits(resource, form):
    pattern = re.escape(form)
    pattern = re.sub(r"\\\$\\\{(Partition|Region|Account)\\\}", "[^:]*", pattern)
    return re.fullmatch(re.sub(r"\\\$\\\{.*?\\\}", ".+", pattern), resource) is not None


def listed(value):
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""IAM: the emulator knows no dynamodb:LeadingKeys, so that every statement with this condition denies.

AWS: the first key of every item that a request names.
"""

import json

from ministack.core import iam_actions


def patch():
    original = iam_actions.dynamodb_service_context

    def with_leading_keys(body):
        context = original(body)
        keys = leading_keys(body)
        return {**context, "dynamodb:LeadingKeys": keys} if keys else context

    iam_actions.dynamodb_service_context = with_leading_keys


def leading_keys(body):
    """The `pk` of each item: every table of this project calls its first key so."""
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return []
    items = [request.get("Key"), request.get("Item")]
    return [item["pk"]["S"] for item in items if isinstance(item, dict) and "pk" in item]

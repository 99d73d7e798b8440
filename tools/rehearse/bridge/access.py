"""IAM: the emulator knows neither dynamodb:LeadingKeys nor dynamodb:Attributes, so that statements with these conditions deny.

AWS: the first key of every item that a request names, or of the part of an index that it queries; and the attributes that it names.
"""

import json
import re

from ministack.core import iam_actions


def patch():
    original = iam_actions.dynamodb_service_context

    def with_items(body):
        try:
            request = json.loads(body or b"{}")
        except ValueError:
            request = {}
        named = {"dynamodb:LeadingKeys": leading_keys(request), "dynamodb:Attributes": attributes(request)}
        return {**original(body), **{key: values for key, values in named.items() if values}}

    iam_actions.dynamodb_service_context = with_items


def items_of(request):
    """Each item that is named, with its `pk`: every table of this project calls its first key so."""
    batches = [batch.get("Keys", []) for batch in request.get("RequestItems", {}).values() if isinstance(batch, dict)]
    items = [request.get("Key"), request.get("Item"), *(item for batch in batches for item in batch)]
    return [item for item in items if isinstance(item, dict) and "pk" in item]


def leading_keys(request):
    queried = re.match(r"\s*\S+\s*=\s*(:\w+)", request.get("KeyConditionExpression", ""))
    if queried:
        return [request["ExpressionAttributeValues"][queried.group(1)]["S"]]
    return [item["pk"]["S"] for item in items_of(request)]


def attributes(request):
    names = {name for item in items_of(request) for name in item}
    return sorted(names | set(request.get("ExpressionAttributeNames", {}).values()))

"""Secrets Manager: a rotation that calls its function, and versions as AWS documents them. The emulator has a stub of both."""

import contextvars
import json
import threading
import time

from ministack.core.responses import error_response_json, json_response, new_uuid
from ministack.services import lambda_svc
from ministack.services import secretsmanager as emulator

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
# AWS repeats a step that fails, and says neither how often nor when.
TRIES = 5
PAUSE_SECONDS = 3

_original = {}


def patch():
    for name, function in (
        ("_rotate_secret", rotate),
        ("_put_secret_value", put_value),
        ("_get_secret_value", get_value),
    ):
        _original[name] = getattr(emulator, name)
        setattr(emulator, name, function)


def rotate(data):
    """Makes a pending version without a value and calls the four steps, behind the caller's back."""
    _, secret = emulator._resolve(data.get("SecretId"))
    if secret is None or secret.get("DeletedDate"):
        return _original["_rotate_secret"](data)
    arn = data.get("RotationLambdaARN") or secret.get("RotationLambdaARN")
    if not arn:
        return error_response_json("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.", 400)
    _, pending = emulator._find_stage_version(secret, "AWSPENDING")
    if pending and "AWSCURRENT" not in pending["Stages"]:
        return error_response_json("InvalidRequestException", "A previous rotation isn't complete. That rotation will be reattempted.", 400)
    token = data.get("ClientRequestToken") or new_uuid()
    secret["RotationEnabled"] = True
    secret["RotationLambdaARN"] = arn
    secret["RotationRules"] = data.get("RotationRules") or secret.get("RotationRules")
    emulator._remove_stage_everywhere(secret, "AWSPENDING")
    secret["Versions"][token] = {
        "SecretString": None,
        "SecretBinary": None,
        "CreatedDate": secret["LastChangedDate"],
        "Stages": ["AWSPENDING"],
    }
    scope = contextvars.copy_context()
    threading.Thread(target=scope.run, args=(call_steps, arn, secret["ARN"], token), daemon=True).start()
    return json_response({"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token})


def call_steps(function_arn, secret_arn, token):
    function, config, _ = lambda_svc._get_func_record_for_ref(function_arn)
    record = lambda_svc._execution_record_for_config(function, config)
    for step in STEPS:
        event = {"Step": step, "SecretId": secret_arn, "ClientRequestToken": token}
        if not any(succeeds(record, event, number) for number in range(TRIES)):
            return


def succeeds(record, event, number):
    if number > 0:
        time.sleep(PAUSE_SECONDS)
    return not lambda_svc._execute_function_with_config_scope(record, event).get("error")


def stop_rotating(secret_id):
    _, secret = emulator._resolve(secret_id)
    if secret:
        secret["RotationEnabled"] = False


def put_value(data):
    """A token that is in use: the same value changes nothing, another one is refused. The emulator writes over it."""
    _, secret = emulator._resolve(data.get("SecretId"))
    token = data.get("ClientRequestToken")
    version = secret["Versions"].get(token) if secret else None
    if not version or not has_value(version):
        return _original["_put_secret_value"](data)
    if (version["SecretString"], version["SecretBinary"]) != (data.get("SecretString"), data.get("SecretBinary")):
        return error_response_json("ResourceExistsException", f"ClientRequestToken {token} is already in use for another value.", 400)
    answer = {"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token, "VersionStages": list(version["Stages"])}
    return json_response(answer)


def get_value(data):
    """A version without a value cannot be read. The emulator answers without one."""
    answer = _original["_get_secret_value"](data)
    status, _, body = answer
    if status == 200 and not has_value(json.loads(body)):
        return error_response_json("ResourceNotFoundException", "Secrets Manager can't find the specified secret value.", 400)
    return answer


def has_value(version):
    return version.get("SecretString") is not None or version.get("SecretBinary") is not None

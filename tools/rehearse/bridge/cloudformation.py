"""CloudFormation: rotation schedules, names that are taken, and passwords without punctuation."""

import string

import secrets_manager
from ministack.services import dynamodb, secretsmanager
from ministack.services.cloudformation import provisioners

HANDLERS = provisioners._RESOURCE_HANDLERS


def patch():
    HANDLERS["AWS::SecretsManager::RotationSchedule"] = {
        "create": create_schedule,
        "update": update_schedule,
        "delete": lambda secret_id, props: secrets_manager.stop_rotating(secret_id),
    }
    refuse_taken_names("AWS::SecretsManager::Secret", "Name", secretsmanager._secrets)
    refuse_taken_names("AWS::DynamoDB::Table", "TableName", dynamodb._tables)
    leave_punctuation_out()


def create_schedule(logical_id, props, stack_name):
    """Rotates at once, unless the schedule says otherwise. The emulator knows no such resource."""
    if str(props.get("RotateImmediatelyOnUpdate", True)).lower() == "true":
        secrets_manager.rotate({"SecretId": props["SecretId"], "RotationLambdaARN": props["RotationLambdaARN"]})
    return props["SecretId"], {}


def update_schedule(secret_id, old_props, new_props, stack_name, logical_id=None):
    return secret_id, {}


def refuse_taken_names(resource_type, name_property, existing):
    """AWS fails a creation whose name is taken. The emulator writes over what is there."""
    create = HANDLERS[resource_type]["create"]

    def create_new(logical_id, props, stack_name):
        name = props.get(name_property)
        if name in existing:
            if existing[name].get("DeletedDate"):
                raise ValueError(f"{resource_type} {name} is already scheduled for deletion")
            raise ValueError(f"{resource_type} {name} already exists")
        return create(logical_id, props, stack_name)

    HANDLERS[resource_type]["create"] = create_new


def leave_punctuation_out():
    """AWS heeds ExcludePunctuation. The emulator knows ExcludeCharacters alone."""
    original = provisioners._sm_secret_string

    def secret_string(props):
        wanted = dict(props.get("GenerateSecretString") or {})
        if str(wanted.get("ExcludePunctuation", False)).lower() != "true":
            return original(props)
        wanted["ExcludeCharacters"] = wanted.get("ExcludeCharacters", "") + string.punctuation
        return original({**props, "GenerateSecretString": wanted})

    provisioners._sm_secret_string = secret_string

"""CloudFormation: rotation schedules, what watches a stage, names that are taken, secrets without a value and their import, passwords without punctuation."""

import string

import secrets_manager
from ministack.services import cloudwatch_logs, dynamodb, secretsmanager
from ministack.services.cloudformation import changesets, provisioners

HANDLERS = provisioners._RESOURCE_HANDLERS
SECRET = "AWS::SecretsManager::Secret"

# What the emulator does not know and no step of the rehearsal asks for: such a resource is there, and does nothing.
WITHOUT_EFFECT = ("AWS::CloudWatch::CompositeAlarm", "AWS::Logs::QueryDefinition")


def patch():
    HANDLERS["AWS::SecretsManager::RotationSchedule"] = {
        "create": create_schedule,
        "update": update_schedule,
        "delete": lambda secret_id, props: secrets_manager.stop_rotating(secret_id),
    }
    for resource_type in WITHOUT_EFFECT:
        HANDLERS.setdefault(resource_type, named_after_itself())
    leave_expressions_out()
    leave_secrets_unset()
    import_secrets()
    refuse_taken_names(SECRET, "Name", secretsmanager._secrets)
    refuse_taken_names("AWS::DynamoDB::Table", "TableName", dynamodb._tables)
    refuse_taken_names("AWS::Logs::LogGroup", "LogGroupName", cloudwatch_logs._log_groups)
    leave_punctuation_out()


def named_after_itself():
    return {
        "create": lambda logical_id, props, stack_name: (f"{stack_name}-{logical_id}", {}),
        "update": lambda physical_id, old_props, new_props, stack_name, logical_id=None: (physical_id, {}),
        "delete": lambda physical_id, props: None,
    }


def leave_expressions_out():
    """An alarm on an expression of several metrics is there, and does nothing. The emulator knows alarms on one metric alone."""
    handler = HANDLERS["AWS::CloudWatch::Alarm"]
    create, update = handler["create"], handler["update"]
    without_effect = named_after_itself()
    handler["create"] = lambda logical_id, props, stack_name: (
        without_effect["create"] if props.get("Metrics") else create
    )(logical_id, props, stack_name)
    handler["update"] = lambda physical_id, old_props, new_props, *more: (
        (physical_id, {}) if new_props.get("Metrics") else update(physical_id, old_props, new_props, *more)
    )


def create_schedule(logical_id, props, stack_name):
    """Rotates at once, unless the schedule says otherwise. The emulator knows no such resource."""
    if str(props.get("RotateImmediatelyOnUpdate", True)).lower() == "true":
        secrets_manager.rotate({"SecretId": props["SecretId"], "RotationLambdaARN": props["RotationLambdaARN"]})
    return props["SecretId"], {}


def update_schedule(secret_id, old_props, new_props, stack_name, logical_id=None):
    return secret_id, {}


def leave_secrets_unset():
    """AWS makes a secret without any version where the template has no value. The emulator makes an empty one."""
    create = HANDLERS[SECRET]["create"]

    def create_unset(logical_id, props, stack_name):
        name, attributes = create(logical_id, props, stack_name)
        if not props.get("SecretString") and not props.get("GenerateSecretString"):
            secretsmanager._secrets[name]["Versions"].clear()
        return name, attributes

    HANDLERS[SECRET]["create"] = create_unset


def import_secrets():
    """AWS imports a secret by its ARN, as `Id`, one that is marked for deletion excepted. The emulator does not know how."""

    def problem(arn):
        _, secret = secretsmanager._resolve(arn)
        return None if secret and not secret.get("DeletedDate") else f"Resource of type '{SECRET}' with identifier '{arn}' was not found."

    def take_in(identifier):
        name, secret = secretsmanager._resolve(identifier["Id"])
        return name, {"Id": secret["ARN"], "Arn": secret["ARN"]}

    changesets._IMPORT_LOOKUPS[SECRET] = (("Id",), problem)
    HANDLERS[SECRET]["import"] = take_in


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

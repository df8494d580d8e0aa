"""The AWS emulator, with two of its judgements put right.

moto knows no conditions of bucket policies and takes a denial under a condition for one without. A bucket that denies
plaintext would then deny every object to everybody. Such denials are left out here: nothing they guard against can be
told apart in an emulator that is reached over plain HTTP on loopback.

moto also goes on encrypting and decrypting with keys that are disabled or about to be deleted, so that a platform which
still needs an old key would seem to do without it.
"""

from moto.core.exceptions import JsonRESTError
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.kms.models import KmsBackend
from moto.server import main

judge = IAMPolicyStatement.is_action_permitted


def is_action_permitted(statement, *args, **kwargs):
    result = judge(statement, *args, **kwargs)
    conditional = statement._statement.get("Effect") == "Deny" and statement._statement.get("Condition")
    return PermissionResult.NEUTRAL if conditional and result == PermissionResult.DENIED else result


IAMPolicyStatement.is_action_permitted = is_action_permitted


def require_usable(backend, key_id):
    key = backend.keys[backend.any_id_to_key_id(key_id)]
    if key.key_state == "Disabled":
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
    if key.key_state != "Enabled":
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is {key.key_state}.")


encrypt, decrypt = KmsBackend.encrypt, KmsBackend.decrypt


def encrypt_if_usable(backend, key_id, *args, **kwargs):
    require_usable(backend, key_id)
    return encrypt(backend, key_id, *args, **kwargs)


def decrypt_if_usable(backend, *args, **kwargs):
    plaintext, key_arn = decrypt(backend, *args, **kwargs)
    require_usable(backend, key_arn)
    return plaintext, key_arn


KmsBackend.encrypt = encrypt_if_usable
KmsBackend.decrypt = decrypt_if_usable
main()

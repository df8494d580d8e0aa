"""The AWS emulator, with one of its judgements put right.

moto knows no conditions of bucket policies and takes a denial under a condition for one without. A bucket that denies
plaintext would then deny every object to everybody. Such denials are left out here: nothing they guard against can be
told apart in an emulator that is reached over plain HTTP on loopback.
"""

from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.server import main

judge = IAMPolicyStatement.is_action_permitted


def is_action_permitted(statement, *args, **kwargs):
    result = judge(statement, *args, **kwargs)
    conditional = statement._statement.get("Effect") == "Deny" and statement._statement.get("Condition")
    return PermissionResult.NEUTRAL if conditional and result == PermissionResult.DENIED else result


IAMPolicyStatement.is_action_permitted = is_action_permitted
main()

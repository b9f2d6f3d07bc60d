"""Which instances send in clear text, held against what EC2 itself answered of every type."""

from moto.ec2.models.instance_types import INSTANCE_TYPES

from bulkhead.intent.encrypting import sends_in_clear


def test_just_the_types_of_which_ec2_says_so_are_said_to_send_in_clear_text():
    told = {
        name: each["NetworkInfo"]["EncryptionInTransitSupported"]
        for name, each in INSTANCE_TYPES.items()
    }
    assert len(told) > 900
    assert {name for name in told if sends_in_clear(name)} == {
        name for name, encrypts in told.items() if not encrypts
    }


def test_of_a_family_that_nobody_knows_it_is_not_said():
    assert not sends_in_clear("q9z.large")

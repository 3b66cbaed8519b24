"""bootstrap/rights/actions.py: lists of actions, out of a table by type."""

from bootstrap.rights.actions import Actions, changing, ending, looking, of_service

TABLE = {
    "bucket": Actions(look=("s3:B", "s3:A"), change=("s3:C",), end=("s3:D",)),
    "key": Actions(look=("s3:A",), change=("kms:E",)),
}


def test_each_action_once_in_an_order_that_stays() -> None:
    """Else a policy would differ from run to run."""
    assert looking(TABLE) == ["s3:A", "s3:B"]
    assert changing(TABLE) == ["kms:E", "s3:C"]
    assert ending(TABLE) == ["s3:D"]


def test_of_a_service() -> None:
    assert of_service(["s3:C", "kms:E", "s3x:C"], "s3") == ["s3:C"]

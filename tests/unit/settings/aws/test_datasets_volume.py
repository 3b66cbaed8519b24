"""infra/settings/aws/datasets_volume.py: volumes that EBS doesn't make are refused."""

import pytest

from tests.unit.settings.wrong import WrongSettings, change, message_of

WRONG: WrongSettings = {
    "too large": (
        change("datasetsVolume", {"sizeGib": 20000}),
        "datasetsVolume.sizeGib",
        "less than or equal to 16384",
    ),
    "snapshots by the minute": (
        change("datasetsVolume", {"snapshotIntervalHours": 0}),
        "datasetsVolume.snapshotIntervalHours",
        "must be 1, 2, 3, 4, 6, 8, 12 or 24",
    ),
    "in a zone without nodes": (
        change("datasetsVolume", {"zone": "eu-west-1f"}),
        "datasetsVolume",
        "zone must be one of network.zones (eu-west-1a, eu-west-1b, eu-west-1c)",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message

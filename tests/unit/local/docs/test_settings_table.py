"""local/docs/settings_table.py: the page tells every setting, and is current."""

from infra.settings.load import KNOWN_KEYS
from local.docs.settings_table import settings_page
from local.paths import REPO


def test_the_page_is_current() -> None:
    written = (REPO / "docs" / "settings.md").read_text()
    assert written == settings_page(), "run `make docs`"


def test_every_setting_is_on_it() -> None:
    page = settings_page()
    for key in KNOWN_KEYS:
        assert f"| `{key}` |" in page


def test_what_is_inside_of_an_object() -> None:
    page = settings_page()
    assert '| `gpuNodes[].capacityType` | `ON_DEMAND` or `SPOT` | `"ON_DEMAND"` |  |' in page
    assert "| `cpuNodes.maxNodes` | integer, at least 1, at most 100 | `4` |  |" in page
    assert "| `models[].name` | string | required |  |" in page

"""local/docs/outputs_page.py: the page tells every output, and is current."""

from infra.outputs import Renamed
from local.docs.outputs_page import outputs_page
from local.paths import REPO


def test_the_page_is_current() -> None:
    assert (REPO / "docs" / "outputs.md").read_text() == outputs_page(), "run `make docs`"


def test_an_earlier_name_says_what_it_is_now() -> None:
    page = outputs_page((Renamed(old="url", new="gateway_url", release="0.2.0"),))
    assert "| `url` | Now `gateway_url`; gone after release 0.2.0. |" in page
    assert "`url` is `gateway_url` since 0.2.0" in page

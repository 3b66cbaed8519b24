"""infra/aws/names.py: a long name is cut, and stays unlike every other."""

from infra.aws.names import shortened


class TestShortened:
    def test_a_short_name_is_as_it_was(self) -> None:
        assert shortened("image-serving-dev-public", 32) == "image-serving-dev-public"

    def test_a_long_one_fits(self) -> None:
        short = shortened("image-serving-development-of-the-vision-team-public", 32)
        assert len(short) <= 32
        assert short.startswith("image-serving-")

    def test_two_that_begin_alike_stay_apart(self) -> None:
        beginning = "image-serving-development-of-the-vision-team"
        assert shortened(f"{beginning}-public", 32) != shortened(f"{beginning}-internal", 32)

    def test_no_hyphens_side_by_side(self) -> None:
        assert "--" not in shortened("image-serving-developmen-t-of-the-team", 32)

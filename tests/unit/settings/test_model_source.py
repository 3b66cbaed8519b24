"""infra/settings/model_source.py: buckets as S3 names them. What is refused: test_model.py."""

import pytest
from pydantic import TypeAdapter, ValidationError

from infra.settings.model_source import ModelSource

SOURCE = TypeAdapter(ModelSource)


class TestBucketUrl:
    """A bucket and a prefix below which nothing else lies."""

    @pytest.mark.parametrize("url", ["s3://models/digits", "s3://team.models-1/a/b_c/digits"])
    def test_accepted(self, url: str) -> None:
        assert SOURCE.validate_python({"bucketUrl": url}).bucket_url == url

    def test_a_slash_at_the_end_is_dropped(self) -> None:
        assert SOURCE.validate_python({"bucketUrl": "s3://models/x/"}).bucket_url == "s3://models/x"

    @pytest.mark.parametrize(
        "url", ["s3://models", "s3://Models/x", "s3://m/x", "s3://models//x", "s3://models/x y"]
    )
    def test_refused(self, url: str) -> None:
        with pytest.raises(ValidationError, match="must be s3://bucket/prefix, or empty"):
            SOURCE.validate_python({"bucketUrl": url})

    def test_none_by_default(self) -> None:
        assert SOURCE.validate_python({}).bucket_url == ""

import socket
from pathlib import Path

import pytest

from model.errors import SyncError
from model.sync.s3 import in_words, parse_url, s3_client
from model.sync.s3_source import S3Source
from sync.buckets import Bucket
from sync.pod_identity_agent import PodIdentityAgent


class TestAddress:
    """s3://bucket/prefix, the prefix with or without a slash at its end."""

    @pytest.mark.parametrize("url", ["s3://models/a/digits", "s3://models/a/digits/"])
    def test_keys(self, url: str) -> None:
        location = parse_url(url)
        assert location.key(3, "saved_model.pb") == "a/digits/3/saved_model.pb"
        assert location.manifest_key(3) == "a/digits/3.manifest.json"
        assert str(location) == "s3://models/a/digits/"

    @pytest.mark.parametrize("url", ["s3://", "s3:///x", "http://models/x", "s3://models/x?y"])
    def test_others(self, url: str) -> None:
        with pytest.raises(SyncError, match="is no s3://bucket/prefix"):
            parse_url(url)


class TestPodIdentity:
    """On EKS credentials come from the agent of the pod's node, for a token that the pod has."""

    def test_the_agent_is_asked_with_the_token(
        self, bucket: Bucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """What EKS puts into a pod:

        https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
        """
        token = tmp_path / "eks-pod-identity-token"
        token.write_text("token of the pod")
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        with PodIdentityAgent() as agent:
            monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.url)
            monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(token))
            client = s3_client()
            assert S3Source(client, parse_url(bucket.url)).versions() == set()
        assert agent.tokens == ["token of the pod"]
        credentials = client._request_signer._credentials.get_frozen_credentials()
        assert (credentials.access_key, credentials.token) == ("of-the-agent", "session")


class TestErrors:
    """A message says what failed, on what, and what to do."""

    def said(self, url: str) -> str:
        with pytest.raises(SyncError) as error:
            S3Source(s3_client(), parse_url(url)).versions()
        return str(error.value)

    def test_no_bucket(self, bucket: Bucket) -> None:
        said = self.said("s3://no-such-bucket/digits")
        assert said.startswith("can't list s3://no-such-bucket/digits/: NoSuchBucket; create")

    def test_no_credentials(self, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        assert "no credentials; set AWS_ACCESS_KEY_ID" in self.said(bucket.url)

    def test_no_server(self, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
            monkeypatch.setattr("model.sync.s3.ATTEMPTS", 1)
            assert "Could not connect to the endpoint URL" in self.said(bucket.url)

    def test_settings_of_aws_that_make_no_sense(
        self, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "nowhere")
        with pytest.raises(SyncError, match="the settings of AWS: Invalid endpoint: nowhere"):
            s3_client()

    def test_other_errors_pass(self) -> None:
        with pytest.raises(ZeroDivisionError), in_words("x"):
            raise ZeroDivisionError

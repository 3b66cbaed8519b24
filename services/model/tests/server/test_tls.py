"""TLS for gRPC: with a certificate of our own, and clients that must have one, too."""

import subprocess
from pathlib import Path

import grpc
import pytest

from fixture_types import AddVersion, Serve
from model.server.errors import ServingError
from model.server.tls import server_credentials


@pytest.fixture
def pems(tmp_path: Path) -> tuple[str, str]:
    """Key and self-signed certificate of localhost."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )
    return key.read_text(), certificate.read_text()


def write(path: Path, *, client_verify: bool = False, **pems: str) -> str:
    def quoted(pem: str) -> str:
        return pem.replace("\n", "\\n")

    lines = [f'{name}: "{quoted(pem)}"' for name, pem in pems.items()]
    path.write_text("\n".join([*lines, f"client_verify: {str(client_verify).lower()}"]))
    return str(path)


def is_reached(port: int, credentials: grpc.ChannelCredentials) -> bool:
    with grpc.secure_channel(f"localhost:{port}", credentials) as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=2)
        except grpc.FutureTimeoutError:
            return False
        return True


def test_clients_with_the_authority_reach_it(
    serve: Serve, add_version: AddVersion, tmp_path: Path, pems: tuple[str, str]
) -> None:
    key, certificate = pems
    add_version(1)
    config = write(tmp_path / "ssl.config", server_key=key, server_cert=certificate)
    port = serve(ssl_config_file=config).port
    assert is_reached(port, grpc.ssl_channel_credentials(certificate.encode()))


def test_clients_without_a_certificate_are_refused_if_wanted(
    serve: Serve, add_version: AddVersion, tmp_path: Path, pems: tuple[str, str]
) -> None:
    key, certificate = pems
    add_version(1)
    config = write(
        tmp_path / "ssl.config",
        server_key=key,
        server_cert=certificate,
        custom_ca=certificate,
        client_verify=True,
    )
    port = serve(ssl_config_file=config).port
    ca = certificate.encode()
    assert is_reached(port, grpc.ssl_channel_credentials(ca, key.encode(), ca))
    assert not is_reached(port, grpc.ssl_channel_credentials(ca))


class TestErrors:
    """An incomplete file never leads to a server in the clear."""

    def test_no_key(self, tmp_path: Path) -> None:
        with pytest.raises(ServingError, match="server_key and server_cert are needed"):
            server_credentials(write(tmp_path / "ssl.config", server_cert="PEM"))

    def test_nobody_to_verify_clients_by(self, tmp_path: Path) -> None:
        config = write(
            tmp_path / "ssl.config", client_verify=True, server_key="PEM", server_cert="PEM"
        )
        with pytest.raises(ServingError, match="client_verify needs custom_ca"):
            server_credentials(config)

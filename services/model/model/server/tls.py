"""TLS for gRPC, as --ssl_config_file says (model_servers/server.cc: BuildServerCredentials)."""

import grpc

from model.server.config_messages import SSLConfig
from model.server.errors import invalid_argument
from model.server.text_files import read_text_file


def server_credentials(path: str) -> grpc.ServerCredentials:
    """Credentials from a text SSLConfig, which holds PEM texts and not paths.

    Raises:
        ServingError: INVALID_ARGUMENT: the file can't be read or parsed, or lacks key,
            certificate, or the authority that clients are to be verified by.
    """
    config = read_text_file(path, SSLConfig())
    if not (config.server_key and config.server_cert):
        raise invalid_argument(f"{path}: server_key and server_cert are needed, as PEM texts")
    if config.client_verify and not config.custom_ca:
        raise invalid_argument(f"{path}: client_verify needs custom_ca")
    return grpc.ssl_server_credentials(
        [(config.server_key.encode(), config.server_cert.encode())],
        root_certificates=config.custom_ca.encode() or None,
        require_client_auth=config.client_verify,
    )

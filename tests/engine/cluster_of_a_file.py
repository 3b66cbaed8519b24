"""A plugin named kubernetes whose cluster is a file, and whose user may read no Secrets.

`python -m tests.engine.cluster_of_a_file ENGINE_ADDRESS`, as the engine starts it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from local.plugins.shared.comparison import changes
from local.plugins.shared.rpc import diff_response
from local.plugins.shared.serving import serve
from local.plugins.shared.values import decode

FILE = "CLUSTER_FILE"  # variable: a JSON object, data of config maps by name


class ClusterOfAFile(provider_pb2_grpc.ResourceProviderServicer):
    """As far as a refresh goes."""

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="1.0.0")

    def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(acceptSecrets=True)

    def Read(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        if ":Secret::" in request.urn:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "secrets is forbidden")
        there = json.loads(Path(os.environ[FILE]).read_text())
        data = there.get(request.id)
        if data is None:
            return provider_pb2.ReadResponse()
        properties = struct_pb2.Struct()
        properties.update({"data": data})
        return provider_pb2.ReadResponse(id=request.id, properties=properties, inputs=properties)

    def Diff(self, request: Any, context: Any) -> provider_pb2.DiffResponse:
        found = changes(decode(request.old_inputs).value, decode(request.news).value)
        return diff_response(((path, kind, False) for path, kind in found), delete_first=False)

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1:], "kubernetes", lambda *_: ClusterOfAFile()))

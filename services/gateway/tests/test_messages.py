"""Choosing the modules of TensorFlow Serving's messages."""

import zipfile
from pathlib import Path

import pytest
from messages import ENTRY_POINTS, LICENSE_IN_WHEEL, MessagesError, Wheels, install, select

# Wheels of the shape of the real ones: an entry point imports a message of the big package, which
# imports another; the big package's own code, and modules that nobody asks for, stay behind.
SMALL = {
    "tensorflow_serving/__init__.py": "",
    "tensorflow_serving/apis/__init__.py": "",
    "tensorflow_serving/apis/predict_pb2.py": (
        "from google.protobuf import descriptor\n"
        "from tensorflow.core.framework import tensor_pb2 as tensor__pb2\n"
    ),
    "tensorflow_serving/apis/get_model_metadata_pb2.py": "",
    "tensorflow_serving/apis/get_model_status_pb2.py": "",
    "tensorflow_serving/apis/prediction_service_pb2_grpc.py": (
        "import grpc\nfrom tensorflow_serving.apis import predict_pb2\n"
    ),
    "tensorflow_serving/apis/regression_pb2.py": "",
}
BIG = {
    "tensorflow/__init__.py": "import numpy\n",
    "tensorflow/core/__init__.py": "",
    "tensorflow/core/framework/tensor_pb2.py": "import tensorflow.tsl.types_pb2\n",
    "tensorflow/core/framework/graph_pb2.py": "",
    "tensorflow/tsl/types_pb2.py": "",
    LICENSE_IN_WHEEL: "Apache License",
}

SELECTED = [
    "tensorflow/core/__init__.py",
    "tensorflow/core/framework/tensor_pb2.py",
    "tensorflow/tsl/types_pb2.py",
    "tensorflow_serving/__init__.py",
    "tensorflow_serving/apis/__init__.py",
    "tensorflow_serving/apis/get_model_metadata_pb2.py",
    "tensorflow_serving/apis/get_model_status_pb2.py",
    "tensorflow_serving/apis/predict_pb2.py",
    "tensorflow_serving/apis/prediction_service_pb2_grpc.py",
]


@pytest.fixture
def wheels(tmp_path: Path) -> Wheels:
    """Both wheels, as files."""
    return Wheels([pack(tmp_path / "small.whl", SMALL), pack(tmp_path / "big.whl", BIG)])


class TestSelection:
    """What the entry points import, and nothing that runs TensorFlow."""

    def test_follows_imports(self, wheels: Wheels) -> None:
        assert select(wheels) == SELECTED

    def test_entry_point_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(MessagesError, match=ENTRY_POINTS[-1]):
            select(Wheels([pack(tmp_path / "big.whl", BIG)]))


class TestInstallation:
    """The modules land in the target, with their licence."""

    def test_files(self, wheels: Wheels, tmp_path: Path) -> None:
        target = tmp_path / "site-packages"
        assert install(wheels, target) == len(SELECTED)
        installed = [path.relative_to(target) for path in target.rglob("*") if path.is_file()]
        assert sorted(map(str, installed)) == sorted([*SELECTED, "tensorflow_serving/LICENSE"])
        assert (target / "tensorflow_serving/LICENSE").read_text() == "Apache License"

    def test_never_into_a_real_tensorflow(self, wheels: Wheels, tmp_path: Path) -> None:
        (tmp_path / "tensorflow").mkdir()
        (tmp_path / "tensorflow/__init__.py").write_text("import numpy\n")
        with pytest.raises(MessagesError, match="TensorFlow itself"):
            install(wheels, tmp_path)


def pack(path: Path, files: dict[str, str]) -> Path:
    """Write a wheel."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path

"""models.config: which models the server loads, in the text form of ModelServerConfig.

https://github.com/tensorflow/serving/blob/master/tensorflow_serving/config/model_server_config.proto
"""

import json
from collections.abc import Mapping

MODELS_FOLDER = "/models"
LABELS_FILE = "labels.json"


def models_config(model_name: str) -> str:
    """The newest version in the model's folder, which is the server's own default policy.

    The server reads the file anew while it runs. A wrong base path in it makes the server wait
    for that path for ever, deaf to corrections (tensorflow/serving#2189): it is not a setting.
    """
    return f"""\
model_config_list {{
  config {{
    name: "{model_name}"
    base_path: "{model_folder(model_name)}"
    model_platform: "tensorflow"
  }}
}}
"""


def labels_file(labels: Mapping[str, int]) -> str:
    """The versions by label that sync keeps on the volume, read anew each time."""
    return json.dumps(labels, sort_keys=True) + "\n"


def model_folder(model_name: str) -> str:
    return f"{MODELS_FOLDER}/{model_name}"

"""What the answers of all prediction routes have in common."""

from gateway.predictor import Prediction

MODEL_HEADER = "X-Model"


def headers_of(prediction: Prediction) -> dict[str, str]:
    """`Server-Timing` (ms by stage) and `X-Model` (name/version)."""
    timing = ", ".join(
        f"{stage};dur={seconds * 1000:.1f}" for stage, seconds in prediction.stage_seconds.items()
    )
    model = f"{prediction.model_name}/{prediction.scores.version}"
    return {"Server-Timing": timing, MODEL_HEADER: model}

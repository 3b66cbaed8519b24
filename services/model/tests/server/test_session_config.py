"""The flags' way into TensorFlow: threads, a GPU's memory, precision."""

from pathlib import Path

import pytest

from model.server.flags import Flags
from model.server.session_config import session_config


class TestThreads:
    """The separate flags win over the common one."""

    def test_one_number_for_both(self) -> None:
        config = session_config(Flags(tensorflow_session_parallelism=3))
        assert (config.intra_op_parallelism_threads, config.inter_op_parallelism_threads) == (3, 3)

    def test_two_numbers(self) -> None:
        flags = Flags(tensorflow_session_parallelism=3, tensorflow_intra_op_parallelism=2)
        config = session_config(flags)
        assert (config.intra_op_parallelism_threads, config.inter_op_parallelism_threads) == (2, 0)


class TestSharingAGpu:
    """By a share of its memory, or by taking it only as needed."""

    def test_a_share(self) -> None:
        config = session_config(Flags(per_process_gpu_memory_fraction=0.45))
        assert config.gpu_options.per_process_gpu_memory_fraction == 0.45

    def test_as_needed(self, tmp_path: Path) -> None:
        path = tmp_path / "session.config"
        path.write_text(
            "gpu_options { allow_growth: true, per_process_gpu_memory_fraction: 0.9 }\n"
            "intra_op_parallelism_threads: 7\n"
        )
        config = session_config(Flags(tensorflow_session_config_file=str(path)))
        assert config.gpu_options.allow_growth
        # The flags overwrite these even where they aren't given.
        assert config.gpu_options.per_process_gpu_memory_fraction == 0
        assert config.intra_op_parallelism_threads == 0


class TestMixedPrecision:
    """`bfloat16` is the one mode; another is named and ignored."""

    def test_bfloat16(self) -> None:
        config = session_config(Flags(mixed_precision="bfloat16"))
        assert config.graph_options.rewrite_options.auto_mixed_precision_onednn_bfloat16 == 1

    def test_another(self, caplog: pytest.LogCaptureFixture) -> None:
        config = session_config(Flags(mixed_precision="float16"))
        assert not config.graph_options.HasField("rewrite_options")
        assert "float16 auto mixed precision is not supported" in caplog.text

"""What a model leaves to its clients, bit for bit as the course's image library does it."""

import io

import numpy as np
import pytest
from decoding import noise
from gateway.preprocessing import CHANNEL_ORDERS, MODES, Preprocessing
from gateway.tensors import to_array
from harness import StartGateway, StartModel
from keras_image_helper import create_preprocessor
from pictures import as_file
from PIL import Image
from stub_model import StubModel

PIXELS = np.asarray(noise(40, 30))[np.newaxis]
FLOAT32 = np.dtype(np.float32)


class TestNumbers:
    """The same as in training."""

    @pytest.mark.parametrize(
        ("mode", "family"),
        [("tf", "xception"), ("tf", "inception_v3"), ("caffe", "resnet50"), ("caffe", "vgg16")],
    )
    def test_as_the_courses_library(self, mode: str, family: str) -> None:
        library = create_preprocessor(family, target_size=(40, 30))
        expected = library.convert_to_tensor(Image.fromarray(PIXELS[0]))
        np.testing.assert_array_equal(Preprocessing(mode=mode).apply(PIXELS, FLOAT32), expected)

    def test_torch(self) -> None:
        white = np.full((1, 1, 1, 3), 255, np.uint8)
        numbers = Preprocessing(mode="torch").apply(white, FLOAT32)
        np.testing.assert_allclose(numbers[0, 0, 0], [2.2489, 2.4286, 2.64], rtol=1e-4)

    def test_rescale(self) -> None:
        numbers = Preprocessing(mode="rescale").apply(PIXELS, FLOAT32)
        np.testing.assert_array_equal(numbers, PIXELS.astype(np.float32) / 255)

    def test_order_of_channels(self) -> None:
        numbers = Preprocessing(channel_order="bgr").apply(PIXELS, np.dtype(np.uint8))
        np.testing.assert_array_equal(numbers, PIXELS[..., ::-1])

    @pytest.mark.parametrize("mode", MODES)
    @pytest.mark.parametrize("order", CHANNEL_ORDERS)
    def test_pixels_stay_as_they_were(self, mode: str, order: str) -> None:
        before = PIXELS.copy()
        Preprocessing(mode=mode, channel_order=order).apply(PIXELS, FLOAT32)
        np.testing.assert_array_equal(PIXELS, before)


class TestText:
    """As a model's export tells it."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("none", Preprocessing()),
            ("tf", Preprocessing(mode="tf")),
            ("bgr, rescale", Preprocessing(mode="rescale", channel_order="bgr")),
        ],
    )
    def test_known(self, text: str, expected: Preprocessing) -> None:
        assert Preprocessing.parse(text) == expected

    @pytest.mark.parametrize("text", ["", "sharpen", "grb, tf", "bgr,tf", ", tf"])
    def test_unknown(self, text: str) -> None:
        with pytest.raises(ValueError, match="unknown"):
            Preprocessing.parse(text)


class TestThroughTheGateway:
    """A model of the course, exported as it was, gets the numbers that it was trained with."""

    @pytest.mark.parametrize(("mode", "family"), [("tf", "xception"), ("caffe", "resnet50")])
    async def test_course(
        self, start_model: StartModel, start_gateway: StartGateway, mode: str, family: str
    ) -> None:
        model = StubModel(dtype="float32", client_preprocessing=mode)
        gateway = await start_gateway(await start_model(model), GATEWAY_IMAGE_PROFILE="course")
        file = as_file(noise(800, 600), "JPEG")
        assert (await gateway.post_image(file)).status == 200
        library = create_preprocessor(family, target_size=(model.width, model.height))
        with Image.open(io.BytesIO(file)) as image:
            expected = library.convert_to_tensor(image)
        np.testing.assert_array_equal(to_array(model.requests[0].inputs["image"]), expected)

    async def test_by_setting(self, start_model: StartModel, start_gateway: StartGateway) -> None:
        model = StubModel(dtype="float32", describes_itself=False)
        gateway = await start_gateway(
            await start_model(model),
            GATEWAY_MODEL_LABELS="red,green,blue",
            GATEWAY_MODEL_PREPROCESSING="rescale",
            GATEWAY_MODEL_CHANNEL_ORDER="bgr",
        )
        red = as_file(Image.new("RGB", (9, 9), (255, 0, 51)))
        assert (await gateway.post_image(red)).status == 200
        sent = to_array(model.requests[0].inputs["image"])
        np.testing.assert_allclose(sent[0, 0, 0], [0.2, 0.0, 1.0])

    async def test_bytes_can_not_be_scaled(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        model = StubModel(dtype="uint8", client_preprocessing="tf")
        gateway = await start_gateway(await start_model(model), ready=False)
        await gateway.until_not_ready_because("takes bytes")

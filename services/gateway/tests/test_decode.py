"""From image files to pixels."""

import asyncio
import binascii
import io
import struct

import numpy as np
import numpy.typing as npt
import pytest
from gateway.decode import Decoder, decode_image
from gateway.errors import BrokenImage, DeadlineExceeded, ImageTooLarge, UnsupportedImage
from gateway.image_input import ImageInput
from gateway.limits import Deadline
from pictures import BLUE, GREEN, RED, WHITE, as_file, exif, four_corners, plain
from PIL import Image, ImageOps

MAX_PIXELS = 1_000_000


class TestResult:
    """Whatever the file, the result is RGB of the model's size."""

    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
    def test_formats(self, image_format: str) -> None:
        pixels = decode(plain(RED, image_format=image_format), height=6, width=8)
        assert pixels.shape == (1, 6, 8, 3)
        assert pixels.dtype == np.uint8
        assert pixels.flags.c_contiguous
        np.testing.assert_allclose(pixels[0, 3, 4], RED, atol=4)

    @pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK"])
    def test_modes(self, mode: str) -> None:
        image = Image.new("RGB", (40, 30), "white").convert(mode)
        pixels = decode(as_file(image, "JPEG" if mode == "CMYK" else "PNG"))
        np.testing.assert_allclose(pixels[0, 0, 0], WHITE, atol=4)

    def test_16_bit_greyscale_is_scaled_not_cut(self) -> None:
        image = Image.fromarray(np.full((20, 20), 0x8080, np.uint16))
        assert decode(as_file(image))[0, 0, 0].tolist() == [128, 128, 128]

    def test_first_frame_of_an_animation(self) -> None:
        frames = [Image.new("RGB", (20, 20), color) for color in (GREEN, RED)]
        animation = as_file(frames[0], "GIF", save_all=True, append_images=frames[1:])
        assert decode(animation)[0, 0, 0].tolist() == list(GREEN)

    @pytest.mark.parametrize(
        ("resize_filter", "resampling"),
        [
            ("nearest", Image.Resampling.NEAREST),
            ("bilinear", Image.Resampling.BILINEAR),
            ("bicubic", Image.Resampling.BICUBIC),
            ("lanczos", Image.Resampling.LANCZOS),
        ],
    )
    def test_filter_of_the_model(self, resize_filter: str, resampling: int) -> None:
        image = noise(50, 40)
        pixels = decode(as_file(image), height=7, width=9, resize_filter=resize_filter)
        expected = np.asarray(image.resize((9, 7), Image.Resampling(resampling)))
        np.testing.assert_array_equal(pixels[0], expected)


class TestOrientation:
    """A picture is shown as it was held when it was taken."""

    @pytest.mark.parametrize(
        ("orientation", "corners"),
        [
            (1, [RED, GREEN, BLUE, WHITE]),
            (2, [GREEN, RED, WHITE, BLUE]),
            (3, [WHITE, BLUE, GREEN, RED]),
            (4, [BLUE, WHITE, RED, GREEN]),
            (5, [RED, BLUE, GREEN, WHITE]),
            (6, [BLUE, RED, WHITE, GREEN]),
            (7, [WHITE, GREEN, BLUE, RED]),
            (8, [GREEN, WHITE, RED, BLUE]),
            (99, [RED, GREEN, BLUE, WHITE]),
        ],
    )
    def test_corners(self, orientation: int, corners: list[tuple[int, int, int]]) -> None:
        pixels = decode(as_file(four_corners(), "PNG", exif=exif(orientation)))[0]
        shown = [pixels[0, 0], pixels[0, -1], pixels[-1, 0], pixels[-1, -1]]
        assert [tuple(pixel.tolist()) for pixel in shown] == corners

    @pytest.mark.parametrize("orientation", range(2, 9))
    def test_same_as_turning_before_resizing(self, orientation: int) -> None:
        file = as_file(noise(60, 40), exif=exif(orientation))
        with Image.open(io.BytesIO(file)) as image:
            upright = ImageOps.exif_transpose(image).resize((9, 7), Image.Resampling.BILINEAR)
        pixels = decode(file, height=7, width=9)[0].astype(int)
        assert np.abs(pixels - np.asarray(upright)).max() <= 1

    @pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
    def test_corrupt_exif_does_not_matter(self) -> None:
        file = as_file(four_corners(), "JPEG", exif=b"Exif\0\0MM\0\x2a\xff\xff\xff\xff")
        assert decode(file).shape == (1, 8, 8, 3)


class TestTransparency:
    """What is transparent is white."""

    @pytest.mark.parametrize("image_format", ["PNG", "WEBP", "GIF"])
    def test_transparent_is_white(self, image_format: str) -> None:
        image = Image.new("RGBA", (40, 30), (255, 0, 0, 0))
        assert decode(as_file(image, image_format))[0, 0, 0].tolist() == list(WHITE)

    def test_half_transparent_is_mixed_with_white(self) -> None:
        image = Image.new("RGBA", (40, 30), (0, 0, 0, 51))
        assert decode(as_file(image))[0, 0, 0].tolist() == [204, 204, 204]

    def test_transparent_palette_entry(self) -> None:
        image = Image.new("P", (40, 30), 0)
        image.putpalette(list(RED + GREEN))
        assert decode(as_file(image, transparency=0))[0, 0, 0].tolist() == list(WHITE)

    def test_same_as_blending_before_resizing(self) -> None:
        image = noise(60, 40)
        image.putalpha(noise(60, 40).getchannel(0))
        white = Image.new("RGBA", image.size, "white")
        blended = Image.alpha_composite(white, image).convert("RGB")
        expected = np.asarray(blended.resize((9, 7), Image.Resampling.BILINEAR))
        pixels = decode(as_file(image), height=7, width=9)[0].astype(int)
        assert np.abs(pixels - expected).max() <= 2


class TestRefused:
    """Bad files are refused with the right reason, before they cost memory."""

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"hello",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"SIMPLE  =                    T",
            b"II*\0",
            b"RIFF\0\0\0\0WAVEfmt ",
            b"%!PS-Adobe-3.0 EPSF-3.0",
        ],
        ids=["empty", "text", "SVG", "FITS", "TIFF", "WAV", "EPS"],
    )
    def test_other_formats(self, data: bytes) -> None:
        with pytest.raises(UnsupportedImage):
            decode(data)

    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_truncated(self, image_format: str, share: float) -> None:
        file = as_file(noise(100, 80), image_format)
        with pytest.raises(BrokenImage, match=image_format):
            decode(file[: int(len(file) * share)])

    def test_only_the_beginning_is_an_image(self) -> None:
        with pytest.raises(BrokenImage):
            decode(b"\xff\xd8\xff\xe0" + b"nonsense" * 100)

    def test_more_pixels_than_allowed(self) -> None:
        with pytest.raises(ImageTooLarge, match="1000000 pixels"):
            decode(as_file(Image.new("1", (1001, 1000))))

    def test_as_many_pixels_as_allowed(self) -> None:
        assert decode(as_file(Image.new("1", (1000, 1000)))).shape == (1, 8, 8, 3)

    def test_claimed_pixels_are_refused_before_decoding(self) -> None:
        header = struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0)
        file = bytearray(plain())
        file[16:29] = header
        file[29:33] = struct.pack(">I", crc_of(b"IHDR" + header))
        with pytest.raises(ImageTooLarge):
            decode(bytes(file))


class TestDecoder:
    """Decoding happens beside the event loop, and waits no longer than its request."""

    async def test_loop_stays_free(self) -> None:
        decoder = Decoder(threads=1, max_pixels=100_000_000)
        large = as_file(noise(3000, 2000), "JPEG")
        target = ImageInput(height=8, width=8, resize_filter="bilinear")
        decoding = asyncio.create_task(decoder.decode(large, target, Deadline(10)))
        turns = 0
        while not decoding.done():
            turns += 1
            await asyncio.sleep(0.001)
        assert (await decoding).shape == (1, 8, 8, 3)
        assert turns > 5
        decoder.close()

    async def test_no_thread_in_time(self) -> None:
        decoder = Decoder(threads=1, max_pixels=100_000_000)
        large = as_file(noise(3000, 2000), "JPEG")
        target = ImageInput(height=8, width=8, resize_filter="bilinear")
        first = asyncio.create_task(decoder.decode(large, target, Deadline(10)))
        await asyncio.sleep(0)
        with pytest.raises(DeadlineExceeded):
            await decoder.decode(large, target, Deadline(0.005))
        assert (await first).shape == (1, 8, 8, 3)
        decoder.close()


def decode(
    data: bytes, *, height: int = 8, width: int = 8, resize_filter: str = "bilinear"
) -> npt.NDArray[np.uint8]:
    """Decode for a model of a size, with the cap of these tests."""
    target = ImageInput(height=height, width=width, resize_filter=resize_filter)
    return decode_image(data, target, MAX_PIXELS)


def noise(width: int, height: int) -> Image.Image:
    """A picture in which every pixel is another."""
    pixels = np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(pixels)


def crc_of(chunk: bytes) -> int:
    """The check value of a PNG chunk."""
    return binascii.crc32(chunk)

"""The `standard` profile: the picture as a person would see it."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from decoding import decode, noise, photograph, stripes
from gateway.errors import UnsupportedImage
from pictures import BLUE, GREEN, RED, WHITE, as_file, exif, four_corners, plain
from PIL import Image, ImageCms, ImageOps

ALL_FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"]


class TestResult:
    """Whatever the file, the result is RGB of the model's size."""

    @pytest.mark.parametrize("image_format", ALL_FORMATS)
    def test_formats(self, image_format: str) -> None:
        pixels = decode(plain(RED, image_format=image_format), height=6, width=8)
        assert pixels.shape == (6, 8, 3)
        np.testing.assert_allclose(pixels[3, 4], RED, atol=4)

    @pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits", "jpeg"])
    def test_compressed_tiff(self, compression: str) -> None:
        file = as_file(Image.new("RGB", (40, 30), RED), "TIFF", compression=compression)
        np.testing.assert_allclose(decode(file)[3, 4], RED, atol=4)

    @pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "YCbCr"])
    def test_modes(self, mode: str) -> None:
        image = Image.new("RGB", (40, 30), "white").convert(mode)
        image_format = {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG")
        np.testing.assert_allclose(decode(as_file(image, image_format))[0, 0], WHITE, atol=4)

    def test_cmyk_colors(self) -> None:
        file = as_file(Image.new("RGB", (40, 30), RED).convert("CMYK"), "JPEG")
        np.testing.assert_allclose(decode(file)[0, 0], RED, atol=4)

    @pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
    def test_16_bit_greyscale_is_scaled_not_cut(self, image_format: str) -> None:
        image = Image.fromarray(np.full((20, 20), 0x8080, np.uint16))
        assert decode(as_file(image, image_format))[0, 0].tolist() == [128, 128, 128]

    @pytest.mark.parametrize("mode", ["I", "F"])
    def test_samples_without_a_known_range_are_refused(self, mode: str) -> None:
        with pytest.raises(UnsupportedImage, match="32 bits"):
            decode(as_file(Image.new(mode, (20, 20)), "TIFF"))

    def test_color_profile_does_not_matter(self) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
        file = as_file(Image.new("RGB", (20, 20), RED), icc_profile=profile)
        assert decode(file)[0, 0].tolist() == list(RED)

    @pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP", "TIFF"])
    def test_first_frame_of_an_animation(self, image_format: str) -> None:
        frames = [Image.new("RGB", (20, 20), color) for color in (GREEN, RED)]
        animation = as_file(frames[0], image_format, save_all=True, append_images=frames[1:])
        np.testing.assert_allclose(decode(animation)[0, 0], GREEN, atol=4)

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
        rounding = 1 if resize_filter == "bilinear" else 0
        np.testing.assert_allclose(pixels.astype(int), expected, atol=rounding)


class TestScaledJpeg:
    """Large JPEGs are decoded in a smaller size, which changes the numbers only so much."""

    @pytest.mark.parametrize(
        ("picture", "largest_difference"), [(photograph, 8), (noise, 14), (stripes, 20)]
    )
    @pytest.mark.parametrize("picture_size", [(640, 480), (1000, 700), (1920, 1080)])
    @pytest.mark.parametrize("model_size", [96, 299])
    @pytest.mark.parametrize("resize_filter", ["bilinear", "bicubic", "lanczos"])
    def test_largest_difference(
        self,
        picture: Callable[[int, int], Image.Image],
        largest_difference: int,
        picture_size: tuple[int, int],
        model_size: int,
        resize_filter: str,
    ) -> None:
        file = as_file(picture(*picture_size), "JPEG", quality=90)
        scaled, exact = (
            decode(
                file,
                height=model_size,
                width=model_size,
                resize_filter=resize_filter,
                max_pixels=4_000_000,
                scaled_jpeg=scaled_jpeg,
            ).astype(int)
            for scaled_jpeg in (True, False)
        )
        assert np.abs(scaled - exact).max() <= largest_difference

    def test_is_used(self) -> None:
        file = as_file(noise(800, 800), "JPEG")
        assert (decode(file) != decode(file, scaled_jpeg=False)).any()

    def test_is_not_used_where_the_filter_picks_pixels(self) -> None:
        file = as_file(noise(800, 800), "JPEG")
        scaled, exact = (
            decode(file, resize_filter="nearest", scaled_jpeg=scaled_jpeg)
            for scaled_jpeg in (True, False)
        )
        np.testing.assert_array_equal(scaled, exact)

    def test_of_a_lying_picture(self) -> None:
        file = as_file(photograph(800, 400), "JPEG", exif=exif(6))
        scaled, exact = (
            decode(file, height=80, width=40, scaled_jpeg=scaled_jpeg).astype(int)
            for scaled_jpeg in (True, False)
        )
        assert np.abs(scaled - exact).max() <= 8


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
    @pytest.mark.parametrize("image_format", ["PNG", "TIFF", "WEBP", "AVIF"])
    def test_corners(
        self, image_format: str, orientation: int, corners: list[tuple[int, int, int]]
    ) -> None:
        options = {"lossless": True} if image_format == "WEBP" else {}
        file = as_file(four_corners(), image_format, exif=exif(orientation), **options)
        pixels = decode(file)
        shown = [pixels[0, 0], pixels[0, -1], pixels[-1, 0], pixels[-1, -1]]
        np.testing.assert_allclose(shown, corners, atol=8)

    @pytest.mark.parametrize("orientation", range(2, 9))
    def test_same_as_turning_before_resizing(self, orientation: int) -> None:
        file = as_file(noise(60, 40), exif=exif(orientation))
        with Image.open(io.BytesIO(file)) as image:
            upright = ImageOps.exif_transpose(image).resize((9, 7), Image.Resampling.BILINEAR)
        pixels = decode(file, height=7, width=9).astype(int)
        assert np.abs(pixels - np.asarray(upright)).max() <= 1

    @pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
    def test_corrupt_exif_does_not_matter(self) -> None:
        file = as_file(four_corners(), "JPEG", exif=b"Exif\0\0MM\0\x2a\xff\xff\xff\xff")
        assert decode(file).shape == (8, 8, 3)


class TestTransparency:
    """What is transparent is white."""

    @pytest.mark.parametrize("image_format", ["PNG", "WEBP", "GIF", "TIFF", "AVIF"])
    def test_transparent_is_white(self, image_format: str) -> None:
        image = Image.new("RGBA", (40, 30), (255, 0, 0, 0))
        assert decode(as_file(image, image_format))[0, 0].tolist() == list(WHITE)

    def test_half_transparent_is_mixed_with_white(self) -> None:
        image = Image.new("RGBA", (40, 30), (0, 0, 0, 51))
        assert decode(as_file(image))[0, 0].tolist() == [204, 204, 204]

    def test_transparent_palette_entry(self) -> None:
        image = Image.new("P", (40, 30), 0)
        image.putpalette(list(RED + GREEN))
        assert decode(as_file(image, transparency=0))[0, 0].tolist() == list(WHITE)

    def test_same_as_blending_before_resizing(self) -> None:
        image = noise(60, 40)
        image.putalpha(noise(60, 40).getchannel(0))
        white = Image.new("RGBA", image.size, "white")
        blended = Image.alpha_composite(white, image).convert("RGB")
        expected = np.asarray(blended.resize((9, 7), Image.Resampling.BILINEAR))
        pixels = decode(as_file(image), height=7, width=9).astype(int)
        assert np.abs(pixels - expected).max() <= 2

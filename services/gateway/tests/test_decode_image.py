"""What is refused, before it costs memory or time."""

import struct
import zlib

import pytest
from decoding import MAX_FRAMES, decode, noise, png_chunk, png_that_claims
from gateway.errors import BrokenImage, ImageError, ImageTooLarge, UnsupportedImage
from pictures import RED, as_file, plain
from PIL import Image


class TestFormats:
    """Few formats are decoded, told apart by how the file begins."""

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"hello",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"SIMPLE  =                    T",
            b"RIFF\0\0\0\0WAVEfmt ",
            b"%!PS-Adobe-3.0 EPSF-3.0",
            b"\0\0\0\x1cftypheic",
            b"\0\0\x01\0\x01\0",
        ],
        ids=["empty", "text", "SVG", "FITS", "WAV", "EPS", "HEIC", "ICO"],
    )
    def test_others(self, data: bytes) -> None:
        with pytest.raises(UnsupportedImage):
            decode(data)


class TestDamage:
    """A damaged file is told as such, never shown in part."""

    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_truncated(self, image_format: str, share: float) -> None:
        file = as_file(noise(100, 80), image_format)
        with pytest.raises(BrokenImage, match=image_format):
            decode(file[: int(len(file) * share)])

    def test_only_the_beginning_is_an_image(self) -> None:
        with pytest.raises(BrokenImage):
            decode(b"\xff\xd8\xff\xe0" + b"nonsense" * 100)


class TestPixels:
    """More pixels than allowed are refused by what the header claims."""

    def test_more_than_allowed(self) -> None:
        with pytest.raises(ImageTooLarge, match="1000000 pixels"):
            decode(as_file(Image.new("1", (1001, 1000))))

    def test_as_many_as_allowed(self) -> None:
        assert decode(as_file(Image.new("1", (1000, 1000)))).shape == (8, 8, 3)

    @pytest.mark.parametrize("profile", ["standard", "course"])
    def test_claimed_ones_count(self, profile: str) -> None:
        with pytest.raises(ImageTooLarge):
            decode(png_that_claims(2**31 - 1, 2**31 - 1), profile=profile)


class TestFrames:
    """More frames than allowed are refused, without looking at any of them."""

    @pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP", "TIFF", "AVIF"])
    @pytest.mark.parametrize("optimized", [True, False])
    def test_caps(self, image_format: str, optimized: bool) -> None:
        def animation(frames: int) -> bytes:
            # Each frame another, or encoders would join them.
            pictures = [Image.new("RGB", (20, 20), (40 * count, 0, 0)) for count in range(frames)]
            options = {"save_all": True, "optimize": optimized, "append_images": pictures[1:]}
            return as_file(pictures[0], image_format, **options)

        assert decode(animation(MAX_FRAMES)).shape == (8, 8, 3)
        with pytest.raises(ImageTooLarge, match="5 frames"):
            decode(animation(MAX_FRAMES + 1))

    def test_frames_of_a_gif_with_own_colors(self) -> None:
        palettes = [noise(20, 20).quantize(16 + count) for count in range(MAX_FRAMES + 1)]
        file = as_file(palettes[0], "GIF", save_all=True, append_images=palettes[1:])
        with pytest.raises(ImageTooLarge, match="frames"):
            decode(file)

    def test_a_million_frames_take_no_time(self) -> None:
        head = plain(image_format="GIF")[:-1]  # without its end
        frame = b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\0" + b"\x02\x02\x44\x01\0"
        with pytest.raises(ImageTooLarge, match="frames"):
            decode(head + frame * 600_000)

    def test_endless_chain_of_tiff_frames(self) -> None:
        directory = struct.pack("<HHHII", 1, 256, 3, 1, 1) + struct.pack("<I", 8)
        with pytest.raises(ImageError):
            decode(b"II*\0" + struct.pack("<I", 8) + directory)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
class TestMetadata:
    """Absurd metadata costs nothing, whether the picture is used or refused."""

    def test_bomb_in_a_text_chunk(self) -> None:
        text = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9)
        picture = plain(RED)
        file = picture[:33] + png_chunk(b"zTXt", text) + picture[33:]
        with pytest.raises(BrokenImage):
            decode(file)

    def test_bomb_in_a_color_profile(self) -> None:
        profile = b"p\0\0" + zlib.compress(bytes(100_000_000), 9)
        picture = plain(RED)
        with pytest.raises(BrokenImage):
            decode(picture[:33] + png_chunk(b"iCCP", profile) + picture[33:])

    def test_exif_that_points_at_itself(self) -> None:
        # An IFD whose EXIF pointer (0x8769) leads to the IFD itself.
        block = b"Exif\0\0II*\0" + struct.pack("<IHHHIII", 8, 1, 0x8769, 4, 1, 8, 8)
        assert decode(as_file(Image.new("RGB", (20, 20), RED), "JPEG", exif=block))[0, 0, 0] > 250

    def test_tag_that_claims_gigabytes(self) -> None:
        block = b"Exif\0\0II*\0" + struct.pack("<IHHHIII", 8, 1, 0x0112, 3, 2**31, 26, 0)
        assert decode(as_file(Image.new("RGB", (20, 20), RED), "JPEG", exif=block))[0, 0, 0] > 250

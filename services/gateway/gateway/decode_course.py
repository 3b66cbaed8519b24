"""The `course` profile: the numbers of the course's image library, bit for bit.

Its steps (keras-image-helper 0.0.2, base.py): convert to RGB unless it is that, then resize with
NEAREST, whatever the model describes.
"""

from PIL import Image

from gateway.image_input import ImageInput


def to_course(image: Image.Image, target: ImageInput) -> Image.Image:
    """Decode an opened image to RGB of the target's size."""
    if image.mode != "RGB":
        image = image.convert("RGB")
    return image.resize(target.size, Image.Resampling.NEAREST)

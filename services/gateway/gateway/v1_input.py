"""What a caller of /v1 sends: images in one of four forms, and options."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from gateway.bodies import (
    arriving_in_time,
    is_image_file,
    media_type,
    read_body,
    stream_body,
)
from gateway.errors import MalformedRequest, UnsupportedBody
from gateway.limits import Deadline
from gateway.selection import Selection, selection_by_header
from gateway.v1_messages import Options, PredictBody

FORM_FIELD_BYTES = 4096
FORM_OVERHEAD_BYTES = 64 * 2**10  # boundaries, headers and option fields
ACCEPTED = (
    'send {"url": "…"}, {"urls": ["…"]} or {"image_base64": "…"} as application/json, image files'
    " as multipart/form-data, or one as image/* or application/octet-stream"
)

Body = TypeVar("Body", bound=Options)


@dataclass(frozen=True)
class PredictInput:
    """The images, each a URL or a file's bytes; several are answered as a list."""

    images: list[str | bytes]
    is_batch: bool
    options: Options


def selection_of(request: Request, options: Options) -> Selection | None:
    """The version that is asked for by an option or else by header; None: none in particular."""
    if options.version is not None:
        return Selection(version=options.version)
    if options.label is not None:
        return Selection(label=options.label)
    return selection_by_header(request)


class InputReader:
    """Reads requests within its limits."""

    def __init__(self, *, max_image_bytes: int, max_batch_images: int) -> None:
        self._max_image_bytes = max_image_bytes
        self._max_batch_images = max_batch_images

    async def read(self, request: Request, deadline: Deadline) -> PredictInput:
        """The input; raises MalformedRequest, UnsupportedBody, or what `read_body` raises."""
        options = _convert(dict(request.query_params), Options)
        content_type = media_type(request)
        if content_type == "application/json":
            return await self._read_json(request, options, deadline)
        if content_type == "multipart/form-data":
            return await self._read_form(request, options, deadline)
        if is_image_file(content_type):
            image = await read_body(request, self._max_image_bytes, deadline)
            return PredictInput([image], is_batch=False, options=options)
        raise UnsupportedBody(ACCEPTED)

    async def _read_json(
        self, request: Request, options: Options, deadline: Deadline
    ) -> PredictInput:
        data = await read_body(request, self._max_image_bytes, deadline)
        try:
            content = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise MalformedRequest(f"the body is no JSON: {error}") from error
        if not isinstance(content, dict):
            raise MalformedRequest(ACCEPTED)
        body = _convert(msgspec.to_builtins(options) | content, PredictBody, strict=True)
        given = [each for each in (body.url, body.urls, body.image_base64) if each is not None]
        if len(given) != 1:
            raise MalformedRequest("the body must have one of url, urls and image_base64")
        (images,) = given
        if not isinstance(images, list):
            return PredictInput([images], is_batch=False, options=body)
        self._check_count(len(images))
        return PredictInput(list(images), is_batch=True, options=body)

    async def _read_form(
        self, request: Request, options: Options, deadline: Deadline
    ) -> PredictInput:
        max_bytes = self._max_image_bytes + FORM_OVERHEAD_BYTES
        parser = MultiPartParser(
            request.headers,
            stream_body(request, max_bytes),
            max_files=self._max_batch_images,
            max_fields=len(Options.__struct_fields__),
            max_part_size=FORM_FIELD_BYTES,
        )
        parser.spool_max_size = max_bytes  # in memory: the file system is read-only
        try:
            async with arriving_in_time(deadline):
                form = await parser.parse()
        except MultiPartException as error:
            raise MalformedRequest(f"the form can't be read: {error.message}") from error
        parts = form.multi_items()
        images = [await part.read() for _, part in parts if isinstance(part, UploadFile)]
        await form.close()
        if not images:
            raise MalformedRequest("the form has no file")
        fields = {name: part for name, part in parts if isinstance(part, str)}
        options = _convert(msgspec.to_builtins(options) | fields, Options)
        return PredictInput(list(images), is_batch=len(images) > 1, options=options)

    def _check_count(self, count: int) -> None:
        if count > self._max_batch_images:
            raise MalformedRequest(
                f"{count} images are too many for one request; at most {self._max_batch_images}"
            )


def _convert(content: Mapping[str, Any], kind: type[Body], *, strict: bool = False) -> Body:
    """Typed and checked; texts become numbers unless strict. Raises MalformedRequest."""
    try:
        body = msgspec.convert(content, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise MalformedRequest(str(error)) from error
    if body.version is not None and body.label is not None:
        raise MalformedRequest("choose by version or by label, not by both")
    return body

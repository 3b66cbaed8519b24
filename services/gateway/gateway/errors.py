"""What can go wrong with a request, and what the caller is told.

    GatewayError
    ├── RequestError            the request itself
    │   ├── MalformedRequest        not the JSON that is asked for, or no usable URL
    │   ├── BodyTooLarge            more bytes than allowed
    │   ├── MissingApiKey           no valid API key
    │   ├── NotServed               no such model, or no such version of it
    │   ├── SlowRequest             the caller sends its body too slowly
    │   ├── UnsupportedBody         neither JSON nor an image
    │   └── TooManyRequests         more at a time than the gateway takes
    │       └── RateLimited             more in a while than one caller may send
    ├── SourceError             the place that the URL names
    │   ├── ForbiddenSource         an address that the gateway may not contact
    │   ├── SourceRefused           it has no such image for us (4xx, bad redirect, odd answer)
    │   ├── SourceFailed            it can't be reached, or breaks
    │   └── SourceTimeout           it takes too long
    ├── ImageError              the bytes
    │   ├── ImageTooLarge           too many bytes, pixels or frames
    │   ├── UnsupportedImage        a format that isn't decoded
    │   ├── BrokenImage             truncated or corrupt
    │   ├── ImageTooSlow            decoding takes longer than allowed
    │   └── DecoderCrashed          decoding ended the process that did it
    ├── ModelError              the model servers
    │   ├── ModelUnavailable        none answers, or none has room
    │   │   └── ModelChanged            replaced while the image was prepared for the one before
    │   ├── ModelTimeout            no answer in time
    │   ├── ModelRefused            no such model, or not such an input: deployment and model differ
    │   ├── ModelFailed             the model broke
    │   └── ModelMismatch           an answer or a description that makes no sense
    ├── DecoderUnavailable      no process to decode in can be started
    └── DeadlineExceeded        no time is left for the next step

The text of an error is for the caller: it never holds an inner address or what an inner service
said; that is in `__cause__`, for the log.
"""


class GatewayError(Exception):
    """Any error that a caller is told about."""


class RequestError(GatewayError):
    """The request itself is at fault."""


class MalformedRequest(RequestError):
    """The body is not the JSON that is asked for, or its URL can't be used."""


class BodyTooLarge(RequestError):
    """The body has more bytes than allowed."""


class MissingApiKey(RequestError):
    """The request carries no valid API key."""


class NotServed(RequestError):
    """The request asks for a model, or a version of one, that isn't there."""


class SlowRequest(RequestError):
    """The caller did not send its whole body in time."""


class UnsupportedBody(RequestError):
    """The body's content type is neither JSON nor an image."""


class TooManyRequests(RequestError):
    """As many requests as the gateway takes are running already."""


class RateLimited(TooManyRequests):
    """One caller sends more than its rate; after `retry_after_seconds` it may again."""

    def __init__(self, text: str, retry_after_seconds: float) -> None:
        super().__init__(text)
        self.retry_after_seconds = retry_after_seconds


class SourceError(GatewayError):
    """The image could not be downloaded; `source_status` is the HTTP status of its source."""

    def __init__(self, text: str, source_status: int | None = None) -> None:
        super().__init__(text)
        self.source_status = source_status


class ForbiddenSource(SourceError):
    """The URL leads to an address that the gateway may not contact."""


class SourceRefused(SourceError):
    """The source answered, but not with an image for us."""


class SourceFailed(SourceError):
    """The source can't be reached, or breaks while it answers."""


class SourceTimeout(SourceError):
    """The source did not deliver in time."""


class ImageError(GatewayError):
    """The bytes are not an image that can be used."""


class ImageTooLarge(ImageError):
    """More bytes, pixels or frames than allowed."""


class UnsupportedImage(ImageError):
    """The bytes are in no format that the gateway decodes."""


class BrokenImage(ImageError):
    """The image is truncated or corrupt."""


class ImageTooSlow(ImageError):
    """The image takes longer to decode than an image may."""


class DecoderCrashed(ImageError):
    """The process that decoded the image ended over it, by a signal or its memory limit."""


class ModelError(GatewayError):
    """The model servers gave no usable answer."""


class ModelUnavailable(ModelError):
    """No model server answers, or none has room for the request."""


class ModelChanged(ModelUnavailable):
    """The model was replaced by one with another input; the image must be prepared anew."""


class ModelTimeout(ModelError):
    """No model server answered in time."""


class ModelRefused(ModelError):
    """A model server knows no such model or signature, or takes no such input."""


class ModelFailed(ModelError):
    """A model server failed on the request."""


class ModelMismatch(ModelError):
    """The model's answer does not fit its description, or its description makes no sense."""


class DecoderUnavailable(GatewayError):
    """No process to decode in can be started."""


class DeadlineExceeded(GatewayError):
    """The request's time ran out between two of its steps."""

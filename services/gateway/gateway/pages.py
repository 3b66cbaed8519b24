"""The page at / and the API's documentation at /docs: nothing in them is from outside."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gateway.docs_page import render
from gateway.openapi import document

FOLDER = Path(__file__).with_name("page")
CONTENT_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
HEADERS = {
    # Nothing inline and nothing from elsewhere; blob: is for pictures that the page itself holds.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
        " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def page_routes() -> list[Route]:
    """The page, its files, and the documentation."""
    files = {f"/page/{path.name}": path for path in sorted(FOLDER.iterdir())}
    api = document()
    docs = HTMLResponse(render(api), headers=HEADERS)
    return [
        _file("/", files.pop("/page/index.html")),
        *(_file(path, file) for path, file in files.items()),
        _fixed("/docs", docs),
        _fixed("/openapi.json", JSONResponse(api)),
    ]


def _file(path: str, file: Path) -> Route:
    media_type = CONTENT_TYPES[file.suffix]

    async def answer(request: Request) -> Response:
        return FileResponse(file, headers=HEADERS, media_type=media_type)

    return Route(path, answer)


def _fixed(path: str, response: Response) -> Route:
    async def answer(request: Request) -> Response:
        return response

    return Route(path, answer)

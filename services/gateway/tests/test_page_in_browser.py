"""The page at / in a real browser, as a person uses it: by mouse, by keyboard, on a phone."""

import asyncio
import base64
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from harness import Gateway, ImageSource, StartGateway, StartModel
from pictures import plain
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from stub_model import StubModel

Seen = TypeVar("Seen")

WAIT_SECONDS = 20
DESKTOP = (1280, 900)
PHONE = (390, 844)
BLUE = (0, 0, 255)
NEEDED = "needs Debian's packages chromium and chromium-driver, which `make test` installs"
# Puts a file where a mouse would drop it.
DROP = """
const transfer = new DataTransfer();
const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));
transfer.items.add(new File([bytes], "dropped.png", { type: "image/png" }));
document.querySelector("#drop").dispatchEvent(
  new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
"""


class Page:
    """What a person can do and see."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        self.driver.get(url)
        self.wait_for(lambda: "Looking for" not in self.text("#model"))

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return self.find(selector).text

    def choose(self, file: Path) -> None:
        self.find("#file").send_keys(str(file))

    def best(self) -> str:
        """The best class, once there is a result."""
        self.wait_for(lambda: self.find("#result").is_displayed())
        return self.text("#best")

    def classes(self) -> list[tuple[str, str]]:
        """Name and score of each class, in order."""
        items = self.driver.find_elements(By.CSS_SELECTOR, "#classes li")
        return [tuple(item.text.split("\n")) for item in items]  # type: ignore[misc]

    def bars(self) -> list[float]:
        """The width of each bar, as a share of its row."""
        rows = self.driver.find_elements(By.CSS_SELECTOR, "#classes li")
        bars = self.driver.find_elements(By.CSS_SELECTOR, "#classes .bar")
        return [bar.size["width"] / row.size["width"] for bar, row in zip(bars, rows, strict=True)]

    def wait_for(self, happened: Callable[[], Any]) -> None:
        WebDriverWait(self.driver, WAIT_SECONDS, 0.05).until(lambda _: happened())

    def complaints(self) -> list[str]:
        """What the browser has to say of it: scripts that fail, what the policy forbids."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")  # type: ignore[no-untyped-call]
            # Of an answer that is no success, which the page explains to its reader.
            if "the server responded with a status" not in entry["message"]
        ]

    def is_wider_than(self, width: int) -> bool:
        """Of the page itself: a phone's window shrinks what is too wide, until it fits."""
        found = self.driver.execute_script("return document.documentElement.scrollWidth")
        return int(found) > width


@pytest.fixture(scope="module")
def driver() -> Iterator[webdriver.Chrome]:
    """Chromium without a window, with a camera that shows a test picture."""
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    assert chromium, NEEDED
    assert chromedriver, NEEDED
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        *("--headless=new", "--disable-gpu", "--disable-dev-shm-usage"),
        "--no-sandbox",  # it has none for root
        *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(executable_path=chromedriver)
    with webdriver.Chrome(options=options, service=service) as driver:
        yield driver


@pytest.fixture
def page(driver: webdriver.Chrome) -> Iterator[Page]:
    """Of desktop size; the browser must have nothing to complain of when the test is over."""
    set_size(driver, DESKTOP)
    page = Page(driver)
    page.complaints()
    yield page
    assert page.complaints() == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A blue one."""
    file = tmp_path / "blue.png"
    file.write_bytes(plain(BLUE))
    return file


async def in_browser(work: Callable[[], Seen]) -> Seen:
    """Selenium blocks; the gateway answers on this thread meanwhile."""
    return await asyncio.to_thread(work)


def set_size(driver: webdriver.Chrome, size: tuple[int, int]) -> None:
    """Of the page itself, whatever the window has around it."""
    width, height = size
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
    )


class TestPicture:
    """A picture comes in several ways; its classes are shown as bars, with the times."""

    async def test_chosen(self, gateway: Gateway, page: Page, picture: Path) -> None:
        def work() -> tuple[str, list[tuple[str, str]], list[float], str, str]:
            page.open(gateway.url)
            page.choose(picture)
            best = page.best()
            return best, page.classes(), page.bars(), page.text("#times"), page.text("#model")

        best, classes, bars, times, model = await in_browser(work)
        assert best == "blue"
        assert classes == [("blue", "100.0 %"), ("red", "0.0 %"), ("green", "0.0 %")]
        assert bars == pytest.approx([1, 0, 0], abs=0.01)
        assert "decoding" in times
        assert "inference" in times
        assert "colors version 1" in times
        assert model == "colors, version 1, 3 classes"

    async def test_both_pictures_are_shown(
        self, gateway: Gateway, page: Page, picture: Path
    ) -> None:
        def work() -> list[int]:
            page.open(gateway.url)
            page.choose(picture)
            page.best()
            images = [page.find(f"{figure} img") for figure in ("#given", "#seen")]
            page.wait_for(lambda: all(image.get_property("complete") for image in images))
            return [int(str(image.get_property("naturalWidth"))) for image in images]

        given, seen = await in_browser(work)
        assert given > 0
        assert seen == StubModel.width

    async def test_dropped(self, gateway: Gateway, page: Page, picture: Path) -> None:
        def work() -> str:
            encoded = base64.b64encode(picture.read_bytes()).decode()
            page.open(gateway.url)
            page.driver.execute_script(DROP, encoded)
            return page.best()

        assert await in_browser(work) == "blue"

    async def test_from_the_camera(self, gateway: Gateway, page: Page) -> None:
        def work() -> tuple[str, bool]:
            page.open(gateway.url)
            page.find("#camera").click()
            page.wait_for(lambda: page.find("#viewfinder video").get_property("videoWidth"))
            page.find("#shoot").click()
            return page.best(), page.find("#viewfinder").is_displayed()

        best, viewfinder_is_open = await in_browser(work)
        assert best in StubModel.labels
        assert not viewfinder_is_open

    async def test_by_its_address_with_the_keyboard_alone(
        self, gateway: Gateway, page: Page, source: ImageSource
    ) -> None:
        source.image = plain(BLUE)

        def work() -> tuple[str, bool, str]:
            page.open(gateway.url)
            keys = webdriver.ActionChains(page.driver)
            keys.send_keys(Keys.TAB, Keys.TAB, f"{source.url}/image", Keys.ENTER).perform()
            return page.best(), page.find("#given").is_displayed(), page.text("#times")

        best, given_is_shown, times = await in_browser(work)
        assert best == "blue"
        assert not given_is_shown  # only the gateway has seen it
        assert "download" in times


class TestRefusal:
    """The reader is told what is wrong and what to do."""

    async def test_no_picture(self, gateway: Gateway, page: Page, tmp_path: Path) -> None:
        file = tmp_path / "notes.png"
        file.write_text("no picture")

        def work() -> tuple[str, bool]:
            page.open(gateway.url)
            page.choose(file)
            page.wait_for(lambda: "error" in str(page.find("#status").get_attribute("class")))
            return page.text("#status"), page.find("#result").is_displayed()

        status, result_is_shown = await in_browser(work)
        assert "not accepted" in status
        assert "Convert the image to JPEG or PNG." in status
        assert not result_is_shown

    async def test_a_key_is_asked_for(
        self,
        start_model: StartModel,
        start_gateway: StartGateway,
        page: Page,
        picture: Path,
        tmp_path: Path,
    ) -> None:
        keys = tmp_path / "keys"
        keys.mkdir()
        (keys / "somebody").write_text("0123456789abcdef")
        variables = {"GATEWAY_REQUIRE_API_KEY": "true", "GATEWAY_API_KEYS_DIR": str(keys)}
        gateway = await start_gateway(await start_model(StubModel()), **variables)

        def work() -> tuple[str, str]:
            page.open(gateway.url)
            page.choose(picture)
            page.wait_for(lambda: page.find("#key").is_displayed())
            page.wait_for(lambda: "key" in page.text("#status"))
            refused = page.text("#status")
            page.find("#key").send_keys("0123456789abcdef")
            page.choose(picture)
            return refused, page.best()

        refused, best = await in_browser(work)
        assert "A valid API key is required" in refused
        assert best == "blue"


class TestModels:
    """Where there are several, one is chosen."""

    async def test_choice(
        self, start_model: StartModel, start_gateway: StartGateway, page: Page, picture: Path
    ) -> None:
        other = await start_model(StubModel(name="light", labels=("r", "g", "b")))
        gateway = await start_gateway(
            await start_model(StubModel()), GATEWAY_MORE_MODELS=f"light=ipv4:127.0.0.1:{other}"
        )
        await gateway.until_lists("light")

        def work() -> tuple[str, str]:
            page.open(gateway.url)
            page.find("#model-choice option[value=light]").click()
            page.choose(picture)
            return page.best(), page.text("#model")

        best, model = await in_browser(work)
        assert best == "b"
        assert model.startswith("light")

    async def test_none_where_there_is_one(self, gateway: Gateway, page: Page) -> None:
        await in_browser(lambda: page.open(gateway.url))
        assert not await in_browser(lambda: page.find("#model-choice").is_displayed())


class TestWidth:
    """Nothing has to be scrolled sideways."""

    @pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
    async def test_page_and_documentation(
        self, gateway: Gateway, page: Page, picture: Path, size: tuple[int, int]
    ) -> None:
        def work() -> list[bool]:
            set_size(page.driver, size)
            page.open(gateway.url)
            page.choose(picture)
            page.best()
            of_page = page.is_wider_than(size[0])
            page.driver.get(f"{gateway.url}/docs")
            return [of_page, page.is_wider_than(size[0])]

        assert await in_browser(work) == [False, False]

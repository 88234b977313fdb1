"""Lesson 00 in a real browser, as `make lab` opens it."""

import requests
from playwright.sync_api import expect

from tests.browser.notebook_page import NotebookPage
from tests.labs import RunningLab


def test_the_lab_opens_on_the_first_lesson_and_every_cell_runs(
    page: NotebookPage, lab: RunningLab
) -> None:
    opens_with_its_contents_beside(page)
    renders_cells_when_needed(lab)
    page.run_all()
    # What a client without the lesson's logger says, shown on purpose.
    (raw,) = page.errors()
    assert "FAIL|rdkafka" in raw
    said = " ".join(page.outputs.all_inner_texts())
    assert "3 brokers, a controller and Kinesis answer" in said
    assert "The flight went through Kafka. Its offset is 0" in said
    assert "The flight went through Kinesis:" in said
    assert "Exercise 0.1: not yet" in said
    page.screenshot("00-run")


def opens_with_its_contents_beside(page: NotebookPage) -> None:
    contents = page.page.locator(".jp-TableOfContents")
    expect(contents).to_be_visible()
    expect(contents).to_contain_text("Can Kafka carry it?")
    expect(page.page.locator(".jp-Toolbar-kernelName")).to_have_text("Streaming workbook")
    expect(page.page.locator(".Toastify__toast")).to_have_count(0)
    page.screenshot("00-opened")


def renders_cells_when_needed(lab: RunningLab) -> None:
    server, _, token = lab.url.partition("?token=")
    server = server[: server.index("/lab")]
    answer = requests.get(
        f"{server}/lab/api/settings/@jupyterlab/notebook-extension:tracker",
        headers={"Authorization": f"token {token}"},
        timeout=30,
    )
    assert answer.json()["schema"]["properties"]["windowingMode"]["default"] == "defer"

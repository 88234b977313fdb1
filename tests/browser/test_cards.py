"""Cards as a student works them: a guess kept and forgotten, a solution copied."""

from playwright.sync_api import expect

from helpers.course.exercises import solution_code
from tests.browser.looks import THEMES, WITHIN_MS, faults, press_key
from tests.browser.notebook_page import NotebookPage

_NUMBER = """
import helpers.course.predictions
helpers.course.predictions._DOUBLE_CLICK = 0.0  # presses follow one another at once here
predict("8.1")"""


def test_a_guess_is_kept_told_and_forgotten(page: NotebookPage) -> None:
    page.run("begin(")
    choices = page.run("predict(")
    page.page.locator('button[title="Yes"]:visible').dblclick()
    expect(choices).to_contain_text("Your guess is kept: Yes")

    page.write("view.nodes()", _NUMBER)
    number = page.run('predict("8.1")')
    field = number.locator("input:visible")
    field.fill("about three")
    press_key(page, field, "Enter")
    expect(number).to_contain_text("This is no clear number of seconds: type one such as")
    page.screenshot("cards-open")
    field.fill("3,5 s")
    # The click leaves the field, too, which says the same once more.
    number.locator('button[title="Keep this guess"]').click()
    expect(number).to_contain_text("Your guess is kept: 3.5 seconds.")
    expect(field).to_have_count(0)

    page.write('predict("8.1")', 'reveal("8.1", 2.934)  # the outcome')
    outcome = page.run("# the outcome")
    expect(outcome).to_contain_text(
        "Your guess of 3.5 seconds is close enough: "
        "0.6 above the result, which is 2.9 seconds."
    )
    for theme in THEMES:
        page.theme(theme)
        page.screenshot(f"cards-outcome-{theme.split()[1].lower()}")
        assert faults(page) == []
    outcome.locator('button[title="Guess again"]').press("Enter")
    expect(outcome).to_contain_text("The guess is forgotten.")
    choices.locator('button[title="Guess again"]').press("Enter")
    expect(choices.locator('button[title="Yes"]')).to_be_visible()


def test_a_solution_below_the_verdict_is_copied_with_the_keyboard(
    page: NotebookPage,
) -> None:
    page.run("begin(")
    page.run("flights.day(8)[0]")
    page.run("create_topics(")
    card = page.run('check("0.1")')
    for title, said in (("Hint 1 of 2", "Hint 1:"), ("Hint 2 of 2", "Hint 2:")):
        page.press(title)
        expect(card).to_contain_text(said, timeout=WITHIN_MS)
    page.press("Solution")
    for said in ("not yet", "did you flush?", "Hint 1:", "Hint 2:", "A solution:"):
        expect(card).to_contain_text(said, timeout=WITHIN_MS)
    page.press("Copy")
    expect(card.locator('button[title="Copy"]')).to_have_text("Copied")
    for theme in THEMES:
        page.theme(theme)
        card.locator("pre").last.scroll_into_view_if_needed()
        page.screenshot(f"cards-solution-{theme.split()[1].lower()}")
        assert faults(page) == []

    page.page.evaluate("document.execCommand = () => false")
    page.press("Copy")
    expect(card.locator('button[title="Copy"]')).to_contain_text("Press Ctrl+C")
    page.cell("# Exercise 0.1").locator(".cm-content").click()
    page.page.keyboard.press("Control+A")
    page.page.keyboard.press("Control+V")
    pasted = page.cell("second = flights.day(8)[1]").locator(".cm-line")
    assert pasted.all_inner_texts() == solution_code("0.1").splitlines()

"""Lesson 11 in a real Lab: as a student, and from top to bottom."""

from playwright.sync_api import expect

from tests.browser.conftest import Opener

RIGHT = """# Exercise 11.1
for one in flights.day(8):
    producer.produce(departed, value=serialize(vars(one), context))
producer.flush(20)"""
TO_THE_EXERCISE = (
    "begin(",
    "departed = create",
    "producer = Producer(lesson",
    "as_json = ",
    "flight_v1 = {",
)


def test_lesson_11_as_a_student(open_page: Opener) -> None:
    page = open_page("11_serialization", 1280, 800)
    for marker in TO_THE_EXERCISE:
        page.run(marker)
    question = page.run('"11.1",')
    question.locator("input").first.fill("60")
    page.press("Keep this guess")
    expect(question).to_contain_text("Your guess is kept: 60 bytes")
    page.run("def to_avro")
    page.run("registry = lesson.registry")
    page.run("serialize = AvroSerializer(registry")

    wrong = RIGHT.replace("serialize(vars(one), context)", "one.to_json()")
    page.write("# Exercise 11.1", wrong)
    page.run("# Exercise 11.1")
    card = page.run('check("11.1")')
    expect(card).to_contain_text("JSON, as to_json() makes it")
    page.press("Hint 1 of 2")
    expect(card).to_contain_text("made the framed bytes of one flight")
    page.screenshot("11-hint")

    page.write("# Exercise 11.1", RIGHT)
    page.run("# Exercise 11.1")
    expect(page.run('check("11.1")')).to_contain_text("Exercise 11.1: passed")
    page.screenshot("11-passed")

"""Answers from a file, or from somebody at a terminal."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import yaml
from rich.console import Console
from rich.prompt import Prompt
from rich.text import Text

from local.errors import LocalError
from local.new_stack.checking import is_of, problems_of, told
from local.new_stack.document import stack_file_text
from local.new_stack.questions import QUESTIONS, Question, asked

_NAMES = list(dict.fromkeys(question.name for question in QUESTIONS))


def from_file(stack: str, file: Path) -> dict[str, str]:
    """Raises `LocalError` with everything that is wrong with the answers."""
    try:
        content = yaml.safe_load(file.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise LocalError(f"ANSWERS={file}: can't be read: {reason}") from error
    if not isinstance(content, dict):
        raise LocalError(f"ANSWERS={file}: must map questions to answers, such as `kind: eks`")
    given = {str(name): _as_typed(answer) for name, answer in content.items()}
    wrong = [_unknown(name) for name in given if name not in _NAMES]
    answers: dict[str, str] = {}
    for question in asked(answers):
        answer = given.get(question.name)
        if answer is None and question.default is None:
            wrong.append(f"{question.name} is not answered: {question.text}")
        elif answer is not None and question.choices and answer not in question.choices:
            wrong.append(f"{question.name} = {answer}: must be {_or(question)}")
            break  # what else is asked depends on it
        answers[question.name] = question.assumed(answers) if answer is None else answer
    if not wrong:
        wrong = list(_refused(stack, answers))
    if wrong:
        raise LocalError("\n  ".join([f"ANSWERS={file}:", *wrong]))
    return answers


def from_terminal(stack: str, console: Console) -> dict[str, str]:
    """Each answer is checked before the next question. Raises `EOFError` where the input ends."""
    answers: dict[str, str] = {}
    for question in asked(answers):
        while True:
            answers[question.name] = _ask(question, answers, console)
            problems = problems_of(stack, stack_file_text(stack, answers))
            own = [told(problem) for problem in problems if is_of(problem, question)]
            if question.default is None and not answers[question.name]:
                own = ["an answer is needed", *own]
            if not own:
                break
            for text in own:
                console.print(Text(f"  {text}", style="red"))
            del answers[question.name]
    return answers


def _ask(question: Question, answers: dict[str, str], console: Console) -> str:
    default = None if question.default is None else question.default(answers)
    text = Text(question.text)
    if default == "":
        text.append(" [none]", style="prompt.default")
    answer = Prompt.ask(
        text,
        console=console,
        choices=list(question.choices) or None,
        show_choices=False,  # the text tells them
        default=default if default is not None else "",
        show_default=bool(default),
    )
    return answer.strip()


def _refused(stack: str, answers: dict[str, str]) -> Iterator[str]:
    """By the program's settings, with the question that each problem is about."""
    for problem in problems_of(stack, stack_file_text(stack, answers)):
        about = [question.name for question in asked(answers) if is_of(problem, question)]
        yield f"{', '.join(about) or 'together'}: {told(problem)}"


def _as_typed(answer: object) -> str:
    """A list in the file is one on a line at the terminal; numbers and nothing are text."""
    if isinstance(answer, list):
        return ", ".join(str(item) for item in answer)
    return "" if answer is None else str(answer)


def _unknown(name: str) -> str:
    nearest = difflib.get_close_matches(name, _NAMES, n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(_NAMES)}"
    return f"{name} is no question; {hint}"


def _or(question: Question) -> str:
    return " or ".join(question.choices)

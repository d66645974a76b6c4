"""`motcua form`: what an author of forms does on the command line."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from server.features.forms import trying
from server.features.forms.expressions import ExpressionError
from server.features.forms.expressions.scope import FUEL, Exhausted
from server.features.forms.form import parse
from server.features.forms.xlsform import Compiled, Problem, compiled

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
LANGUAGE: Final = click.option(
    "--language", type=click.Choice(["vi", "en"]), default="en", help="The language of messages."
)


@click.group(help="Forms: check a spreadsheet, publish it, list and export what is published.")
def form() -> None:
    """Group the commands."""


@form.command(help="Check spreadsheets; say what is wrong at which sheet, row and column, or what is in the form.")
@click.argument("files", nargs=-1, required=True, type=FILE)
@LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="Print the compiled form as JSON.")
def check(files: tuple[Path, ...], language: str, as_json: bool) -> None:
    """Exit 1 when a spreadsheet has errors."""
    failed = False
    for file in files:
        began = time.perf_counter()
        found = compiled(file.read_bytes(), file.name)
        took = time.perf_counter() - began
        tell(found, language, name=file.name)
        failed = failed or bool(found.errors)
        if as_json and found.form is not None:
            click.echo(json.dumps(found.form, ensure_ascii=False, indent=2))
        click.echo(f"{file.name}: {_verdict(found)} ({took * 1000:.0f} ms)")
    if failed:
        sys.exit(1)


def tell(found: Compiled, language: str, *, name: str) -> None:
    """Print a line for each problem, as compilers do: where, how bad, what."""
    for kind, problems in (("error", found.errors), ("warning", found.warnings)):
        for problem in problems:
            click.echo(_line(problem, kind, language, name), err=kind == "error")


def _line(problem: Problem, kind: str, language: str, name: str) -> str:
    where = str(problem.place)
    return f"{name}: {where + ': ' if where else ''}{kind}: {problem.message(language)} [{problem.code}]"


def _verdict(found: Compiled) -> str:
    if found.form is None:
        return f"{len(found.errors)} errors, {len(found.warnings)} warnings"
    form = parse(found.form)
    shape = f"{form.code} {form.version}: {len(form.pages)} pages, {len(form.questions)} questions"
    if found.obstacles:
        return f"{shape}, {len(found.warnings)} warnings; not to be published before {len(found.obstacles)} are mended"
    return f"{shape}, {len(found.warnings)} warnings; ready to publish"


@form.command("eval", help="Say what EXPRESSION gives for the answers of a file, as when a form asks it.")
@click.argument("expression")
@click.option("--answers", type=FILE, help="JSON: {question: answer, repeat: [{question: answer}, ...]}.")
@click.option("--at", default="", help="The place that asks, as children[2]/name; it is what '.' stands for.")
@click.option("--now", help="When it is asked, as 2026-11-22T10:30; now, if not said.")
@click.option("--timezone", default="Asia/Ho_Chi_Minh", help="The city's time zone: a name, or as +07:00.")
def evaluate(expression: str, answers: Path | None, at: str, now: str | None, timezone: str) -> None:
    """Print the value; what is wrong with the expression stands below its place."""
    try:
        given = json.loads(answers.read_text()) if answers else {}
        if not isinstance(given, dict):
            raise ValueError(f"expected {answers} to hold an object of answers by question")
        moment, offset = trying.moment(now, timezone, clock=datetime.now(UTC))
        click.echo(trying.shown(trying.tried(expression, given, at=at, now=moment, offset=offset)))
    except ExpressionError as error:
        raise click.ClickException(f"{error}\n  {expression}\n  {' ' * error.at}^") from error
    except Exhausted as error:
        steps = f"expected at most {FUEL:,} steps, got more: in a form this counts as the empty text"
        raise click.ClickException(steps) from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error

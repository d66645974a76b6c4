"""What a row of the table of functions says. `table.ts` is its twin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from server.features.forms.expressions.values import Scalar

ANY: Final = 1_000  # arguments: as many as an expression can have


@dataclass(frozen=True, slots=True)
class Function:
    """A function of expressions.

    `takes` has a letter for each argument, which is converted before the call: `t` text, `d` number, `b` boolean, `v`
    whatever value it has; `n` must be a reference and gives its nodes; `T` and `D` are the texts or numbers of all its
    nodes, or the one of a plain value; the last letter goes on for further arguments. `framed` calls get the frame
    first. `of_this` means that without an argument it is about the answer at hand. `objection` says what is wrong with
    constant arguments (None stands for one that is not constant). Without `call`, closures.py knows the function.
    """

    takes: str
    call: Callable[..., Scalar] | None
    least: int
    most: int
    framed: bool = False
    of_this: bool = False
    paired: bool = False
    refuses: Callable[[Sequence[str | float | None]], str | None] | None = None

    def fits(self, count: int) -> bool:
        """Whether it takes so many arguments."""
        least = 0 if self.of_this else self.least
        return least <= count <= self.most and (not self.paired or (count - self.least) % 2 == 0)

    @property
    def arguments(self) -> str:
        """How many arguments it takes, in words."""
        if self.least == self.most:
            return str(self.least)
        return f"at least {self.least}" if self.most == ANY else f"{self.least} to {self.most}"

    def kinds(self, count: int) -> str:
        """Return the letters of `takes` for so many arguments."""
        return (self.takes + self.takes[-1:] * count)[:count]

    def objection(self, constants: Sequence[str | float | None]) -> str | None:
        """Say what is wrong with the constant arguments, if anything is."""
        return None if self.refuses is None else self.refuses(constants)


def function(
    takes: str,
    call: Callable[..., Scalar] | None = None,
    *,
    least: int | None = None,
    most: int | None = None,
    framed: bool = False,
    of_this: bool = False,
    paired: bool = False,
    refuses: Callable[[Sequence[str | float | None]], str | None] | None = None,
) -> Function:
    """Make a row: it takes exactly the arguments of `takes`, unless `least` or `most` say otherwise."""
    count = len(takes)
    return Function(
        takes=takes,
        call=call,
        least=count if least is None else least,
        most=count if most is None else most,
        framed=framed,
        of_this=of_this,
        paired=paired,
        refuses=refuses,
    )

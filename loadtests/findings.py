"""What an audit found."""

from __future__ import annotations

from dataclasses import dataclass, field

_MOST = 20


@dataclass
class Findings:
    """What was counted, and each thing that should be otherwise."""

    counts: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note a fault unless `holds`."""
        if not holds:
            self.faults.append(otherwise)

    def text(self) -> str:
        """Say it as Markdown."""
        lines = [f"- {name}: {count}" for name, count in self.counts.items()]
        lines += [f"- **FAULT**: {fault}" for fault in self.faults[:_MOST]]
        if len(self.faults) > _MOST:
            lines.append(f"- and {len(self.faults) - _MOST} faults more")
        return "\n".join([*lines, "", "The audit failed." if self.faults else "All of it holds."])

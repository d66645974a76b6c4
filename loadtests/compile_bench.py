"""How long the forms of the catalogue take to compile: `python -m loadtests.compile_bench`.

Each spreadsheet is compiled in this process, with pyxform's second opinion, as an officer's upload is. The processor's
time is what a quiet machine takes; the time on the clock is what it took here, beside whatever else was running.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from statistics import median

from server.features.forms.form import parse
from server.features.forms.publishing import CATALOGUE
from server.features.forms.xlsform import compiled
from sync import canonical

ROW = "{:26} {:>9} {:>6} {:>10} {:>10} {:>9} {:>9}"


def main() -> None:
    """Print a line for each form, the sum, and what `motcua form check` takes for all of them from its start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is compiled; the median counts")
    rounds = parser.parse_args().rounds
    paths = sorted(CATALOGUE.glob("*.xlsx"))
    print(ROW.format("spreadsheet", "bytes", "pages", "questions", "json", "cpu ms", "clock ms"))
    total_cpu = total_clock = 0.0
    for path in paths:
        data = path.read_bytes()
        taken: list[tuple[float, float]] = []
        for _ in range(rounds):
            cpu, clock = time.process_time(), time.perf_counter()
            found = compiled(data, path.name)
            taken.append(((time.process_time() - cpu) * 1000, (time.perf_counter() - clock) * 1000))
        form = parse(found.form)
        cpu, clock = median(each for each, _ in taken), median(each for _, each in taken)
        total_cpu, total_clock = total_cpu + cpu, total_clock + clock
        size = len(canonical.encode(found.form))
        pages, questions = len(form.pages), len(form.questions)
        print(ROW.format(path.stem, len(data), pages, questions, size, f"{cpu:.0f}", f"{clock:.0f}"))
    print(ROW.format(f"{len(paths)} forms", "", "", "", "", f"{total_cpu:.0f}", f"{total_clock:.0f}"))
    clock = time.perf_counter()
    command = [sys.executable, "-c", "from server.cli import main; main()", "form", "check", *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True)
    print(f"motcua form check, all of them, from its start: {time.perf_counter() - clock:.2f} s on the clock")


if __name__ == "__main__":
    main()

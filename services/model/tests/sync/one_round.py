"""`python one_round.py SOURCE TARGET MUTANT`: a round with one of its promises broken."""

import sys
from pathlib import Path

from model.sync.folder_source import FolderSource
from model.sync.round import Plan, run_round
from model.sync.sources import Sources
from sync.mutants import MUTANTS

if __name__ == "__main__":
    source, target, mutant = sys.argv[1:]
    disk = MUTANTS[mutant]()
    run_round(Plan(sources=Sources([FolderSource(Path(source))]), target=Path(target), disk=disk))

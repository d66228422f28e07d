"""`python -m planner`: the command, where it is not on the path."""

from planner.cli import main

main()

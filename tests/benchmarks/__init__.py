"""What is measured, never asserted: `make bench`, or `python -m tests.benchmarks [NAME …]`."""

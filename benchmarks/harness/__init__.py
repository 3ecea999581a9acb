"""The harness of `make bench`: starts the contenders, measures them side by side, writes the report."""

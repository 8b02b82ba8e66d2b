"""`make bench`: how fast, how small, against limits measured in the same run. See docs/bench.md."""

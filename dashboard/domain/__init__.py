"""What the numbers are and what they mean: pure, no Django, no I/O; `now` is always an argument."""

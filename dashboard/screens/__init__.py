"""TVs: pairing, what each shows in turn, the page they run, and whether they still paint."""

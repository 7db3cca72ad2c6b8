"""The emulated company's tickets: the same people and customers as the calls, and the clocks of their service agreements."""

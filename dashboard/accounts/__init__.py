"""People, screens and programs: who is looking, and at what they may look. Keys and passwords are kept as digests and hashes only."""

"""The only door to the vendor: httpx lives here and nowhere else. Questions go in as feeds, readings or SourceErrors come out."""

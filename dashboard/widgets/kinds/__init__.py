"""One file a kind of widget, each with a `KIND`."""

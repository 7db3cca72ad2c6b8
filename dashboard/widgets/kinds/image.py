"""A picture that somebody uploaded: a logo, a photo of the week."""

from __future__ import annotations

from dashboard.widgets.kind import Form, Group, Kind, Option

KIND = Kind(
    name="image",
    label="Image",
    about="A picture: a logo, a plan of the floor.",
    group=Group.BOARD,
    size=(6, 5),
    least=(2, 2),
    options=(
        Option("image", "Picture", Form.IMAGE, default=""),
        Option("about", "What it shows, for people who cannot see it", Form.TEXT, default="", most=200),
        Option("fit", "Fit", Form.CHOICE, default="contain", choices=(("contain", "All of it"), ("cover", "Fill the tile"))),
    ),
)

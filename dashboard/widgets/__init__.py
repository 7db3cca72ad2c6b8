"""The kinds of tiles: what each can be told, what it needs, what it adds to a frame. One file a kind; `registry` knows them all.

Pure like the domain that it stands on: no Django, no I/O. How a tile looks is `static/js/widgets/<kind>.js` and
`static/css/widgets/<kind>.css`; nothing else has to know a new kind."""

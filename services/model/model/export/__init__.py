"""`python -m model export`: a Keras image model becomes a version that TF Serving can load.

One way through, each step a module:

    sources/        the user's file or folder → a Network
    image_input     does it take pictures, and of which size
    preprocessing   what happens to pixels, in the graph and, as the reference, in Keras
    reference       Keras's own prediction of some pictures
    savedmodel      graph, signatures and description → files
    warmup          the requests that a server replays before it answers
    verify, replay  the files, loaded by another process, against that prediction
    contract        what callers may rely on, for the preview of a deployment
    place           the version's number and name, complete or not at all

`pipeline` is their order, `command` the user's side of it, `builtin` the digits model.
"""

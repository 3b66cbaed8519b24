"""Whether a server answers as TensorFlow Serving does: a table of requests and expected answers.

    reference_model -> a server, ours or a genuine one -> target (how to ask it)
    subject (what it serves) -> *_cases (the table) -> run

The table can be pointed at any address. With another model than the reference model only the rows
that any model can answer are asked.
"""

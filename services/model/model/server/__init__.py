"""The embedded model server: a stand-in for tensorflow/serving where that image can't be pulled.

Same flags, gRPC services and error texts, on TensorFlow's Python runtime. A request's way:

    main -> app -> services -> predict -> registry (which version) -> servable (TensorFlow)

A version's way onto it:

    config -> manager -> worker (one thread per model) -> versions (which are wanted)
           -> policy (what to load or unload next) -> servable -> registry

Sources of the behaviour are cited as files of github.com/tensorflow/serving at 2.20.
Not served: REST, Classify, Regress, MultiInference, batching, TLS, monitoring, profiler, warm-up.
"""

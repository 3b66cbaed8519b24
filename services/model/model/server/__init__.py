"""The embedded model server: a stand-in for tensorflow/serving where that image can't be pulled.

Same flags, services, metrics and error texts, on TensorFlow's Python runtime. A request's way:

    services (gRPC) or rest -> inference -> registry (which version)
        -> predict, classify, regress or multi_inference -> servable (TensorFlow) or batching

A version's way onto it:

    config -> manager -> worker (one thread per model) -> versions (which are wanted)
           -> policy (what to load or unload next) -> loader (load, batch, warm up) -> registry

main and app put it together from the flags.

Sources of the behaviour are cited as files of github.com/tensorflow/serving at 2.20.
Deliberately different: SIGTERM drains; inputs' shapes are checked before the run, so that a wrong
request can't spoil the batch it is in; base paths are local folders. Not there: TensorFlow Lite,
the profiler, ALTS, custom platforms, TensorFlow's own metrics.
"""

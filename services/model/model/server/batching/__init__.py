"""Several requests run as one (batching/README.md of TF Serving).

parameters (from the flags' file) -> scheduler (queues and the threads they share)
a request -> servable -> a queue -> a thread -> merge -> one run -> split -> its answer
"""

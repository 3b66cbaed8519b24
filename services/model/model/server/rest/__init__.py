"""REST: the same answers as gRPC, as JSON, and the metrics page.

server (sockets, threads) -> handler -> paths (what is asked)
                                     -> json_tensors or json_examples (body to message)
                                     -> inference -> json_answers (message to body)
"""

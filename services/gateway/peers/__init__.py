"""What stands around a gateway while `bench.gateway` measures it: each a process of its own."""

"""`make simulate STACK=dev`: a stack on EKS lived through from end to end, without an account.

The engine and the program are genuine. AWS is pretended by the stand-ins of local/plugins, and the
cluster that they hand out is a local Kubernetes, whose objects, pods and volumes are real.
"""

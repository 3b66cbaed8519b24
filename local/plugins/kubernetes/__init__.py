"""Stand-in for the genuine `pulumi-resource-kubernetes` plugin: see README.md in this folder."""

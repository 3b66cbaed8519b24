"""Stand-in for the genuine `pulumi-resource-aws` plugin: see README.md in this folder."""

"""Stand-in for the genuine `pulumi-resource-eks` plugin: see README.md in this folder."""

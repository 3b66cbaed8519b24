"""Stand-in for the genuine `pulumi-resource-docker-build` plugin: see README.md of aws."""

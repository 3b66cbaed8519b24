"""Stand-ins for Pulumi provider plugins that can't be had on this machine."""

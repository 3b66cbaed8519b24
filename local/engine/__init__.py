"""The Pulumi engine on the stack `local`, through the Automation API."""

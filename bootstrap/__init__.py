"""What teams share before the first stack: where state is kept, and who may change what from CI."""

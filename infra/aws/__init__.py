"""What a stack has in AWS, outside of its cluster."""

"""What a stack may say of its part in AWS."""

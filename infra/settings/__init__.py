"""What a stack may say of itself: types, bounds, and rules between settings."""

"""The gateway as the machine learning course builds it, to compare with."""

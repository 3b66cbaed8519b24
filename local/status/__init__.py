"""`make status`: data (`snapshot`), where it comes from (`collect`), how it looks (`view`)."""

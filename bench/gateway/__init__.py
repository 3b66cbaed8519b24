"""The gateway beside the course's design, and beside the least that either must do."""

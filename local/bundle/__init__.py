"""`make bundle`: logs and state in one archive, to attach to a bug report, without secrets."""

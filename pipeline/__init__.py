"""What the workflows in .github/workflows/ run beside Pulumi itself.

Uses the standard library alone: a job that may write to GitHub installs nothing.
"""

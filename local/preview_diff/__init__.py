"""`make preview-diff BASE=main`: what a change does to the stacks in AWS, without an account.

The genuine engine brings the base up with stand-ins that pretend, then plans the head on top of
that state: updates, replacements and deletions are its own, and so are their reasons.
"""

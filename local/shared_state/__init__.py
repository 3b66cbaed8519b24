"""`make bootstrap`: what all stacks share, pretended without an account, made with one."""

"""What a job says before it fails."""


class PipelineError(Exception):
    """A message for whoever reads the job's log: what is wrong, and what to do."""

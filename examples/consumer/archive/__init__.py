"""The program's parts: settings, what is read of the serving stack, the job."""

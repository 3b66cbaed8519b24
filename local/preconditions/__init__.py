"""What must be so before `make up` touches anything; `make doctor` shows the same checks."""

"""Pages that are made from the code, so that they can't be out of date: `make docs`."""

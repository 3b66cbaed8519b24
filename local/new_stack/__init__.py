"""`make new-stack NAME=`: a few questions, and a stack file that the program takes."""

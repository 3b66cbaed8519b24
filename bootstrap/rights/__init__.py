"""What the roles of CI may do in AWS: derived from what the program in infra/ makes."""

"""The policy pack: rules that every stack keeps."""

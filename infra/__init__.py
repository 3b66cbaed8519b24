"""The Pulumi program: settings in, a stack of the image classification service out."""

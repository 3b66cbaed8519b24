"""The values that options of an export can take, and their defaults."""

# Those of keras.applications.imagenet_utils.preprocess_input, by which Keras's own networks were
# trained, and two more: what the network takes.
PREPROCESSING_MODES = {
    "tf": "-1 to 1",
    "torch": "0 to 1, then ImageNet's mean and deviation",
    "caffe": "BGR minus ImageNet's mean",
    "rescale": "0 to 1",
    "none": "0 to 255, the model does the rest itself",
}
CHANNEL_ORDERS = ("rgb", "bgr")
RESIZE_FILTERS = ("nearest", "bilinear", "bicubic", "lanczos")
DEFAULT_FILTER = "bilinear"
PRECISIONS = ("bfloat16", "float16")
DEFAULT_MAX_BATCH = 16
KERAS_SUFFIXES = (".keras", ".h5", ".hdf5")

"""How pods and nodes find each other: labels, the taint of GPU nodes, the GPU as a resource.

The same for the node groups that the program makes and for nodes that are there already.
"""

NODE_GROUP_LABEL = "serving/node-group"  # on every node of a group: its name

# Without this label or Node Feature Discovery the device plugin runs nowhere, and says nothing:
# https://github.com/NVIDIA/k8s-device-plugin, deployments/helm/nvidia-device-plugin/values.yaml.
GPU_PRESENT_LABEL = "nvidia.com/gpu.present"
GPU_PRESENT = "true"
# The cluster autoscaler then waits for the plugin of a new node in the place of adding another:
# https://github.com/kubernetes/autoscaler, cluster-autoscaler/cloudprovider/aws/README.md.
ACCELERATOR_LABEL = "k8s.amazonaws.com/accelerator"

GPU_RESOURCE = "nvidia.com/gpu"
GPU_TAINT_KEY = "nvidia.com/gpu"
GPU_TAINT_VALUE = "true"
# One effect, two spellings: of Kubernetes (and the autoscaler's tags), and of EKS's own API.
NO_SCHEDULE = "NoSchedule"
EKS_NO_SCHEDULE = "NO_SCHEDULE"

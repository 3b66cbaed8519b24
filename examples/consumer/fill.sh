#!/bin/sh
# Copies a folder of images onto the datasets volume, by a pod that mounts it for that long.
set -eu

usage() {
    cat <<'USAGE'
usage: pulumi stack output --stack dev --json | fill.sh FOLDER [NAME]

Copies the files of FOLDER onto the datasets volume of an image-serving stack, into the folder NAME
[incoming]. Reads the stack's outputs, and needs kubectl with the cluster as its current context,
jq and tar.
USAGE
}

fail() {
    echo "fill.sh: $1" >&2
    exit 1
}

case "${1:-}" in
-h | --help) usage && exit 0 ;;
'') usage >&2 && exit 2 ;;
esac
folder=$1
name=${2:-incoming}
[ -d "$folder" ] || fail "$folder: no such folder"
for tool in jq kubectl tar; do
    command -v "$tool" >/dev/null || fail "$tool is needed"
done
outputs=$(cat)

output() {
    printf '%s' "$outputs" | jq -er --arg name "$1" '.[$name] // "" | select(. != "")' ||
        fail "output \`$1\` is missing or empty: has the stack a datasets volume?"
}

namespace=$(output namespace)
claim=$(output datasets_claim)
image=$(output gateway_image)
pod=datasets-fill-$$

# Of an EBS volume one node has hold at a time: the pod is gone before a job starts elsewhere.
trap 'kubectl delete pod "$pod" --namespace "$namespace" --ignore-not-found >/dev/null' EXIT
trap 'exit 130' INT TERM
kubectl apply --filename - >/dev/null <<POD
apiVersion: v1
kind: Pod
metadata: {name: $pod, namespace: $namespace, labels: {app.kubernetes.io/name: datasets-fill}}
spec:
  restartPolicy: Never
  activeDeadlineSeconds: 3600
  terminationGracePeriodSeconds: 0
  automountServiceAccountToken: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: fill
      image: $image
      command: [sleep, infinity]
      resources:
        requests: {cpu: 10m, memory: 32Mi}
        limits: {cpu: 500m, memory: 256Mi}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts: [{name: datasets, mountPath: /datasets}]
  volumes: [{name: datasets, persistentVolumeClaim: {claimName: $claim}}]
POD
kubectl wait "pod/$pod" --namespace "$namespace" --for=condition=Ready --timeout=5m >/dev/null ||
    fail "the pod that mounts the volume did not start: kubectl describe pod -n $namespace"
kubectl exec "$pod" --namespace "$namespace" -- mkdir -p "/datasets/$name"
tar --create --directory "$folder" --file - . |
    kubectl exec --stdin "$pod" --namespace "$namespace" -- \
        tar --extract --no-same-owner --no-same-permissions --touch \
        --directory "/datasets/$name" --file -
echo "$folder is $name on the volume $claim of $namespace"

"""Classifies a folder of the datasets volume through another team's service, and says where."""

import pulumi
import pulumi_kubernetes as kubernetes

from archive.classification import Classification, ClassificationArgs
from archive.serving import read_serving
from archive.settings import load_settings

settings = load_settings()
serving = read_serving(settings.serving)
cluster = kubernetes.Provider("cluster", kubeconfig=serving.kubeconfig)

classification = Classification(
    "classification",
    ClassificationArgs(
        serving=serving,
        images=settings.images,
        table=settings.table,
        run=settings.run,
        api_key=settings.api_key,
    ),
    pulumi.ResourceOptions(providers=[cluster]),
)

pulumi.export("job", classification.job_name)
pulumi.export("table", settings.table)
pulumi.export(
    "show_table",
    pulumi.Output.format("kubectl logs -n {0} job/{1}", serving.namespace, classification.job_name),
)

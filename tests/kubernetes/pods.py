#!/usr/bin/env python3
"""Makes the pods that workloads would make: a list of workloads in (JSON), a list of Pods out."""
import json
import sys

pods = []
for workload in json.load(sys.stdin)["items"]:
    # A CronJob makes Jobs, which make the pods.
    spec = workload["spec"].get("jobTemplate", workload)["spec"]
    pod = spec["template"]
    name = f"{workload['kind']}-{workload['metadata']['name']}".lower()
    pods.append({"apiVersion": "v1", "kind": "Pod", "metadata": {**pod["metadata"], "name": name}, "spec": pod["spec"]})
    # A claim of a StatefulSet becomes a volume of its pod.
    for claim in spec.get("volumeClaimTemplates", []):
        volume = {"name": claim["metadata"]["name"], "persistentVolumeClaim": {"claimName": claim["metadata"]["name"]}}
        pod["spec"].setdefault("volumes", []).append(volume)
json.dump({"apiVersion": "v1", "kind": "List", "items": pods}, sys.stdout)

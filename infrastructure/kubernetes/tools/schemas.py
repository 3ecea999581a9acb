#!/usr/bin/env python3
"""Writes the JSON schemas of Kubernetes' types for kubeconform: one file for each type, with the name that it expects.

usage: schemas.py KUBERNETES_VERSION FOLDER_OF_DEFINITIONS FOLDER_OF_SCHEMAS

Its own types come from the package kubernetes-validate, all others from definitions of custom resources.
"""
import importlib.util
import json
import pathlib
import sys

import yaml

# These keywords restrict values further, and list only some of the fields.
RESTRICTIONS = {"allOf", "anyOf", "oneOf", "not"}


def strict(schema: object) -> object:
    """The schema as Kubernetes applies it with strict field validation: unknown fields are errors."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("x-kubernetes-int-or-string"):
        return {"oneOf": [{"type": "string"}, {"type": "integer"}]}
    result = {key: value if key in RESTRICTIONS else strict(value) for key, value in schema.items()}
    open_ended = "additionalProperties" in schema or schema.get("x-kubernetes-preserve-unknown-fields")
    if isinstance(schema.get("properties"), dict) and not open_ended:
        result["additionalProperties"] = False
    return result


def custom_resources(file: pathlib.Path) -> dict[str, object]:
    """File names and schemas of the types that FILE defines."""
    schemas = {}
    for definition in yaml.safe_load_all(file.read_text()):
        # A release also contains policies that protect the definitions.
        if not definition or definition["kind"] != "CustomResourceDefinition":
            continue
        spec = definition["spec"]
        for version in spec["versions"]:
            schema = version["schema"]["openAPIV3Schema"]
            schema["properties"] |= {
                "apiVersion": {"type": "string"},
                "kind": {"type": "string"},
                "metadata": {"type": "object"},
            }
            group = spec["group"].split(".")[0]
            schemas[f"{spec['names']['kind']}-{group}-{version['name']}.json".lower()] = strict(schema)
    return schemas


def built_in(version: str) -> dict[str, object]:
    """File names and schemas of Kubernetes' own types, which refer to one file with all definitions."""
    package = importlib.util.find_spec("kubernetes_validate").submodule_search_locations[0]
    schemas = {}
    for file in pathlib.Path(package, "kubernetes-json-schema", f"v{version}-local-strict").glob("*.json"):
        # The schemas refer to each other by URL; here the files are in the same folder.
        schema = json.loads(file.read_text().replace('"/api/_definitions.json#', '"_definitions.json#'))
        schema.pop("$id", None)
        schemas[file.name] = schema
    return schemas


def main() -> None:
    version, source, target = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    schemas = built_in(version)
    for file in sorted(source.rglob("*.yaml")):
        schemas |= custom_resources(file)
    target.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas.items():
        (target / name).write_text(json.dumps(schema))


main()

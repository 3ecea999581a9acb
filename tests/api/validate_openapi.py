#!/usr/bin/env python3
"""Validates an OpenAPI document and the examples in it.

usage: validate_openapi.py DOCUMENT REPORT

Checks DOCUMENT against the OpenAPI 3.1 specification, and each example of a schema against that
schema, with an implementation that is not ours. Writes the outcome to REPORT as JUnit XML; exits
with 1 when a check failed. Needs infrastructure/native/requirements-openapi.txt.
"""
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator


def checks(document: dict) -> dict[str, Callable[[], list[str]]]:
    """The checks by name; each returns a list of problems."""

    def specification() -> list[str]:
        return [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()]

    def examples(name: str) -> list[str]:
        # The reference makes "#/components/..." within the schema resolve against the document.
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        return [f"{example}: {error.message}"
                for example in document["components"]["schemas"][name]["examples"]
                for error in validator.iter_errors(example)]

    result = {"follows the OpenAPI specification": specification}
    for name, schema in document["components"]["schemas"].items():
        if "examples" in schema:
            result[f"examples of {name} are valid"] = lambda name=name: examples(name)
    return result


def main() -> int:
    document = json.loads(pathlib.Path(sys.argv[1]).read_text())
    suite = ElementTree.Element("testsuite", name="OpenAPI document")
    failed = False
    for name, check in checks(document).items():
        case = ElementTree.SubElement(suite, "testcase", name=name)
        problems = check()
        if problems:
            failed = True
            ElementTree.SubElement(case, "failure").text = "\n".join(problems)
            print(f"{name}: FAILED", *problems, sep="\n  ")
    ElementTree.ElementTree(suite).write(sys.argv[2], encoding="utf-8", xml_declaration=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

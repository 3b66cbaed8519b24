"""CloudWatch's filter patterns, the part that the program uses, applied to a log line.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
"""

import json
import operator
import re
from typing import Any

TERM = re.compile(r'\(\$\.(?P<path>[\w.]+) (?P<sign>=|!=|>=) (?P<value>"[^"]*"|\d+)\)')
SIGNS = {"=": operator.eq, "!=": operator.ne, ">=": operator.ge}


def matches(pattern: str, event: dict[str, Any]) -> bool:
    inside = re.fullmatch(r"\{ (.*) \}", pattern)
    assert inside, pattern
    terms = inside[1].split(" && ")
    return all(_holds(term, event) for term in terms)


def _holds(term: str, event: dict[str, Any]) -> bool:
    match = TERM.fullmatch(term)
    assert match, term
    value: Any = event
    for part in match["path"].split("."):
        if part not in value:
            return False
        value = value[part]
    return bool(SIGNS[match["sign"]](value, json.loads(match["value"])))

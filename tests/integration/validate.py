#!/usr/bin/env python3
"""validate.py SCHEMA: every line of standard input is JSON that fits the schema."""
import json, sys
import jsonschema

schema = json.load(open(sys.argv[1]))
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
validator = validator(schema)
count = 0
for number, line in enumerate(sys.stdin, 1):
    if not line.strip():
        continue
    count += 1
    for error in validator.iter_errors(json.loads(line)):
        sys.exit(f"line {number}: {error.message} at {list(error.path)}\n{line}")
if not count:
    sys.exit("no line to validate")

"""What other files of a chart have to do with a finding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processes import lint, write

from xops_lint.config import Value
from xops_lint.languages.go_conditions import unmet
from xops_lint.languages.yaml import read

VALUES = "image: {repository: churn, tag: latest}\nlogs: {enabled: false, kind: file}\nempty: []\nrole: ''\nport: 0\n"
TEMPLATE = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      containers:
        - name: serve
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        {{- if .Values.logs.enabled }}
        - name: log
          image: logs:main
        {{- end }}
"""


def values() -> Value:
    return read(VALUES).documents[0]


@pytest.mark.parametrize(
    ("condition", "route"),
    [
        ("{{ if .Values.logs.enabled }}", "logs.enabled"),
        ("{{- if $.Values.logs.enabled -}}", "logs.enabled"),
        ("{{ if .Values.absent }}", "absent"),
        ("{{ if .Values.global.absent }}", None),
        ("{{ if not .Values.logs.enabled }}", None),
        ("{{ if not .Values.image }}", "image"),
        ("{{ if and .Values.image .Values.logs.enabled }}", "image"),
        ("{{ if or .Values.image .Values.logs.enabled }}", None),
        ('{{ if eq .Values.logs.kind "file" }}', None),
        ('{{ if eq .Values.logs.kind "table" }}', "logs.kind"),
        ('{{ if (ne .Values.logs.kind "file") }}', "logs.kind"),
        ("{{ if .Capabilities.APIVersions.Has .Values.absent }}", None),
        ("{{ if .Values.absent | default true }}", None),
        ("{{ with .Values.role }}", "role"),
        ("{{ range .Values.empty }}", "empty"),
        ("{{ if .Values.port }}", "port"),
        ("{{ if .Values.image }}a{{ else }}", "image"),
        ("{{ if .Values.logs.enabled }}a{{ else }}", None),
        ("{{ if .Values.logs.enabled }}a{{ else if .Values.absent }}", "absent"),
        ("{{ if .Values.absent }}a{{ end }}", None),
        ("{{/* if .Values.absent */}}", None),
    ],
)
def test_a_condition_is_met_or_not(condition: str, route: str | None) -> None:
    found = unmet(condition + "here", len(condition), values())

    assert (found and found.route) == route


def chart(folder: Path) -> Path:
    write(folder, "Chart.yaml", "apiVersion: v2\nname: churn\nversion: 0.1.0\n")
    write(folder, "values.yaml", VALUES)
    write(folder, "templates/serve.yaml", TEMPLATE)
    return folder


def test_findings_tell_where_a_value_is_put_and_what_keeps_a_part_out(tmp_path: Path) -> None:
    found = json.loads(lint(chart(tmp_path), "check", "--select", "XOP332", "--output-format", "json").stdout)
    related = {
        each["filename"]: [(one["filename"], one["location"]["row"], one["message"]) for one in each["related"]]
        for each in found
    }

    assert related == {
        "templates/serve.yaml": [("values.yaml", 2, "decides by default that this is left out")],
        "values.yaml": [("templates/serve.yaml", 10, "`.Values.image.tag` is put here")],
    }

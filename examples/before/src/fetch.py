"""Fetches the customers from the export of the data team."""

from pathlib import Path

import requests

URL = "https://raw.githubusercontent.com/example-telco/data/main/customers.csv"

Path("data").mkdir(exist_ok=True)
Path("data/customers.csv").write_bytes(requests.get(URL).content)

import json
import os
import random
import time
import urllib.error
import urllib.request
import uuid

PORTAL = "@portal@"
AGAIN = {429, 500, 502, 503, 504}


def post(path, body, key=None):
    """Send a body; try again what may pass later, under one key, so that it happens once."""
    headers = {
        "Authorization": f"Bearer {os.environ['TOKEN']}",
        "Content-Type": "application/json",
        "Idempotency-Key": key or str(uuid.uuid4()),
    }
    for attempt in range(6):
        request = urllib.request.Request(PORTAL + path, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            if refusal.code not in AGAIN:
                return json.load(refusal)
            wait = float(refusal.headers.get("Retry-After") or 2**attempt)
        except urllib.error.URLError:
            wait = 2**attempt
        time.sleep(wait + random.random())
    raise RuntimeError("The portal does not answer.")


if __name__ == "__main__":
    answer = post("/api/check-email", {"email": "jean.dupont@acme.com"})
    print(answer["status"])

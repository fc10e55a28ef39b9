"""A remote system in a process of its own: keeps every POST, says what it has, answers slowly when told.

GET /count → how often anything arrived; GET /has/<id> → 200 or 404; GET /all → the bodies;
POST /?wait=S → S seconds pass between keeping and answering.
"""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

kept = []


class Remote(BaseHTTPRequestHandler):
    def do_POST(self):
        kept.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        time.sleep(float(parse_qs(urlsplit(self.path).query).get("wait", ["0"])[0]))
        self.answer(201, {})

    def do_GET(self):
        name = self.path.strip("/")
        if name.startswith("has/"):
            there = any(item["id"] == name[4:] for item in kept)
            self.answer(200 if there else 404, {})
        else:
            self.answer(200, len(kept) if name == "count" else kept)

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_line):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Remote)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()

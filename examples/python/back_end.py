"""The back end of a small site: it enters its user, and hands the user's page tokens. The caller key stays here."""

import json
import os
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

API, KEY = os.environ.get("API", "http://127.0.0.1:3000"), os.environ["CALLER_KEY"]
# A real site takes the user from its own session, never from the page's request.
USER = {"userId": os.environ.get("USER_ID", "10010001"), "userName": "Tom", "tenantSpaceId": "202007159031"}
CALLS = {  # what the page asks for: the call that is made, and the members of its answer that a page needs
    "/sign-in": ("PUT", "/users", {**USER, "status": "active"}, ["userId", "userName"]),
    "/enterprise-token": ("POST", "/enterprise-tokens", USER, ["thirdUserData", "expiresIn"]),
    "/access-token": ("POST", "/access-tokens", {**USER, "scopes": ["chat-token:issue", "chat:relay"]}, ["accessToken", "expiresIn"]),
}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        """None: else the key would go wherever a redirect points."""


OPENER = urllib.request.build_opener(NoRedirect)


def call(method, path, body):
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    request = urllib.request.Request(API + path, json.dumps(body).encode(), headers, method=method)
    try:
        with OPENER.open(request, timeout=10) as answer:
            return answer.status, json.load(answer), answer.headers
    except urllib.error.HTTPError as refusal:
        return refusal.code, members_of(refusal.read()), refusal.headers
    except OSError:  # no connection, or no answer in time
        return 503, {}, {}


def members_of(text):
    try:
        return json.loads(text)
    except ValueError:  # not of the API but of something before it
        return {}


class Site(BaseHTTPRequestHandler):
    def do_POST(self):
        if self.path not in CALLS:
            return self.reply(404, {"message": "unknown path"})
        method, path, body, members = CALLS[self.path]
        status, answer, headers = call(method, path, body)
        if status in (200, 201):
            return self.reply(200, {member: answer[member] for member in members})
        print(f"{path}: {status} {answer.get('code')} {headers.get('x-request-id')}", file=sys.stderr)  # never the key, never a body
        if status == 429:  # the page waits so many seconds
            return self.reply(429, {"message": "too many calls"}, headers.get("retry-after", "1"))
        if status >= 500:  # the page tries again after a few seconds; x-request-id is what to quote
            return self.reply(503, {"message": "no tokens now"}, "5")
        self.reply(500, {"message": "refused"})  # 401: the key is wrong or has ended. Trying again does not help: an operator reads the log.

    def reply(self, status, body, retry_after=None):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Cache-Control", "no-store")
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8081"))), Site).serve_forever()

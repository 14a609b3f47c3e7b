"""A headless Chromium, driven over WebDriver (W3C) by the standard library alone."""

import base64
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """A session of chromedriver; `with` ends it."""

    def __init__(self):
        self.driver = subprocess.Popen(
            [shutil.which("chromedriver"), "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        port = next(
            line.split()[-1].rstrip(".") for line in self.driver.stdout if "started successfully on port" in line
        )
        self.base = f"http://127.0.0.1:{port}"
        arguments = ["--headless=new", "--window-size=1280,900", "--hide-scrollbars", "--disable-gpu",
                     "--force-device-scale-factor=1", "--no-first-run", "--disable-dev-shm-usage"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        capabilities = {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": shutil.which("chromium"), "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        try:
            said = self.send("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        except Exception:
            self.driver.terminate()
            raise
        self.base += f"/session/{said['sessionId']}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.send("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()

    def send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as wrong:
            told = json.load(wrong)["value"]
            raise AssertionError(f"{method} {path}: {told['error']}: {told['message'].splitlines()[0]}") from None

    def open(self, url):
        self.send("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """The value of a function body, which may await."""
        whole = f"const done = arguments[arguments.length - 1]; (async (...a) => {{ {script} }})(...[...arguments].slice(0, -1))" \
                ".then((value) => done({value}), (wrong) => done({wrong: String(wrong && wrong.stack || wrong)}));"
        said = self.send("POST", "/execute/async", {"script": whole, "args": list(arguments)})
        if "wrong" in said:
            raise AssertionError(said["wrong"])
        return said.get("value")

    def find(self, selector):
        return self.send("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def text(self, selector):
        return self.send("GET", f"/element/{self.find(selector)}/text")

    def click(self, selector):
        self.send("POST", f"/element/{self.find(selector)}/click", {})

    def type(self, selector, text):
        """Types in place of what is there, key by key."""
        element = self.find(selector)
        self.send("POST", f"/element/{element}/clear", {})
        self.send("POST", f"/element/{element}/value", {"text": text})

    def keys(self, *keys):
        """Presses keys where the focus is."""
        actions = [one for key in keys for one in ({"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})]
        self.send("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def wait(self, what, script, *arguments, seconds=10):
        """Waits until a function body gives something true, and gives it."""
        until = time.monotonic() + seconds
        while True:
            value = self.run(script, *arguments)
            if value:
                return value
            if time.monotonic() > until:
                raise AssertionError(f"waited in vain: {what}")
            time.sleep(0.02)

    def size(self, width, height):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def command(self, name, **parameters):
        return self.send("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def picture(self, path):
        image = base64.b64decode(self.send("GET", "/screenshot"))
        with open(path, "wb") as file:
            file.write(image)
        return len(image)

    def logs(self):
        """What the console has said since it was last asked."""
        return self.send("POST", "/se/log", {"type": "browser"})

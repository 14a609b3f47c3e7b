"""The page at `/` in a real browser. Started by `tests/page/run`, which says what it needs."""

import json
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

from browser import Browser

BINARY = os.environ["USER_PATCH"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMES = ("light", "dark")
ARROW_RIGHT, ARROW_LEFT, TAB, END = "\ue014", "\ue012", "\ue004", "\ue010"
# What must not run wherever a value is put in.
SCRIPT = "<img src=x onerror='document.title=\"broken into\"'><script>document.title=\"broken into\"</script>"


def setUpModule():
    global server, log, origin, browser
    log = tempfile.NamedTemporaryFile()
    server = subprocess.Popen([BINARY, "serve", "--addr", "127.0.0.1:0"], stderr=log)
    for _ in range(500):
        with open(log.name) as lines:
            found = re.search(r"listening addr=(\S+)", lines.read())
        if found:
            break
        time.sleep(0.02)
    origin = f"http://{found[1]}"
    browser = Browser()
    browser.__enter__()


def tearDownModule():
    browser.__exit__()
    server.terminate()
    server.wait()
    log.close()


def get(path):
    with urllib.request.urlopen(origin + path) as answer:
        return answer.headers, answer.read()


class Page(unittest.TestCase):
    def setUp(self):
        self.begin("")

    def tearDown(self):
        said = [entry for entry in browser.logs() if entry["level"] != "DEBUG"]
        self.assertEqual(said, [], "the console is silent")
        self.assertNotIn("broken into", browser.run("return document.title"))

    def begin(self, fragment):
        # From elsewhere, so that the fragment alone is no reason to stay.
        browser.open("about:blank")
        browser.size(1280, 900)
        browser.command("Emulation.setEmulatedMedia", features=[])
        browser.open(f"{origin}/{fragment}")
        browser.wait("the page", "return 'ready' in document.documentElement.dataset")
        browser.run("window.broken = []; addEventListener('securitypolicyviolation', (e) => broken.push(e.violatedDirective))")
        self.verdict()

    def verdict(self, expected=None):
        """The verdict, where `expected` is said once it has come."""
        script = """const v = document.querySelector('#verdict').textContent;
            return document.querySelector('#answer').ariaBusy === 'false' && (!a[0] || v.includes(a[0])) && v"""
        try:
            return browser.wait("the verdict", script, expected)
        except AssertionError:
            raise AssertionError(f"expected {expected!r}, the page says {browser.text('#verdict')!r}") from None

    def put(self, selector, value):
        """Sets a field at once, as a paste does."""
        browser.run("const e = document.querySelector(a[0]); e.value = a[1]; e.dispatchEvent(new Event('input', {bubbles: true}));",
                    selector, value)

    def settle(self):
        """Waits until what has been put in is what is answered."""
        self.verdict()

    def texts(self, selector):
        return browser.run("return [...document.querySelectorAll(a[0])].map((e) => e.textContent)", selector)

    def code(self, name):
        return browser.run("return document.querySelector(`#request pre[aria-label=${a[0]}]`).textContent", name)

    # What is typed.

    def test_what_is_typed_is_decided(self):
        browser.type("#body", '{"role": "admin"}')
        self.verdict("Accepted: 1 member changes")
        self.assertEqual(self.texts("#changes tbody tr > *"), ["/role", '"user"', '"admin"'])
        self.assertEqual(self.texts("#patches pre"), ['{"role":"admin"}', '{"role":"user"}'])
        self.assertTrue(browser.text("#reply pre").startswith("HTTP 200"))
        browser.type("#body", '{"role": "root"}')
        self.verdict("Refused with 400: 1 violation")
        self.assertEqual(self.texts("#marks mark"), ['"role": "root"'])
        self.assertIn("The user's role: admin, user, contributor, inference-user, or custom.", browser.text("#violations q"))
        self.assertEqual(browser.text("#violations .foot code"), "fireworks.role.known")
        self.assertEqual(self.texts("#changes:not([hidden])"), [])
        browser.type("#body", '{"role": "root"')
        self.verdict("Refused")
        self.assertIn("column 16", browser.text("#violations .message"))

    def test_a_refusal_has_its_headers(self):
        browser.click("[value=elastic]")
        self.verdict("Refused with 400: 2 violations")
        self.assertIn("x-cloud-error-codes: user.", browser.text("#reply pre"))

    def test_each_switch_of_a_policy_is_offered_and_asked(self):
        headers, body = get("/-/policies")
        for vendor, switches in json.loads(body).items():
            browser.click(f"[value={vendor}]")
            self.settle()
            browser.run("document.querySelector('#policy-part').open = true")
            self.assertEqual(self.texts("#policy code"), [switch["key"] for switch in switches])
            for switch in switches:
                for value in ["7"] if switch["number"] else [json.dumps(value) for value in switch["values"][1:]]:
                    self.put(f"#policy [name={switch['key']}]", value)
                    wanted = f'"policy":{{"{switch["key"]}":{value}}}'
                    browser.wait(wanted, "return new URLSearchParams(document.querySelector('#link').hash.slice(1)).get('context')?.includes(a[0])", wanted)
                    self.assertNotIn("Cannot be asked", self.verdict())
                self.put(f"#policy [name={switch['key']}]", json.dumps(switch["values"][0]))
        self.put("#policy [name=maxDepth]", "deep")
        self.verdict("Cannot be asked: the context")

    def test_a_context_is_asked(self):
        self.put("#body", '{"role": "user", "serviceAccount": true}')
        self.verdict("Accepted")
        self.put("#context [name=admin]", "false")
        self.verdict("Refused with 403")
        self.put("#context [name=admin]", "true")
        self.put("#context [name=now]", "1800000000.5")
        self.verdict("Accepted")
        self.assertIn("/updateTime", self.texts("#changes tbody th"))
        self.put("#context [name=now]", "yesterday")
        self.verdict("Cannot be asked: the context")

    def test_a_mask_is_asked(self):
        self.put("#body", '{"displayName": "Al"}')
        self.verdict("Refused")
        self.put("#mask", "displayName")
        self.verdict("Accepted: 1 member changes")
        self.put("#mask", "nick")
        self.verdict("Refused")
        self.assertEqual(browser.run("return document.querySelector('#mask').getAttribute('aria-invalid')"), "true")
        self.assertEqual(self.texts("#marks mark"), [])

    def test_a_user_that_is_no_json_is_told_where(self):
        self.put("#user", '{"role": "user",\n}')
        self.verdict("Cannot be asked: the user: line 2, column 1")
        self.assertEqual(self.texts("#user-marks mark"), ["}"])
        # What would be further members of the request is no user.
        self.put("#user", '{"role": "user"}, "op": "check", "x": {}')
        self.verdict("Cannot be asked: the user: line 1, column 17")
        self.put("#user", '{"role": 1}')
        self.verdict("Cannot be asked: the user:")

    def test_digits_are_kept(self):
        browser.click("[value=trusted-twin]")
        self.settle()
        self.put("#body", '{"description": {"n": 123456789012345678901234567890.10}}')
        self.verdict("Accepted")
        for selector in ("#changes tbody tr:last-child td:last-child", "#reply pre", "#patches pre"):
            self.assertIn("123456789012345678901234567890.10", self.texts(selector)[0])

    def test_a_mark_lies_where_its_text_is(self):
        body = json.dumps({"role": "user", "n" * 30: "é😀" * 300, "nick": "a\tb" * 99, "unknown": [1, 2]}, ensure_ascii=False, indent=2)
        for width in (1280, 360):
            browser.size(width, 800)
            self.put("#body", body)
            self.settle()
            self.assertEqual(len(self.texts("#marks mark")), 3)
            inside, lines, copy = browser.run("""const field = document.querySelector('#body'), copy = document.querySelector('#marks');
                return [field.clientWidth === copy.clientWidth, field.scrollHeight - field.clientHeight, copy.textContent]""")
            self.assertTrue(inside)
            self.assertLessEqual(lines, 1, "the field shows each of its lines")
            self.assertEqual(copy, body + "\n")
        browser.click("#violations .show")
        span = browser.run("const f = document.activeElement; return f.value.slice(f.selectionStart, f.selectionEnd)")
        self.assertIn(span, self.texts("#marks mark"))

    def test_marks_keep_up_with_what_is_typed(self):
        marks = browser.run("""
            const field = document.querySelector('#body');
            const at = field.value.indexOf('"nickname"');
            field.value = `${field.value.slice(0, at)}\n"email": "", ${field.value.slice(at)}`;
            field.dispatchEvent(new Event('input', { bubbles: true }));
            const copy = document.querySelector('#marks');
            return [copy.textContent === `${field.value}\n`, ...[...copy.querySelectorAll('mark')].map((one) => one.textContent)];""")
        self.assertEqual(marks, [True, '"permissionPreset": "inference-read-only"', '"nickname": "Al"'])
        moved = browser.run("""
            const { moved } = await import('/-/page/marks.js');
            return [moved([[1, 3], [5, 6]], 'abcdefg', 'abcXdefg'), moved([[1, 3]], 'abcd', 'abXcd'), moved([[0, 1]], 'aa', 'a'), moved([[0, 4]], 'abcd', '')]""")
        self.assertEqual(moved, [[[1, 3], [6, 7]], [], [[0, 1]], []])

    def test_columns_count_as_the_library_counts(self):
        for body in ('{"é😀": "ü", "b"}', '{"a":\n\n  "é😀é", x}', '{"role": "user"} 😀', '"\\ud800"', "[1,]", ""):
            self.put("#body", body)
            self.settle()
            told = browser.text("#violations .message").split(" at line ")
            if len(told) == 2:
                self.assertEqual(browser.text("#violations .show"), f"line {told[1].replace(' column', ', column')}", body)

    # The reader of JSON.

    def test_the_reader_is_that_of_the_browser(self):
        wrong = browser.run("""
            const { read, short, long, names, find, place, offset } = await import('/-/page/json.js');
            let seed = a[0];
            // Mulberry32.
            const random = (n) => {
              seed = (seed + 0x6d2b79f5) | 0;
              let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
              mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
              return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
            };
            const met = new Set();
            const pick = (list) => list[random(list.length)];
            const good = ['0', '-0', '1.50', '1e400', 'true', 'null', '"a"', '"\\\\u00e9/~"', '"é😀"', '""', '120'];
            const bad = ['01', '1.', '-', 'nul', '"\\\\x"', '"\\t"', "'", '+1', '.5', '\\u00a01', '"\\\\u12"', '1e', '{', '"'];
            const value = (depth) => {
              const kind = depth ? random(4) : 0;
              if (kind < 2) return pick(random(16) ? good : bad);
              const items = Array.from({ length: random(4) }, () => value(depth - 1));
              const space = () => pick(['', ' ', '\\n', '\\t\\r']);
              if (kind === 2) return `[${items.map((one) => space() + one + space()).join(',')}]`;
              return `{${items.map((one) => `${pick(random(16) ? ['"a"', '"b/~"', '""'] : ['a', '"c":'])}${space()}:${one}`).join(',')}}`;
            };
            let taken = 0;
            for (let round = 0; round < 30000; round += 1) {
              let text = value(3);
              if (random(8) === 0) { const at = random(text.length + 1); text = text.slice(0, at) + pick(['', ',', '}', '"', ' ']) + text.slice(at + random(2)); }
              if (met.has(text)) continue;
              met.add(text);
              let parsed, isJson = true;
              try { parsed = JSON.parse(text); } catch { isJson = false; }
              const { root, fault } = read(text);
              if (isJson !== Boolean(root)) return `${text}: ${JSON.stringify(fault)}`;
              if (fault && (fault.at < 0 || fault.at > text.length)) return `${text}: ${fault.at}`;
              if (!isJson) { if (offset(text, place(text, fault.at).line, place(text, fault.at).column) > fault.at) return `place in ${text}`; continue; }
              taken += 1;
              for (const same of [short(text), long(text)]) if (JSON.stringify(JSON.parse(same)) !== JSON.stringify(parsed)) return `${text} became ${same}`;
              const walk = (node, is) => {
                if (JSON.stringify(JSON.parse(text.slice(node.start, node.end))) !== JSON.stringify(is)) return false;
                if (node.kind === 'array') return node.items.every((item, at) => walk(item, is[at]));
                // The last of a name is the one that the browser keeps.
                return node.kind !== 'object' || node.items.every((item) => node.items.findLast(({ name }) => name === item.name) !== item || walk(item, is[item.name]));
              };
              if (!walk(root, parsed)) return `spans of ${text}`;
            }
            if (taken < 2000 || met.size - taken < 2000) return `only ${taken} of ${met.size} were JSON`;
            const deep = '['.repeat(200000) + ']'.repeat(200000);
            if (!read(deep).root || read(deep.slice(1)).root) return 'deep';
            const doc = '{"a/b":{"m~n":[10,{"":1}]},"a/b":2}';
            const at = (pointer) => { const { nodes, missing } = find(read(doc).root, pointer); return `${missing}:${nodes.map((n) => doc.slice(n.start, n.end))}`; };
            const told = [at('/a~1b'), at('/a~1b/m~0n/1/'), at('/a~1b/x'), at('/a~1b/m~0n/01'), at('')];
            const wanted = ['false:{"m~n":[10,{"":1}]},2', 'false:1', 'true:{"m~n":[10,{"":1}]},2', 'true:[10,{"":1}]', `false:${doc}`];
            return told.every((one, at) => one === wanted[at]) ? '' : JSON.stringify(told);
        """, random.Random(7).randrange(1, 1 << 30))
        self.assertEqual(wrong, "")

    # The link.

    def test_a_link_holds_it_all(self):
        browser.click("[value=trusted-twin]")
        self.settle()
        self.put("#body", '{"name": "A & B #1 +%", "description": {"é": 😀}}\n')
        self.put("#context [name=trace]", "a b&c")
        self.put("#context [name=roles]", "[]")
        self.put("#context [name=now]", "1700000000.123")
        self.put("#policy [name=subcode]", '"number"')
        self.put("#policy [name=maxBytes]", "null")
        self.settle()
        self.verdict("Refused")
        link, line, shown = browser.run("return document.querySelector('#link').href"), self.code("batch"), self.texts("#answer")
        self.assertTrue(link.startswith(f"{origin}/#"), "what is in the fragment is sent to nobody")
        self.begin("#" + link.split("#", 1)[1])
        self.settle()
        self.assertEqual(self.code("batch"), line)
        self.assertEqual(self.texts("#answer"), shown)
        self.assertEqual(browser.run("return document.querySelector('#link').href"), link)
        self.assertIn('"roles":[]', line)
        self.assertIn('"now":1700000000.123', line)
        # A link that is followed while the page is open.
        browser.run("location.hash = a[0]", "#" + urllib.parse.urlencode({"vendor": "fireworks", "user": '{"role":"user"}', "body": "{}", "mask": "role"}))
        self.verdict("Refused")
        self.assertEqual(self.texts("#violations .foot code"), ["fireworks.role.required"])
        self.assertEqual(browser.run("return document.querySelector('#mask').value"), "role")

    def test_what_is_copied_is_whole(self):
        browser.command("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"], origin=origin)
        self.put("#body", json.dumps({"x" * 30_000: 1}))
        self.verdict("Refused")
        for selector, wanted in ((".link .copy", browser.run("return document.querySelector('#link').href")),
                                 ("#request .block:nth-child(2) .copy", None)):
            browser.click(selector)
            browser.wait("the copy", "return document.querySelector(a[0]).textContent === 'Copied'", selector)
            copied = browser.run("return navigator.clipboard.readText()")
            if wanted:
                self.assertEqual(copied, wanted)
        self.assertEqual(json.loads(copied)["patch"], {"x" * 30_000: 1})
        self.assertIn("more characters", self.code("batch"))

    def test_a_link_by_anybody_does_no_harm(self):
        for fragment in ("#vendor=__proto__&body=x", "#vendor=elastic", "#%%%", "#vendor=fireworks&context=[1]&user={}",
                         "#" + urllib.parse.urlencode({"vendor": "fireworks", "user": '{"role":"user"}', "body": "{}", "mask": SCRIPT,
                                                       "context": json.dumps({"now": SCRIPT, "policy": {"role": SCRIPT, SCRIPT: SCRIPT, "__proto__": 1}})})):
            self.begin(fragment)
        self.verdict("Cannot be asked: the context")
        self.assertEqual(browser.run("return document.images.length + document.querySelectorAll('body script').length"), 0)

    # The request in other languages.

    def test_curl_asks_the_same(self):
        for vendor, count in (("fireworks", 7), ("trusted-twin", 4), ("elastic", 4)):
            browser.click(f"[value={vendor}]")
            for at in range(count):
                self.put("#example", str(at))
                self.settle()
                # The stand-in's user is in another state after an update: only what is refused is asked as it is.
                command = self.code("curl")
                self.assertEqual(shlex.split(command)[0], "curl")
                if "Refused" in self.verdict():
                    said = subprocess.run(["bash", "-c", command.replace("curl -i", "curl -s -i")], capture_output=True, text=True, check=True).stdout
                    self.assertIn(" 400 ", said.splitlines()[0])
                    shown = browser.run("return document.querySelector('#reply pre').textContent").split("\n\n")[1]
                    self.assertEqual(without_trace(said.split("\n\n")[1]), without_trace(shown))
        self.put("#body", """{"it's": "$HOME `x` \\\\ \\n"}""")
        self.settle()
        self.assertEqual(shlex.split(self.code("curl"))[-1], """{"it's": "$HOME `x` \\\\ \\n"}""")

    def test_batch_answers_the_same(self):
        lines, verdicts = [], []
        for vendor, count in (("fireworks", 7), ("trusted-twin", 6), ("elastic", 5)):
            browser.click(f"[value={vendor}]")
            for at in range(count):
                self.put("#example", str(at))
                self.settle()
                lines.append(self.code("batch"))
                shown = browser.run("return document.querySelector('#reply pre').textContent")
                verdicts.append((int(shown.split()[1]), len(self.texts("#violations li")), json.loads(shown.split("\n\n")[1])))
        self.assertFalse(any("\n" in line for line in lines))
        said = subprocess.run([BINARY, "batch"], input="\n".join(lines) + "\n", capture_output=True, text=True).stdout
        replies = [json.loads(line) for line in said.splitlines()]
        self.assertEqual([(reply["status"], len(reply["violations"]), reply["body"]) for reply in replies], verdicts)

    def test_rust_answers_the_same(self):
        if "USER_PATCH_RUST" not in os.environ:
            self.skipTest("USER_PATCH_RUST is not set")
        programs, shown = [], []
        for vendor, body, mask, policy in (("fireworks", '{"displayName": "a\\"#b"}', "displayName", ("unknownMembers", '"ignore"')),
                                           ("trusted-twin", '{"name": "-",\n"description": null}', "", ("subcode", '"number"')),
                                           ("elastic", '{"x": "\\"##"}', "", None)):
            browser.click(f"[value={vendor}]")
            self.settle()
            self.put("#body", body)
            self.put("#mask", mask)
            if policy:
                self.put(f"#policy [name={policy[0]}]", policy[1])
            self.settle()
            browser.wait("the mask", "return document.querySelector('#link').hash.includes('mask=') === Boolean(a[0])", mask)
            programs.append(self.code("Rust"))
            status, text = browser.run("return document.querySelector('#reply pre').textContent").split("\n\n")
            shown.append((status.split()[1], json.loads(text)))
        with tempfile.TemporaryDirectory() as place:
            os.makedirs(f"{place}/src/bin")
            with open(f"{place}/Cargo.toml", "w") as file:
                file.write('[package]\nname = "pasted"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\nserde_json = "1"\n'
                           f'user-patch = {{ path = "{ROOT}" }}\n[workspace]\n')
            with open(f"{ROOT}/Cargo.lock") as lock, open(f"{place}/Cargo.lock", "w") as file:
                file.write(lock.read())
            for at, program in enumerate(programs):
                with open(f"{place}/src/bin/p{at}.rs", "w") as file:
                    file.write(program)
            subprocess.run(["cargo", "build", "--quiet"], cwd=place, check=True)
            for at, (status, body) in enumerate(shown):
                said = subprocess.run(["cargo", "run", "--quiet", "--bin", f"p{at}"], cwd=place, capture_output=True, text=True, check=True).stdout
                self.assertEqual((said.split()[0], json.loads(said.split(" ", 1)[1])), (status, body))

    # The second tab.

    def test_the_second_tab_has_users_and_requests(self):
        path = f"/v1/accounts/acme/users/{urllib.parse.quote(SCRIPT, safe='')}"
        for asked in ("/users/nobody", path):
            try:
                get(asked)
            except urllib.error.HTTPError as wrong:
                self.assertIn(wrong.code, (400, 401, 404))
        browser.click("#tab-standin")
        browser.wait("the requests", "return document.querySelectorAll('#requests tbody tr').length >= 2")
        self.assertEqual(self.texts("#requests thead th"), ["Time (UTC)", "Method", "Path", "Status", "ms"])
        self.assertIn("/users/nobody", self.texts("#requests td:nth-child(3)"))
        self.assertTrue(any(summary.startswith("acme / alice") for summary in self.texts("#users summary")))
        # What is opened stays open when something new comes.
        browser.click("#users summary")
        try:
            get("/users/somebody")
        except urllib.error.HTTPError:
            pass
        browser.wait("a new request", "return document.querySelector('#requests td:nth-child(3)').textContent === '/users/somebody'")
        browser.click("#users details[open] button")
        self.verdict("Refused")
        self.assertEqual(browser.run("return document.activeElement.id"), "body")
        self.assertIn("accounts/acme/users/alice", browser.run("return document.querySelector('#user').value"))
        self.assertEqual(browser.run("return document.images.length + document.querySelectorAll('body script').length"), 0)

    def test_large_and_deep_bodies_are_answered(self):
        deep = 50_000
        for body in ("[" * deep + "]" * deep, '{"a":' * deep + "1" + "}" * deep, '"' + "\\u00e9#" * deep + '"', "{" + '"#' * deep):
            self.put("#body", body)
            self.verdict("Refused with 400: 1 violation")
        browser.click("[value=elastic]")
        self.verdict()
        self.put("#body", json.dumps({f"member{at}": "x" * 50 for at in range(2000)}))
        self.verdict("Accepted: 2000 members change")
        self.assertIn("and 1744 more", browser.text("#changes"))
        self.put("#body", '{"a":' * 120 + "1" + "}" * 120)
        self.verdict("Accepted: 1 member changes")
        self.put("#user", '{"a":' * deep + "1" + "}" * deep)
        self.verdict("Cannot be asked")

    def test_nobody_answers(self):
        browser.run("window.fetch = () => Promise.reject(new Error('gone'))")
        self.put("#body", "{}")
        self.verdict("Cannot be asked: the stand-in does not answer")

    # What a stranger sends.

    def test_no_value_is_read_as_html(self):
        hostile = json.dumps({SCRIPT: {SCRIPT: SCRIPT}, "role": SCRIPT, "name": SCRIPT, "user_name": SCRIPT})
        for vendor in ("fireworks", "trusted-twin", "elastic"):
            browser.click(f"[value={vendor}]")
            self.settle()
            user = json.loads(browser.run("return document.querySelector('#user').value"))
            for body, stored in ((hostile, user), (json.dumps({"description": {"a": SCRIPT}, "full_name": SCRIPT}), user),
                                 (SCRIPT, user), ("{}", {**user, SCRIPT: SCRIPT, "displayName": SCRIPT, "full_name": SCRIPT})):
                self.put("#body", body)
                self.put("#user", json.dumps(stored))
                self.settle()
                self.assertIn("broken into", "".join(self.texts("#answer")), "it is shown, as a text")
                self.assertEqual(browser.run("return document.images.length + document.querySelectorAll('body script').length"), 0)
        self.assertEqual(browser.run("return broken"), [])

    def test_the_browser_is_told_to_refuse_it(self):
        headers, _ = get("/")
        policy = headers["content-security-policy"]
        for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"):
            self.assertIn(part, policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(headers["x-content-type-options"], "nosniff")
        refused = browser.run("""const place = document.createElement('div');
            try { place.innerHTML = '<b>x</b>'; return false; } catch (wrong) { return wrong instanceof TypeError; }""")
        self.assertTrue(refused, "a text is not taken as HTML")
        browser.logs()

    def test_nothing_is_loaded_from_elsewhere(self):
        loaded = browser.run("return performance.getEntriesByType('resource').map(({name}) => name)")
        self.assertTrue(all(name.startswith(origin + "/-/") for name in loaded), loaded)

    # Who reads it.

    def test_it_is_used_by_keys_alone(self):
        browser.run("document.activeElement.blur()")
        visited = []
        for _ in range(13):
            browser.keys(TAB)
            visited.append(browser.run("const e = document.activeElement; return e.id || e.name || e.className || e.tagName"))
        self.assertEqual(visited, ["skip", "tab-try", "vendor", "example", "body", "mask", "user", "SUMMARY", "SUMMARY", "link", "copy", "A", "show"])
        browser.run("document.querySelector('#tab-try').focus()")
        browser.keys(ARROW_RIGHT)
        self.assertEqual(browser.run("return [document.activeElement.id, document.querySelector('#panel-standin').hidden, document.querySelector('#panel-try').hidden]"),
                         ["tab-standin", False, True])
        browser.keys(ARROW_RIGHT)
        self.assertEqual(browser.run("return document.activeElement.id"), "tab-try")
        browser.keys(END)
        browser.keys(ARROW_LEFT)
        self.assertEqual(browser.run("return document.activeElement.id"), "tab-try")
        browser.keys(TAB, ARROW_RIGHT)
        self.verdict("Refused with 400: 2 violations")
        self.assertEqual(browser.run("return document.querySelector('[name=vendor]:checked').value"), "trusted-twin")

    def test_the_verdict_is_spoken_at_rest(self):
        browser.run("window.spoken = []; new MutationObserver(() => spoken.push(document.querySelector('#spoken').textContent))"
                    ".observe(document.querySelector('#spoken'), {childList: true})")
        browser.type("#body", '{"role": "admin"}')
        self.verdict("Accepted")
        browser.wait("the spoken verdict", "return spoken.at(-1)?.startsWith('Accepted')")
        self.assertLessEqual(browser.run("return spoken.length"), 3, "not a word a letter")
        self.assertEqual(browser.run("const s = document.querySelector('#spoken'); return [s.role, s.ariaLive]"), ["status", "polite"])

    def test_whatever_can_be_used_has_a_name(self):
        browser.run("for (const one of document.querySelectorAll('details')) one.open = true")
        for tab in ("tab-try", "tab-standin"):
            browser.click(f"#{tab}")
            time.sleep(0.2)
            browser.command("Accessibility.enable")
            nodes = browser.command("Accessibility.getFullAXTree")["nodes"]
            used = [node for node in nodes if not node["ignored"] and node["role"]["value"] in
                    ("button", "link", "textbox", "combobox", "radio", "tab", "tabpanel", "region", "DisclosureTriangle", "radiogroup", "group")
                    and any(one["name"] in ("focusable",) for one in node.get("properties", []))]
            self.assertGreater(len(used), 3)
            nameless = [node["role"]["value"] for node in used if not node.get("name", {}).get("value", "").strip()]
            self.assertEqual(nameless, [])

    def test_what_is_read_stands_out(self):
        """WCAG AA: 4.5 to 1, and 3 to 1 for the edges of fields."""
        states = [("fireworks", "0"), ("fireworks", "3"), ("elastic", "1"), ("trusted-twin", "4")]
        for scheme in SCHEMES:
            browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            for vendor, example in states:
                browser.click(f"[value={vendor}]")
                self.put("#example", example)
                self.settle()
                browser.run("for (const one of document.querySelectorAll('details')) one.open = true")
                time.sleep(0.3)
                faint = browser.run(CONTRAST)
                self.assertEqual(faint["faint"], [], scheme)
                self.assertGreater(faint["seen"], 40)
            self.put("#user", "[")
            self.verdict("Cannot be asked")
            time.sleep(0.3)
            self.assertEqual(browser.run(CONTRAST)["faint"], [], scheme)
            browser.click("#tab-standin")
            browser.wait("the users", "return document.querySelectorAll('#users summary').length >= 3")
            self.assertEqual(browser.run(CONTRAST)["faint"], [], scheme)
            browser.click("#tab-try")

    def test_a_telephone_shows_all_of_it(self):
        for vendor, count in (("fireworks", 7), ("trusted-twin", 6), ("elastic", 5)):
            browser.size(360, 740)
            browser.click(f"[value={vendor}]")
            for at in range(count):
                self.put("#example", str(at))
                self.settle()
                browser.run("for (const one of document.querySelectorAll('details')) one.open = true")
                self.narrow()
        self.put("#body", json.dumps({"x" * 200: "y" * 2000, "a/b" * 50: {"c": 1}}))
        self.settle()
        self.narrow()
        # The verdict is seen while the body is typed, and is not over what has the focus.
        browser.run("document.querySelector('#body').focus(); scrollTo(0, 0)")
        top, bottom = browser.run("const r = document.querySelector('#verdict').getBoundingClientRect(); return [r.top, r.bottom]")
        self.assertTrue(0 < top < bottom <= 740, (top, bottom))
        browser.click("#tab-standin")
        browser.wait("the users", "return document.querySelectorAll('#users summary').length >= 3")
        self.narrow()

    def narrow(self):
        width, wide = browser.run("""const all = [...document.querySelectorAll('main *, header *')].filter((e) => e.checkVisibility() && !e.closest('.unseen, .wide, pre, #changes table'));
            return [document.documentElement.scrollWidth, all.filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80))]""")
        self.assertLessEqual(width, 360)
        self.assertEqual(wide, [])

    # What it costs.

    def test_it_is_light_and_quick(self):
        sizes = browser.run("""return performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
            .filter(({name}) => !/rules|policies|exchange/.test(name)).map(({encodedBodySize}) => encodedBodySize)""")
        first = browser.run("return performance.getEntriesByName('verdict')[0].startTime")
        again = browser.run("""
            const field = document.querySelector('#body'), verdict = document.querySelector('#verdict'), took = [];
            for (let round = 0; round < 40; round += 1) {
              const begin = performance.now();
              const seen = new Promise((done) => {
                const observer = new MutationObserver(() => { observer.disconnect(); done(); });
                observer.observe(verdict, { childList: true });
              });
              field.value = round % 2 ? '{"role": "admin"}' : '{"role": 1}';
              field.dispatchEvent(new Event('input', { bubbles: true }));
              await seen;
              took.push(performance.now() - begin);
            }
            return took.sort((a, b) => a - b)[20];""")
        large = json.dumps({"role": "user", **{f"member{at}": "x" * 50 for at in range(1000)}}, indent=1)
        begin = time.monotonic()
        self.put("#body", large)
        self.verdict("Refused with 400: 1000 violations")
        waited = time.monotonic() - begin
        print(f"\npage: {len(sizes)} files, {sum(sizes)} bytes; first verdict {first:.0f} ms after the navigation began; "
              f"median of 40 from input to verdict {again:.0f} ms, 30 of which are waited for the next key; "
              f"a body of {len(large)} bytes with 1000 violations {waited * 1000:.0f} ms", file=sys.stderr)
        self.assertLess(sum(sizes), 80_000)
        self.assertLess(first, 3000)
        self.assertLess(again, 500)
        self.assertLess(waited, 8)

    def test_pictures(self):
        for scheme in SCHEMES:
            browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            browser.size(1280, 800)
            browser.run("scrollTo(0, 0); document.activeElement.blur()")
            time.sleep(0.4)
            # The address is not that of another run: it stands below what is seen.
            place = os.environ.get("PICTURES")
            with tempfile.TemporaryDirectory() as other:
                size = browser.picture(f"{place or other}/stand-in-{scheme}.png")
            self.assertTrue(10_000 < size < 200_000, size)


def without_trace(text):
    """A reply as a value; the stand-in gives each its own trace."""
    value = json.loads(text)
    if isinstance(value, dict):
        value.pop("trace", None)
    return value


CONTRAST = """
const parse = (color) => { const [r, g, b, alpha = 1] = color.match(/[0-9.]+/g).map(Number); return { r, g, b, alpha }; };
const light = ({ r, g, b }) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
const behind = (element) => {
  for (let one = element; one; one = one.parentElement) {
    const color = parse(getComputedStyle(one).backgroundColor);
    if (color.alpha === 1) return color;
  }
  return { r: 255, g: 255, b: 255 };
};
const faint = [];
let seen = 0;
for (const element of document.querySelectorAll('body *')) {
  if (!element.checkVisibility() || element.closest('[aria-hidden], .unseen, .skip')) continue;
  const style = getComputedStyle(element);
  const isField = element.matches('textarea, select, input:not([type=radio], [type=checkbox])');
  const hasText = isField || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (hasText) {
    seen += 1;
    const value = ratio(parse(style.color), behind(element));
    if (value < 4.5) faint.push([element.outerHTML.slice(0, 60), value]);
  }
  if (isField) {
    const value = ratio(parse(style.borderTopColor), behind(element.parentElement));
    if (value < 3) faint.push(['edge', element.outerHTML.slice(0, 60), value]);
  }
}
for (const mark of document.querySelectorAll('mark')) {
  const value = ratio(parse(getComputedStyle(document.querySelector('#body')).color), parse(getComputedStyle(mark).backgroundColor));
  if (value < 4.5) faint.push(['mark', value]);
}
return { faint, seen };
"""

if __name__ == "__main__":
    unittest.main()

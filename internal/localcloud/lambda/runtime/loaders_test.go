package runtime

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// scriptCode writes the files of a function.
func scriptCode(t testing.TB, runtime, handler string, files map[string]string) Code {
	t.Helper()
	code := goCode(t)
	code.Runtime, code.Handler, code.Dir = runtime, handler, t.TempDir()
	for name, text := range files {
		path := filepath.Join(code.Dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return code
}

// installedRuntime answers the runtime identifier for the interpreter of this machine, or skips.
func installedRuntime(t testing.TB, l language) string {
	t.Helper()
	search, format := findPython, "python3."
	if l == node {
		search = findNode
	}
	for name, id := range known {
		if id.language != l {
			continue
		}
		i, err := search(context.Background(), id.version)
		if err != nil {
			t.Skip(err)
		}
		if l == python && i.Version[1] == id.version || l == node && i.Version[0] == id.version {
			return name
		}
	}
	t.Skipf("the version of %s on this machine is none of Lambda's", format)
	return ""
}

type scriptTest struct {
	name, handler string
	files         map[string]string
	payload       string
	want          string // the payload of a success
	errorType     string // or of a failure
	message       string // a regular expression
	log           string // a regular expression
}

func runScriptTests(t *testing.T, runtime string, tests []scriptTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, _ := newTestPool(t, Options{})
			r := invoke(t, p, scriptCode(t, runtime, test.handler, test.files), test.payload)
			if test.errorType == "" {
				if r.FunctionError != "" || string(r.Payload) != test.want {
					t.Errorf("got %s, want %s\n%s", r.Payload, test.want, r.LogTail)
				}
			} else if got := failed(t, r); got.ErrorType != test.errorType || !regexp.MustCompile(test.message).MatchString(got.ErrorMessage) {
				t.Errorf("got %+v, want %s %s", got, test.errorType, test.message)
			}
			if !regexp.MustCompile(test.log).Match(r.LogTail) {
				t.Errorf("%s is missing in\n%s", test.log, r.LogTail)
			}
		})
	}
}

const pythonContext = `
def handler(event, context):
    left = context.get_remaining_time_in_millis()
    assert 0 < left <= 60000, left
    assert context.log_stream_name and context.aws_request_id.startswith("request-")
    return [context.function_name, context.function_version, context.memory_limit_in_mb, context.log_group_name,
            context.invoked_function_arn, context.client_context, context.identity.cognito_identity_id]
`

func TestPython(t *testing.T) {
	one := func(text string) map[string]string { return map[string]string{"app.py": text} }
	runScriptTests(t, installedRuntime(t, python), []scriptTest{
		{name: "echo", handler: "app.handler", files: one("def handler(event, context): return event"),
			payload: `{"a":[1,"é",null]}`, want: `{"a": [1, "é", null]}`},
		{name: "none", handler: "app.handler", files: one("def handler(event, context): pass"), want: `null`},
		{name: "dotted module", handler: "pkg.sub.app.handler", want: `"deep"`,
			files: map[string]string{"pkg/sub/app.py": "def handler(event, context): return 'deep'"}},
		{name: "path module", handler: "pkg/sub/app.handler", want: `"deep"`,
			files: map[string]string{"pkg/sub/app.py": "from pkg.sub.other import word\ndef handler(event, context): return word", "pkg/sub/other.py": "word = 'deep'"}},
		{name: "context", handler: "app.handler", files: one(pythonContext),
			want: `["f", "1", "512", "/aws/lambda/f", "arn:aws:lambda:eu-west-1:000000000000:function:f:live", null, null]`},
		{name: "print and logging", handler: "app.handler", want: `1`,
			files: one("import logging, sys\nlogging.getLogger().setLevel(logging.INFO)\ndef handler(event, context):\n  print('printed', end='')\n  print()\n  logging.info('logged')\n  print('on stderr', file=sys.stderr)\n  return 1"),
			log:   `(?s)START.*\nprinted\n\[INFO\]\t\S+Z\trequest-\d+\tlogged\non stderr\nEND`},
		{name: "exception", handler: "app.handler", files: one("def handler(event, context):\n  raise ValueError('bad ' + event['x'])"),
			payload: `{"x":"value"}`, errorType: "ValueError", message: "^bad value$", log: `\[ERROR\] ValueError: bad value\nTraceback .*\n  File ".*app.py", line 2, in handler`},
		{name: "no JSON", handler: "app.handler", files: one("def handler(event, context): return {1, 2}"),
			errorType: "Runtime.MarshalError", message: "Unable to marshal response: .*set is not JSON serializable"},
		{name: "exit", handler: "app.handler", files: one("import sys\ndef handler(event, context): sys.exit(4)"),
			errorType: "Runtime.ExitError", message: "exit status 4"},
		{name: "import error", handler: "app.handler", files: one("import not_there"),
			errorType: "Runtime.ImportModuleError", message: "^Unable to import module 'app': No module named 'not_there'$", log: "not_there"},
		{name: "no module", handler: "lost.handler", files: one(""),
			errorType: "Runtime.ImportModuleError", message: "No module named 'lost'"},
		{name: "syntax error", handler: "app.handler", files: one("def handler(:"),
			errorType: "Runtime.UserCodeSyntaxError", message: "^Syntax error in module 'app'"},
		{name: "exception in the module", handler: "app.handler", files: one("{}['key']"), errorType: "KeyError", message: "key"},
		{name: "no handler", handler: "app.other", files: one("def handler(event, context): pass"),
			errorType: "Runtime.HandlerNotFound", message: "^Handler 'other' missing on module 'app'$"},
		{name: "malformed handler", handler: "app", files: one(""), errorType: "Runtime.MalformedHandlerName", message: "Bad handler 'app'"},
	})
}

const nodeContext = `
export const handler = async (event, context) => {
  const left = context.getRemainingTimeInMillis();
  if (!(left > 0 && left <= 60000 && context.logStreamName && context.awsRequestId.startsWith("request-"))) throw new Error("left " + left);
  return [context.functionName, context.functionVersion, context.memoryLimitInMB, context.logGroupName, context.invokedFunctionArn];
};`

func TestNode(t *testing.T) {
	one := func(name, text string) map[string]string { return map[string]string{name: text} }
	runScriptTests(t, installedRuntime(t, node), []scriptTest{
		{name: "ES module", handler: "index.handler", files: one("index.mjs", "export const handler = async (event) => event"),
			payload: `{"a":[1,"é",null]}`, want: `{"a":[1,"é",null]}`},
		{name: "CommonJS", handler: "index.handler", files: one("index.js", "exports.handler = async (event) => require('path').sep"), want: `"/"`},
		{name: "CommonJS computed", handler: "index.handler", files: one("index.cjs", "const all = {}; all['hand' + 'ler'] = () => Promise.resolve(2); module.exports = all"), want: `2`},
		{name: "package type module", handler: "src/index.api.handler", want: `"deep"`,
			files: map[string]string{"package.json": `{"type":"module"}`, "src/index.js": "import { word } from './other.js'; export const api = { handler: async () => word }", "src/other.js": "export const word = 'deep'"}},
		{name: "undefined", handler: "index.handler", files: one("index.mjs", "export const handler = async () => {}"), want: `null`},
		{name: "callback", handler: "index.handler", files: one("index.js", "exports.handler = (event, context, callback) => { setTimeout(() => callback(null, 'called'), 5) }"), want: `"called"`},
		{name: "callback waits for the event loop", handler: "index.handler",
			files: one("index.js", "exports.handler = (event, context, callback) => { callback(null, 'early'); setTimeout(() => console.log('and done'), 5) }"), want: `"early"`, log: `INFO\tand done\nEND`},
		{name: "callback at once", handler: "index.handler", want: `"early"`,
			files: one("index.js", "exports.handler = (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; setTimeout(() => {}, 1e6); callback(null, 'early') }")},
		{name: "callback error", handler: "index.handler", files: one("index.js", "exports.handler = (event, context, callback) => callback(new TypeError('called'))"),
			errorType: "TypeError", message: "^called$"},
		{name: "done", handler: "index.handler", files: one("index.js", "exports.handler = (event, context) => context.succeed(3)"), want: `3`},
		{name: "never", handler: "index.handler", files: one("index.js", "exports.handler = async () => new Promise(() => {})"), want: `null`},
		{name: "context", handler: "index.handler", files: one("index.mjs", nodeContext),
			want: `["f","1","512","/aws/lambda/f","arn:aws:lambda:eu-west-1:000000000000:function:f:live"]`},
		{name: "console", handler: "index.handler", want: `null`, files: one("index.mjs", "export const handler = async () => { console.log('a %d', 1, {b: 2}); process.stdout.write('raw\\n') }"),
			log: `(?s)START.*\n\S+Z\trequest-\d+\tINFO\ta 1 \{ b: 2 \}\nraw\nEND`},
		{name: "rejection", handler: "index.handler", files: one("index.mjs", "export const handler = async () => { throw new RangeError('no luck') }"),
			errorType: "RangeError", message: "^no luck$", log: `ERROR\tInvoke Error\t.*"trace":\["RangeError: no luck","    at .*index.mjs`},
		{name: "throw", handler: "index.handler", files: one("index.js", "exports.handler = () => { throw 'text' }"), errorType: "string", message: "^text$"},
		{name: "no JSON", handler: "index.handler", files: one("index.mjs", "export const handler = async () => 1n"),
			errorType: "Runtime.MarshalError", message: "BigInt"},
		{name: "uncaught", handler: "index.handler", files: one("index.js", "exports.handler = async () => { setImmediate(() => { throw new Error('loose') }); await new Promise(() => {}) }"),
			errorType: "Error", message: "^loose$"},
		{name: "exit", handler: "index.handler", files: one("index.js", "exports.handler = () => process.exit(4)"), errorType: "Runtime.ExitError", message: "exit status 4"},
		{name: "import error", handler: "index.handler", files: one("index.js", "require('not-there')"), errorType: "Runtime.ImportModuleError", message: "Cannot find module 'not-there'"},
		{name: "import error in ES module", handler: "index.handler", files: one("index.mjs", "import 'not-there'"), errorType: "Runtime.ImportModuleError", message: "Cannot find package 'not-there'"},
		{name: "no module", handler: "lost.handler", files: one("index.js", ""), errorType: "Runtime.ImportModuleError", message: "Cannot find module 'lost'"},
		{name: "syntax error", handler: "index.handler", files: one("index.mjs", "export const handler = ("), errorType: "Runtime.UserCodeSyntaxError", message: "SyntaxError"},
		{name: "exception in the module", handler: "index.handler", files: one("index.mjs", "throw new RangeError('early')"), errorType: "RangeError", message: "early"},
		{name: "no handler", handler: "index.other", files: one("index.mjs", "export const handler = 1"), errorType: "Runtime.HandlerNotFound", message: "^index.other is undefined or not exported$"},
		{name: "malformed handler", handler: "index", files: one("index.mjs", ""), errorType: "Runtime.MalformedHandlerName", message: "Bad handler 'index'"},
	})
}

// TestLoadersKeepTheirProcess also shows that an error of the handler leaves the environment usable.
func TestLoadersKeepTheirProcess(t *testing.T) {
	tests := map[language]map[string]string{
		python: {"app.py": "import os\ncount = 0\ndef handler(event, context):\n  global count\n  count += 1\n  if event: raise ValueError(os.environ['_X_AMZN_TRACE_ID'])\n  return count"},
		node:   {"app.mjs": "let count = 0; export const handler = async (event) => { count++; if (event.fail) throw new Error(process.env._X_AMZN_TRACE_ID); return count }"},
	}
	for l, files := range tests {
		t.Run(map[language]string{python: "python", node: "node"}[l], func(t *testing.T) {
			p, _ := newTestPool(t, Options{})
			code := scriptCode(t, installedRuntime(t, l), "app.handler", files)
			for round := range 3 {
				if got := answer[int](t, invoke(t, p, code, `{}`)); got != 2*round+1 {
					t.Errorf("count %d in round %d", got, round)
				}
				mustContain(t, failed(t, invoke(t, p, code, `{"fail":true}`)).ErrorMessage, "Root=1-")
			}
		})
	}
}

func TestLoaderTimesOut(t *testing.T) {
	p, _ := newTestPool(t, Options{})
	code := scriptCode(t, installedRuntime(t, python), "app.handler", map[string]string{"app.py": "def handler(event, context):\n  print('on it')\n  while True: pass"})
	code.Timeout = 300 * time.Millisecond
	r := invoke(t, p, code, `{}`)
	mustContain(t, failed(t, r).ErrorMessage, "Task timed out after 0.30 seconds")
	mustContain(t, string(r.LogTail), "on it")
}

// TestNearestInterpreter plays a machine with stand-ins of interpreters that know other versions.
func TestNearestInterpreter(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	install := func(name, version string) {
		text := "#!" + shell + "\necho '{\"path\":\"/real/" + name + "\",\"version\":" + version + "}'\n"
		if version == "" {
			text = "#!" + shell + "\nexit 127\n"
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	find := func(name string) (string, error) {
		var s interpreters
		how, err := s.resolve(context.Background(), Code{Runtime: name}, "")
		return how.path + " " + how.note, err
	}
	for _, name := range []string{"python3.12", "nodejs20.x"} {
		if _, err := find(name); err == nil || !regexp.MustCompile(`^unsupported runtime: .* in PATH, and there is none$`).MatchString(err.Error()) {
			t.Errorf("%s on a machine without: %v", name, err)
		}
	}
	install("python3", "[3,9,1]")
	install("python3.12", "") // as the scripts of version managers for what is not activated
	install("python3.11", "[3,11,7]")
	install("python3.10", "[3,10,0]")
	install("node", "[22,1,0]")
	for name, want := range map[string]string{
		"python3.9":  "/real/python3 ",
		"python3.10": "/real/python3.10 ",
		"python3.12": "/real/python3.11 python3.12 is not on this machine: running with Python 3.11.7",
		"python3.8":  "/real/python3 python3.8 is not on this machine: running with Python 3.9.1",
		"nodejs22.x": "/real/node ",
		"nodejs18.x": "/real/node Node.js 18 is not on this machine: running with Node.js 22.1.0",
	} {
		if got, err := find(name); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
	}
}

func TestOtherInterpreterIsNotedOnce(t *testing.T) {
	p, log := newTestPool(t, Options{})
	code := scriptCode(t, installedRuntime(t, python), "app.handler", map[string]string{"app.py": "def handler(event, context): return 1"})
	present := known[code.Runtime]
	i, err := findPython(t.Context(), present.version)
	if err != nil {
		t.Fatal(err)
	}
	code.Runtime = "python3.8"
	p.interpreters.chosen = map[identity]interpreter{known[code.Runtime]: {Path: i.Path, Version: []int{3, 99, 0}}}
	for _, key := range []string{"one", "two"} {
		code.Key = key
		invoke(t, p, code, `{}`)
	}
	log.await(t, "python3.8 is not on this machine: running with Python 3.99.0", 1)
	if text := log.String(); regexp.MustCompile(`(?s)greenlight: .*greenlight: `).MatchString(text) {
		t.Errorf("noted again:\n%s", text)
	}
	p.Forget(code.Function)
	if len(p.noted) != 0 {
		t.Errorf("still remembered: %q", p.noted)
	}
}

"""Runs a Python handler against the Lambda Runtime API.

The HTTP client is a few lines on one socket: the server is known, always sends Content-Length, and importing http.client
would cost as much as starting Python. Everything else is what functions may expect of Lambda's own runtime.
"""

import importlib
import json
import logging
import os
import socket
import sys
import time

API = "/2018-06-01/runtime"


class Connection:
    """One kept-alive connection to the Runtime API."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self.host = address
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = self.socket.makefile("rb")

    def get(self, path):
        return self._ask("GET", path, b"", "")

    def post(self, path, body, error_type=""):
        extra = "Lambda-Runtime-Function-Error-Type: %s\r\n" % error_type if error_type else ""
        return self._ask("POST", path, body, extra)

    def _ask(self, method, path, body, extra):
        head = "%s %s%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n" % (
            method, API, path, self.host, len(body), extra)
        self.socket.sendall(head.encode("latin-1") + body)
        return self._answer()

    def _answer(self):
        status = self.reader.readline()
        if not status:
            sys.exit(1)  # the server is gone, and with it the reason to live
        headers = {}
        while True:
            line = self.reader.readline().rstrip(b"\r\n")
            if not line:
                break
            name, _, value = line.decode("utf-8", "replace").partition(":")
            headers[name.lower()] = value.strip()
        return headers, self.reader.read(int(headers.get("content-length", 0)))


class Context:
    """What Lambda tells a handler about its invocation."""

    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn", "")
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = Identity()
        self.client_context = client_context(headers.get("lambda-runtime-client-context"))
        self._deadline = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class Identity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class ClientContext:
    def __init__(self, fields):
        self.client = fields.get("client")
        self.custom = fields.get("custom")
        self.env = fields.get("env")


def client_context(text):
    try:
        fields = json.loads(text) if text else None
    except ValueError:
        return None
    return ClientContext(fields) if isinstance(fields, dict) else None


class RequestFilter(logging.Filter):
    """Puts the current request id on every log record."""

    request_id = ""

    def filter(self, record):
        record.aws_request_id = self.request_id
        return True


def set_up_logging():
    handler = logging.StreamHandler(sys.stdout)
    formatter = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    request_filter = RequestFilter()
    handler.setFormatter(formatter)
    handler.addFilter(request_filter)
    logging.getLogger().addHandler(handler)
    return request_filter


class InitError(Exception):
    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.trace = list(trace)


def load(name):
    """Finds the handler: "module.function", where the module may be dotted or a path."""
    module_name, dot, function = name.rpartition(".")
    if not dot or not module_name:
        raise InitError("Runtime.MalformedHandlerName", "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % name)
    module_name = module_name.replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise InitError("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error), trace_of(error))
    except SyntaxError as error:
        message = "Syntax error in module '%s': %s" % (module_name, error)
        raise InitError("Runtime.UserCodeSyntaxError", message, ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)])
    except Exception as error:
        raise InitError(type(error).__name__, str(error), trace_of(error))
    handler = getattr(module, function, None)
    if handler is None:
        raise InitError("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function, module_name))
    return handler


def trace_of(error):
    """The stack of an exception without the frames of this file and of the import system."""
    import traceback
    frames = traceback.extract_tb(error.__traceback__)
    return traceback.format_list([f for f in frames if f.filename != __file__ and not f.filename.startswith("<frozen importlib")])


def error_body(error_type, message, request_id, trace):
    fields = {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": trace}
    return json.dumps(fields).encode()


def log_error(error_type, message, trace):
    stack = "\nTraceback (most recent call last):\n" + "".join(trace) if trace else "\n"
    sys.stdout.write("[ERROR] %s: %s%s" % (error_type, message, stack))
    if not stack.endswith("\n"):
        sys.stdout.write("\n")


def handle(connection, handler, headers, body):
    """Calls the handler and reports. SystemExit passes through: Lambda counts it as the end of the runtime."""
    context = Context(headers)
    path = "/invocation/" + context.aws_request_id
    error_type = ""
    try:
        result = handler(parse(body), context)
        try:
            answer = json.dumps(result, ensure_ascii=False).encode("utf-8")
        except (TypeError, ValueError) as error:
            raise MarshalError("Unable to marshal response: %s" % error) from None
    except Exception as error:
        error_type = getattr(error, "runtime_error_type", type(error).__name__)
        trace = trace_of(error)
        log_error(error_type, str(error), trace)
        answer = error_body(error_type, str(error), context.aws_request_id, trace)
    flush()
    connection.post(path + ("/error" if error_type else "/response"), answer, "Unhandled" if error_type else "")


class MarshalError(Exception):
    runtime_error_type = "Runtime.MarshalError"


class UnmarshalError(Exception):
    runtime_error_type = "Runtime.UnmarshalError"


def parse(body):
    try:
        return json.loads(body)
    except ValueError as error:
        raise UnmarshalError("Unable to unmarshal input: %s" % error) from None


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # a handler may close them
            pass


def main():
    connection = Connection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    sys.stdout.reconfigure(line_buffering=True)
    request_filter = set_up_logging()
    try:
        handler = load(os.environ["_HANDLER"])
    except InitError as error:
        log_error(error.error_type, str(error), error.trace)
        flush()
        connection.post("/init/error", error_body(error.error_type, str(error), "", error.trace), error.error_type)
        sys.exit(1)
    while True:
        headers, body = connection.get("/invocation/next")
        request_filter.request_id = headers["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
        handle(connection, handler, headers, body)


if __name__ == "__main__":
    main()

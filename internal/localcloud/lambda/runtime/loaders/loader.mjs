// Runs a Node.js handler, ES module or CommonJS, async or with a callback, against the Lambda Runtime API.

import { existsSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

const env = process.env;
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(":");
// One connection for everything. A free one does not keep the process alive, so that "beforeExit" means that a handler
// has nothing left to do.
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

let requestID = "";

function ask(method, route, body = "", errorType = "") {
  const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
  if (errorType) headers["Lambda-Runtime-Function-Error-Type"] = errorType;
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, agent, method, path: "/2018-06-01/runtime" + route, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

// Errors

class RuntimeError extends Error {
  constructor(name, message, cause) {
    super(message);
    this.name = name;
    if (cause?.stack) this.stack = cause.stack;
  }
}

function describe(error) {
  if (!(error instanceof Error) && typeof error?.stack !== "string") {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return { errorType: error.name, errorMessage: error.message, trace: String(error.stack ?? "").split("\n") };
}

function logError(title, said) {
  process.stdout.write(`${new Date().toISOString()}\t${requestID}\tERROR\t${title}\t${JSON.stringify(said)}\n`);
}

// The handler

// "dir/file.member" or "dir/file.object.member"
function splitHandler(name) {
  const { dir, base } = path.posix.parse(name);
  const [, file, member] = /^([^.]+)\.(.+)$/.exec(base) ?? [];
  if (!member) throw new RuntimeError("Runtime.MalformedHandlerName", `Bad handler '${name}'`);
  return { file: path.posix.join(dir, file), member: member.split(".") };
}

async function importModule(root, file) {
  const found = [".js", ".mjs", ".cjs"].map((extension) => path.resolve(root, file + extension)).find((name) => existsSync(name));
  if (!found) throw new RuntimeError("Runtime.ImportModuleError", `Error: Cannot find module '${file}'`);
  try {
    return await import(pathToFileURL(found).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError("Runtime.UserCodeSyntaxError", String(error), error);
    const missing = error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND";
    if (missing) throw new RuntimeError("Runtime.ImportModuleError", String(error), error);
    throw error;
  }
}

async function load(name) {
  const { file, member } = splitHandler(name);
  const module = await importModule(env.LAMBDA_TASK_ROOT, file);
  const pick = (from) => member.reduce((value, key) => value?.[key], from);
  const handler = pick(module) ?? pick(module.default);
  if (handler === undefined) throw new RuntimeError("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function") throw new RuntimeError("Runtime.HandlerNotFound", `${name} is not a function`);
  return handler;
}

// One invocation

function clientContext(text) {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function newContext(headers, settle) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    clientContext: clientContext(headers["lambda-runtime-client-context"]),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: (error, result) => settle({ error, result }),
    succeed: (result) => settle({ result }),
    fail: (error) => settle({ error: error ?? "handled" }),
  };
}

// Answers what became of the handler: { result } or { error }. A callback counts when the event loop is empty, unless the
// handler asked for less; a handler that neither calls back nor resolves ends with null when nothing is left to do.
function run(handler, event, headers) {
  return new Promise((resolve) => {
    let waiting = { result: null };
    const onEmpty = () => settle(waiting);
    const settle = (outcome) => {
      process.removeListener("beforeExit", onEmpty);
      resolve(outcome);
    };
    const context = newContext(headers, settle);
    const callback = (error, result) => {
      waiting = { error: error ?? undefined, result };
      if (error != null || !context.callbackWaitsForEmptyEventLoop) settle(waiting);
    };
    process.on("beforeExit", onEmpty);
    try {
      const returned = handler(event, context, callback);
      if (typeof returned?.then === "function") {
        returned.then((result) => settle({ result }), (error) => settle({ error: error ?? "rejected" }));
      }
    } catch (error) {
      settle({ error: error ?? "thrown" });
    }
  });
}

function encode(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch (error) {
    throw new RuntimeError("Runtime.MarshalError", `Unable to stringify response body: ${error.message}`, error);
  }
}

async function handle(handler, headers, body) {
  const route = "/invocation/" + requestID;
  try {
    const { error, result } = await run(handler, JSON.parse(body), headers);
    if (error !== undefined && error !== null) throw error;
    await ask("POST", route + "/response", encode(result));
  } catch (error) {
    const said = describe(error);
    logError("Invoke Error", said);
    await ask("POST", route + "/error", JSON.stringify(said), "Unhandled");
  }
}

function setUpConsole() {
  const write = (level) => (...args) => process.stdout.write(`${new Date().toISOString()}\t${requestID}\t${level}\t${format(...args)}\n`);
  Object.assign(console, { log: write("INFO"), info: write("INFO"), debug: write("DEBUG"), warn: write("WARN"), error: write("ERROR") });
}

// An error outside any promise or call ends the process, as on Lambda, once the reason is told.
function dieOf(title, error) {
  const said = describe(error);
  logError(title, said);
  const route = requestID ? `/invocation/${requestID}/error` : "/init/error";
  ask("POST", route, JSON.stringify(said), said.errorType).finally(() => process.exit(128 + 1));
}

setUpConsole();
process.on("uncaughtException", (error) => dieOf("Uncaught Exception", error));
process.on("unhandledRejection", (reason) => dieOf("Unhandled Promise Rejection", reason));

let handler;
try {
  handler = await load(env._HANDLER);
} catch (error) {
  const said = describe(error);
  logError("Init Error", said);
  await ask("POST", "/init/error", JSON.stringify(said), said.errorType).catch(() => {});
  process.exit(1);
}
for (;;) {
  const { headers, body } = await ask("GET", "/invocation/next");
  requestID = headers["lambda-runtime-aws-request-id"];
  env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  await handle(handler, headers, body);
}

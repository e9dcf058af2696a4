import { expect, test } from "vitest";
import { PyKVError } from "../../base/errors.ts";
import { environmentName, OPTIONS, type OptionName } from "./declaration.ts";
import { boolean, integer, type RawValue } from "./kinds.ts";
import {
  completeOptions,
  configFilePath,
  loadDeclared,
  loadOptions,
  type LoadedOptions,
  type OptionInput,
} from "./load.ts";

const MACHINE = { memoryBytes: 2 ** 31 };

function load(input: Partial<OptionInput>): LoadedOptions {
  return loadOptions({ argv: [], env: {}, machine: MACHINE, ...input });
}

function problemsOf(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(PyKVError);
    expect((error as PyKVError).code).toBe("INVALID_OPTION");
    return (error as PyKVError).detail.split("\n");
  }
  throw new Error("nothing was refused");
}

const names = Object.keys(OPTIONS) as OptionName[];

test("with nothing given every option has its default, and says so", () => {
  const { options, sources } = load({});
  expect(options).toMatchObject({
    dataDir: "./data",
    fsync: "always",
    host: "127.0.0.1",
    port: 8000,
    segmentBytesMax: 64 * 2 ** 20,
    memoryBytesMax: 2 ** 30,
    capacityKeys: 0,
    eviction: "lru",
    compactionIntervalMs: 300_000,
    logLimit: { bytesMax: 256 * 2 ** 20, recordsMax: 0 },
    valueBytesMax: 16 * 2 ** 20,
    connectionsMax: 10_000,
    allowedHosts: [],
    configFile: null,
  });
  for (const name of names) expect(sources[name]).toEqual({ from: "default" });
});

const MEMORY: [number, number][] = [
  [2 ** 20, 2 ** 20],
  [2 ** 33, 2 ** 32],
  [2 ** 40, 2 ** 32],
  [3 * 2 ** 30, 1.5 * 2 ** 30],
];
for (const [memoryBytes, expected] of MEMORY) {
  test(`on a machine of ${memoryBytes} bytes the memory limit is ${expected}`, () => {
    expect(load({ machine: { memoryBytes } }).options.memoryBytesMax).toBe(expected);
  });
}

for (const name of names) {
  test(`the default of ${OPTIONS[name].flag} is acceptable, and reads back from its own text`, () => {
    const spec: {
      defaultFor(machine: typeof MACHINE): unknown;
      accepts(value: unknown): boolean;
      format(value: unknown): string;
      parse(raw: RawValue): unknown;
    } = OPTIONS[name];
    const value = spec.defaultFor(MACHINE);
    expect(spec.accepts(value)).toBe(true);
    expect(spec.parse(spec.format(value))).toEqual(value);
  });
}

// flag, text, the value it gives or null when it must be refused
const TEXTS: [OptionName, string, unknown][] = [
  ["dataDir", "/var/lib/pykv", "/var/lib/pykv"],
  ["dataDir", "none", null],
  ["fsync", "everysec", "everysec"],
  ["fsync", "no", "no"],
  ["fsync", "sometimes", undefined],
  ["port", "0", 0],
  ["port", "65535", 65535],
  ["port", "65536", undefined],
  ["port", "-1", undefined],
  ["port", "80a", undefined],
  ["port", "1.5", undefined],
  ["respPort", "0", 0],
  ["respPort", "6380", 6380],
  ["respPort", "any", "any"],
  ["respPort", "65536", undefined],
  ["respPort", "some", undefined],
  ["keyspaceEvents", "KEA", "KEA"],
  ["keyspaceEvents", "none", null],
  ["keyspaceEvents", "KEq", undefined],
  ["slowlogUs", "-1", -1],
  ["slowlogUs", "-2", undefined],
  ["respIdleTimeoutMs", "0", 0],
  ["respIdleTimeoutMs", "300", 300_000],
  ["respIdleTimeoutMs", "999ms", undefined],
  ["segmentBytesMax", "1mb", 2 ** 20],
  ["segmentBytesMax", "1048575", undefined],
  ["segmentBytesMax", "1gb", 2 ** 30],
  ["segmentBytesMax", "1073741825", undefined],
  ["memoryBytesMax", "4GiB", 2 ** 32],
  ["memoryBytesMax", "5gb", undefined],
  ["cleanupIntervalMs", "1", 1],
  ["cleanupIntervalMs", "0", undefined],
  ["compactionIntervalMs", "0", 0],
  ["compactionIntervalMs", "300", 300_000],
  ["compactionIntervalMs", "999ms", undefined],
  ["compactionIntervalMs", "1s", 1000],
  ["logLimit", "256mb", { bytesMax: 2 ** 28, recordsMax: 0 }],
  ["logLimit", "1000000r", { bytesMax: 0, recordsMax: 1_000_000 }],
  ["logLimit", "1000000 records", { bytesMax: 0, recordsMax: 1_000_000 }],
  ["logLimit", "1 record", { bytesMax: 0, recordsMax: 1 }],
  ["logLimit", "0", { bytesMax: 0, recordsMax: 0 }],
  ["logLimit", "many records", undefined],
  ["allowedHosts", "a.example, b.example:8000", ["a.example", "b.example:8000"]],
  ["allowedHosts", "*", ["*"]],
  ["allowedHosts", "http://a.example", undefined],
  [
    "corsOrigins",
    "https://a.example,http://b.example:3000",
    ["https://a.example", "http://b.example:3000"],
  ],
  ["corsOrigins", "*", ["*"]],
  ["corsOrigins", "a.example", undefined],
  ["corsOrigins", "https://a.example/", undefined],
  ["logLevel", "silent", "silent"],
  ["logLevel", "loud", undefined],
];
for (const [name, text, expected] of TEXTS) {
  const { flag, expects } = OPTIONS[name];
  const variable = environmentName(OPTIONS[name]);
  test(`${flag} ${JSON.stringify(text)} is ${expected === undefined ? "refused" : "taken"}`, () => {
    const byFlag = () => load({ argv: [`--${flag}`, text] });
    const byEnvironment = () => load({ env: { [variable]: text } });
    if (expected !== undefined) {
      expect(byFlag().options[name]).toEqual(expected);
      expect(byEnvironment().options[name]).toEqual(expected);
      return;
    }
    const [problem] = problemsOf(byEnvironment);
    for (const part of [flag, JSON.stringify(text), variable, expects]) {
      expect(problem).toContain(part);
    }
  });
}

test("flags win over the environment, the environment over the file, the file over defaults", () => {
  const file = {
    path: "pykv.yaml",
    text: "port: 1\nhost: file.example\nfsync: no\n",
  };
  const env = { PYKV_PORT: "2", PYKV_HOST: "env.example" };
  const { options, sources } = load({ argv: ["--port", "3"], env, file });
  expect([options.port, options.host, options.fsync]).toEqual([3, "env.example", "no"]);
  expect(sources.port).toEqual({ from: "flag", name: "--port" });
  expect(sources.host).toEqual({ from: "environment", name: "PYKV_HOST" });
  expect(sources.fsync).toEqual({ from: "file", name: "fsync", path: "pykv.yaml" });
  expect(sources.eviction).toEqual({ from: "default" });
});

test("a value that loses to a stronger source is checked all the same", () => {
  const problems = problemsOf(() => load({ argv: ["--port", "3"], env: { PYKV_PORT: "x" } }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain("PYKV_PORT");
});

test("a flag may carry its value after an equals sign, and the last of two counts", () => {
  expect(load({ argv: ["--port=1", "--port=2"] }).options.port).toBe(2);
  expect(load({ argv: ["--data-dir=/a=b"] }).options.dataDir).toBe("/a=b");
});

test("the values of a repeated list flag add up, and replace those of weaker sources", () => {
  const argv = ["--allowed-hosts", "a", "--port", "1", "--allowed-hosts", "b,c"];
  const { options } = load({ argv, env: { PYKV_ALLOWED_HOSTS: "d" } });
  expect(options.allowedHosts).toEqual(["a", "b", "c"]);
});

test("a JSON file and a YAML file say the same thing", () => {
  const json = '{"port": 9000, "max-memory": "1gb", "allowed-hosts": ["a", "b"], "fsync": "no"}';
  const yaml = "port: 9000\nmax-memory: 1gb\nallowed-hosts:\n  - a\n  - b\nfsync: no\n";
  const fromJson = load({ file: { path: "c.json", text: json } }).options;
  expect(fromJson).toMatchObject({ port: 9000, memoryBytesMax: 2 ** 30, allowedHosts: ["a", "b"] });
  expect(load({ file: { path: "c.yaml", text: yaml } }).options).toEqual(fromJson);
});

test("an empty YAML file holds no options", () => {
  expect(load({ file: { path: "c.yaml", text: "# nothing yet\n" } }).options.port).toBe(8000);
});

const BAD_FILES: [string, string, string, RegExp][] = [
  ["broken JSON", "c.json", "{", /c\.json cannot be read as JSON/],
  ["broken YAML", "c.yaml", "a: [", /c\.yaml cannot be read as YAML/],
  ["a key twice", "c.yaml", "port: 1\nport: 2\n", /unique/],
  ["a list", "c.yaml", "- port\n", /must hold names and values/],
  ["a map as a value", "c.yaml", "port:\n  a: 1\n", /port holds names and values/],
  ["no value", "c.yaml", "port:\n", /port holds nothing/],
  ["numbers in a list", "c.yaml", "allowed-hosts: [1]\n", /a list of other things than text/],
  ["a number where text belongs", "c.yaml", "host: 1\n", /host: 1 from c\.yaml \(key host\)/],
  ["another file", "c.yaml", "config: d.yaml\n", /cannot name another/],
  ["a mistyped key", "c.yaml", "maxMemory: 1gb\n", /"maxMemory".*did you mean max-memory\?/],
  ["a hostile key", "c.json", '{"__proto__": 1}', /unknown key "__proto__"/],
];
for (const [what, path, text, message] of BAD_FILES) {
  test(`a file with ${what} is refused`, () => {
    expect(problemsOf(() => load({ file: { path, text } })).join("\n")).toMatch(message);
  });
}

const UNKNOWN: [string, Partial<OptionInput>, string][] = [
  ["flag", { argv: ["--prot", "9000"] }, "unknown flag --prot; did you mean --port?"],
  [
    "flag in capitals",
    { argv: ["--maxMemory=1gb"] },
    "unknown flag --maxMemory; did you mean --max-memory?",
  ],
  ["flag like no other", { argv: ["--xyzzy"] }, "unknown flag --xyzzy"],
  ["negated flag", { argv: ["--no-port"] }, "unknown flag --no-port"],
  [
    "variable",
    { env: { PYKV_PROT: "1" } },
    "unknown environment variable PYKV_PROT; did you mean PYKV_PORT?",
  ],
  ["argument", { argv: ["9000"] }, 'unexpected argument "9000"'],
  ["short flag", { argv: ["-p"] }, 'unexpected argument "-p"'],
];
for (const [what, input, problem] of UNKNOWN) {
  test(`an unknown ${what} is refused`, () => {
    const [first] = problemsOf(() => load(input));
    expect(first).toContain(problem);
  });
}

test("a flag at the end or before another flag needs a value", () => {
  const problems = problemsOf(() => load({ argv: ["--host", "--port"] }));
  expect(problems).toEqual(["--host needs a value", "--port needs a value"]);
});

test("all problems of all sources are told at once", () => {
  const problems = problemsOf(() =>
    load({
      argv: ["--prot", "1", "--fsync", "maybe"],
      env: { PYKV_PORT: "http" },
      file: { path: "c.yaml", text: "hots: a\n" },
    }),
  );
  expect(problems).toHaveLength(4);
});

test("options that contradict each other are refused", () => {
  const [problem] = problemsOf(() =>
    load({ argv: ["--headers-timeout=2m", "--request-timeout=1m"] }),
  );
  expect(problem).toBe("headers-timeout (2m) must not be above request-timeout (1m)");
});

const PORTS: [string[], boolean][] = [
  [["--port=7000", "--resp-port=7000"], true],
  [["--port=7000", "--resp-port=7000", "--host=0.0.0.0"], true],
  [["--port=7000", "--resp-port=7000", "--resp-host=::"], true],
  [["--port=7000", "--resp-port=7000", "--resp-host=127.0.0.2"], false],
  [["--port=7000", "--resp-port=7001"], false],
  [["--port=0", "--resp-port=0"], false],
  [["--port=0", "--resp-port=any"], false],
];
for (const [argv, isRefused] of PORTS) {
  test(`${argv.join(" ")} is ${isRefused ? "refused" : "taken"}`, () => {
    if (!isRefused) expect(() => load({ argv })).not.toThrow();
    else expect(problemsOf(() => load({ argv }))[0]).toMatch(/port and resp-port are both 7000/);
  });
}

test("a password that is refused is not shown", () => {
  const [problem] = problemsOf(() => load({ env: { PYKV_PASSWORD: "secret\u0007" } }));
  expect(problem).toContain("password: the value from the environment variable PYKV_PASSWORD");
  expect(problem).not.toContain("secret");
});

test("empty variables, those of other programs, of clients and of Kubernetes are passed over", () => {
  const env = {
    PYKV_HOST: "",
    PATH: "/bin",
    PYKV_PORT: "tcp://10.0.0.1:8000",
    PYKV_SERVICE_HOST: "10.0.0.1",
    PYKV_SERVICE_PORT_HTTP: "8000",
    PYKV_URL: "http://127.0.0.1:9000",
    PYKV_NAMESPACE: "shop",
    PYKV_TOKEN: "secret",
    PYKV_PORT_8000_TCP_ADDR: "10.0.0.1",
  };
  expect(load({ env }).options).toMatchObject({ host: "127.0.0.1", port: 8000 });
});

test("the options and their lists are frozen", () => {
  const { options, sources } = load({ argv: ["--allowed-hosts", "a"] });
  for (const each of [options, sources, options.allowedHosts])
    expect(Object.isFrozen(each)).toBe(true);
});

test("the configuration file is named by the flag, or else by the environment", () => {
  expect(configFilePath([], {})).toBeNull();
  expect(configFilePath(["--config", "none"], {})).toBeNull();
  expect(configFilePath(["--port", "1"], { PYKV_CONFIG: "e.yaml" })).toBe("e.yaml");
  expect(configFilePath(["--config=f.yaml"], { PYKV_CONFIG: "e.yaml" })).toBe("f.yaml");
});

test("a program's values are checked for range, and completed with the defaults", () => {
  const { options, sources } = completeOptions({ dataDir: null, capacityKeys: 5 }, MACHINE);
  expect(options).toMatchObject({ dataDir: null, capacityKeys: 5, fsync: "always" });
  expect(sources.capacityKeys).toEqual({ from: "argument" });
});

test("a program's values out of range or of unknown name are refused", () => {
  const given = { memoryBytesMax: 1, logLimit: { bytesMax: -1, recordsMax: 0 }, memory: 1 };
  const problems = problemsOf(() => completeOptions(given, MACHINE));
  expect(problems).toHaveLength(3);
  expect(problems[0]).toContain("max-memory: 1 from the program is not valid");
});

const SYNTHETIC = {
  color: boolean({ flag: "color", group: "g", default: false, doc: "d" }),
  depth: integer({ flag: "depth", group: "g", default: 1, min: 1, max: 9, doc: "d" }),
};
const BOOLEANS: [string[], boolean][] = [
  [[], false],
  [["--color"], true],
  [["--color", "--depth", "2"], true],
  [["--color=false"], false],
  [["--color=on"], true],
  [["--color", "--no-color"], false],
];
for (const [argv, expected] of BOOLEANS) {
  test(`a boolean flag given as ${JSON.stringify(argv)} is ${expected}`, () => {
    const { options } = loadDeclared(SYNTHETIC, { argv, env: {}, machine: MACHINE });
    expect(options.color).toBe(expected);
  });
}

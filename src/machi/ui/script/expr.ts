// The browser's interpreter of the expression language: the syntax tree as JSON in, a value out, no eval.
// It agrees with machi.ground.expr.compiler on tests/ground/expr/vectors.json: same values, same blanks, same fuel.
// What it cannot know (a table or an area that was not sent, a pattern outside the safe subset) is *unknown*: the
// server decides. Its answers are comfort only; the server decides in any case.

export type Node = { lit: string; value: string | boolean } | { name: string } | { list: Node[] } | { op: string; args: Node[] };

/** n / 10**s, with the smallest s. */
export type Num = { n: bigint; s: number };
/** A civil date as days since 1970-01-01. */
export type Day = { day: number };
/** A moment as milliseconds since 1970-01-01T00:00Z. */
export type Moment = { ms: number };
export type Span = { months: number; days: number; business: number; seconds: number };
export type Row = { [key: string]: Value };
export type Value = null | boolean | string | Num | Day | Moment | Span | Value[] | Row;

export type Context = {
  today?: Day | null;
  tables?: { [table: string]: { [key: string]: Row } };
  areas?: (layer: string, place: Value) => string | null;
  isOpen?: (day: Day, weekday: number) => boolean; // weekday: 0 Monday … 6 Sunday
  fuel?: number;
};
export type Result = { known: true; value: Value } | { known: false; why: "table" | "area" | "pattern" | "fuel" | "shape" };

const MAX_PLACES = 10, MAX_LIST = 1000, MAX_FUEL = 10_000, JAPAN = 9 * 3_600_000, DAY_MS = 86_400_000;
const GUARD = 10n ** 24n, FIRST_DAY = -719162, LAST_DAY = 2932896; // 0001-01-01 and 9999-12-31
const AGGREGATES = ["sum", "count", "any", "all", "min", "max"];

class Unknown extends Error {
  constructor(readonly why: "table" | "area" | "pattern" | "fuel" | "shape") { super(why); }
}

// Numbers

const ten = (exponent: number): bigint => 10n ** BigInt(exponent);
const size = (n: bigint): bigint => (n < 0n ? -n : n);

export function num(n: bigint, s = 0): Num {
  while (s > 0 && n % 10n === 0n) { n /= 10n; s -= 1; }
  return { n, s };
}

export function readNumber(text: string): Num {
  const [whole, places = ""] = text.split(".");
  return num(BigInt(whole + places), places.length);
}

export function plainNumber(x: Num): string {
  const digits = size(x.n).toString().padStart(x.s + 1, "0");
  const cut = digits.length - x.s;
  return (x.n < 0n ? "-" : "") + digits.slice(0, cut) + (x.s ? "." + digits.slice(cut) : "");
}

const align = (a: Num, b: Num): [bigint, bigint, number] => {
  const s = Math.max(a.s, b.s);
  return [a.n * ten(s - a.s), b.n * ten(s - b.s), s];
};

/** n / d as a whole number: "down" to zero, "up" away from zero, "half" to the nearest, half away from zero. */
function quotient(n: bigint, d: bigint, how: string): bigint {
  const sign = n < 0n !== d < 0n ? -1n : 1n;
  const [a, b] = [size(n), size(d)];
  const extra = how === "up" ? a % b !== 0n : how === "half" && 2n * (a % b) >= b;
  return sign * (a / b + (extra ? 1n : 0n));
}

function bounded(x: Num): Num | null {
  const y = x.s > MAX_PLACES ? num(quotient(x.n, ten(x.s - MAX_PLACES), "half"), MAX_PLACES) : x;
  return size(y.n) < GUARD * ten(y.s) ? y : null;
}

const add = (a: Num, b: Num): Num => { const [p, q, s] = align(a, b); return num(p + q, s); };
const compare = (a: Num, b: Num): number => { const [p, q] = align(a, b); return p < q ? -1 : p > q ? 1 : 0; };
const minus = (a: Num): Num => ({ n: -a.n, s: a.s });
const times = (a: Num, b: Num): Num => num(a.n * b.n, a.s + b.s);
const modulo = (a: bigint, b: bigint): Num => num(((a % b) + b) % b);

function divide(a: Num, b: Num): Num | null {
  if (b.n === 0n) return null;
  const [p, q] = align(a, b);
  return bounded(num(quotient(p * ten(MAX_PLACES), q, "half"), MAX_PLACES));
}

function round(x: Num, places: number, how: string): Num | null {
  if (x.s <= places) return bounded(x);
  const n = quotient(x.n, ten(x.s - places), how);
  return bounded(places >= 0 ? num(n, places) : num(n * ten(-places)));
}

// Dates (civil-from-days, after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms")

const isDay = (v: Value): v is Day => typeof v === "object" && v !== null && typeof (v as Day).day === "number";
const isMoment = (v: Value): v is Moment => typeof v === "object" && v !== null && typeof (v as Moment).ms === "number";
const isNum = (v: Value): v is Num => typeof v === "object" && v !== null && typeof (v as Num).n === "bigint";
const isSpan = (v: Value): v is Span => typeof v === "object" && v !== null && typeof (v as Span).business === "number";
const isRow = (v: Value): v is Row =>
  typeof v === "object" && v !== null && !Array.isArray(v) && !isDay(v) && !isMoment(v) && !isNum(v) && !isSpan(v);

function dayNumber(y: number, m: number, d: number): number {
  const shifted = m <= 2 ? y - 1 : y, era = Math.floor(shifted / 400), ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5) + d - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
}

export function civil(day: number): [number, number, number] {
  const z = day + 719468, era = Math.floor(z / 146097), ofEra = z - era * 146097;
  const year = Math.floor((ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365);
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const mp = Math.floor((5 * ofYear + 2) / 153), month = mp < 10 ? mp + 3 : mp - 9;
  return [year + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - Math.floor((153 * mp + 2) / 5) + 1];
}

const pad = (n: number, width = 2): string => String(n).padStart(width, "0");
export const plainDay = (d: Day): string => { const [y, m, n] = civil(d.day); return `${pad(y, 4)}-${pad(m)}-${pad(n)}`; };

export function plainMoment(at: Moment): string {
  const local = at.ms + JAPAN, day = Math.floor(local / DAY_MS), s = Math.floor((local - day * DAY_MS) / 1000);
  return `${plainDay({ day })}T${pad(Math.floor(s / 3600))}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}+09:00`;
}

const onCalendar = (day: number): Day | null => (day >= FIRST_DAY && day <= LAST_DAY ? { day } : null);

export function readDay(text: string): Day | null {
  const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  const day = m && onCalendar(dayNumber(+m[1], +m[2], +m[3]));
  return day && plainDay(day) === text ? day : null;
}

export function readMoment(text: string): Moment | null {
  const m = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d))?(?:([+-])(\d\d):(\d\d))?$/.exec(text), day = m && readDay(m[1]);
  if (!m || !day) return null;
  const offset = m[5] ? (m[5] === "-" ? -1 : 1) * (+m[6] * 60 + +m[7]) * 60_000 : JAPAN;
  return { ms: day.day * DAY_MS + ((+m[2] * 60 + +m[3]) * 60 + +(m[4] ?? 0)) * 1000 - offset };
}

export function readSpan(text: string): Span | null {
  const m = /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:(\d+)BD)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (!m || /[PT]$/.test(text)) return null;
  const [y, mo, w, d, b, h, mi, s] = m.slice(2).map((part) => +(part ?? 0) * (m[1] ? -1 : 1));
  return { months: y * 12 + mo, days: w * 7 + d, business: b, seconds: h * 3600 + mi * 60 + s };
}

function addMonths(day: number, months: number): number | null {
  const [y, m, d] = civil(day), count = y * 12 + m - 1 + months, year = Math.floor(count / 12), month = count - year * 12 + 1;
  if (year < 1 || year > 9999) return null;
  const last = month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return dayNumber(year, month, Math.min(d, last));
}

function ageOn(birth: Day, on: Day): Num | null { // the day before the birthday counts: see civil.age_on
  if (on.day < birth.day) return null;
  const [y, m, d] = civil(on.day + 1), [by, bm, bd] = civil(birth.day);
  return num(BigInt(y - by - (m < bm || (m === bm && d < bd) ? 1 : 0)));
}

// Patterns: a subset that JavaScript and RE2 read alike, with little enough backtracking. Anything else is unknown.

const ATOM = /^(?:[^\\^$.*+?()[\]{}|/]|\\[\^$.*+?()[\]{}|/\\dw]|\[\^?(?:[^\\^[\]&~]|\\[\^[\]\\dw-])+\]|\.)/u;
const TIMES = /^(?:([*+?])|\{(\d{1,3})(,?)(\d{0,3})\})/;

function matches(text: string, pattern: string): boolean {
  let rest = pattern.replace(/^\^/, "").replace(/([^\\])\$$/, "$1"), work = 1;
  if (text.length > 300 || /[\r\n\u2028\u2029]/.test(text)) throw new Unknown("pattern");
  while (rest) {
    const atom = ATOM.exec(rest);
    if (!atom) throw new Unknown("pattern");
    rest = rest.slice(atom[0].length);
    const times = TIMES.exec(rest);
    if (!times) continue;
    rest = rest.slice(times[0].length);
    work *= times[1] === "?" ? 2 : times[1] || !times[4] ? (times[3] || times[1] ? 300 : 1) : Math.max(1, +times[4] - +times[2] + 1);
  }
  if (work > 100_000) throw new Unknown("pattern");
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(text);
  } catch {
    throw new Unknown("pattern");
  }
}

// Evaluation

const same = (a: Value, b: Value): boolean =>
  isNum(a) && isNum(b) ? a.n === b.n && a.s === b.s
  : isDay(a) && isDay(b) ? a.day === b.day
  : isMoment(a) && isMoment(b) ? a.ms === b.ms
  : isSpan(a) && isSpan(b) ? a.months === b.months && a.days === b.days && a.business === b.business && a.seconds === b.seconds
  : a === b;

const order = (a: Value, b: Value): number =>
  isNum(a) && isNum(b) ? compare(a, b) : isMoment(a) && isMoment(b) ? a.ms - b.ms : (a as Day).day - (b as Day).day;

const below = (node: Node): Node[] => ("op" in node ? node.args : "list" in node ? node.list : []);
const count = (node: Node): number => below(node).reduce((sum, child) => sum + count(child), 1);
const own = (of: object, key: string): boolean => Object.prototype.hasOwnProperty.call(of, key);

function find(scope: Row, path: string): Value {
  if (own(scope, path)) return scope[path];
  const dot = path.lastIndexOf(".");
  const above = dot < 0 ? null : find(scope, path.slice(0, dot));
  return isRow(above) && own(above, path.slice(dot + 1)) ? above[path.slice(dot + 1)] : null;
}

function literal(kind: string, said: string | boolean): Value {
  if (typeof said === "boolean") return said;
  if (kind === "int" || kind === "decimal") return readNumber(said);
  if (kind === "date") return readDay(said);
  if (kind === "datetime") return readMoment(said);
  return kind === "duration" ? readSpan(said) : said || null;
}

export function plain(v: Value): string | null {
  if (isNum(v)) return plainNumber(v);
  if (isDay(v)) return plainDay(v);
  return isMoment(v) ? plainMoment(v) : v === null ? null : String(v);
}

type Strict = (run: Run, a: any, b: any) => Value;
const STRICT: { [op: string]: Strict } = {
  "+": (run, a, b) => (isSpan(b) ? run.shift(a, b, 1) : bounded(add(a, b))),
  "-": (run, a, b) => (isSpan(b) ? run.shift(a, b, -1) : bounded(add(a, minus(b)))),
  "*": (_, a, b) => bounded(times(a, b)),
  "/": (_, a, b) => divide(a, b),
  "%": (_, a, b) => (b.n === 0n ? null : modulo(a.n, b.n)),
  neg: (_, a) => minus(a),
  abs: (_, a) => ({ n: size(a.n), s: a.s }),
  age_on: (_, a, b) => ageOn(a, b),
  days_between: (_, a, b) => num(BigInt(b.day - a.day)),
  add_days: (_, a, n) => onCalendar(a.day + Number(n.n)),
  fiscal_year: (_, a) => { const [y, m] = civil(a.day); return num(BigInt(m < 4 ? y - 1 : y)); },
  business_days_between: (run, a, b) => num(BigInt(run.businessBetween(a.day, b.day))),
  add_business_days: (run, a, n) => run.addBusiness(a.day, Number(n.n)),
  lower: (_, a) => a.replace(/[A-Z]/g, (c: string) => c.toLowerCase()),
  text: (_, a) => plain(a),
};
const TESTS: { [op: string]: (a: any, b: any) => boolean } = { // false when either side is blank
  "==": same, "!=": (a, b) => !same(a, b), "<": (a, b) => order(a, b) < 0, "<=": (a, b) => order(a, b) <= 0,
  ">": (a, b) => order(a, b) > 0, ">=": (a, b) => order(a, b) >= 0,
  in: (a, list) => list.some((b: Value) => b !== null && same(a, b)),
  starts_with: (a, b) => a.startsWith(b), ends_with: (a, b) => a.endsWith(b), contains: (a, b) => a.includes(b),
};

class Run {
  constructor(readonly base: Row, readonly context: Context, public fuel: number) {}

  spend(units: number): void {
    this.fuel -= units;
    if (this.fuel < 0) throw new Unknown("fuel");
  }

  isOpen(day: number): boolean {
    const weekday = (((day + 3) % 7) + 7) % 7;
    return this.context.isOpen ? this.context.isOpen({ day }, weekday) : weekday < 5;
  }

  addBusiness(day: number, n: number): Day | null {
    let left = Math.abs(n);
    for (let at = day; left > 0; ) {
      at += Math.sign(n);
      if (!onCalendar(at)) return null;
      this.spend(1);
      if (this.isOpen(at)) left -= 1;
      day = at;
    }
    return { day };
  }

  businessBetween(a: number, b: number): number {
    if (b < a) return -this.businessBetween(b, a);
    this.spend(b - a);
    let found = 0;
    for (let day = a + 1; day <= b; day += 1) found += this.isOpen(day) ? 1 : 0;
    return found;
  }

  shift(when: Day | Moment, by: Span, sign: number): Value {
    const local = isMoment(when) ? when.ms + JAPAN : null;
    if (by.seconds && local === null) return null;
    const start = local === null ? (when as Day).day : Math.floor(local / DAY_MS);
    const month = addMonths(start, sign * by.months);
    const day = month === null ? null : onCalendar(month + sign * by.days);
    const moved = day && this.addBusiness(day.day, sign * by.business);
    if (!moved || local === null) return moved;
    const at = moved.day * DAY_MS + (local - start * DAY_MS) + sign * by.seconds * 1000;
    return onCalendar(Math.floor(at / DAY_MS)) && { ms: at - JAPAN };
  }

  of(node: Node, row: Row): Value {
    if ("lit" in node) return literal(node.lit, node.value);
    if ("name" in node) {
      const found = find(node.name[0] === "$" ? this.base : row, node.name.replace(/^\$form\./, ""));
      return found === "" || found === undefined ? null : found;
    }
    if ("list" in node) return node.list.map((item) => this.of(item, row));
    return AGGREGATES.includes(node.op) ? this.aggregate(node.op, node.args, row) : this.apply(node.op, node.args, row);
  }

  apply(op: string, args: Node[], row: Row): Value {
    const value = (place: number): Value => this.of(args[place], row);
    switch (op) {
      case "and": return args.every((arg) => this.of(arg, row) === true);
      case "or": return args.some((arg) => this.of(arg, row) === true);
      case "not": return value(0) !== true;
      case "if": return value(0) === true ? value(1) : value(2);
      case "default": return value(0) ?? value(1);
      case "is_blank": { const v = value(0); return v === null || (Array.isArray(v) && v.length === 0); }
      case "today": return this.context.today ?? null;
      case "length": return num(BigInt([...((value(0) as string | null) ?? "")].length));
      case "concat": return args.map((arg) => this.of(arg, row) ?? "").join("") || null;
      case "matches": { const v = value(0); return v !== null && matches(v as string, (args[1] as { value: string }).value); }
      case "lookup": return this.lookup(args, value(1));
      case "area_of": return this.area(args[0], value(1));
      case "within": return this.area(args[1], value(0)) !== null;
      case "round_up": case "round_down": case "round_half_up": {
        const [x, places] = [value(0), args.length > 1 ? value(1) : num(0n)];
        return x === null || places === null ? null : round(x as Num, Number((places as Num).n), op.slice(6).replace("half_up", "half"));
      }
    }
    const values = args.map((arg) => this.of(arg, row)), blank = values.includes(null);
    if (own(TESTS, op)) return !blank && TESTS[op](values[0], values[1]);
    if (!own(STRICT, op)) throw new Unknown("shape");
    return blank ? null : STRICT[op](this, values[0], values[1]);
  }

  label(node: Node): string {
    if ("name" in node) return node.name;
    if ("lit" in node) return String(node.value);
    throw new Unknown("shape");
  }

  lookup(args: Node[], key: Value): Value {
    const table = this.label(args[0]), tables = this.context.tables ?? {};
    if (!own(tables, table)) throw new Unknown("table");
    const at = plain(key), row = at !== null && own(tables[table], at) ? tables[table][at] : {};
    return find(row, this.label(args[2])) || null;
  }

  area(layer: Node, place: Value): string | null {
    if (place === null) return null;
    if (!this.context.areas) throw new Unknown("area");
    return this.context.areas(this.label(layer), place);
  }

  aggregate(op: string, args: Node[], row: Row): Value {
    const list = this.of(args[0], row), each = args.length > 1;
    if (list !== null && !Array.isArray(list)) { // min(a, b): values, not rows
      const values = [list, ...args.slice(1).map((arg) => this.of(arg, row))];
      return values.includes(null) ? null : finish(op, values);
    }
    const rows = (list ?? []) as Value[];
    if (rows.length > MAX_LIST) throw new Unknown("fuel");
    this.spend((1 + (each ? count(args[1]) : 0)) * rows.length);
    const found = each ? rows.map((item) => this.of(args[1], isRow(item) ? item : { it: item })) : rows;
    return op === "count" && !each ? num(BigInt(rows.length)) : finish(op, found.map((item) => (item === "" || item === undefined ? null : item)));
  }
}

function finish(op: string, found: Value[]): Value {
  const filled = found.filter((item) => item !== null); // blanks count for nothing in sums and extremes
  switch (op) {
    case "sum": return bounded((filled as Num[]).reduce(add, num(0n)));
    case "count": return num(BigInt(found.filter((item) => item === true).length));
    case "any": return found.some((item) => item === true);
    case "all": return found.every((item) => item === true);
    case "min": return filled.length ? filled.reduce((a, b) => (order(b, a) < 0 ? b : a)) : null;
    default: return filled.length ? filled.reduce((a, b) => (order(b, a) > 0 ? b : a)) : null;
  }
}

/** The value of a checked tree for the values of a form; unknown when only the server can say. */
export function evaluate(node: Node, values: Row, context: Context = {}): Result {
  const run = new Run(values, context, context.fuel ?? MAX_FUEL);
  try {
    run.spend(count(node));
    return { known: true, value: run.of(node, values) };
  } catch (fault) {
    if (fault instanceof Unknown) return { known: false, why: fault.why };
    throw fault;
  }
}

/** JSON from a form or a vector, as a value of a declared type ("yen", "list<row{day:date?}>" …). */
export function read(json: unknown, type: string): Value {
  const kind = type.replace(/\?$/, "");
  if (json === null || json === undefined || json === "") return null;
  if (kind.startsWith("list<")) return (json as unknown[]).map((item) => read(item, kind.slice(5, -1)));
  if (kind.startsWith("row{")) {
    const row: Row = {};
    for (const [key, of] of fields(kind.slice(4, -1))) row[key] = read((json as { [key: string]: unknown })[key], of);
    return row;
  }
  if (["int", "yen", "decimal"].includes(kind)) return readNumber(String(json));
  if (kind === "date") return readDay(String(json));
  if (kind === "datetime") return readMoment(String(json));
  if (kind === "duration") return readSpan(String(json));
  return json as Value;
}

function fields(inside: string): [string, string][] {
  const found: [string, string][] = [];
  let depth = 0, start = 0;
  [...inside, ","].forEach((sign, at) => {
    depth += "<{".includes(sign) ? 1 : ">}".includes(sign) ? -1 : 0;
    if (sign !== "," || depth) return;
    const [key, ...of] = inside.slice(start, at).split(":");
    found.push([key.trim(), of.join(":").trim()]);
    start = at + 1;
  });
  return found;
}

import { FormatError } from "./format-error";

interface Field {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MINUTE: Field = { least: 0, most: 59 };
const HOUR: Field = { least: 0, most: 23 };
const DAY: Field = { least: 1, most: 31 };
const MONTH: Field = {
  least: 1,
  most: 12,
  names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const WEEKDAY: Field = { least: 0, most: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

/** Largest number of days of each month: February has 29 days in leap years. */
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const MILLISECONDS_PER_DAY = 24 * 3600 * 1000;
/** Period in which gaps are looked for. It starts before a leap day. */
const GAP_START = Date.UTC(2024, 0, 1);
const GAP_DAYS = 8 * 365 + 2;

const ALLOWED = "a cron schedule of five fields, such as 0 2 * * *";

/**
 * Cron schedule in the syntax of the CronJob controller, which uses the standard parser of robfig/cron.
 * Sunday is 0 and not 7. Macros such as `@daily` and time zones are rejected.
 * @see https://github.com/robfig/cron/blob/v3.0.1/parser.go
 */
export class CronSchedule {
  /**
   * Parses a schedule of five fields.
   * @throws FormatError, also for a schedule with a day that exists in none of its months
   */
  static parse(text: string): CronSchedule {
    const texts = text.replace(/^[ \t]+|[ \t]+$/g, "").split(/[ \t]+/);
    if (texts.length !== 5) throw new FormatError(ALLOWED);
    const [minute, hour, day, month, weekday] = texts;
    const minutes = readField(minute, MINUTE);
    const hours = readField(hour, HOUR);
    const weekdays = readField(weekday, WEEKDAY);
    const days = readField(day, DAY);
    const months = readField(month, MONTH);
    // If day and weekday are both restricted, either one is enough.
    const everyWeekday = isEvery(weekday);
    const exists = [...months].some((number) => Math.min(...days) <= LONGEST_MONTHS[number - 1]);
    if (everyWeekday && !exists) {
      throw new FormatError("a cron schedule that runs at some time, with a day that its months have");
    }
    const times = [...hours].flatMap((h) => [...minutes].map((m) => h * 60 + m)).sort((a, b) => a - b);
    const runsOn = (date: Date): boolean => {
      const [inDays, inWeekdays] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
      const isDay = isEvery(day) || everyWeekday ? inDays && inWeekdays : inDays || inWeekdays;
      return months.has(date.getUTCMonth() + 1) && isDay;
    };
    return new CronSchedule(text, times, runsOn);
  }

  private constructor(
    private readonly text: string,
    /** Minutes of a day at which the schedule fires, in ascending order. */
    private readonly times: readonly number[],
    private readonly runsOn: (date: Date) => boolean,
  ) {}

  /**
   * Longest time between two firings, in seconds, over a period of eight years that includes two leap days. A change of
   * daylight saving time can add an hour.
   */
  longestGap(): number {
    const [first, last] = [this.times[0], this.times[this.times.length - 1]];
    // The wait from the last firing of a day to the first one of the next day is counted below.
    let longest = Math.max(0, ...this.times.slice(1).map((time, index) => time - this.times[index]));
    let previous: number | undefined;
    for (let day = 0; day <= GAP_DAYS; day++) {
      if (!this.runsOn(new Date(GAP_START + day * MILLISECONDS_PER_DAY))) continue;
      const wait = previous === undefined ? 0 : (day - previous) * 24 * 60 + first - last;
      longest = Math.max(longest, wait);
      previous = day;
    }
    return longest * 60;
  }

  /** Returns the schedule as it was given. */
  toString(): string {
    return this.text;
  }
}

function readField(text: string, field: Field): Set<number> {
  return new Set(text.split(",").flatMap((range) => readRange(range, field)));
}

function readRange(text: string, field: Field): number[] {
  const [, first, last, step] = /^([*?]|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(text) ?? [];
  if (first === undefined) throw new FormatError(ALLOWED);
  const isAny = first === "*" || first === "?";
  if (isAny && last !== undefined) throw new FormatError(ALLOWED);
  const from = isAny ? field.least : readNumber(first, field);
  // A single number with a step is the start of a range.
  const open = isAny || (last === undefined && step !== undefined);
  const to = open ? field.most : readNumber(last ?? first, field);
  const by = Number(step ?? 1);
  if (from < field.least || to > field.most || from > to || by === 0) throw new FormatError(ALLOWED);
  const count = Math.floor((to - from) / by) + 1;
  return Array.from({ length: count }, (_, index) => from + index * by);
}

function readNumber(text: string, { names = [], least }: Field): number {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + least;
  if (!/^\d+$/.test(text)) throw new FormatError(ALLOWED);
  return Number(text);
}

/**
 * Returns true for an unrestricted field. The controller counts `*` and `?`, also in a list, but not with a step above
 * one.
 */
function isEvery(text: string): boolean {
  return text.split(",").some((range) => /^[*?](\/0*1)?$/.test(range));
}

import { CronSchedule } from "../../constructs/core/cron-schedule";

test.each([
  "0 2 * * *",
  "*/15 * * * *",
  "05 02 * * *",
  "0 2 * * 0",
  "0 2 * * 1-5",
  "0 2 * * mon-FRI",
  "0 2 1 JAN,jul *",
  "0 2 ? * *",
  "10-50/20,5 0 * * *",
  "5/10 * * * *",
  "0 0 29 2 *",
  "0 0 31 1,2 *",
  "0 0 31 2 1",
  "0 0 31 2 */2",
  " 0\t2  * * * ",
])("accepts %p unchanged", (text) => {
  expect(CronSchedule.parse(text).toString()).toBe(text);
});

test.each([
  ["Sunday as 7", "0 2 * * 7"],
  ["a range to 7", "0 2 * * 0-7"],
  ["a name of another field", "0 2 * mon *"],
  ["a minute of 60", "60 2 * * *"],
  ["an hour of 24", "0 24 * * *"],
  ["day 0", "0 2 0 * *"],
  ["month 13", "0 2 1 13 *"],
  ["a range backwards", "0 2 * * fri-mon"],
  ["a step of 0", "*/0 2 * * *"],
  ["two steps", "0/1/2 2 * * *"],
  ["a negative number", "-1 2 * * *"],
  ["an empty part of a list", "0,,5 2 * * *"],
  ["a range of everything", "*-5 2 * * *"],
  ["a last day", "0 2 L * *"],
  ["a weekday of the month", "0 2 * * mon#1"],
  ["a macro", "@daily"],
  ["a time zone", "TZ=UTC 0 2 * * *"],
  ["a time zone of CRON_TZ", "CRON_TZ=UTC 0 2 * * *"],
  ["seconds", "0 0 2 * * *"],
  ["four fields", "0 2 * *"],
  ["a line feed", "0 2 * *\n*"],
  ["nothing", ""],
])("rejects %s: %p", (_title, text) => {
  expect(() => CronSchedule.parse(text)).toThrow("must be a cron schedule of five fields, such as 0 2 * * *");
});

test.each(["0 0 31 2 *", "0 0 30,31 2 ?", "0 0 31 4,6,9,11 *", "0 0 30-31 feb */1"])(
  "rejects %p, which never runs",
  (text) => {
    expect(() => CronSchedule.parse(text)).toThrow(
      "must be a cron schedule that runs at some time, with a day that its months have",
    );
  },
);

const HOURS = 3600;
const DAYS = 24 * HOURS;

test.each([
  ["* * * * *", 60],
  ["*/15 * * * *", 15 * 60],
  ["0 2 * * *", DAYS],
  ["0 2,3 * * *", 23 * HOURS],
  ["0 4 * * 0", 7 * DAYS],
  ["0 2 * * 1-5", 3 * DAYS],
  ["0 0 1 * *", 31 * DAYS],
  ["0 0 31 * *", 61 * DAYS],
  ["0 0 1 1 *", 366 * DAYS],
  ["0 0 29 2 *", 4 * 365 * DAYS + DAYS],
  ["0 0 13 * 5", 7 * DAYS],
  ["0 0 13 2 5", 350 * DAYS],
])("finds the longest gap of %p", (text, seconds) => {
  expect(CronSchedule.parse(text).longestGap()).toBe(seconds);
});

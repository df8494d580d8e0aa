import { Cpu } from "../../constructs/core/cpu";
import { Duration } from "../../constructs/core/duration";
import { Size } from "../../constructs/core/size";
import { ValidationError } from "../../constructs/core/validation-error";

describe("Duration", () => {
  test.each([
    [Duration.seconds(90), "90s", 90],
    [Duration.minutes(15), "15m", 900],
    [Duration.hours(24), "24h", 86400],
    [Duration.days(30), "720h", 2592000],
    [Duration.minutes(60), "1h", 3600],
    [Duration.parse("7d"), "168h", 604800],
  ])("prints %s in the largest unit that Vault and Kubernetes both read", (duration, text, seconds) => {
    expect(duration.toString()).toBe(text);
    expect(duration.toSeconds()).toBe(seconds);
  });

  test.each(["1", "h", "1.5h", "-1h", "1w", "1h30m", ""])(
    "refuses the text %p and names the allowed form",
    (text) => {
      expect(() => Duration.parse(text)).toThrow(`digits and one of s, m, h, d (such as 1h), got "${text}"`);
    },
  );

  test("refuses fractions and negative amounts", () => {
    expect(() => Duration.hours(1.5)).toThrow("a duration must be a whole number, zero or more, got 1.5h");
    expect(() => Duration.seconds(-1)).toThrow("got -1s");
  });

  test("compares times of different units", () => {
    expect(Duration.hours(25).isLongerThan(Duration.days(1))).toBe(true);
    expect(Duration.hours(24).isLongerThan(Duration.days(1))).toBe(false);
  });
});

describe("Size", () => {
  test.each([
    [Size.gibibytes(10), "10Gi", 10240],
    [Size.mebibytes(256), "256Mi", 256],
    [Size.parse("2048Mi"), "2Gi", 2048],
  ])("prints the size %s as a Kubernetes quantity", (size, text, mebibytes) => {
    expect(size.toString()).toBe(text);
    expect(size.toMebibytes()).toBe(mebibytes);
  });

  test("refuses decimal units, because 10G is less than 10Gi", () => {
    expect(() => Size.parse("10G")).toThrow('digits and Mi or Gi (such as 10Gi), got "10G"');
  });

  test("refuses a size of zero", () => {
    expect(() => Size.gibibytes(0)).toThrow("a size must be a whole number above zero, got 0Gi");
  });
});

describe("Cpu", () => {
  test.each([
    [Cpu.millis(500), "500m", 500],
    [Cpu.units(2), "2", 2000],
    [Cpu.parse("250m"), "250m", 250],
  ])("prints the CPU amount %s as a Kubernetes quantity", (cpu, text, millis) => {
    expect(cpu.toString()).toBe(text);
    expect(cpu.toMillis()).toBe(millis);
  });

  test("refuses other texts and names the allowed form", () => {
    expect(() => Cpu.parse("half")).toThrow('cores (2) or millicores (500m), got "half"');
    expect(() => Cpu.millis(0)).toThrow("above zero, got 0m");
  });
});

test("appends the path to the message of a ValidationError", () => {
  expect(new ValidationError("production/Vault", "replicas must be odd, got 4").message).toBe(
    "replicas must be odd, got 4 [production/Vault]",
  );
});

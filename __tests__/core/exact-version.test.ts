import { ExactVersion } from "../../constructs/core/exact-version";

test.each(["0.34.1", "v1.21.1", "1.2.3-rc.1", "1.2.3+build.5"])("reads the version %s", (text) => {
  expect(ExactVersion.parse(text).toString()).toBe(text);
});

test.each(["", "1.2", "1.x", "~1.2.3", ">=1.2.3", "latest", "01.2.3", "1.2.3 ", "1.2.3-"])(
  "rejects %p, which may become another version",
  (text) => {
    expect(() => ExactVersion.parse(text)).toThrow("must be an exact version, such as 0.34.1");
  },
);

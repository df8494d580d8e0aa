#!/usr/bin/env node
/** The command of the installed package. The project's own definitions, which some commands read, are TypeScript. */
import "./tsx-cache.cjs";
import "tsx/cjs";
import "./main";

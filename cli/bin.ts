#!/usr/bin/env node
/** Command of the installed package. */
import "./main";

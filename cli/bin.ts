#!/usr/bin/env node
/** The command of the installed package. */
import "./main";

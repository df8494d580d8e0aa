import { Audit } from "@cdktf/provider-vault/lib/audit";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { bootstrapNames } from "../jobs/bootstrap-names";
import { type Fields, anyText, checkProps, flag, number, object, text } from "../core/field";
import {
  importResource,
  type ImportExistingProps,
  unlessImported,
  importExistingFields,
} from "../core/import-existing";
import { literal } from "../core/literal";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireRootNamespace } from "../core/vault-scope";

/** Properties that all types of audit devices share. */
export interface AuditDeviceProps extends ImportExistingProps {
  /** Path of the device in Vault. */
  readonly path: string;
  /** Description of the device in Vault. @default - the device's destination */
  readonly description?: string;
  /** Logs secrets in plain text. @default false - values are hashed */
  readonly unsafeLogRaw?: boolean;
}

/** Properties of `AuditDevices.addFile`. */
export interface FileAuditDeviceProps extends AuditDeviceProps {
  /** Absolute path of the file, or `stdout` for the log of Vault's container. */
  readonly filePath: string;
  /** Permissions of the file in octal. They must not include execution or access for others. @default "0600" */
  readonly mode?: string;
}

/** Properties of `AuditDevices.addSocket`. */
export interface SocketAuditDeviceProps extends AuditDeviceProps {
  /** Absolute path of the Unix socket on which a sidecar of Vault's pods listens. */
  readonly socketPath: string;
  /** Seconds after which a write fails. @default 2 */
  readonly writeTimeout?: number;
}

/** Properties of `AuditDevices.addSyslog`. */
export interface SyslogAuditDeviceProps extends AuditDeviceProps {
  /** Facility of the syslog messages. @default AUTH */
  readonly facility?: string;
  /** Tag of the syslog messages. @default vault */
  readonly tag?: string;
}

const deviceFields: Fields<AuditDeviceProps> = {
  ...importExistingFields,
  path: anyText.known(),
  description: text.optional(),
  unsafeLogRaw: flag.optional(),
};

const FILE = object<FileAuditDeviceProps>(() => ({
  ...deviceFields,
  filePath: anyText,
  mode: anyText.known().optional(),
}));

const SOCKET = object<SocketAuditDeviceProps>(() => ({
  ...deviceFields,
  socketPath: anyText,
  writeTimeout: number.known().optional(),
}));

const SYSLOG = object<SyslogAuditDeviceProps>(() => ({
  ...deviceFields,
  facility: anyText.known().optional(),
  tag: anyText.known().optional(),
}));

/** Options of audit devices. For an imported device, Terraform ignores options that are not set. */
const OPTIONS = [
  ...[
    "elide_list_responses",
    "exclude",
    "fallback",
    "filter",
    "format",
    "hmac_accessor",
    "log_raw",
    "prefix",
  ],
  ...["file_path", "mode", "address", "socket_type", "write_timeout", "facility", "tag"],
];

/**
 * Audit devices in addition to the first one, which the bootstrap owns. Vault rejects a request if no device can record
 * it, so the second device must not depend on the disk of the first one.
 *
 * A plan can neither remove nor change a device. A new device would hash with another key, and you could not match
 * entries from before and after the change.
 * @see https://developer.hashicorp.com/vault/docs/audit
 * @throws ValidationError within a namespace of Vault Enterprise
 */
export class AuditDevices extends LibraryConstruct {
  private readonly added: { readonly path: string; readonly independent: boolean }[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    requireRootNamespace(this, "an audit device");
    this.node.addValidation({ validate: () => this.omissions() });
  }

  /** Paths of the devices that you added. */
  get paths(): string[] {
    return this.added.map(({ path }) => path);
  }

  /**
   * Adds a device that writes to a file. A file on the disk of the first device fails together with it; `stdout` does
   * not.
   * @throws ValidationError for a relative path, a mode that is executable or open to others, and a device path that is
   * already in use
   */
  addFile(props: FileAuditDeviceProps): Audit {
    checkProps(this, FILE, props);
    const { filePath, ...device } = props;
    const isFile = filePath !== "stdout";
    if (isLiteral(filePath) && isFile && !/^\/[^\0]*[^/\0]$/.test(filePath)) {
      throw new ValidationError(
        this,
        `filePath must be an absolute path or stdout, got ${received(filePath)}`,
      );
    }
    // Vault 1.20.1 and later refuse to start with an executable log file.
    const mode = device.mode ?? unlessImported(device, "0600");
    if (mode !== undefined && (!/^0?[0-7]{3}$/.test(mode) || (parseInt(mode, 8) & 0o117) !== 0)) {
      throw new ValidationError(
        this,
        `mode must be octal, not executable and nothing for others, such as 0600, got ${received(mode)}`,
      );
    }
    const options = { file_path: literal(filePath), ...(isFile && mode !== undefined && { mode }) };
    return this.add("file", device, options, `Writes to ${filePath}`, !isFile);
  }

  /**
   * Adds a device that writes to a sidecar of Vault's pods. The sidecar must listen before you apply this. Remote
   * sockets are not supported: TCP makes all requests wait for the remote end, and UDP loses entries.
   * @throws ValidationError if socketPath is not the path of a Unix socket, and for a device path that is already in
   * use
   */
  addSocket(props: SocketAuditDeviceProps): Audit {
    checkProps(this, SOCKET, props);
    const { socketPath, ...device } = props;
    const writeTimeout = device.writeTimeout ?? unlessImported(device, 2);
    if (isLiteral(socketPath) && !/^\/[^\0:]*[^/\0:]$/.test(socketPath)) {
      throw new ValidationError(
        this,
        `socketPath must be the absolute path of a Unix socket of a sidecar, not a remote address, got ${received(socketPath)}`,
      );
    }
    if (writeTimeout !== undefined && !(writeTimeout > 0)) {
      throw new ValidationError(
        this,
        `writeTimeout must be above zero, or Vault would wait without limit, got ${received(writeTimeout)}`,
      );
    }
    const options = {
      address: literal(socketPath),
      socket_type: "unix",
      ...(writeTimeout !== undefined && { write_timeout: `${writeTimeout}s` }),
    };
    return this.add("socket", device, options, `Writes to the sidecar at ${socketPath}`, true);
  }

  /**
   * Adds a device that writes to the syslog of Vault's container, at /dev/log. Vault's image has no syslog daemon: a
   * sidecar must listen there before you apply this, or the apply fails.
   * @throws ValidationError for an invalid facility or tag, and for a device path that is already in use
   */
  addSyslog(device: SyslogAuditDeviceProps): Audit {
    checkProps(this, SYSLOG, device);
    const facility = device.facility ?? unlessImported(device, "AUTH");
    const tag = device.tag ?? unlessImported(device, "vault");
    if (
      facility !== undefined &&
      !/^(KERN|USER|MAIL|DAEMON|AUTH|SYSLOG|LPR|NEWS|UUCP|CRON|AUTHPRIV|FTP|LOCAL[0-7])$/.test(facility)
    ) {
      throw new ValidationError(
        this,
        `facility must be one of syslog's, such as AUTH or LOCAL0, got ${received(facility)}`,
      );
    }
    if (tag !== undefined && !/^[\w./-]+$/.test(tag)) {
      throw new ValidationError(this, `tag must be one word, got ${received(tag)}`);
    }
    return this.add(
      "syslog",
      device,
      { ...(facility && { facility }), ...(tag && { tag }) },
      "Writes to the syslog of Vault's container",
      true,
    );
  }

  private add(
    type: string,
    device: AuditDeviceProps,
    options: Record<string, string>,
    what: string,
    independent: boolean,
  ): Audit {
    const { path, unsafeLogRaw = false } = device;
    const description = device.description ?? unlessImported(device, what);
    if (!(device.importExisting ? /^[\w-]+(\/[\w-]+)*$/ : /^[a-z0-9][a-z0-9-]*$/).test(path)) {
      throw new ValidationError(this, `path must be lower-case letters, digits and -, got ${received(path)}`);
    }
    if (path === bootstrapNames.auditPath) {
      throw new ValidationError(this, `path ${path} is the first device's, which the bootstrap owns`);
    }
    claimName(this, "audit device", path);
    this.added.push({ path, independent });
    const stated: Readonly<Record<string, string>> = {
      ...options,
      // Responses that list accessors would make entries of several megabytes.
      ...unlessImported(device, { elide_list_responses: "true", hmac_accessor: "true" }),
      ...(unsafeLogRaw && { log_raw: "true" }),
    };
    const audit = new Audit(this, path, {
      path,
      type,
      description: description && literal(description),
      options: stated,
      lifecycle: { preventDestroy: true },
    });
    if (device.importExisting) {
      const others = OPTIONS.filter((option) => !(option in stated));
      importResource(
        audit,
        path,
        others.map((option) => `options["${option}"]`),
      );
    }
    return audit;
  }

  private omissions(): string[] {
    const call = "call addSocket(), addSyslog() or addFile() with stdout";
    if (this.added.length === 0) {
      return [`no audit device was added, and Vault stops with the bootstrap's; ${call} [${this.node.path}]`];
    }
    if (!this.added.some(({ independent }) => independent)) {
      return [
        `all audit devices write to a disk, as the bootstrap's does, and fail together; ${call} [${this.node.path}]`,
      ];
    }
    return [];
  }
}

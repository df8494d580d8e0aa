export {
  type AuditDeviceProps,
  AuditDevices,
  type FileAuditDeviceProps,
  type SocketAuditDeviceProps,
  type SyslogAuditDeviceProps,
} from "./audit-devices";

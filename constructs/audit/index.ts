export {
  type AuditDeviceProps,
  AuditDevices,
  type FileAuditDeviceProps,
  type SocketAuditDeviceProps,
  type SyslogAuditDeviceProps,
} from "./audit-devices";
export { AUDIT_SOCKET, AuditShipper, type AuditShipperProps, type Sidecar } from "./audit-shipper";
export { SiemSink, type SiemSinkProps } from "./siem-sink";

import { type Admission, type Ports, selectsAll } from "./network";
import { unionOf } from "./ranges";

const PROTOCOLS = ["TCP", "UDP", "SCTP"];

/** Admissions that others do not cover together. Ranges and ports count as unions. */
export function unadmitted(admissions: readonly Admission[], others: readonly Admission[]): Admission[] {
  return admissions.filter((admission) => !isAdmitted(admission, others));
}

function isAdmitted(admission: Admission, others: readonly Admission[]): boolean {
  const same = others.filter(({ direction }) => direction === admission.direction);
  return piecesOf(
    admission.ports,
    same.map(({ ports }) => ports),
  ).every((piece) => {
    const here = same.filter(({ ports }) => includes(ports, piece));
    return here.some((other) => coversPeer(other, admission)) || coversRange(here, admission);
  });
}

function coversPeer(other: Admission, { kind, peer, pods, namespaces }: Admission): boolean {
  if (other.kind === "anyone") return true;
  if (other.peer === peer) return true;
  if (kind !== "pods" || other.kind !== "pods" || !selectsAll(other.pods, pods)) return false;
  if (namespaces === undefined || other.namespaces === undefined) {
    // The policy's own namespace is one of all namespaces, and may lack the labels of others.
    return namespaces === undefined && (other.namespaces === undefined || other.namespaces.length === 0);
  }
  return selectsAll(other.namespaces, namespaces);
}

function coversRange(others: readonly Admission[], { kind, ranges }: Admission): boolean {
  return kind === "range" && unionOf(others.map((other) => other.ranges)).covers(ranges);
}

/** Returns true if admissions reach a large part of the internet together, at ports of one of them. */
export function reachesWorld(admission: Admission, all: readonly Admission[]): boolean {
  if (admission.kind !== "range") return false;
  const here = all.filter(
    ({ direction, ports }) => direction === admission.direction && overlaps(ports, admission.ports),
  );
  return unionOf(here.map(({ ranges }) => ranges)).isWorld;
}

/** Ports of one protocol, cut where ranges of others begin or end. */
function piecesOf(ports: Ports, others: readonly Ports[]): Ports[] {
  const protocols = ports.protocol === "any" ? PROTOCOLS : [ports.protocol];
  if (ports.name !== undefined) return [ports];
  return protocols.flatMap((protocol) => {
    const starts = new Set([ports.first]);
    for (const other of others) {
      if (other.protocol !== protocol && other.protocol !== "any") continue;
      for (const start of [other.first, other.last + 1]) {
        if (start > ports.first && start <= ports.last) starts.add(start);
      }
    }
    const sorted = [...starts].sort((one, two) => one - two);
    return sorted.map((first, index) => ({
      ...ports,
      protocol,
      first,
      last: index + 1 < sorted.length ? sorted[index + 1] - 1 : ports.last,
    }));
  });
}

function includes(ports: Ports, piece: Ports): boolean {
  if (ports.protocol !== "any" && ports.protocol !== piece.protocol) return false;
  if (piece.name !== undefined)
    return ports.name === piece.name || (ports.first <= 1 && ports.last === 65535);
  return ports.first <= piece.first && piece.last <= ports.last;
}

function overlaps(one: Ports, other: Ports): boolean {
  if (one.protocol !== other.protocol && one.protocol !== "any" && other.protocol !== "any") return false;
  if (one.name !== undefined || other.name !== undefined)
    return one.text === other.text || one.last === 65535 || other.last === 65535;
  return one.first <= other.last && other.first <= one.last;
}

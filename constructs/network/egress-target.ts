import type { Construct } from "constructs";
import { checkArguments, text } from "../core/field";
import { pairs } from "../core/fields";
import { ranges as RANGES } from "../server/fields";
import { INTERNET, type Peer, namespacePeer, podPeer, rangePeers } from "./network-peers";

/** Where pods may open connections to. */
export class EgressTarget {
  /** Addresses of some networks, one at least, such as `10.20.0.0/16`. Addresses of instance metadata are left out. */
  static ranges(ranges: readonly string[]): EgressTarget {
    checkArguments("EgressTarget.ranges", { ranges: [ranges, RANGES] });
    return new EgressTarget((scope, name) => rangePeers(scope, `ranges of ${name}`, ranges));
  }

  /**
   * Pods of a namespace.
   * @param podLabels labels that the pods have; none: all pods of the namespace
   */
  static pods(namespace: string, podLabels: Readonly<Record<string, string>> = {}): EgressTarget {
    checkArguments("EgressTarget.pods", { namespace: [namespace, text], podLabels: [podLabels, pairs] });
    const some = Object.keys(podLabels).length > 0;
    return new EgressTarget(() => [some ? podPeer(namespace, podLabels) : namespacePeer(namespace)]);
  }

  /** The internet by IPv4 and IPv6, without private networks. */
  static internet(): EgressTarget {
    return new EgressTarget(() => [...INTERNET]);
  }

  private constructor(
    /** The peers of a rule; `name` is that of the rule, for errors. */
    readonly peers: (scope: Construct, name: string) => Peer[],
  ) {}
}

import type { Construct } from "constructs";
import { checkArguments, text } from "../core/field";
import { pairs } from "../core/fields";
import { ranges as RANGES } from "../server/fields";
import { INTERNET, type Peer, namespacePeer, podPeer, rangePeers } from "./network-peers";

/** Destinations to which pods may open connections. */
export class EgressTarget {
  /** Network ranges, such as `10.20.0.0/16`. At least one. Addresses of instance metadata are excluded. */
  static ranges(ranges: readonly string[]): EgressTarget {
    checkArguments("EgressTarget.ranges", { ranges: [ranges, RANGES] });
    return new EgressTarget((scope, name) => rangePeers(scope, `ranges of ${name}`, ranges));
  }

  /**
   * Pods of a namespace.
   * @param podLabels labels of the pods; all pods of the namespace if empty
   */
  static pods(namespace: string, podLabels: Readonly<Record<string, string>> = {}): EgressTarget {
    checkArguments("EgressTarget.pods", { namespace: [namespace, text], podLabels: [podLabels, pairs] });
    const some = Object.keys(podLabels).length > 0;
    return new EgressTarget(() => [some ? podPeer(namespace, podLabels) : namespacePeer(namespace)]);
  }

  /** The internet over IPv4 and IPv6, without private networks. */
  static internet(): EgressTarget {
    return new EgressTarget(() => [...INTERNET]);
  }

  private constructor(
    /** Returns the peers of a rule. `name` is the name of the rule, for errors. */
    readonly peers: (scope: Construct, name: string) => Peer[],
  ) {}
}

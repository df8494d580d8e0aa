import { Labels } from "@cdktf/provider-kubernetes/lib/labels";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { anyText, checkProps, flag, object } from "../core/field";
import { parseProperty, rejection } from "../core/format-error";
import { claimObject } from "../core/kubernetes-claims";
import { parseLabelName, parseNewNamespace } from "../core/kubernetes-names";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { VAULT_CLIENT_LABEL } from "./labels";

/** Properties of `ClientNamespace`. */
export interface ClientNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
  /**
   * Labels an existing namespace, such as `default`, and changes nothing else in it.
   * @default false - the construct creates the namespace
   */
  readonly existing?: boolean;
}

const PROPS = object<ClientNamespaceProps>(() => ({ name: anyText, existing: flag.optional() }));

/**
 * Namespace of Vault clients: its pods with the client label can reach Vault, and its pods can have secrets injected. A
 * namespace that the construct creates admits only restricted pods.
 * @throws ValidationError for a name that is not a DNS label, and for a namespace of Kubernetes unless `existing` is
 * true
 */
export class ClientNamespace extends LibraryConstruct {
  /** Name of the namespace. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: ClientNamespaceProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { name, existing = false } = props;
    parseProperty(this, "name", name, parseLabelName);
    if (!existing && isLiteral(name) && rejection(parseNewNamespace, name)) {
      throw new ValidationError(
        this,
        `name must be that of a namespace to create, unless existing is true, got ${received(name)}`,
      );
    }
    if (!existing) claimObject(this, "Namespace", { name });
    this.name = name;
    const labels = { [VAULT_CLIENT_LABEL]: "true" };
    if (existing) {
      new Labels(this, "Label", {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name },
        labels,
        fieldManager: "vault-platform",
      });
    } else {
      new NamespaceV1(this, "Resource", {
        metadata: {
          name,
          labels: {
            ...labels,
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
        // Deleting the namespace would delete the pods of its services.
        lifecycle: { preventDestroy: true },
      });
    }
  }
}

import { Construct } from "constructs";
import { DependencyAspect } from "./dependency-aspect";

/**
 * Base class of the library's constructs. A stack that contains one turns `node.addDependency` into `depends_on`, for
 * all constructs of the stack. Extend it if your own construct may be in a stack without another construct of the
 * library.
 */
export abstract class LibraryConstruct extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    DependencyAspect.addTo(this);
  }
}

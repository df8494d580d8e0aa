/** Expression as it is written. `text` is its source, which is the symbol of a value that is not known. */
export type Expression = { readonly text: string } & (
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "template"; readonly parts: readonly TemplateNode[] }
  /** First name of a reference. */
  | { readonly kind: "root"; readonly name: string }
  /** Element that a splat visits. */
  | { readonly kind: "item" }
  | { readonly kind: "index"; readonly target: Expression; readonly key: Expression }
  | { readonly kind: "splat"; readonly target: Expression; readonly each: Expression }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      /** True if the last argument is a list of arguments. */
      readonly isExpanded: boolean;
    }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | ForExpression
);

/** `for` expression of a list or, if it has a key, of an object. */
export interface ForExpression {
  readonly kind: "for";
  readonly text: string;
  /** Names of the key, if there is one, and of the value. */
  readonly names: readonly string[];
  readonly collection: Expression;
  /** Key of an object. @default - the result is a list */
  readonly key?: Expression;
  readonly value: Expression;
  /** True if values with the same key form a list. */
  readonly isGrouped: boolean;
  /** Filter. @default - all elements */
  readonly condition?: Expression;
}

/** Part of a template. */
export type TemplateNode =
  | string
  | Expression
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly yes: readonly TemplateNode[];
      readonly no: readonly TemplateNode[];
    }
  | {
      readonly kind: "each";
      readonly names: readonly string[];
      readonly collection: Expression;
      readonly body: readonly TemplateNode[];
    };

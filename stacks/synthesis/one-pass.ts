import { App, TerraformStack, Tokenization } from "cdktf";

/**
 * Has the engine resolve every resource once. It does so twice, the first time only to find references from one stack
 * to another, which add an output to the one and a data source to the other. Layers of this platform know each other
 * by names. Should there be a reference nevertheless, the only pass comes upon it, and all is done anew in two.
 * @param work builds an app and synthesizes it
 */
export function inOnePass<T>(work: () => T): T {
  const { prepareStack } = TerraformStack.prototype;
  const { crossStackReference } = App.prototype;
  const { resolve } = Tokenization;
  const restore = () => {
    TerraformStack.prototype.prepareStack = prepareStack;
    App.prototype.crossStackReference = crossStackReference;
    Tokenization.resolve = resolve;
  };

  TerraformStack.prototype.prepareStack = function () {
    this.ensureBackendExists();
  };
  App.prototype.crossStackReference = () => {
    throw new ReferenceBetweenStacks();
  };
  Tokenization.resolve = (value, options) => resolve(value, { ...options, preparing: true });
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ReferenceBetweenStacks)) throw error;
    restore();
    return work();
  } finally {
    restore();
  }
}

class ReferenceBetweenStacks extends Error {}

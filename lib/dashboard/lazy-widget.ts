import { ConcreteWidget } from 'aws-cdk-lib/aws-cloudwatch';

/** A widget that is made when the template is: consumers may be added until then. */
export class LazyWidget extends ConcreteWidget {
  readonly #make: (size: { readonly width: number; readonly height: number }) => ConcreteWidget;

  constructor(
    width: number,
    height: number,
    make: (size: { readonly width: number; readonly height: number }) => ConcreteWidget,
  ) {
    super(width, height);
    this.#make = make;
  }

  override toJson(): unknown[] {
    const { width, height } = this;
    const widget = this.#make({ width, height });
    widget.position(this.x ?? 0, this.y ?? 0);
    return widget.toJson();
  }
}

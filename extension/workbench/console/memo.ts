import { Component, type ComponentType, createElement } from 'preact';

/** A component that is drawn again only when a prop is another one. Preact keeps its own in the compat package. */
export function memo<Props extends object>(inner: ComponentType<Props>): ComponentType<Props> {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const now: Readonly<Props> = this.props;
      const keys = Object.keys(next) as (keyof Props)[]; // the keys of an object of this type
      return keys.some((key) => next[key] !== now[key]);
    }
    override render() {
      return createElement(inner, this.props);
    }
  };
}

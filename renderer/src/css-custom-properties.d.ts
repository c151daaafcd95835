import 'react';

declare module 'react' {
  /** Custom properties in `style`: numbers and strings, written as they are. */
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}

import { Component } from 'preact';
import type { ComponentChildren } from 'preact';

import { text } from '../text/index.ts';
import { Button } from './task.tsx';

/** Catches what a screen throws. Answers are on the phone by then, so that loading anew loses nothing. */
export class Boundary extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  static override getDerivedStateFromError() {
    return { failed: true };
  }

  override state = { failed: false };

  override componentDidCatch(error: unknown): void {
    reportError(error);
  }

  render() {
    if (!this.state.failed) return this.props.children;
    return (
      <main id="main" class="page">
        <h1>{text('boundary.title')}</h1>
        <p>{text('boundary.body')}</p>
        <Button onPress={() => window.location.reload()}>{text('boundary.reload')}</Button>
      </main>
    );
  }
}

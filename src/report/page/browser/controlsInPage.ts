/// <reference lib="dom" />
import type { WhatIfState } from '../../../plan/dossier/whatIf.ts';

type Control = HTMLInputElement | HTMLSelectElement;

/** The sliders, fields and lists of a page. A control that stands at what was reported changes nothing. */
export class ControlsInPage {
  readonly form: HTMLFormElement;
  readonly #controls: readonly Control[];
  /** Where each stands for what was reported; a slider stands at its nearest step. */
  readonly #reported: ReadonlyMap<Control, string>;

  constructor(form: HTMLFormElement) {
    this.form = form;
    this.#controls = [...form.querySelectorAll<Control>('[data-control]')];
    form.reset();
    this.#reported = new Map(this.#controls.map((control) => [control, control.value]));
    for (const field of form.querySelectorAll<HTMLInputElement>('[data-field]')) {
      const slider = this.#named(field.dataset['field'] ?? '');
      field.addEventListener('input', () => {
        if (slider && field.value !== '' && field.validity.valid) slider.value = field.value;
      });
      slider?.addEventListener('input', () => {
        field.value = slider.value;
      });
    }
  }

  /** What the reader changed. */
  get state(): WhatIfState {
    const changed = this.#controls.flatMap((control) => {
      const name = control.dataset['control'] ?? '';
      if (control instanceof HTMLSelectElement) {
        if (control.value === '') return [];
        return [[name, name === 'layout' ? control.value : Number(control.value)]];
      }
      return control.value === this.#reported.get(control) ? [] : [[name, Number(control.value)]];
    });
    return Object.fromEntries(changed);
  }

  set state(state: WhatIfState) {
    this.form.reset();
    for (const [name, value] of Object.entries(state)) {
      const control = this.#named(name);
      if (control) control.value = String(value);
      const field = this.form.querySelector<HTMLInputElement>(`[data-field="${CSS.escape(name)}"]`);
      if (field && control) field.value = control.value;
    }
  }

  #named(name: string): Control | undefined {
    return this.#controls.find((control) => control.dataset['control'] === name);
  }
}

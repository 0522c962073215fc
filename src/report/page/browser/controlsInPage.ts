/// <reference lib="dom" />
import type { WhatIfState } from '../../../plan/dossier/whatIf.ts';

type Control = HTMLInputElement | HTMLSelectElement;

/** Digits of a number that a slider sets. */
const DIGITS = 3;

/** The fields, sliders and lists of a page. A control that stands at what was reported changes nothing. */
export class ControlsInPage {
  readonly form: HTMLFormElement;
  readonly #controls: readonly Control[];

  constructor(form: HTMLFormElement) {
    this.form = form;
    this.#controls = [...form.querySelectorAll<Control>('[data-control]')];
    form.reset();
    for (const slider of form.querySelectorAll<HTMLInputElement>('[data-slider]')) {
      const field = this.#named(slider.dataset['slider'] ?? '');
      slider.addEventListener('input', () => {
        if (field) field.value = String(Number(Number(slider.value).toPrecision(DIGITS)));
      });
      field?.addEventListener('input', () => {
        if (field.value !== '' && field.validity.valid) slider.value = field.value;
      });
    }
  }

  /** What the reader changed, as far as it is allowed. */
  get state(): WhatIfState {
    return Object.fromEntries(
      this.#controls.flatMap((control) => {
        const name = control.dataset['control'] ?? '';
        if (!this.#isChanged(control) || this.#isBad(control)) return [];
        return [[name, name === 'layout' ? control.value : Number(control.value) * Number(control.dataset['scale'] ?? 1)]];
      }),
    );
  }

  set state(state: WhatIfState) {
    this.form.reset();
    for (const [name, value] of Object.entries(state)) {
      const control = this.#named(name);
      if (!control) continue;
      control.value = typeof value === 'number' ? String(value / Number(control.dataset['scale'] ?? 1)) : String(value);
      const slider = this.form.querySelector<HTMLInputElement>(`[data-slider="${CSS.escape(name)}"]`);
      if (slider) slider.value = control.value;
    }
  }

  /** What is not allowed of that which the reader typed; null where all is. */
  get problem(): string | null {
    const bad = this.#controls.find((control) => this.#isChanged(control) && this.#isBad(control));
    if (!(bad instanceof HTMLInputElement)) return null;
    const whole = bad.step === '1' ? 'whole numbers from ' : '';
    return `${bad.labels?.[0]?.textContent ?? ''}: ${whole}${bad.min} to ${bad.max} are allowed`;
  }

  #isChanged(control: Control): boolean {
    return control instanceof HTMLSelectElement
      ? control.value !== ''
      : control.value !== control.defaultValue || control.validity.badInput;
  }

  #isBad(control: Control): boolean {
    return control instanceof HTMLInputElement && (control.value === '' || !control.validity.valid);
  }

  #named(name: string): Control | undefined {
    return this.#controls.find((control) => control.dataset['control'] === name);
  }
}

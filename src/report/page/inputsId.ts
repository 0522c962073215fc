/** The element that holds the inputs of a page. */
export const INPUTS_ID = 'kplan-inputs';

// The parts of Vega that kplan's charts use; the page's build puts them in the place of the whole.
import { transforms } from 'vega-dataflow';
import * as encode from 'vega-encode';
import * as data from 'vega-transforms';
import * as view from 'vega-view-transforms';

Object.assign(transforms, data, view, encode);

export { parse } from 'vega-parser';
export * from 'vega-util';
export { View } from 'vega-view';

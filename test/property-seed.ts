/** Property tests draw the same examples in every run, so that a red run can be repeated; `OOR_PROPERTY_SEED=random` looks further. */
import fc from 'fast-check';

const { OOR_PROPERTY_SEED: asked = '20261123' } = process.env;
if (asked !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked) });

/** Written by `npm run generate`; do not edit. */

export const toolVersion = '0.1.0'

/** The version in package.json, where a release sets it. */
export { version } from '../../../package.json';

/**
 * One thing that the commands need. Its state is read off the thing itself: an interrupted set-up, a deleted folder and a moved
 * project repair themselves.
 * @typedef {object} Part
 * @property {string} name what the user reads
 * @property {readonly Part[]} needs parts that must be ready before this one can be installed
 * @property {{ readonly download: number, readonly disk: number }} [takes] megabytes, where they are worth a word
 * @property {() => boolean} ready takes milliseconds and no network
 * @property {() => unknown} install leaves the part ready or as it was; failures are SetupErrors
 */

module.exports = {};

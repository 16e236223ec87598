/** The entry of every command, in syntax that an old Node reads, to say which one is needed. */
const version = process.versions.node.split('.').map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error(`Node 20.19 or newer is needed, this is ${process.versions.node}`);
  process.exitCode = 1;
} else {
  require('./launch').launch(process.argv.slice(2));
}

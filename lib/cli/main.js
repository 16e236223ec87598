/** The entry of every command: syntax that an old Node still reads, so that it can say what it lacks. */
const version = process.versions.node.split('.').map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error(`Node 20.19 or newer is needed, this is ${process.versions.node}`);
  process.exitCode = 1;
} else {
  require('./launch').launch(process.argv.slice(2));
}

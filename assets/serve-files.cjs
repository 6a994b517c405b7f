'use strict';
// Runs one test file after the other for whoever started this process. An order is a line of JSON on descriptor 3; the answer has what its run
// told, and what the file has left behind that another one might notice.

const { Socket } = require('node:net');
const { createInterface } = require('node:readline');
const { differences, stateOf } = require('./leaks.cjs');

/** `preparing` comes to a function that runs the file of an order; what it is rejected with is why none can be run here. */
exports.serveFiles = (preparing) => {
  preparing.catch(() => undefined); // Each order tells it.
  const channel = new Socket({ fd: 3 });
  const answer = (told) => channel.write(`${JSON.stringify(told)}\n`);

  createInterface({ input: channel }).on('line', async (line) => {
    let run;
    try {
      run = await preparing;
    } catch (error) {
      return answer({ cannot: error.message });
    }
    const order = JSON.parse(line);
    Object.assign(process.env, order.env);
    const names = Object.keys(order.env);
    const before = stateOf(names);
    const told = await run(order);
    setImmediate(() => answer({ ...told, left: differences(before, stateOf(names)) })); // What ends with the file has ended.
  });
  channel.on('end', () => process.exit(0));
};

// Runs the suites of the current folder from a program, and prints what failed: node program.mjs [suite …]
import { EXIT, openProject, RunnerError } from 'holdfast';

/** @param {readonly string[]} suites */
async function main(suites) {
  const project = await openProject({ env: process.env });
  try {
    const runs = await project.start({ suites });
    for (const run of runs) {
      const { totals, files } = await project.report(run);
      console.log(`${run.suite}: ${totals.passed} of ${totals.planned} files passed`);
      for (const { path, verdict } of files) if (verdict === 'failed') console.log(`failed: ${path}`);
      if (totals.passed < totals.planned) process.exitCode = EXIT.testsFailed;
    }
  } finally {
    await project.close();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof RunnerError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}

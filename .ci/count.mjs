// Adds up what the suites report and prints the closing line of `.ci/run`.
// node .ci/count.mjs FAILED-STEPS REPORT…: each report is vitest's JSON or `{ "passed": N, "failed": N }`; one that is missing is a failure.
import { readFileSync } from 'node:fs';

const [failedSteps, ...files] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of files) {
  const report = read(file);
  passed += report.passed;
  failed += report.failed;
}
// A suite whose tests failed has failed as a step, too: it is counted by its tests.
const total = Math.max(failed, Number(failedSteps));
console.log(`${passed} passed, ${total} failed`);
process.exitCode = total > 0 || passed === 0 ? 1 : 0;

function read(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: report.numPassedTests ?? report.passed,
      failed: report.numFailedTests === undefined ? report.failed : suiteFailures(report),
    };
  } catch {
    console.log(`no report of a suite: ${file}`);
    return { passed: 0, failed: 1 };
  }
}

/** A file that cannot even be loaded has no failed test; one that was skipped was not run, which nothing here may be. */
function suiteFailures(report) {
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  return report.numFailedTests + unloaded + report.numPendingTests + report.numTodoTests;
}
